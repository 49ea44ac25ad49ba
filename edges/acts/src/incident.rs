//! An incident: a program family that was stopped, why, and what became of it.

use std::path::PathBuf;

use hygie_model::{DirId, Wall};
use serde::{Deserialize, Serialize};

use crate::BootId;

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The family is stopped and waits for a person.
    Stopped,
    /// The family has ended, by itself, by a restart or by Hygie; what it did is not undone.
    EndedEvidenceKept,
    /// All it did was undone.
    Undone,
    /// A person let it go on.
    Allowed,
}

impl State {
    /// Whether it waits for a person. Meanwhile nothing that it needs is dropped.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Stopped | Self::EndedEvidenceKept => true,
            Self::Undone | Self::Allowed => false,
        }
    }
}

/// What sort of program it is, as the engine sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// From the system's packages.
    Packaged,
    /// Does what a script says.
    Interpreter,
    /// Packs or encrypts what it is told to.
    Archiver,
    /// Anything else.
    Unknown,
}

/// What became of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is stopped.
    Frozen,
    /// Hygie ended it.
    Ended,
    /// It had ended by itself.
    Gone,
}

/// A process of a stopped family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its number.
    pub pid: u32,
    /// When it was started, in ticks since boot.
    pub started: u64,
    /// For whom it runs.
    pub uid: u32,
    /// Its executable, lossy.
    pub exe: String,
    /// Its name as a person would recognise it.
    pub command: String,
    /// The identity of the executable: hexadecimal digits.
    pub program: String,
    /// What sort of program.
    pub class: Class,
    /// The identity of the script that it runs.
    pub script: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// One reason, as the engine gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The signal's name, in kebab-case.
    pub signal: String,
    /// How much of it, in hundredths.
    pub hundredths: u32,
    /// Its part of the sum.
    pub points: u32,
}

/// How many files it touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Changed in place.
    pub changed: u64,
    /// Deleted or replaced.
    pub deleted: u64,
    /// Renamed.
    pub renamed: u64,
    /// Made by it.
    pub made: u64,
}

/// What is known when a family is stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The run of the machine.
    pub boot: BootId,
    /// Whose acts were added up: `family`, `program`, `tool`, `script` or `session`.
    pub group: String,
    /// The stopped families.
    pub families: Vec<u64>,
    /// Its members so far.
    pub members: Vec<Member>,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The sum of their points.
    pub score: u32,
    /// Where it stops.
    pub bound: u32,
    /// The family's first harmful act.
    pub first_harm: Wall,
    /// When it was stopped.
    pub stopped_at: Wall,
    /// What it touched.
    pub counts: Counts,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number, as people say it on the telephone: 1, 2, 3; never given again.
    pub id: u64,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub state_at: Wall,
    /// What is known.
    #[serde(flatten)]
    pub opening: Opening,
}

/// The number of a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AllowedId(pub i64);

/// Acts that a person can allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    /// Changing contents.
    Change,
    /// Deleting files that it did not make.
    Delete,
    /// Renaming them.
    Rename,
    /// Making files that only a key opens.
    Make,
}

/// What a person allowed, after an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// Its number.
    pub id: AllowedId,
    /// The incident.
    pub incident: u64,
    /// For whom the program runs.
    pub uid: u32,
    /// Its executable, lossy: for people. What counts is the identity.
    pub exe: String,
    /// The identity of the executable.
    pub program: String,
    /// What sort of program.
    pub class: Class,
    /// The identity of its script.
    pub script: Option<String>,
    /// In this folder and below.
    pub folder: DirId,
    /// Where that folder stood: for people.
    pub path: PathBuf,
    /// What.
    pub doing: Doing,
    /// Since when.
    pub since: Wall,
    /// Until when.
    pub until: Wall,
}
