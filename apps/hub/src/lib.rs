//! The console: where people look, and where devices report.
//! Never opens a patient's file, never believes itself: what weakens protection is decided by the guard.

pub mod authority;
mod core;
mod devices;
mod pages;
mod serve;
mod web;

pub use core::root::{Recovery, recovery};
pub use serve::{HubError, Options, Serving, run};
