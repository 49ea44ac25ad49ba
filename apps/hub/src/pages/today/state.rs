//! How the practice is and what waits for a person, from what is known: pure, so that each combination can be tried.
//! What is not protected or not known always opens the page; nothing that waits can hide it.

use hygie_model::{Cause, Exception, Protection, Wall};
use hygie_text::console::Me;
use uuid::Uuid;

use crate::pages::{
    bowl::{Ball, Bowl},
    incidents::Known,
    me::{SheetWaits, Weak},
    people::Notice,
};

/// What is known.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// What the guard says.
    pub(super) guard: Guard,
    /// Incidents that wait, the newest first.
    pub(super) incidents: Vec<Known>,
    /// Devices of which something has to be said.
    pub(super) devices: Vec<Device>,
    /// What is weak about her own access.
    pub(super) access: Weak,
    /// Who wants back in: everybody is told.
    pub(super) returns: Vec<Notice>,
    /// What nobody has read, what cannot wait first.
    pub(super) alerts: Vec<Alert>,
}

/// The guard of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// What it says.
    Says(Protection),
    /// It does not answer.
    Silent {
        /// When it was last heard, where anybody noted it.
        since: Option<Wall>,
    },
}

/// A device that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    /// How people call it.
    pub(super) name: String,
    /// What is the matter.
    pub(super) trouble: Trouble,
}

/// What is the matter with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is not heard any more.
    Silent(Wall),
    /// It was never heard.
    NeverHeard,
    /// It says that it is not protected.
    NotProtected(Wall),
}

/// An alert that nobody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alert {
    /// Which.
    pub(super) id: Uuid,
    /// What it is about.
    pub(super) title: String,
    /// What to do, since when, and what became of it.
    pub(super) why: Vec<String>,
    /// What cannot wait is told first.
    pub(super) is_now: bool,
}

/// How the page opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// All is protected.
    Protected,
    /// All but so many points.
    ProtectedBut(u64),
    /// Hygie is making files safe.
    Starting,
    /// Nothing is held.
    NotProtected(Wall),
    /// Nobody knows.
    NotKnown,
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// A stopped program.
    Incident(Known),
    /// Protection is gone.
    Protection(Protection),
    /// The guard is silent.
    Silent,
    /// Points that are not covered and that somebody can do something about.
    Exceptions(Vec<Exception>),
    /// Somebody who lost every way in wants back.
    Return(Notice),
    /// A device.
    Device(Device),
    /// Her own means to get in.
    Access(Me),
    /// Her recovery sheet.
    Sheet(SheetWaits),
    /// An alert.
    Alert(Alert),
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// How it opens.
    pub(super) opening: Opening,
    /// Stopped programs that wait.
    pub(super) incidents: u64,
    /// What waits, in the order of its weight.
    pub(super) waits: Vec<Wait>,
    /// Points that are not covered, and that nobody need do anything about.
    pub(super) noted: Vec<Exception>,
    /// The bowl.
    pub(super) bowl: Bowl,
}

/// Judges.
pub(super) fn state(facts: Facts) -> State {
    let incidents = facts.incidents.len() as u64;
    let mut waits: Vec<Wait> = facts.incidents.into_iter().map(Wait::Incident).collect();
    let mut noted = Vec::new();
    let opening = match facts.guard {
        Guard::Silent { .. } => {
            waits.push(Wait::Silent);
            Opening::NotKnown
        }
        Guard::Says(Protection::Protected) => Opening::Protected,
        Guard::Says(Protection::ProtectedBut { exceptions }) => {
            let points = exceptions.len() as u64;
            let (asking, quiet): (Vec<_>, Vec<_>) =
                exceptions.into_iter().partition(crate::core::alerts::asks);
            noted = quiet;
            if !asking.is_empty() {
                waits.push(Wait::Exceptions(asking));
            }
            match points {
                0 => Opening::Protected,
                points => Opening::ProtectedBut(points),
            }
        }
        Guard::Says(Protection::NotProtected {
            cause: Cause::Starting,
            ..
        }) => Opening::Starting,
        Guard::Says(gone @ Protection::NotProtected { since, .. }) => {
            waits.push(Wait::Protection(gone));
            Opening::NotProtected(since)
        }
    };
    waits.extend(facts.returns.into_iter().map(Wait::Return));
    waits.extend(facts.devices.into_iter().map(Wait::Device));
    waits.extend(facts.access.means.map(Wait::Access));
    waits.extend(facts.access.sheet.map(Wait::Sheet));
    waits.extend(facts.alerts.into_iter().map(Wait::Alert));
    State {
        bowl: bowl(opening, &waits),
        opening,
        incidents,
        waits,
        noted,
    }
}

fn bowl(opening: Opening, waits: &[Wait]) -> Bowl {
    match opening {
        Opening::NotKnown => Bowl::Unknown,
        Opening::NotProtected(_) => Bowl::Gone,
        Opening::Starting => Bowl::Mending,
        Opening::Protected | Opening::ProtectedBut(_) if waits.is_empty() => {
            Bowl::Held(vec![Ball::Calm])
        }
        Opening::Protected | Opening::ProtectedBut(_) => {
            Bowl::Held(waits.iter().map(Wait::ball).collect())
        }
    }
}

impl Wait {
    /// How it looks.
    pub(super) fn ball(&self) -> Ball {
        match self {
            Self::Incident(known) if known.state == hygie_acts::State::Stopped => Ball::Now,
            Self::Protection(_) | Self::Silent | Self::Return(_) => Ball::Now,
            Self::Incident(_)
            | Self::Exceptions(_)
            | Self::Device(_)
            | Self::Access(_)
            | Self::Sheet(_)
            | Self::Alert(_) => Ball::Wait,
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
