//! What can go wrong with the two files.

use std::path::{Path, PathBuf};

/// Why something could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ActsError {
    /// SQLite refused.
    #[error("{doing} in {} failed: {source}; look at the disk", path.display())]
    Db {
        /// What was under way.
        doing: &'static str,
        /// In which file.
        path: PathBuf,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// What stands there cannot have been written by this program.
    #[error("{} holds something that this version cannot read; update Hygie", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{} cannot be opened: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl ActsError {
    pub(crate) fn db(doing: &'static str, path: &Path) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Db {
            doing,
            path: path.clone(),
            source,
        }
    }
}
