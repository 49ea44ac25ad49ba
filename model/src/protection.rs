//! The state of protection: what the screen says, and nothing kinder.

use serde::{Deserialize, Serialize};

use crate::Wall;

/// Whether the law holds now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "protection", rename_all = "kebab-case")]
pub enum Protection {
    /// Every change waits until the present state has a copy.
    Protected,
    /// The law holds but for these exceptions.
    ProtectedBut {
        /// What is not covered, the most telling first.
        exceptions: Vec<Exception>,
    },
    /// Nothing holds changes.
    NotProtected {
        /// Since when; the last moment at which the law was known to hold.
        since: Wall,
        /// Why.
        cause: Cause,
    },
}

/// Something that the law does not cover at present.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Exception {
    /// A known program went on although this file's state had no copy.
    StateWithoutCopy {
        /// The file's path, lossy where it is not UTF-8.
        path: String,
    },
    /// A file that could not be read or linked.
    Unreadable {
        /// The file's path, lossy where it is not UTF-8.
        path: String,
    },
    /// First copies are not done; until then a truncation by path is not held on this kernel.
    TruncateUnheld,
    /// A truncation by path between a file's close and its lease is not held on this kernel (before Linux 6.14):
    /// the state of that close may be lost.
    TruncateAtClose,
    /// A writer had the file open, or mapped, before protection began.
    OpenBefore {
        /// The file's path, lossy where it is not UTF-8.
        path: String,
    },
    /// The journal cannot be written.
    JournalSilent,
    /// The witness does not answer.
    WitnessSilent,
    /// A folder could not be watched whole.
    FolderUnwatched {
        /// The folder's path, lossy where it is not UTF-8.
        path: String,
    },
    /// The disk or the budget has no room for further copies.
    NoRoom,
}

/// Why nothing is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// It was never started.
    NotStarted,
    /// It is starting: links are being made.
    Starting,
    /// It was stopped by a person.
    Stopped,
    /// The guard ended or hung; the witness answers.
    GuardGone,
    /// Rights are missing (root, or a capability).
    NoRights,
    /// The system offers no hold.
    Unsupported,
    /// The self-test of the witness failed, so nothing was marked.
    SelfTestFailed,
}
