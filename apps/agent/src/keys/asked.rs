//! What was asked and waits for a signature: in memory alone, few at a time, not for long.

use std::path::Path;

use hygie_acts::Allowed;
use hygie_identity::{
    Act,
    passkey::{ANSWER_WITHIN, Confirmation},
};
use hygie_model::Mono;
use hygie_vault::ForgetPlan;
use serde::{Deserialize, Serialize};

use super::{Console, KeyTold};
use crate::door::Told;

/// What a signature is for. All of it is in the challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum Deed {
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
    /// A file, or all of a folder, is forgotten for good.
    Forget(Forgets),
    /// A folder is protected no more.
    Unprotect {
        /// The folder.
        folder: Told,
    },
}

/// What forgetting a path takes, and what it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgets {
    /// The path.
    pub path: Told,
    /// Versions that go.
    pub versions: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Other files that hold the same content: it stays for them. The first of them.
    pub still_held: Vec<Told>,
    /// Names under which it is there now: the store forgets, the folder does not. The first of them.
    pub present: Vec<Told>,
    /// How many of both are not named here.
    pub others: u64,
    /// What stands for exactly these files and contents.
    pub mark: String,
}

impl Forgets {
    /// Of a plan.
    pub(crate) fn of(path: &Path, plan: &ForgetPlan) -> Self {
        let held: Vec<_> = plan.still_held.iter().flat_map(|held| &held.by).collect();
        let named = held.len().min(NAMED) + plan.present.len().min(NAMED);
        let mut hasher =
            blake3::Hasher::new_derive_key("hygie 2026 agent mark of what is forgotten");
        for file in &plan.files {
            hasher.update(&file.0.to_le_bytes());
        }
        for content in &plan.contents {
            hasher.update(&content.0);
        }
        Self {
            path: Told(path.to_path_buf()),
            versions: plan.versions,
            bytes: plan.bytes,
            others: (held.len() + plan.present.len() - named) as u64,
            still_held: held.into_iter().take(NAMED).cloned().map(Told).collect(),
            present: plan.present.iter().take(NAMED).cloned().map(Told).collect(),
            mark: hasher.finalize().to_hex().to_string(),
        }
    }
}

impl Deed {
    /// Its row in the table of rights.
    #[must_use]
    pub const fn act(&self) -> Act {
        match self {
            Self::Allow { .. } => Act::AllowIncident,
            Self::Trust(_) => Act::TrustKey,
            Self::Distrust(_) => Act::DistrustKey,
            Self::Forget(_) => Act::ForgetFile,
            Self::Unprotect { .. } => Act::UnprotectFolder,
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
/// Names of each kind that a person is shown.
const NAMED: usize = 20;
