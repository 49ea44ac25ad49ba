//! The store of versions: contents as plain files named by their digest, an index in SQLite.
//! It never decides what to keep or drop, reads no clock, opens no protected file by itself,
//! and takes nothing for whole that was not synced.

mod batch;
mod check;
mod copy;
mod entry;
mod error;
mod folders;
mod forget;
mod history;
mod index;
mod layout;
mod meta;
mod objects;
mod paths;
mod prune;
mod reader;
mod restore;
mod rights;
mod sys;
mod tree;
mod vault;

pub use check::Report;
pub use entry::{Entry, Fingerprint, KnownName, KnownNode, KnownRoot, Usage};
pub use error::VaultError;
pub use folders::KnownFolder;
pub use forget::{ForgetPlan, StillHeld, Traces};
pub use history::{Past, Presence, Stored};
pub use meta::{NotSet, apply_metadata, read_metadata};
pub use objects::{Objects, Pending};
pub use paths::Found;
pub use prune::{MIN_AGE, PrunePlan};
pub use reader::Reader;
pub use restore::{JOURNALS, Outcome, Plan, Problem, Step, Trouble, User, Why};
pub use tree::{TreeItem, TreeNode};
pub use vault::Vault;

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
