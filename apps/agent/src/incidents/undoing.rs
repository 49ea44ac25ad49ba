//! Undoes an incident, or takes its undo back.

use std::{collections::BTreeMap, sync::mpsc::sync_channel};

use anyhow::{Result, anyhow};
use hygie_acts::{Incident, Logged, State};
use hygie_model::Wall;
use hygie_vault::Reader;

use super::{ENDING, Incidents, SYNCING, Wish, lock, told::UndoTold};
use crate::undo::{self, Done, Note, Step, Trouble, Way};

/// Why an undo was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such incident.
    Unknown,
    /// The family could not be ended, and would go on harming.
    StillRuns,
    /// A person let the program go on; what it did is its work.
    IsAllowed,
    /// Nothing was undone that could be taken back.
    NotUndone,
}

impl Incidents {
    pub(super) fn touches(&self, incident: &Incident) -> Result<BTreeMap<i64, Vec<Logged>>> {
        self.0
            .recorder
            .sync(SYNCING)
            .map_err(|said| anyhow!(said))?;
        let log = hygie_acts::Reader::open(&self.0.state.acts())?;
        undo::touches(&log, incident)
    }

    /// What an undo would do; nothing is done.
    ///
    /// # Errors
    /// What the store, the log or SQLite refused.
    pub(crate) fn plan(
        &self,
        reader: &Reader,
        id: u64,
        stamp: &str,
    ) -> Result<std::result::Result<UndoTold, Refused>> {
        let Some(incident) = self.store().incident(id)? else {
            return Ok(Err(Refused::Unknown));
        };
        if incident.state == State::Allowed {
            return Ok(Err(Refused::IsAllowed));
        }
        let steps = match self.kept_steps(id)? {
            kept if !kept.is_empty() => kept,
            _ => self.new_steps(reader, &incident, stamp)?,
        };
        UndoTold::of(reader, (id, incident.state), &steps).map(Ok)
    }

    /// Ends the family, then gives the tree back; goes on where an earlier undo was cut off.
    ///
    /// # Errors
    /// What the store, the log or SQLite refused; what was done so far is noted, and the next undo goes on.
    pub(crate) fn undo(
        &self,
        reader: &Reader,
        id: u64,
        (stamp, now): (&str, Wall),
    ) -> Result<std::result::Result<UndoTold, Refused>> {
        let _alone = lock(&self.0.undoing);
        let Some(incident) = self.store().incident(id)? else {
            return Ok(Err(Refused::Unknown));
        };
        if incident.state == State::Allowed {
            return Ok(Err(Refused::IsAllowed));
        }
        if incident.state.is_open() && !self.end(&incident) {
            return Ok(Err(Refused::StillRuns));
        }
        if incident.state == State::Stopped {
            self.set_state(id, State::EndedEvidenceKept, now)?;
        }
        let mut steps = self.kept_steps(id)?;
        if steps.is_empty() {
            steps = self.new_steps(reader, &incident, stamp)?;
            let bodies: Vec<String> = steps
                .iter()
                .map(|(step, _)| serde_json::to_string(step))
                .collect::<std::result::Result<_, _>>()?;
            self.store().keep_plan(id, &bodies)?;
        }
        self.go(reader, (id, &mut steps), Way::Undo, (stamp, now))?;
        let again = |(_, note): &(Step, Note)| {
            let permanent = matches!(
                note.why,
                Some(Trouble::NotEmpty | Trouble::NotKept | Trouble::NotSet)
            );
            note.done == Done::No && !permanent
        };
        let state = if steps.iter().any(again) {
            State::EndedEvidenceKept
        } else {
            State::Undone
        };
        self.set_state(id, state, now)?;
        if state == State::Undone {
            let families = incident.opening.families.clone();
            self.wish(Wish::Settle { families });
        }
        UndoTold::of(reader, (id, state), &steps).map(Ok)
    }

    /// Takes an undo back: the tree is as the family left it, and the incident is open again.
    ///
    /// # Errors
    /// As [`Incidents::undo`].
    pub(crate) fn redo(
        &self,
        reader: &Reader,
        id: u64,
        (stamp, now): (&str, Wall),
    ) -> Result<std::result::Result<UndoTold, Refused>> {
        let _alone = lock(&self.0.undoing);
        if self.store().incident(id)?.is_none() {
            return Ok(Err(Refused::Unknown));
        }
        let mut steps = self.kept_steps(id)?;
        if steps.iter().all(|(_, note)| note.done == Done::No) {
            return Ok(Err(Refused::NotUndone));
        }
        // Before the first step: whoever is cut off now is open again.
        self.set_state(id, State::EndedEvidenceKept, now)?;
        self.go(reader, (id, &mut steps), Way::Redo, (stamp, now))?;
        UndoTold::of(reader, (id, State::EndedEvidenceKept), &steps).map(Ok)
    }

    fn go(
        &self,
        reader: &Reader,
        (id, steps): (u64, &mut [(Step, Note)]),
        way: Way,
        when: (&str, Wall),
    ) -> Result<()> {
        let ground = self.ground(id)?;
        let mut keep = |nth: usize, note: &Note| {
            let note = serde_json::to_string(note)?;
            Ok(self.store().note_step(id, i64::try_from(nth)?, &note)?)
        };
        undo::go((reader, &ground), steps, way, when, &mut keep)
    }

    fn new_steps(
        &self,
        reader: &Reader,
        incident: &Incident,
        stamp: &str,
    ) -> Result<Vec<(Step, Note)>> {
        let touches = self.touches(incident)?;
        let steps = undo::plan(reader, incident, &touches, stamp)?;
        Ok(steps
            .into_iter()
            .map(|step| (step, Note::default()))
            .collect())
    }

    fn kept_steps(&self, id: u64) -> Result<Vec<(Step, Note)>> {
        let kept = self.store().plan(id)?;
        kept.into_iter()
            .map(|kept| {
                let note = kept.note.map(|note| serde_json::from_str(&note));
                Ok((
                    serde_json::from_str(&kept.body)?,
                    note.transpose()?.unwrap_or_default(),
                ))
            })
            .collect()
    }

    /// Whether nobody of the family is left, and all that it did is known and in the store.
    fn end(&self, incident: &Incident) -> bool {
        let opening = &incident.opening;
        if opening.boot != self.0.boot {
            return true;
        }
        let (done, rung) = sync_channel(1);
        self.wish(Wish::End {
            incident: incident.id,
            families: opening.families.clone(),
            members: opening.members.clone(),
            done,
        });
        rung.recv_timeout(ENDING).is_ok()
    }
}
