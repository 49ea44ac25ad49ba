//! A device's way to its hub: asks the guard how things stand, keeps it in the outbox, sends it over mutual TLS.
//! Hands what the hub asks to the guard. Never decides, never listens on a network, keeps no file's name: one passes through it in
//! the guard's answer to a person, and is in none of its files.

mod asked;
mod enrol;
mod feed;
mod folder;
mod leave;
mod link;
mod orders;
mod papers;
mod pin;
mod run;
mod seen;
mod send;
mod verdicts;

pub use enrol::{EnrolError, Joined, enrol};
pub use folder::{FolderError, is_enrolled};
pub use run::{CourierError, Options, run};
