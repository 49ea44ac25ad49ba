//! Where simulated attackers may rage: a folder made for it, a cage around them, a comparison of before and after.
//! Drills and tests stand on it (CONTRACTS.md, safety 3).
//!
//! **Never**: runs a simulator as root, hands it a path to act on, or leaves something behind that is not in the
//! register.

#![cfg(target_os = "linux")]

mod arena;
mod cage;
mod error;
pub mod register;
mod running;
mod simulator;
mod snapshot;

pub use arena::{Arena, Fill};
pub use cage::Cage;
pub use error::CageError;
pub use running::{Outcome, Running};
pub use simulator::{Leash, Sight, Simulator};
pub use snapshot::{Difference, Entry, Kind, Snapshot};
