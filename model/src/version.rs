//! A version: a copy of one state of one file, kept on the machine.

use std::fmt;

use crate::{ContentHash, FileId, Metadata, Wall};

/// The name of a version: the content's digest and a sequence number (CONTRACTS.md, Versions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionName {
    /// Digest of the content.
    pub content: ContentHash,
    /// Grows by one with each version of the store.
    pub seq: i64,
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.content, self.seq)
    }
}

/// One kept state of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name.
    pub name: VersionName,
    /// Whose state it is.
    pub file: FileId,
    /// Length of the content in bytes.
    pub len: u64,
    /// When the file began to hold this state: the inode change time (ctime) seen at the copy.
    pub since: Wall,
    /// When the copy was safe on disk.
    pub kept_at: Wall,
    /// Owner, mode, times and extended attributes of that state.
    pub meta: Metadata,
}
