//! What can go wrong, as data; the sentence for a person is made elsewhere.

use std::{io, path::PathBuf};

use crate::{Broken, Month, NotARecord};

/// Why the journal could not be opened, written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another writer has the journal open.
    #[error("another program has the journal {} open for writing", dir.display())]
    Locked {
        /// The journal's folder.
        dir: PathBuf,
    },
    /// The chain does not hold.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// What was asked is not done, and nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said; a full disk is [`io::ErrorKind::StorageFull`].
        source: io::Error,
    },
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The kind is one that the journal writes itself.
    #[error("the kind {kind} is kept for the journal's own records")]
    ReservedKind {
        /// The kind.
        kind: String,
    },
    /// The entry does not make a line that would read back.
    #[error(transparent)]
    Entry(#[from] NotARecord),
    /// A case holds a segment that was to be dropped.
    #[error("the case {case} holds the journal from {from} on")]
    Held {
        /// The case.
        case: String,
        /// The oldest month it holds.
        from: Month,
    },
    /// Segments that are not twelve months old yet were to be dropped.
    #[error("only months before {droppable} may be dropped")]
    TooYoung {
        /// Months before this one may go.
        droppable: Month,
    },
}

impl Error {
    /// Names the file of an error of the file system.
    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::Io { path, source }
    }
}
