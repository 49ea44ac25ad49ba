//! The store of versions: contents as plain files named by their digest, or as parts of such
//! files, and an index in SQLite.
//! It never decides what to keep or drop, reads no clock, opens no protected file by itself,
//! and takes nothing for whole that was not synced.

mod base;
mod batch;
mod changed;
mod check;
mod content;
mod contents;
mod copy;
mod entry;
mod error;
mod few;
mod find;
mod fold;
mod folders;
mod forget;
mod history;
mod index;
mod layout;
mod listing;
mod meta;
mod nodes;
mod objects;
mod paths;
mod pieces;
mod prune;
mod reader;
mod recipe;
mod repack;
mod restore;
mod rights;
mod sys;
mod touched;
mod tree;
mod vault;

pub use base::Base;
pub use check::Report;
pub use content::Content;
pub use copy::{content_at, content_of};
pub use entry::{Entry, Fingerprint, KnownName, KnownNode, KnownRoot, Usage};
pub use error::VaultError;
pub use find::{Finds, Seen};
pub use folders::KnownFolder;
pub use forget::{ForgetPlan, StillHeld, Traces};
pub use history::{Past, Presence, Stored};
pub use listing::{Listing, SeenFolder};
pub use meta::{NotSet, apply_metadata, read_metadata};
pub use nodes::{InFolder, NodeFacts};
pub use objects::{Objects, Pending};
pub use paths::Found;
pub use prune::{MIN_AGE, PrunePlan};
pub use reader::Reader;
pub use restore::{JOURNALS, Outcome, Plan, Problem, Step, Trouble, User, Why};
pub use touched::Touched;
pub use tree::{TreeItem, TreeNode};
pub use vault::Vault;

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;
