//! Gives files back as they were: first a plan that can be shown, then the act.

mod plan;
mod run;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;

pub use plan::JOURNALS;

use std::{io, panic::resume_unwind, path::PathBuf, thread};

use hygie_model::{Metadata, Version};

use crate::{NotSet, sys};

/// What a restore will do, in order. It never removes what exists now but did not exist then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The folder beneath which everything is written; all paths of the steps start there.
    pub into: PathBuf,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step of a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Makes a folder where there is none; one that is there stays as it is.
    Folder {
        /// Where.
        path: PathBuf,
        /// How it looked; `None`: like the folder that it lies in.
        meta: Option<Metadata>,
    },
    /// Writes a file, over one of the same name.
    File {
        /// Where.
        path: PathBuf,
        /// Its state.
        version: Version,
    },
    /// Makes a symbolic link, over a file of the same name.
    Symlink {
        /// Where.
        path: PathBuf,
        /// Its state; the content is the target.
        version: Version,
    },
    /// Gives a file that an earlier step wrote one more name.
    Link {
        /// Where.
        path: PathBuf,
        /// The name of the earlier step.
        to: PathBuf,
    },
    /// Renames what stands in the way: a journal that did not exist then and would spoil its
    /// database, or something that is no file where a file goes, or no folder where a folder goes.
    Aside {
        /// Where it is.
        path: PathBuf,
        /// What it will be called.
        aside: PathBuf,
    },
    /// A file that existed then and cannot be given back.
    Missing {
        /// Where it would go.
        path: PathBuf,
        /// Why not.
        why: Why,
    },
}

/// Why a file cannot be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No version of it was ever kept.
    NeverKept,
    /// The version of that time was dropped.
    Dropped,
    /// The store should have its content and does not.
    Lost,
}

impl Plan {
    /// Bytes that will be written, holes counted.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.steps.iter().map(Step::bytes).sum()
    }
}

impl Step {
    /// Bytes that this step writes, holes counted.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match self {
            Self::File { version, .. } => version.len,
            Self::Folder { .. }
            | Self::Symlink { .. }
            | Self::Link { .. }
            | Self::Aside { .. }
            | Self::Missing { .. } => 0,
        }
    }
}

/// With whose rights a restore writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user.
    pub uid: u32,
    /// The user's group.
    pub gid: u32,
    /// The user's further groups.
    pub groups: Vec<u32>,
}

impl User {
    /// Does `work` in a thread that has no more rights than this user; the caller keeps his.
    ///
    /// # Errors
    /// When the caller may not act as this user; nothing was done then.
    pub fn act<T: Send>(&self, work: impl FnOnce() -> T + Send) -> io::Result<T> {
        thread::scope(|scope| {
            let acting = scope.spawn(|| sys::become_user(self).map(|()| work()));
            acting.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

/// What a restore did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Files written, further names not counted.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Folders made.
    pub folders: u64,
    /// Symbolic links made.
    pub symlinks: u64,
    /// Further names of files.
    pub links: u64,
    /// What was renamed, and what it is called now.
    pub aside: Vec<(PathBuf, PathBuf)>,
    /// What existed then and could not be given back.
    pub missing: Vec<(PathBuf, Why)>,
    /// What went wrong; the last one is [`Trouble::NoSpace`] when the restore stopped for it.
    pub problems: Vec<Problem>,
}

/// Something that went wrong with one path.
#[derive(Debug)]
pub struct Problem {
    /// The path, from the plan's folder.
    pub path: PathBuf,
    /// What.
    pub what: Trouble,
}

/// What can go wrong with one path.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The disk is full; the restore stopped here.
    #[error("no room left; free space and restore again")]
    NoSpace,
    /// The content went out of the store since the plan was made.
    #[error("its content is no longer in the store; plan again")]
    Gone,
    /// What the store has under this name is something else; nothing was written.
    #[error("its copy is damaged; choose another version and run a check of the store")]
    Damaged,
    /// The content is back, a part of the metadata is not.
    #[error("{0:?} could not be set; restore with the rights of an administrator")]
    NotSet(NotSet),
    /// The system refused.
    #[error("{0}; look at the folder that it goes to")]
    System(#[from] io::Error),
}

impl Outcome {
    /// Whether everything came back.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.problems.is_empty()
    }
}
