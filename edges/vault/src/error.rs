//! What can go wrong with the store: what happened, then what to do.

use std::{
    io,
    path::{Path, PathBuf},
};

use hygie_model::{FileId, VersionName};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A second writer was started.
    #[error("another program is writing to the store {}; stop it, or read only", dir.display())]
    Busy {
        /// The store.
        dir: PathBuf,
    },
    /// There is no store in this folder.
    #[error("there is no store in {}; protect a folder first, or name another store", dir.display())]
    Absent {
        /// The folder looked at.
        dir: PathBuf,
    },
    /// The disk or the quota is full; nothing of the request was kept.
    #[error("no room left while {doing}; free space on the disk of the store, or prune versions")]
    NoSpace {
        /// What was under way.
        doing: &'static str,
    },
    /// The index cannot be read.
    #[error("the index {} is damaged; keep a copy of the store's folder and run a check", path.display())]
    IndexDamaged {
        /// The index file.
        path: PathBuf,
    },
    /// The index was written by a later program.
    #[error("the index has format {found}, this program knows {known}; update Hygie")]
    TooNew {
        /// Format of the index.
        found: i64,
        /// Newest format that this program reads.
        known: i64,
    },
    /// A batch names something that the index does not know.
    #[error("the batch names a file or folder that the index does not know; send its node first")]
    UnknownNode,
    /// What a copy was built on went out of the store before the copy came in.
    #[error("the version that a copy was built on is gone; copy the file whole")]
    BaseGone {
        /// The file whose copy it was.
        file: FileId,
    },
    /// The path was never under a protected folder, or not then.
    #[error("{} was not known at that time; choose another time, or look at its versions", path.display())]
    UnknownPath {
        /// The path asked for.
        path: PathBuf,
    },
    /// No version has this name.
    #[error("there is no version {name}; look at the versions of its file")]
    UnknownVersion {
        /// The name asked for.
        name: VersionName,
    },
    /// The folder in which a restore would write is not there, or a link stands in its place.
    #[error("{} is no folder that can be entered without following links; choose another target", path.display())]
    Target {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{doing} {} failed: {source}; look at the disk and the rights of the program", path.display())]
    Io {
        /// What was under way.
        doing: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// SQLite refused.
    #[error("{doing} failed in the index: {source}; run a check of the store")]
    Index {
        /// What was under way.
        doing: &'static str,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
}

impl VaultError {
    /// Names an error of the system; a full disk or quota becomes [`VaultError::NoSpace`].
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| {
            if crate::sys::says_full(&source) {
                return Self::NoSpace { doing };
            }
            Self::Io {
                doing,
                path,
                source,
            }
        }
    }

    /// Names an error of SQLite on the index at `path`.
    pub(crate) fn index(
        doing: &'static str,
        path: &Path,
    ) -> impl Fn(rusqlite::Error) -> Self + use<> {
        use rusqlite::ErrorCode::{
            ConstraintViolation, DatabaseCorrupt, DiskFull, NotADatabase, SystemIoFailure,
        };
        let path = path.to_path_buf();
        move |source| match source.sqlite_error_code() {
            Some(DiskFull) => Self::NoSpace { doing },
            Some(DatabaseCorrupt | NotADatabase) => Self::IndexDamaged { path: path.clone() },
            Some(ConstraintViolation) => Self::UnknownNode,
            Some(SystemIoFailure) if crate::sys::is_full(&path) => Self::NoSpace { doing },
            _ => Self::Index { doing, source },
        }
    }

    /// Whether the disk or the quota is full.
    #[must_use]
    pub fn is_no_space(&self) -> bool {
        matches!(self, Self::NoSpace { .. })
    }
}
