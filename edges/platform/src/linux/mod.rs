//! Linux: fanotify holds, read leases, file handles, keep links.

pub mod born;
pub mod confine;
pub mod fanotify;
pub mod forks;
pub mod halt;
pub mod handle;
pub mod keep;
pub mod kin;
pub mod lease;
pub mod mounts;
pub mod nursery;
pub mod peer;
pub mod probe;
pub mod process;
pub mod pulse;
pub mod secrets;
pub mod service;
pub mod usage;
pub mod users;
pub mod wake;
pub mod walls;
