//! Both keys lost, and the sheet: a second person confirms, a day goes by, everybody is told, she can stop it.
//! The delay is what makes it safe: whoever plays her part needs a colleague's sign-in, and a day in which nobody looks.
//!
//! No message has to leave the house for it: notices stand on everybody's next screen, and mail is the second path.

use std::time::Duration;

use hygie_model::{PersonId, Role, Wall};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::rights::{Act, Who};
use crate::span;

/// Between confirmation and the way in: a day, so that whoever was away sees the notice. The figure is ours.
pub const DELAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a request waits for a second person.
pub const WAIT_FOR_CONFIRMATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long the way in stays open after the delay.
pub const FINISH_WITHIN: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How long everybody reads that root let somebody back in: who was away for three weeks reads it too.
pub const TOLD_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// After it was stopped, how long until it can be asked for again: nobody wears others down.
pub const ASK_AGAIN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Number of one recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RungId(pub Uuid);

/// Who says that she is who she says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmer {
    /// Somebody of the practice, signed in afresh.
    Person {
        /// Who.
        person: PersonId,
        /// What she is.
        role: Role,
    },
    /// Root on the hub's machine (`hygie hub recover`), for who works alone. It owns the base, so no delay would hold
    /// it; the notice goes to all just the same.
    Root,
}

/// One recovery, in each of its states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Its number.
    pub id: RungId,
    /// Who wants back in.
    pub person: PersonId,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
enum State {
    Asked {
        at: Wall,
    },
    Confirmed {
        by: Confirmer,
        at: Wall,
        opens: Wall,
    },
    Done {
        at: Wall,
        /// Who confirmed; none in what an older version wrote.
        #[serde(default)]
        by: Option<Confirmer>,
    },
    Cancelled {
        by: PersonId,
        at: Wall,
    },
}

/// Where it stands now, to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A second person is to confirm, until then.
    Waits {
        /// Until when.
        until: Wall,
    },
    /// Confirmed; it opens then.
    Delayed {
        /// When.
        opens: Wall,
    },
    /// She can come in, until then.
    Open {
        /// Until when.
        until: Wall,
    },
    /// She is back.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// Nobody went on with it in time.
    Lapsed,
}

/// What everybody of the practice is told: on the next screen, and by the alerts. Told is a duty with a heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "notice")]
pub enum Notice {
    /// Somebody wants back in for this person. She herself is told wherever she is still signed in.
    Asked {
        /// Who.
        person: PersonId,
    },
    /// It was confirmed and opens then; whoever doubts stops it.
    Confirmed {
        /// Who wants back in.
        person: PersonId,
        /// Who confirmed.
        by: Confirmer,
        /// When it opens.
        opens: Wall,
    },
    /// It was stopped.
    Cancelled {
        /// Who wanted back in.
        person: PersonId,
        /// Who stopped it.
        by: PersonId,
    },
    /// She is back, and what she had before is worth nothing.
    Done {
        /// Who.
        person: PersonId,
    },
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// One runs already: wait for it, or stop it.
    #[error("a recovery of this person runs")]
    Running,
    /// It was stopped less than [`ASK_AGAIN_AFTER`] ago.
    #[error("a recovery of this person was stopped a short while ago")]
    AskedTooSoon,
    /// She cannot confirm herself.
    #[error("a second person confirms")]
    Oneself,
    /// The role may not, by the table of rights.
    #[error("this role does not confirm a recovery")]
    MayNot,
    /// It does not stand where this is possible; what it waits for is its [`Stage`].
    #[error("the recovery does not stand there")]
    NotNow,
}

/// She is back: the hub carries this out, then opens a short session ([`crate::session::Means::SecondPerson`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Restored {
    /// Who. All her sessions, keys, known browsers, password, codes and her sheet end: they are lost, or somebody
    /// else's now. New keys and a new sheet are made in the session that follows. Her keys in guards' lists are taken
    /// out with another person's signature, as a leaver's are.
    pub person: PersonId,
}

/// It was stopped: tell all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Cancelled(pub Notice);

impl Rung {
    /// Somebody asks for a way back in for `person`. `last` is her latest recovery, if there was one.
    ///
    /// # Errors
    /// [`Refused::Running`] or [`Refused::AskedTooSoon`].
    pub fn ask(
        id: RungId,
        person: PersonId,
        last: Option<&Self>,
        now: Wall,
    ) -> Result<(Self, Notice), Refused> {
        match last.map(|last| (last.stage(now), last.state)) {
            Some((Stage::Waits { .. } | Stage::Delayed { .. } | Stage::Open { .. }, _)) => {
                return Err(Refused::Running);
            }
            Some((_, State::Cancelled { at, .. })) if span::since(now, at) < ASK_AGAIN_AFTER => {
                return Err(Refused::AskedTooSoon);
            }
            Some((Stage::Done | Stage::Cancelled | Stage::Lapsed, _)) | None => {}
        }
        Ok((
            Self {
                id,
                person,
                state: State::Asked { at: now },
            },
            Notice::Asked { person },
        ))
    }

    /// Where it stands.
    #[must_use]
    pub fn stage(&self, now: Wall) -> Stage {
        match self.state {
            State::Asked { at } if span::since(now, at) > WAIT_FOR_CONFIRMATION => Stage::Lapsed,
            State::Asked { at } => Stage::Waits {
                until: span::after(at, WAIT_FOR_CONFIRMATION),
            },
            State::Confirmed { opens, .. } if now < opens => Stage::Delayed { opens },
            State::Confirmed { opens, .. } if span::since(now, opens) > FINISH_WITHIN => {
                Stage::Lapsed
            }
            State::Confirmed { opens, .. } => Stage::Open {
                until: span::after(opens, FINISH_WITHIN),
            },
            State::Done { .. } => Stage::Done,
            State::Cancelled { .. } => Stage::Cancelled,
        }
    }

    /// When root let her back in, for as long as everybody is told: whoever reads it may know that nobody asked.
    #[must_use]
    pub fn opened_by_root(&self, now: Wall) -> Option<Wall> {
        match self.state {
            State::Done {
                at,
                by: Some(Confirmer::Root),
            } if span::since(now, at) <= TOLD_FOR => Some(at),
            State::Done { .. }
            | State::Asked { .. }
            | State::Confirmed { .. }
            | State::Cancelled { .. } => None,
        }
    }

    /// A second person says that it is she: face to face, or by a voice that she knows.
    ///
    /// # Errors
    /// Why not; nothing changed.
    pub fn confirm(&mut self, by: Confirmer, now: Wall) -> Result<Notice, Refused> {
        if !matches!(self.stage(now), Stage::Waits { .. }) {
            return Err(Refused::NotNow);
        }
        let opens = match by {
            Confirmer::Person { person, .. } if person == self.person => {
                return Err(Refused::Oneself);
            }
            Confirmer::Person { role, .. }
                if !Act::ConfirmRecovery.row().allows(Who::Person(role)) =>
            {
                return Err(Refused::MayNot);
            }
            Confirmer::Person { .. } => span::after(now, DELAY),
            Confirmer::Root => now,
        };
        self.state = State::Confirmed { by, at: now, opens };
        Ok(Notice::Confirmed {
            person: self.person,
            by,
            opens,
        })
    }

    /// She herself (signed in somewhere still, or with a key that turned up) or a practitioner stops it.
    ///
    /// # Errors
    /// [`Refused::MayNot`] for others, [`Refused::NotNow`] when it is over.
    pub fn cancel(&mut self, by: PersonId, role: Role, now: Wall) -> Result<Cancelled, Refused> {
        if by != self.person && role != Role::Practitioner {
            return Err(Refused::MayNot);
        }
        match self.stage(now) {
            Stage::Waits { .. } | Stage::Delayed { .. } | Stage::Open { .. } => {
                self.state = State::Cancelled { by, at: now };
                Ok(Cancelled(Notice::Cancelled {
                    person: self.person,
                    by,
                }))
            }
            Stage::Done | Stage::Cancelled | Stage::Lapsed => Err(Refused::NotNow),
        }
    }

    /// She comes in, in the browser in which it was asked for. Once.
    ///
    /// # Errors
    /// [`Refused::NotNow`].
    pub fn finish(&mut self, now: Wall) -> Result<(Restored, Notice), Refused> {
        if !matches!(self.stage(now), Stage::Open { .. }) {
            return Err(Refused::NotNow);
        }
        let by = match self.state {
            State::Confirmed { by, .. } => Some(by),
            State::Asked { .. } | State::Done { .. } | State::Cancelled { .. } => None,
        };
        self.state = State::Done { at: now, by };
        Ok((
            Restored {
                person: self.person,
            },
            Notice::Done {
                person: self.person,
            },
        ))
    }
}

#[cfg(test)]
mod tests;
