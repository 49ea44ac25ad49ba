//! What an alert can be about: a closed list, each with a row in the table of urgency, and whose it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of thing that can be wrong or happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A program was stopped and waits for a person.
    Incident,
    /// A guard protects, and says so.
    Guard,
    /// Some points are not covered, and somebody can do something about them.
    Points,
    /// A device is heard.
    Device,
    /// Somebody who lost every way in wants back.
    Recovery,
    /// Somebody got in who was not there before.
    NewPerson,
    /// A person has a further key to get in with.
    NewKey,
    /// Somebody guesses at passwords or codes.
    Guessing,
    /// The process that sends alerts.
    Post,
    /// The process that holds the authorities.
    Signer,
    /// The hub's database is whole.
    Database,
    /// The journal's chain is whole.
    Journal,
    /// The hub's disk has room.
    Disk,
    /// A certificate holds for a while yet.
    Certificate,
    /// The copies of the hub's database are young.
    Copies,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Incident,
        Self::Guard,
        Self::Points,
        Self::Device,
        Self::Recovery,
        Self::NewPerson,
        Self::NewKey,
        Self::Guessing,
        Self::Post,
        Self::Signer,
        Self::Database,
        Self::Journal,
        Self::Disk,
        Self::Certificate,
        Self::Copies,
    ];

    /// Its name in what is kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Guard => "guard",
            Self::Points => "points",
            Self::Device => "device",
            Self::Recovery => "recovery",
            Self::NewPerson => "new-person",
            Self::NewKey => "new-key",
            Self::Guessing => "guessing",
            Self::Post => "post",
            Self::Signer => "signer",
            Self::Database => "database",
            Self::Journal => "journal",
            Self::Disk => "disk",
            Self::Certificate => "certificate",
            Self::Copies => "copies",
        }
    }

    /// Whether it happens at a moment and is not over by itself: reading it ends it.
    #[must_use]
    pub const fn happens(self) -> bool {
        match self {
            Self::NewPerson | Self::NewKey => true,
            Self::Incident
            | Self::Guard
            | Self::Points
            | Self::Device
            | Self::Recovery
            | Self::Guessing
            | Self::Post
            | Self::Signer
            | Self::Database
            | Self::Journal
            | Self::Disk
            | Self::Certificate
            | Self::Copies => false,
        }
    }
}

/// Whose: a device's or a person's number, `here` for the hub's own machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Who(pub String);

impl Who {
    /// The machine that the hub stands on, and the hub itself.
    #[must_use]
    pub fn here() -> Self {
        Self("here".to_owned())
    }
}

/// Something that is in order or not: one open alert about one of these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Thing {
    /// Which kind.
    pub what: What,
    /// Whose.
    pub who: Who,
}

impl Thing {
    /// That kind of thing of that one.
    #[must_use]
    pub const fn new(what: What, who: Who) -> Self {
        Self { what, who }
    }

    /// Of the hub's own machine.
    #[must_use]
    pub fn here(what: What) -> Self {
        Self::new(what, Who::here())
    }
}

/// As it is kept: `guard here`.
impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what.name(), self.who.0)
    }
}

/// How it is not in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bad {
    /// It says so, or it happened.
    Trouble,
    /// It was not heard when it should have been.
    Silent,
    /// It sleeps for longer than anybody sleeps.
    Away,
}
