//! What a batch tells the index.

use std::path::PathBuf;

use hygie_model::{DirId, FileId, Metadata, NodeKind, VersionName, Wall};

use crate::Pending;

/// The stat under which a file's newest version is its present state: while it still reads so,
/// nothing needs to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Length in bytes.
    pub size: u64,
    /// Last change of the content, nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Last change of the inode, nanoseconds since 1970.
    pub ctime_ns: i64,
}

/// One fact of a batch. A node comes before what names it; all may be told again.
#[derive(Debug)]
pub enum Entry {
    /// A protected folder, or where it stands now.
    Root {
        /// The folder.
        dir: DirId,
        /// Its file system.
        fs: i64,
        /// Where it stands: absolute, without symbolic links.
        path: PathBuf,
        /// Since when.
        at: Wall,
    },
    /// A file, folder or symbolic link; one that was gone is back.
    Node {
        /// Its number, from [`crate::Vault::next_node`].
        id: i64,
        /// What it is.
        kind: NodeKind,
        /// Its file system.
        fs: i64,
        /// The kernel's handle; opaque.
        handle: Vec<u8>,
    },
    /// From `at` on this name leads to `child`, and to nothing else; a child that was gone is back.
    NameBorn {
        /// The folder.
        parent: DirId,
        /// The name in it.
        name: Vec<u8>,
        /// What it leads to.
        child: i64,
        /// Since when.
        at: Wall,
    },
    /// From `at` on this name leads to nothing.
    NameGone {
        /// The folder.
        parent: DirId,
        /// The name in it.
        name: Vec<u8>,
        /// Since when.
        at: Wall,
    },
    /// A state of a file or symbolic link.
    Version {
        /// Whose state.
        file: FileId,
        /// The copy.
        content: Pending,
        /// When the file began to hold it (ctime).
        since: Wall,
        /// Owner, mode, times, attributes of that state.
        meta: Metadata,
        /// The file's stat at the copy.
        fingerprint: Fingerprint,
    },
    /// The file's owner, mode, times or attributes changed and its content did not: a state with
    /// the content of its newest version. Nothing where there is none yet.
    Attributes {
        /// Whose state.
        file: FileId,
        /// Since when (ctime).
        since: Wall,
        /// Owner, mode, times, attributes of that state.
        meta: Metadata,
        /// The file's stat.
        fingerprint: Fingerprint,
    },
    /// How a folder looks from `at` on.
    Meta {
        /// The folder.
        dir: DirId,
        /// Since when.
        at: Wall,
        /// Owner, mode, times, attributes.
        meta: Metadata,
    },
    /// Whether the file's newest version is still its present state.
    Fingerprint {
        /// The file.
        file: FileId,
        /// The stat under which it is; `None`: not known.
        fingerprint: Option<Fingerprint>,
    },
    /// A node that lost its last name or left the protected folders.
    NodeGone {
        /// The node.
        id: i64,
        /// Since when.
        at: Wall,
    },
}

/// A node as the index knows it at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownNode {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: NodeKind,
    /// Its file system.
    pub fs: i64,
    /// The kernel's handle; opaque.
    pub handle: Vec<u8>,
    /// The stat under which the newest version is the present state.
    pub fingerprint: Option<Fingerprint>,
    /// The newest version, where its content is kept.
    pub newest: Option<VersionName>,
}

/// A name that leads to something now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownName {
    /// The folder.
    pub parent: DirId,
    /// The name in it.
    pub name: Vec<u8>,
    /// What it leads to.
    pub child: i64,
}

/// A protected folder as the index knows it at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRoot {
    /// The folder.
    pub dir: DirId,
    /// Its file system.
    pub fs: i64,
    /// Where it stands.
    pub path: PathBuf,
    /// Since when.
    pub born: Wall,
}

/// What the store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Contents kept.
    pub objects: u64,
    /// Their bytes, holes not counted: what the budget bounds.
    pub bytes: u64,
}
