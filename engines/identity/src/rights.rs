//! The one table of rights: what each role may ask of console, API and guard, and what it needs beyond a session.
//! It stands apart from routes so that a person, a test and a page about rights read the same rows.

mod table;

#[cfg(test)]
mod tests;

use std::time::Duration;

use hygie_model::{Role, Wall};
use serde::Serialize;

use crate::span;

pub use table::Act;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Somebody without a session.
    Nobody,
    /// Somebody signed in, as what she is in the practice.
    Person(Role),
}

impl Who {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Nobody,
        Self::Person(Role::Practitioner),
        Self::Person(Role::Assistant),
        Self::Person(Role::ItProvider),
        Self::Person(Role::MonitoringOperator),
    ];

    /// The name in exported rows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Person(Role::Practitioner) => "practitioner",
            Self::Person(Role::Assistant) => "assistant",
            Self::Person(Role::ItProvider) => "it-provider",
            Self::Person(Role::MonitoringOperator) => "monitoring-operator",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Nobody => 1,
            Self::Person(Role::Practitioner) => 2,
            Self::Person(Role::Assistant) => 4,
            Self::Person(Role::ItProvider) => 8,
            Self::Person(Role::MonitoringOperator) => 16,
        }
    }
}

/// What an act shows at the most. Pages that mix rows leave out what the asker's role may not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sees {
    /// States, counts, reasons, versions of Hygie, names of devices: what may leave for an operator.
    States,
    /// How Hygie is set up: protected folders, addresses, schedules.
    Settings,
    /// Names and addresses of the people of the practice.
    People,
    /// Names of files.
    FileNames,
    /// The content of a patient's file.
    PatientData,
    /// The text of a message or of a case.
    MessageText,
}

/// What an act needs beyond a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Nothing: it shows, or it can be undone.
    Nothing,
    /// A sign-in at most [`FRESH`] ago: whoever sits down at an open browser must not do it.
    FreshSignIn,
    /// A passkey's signature over a challenge that the guard made: the hub's word is not enough (DESIGN.md, "Who may
    /// ask the guard"), for it weakens protection.
    GuardSignature,
}

/// How old a sign-in may be for an act that needs a fresh one. NIST SP 800-63B-4 leaves the figure to the verifier;
/// 10 minutes let somebody sign in once and then do what she came for.
pub const FRESH: Duration = Duration::from_secs(10 * 60);

/// One row: an act, who may, and what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is asked.
    pub act: Act,
    /// Its name in exported rows, in the journal and in the API's description.
    pub name: &'static str,
    /// What it shows at the most.
    pub sees: Sees,
    /// What it needs beyond a session.
    pub needs: Needs,
    allowed: Allowed,
}

impl Row {
    /// True if somebody of this kind may.
    #[must_use]
    pub const fn allows(&self, who: Who) -> bool {
        self.allowed.0 & who.bit() != 0
    }

    /// Who may, in the order of [`Who::ALL`].
    pub fn allowed(&self) -> impl Iterator<Item = Who> + use<> {
        let allowed = self.allowed;
        Who::ALL
            .into_iter()
            .filter(move |who| allowed.0 & who.bit() != 0)
    }
}

/// A set of [`Who`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Allowed(u8);

impl Allowed {
    const NONE: Self = Self(0);

    const fn and(self, who: Who) -> Self {
        Self(self.0 | who.bit())
    }
}

/// What the hub does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Does it.
    Go,
    /// Asks the guard for a challenge, has a passkey sign it, and hands both to the guard, which decides.
    Confirm,
    /// Refuses, and says what the person can do.
    Refused(Refusal),
}

/// Why not, and with it what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Sign in first.
    SignIn,
    /// Sign in once more: the last time is longer ago than [`FRESH`].
    SignInAgain,
    /// Ask somebody of these: this role never may.
    AskOther(Row),
}

/// Judges one request. `signed_in` is when this session last proved who she is, by sign-in or by step-up.
#[must_use]
pub fn judge(who: Who, signed_in: Option<Wall>, act: Act, now: Wall) -> Answer {
    let row = act.row();
    match (who, row.allows(who)) {
        (Who::Nobody, false) => return Answer::Refused(Refusal::SignIn),
        (Who::Person(_), false) => return Answer::Refused(Refusal::AskOther(row)),
        (Who::Nobody | Who::Person(_), true) => {}
    }
    match row.needs {
        Needs::Nothing => Answer::Go,
        Needs::GuardSignature => Answer::Confirm,
        Needs::FreshSignIn => {
            // A sign-in "in the future" is one of a clock that was set back: it is as old as can be, not new.
            let fresh = signed_in.is_some_and(|at| at <= now && span::since(now, at) <= FRESH);
            if fresh {
                Answer::Go
            } else {
                Answer::Refused(Refusal::SignInAgain)
            }
        }
    }
}

/// One row as plain data, for the page about rights, the documents and the API's description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlainRow {
    /// Name of the act.
    pub act: &'static str,
    /// What it is, in one English line.
    pub about: &'static str,
    /// Who may.
    pub allowed: Vec<&'static str>,
    /// What it needs beyond a session.
    pub needs: Needs,
    /// What it shows at the most.
    pub sees: Sees,
}

/// The whole table, in its own order.
#[must_use]
pub fn export() -> Vec<PlainRow> {
    Act::ALL
        .iter()
        .map(|act| {
            let row = act.row();
            PlainRow {
                act: row.name,
                about: act.about(),
                allowed: row.allowed().map(Who::name).collect(),
                needs: row.needs,
                sees: row.sees,
            }
        })
        .collect()
}
