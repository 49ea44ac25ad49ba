//! What may be asked at the guard's door, and what it says: one line of JSON each.

use std::path::PathBuf;

use hygie_model::{UpEvent, Wall};
use serde::{Deserialize, Serialize};

use hygie_acts::{Allowed, Incident};

use crate::{
    guard::Status,
    incidents::{IncidentTold, NotAllowed, UndoTold},
};

/// What may be asked. Who may ask what stands in `rule.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Question {
    /// How things are.
    Status,
    /// What has happened since event number `from`; the door waits for news.
    Events {
        /// The first event wanted.
        from: usize,
    },
    /// The versions of a file that the asker could read and write.
    Versions {
        /// The file's path.
        #[serde(with = "super::path_word")]
        path: PathBuf,
    },
    /// What a restore would do; nothing is done.
    Plan {
        /// The file or folder.
        #[serde(with = "super::path_word")]
        path: PathBuf,
        /// Which state of it.
        pick: Pick,
    },
    /// Give it back where it was, with the asker's rights.
    Restore {
        /// The file or folder.
        #[serde(with = "super::path_word")]
        path: PathBuf,
        /// Which state of it.
        pick: Pick,
    },
    /// Forget a file for good. Root only: it takes versions away.
    Forget {
        /// The file's path.
        path: PathBuf,
    },
    /// The incidents and the permissions in force.
    Incidents,
    /// One incident, file by file. Root only: it names files of everybody.
    Incident {
        /// Its number.
        id: u64,
    },
    /// What an undo would do; nothing is done. Root only, as above.
    UndoPlan {
        /// The incident.
        id: u64,
    },
    /// Ends a family and undoes what it did. Root only: it changes files of everybody.
    Undo {
        /// The incident.
        id: u64,
    },
    /// Takes an undo back. Root only: it gives damage back.
    Redo {
        /// The incident.
        id: u64,
    },
    /// Lets a family go on, and its program do the same for a time. Root only: it weakens the protection.
    Allow {
        /// The incident.
        id: u64,
        /// For so long.
        seconds: u64,
    },
    /// Takes the permissions of an incident back. Root only, for the same hand as gave them.
    Revoke {
        /// The incident.
        id: u64,
    },
    /// End in good order. Root only: it ends the protection.
    Stop,
}

/// Which state of a file or folder is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pick", rename_all = "kebab-case")]
pub enum Pick {
    /// The newest; of what is gone, the last.
    Newest,
    /// The one of that moment.
    At {
        /// The moment.
        at: Wall,
    },
    /// The version of that number.
    Number {
        /// The number.
        number: i64,
    },
}

/// What the guard says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// How things are.
    Status(Box<Status>),
    /// What has happened.
    Events {
        /// The events.
        events: Vec<UpEvent>,
        /// The number to ask for next.
        next: usize,
    },
    /// The versions, the newest first.
    Versions {
        /// Those that the asker may have.
        versions: Vec<VersionTold>,
        /// How many others there are.
        withheld: u64,
    },
    /// What a restore would do.
    Plan(Box<PlanTold>),
    /// What a restore did.
    Restored(Box<OutcomeTold>),
    /// Nothing is known of it, or not of that moment or number.
    Unknown,
    /// The file is forgotten.
    Forgotten {
        /// How many versions went.
        versions: u64,
        /// Their bytes.
        bytes: u64,
        /// Other files that hold the same content.
        still_held: Vec<PathBuf>,
        /// Names under which the file is there now.
        present: Vec<PathBuf>,
    },
    /// The incidents, the newest first.
    Incidents {
        /// The incidents.
        incidents: Vec<Incident>,
        /// The permissions in force.
        allowed: Vec<Allowed>,
    },
    /// One incident.
    Incident(Box<IncidentTold>),
    /// What an undo would do.
    UndoPlan(Box<UndoTold>),
    /// What an undo did.
    Undone(Box<UndoTold>),
    /// The permissions that were given, or taken back.
    Allowed {
        /// Those.
        allowed: Vec<Allowed>,
    },
    /// It cannot be allowed.
    NotAllowed(NotAllowed),
    /// The family could not be ended.
    StillRuns,
    /// A person let the program go on: what it did is its work.
    IsAllowed,
    /// There is no undo to be taken back.
    NotUndone,
    /// It could not be done; what the store said.
    Failed {
        /// What it said.
        reason: String,
    },
    /// It is being done.
    Done,
    /// Not for this asker.
    Refused,
    /// Too much is being asked at once; ask again in a moment.
    Busy,
    /// The question could not be read.
    Unclear,
}

/// A version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionTold {
    /// Its number.
    pub number: i64,
    /// Its name: content and number.
    pub name: String,
    /// When the file began to hold it.
    pub since: Wall,
    /// When the copy was safe.
    pub kept_at: Wall,
    /// Length.
    pub bytes: u64,
    /// Whether its content is still there.
    pub kept: bool,
    /// The names that the file had then, where the asker could see them; lossy.
    pub names: Vec<String>,
}

/// A path from the protected folder on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(#[serde(with = "super::path_word")] pub PathBuf);

/// What a restore would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTold {
    /// Files that would be written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The first of them.
    pub first: Vec<FileTold>,
    /// What would be renamed because it stands in the way.
    pub aside: Vec<Told>,
    /// What was there then and cannot be given back.
    pub missing: Vec<MissingTold>,
    /// What is not for this asker; of a folder it stands for all that is in it.
    pub refused: Vec<Told>,
}

/// A file that would be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTold {
    /// Its path.
    pub path: Told,
    /// Since when it held that state.
    pub since: Wall,
    /// Length.
    pub bytes: u64,
    /// Whether a file of this name is there now.
    pub replaces: bool,
}

/// A file that cannot be given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingTold {
    /// Its path.
    pub path: Told,
    /// Why.
    pub why: WhyTold,
}

/// Why a file cannot be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyTold {
    /// No version was ever kept.
    NeverKept,
    /// Its version was dropped.
    Dropped,
    /// The store lacks its content.
    Lost,
}

/// What a restore did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeTold {
    /// Files written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Folders made.
    pub folders: u64,
    /// Symbolic links made.
    pub symlinks: u64,
    /// Further names of files.
    pub links: u64,
    /// What was renamed: the names that it has now.
    pub aside: Vec<Told>,
    /// What was there then and could not be given back.
    pub missing: u64,
    /// What went wrong.
    pub problems: Vec<ProblemTold>,
    /// What is not for this asker.
    pub refused: Vec<Told>,
}

/// Something that went wrong with one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemTold {
    /// The path.
    pub path: Told,
    /// What.
    pub reason: String,
    /// Whether its content is lost.
    pub lost: bool,
}
