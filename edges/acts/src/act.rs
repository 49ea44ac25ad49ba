//! One act on one file.

use std::path::PathBuf;

use hygie_model::{ContentHash, DirId, NodeKind, VersionName, Wall};
use serde::{Deserialize, Serialize};

/// One run of the machine (`/proc/sys/kernel/random/boot_id`): families and process numbers are of one run only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BootId(pub String);

/// A folder and a name in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The folder.
    pub dir: DirId,
    /// The name in it, as the system's bytes.
    pub name: Vec<u8>,
}

/// A process that acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// When it was started, in the kernel's ticks since boot.
    pub started: u64,
    /// For whom it runs.
    pub uid: u32,
    /// Its executable.
    pub exe: PathBuf,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A process of a family.
    Family {
        /// The family.
        family: u64,
        /// The process, where it could still be asked.
        process: Option<Process>,
    },
    /// Hygie itself: a restore, an undo.
    Hygie,
    /// Nobody knows: it was found later. It counts as honest.
    Unknown,
}

/// The state that an act left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// When the file began to hold it (ctime), as its version will tell.
    pub since: Wall,
    /// The version of what was there when the writer was let in; where it is not told, the newest one of before.
    pub before: Option<VersionName>,
    /// Its version, where it was kept before the act was told.
    pub version: Option<VersionName>,
}

/// What was done. A rename over another file is two acts: `Renamed` of the one, `Deleted` of the other, which
/// comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was made under this name.
    Made(Place),
    /// It got a further name.
    Linked(Place),
    /// Its content was changed.
    Changed(Left),
    /// Owner, mode, times or attributes were changed; of a folder the version is none and the time the event's.
    Attributes(Left),
    /// It was renamed.
    Renamed {
        /// Its name before.
        from: Place,
        /// Its name after.
        to: Place,
    },
    /// It lost this name.
    Deleted(Place),
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When: of a name the moment that the index was told, of a content the ctime that it left.
    pub at: Wall,
    /// Who.
    pub who: Who,
    /// To which file, folder or symbolic link: its number in the index.
    pub node: i64,
    /// What it is.
    pub kind: NodeKind,
    /// What was done.
    pub deed: Deed,
}

/// An act as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Its number; grows with each act.
    pub id: i64,
    /// The run of the machine.
    pub boot: BootId,
    /// The act.
    pub act: Act,
}

pub(crate) struct Row {
    pub(crate) deed: i64,
    pub(crate) place: Option<Place>,
    pub(crate) to: Option<Place>,
    pub(crate) left: Option<Left>,
}

impl Deed {
    pub(crate) fn to_row(&self) -> Row {
        let row = |deed| Row {
            deed,
            place: None,
            to: None,
            left: None,
        };
        match self {
            Self::Made(at) => Row {
                place: Some(at.clone()),
                ..row(0)
            },
            Self::Linked(at) => Row {
                place: Some(at.clone()),
                ..row(1)
            },
            Self::Changed(left) => Row {
                left: Some(*left),
                ..row(2)
            },
            Self::Attributes(left) => Row {
                left: Some(*left),
                ..row(3)
            },
            Self::Renamed { from, to } => Row {
                place: Some(from.clone()),
                to: Some(to.clone()),
                ..row(4)
            },
            Self::Deleted(from) => Row {
                place: Some(from.clone()),
                ..row(5)
            },
        }
    }

    pub(crate) fn from_row(row: Row) -> Option<Self> {
        Some(match row.deed {
            0 => Self::Made(row.place?),
            1 => Self::Linked(row.place?),
            2 => Self::Changed(row.left?),
            3 => Self::Attributes(row.left?),
            4 => Self::Renamed {
                from: row.place?,
                to: row.to?,
            },
            5 => Self::Deleted(row.place?),
            _ => return None,
        })
    }
}

pub(crate) fn kind_code(kind: NodeKind) -> i64 {
    match kind {
        NodeKind::File => 0,
        NodeKind::Dir => 1,
        NodeKind::Symlink => 2,
    }
}

pub(crate) fn kind_of(code: i64) -> Option<NodeKind> {
    match code {
        0 => Some(NodeKind::File),
        1 => Some(NodeKind::Dir),
        2 => Some(NodeKind::Symlink),
        _ => None,
    }
}

pub(crate) fn version(seq: Option<i64>, content: Option<Vec<u8>>) -> Option<VersionName> {
    Some(VersionName {
        seq: seq?,
        content: ContentHash(content?.try_into().ok()?),
    })
}
