//! Who did what to which file, and what became of those who harmed: two files of SQLite.
//! Never decides who is harmful, opens a protected file, reads a clock, or holds up whoever tells it something.
//!
//! `acts.db` is a log that forgets its oldest; `incidents.db` is small and is kept. The log tells for each act the file by
//! its number in the index of versions, so that undoing asks that index for the states before and after.

mod act;
mod error;
mod incident;
mod log;
mod recorder;
mod store;
#[cfg(test)]
mod tests;

pub use act::{Act, BootId, Deed, Left, Logged, Place, Process, Who};
pub use error::ActsError;
pub use incident::{
    Allowed, AllowedId, Class, Counts, Doing, Fate, Incident, Member, Opening, Reason, State,
};
pub use log::{Bounds, Log, Reader, Trimmed};
pub use recorder::Recorder;
pub use store::{Begun, CommandId, Store, StoredStep};
