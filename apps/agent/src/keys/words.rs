//! What is said of passkeys at the guard's door: handed in, listed, asked to sign, not taken.

use hygie_identity::passkey::Site;
use hygie_model::{PersonId, PracticeId, Wall};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{By, Deed};

/// The console that a key was made for. Fixed when the key is believed: the hub cannot change it later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Console {
    /// Whose it is.
    pub practice: PracticeId,
    /// What the practice is called.
    pub title: String,
    /// Its name on the network.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Console {
    /// Whether a key of the one signs on the other; what the practice is called may change.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.practice, &self.host, self.port) == (other.practice, &other.host, other.port)
    }

    pub(super) fn site(&self) -> Result<Site, NotSigned> {
        Site::new(&self.host, self.port, &self.title).map_err(|_| NotSigned::Broken)
    }
}

/// A person's key that the hub hands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Whose it is.
    pub person: PersonId,
    /// What she is called.
    pub name: String,
    /// For which console it was made.
    pub console: Console,
    /// The key, as `hygie_identity` writes it.
    pub key: Value,
}

/// A believed or proposed key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyTold {
    /// Its number in the list; never used again for another one.
    pub number: u64,
    /// What stands for all of it: person, name, console and key. What root saw is what is believed.
    pub mark: String,
    /// Whose it is.
    pub person: PersonId,
    /// What she is called.
    pub name: String,
    /// What she calls the key.
    pub key_name: String,
    /// For which console it was made.
    pub console: Console,
    /// Since when it is believed; proposed since then.
    pub since: Wall,
    /// By whose word it is believed; none where it is proposed.
    pub by: Option<By>,
    /// It was believed until then, when the hub said that it is not its owner's any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Wall>,
}

/// What became of keys that the hub took back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// They are believed no more; root or a believed key may say otherwise.
    pub gone: Vec<KeyTold>,
    /// The last key of all: it stays believed until root or its own signature says otherwise.
    pub stays: Option<KeyTold>,
}

/// All keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Those that the guard believes.
    pub trusted: Vec<KeyTold>,
    /// Those that wait for somebody to say so.
    pub proposed: Vec<KeyTold>,
    /// The list of believed keys cannot be read: none is believed.
    pub damaged: bool,
}

/// What a person is to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// The question's number; it serves for one answer.
    pub id: String,
    /// Until when an answer counts.
    pub until: Wall,
    /// What would be done, exactly: this and nothing else is signed.
    pub deed: Deed,
    /// What the browser needs.
    pub options: Value,
}

/// Why the guard does not believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotSigned {
    /// It believes none of this person's keys.
    NoKey,
    /// The list of believed keys is damaged: it believes none.
    Damaged,
    /// There is no such question (any more): answered, too old, or asked before a restart.
    Gone,
    /// Not a key that it believes for this person (any more).
    UnknownKey,
    /// The key's counter went back: there may be a second copy of it.
    Copied,
    /// What it was asked for is no longer as it was.
    Otherwise,
    /// The signature is none, or for something else.
    Wrong,
    /// Hygie's own mistake, or the disk's.
    Broken,
}
