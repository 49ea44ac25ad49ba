//! Files and folders as the index knows them, apart from the names they carry.

use serde::{Deserialize, Serialize};

/// A file of a protected folder, for as long as the index knows it; hard links share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub i64);

/// A folder below a protected folder, or the protected folder itself.
/// Files and folders draw their numbers from one sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DirId(pub i64);

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// A regular file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link; its content is its target.
    Symlink,
}

/// What a restore gives back beside the content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Permission bits with set-uid, set-gid and sticky (`mode & 0o7777`).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Last change of the content as the file tells it, nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Last access, nanoseconds since 1970.
    pub atime_ns: i64,
    /// Extended attributes, ACLs among them (`system.posix_acl_*`), sorted by name.
    pub xattrs: Vec<(Vec<u8>, Vec<u8>)>,
}
