//! What `hygie up --json` says, one object a line (schema `hygie.up/1`).

use serde::{Deserialize, Serialize};

use crate::{Protection, Wall};

/// How far the first copies are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyCounts {
    /// Protected files.
    pub files: u64,
    /// Files whose present state has a copy.
    pub copied: u64,
    /// Bytes of the protected files.
    pub bytes: u64,
    /// Bytes copied.
    pub copied_bytes: u64,
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IncidentState {
    /// The family is stopped and waits for a person.
    Stopped,
    /// The family has ended; what it did is not undone, and its traces are kept.
    EndedEvidenceKept,
    /// All it did was undone.
    Undone,
    /// A person let it go on.
    Allowed,
}

/// One line of `hygie up --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum UpEvent {
    /// Links are made: from here on nothing is lost.
    Ready {
        /// When.
        at: Wall,
        /// Protected files.
        files: u64,
    },
    /// How far the first copies are.
    Progress {
        /// When.
        at: Wall,
        /// The counts.
        #[serde(flatten)]
        counts: CopyCounts,
    },
    /// The first copies are done.
    Copied {
        /// When.
        at: Wall,
        /// The counts.
        #[serde(flatten)]
        counts: CopyCounts,
    },
    /// The state of protection changed.
    State {
        /// When.
        at: Wall,
        /// The state.
        #[serde(flatten)]
        protection: Protection,
    },
    /// A program family was stopped, or its incident went on.
    Incident {
        /// When.
        at: Wall,
        /// Its number.
        id: u64,
        /// Where it stands.
        state: IncidentState,
    },
}
