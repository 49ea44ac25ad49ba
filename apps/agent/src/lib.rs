//! The agent of one device: joins the law to the kernel, the store and the screen.
//! No rule of the trade lives here: what may pass is decided by `hygie-guard`.

pub mod config;
pub mod intake;
pub mod journal_words;
pub mod portable;
pub mod state_dir;

#[cfg(target_os = "linux")]
pub mod door;
#[cfg(target_os = "linux")]
pub mod guard;
#[cfg(target_os = "linux")]
mod hub_word;
#[cfg(target_os = "linux")]
pub mod incidents;
#[cfg(target_os = "linux")]
mod judge;
#[cfg(target_os = "linux")]
pub mod keys;
pub mod orders;
#[cfg(target_os = "linux")]
pub mod self_test;
#[cfg(target_os = "linux")]
mod standing;
#[cfg(target_os = "linux")]
pub mod supervise;
#[cfg(target_os = "linux")]
mod undo;
#[cfg(target_os = "linux")]
pub mod witness;

pub use state_dir::StateDir;
