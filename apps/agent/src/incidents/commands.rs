//! Commands from a hub: each is done once by its number, until it expires by this device's clock, and not too many of them:
//! a hub that was taken over can have undone what can be undone, and no more.

use std::{sync::MutexGuard, time::Duration};

use anyhow::Result;
use hygie_acts::{Begun, CommandId, State};
use hygie_model::Wall;
use hygie_wire::{Came, Command, Outcome};

use super::{Incidents, Refused, Wish, lock};

/// What is to be done about a command that was heard.
#[derive(Debug)]
pub(crate) enum Heard<'a> {
    /// Do it, and then tell what came of it by [`Incidents::over`]. No other is begun before this is dropped.
    Do(MutexGuard<'a, ()>),
    /// Nothing, and that is news: its time is over, or it is none.
    NotDone(Outcome),
    /// Nothing: it is over, or there were too many.
    Over(Came),
}

impl Incidents {
    /// Notes a command before it is begun.
    ///
    /// # Errors
    /// What SQLite refused; then it is not begun, and may be heard again.
    pub(crate) fn hear(&self, command: &Command, now: Wall) -> Result<Heard<'_>> {
        let alone = lock(&self.0.commanded);
        let mut store = self.store();
        let id = number(command);
        match store.command(&id)? {
            Begun::Over(outcome) => return Ok(Heard::Over(read(&outcome))),
            // It was begun in time, and goes on from where it was.
            Begun::CutOff => return Ok(Heard::Do(alone)),
            Begun::No => {}
        }
        let hour_ago = Wall(now.0.saturating_sub(nanos(HOUR)));
        if store.commands_since(hour_ago)? >= MOST_AN_HOUR {
            return Ok(Heard::Over(Outcome::Refused.into()));
        }
        let forget_before = Wall(now.0.saturating_sub(nanos(KEPT)));
        let (incident, expires) = (command.deed.incident(), command.expires);
        store.begin_command(&id, incident, (now, forget_before), expires)?;
        let refused = if expires <= now {
            Outcome::Expired
        } else if expires > now.after(LONGEST) {
            Outcome::Refused
        } else {
            return Ok(Heard::Do(alone));
        };
        store.end_command(&id, &serde_json::to_string(&Came::from(refused))?)?;
        Ok(Heard::NotDone(refused))
    }

    /// Notes what came of a command; what it was told first is what came of it.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) fn over(&self, command: &Command, came: Came) -> Result<Came> {
        let mut store = self.store();
        let id = number(command);
        store.end_command(&id, &serde_json::to_string(&came)?)?;
        Ok(match store.command(&id)? {
            Begun::Over(first) => read(&first),
            Begun::No | Begun::CutOff => came,
        })
    }

    /// Somebody decides about an incident: a command about it that was cut off does not go on after that.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) fn decide(&self, incident: u64, by: Option<&Command>) -> Result<()> {
        let partial = serde_json::to_string(&Came::from(Outcome::Partial))?;
        let but = by.map(number);
        let mut store = self.store();
        Ok(store.supersede_commands(incident, but.as_ref(), &partial)?)
    }

    /// Stops the families of an incident again, and takes back what was allowed of it.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) fn freeze(&self, id: u64, now: Wall) -> Result<std::result::Result<(), Refused>> {
        let _alone = lock(&self.0.undoing);
        let Some(incident) = self.store().incident(id)? else {
            return Ok(Err(Refused::Unknown));
        };
        self.revoke(id, now)?;
        // In any other state nobody runs on: stopped, ended, or ended by the undo.
        if incident.state == State::Allowed {
            if incident.opening.boot == self.0.boot {
                self.set_state(id, State::Stopped, now)?;
                self.wish(Wish::Stop {
                    incident: id,
                    families: incident.opening.families,
                });
            } else {
                self.set_state(id, State::EndedEvidenceKept, now)?;
            }
        }
        Ok(Ok(()))
    }
}

fn number(command: &Command) -> CommandId {
    CommandId(command.id.hyphenated().to_string())
}

/// One that cannot be read was written by another version: what came of it is not known.
fn read(came: &str) -> Came {
    serde_json::from_str(came).unwrap_or(Outcome::Partial.into())
}

fn nanos(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

const HOUR: Duration = Duration::from_secs(60 * 60);
/// None is for ever: a hub gives a day; clocks of a practice differ.
const LONGEST: Duration = Duration::from_secs(8 * 24 * 60 * 60);
/// So long a number is known: far beyond its expiry, for clocks that are set back.
const KEPT: Duration = Duration::from_secs(60 * 24 * 60 * 60);
/// More than any honest hour has.
const MOST_AN_HOUR: u64 = 60;
