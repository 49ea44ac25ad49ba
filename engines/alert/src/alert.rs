//! An alert: one about one thing, from the first trouble until a person has read it, however often it went on and off.

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};

use crate::{
    letters::Why,
    thing::{Bad, Thing},
    urgency::Weight,
};

/// The number of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(pub u64);

/// How far it came on a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// It did not go this way yet.
    Waits,
    /// The road took it.
    Given(Wall),
    /// The road did not, and was tried often enough to say so.
    Unsent(Wall, Why),
}

/// A person read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// When.
    pub at: Wall,
    /// Who.
    pub by: PersonId,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Which.
    pub number: Number,
    /// About what.
    pub thing: Thing,
    /// How that is, or was.
    pub bad: Bad,
    /// How soon somebody has to know.
    pub weight: Weight,
    /// When the trouble began.
    pub since: Wall,
    /// When it was told first.
    pub raised: Wall,
    /// When it was last to be told: it came back after somebody had read it.
    pub rung: Wall,
    /// How often the trouble began.
    pub times: u32,
    /// When it last did.
    pub last: Wall,
    /// When the trouble was over by itself, or settled.
    pub ended: Option<Wall>,
    /// Who read it; nobody where it came back since.
    pub read: Option<Read>,
    /// The first road.
    pub first: Leg,
    /// The second one.
    pub second: Leg,
    /// How often it was told anew.
    pub(crate) rings: u32,
}

impl Alert {
    /// Nobody has read it, it is not over, and the second road, after the first one, did not take it: the next screen tells it.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.waits() && matches!(self.second, Leg::Unsent(..))
    }

    /// It is not over, and nobody has read it.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.read.is_none() && self.ended.is_none()
    }

    /// It came back after it was read: as if it had never gone out.
    pub(crate) fn ring(&mut self, now: Wall) {
        self.read = None;
        self.rung = now;
        self.rings = self.rings.saturating_add(1);
        self.first = Leg::Waits;
        self.second = Leg::Waits;
    }
}
