//! What was asked and waits for a signature: in memory alone, few at a time, not for long.

use hygie_acts::Allowed;
use hygie_identity::{
    Act,
    passkey::{ANSWER_WITHIN, Confirmation},
};
use hygie_model::Mono;
use serde::Serialize;

use super::{Console, KeyTold};

/// What a signature is for. All of it is in the challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub(crate) enum Deed {
    /// Programs of an incident may go on.
    Allow {
        /// The incident.
        incident: u64,
        /// Each permission.
        allowed: Vec<Allowed>,
    },
    /// One more key is believed.
    Trust(KeyTold),
    /// A key is believed no more.
    Distrust(KeyTold),
}

impl Deed {
    /// Its row in the table of rights.
    pub(crate) const fn act(&self) -> Act {
        match self {
            Self::Allow { .. } => Act::AllowIncident,
            Self::Trust(_) => Act::TrustKey,
            Self::Distrust(_) => Act::DistrustKey,
        }
    }

    pub(super) fn allowed(&self) -> &[Allowed] {
        match self {
            Self::Allow { allowed, .. } => allowed,
            Self::Trust(_) | Self::Distrust(_) => &[],
        }
    }
}

/// A question that waits.
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) confirmation: Confirmation,
    pub(super) console: Console,
    pub(super) deed: Deed,
    pub(super) since: Mono,
}

/// All questions that wait, the oldest first.
#[derive(Default)]
pub(super) struct Asked(Vec<Waiting>);

impl Asked {
    /// Adds one; beyond the bound the oldest goes, a person's own first.
    pub(super) fn add(&mut self, waiting: Waiting, now: Mono) {
        self.forget_old(now);
        let person = waiting.confirmation.person;
        let own = |other: &Waiting| other.confirmation.person == person;
        if self.0.iter().filter(|other| own(other)).count() >= FOR_ONE {
            let first = self.0.iter().position(own).unwrap_or(0);
            self.0.remove(first);
        } else if self.0.len() >= FOR_ALL {
            self.0.remove(0);
        }
        self.0.push(waiting);
    }

    /// Takes one out: it is answered once.
    pub(super) fn take(&mut self, id: &str, now: Mono) -> Option<Waiting> {
        self.forget_old(now);
        let at = self.0.iter().position(|waiting| waiting.id == id)?;
        Some(self.0.remove(at))
    }

    fn forget_old(&mut self, now: Mono) {
        self.0
            .retain(|waiting| now.since(waiting.since) <= ANSWER_WITHIN);
    }
}

/// Questions to one person that wait at once: a page and a second one.
const FOR_ONE: usize = 4;
/// To all.
const FOR_ALL: usize = 32;
