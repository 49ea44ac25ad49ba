//! Signals come in: kept once each, in the device's order, answered only after they are durable.

use axum::{Json, extract::rejection::JsonRejection};
use hygie_model::{IncidentState, Wall};
use hygie_store::{
    Batch as NewBatch, Change, Day, Effect, Json as Kept, NewSignal, Seq, StoreError,
};
use hygie_wire::{Batch, Fact, MOST_SIGNALS, Reason, Refusal, Signal, Stored, masked};

use super::{denied::Denied, known::Known};

pub(super) async fn take(
    known: Known,
    batch: Result<Json<Batch>, JsonRejection>,
) -> Result<Json<Stored>, Denied> {
    let Json(batch) = batch?;
    if batch.signals.len() > MOST_SIGNALS || batch.signals.iter().any(|signal| signal.seq == 0) {
        return Err(Denied(Refusal::Unreadable));
    }
    let new = read(&known, batch.signals)?;
    let practice = known.practice();
    let mut stored = practice.append(new.clone(), known.now).await?;
    // It stands beyond what the device itself no longer has: noted as lost, or nothing would ever come in again.
    if stored.beyond.is_some() && batch.oldest > stored.upto.0 + 1 {
        practice
            .give_up_before(known.id(), Seq(batch.oldest), known.now)
            .await?;
        stored = practice.append(new, known.now).await?;
    }
    Ok(Json(Stored {
        upto: stored.upto.0,
        beyond: stored.beyond.map(|seq| seq.0),
    }))
}

/// What is kept of each, and what it changes on pages.
fn read(known: &Known, signals: Vec<Signal>) -> Result<NewBatch, Denied> {
    let mut new = NewBatch {
        device: known.id(),
        signals: Vec::with_capacity(signals.len()),
        effects: Vec::new(),
    };
    for signal in signals {
        let (seq, at) = (Seq(signal.seq), signal.at);
        let fact = without_names(signal.fact);
        let changes = changes(&fact, at)?;
        new.effects
            .extend(changes.into_iter().map(|change| Effect { seq, change }));
        new.signals.push(NewSignal {
            seq,
            at,
            kind: fact.kind().to_owned(),
            body: Kept::of(&fact)?,
        });
    }
    Ok(new)
}

/// A device masks what it sends; one that was taken over may not, and the hub keeps no name of a file.
fn without_names(fact: Fact) -> Fact {
    match fact {
        Fact::State {
            version,
            protection,
        } => Fact::State {
            version: short(&version),
            protection: masked(&protection),
        },
        Fact::Incident {
            number,
            state,
            stopped,
            first_harm,
            reasons,
            files,
        } => {
            let known = |reason: &Reason| {
                let name = reason.name.as_bytes();
                (1..=LONGEST_NAME).contains(&name.len())
                    && name
                        .iter()
                        .all(|sign| sign.is_ascii_lowercase() || *sign == b'-')
            };
            Fact::Incident {
                number,
                state,
                stopped,
                first_harm,
                reasons: reasons
                    .into_iter()
                    .filter(known)
                    .take(MOST_REASONS)
                    .collect(),
                files,
            }
        }
        counts @ Fact::Counts { .. } => counts,
        Fact::Judged { judged } => Fact::Judged {
            judged: judged.without_words(),
        },
        loss @ Fact::Loss { .. } => loss,
    }
}

fn changes(fact: &Fact, at: Wall) -> Result<Vec<Change>, StoreError> {
    Ok(match fact {
        Fact::State {
            version,
            protection,
        } => vec![Change::State {
            version: version.clone(),
            state: Kept::of(protection)?,
        }],
        Fact::Incident { number, state, .. } => vec![Change::Incident {
            number: *number,
            state: name(*state).to_owned(),
            at,
            body: Kept::of(fact)?,
        }],
        Fact::Counts { numbers } => {
            let day = Day(at.0.div_euclid(DAY));
            let gauge = |name: &str, value: u64| Change::Gauge {
                name: name.to_owned(),
                day,
                value: i64::try_from(value).unwrap_or(i64::MAX),
            };
            vec![
                gauge("files", numbers.copies.files),
                gauge("versions", numbers.versions),
                gauge("vault-bytes", numbers.vault_bytes),
            ]
        }
        Fact::Judged { .. } | Fact::Loss { .. } => Vec::new(),
    })
}

/// As in the JSON.
const fn name(state: IncidentState) -> &'static str {
    match state {
        IncidentState::Stopped => "stopped",
        IncidentState::EndedEvidenceKept => "ended-evidence-kept",
        IncidentState::Undone => "undone",
        IncidentState::Allowed => "allowed",
    }
}

/// A version, as far as one is.
pub(super) fn short(version: &str) -> String {
    version
        .chars()
        .filter(|sign| sign.is_ascii_graphic())
        .take(LONGEST_NAME)
        .collect()
}

const DAY: i64 = 24 * 60 * 60 * 1_000_000_000;
const LONGEST_NAME: usize = 40;
const MOST_REASONS: usize = 16;

#[cfg(test)]
mod tests {
    use hygie_model::{CopyCounts, Exception, Protection};
    use hygie_wire::{Danger, Judged, MessageSort, Numbers};

    use super::*;

    #[test]
    fn what_a_device_should_not_have_said_is_not_kept() {
        let named = Exception::OpenBefore {
            path: "/srv/Dupont".to_owned(),
        };
        let state = Fact::State {
            version: "1.0\n<b>".to_owned(),
            protection: Protection::ProtectedBut {
                exceptions: vec![named; 1000],
            },
        };
        let kept = serde_json::to_string(&without_names(state)).unwrap();
        assert!(!kept.contains("Dupont") && kept.len() < 200, "{kept}");
        let reason = |name: &str| Reason {
            name: name.to_owned(),
            points: 1,
            hundredths: 0,
        };
        let mut reasons = vec![reason("many-changed"), reason("/srv/Dupont"), reason("")];
        reasons.extend((0..99).map(|_| reason("again")));
        let incident = Fact::Incident {
            number: 1,
            state: IncidentState::Stopped,
            stopped: None,
            first_harm: None,
            reasons,
            files: 0,
        };
        let Fact::Incident { reasons, .. } = without_names(incident) else {
            panic!("another fact");
        };
        assert_eq!(reasons.len(), MOST_REASONS);
        assert!(reasons.iter().all(|reason| !reason.name.contains('/')));
        let judged = Judged {
            message: MessageSort::Mail,
            verdict: Danger::Dangerous,
            reasons: vec!["wants-password".to_owned(), "zoe@labo.example".to_owned()],
        };
        let kept = serde_json::to_string(&without_names(Fact::Judged { judged })).unwrap();
        assert!(
            kept.contains("wants-password") && !kept.contains("labo"),
            "{kept}"
        );
    }

    #[test]
    fn counts_are_of_their_day() {
        let numbers = Numbers {
            copies: CopyCounts {
                files: 7,
                ..CopyCounts::default()
            },
            versions: u64::MAX,
            ..Numbers::default()
        };
        let changes = changes(&Fact::Counts { numbers }, Wall(DAY + 1)).unwrap();
        let gauge = |name: &str, value| Change::Gauge {
            name: name.to_owned(),
            day: Day(1),
            value,
        };
        assert_eq!(
            changes,
            [
                gauge("files", 7),
                gauge("versions", i64::MAX),
                gauge("vault-bytes", 0)
            ]
        );
    }

    #[test]
    fn states_are_named_as_in_the_json() {
        for state in [
            IncidentState::Stopped,
            IncidentState::EndedEvidenceKept,
            IncidentState::Undone,
            IncidentState::Allowed,
        ] {
            assert_eq!(serde_json::to_value(state).unwrap(), name(state));
        }
    }
}
