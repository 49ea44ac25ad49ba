//! What the courier has taken from the guard so far, and which facts come of what the guard says now: pure, kept in the outbox
//! beside the facts, so that a restart of either side neither loses nor doubles one.

use std::{collections::BTreeMap, path::Path};

use hygie_acts::{Incident, State};
use hygie_agent::guard::Status;
use hygie_model::{Cause, IncidentState, Protection, UpEvent, Wall};
use hygie_wire::{Cursor, Fact, Numbers, Reason, masked};
use serde::{Deserialize, Serialize};

use crate::verdicts;

/// Up to where, of which guard, and what was told last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// Since when that guard runs: its events are numbered from 0, and the next one's as well.
    pub(crate) guard: Option<Wall>,
    /// The next event's number.
    pub(crate) next: usize,
    /// The state that was told last.
    told: Option<Protection>,
    /// Where each of the newest incidents stood when it was told last.
    incidents: BTreeMap<u64, IncidentState>,
    /// When counts were told last.
    counted: Option<Wall>,
    /// The last run of which the verdicts were taken; one of before does not say it.
    #[serde(default)]
    verdicts: String,
}

impl Seen {
    /// As it was kept; anything else is a beginning.
    pub(crate) fn of(cursor: &Cursor) -> Self {
        serde_json::from_str(&cursor.0).unwrap_or_default()
    }

    pub(crate) fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_string(self).unwrap_or_default())
    }

    /// Begins with a guard, or goes on with the same one.
    pub(crate) fn meet(&mut self, status: &Status) {
        if self.guard != Some(status.since) {
            self.guard = Some(status.since);
            self.next = 0;
        }
    }

    /// The facts of an event. `known` are the incidents, for those that are told.
    pub(crate) fn event(&mut self, event: &UpEvent, known: &[Incident]) -> Option<(Wall, Fact)> {
        match event {
            UpEvent::State { at, protection } => self.state(*at, protection),
            UpEvent::Incident { at, id, state } => {
                let incident = known.iter().find(|incident| incident.id == *id);
                self.incident(*at, *id, *state, incident)
            }
            UpEvent::Ready { .. } | UpEvent::Progress { .. } | UpEvent::Copied { .. } => None,
        }
    }

    /// What no event told: it happened under a guard that is gone.
    pub(crate) fn catch_up(
        &mut self,
        status: &Status,
        known: &[Incident],
        now: Wall,
    ) -> Vec<(Wall, Fact)> {
        let mut facts = Vec::new();
        for incident in known.iter().rev() {
            let state = state_of(incident.state);
            let is_old = self
                .incidents
                .keys()
                .next()
                .is_some_and(|first| incident.id < *first)
                && self.incidents.len() >= REMEMBERED;
            if !is_old {
                facts.extend(self.incident(incident.state_at, incident.id, state, Some(incident)));
            }
        }
        facts.extend(self.state(now, &status.protection));
        facts
    }

    /// Verdicts about messages that wait there, once each.
    pub(crate) fn judged(&mut self, dir: &Path) -> Vec<(Wall, Fact)> {
        let Some((newest, facts)) = verdicts::after(dir, &self.verdicts) else {
            return Vec::new();
        };
        self.verdicts = newest;
        facts
    }

    /// Counts, once an hour.
    pub(crate) fn counts(&mut self, status: &Status, now: Wall) -> Option<(Wall, Fact)> {
        if self
            .counted
            .is_some_and(|at| at.after(HOUR) > now && at <= now)
        {
            return None;
        }
        self.counted = Some(now);
        let numbers = numbers(status);
        Some((now, Fact::Counts { numbers }))
    }

    /// The guard has been silent since then.
    pub(crate) fn silent(&mut self, since: Wall, now: Wall) -> Option<(Wall, Fact)> {
        let known = matches!(
            self.told,
            Some(Protection::NotProtected {
                cause: Cause::GuardGone,
                ..
            })
        );
        if known {
            return None;
        }
        self.state(
            now,
            &Protection::NotProtected {
                since,
                cause: Cause::GuardGone,
            },
        )
    }

    fn state(&mut self, at: Wall, protection: &Protection) -> Option<(Wall, Fact)> {
        let protection = masked(protection);
        if self.told.as_ref() == Some(&protection) {
            return None;
        }
        self.told = Some(protection.clone());
        let version = VERSION.to_owned();
        Some((
            at,
            Fact::State {
                version,
                protection,
            },
        ))
    }

    fn incident(
        &mut self,
        at: Wall,
        number: u64,
        state: IncidentState,
        incident: Option<&Incident>,
    ) -> Option<(Wall, Fact)> {
        if self.incidents.insert(number, state) == Some(state) {
            return None;
        }
        while self.incidents.len() > REMEMBERED {
            self.incidents.pop_first();
        }
        let opening = incident.map(|incident| &incident.opening);
        let reasons = opening.map(|opening| {
            let told = opening.reasons.iter().map(|reason| Reason {
                name: reason.signal.clone(),
                points: reason.points,
                hundredths: reason.hundredths,
            });
            told.collect()
        });
        let files = opening.map(|opening| {
            let counts = &opening.counts;
            counts.changed + counts.deleted + counts.renamed + counts.made
        });
        Some((
            at,
            Fact::Incident {
                number,
                state,
                stopped: opening.map(|opening| opening.stopped_at),
                first_harm: opening.map(|opening| opening.first_harm),
                reasons: reasons.unwrap_or_default(),
                files: files.unwrap_or(0),
            },
        ))
    }
}

/// How much the device holds.
pub(crate) fn numbers(status: &Status) -> Numbers {
    Numbers {
        copies: status.counts,
        versions: status.versions,
        vault_bytes: status.vault_bytes,
        refused: status.refused,
    }
}

const fn state_of(state: State) -> IncidentState {
    match state {
        State::Stopped => IncidentState::Stopped,
        State::EndedEvidenceKept => IncidentState::EndedEvidenceKept,
        State::Undone => IncidentState::Undone,
        State::Allowed => IncidentState::Allowed,
    }
}

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Incidents that are followed.
const REMEMBERED: usize = 500;
const HOUR: std::time::Duration = std::time::Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use hygie_model::{CopyCounts, Exception};

    use super::*;

    fn status(since: i64, protection: Protection) -> Status {
        Status {
            protection,
            since: Wall(since),
            counts: CopyCounts::default(),
            leases: 0,
            versions: 3,
            vault_bytes: 0,
            folders: vec!["/srv/Dupont".to_owned()],
            last_event: None,
            refused: 0,
            trouble: None,
            hub: None,
        }
    }

    fn stopped(id: u64) -> UpEvent {
        UpEvent::Incident {
            at: Wall(5),
            id,
            state: IncidentState::Stopped,
        }
    }

    #[test]
    fn an_event_is_told_once_also_after_a_restart_in_between() {
        let mut seen = Seen::default();
        seen.meet(&status(1, Protection::Protected));
        assert!(seen.event(&stopped(1), &[]).is_some());
        seen.next = 4;
        let mut again = Seen::of(&seen.cursor());
        assert_eq!(again, seen);
        again.meet(&status(1, Protection::Protected));
        assert_eq!(again.next, 4);
        assert_eq!(again.event(&stopped(1), &[]), None);
        // Another guard counts its events anew.
        again.meet(&status(2, Protection::Protected));
        assert_eq!(again.next, 0);
        assert!(again.event(&stopped(2), &[]).is_some());
        assert_eq!(Seen::of(&Cursor("nonsense".to_owned())), Seen::default());
    }

    #[test]
    fn a_state_is_told_when_it_changes_and_without_names() {
        let mut seen = Seen::default();
        let but = |path: &str| Protection::ProtectedBut {
            exceptions: vec![Exception::OpenBefore {
                path: path.to_owned(),
            }],
        };
        let event = |protection| UpEvent::State {
            at: Wall(1),
            protection,
        };
        let told = seen.event(&event(but("/srv/Dupont/a")), &[]).unwrap();
        assert!(!serde_json::to_string(&told.1).unwrap().contains("Dupont"));
        assert_eq!(seen.event(&event(but("/srv/Martin/b")), &[]), None);
        assert!(seen.event(&event(Protection::Protected), &[]).is_some());
        assert!(
            seen.catch_up(&status(1, Protection::Protected), &[], Wall(2))
                .is_empty()
        );
        assert!(seen.silent(Wall(3), Wall(9)).is_some());
        assert_eq!(seen.silent(Wall(3), Wall(99)), None);
        let back = seen.catch_up(&status(1, Protection::Protected), &[], Wall(100));
        assert_eq!(back.len(), 1);
    }

    #[test]
    fn counts_are_told_once_an_hour() {
        let mut seen = Seen::default();
        let status = status(1, Protection::Protected);
        let at = |seconds: i64| Wall(seconds * 1_000_000_000);
        assert!(seen.counts(&status, at(10)).is_some());
        assert!(seen.counts(&status, at(3_600)).is_none());
        assert!(seen.counts(&status, at(3_611)).is_some());
        // A clock that was set back does not silence them.
        assert!(seen.counts(&status, at(5)).is_some());
    }
}
