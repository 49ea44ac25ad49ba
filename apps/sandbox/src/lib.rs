//! The sandbox: whatever parses what strangers wrote does so here. One process for one request, shut in by the kernel before it
//! reads a byte of it (no file, no network, no further process, bounded memory and time), and gone after its answer.
//!
//! A further kind of work is a variant of [`Work`] and one file with its [`Job`].

#![cfg(target_os = "linux")]

mod ask;
mod job;
mod keeper;
pub mod message;
mod nursery;
pub mod preview;
mod worker;

pub use ask::{NoAnswer, Sandbox};
pub use job::{Job, Part, Work};
pub use keeper::{KeeperError, KeeperOptions, keep};
pub use nursery::Nursery;
pub use worker::{BOUNDS, NURSE_VERB, WORK_VERB, nurse, work};

/// The sandbox runs as this user, and nothing else does.
pub const SANDBOX_USER: &str = "hygie-sandbox";
