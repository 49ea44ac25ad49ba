//! The guard: one loop that is fed by the kernel, asks the law, and does what it says.

mod actions;
mod committer;
mod copier;
mod held;
mod names;
mod scan;
mod scanned;
mod space;

mod status;
mod tree;

mod run;

pub use run::{Handed, run};
pub use status::{Board, Status};
