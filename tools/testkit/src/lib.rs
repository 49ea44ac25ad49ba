//! What tests of the guard stand on: loop images, practice folders, snapshots, arenas and a cage for simulators.
//!
//! **Never**: touches a file system that it did not make, leaves something behind that `leftovers::clean` does
//! not find, or runs a simulator as root.

mod bus;
mod chromium;
mod guarded;
mod hub;
pub mod leftovers;
mod loopfs;
mod network;
mod noise;
mod person;
mod tree;
mod tries;

use hygie_cage as cage;

pub use bus::Bus;
pub use chromium::Chromium;
pub use guarded::{Guarded, Part, Said, alone};
pub use hub::hub_user;
pub use hygie_cage::{
    Arena, Difference, Entry, Fill, Kind, Outcome, Running, Sight, Simulator, Snapshot,
};
pub use loopfs::{Fs, LoopFs};
pub use network::Network;
pub use noise::Noise;
pub use person::{Job, Person, Work};
pub use tree::SealedTree;
pub use tries::{Through, taken_over, tried};

/// Why a test that needs root cannot run here, or `None` when it can. A test prints it and returns.
pub fn not_root() -> Option<&'static str> {
    let root = rustix::process::geteuid().is_root();
    (!root)
        .then_some("skipped: needs root (loop images, mounts, other users); run the tests as root")
}
