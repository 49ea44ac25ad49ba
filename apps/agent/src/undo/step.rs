//! The steps of an undo, as they are kept on disk.

use hygie_acts::Place;
use hygie_model::{Metadata, NodeKind};
use serde::{Deserialize, Serialize};

/// Owner, mode, times, attributes, in the form of a kept plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Look {
    mode: u32,
    uid: u32,
    gid: u32,
    mtime_ns: i64,
    atime_ns: i64,
    xattrs: Vec<(Vec<u8>, Vec<u8>)>,
}

impl From<Metadata> for Look {
    fn from(meta: Metadata) -> Self {
        Self {
            mode: meta.mode,
            uid: meta.uid,
            gid: meta.gid,
            mtime_ns: meta.mtime_ns,
            atime_ns: meta.atime_ns,
            xattrs: meta.xattrs,
        }
    }
}

impl From<Look> for Metadata {
    fn from(look: Look) -> Self {
        Self {
            mode: look.mode,
            uid: look.uid,
            gid: look.gid,
            mtime_ns: look.mtime_ns,
            atime_ns: look.atime_ns,
            xattrs: look.xattrs,
        }
    }
}

/// Which times a file gets with its other attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Times {
    /// Those of before.
    Before,
    /// Its present ones: an honest program wrote since.
    Present,
}

/// Whose name a thing gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Naming {
    /// The one that it had.
    #[default]
    Own,
    /// A second one: another thing had that one first.
    Second,
}

/// One step. A node is a number of the index; places are folders by number, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(crate) enum Step {
    /// What the family made or spoilt leaves this name for the quarantine.
    Quarantine {
        /// What.
        node: i64,
        /// Its name.
        at: Place,
    },
    /// What an honest program changed later goes to a second name.
    Beside {
        /// What.
        node: i64,
        /// Its name.
        at: Place,
        /// The second name.
        to: Place,
    },
    /// Back to its former name.
    Move {
        /// What.
        node: i64,
        /// File or folder.
        kind: NodeKind,
        /// Its name.
        from: Place,
        /// Its former name.
        to: Place,
        /// Whether that is its own.
        #[serde(default)]
        naming: Naming,
    },
    /// A folder that is gone.
    MakeFolder {
        /// Its number.
        node: i64,
        /// Its name.
        at: Place,
        /// How it looked.
        look: Option<Look>,
        /// Whether that is its own.
        #[serde(default)]
        naming: Naming,
    },
    /// A file or symbolic link out of the vault.
    Put {
        /// Its number.
        node: i64,
        /// File or symbolic link.
        kind: NodeKind,
        /// Its name.
        at: Place,
        /// The version.
        version: i64,
        /// How it shall look.
        look: Look,
        /// Whether that is its own.
        #[serde(default)]
        naming: Naming,
    },
    /// A further name of a file that is there, or that an earlier step put.
    Link {
        /// The file.
        node: i64,
        /// The name.
        at: Place,
        /// Whether that is its own.
        #[serde(default)]
        naming: Naming,
    },
    /// Attributes of before.
    Attributes {
        /// What.
        node: i64,
        /// How it looked.
        look: Look,
        /// Which times.
        times: Times,
    },
    /// A folder that the family made goes when nothing is in it.
    RemoveFolder {
        /// Its number.
        node: i64,
        /// Its name.
        at: Place,
    },
    /// A state that cannot be given back.
    Missing {
        /// The file.
        node: i64,
        /// Its name.
        at: Option<Place>,
    },
}

impl Step {
    /// What it is about.
    pub(crate) fn node(&self) -> i64 {
        match self {
            Self::Quarantine { node, .. }
            | Self::Beside { node, .. }
            | Self::Move { node, .. }
            | Self::MakeFolder { node, .. }
            | Self::Put { node, .. }
            | Self::Link { node, .. }
            | Self::Attributes { node, .. }
            | Self::RemoveFolder { node, .. }
            | Self::Missing { node, .. } => *node,
        }
    }

    /// Where it leaves something, or finds it.
    pub(crate) fn place(&self) -> Option<&Place> {
        match self {
            Self::Quarantine { at, .. }
            | Self::MakeFolder { at, .. }
            | Self::Put { at, .. }
            | Self::Link { at, .. }
            | Self::RemoveFolder { at, .. } => Some(at),
            Self::Beside { to, .. } | Self::Move { to, .. } => Some(to),
            Self::Missing { at, .. } => at.as_ref(),
            Self::Attributes { .. } => None,
        }
    }

    /// Whose name it gives.
    pub(crate) fn naming(&self) -> Naming {
        match self {
            Self::Move { naming, .. }
            | Self::MakeFolder { naming, .. }
            | Self::Put { naming, .. }
            | Self::Link { naming, .. } => *naming,
            Self::Quarantine { .. }
            | Self::Beside { .. }
            | Self::Attributes { .. }
            | Self::RemoveFolder { .. }
            | Self::Missing { .. } => Naming::Own,
        }
    }
}

impl Step {
    /// Whether what comes back gets another name than its own; what comes beside (below zero) has none of its own.
    pub(crate) fn comes_second(&self) -> bool {
        self.naming() == Naming::Second && self.node() > 0
    }
}

/// How a step went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// Where it stands.
    pub(crate) done: Done,
    /// Why not, where it could not be done.
    pub(crate) why: Option<Trouble>,
    /// The handle of what the step made or put.
    pub(crate) made: Option<Vec<u8>>,
    /// How the thing looked before.
    pub(crate) was: Option<Look>,
    /// What stood in the way and went beside: its handle, and the name that it has now.
    pub(crate) aside: Option<(Vec<u8>, Vec<u8>)>,
    /// An honest version that has a name of its own now.
    pub(crate) kept: Option<Kept>,
    /// Where the thing itself is that could not go where it should, and whose own name another has.
    pub(crate) stray: Option<Kept>,
}

/// What of honest work is where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept(pub(crate) Place);

/// Where a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
    /// Not done, or taken back.
    #[default]
    No,
    /// Done.
    Yes,
    /// There was nothing to do.
    Nothing,
}

/// Why a step could not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Trouble {
    /// The folder that it belongs in is not there.
    FolderGone,
    /// The thing is not where it was left.
    Elsewhere,
    /// The vault does not have the state.
    NotKept,
    /// What the vault has is damaged.
    Damaged,
    /// No room on the disk.
    NoRoom,
    /// Its file system is not reached at present.
    NotMounted,
    /// The content is back, some attribute is not.
    NotSet,
    /// The folder is not empty: somebody else has something in it.
    NotEmpty,
    /// The system refused.
    System {
        /// What it said.
        said: String,
    },
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        if matches!(error.kind(), StorageFull | QuotaExceeded) {
            Self::NoRoom
        } else {
            Self::System {
                said: error.to_string(),
            }
        }
    }
}

impl From<rustix::io::Errno> for Trouble {
    fn from(error: rustix::io::Errno) -> Self {
        std::io::Error::from(error).into()
    }
}
