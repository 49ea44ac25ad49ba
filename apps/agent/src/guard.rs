//! The guard: one loop that is fed by the kernel, asks the law, and does what it says.

mod actions;
mod committer;
mod copier;
mod held;
mod keeper;
mod large;
mod names;
mod news;
mod pacing;
mod reserve;
mod scan;
mod scanned;
mod space;
mod start;

mod status;
mod tree;
mod witnessed;

mod run;

pub(crate) use committer::{Forgetting, NotForgotten, Work};
pub(crate) use keeper::{Fact, Keeper};
pub(crate) use pacing::Unjudged;
pub(crate) use run::Inbox;
pub use run::{Handed, Inside, run};
pub use status::{Board, HubTold, Status};
