//! From the engine's words to those of an incident: what the loop hands over when a family is stopped.

use hygie_acts::{BootId, Counts, Member, Opening, Reason};
use hygie_guard::harm::{Group, Signal, Suspicion};
use hygie_model::Wall;

/// An opening from the engine's verdict and what the loop knows besides.
#[must_use]
pub fn opening(
    suspicion: &Suspicion,
    boot: &BootId,
    members: Vec<Member>,
    (first_harm, stopped_at): (Wall, Wall),
    counts: Counts,
) -> Opening {
    Opening {
        boot: boot.clone(),
        group: group_word(suspicion.group).into(),
        families: suspicion.families.iter().map(|family| family.0).collect(),
        members,
        reasons: reasons(suspicion),
        score: suspicion.score,
        bound: suspicion.bound,
        first_harm,
        stopped_at,
        counts,
    }
}

/// What belongs together by the engine, in a word on disk.
pub(crate) fn group_word(group: Group) -> &'static str {
    match group {
        Group::Family(_) => "family",
        Group::Program(..) => "program",
        Group::Tool(..) => "tool",
        Group::Script(..) => "script",
        Group::Session(..) => "session",
    }
}

/// The engine's reasons as they are kept.
pub(crate) fn reasons(suspicion: &Suspicion) -> Vec<Reason> {
    let reasons = suspicion.reasons.iter().map(|reason| Reason {
        signal: signal_word(reason.signal),
        hundredths: reason.hundredths,
        points: reason.points,
    });
    reasons.collect()
}

/// All signals of the engine.
#[must_use]
pub fn signals() -> Vec<Signal> {
    Signal::ALL.to_vec()
}

/// The name of a signal on disk: `kind-lost`.
#[must_use]
pub fn signal_word(signal: Signal) -> String {
    let mut word = String::new();
    for sign in format!("{signal:?}").chars() {
        if sign.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(sign.to_lowercase());
    }
    word
}
