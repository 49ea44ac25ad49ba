//! What the hub and the post process say to each other over a local socket: one line of JSON each way.
//! The hub says what is to be told and by which road; server, addressees and password stay with the post.

use std::fmt;

pub use hygie_model::letter::{
    Flaw, LONGEST_SUBJECT, LONGEST_TEXT, Letter, MOST_ADDRESSEES, Road, Security, Slot, Trouble,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A password, or a webhook's signing secret. Never prints, and leaves memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes it in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Lets it be read; the word is there to be searched for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::new)
    }
}

/// What the hub asks. The answer is one line too, and comes within [`LONGEST_SEND`] seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Which roads there are. Answered by [`Answer::State`].
    State {},
    /// Put a road in its place. Answered by [`Answer::Kept`].
    Keep {
        /// Which.
        slot: Slot,
        /// The road.
        road: Road,
        /// Password or signing secret. None leaves the one that is there, if the road leads to the same server as the same
        /// user, or to the same address: a secret must not go elsewhere because somebody changed where to.
        secret: Option<Secret>,
    },
    /// Forget a road and its secret. Answered by [`Answer::Dropped`].
    Drop {
        /// Which.
        slot: Slot,
    },
    /// Send a letter. Answered by [`Answer::Taken`] or [`Answer::NotTaken`].
    Send {
        /// By which road.
        slot: Slot,
        /// The letter's own number: whoever gets it a second time after a crash knows it by that.
        id: Uuid,
        /// What is told.
        letter: Letter,
    },
}

/// What the post answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// The roads that there are.
    State {
        /// What is tried at once.
        first: Option<Shown>,
        /// What is tried then.
        second: Option<Shown>,
    },
    /// It is kept, durably.
    Kept {},
    /// It is forgotten, durably; also where there was none.
    Dropped {},
    /// The server accepted the letter. Nobody has read it yet.
    Taken {
        /// Addresses that the server did not want; the letter went to the others.
        left_out: Vec<String>,
    },
    /// The letter is not on its way.
    NotTaken {
        /// Why.
        trouble: Trouble,
    },
    /// Nothing was done.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// A road as others may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The road.
    pub road: Road,
    /// Whether a secret is kept for it.
    pub secret: bool,
}

/// Why the post does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case", deny_unknown_fields)]
pub enum Refusal {
    /// Somebody else than the hub asks.
    #[error("only the hub and root are answered")]
    Stranger,
    /// Not a question.
    #[error("the question cannot be read")]
    Unclear,
    /// Longer than a question.
    #[error("the question is too long")]
    TooLong,
    /// Too many ask at once.
    #[error("too many ask at once")]
    Busy,
    /// The road is none.
    #[error("the road is not right: {flaw}")]
    Road {
        /// What of it.
        flaw: Flaw,
    },
    /// A subject of several lines, an empty letter, or too long a one.
    #[error("the letter is empty, too long, or its subject is no line")]
    Letter,
    /// It could not be kept; the post's own words say why.
    #[error("the post could not keep it")]
    Failed,
}

/// Seconds after which a letter that is not taken is given up: with them an answer has come.
pub const LONGEST_SEND: u64 = 60;
/// Letters that the post lets out within a minute, whatever came of them.
pub const LETTERS_A_MINUTE: u16 = 10;
/// And within a day.
pub const LETTERS_A_DAY: u16 = 200;
/// Bytes of a question or an answer at most.
pub const LONGEST_LINE: usize = 64 * 1024;
#[cfg(test)]
mod tests;
