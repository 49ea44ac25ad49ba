//! What goes into one letter, and when: at once, after the quiet hours, by the second road because nobody read it.

use hygie_model::{
    Wall,
    letter::{Slot, Trouble},
};
use serde::{Deserialize, Serialize};

use crate::{
    alert::{Alert, Leg, Number},
    quiet::Rules,
    roads::Pace,
    span::{self, minutes},
    urgency::{Patience, Weight},
};

/// The number of a letter: the same one is sent again where nobody knows whether it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LetterId(pub u64);

/// Why a letter was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The process that sends does not answer.
    PostSilent,
    /// The road did not take it.
    Road(Trouble),
}

impl Why {
    /// Whether waiting changes nothing: it counts as not sent at the first try.
    pub(crate) const fn is_for_good(self) -> bool {
        match self {
            Self::PostSilent => false,
            Self::Road(trouble) => !trouble.may_pass(),
        }
    }
}

/// What came of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The road took it.
    Taken,
    /// It did not.
    NotTaken(Why),
}

/// A letter under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letter {
    pub(crate) id: LetterId,
    pub(crate) slot: Slot,
    pub(crate) pace: Pace,
    pub(crate) alerts: Vec<Number>,
    /// When it was last handed on.
    pub(crate) asked: Wall,
    /// How often it was handed on without an answer.
    pub(crate) asks: u32,
}

impl Letter {
    /// Nobody heard what came of it: the hub or the post ended in between.
    pub(crate) fn is_lost(&self, now: Wall) -> bool {
        span::since(now, self.asked) >= LOST
    }

    /// Handed on often enough.
    pub(crate) const fn is_given_up(&self) -> bool {
        self.asks >= ASKS
    }
}

impl Alert {
    /// How far it is on a road.
    pub(crate) const fn leg(&self, slot: Slot) -> Leg {
        match slot {
            Slot::First => self.first,
            Slot::Second => self.second,
        }
    }

    pub(crate) const fn leg_mut(&mut self, slot: Slot) -> &mut Leg {
        match slot {
            Slot::First => &mut self.first,
            Slot::Second => &mut self.second,
        }
    }

    pub(crate) fn pace(&self) -> Pace {
        match self.weight {
            Weight::Now => Pace::Urgent,
            Weight::Soon | Weight::Mild => Pace::Usual,
        }
    }

    /// Whether it is time that this road takes it.
    pub(crate) fn is_due(&self, slot: Slot, rules: &Rules, now: Wall) -> bool {
        if self.read.is_some() || matches!(self.leg(slot), Leg::Given(_)) {
            return false;
        }
        // What healed meanwhile is told once, by the first road alone.
        if self.ended.is_some() && (slot == Slot::Second || self.first != Leg::Waits) {
            return false;
        }
        if self.pace() == Pace::Usual && rules.is_quiet(now) {
            return false;
        }
        match slot {
            Slot::First => true,
            Slot::Second => match self.first {
                Leg::Waits => false,
                Leg::Unsent(..) => true,
                Leg::Given(at) => {
                    let until = match self.weight.patience(rules.second_after) {
                        Patience::ByTheClock(time) => at.after(time),
                        Patience::WhileUp(time) => rules.waking_after(at, time),
                    };
                    until <= now
                }
            },
        }
    }
}

/// So long a letter may be under way.
const LOST: std::time::Duration = minutes(5);
const ASKS: u32 = 3;
/// So many alerts stand in one letter; the next ones in the next.
pub(crate) const IN_ONE: usize = 40;
