//! What the post answers: it holds the roads, and lets so many letters go and no more.

use std::{
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use hygie_model::{
    Mono, Wall,
    letter::{Letter, Slot, Trouble},
};
use hygie_platform::linux::secrets::SecretsError;
use hygie_post::{Taken, Trust, is_letter, send};
use hygie_wire::post::{Answer, Ask, Refusal};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    pace::Pace,
    roads::{NotKept, Roads},
};

/// Where questions are answered, several at once.
pub(crate) struct Desk {
    roads: Mutex<Roads>,
    trust: Trust,
    pace: Mutex<Pace>,
    at_once: Semaphore,
    clock: Clock,
}

/// What the time is; a test has its own.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// On the wall.
    pub(crate) wall: fn() -> Wall,
    /// For measuring.
    pub(crate) mono: fn() -> Mono,
}

impl Desk {
    pub(crate) fn new(roads: Roads, trust: Trust, clock: Clock) -> Self {
        Self {
            roads: Mutex::new(roads),
            trust,
            pace: Mutex::default(),
            at_once: Semaphore::new(AT_ONCE),
            clock,
        }
    }

    /// Answers one question.
    pub(crate) async fn answer(&self, ask: Ask) -> Answer {
        match ask {
            Ask::State {} => {
                let roads = lock(&self.roads);
                Answer::State {
                    first: roads.shown(Slot::First),
                    second: roads.shown(Slot::Second),
                }
            }
            Ask::Keep { slot, road, secret } => match lock(&self.roads).keep(slot, road, secret) {
                Ok(()) => Answer::Kept {},
                Err(NotKept::Flaw(flaw)) => refused(Refusal::Road { flaw }),
                Err(NotKept::Failed(error)) => failed(&error),
            },
            Ask::Drop { slot } => match lock(&self.roads).forget(slot) {
                Ok(()) => Answer::Dropped {},
                Err(error) => failed(&error),
            },
            Ask::Send { slot, id, letter } => {
                if !is_letter(&letter) {
                    return refused(Refusal::Letter);
                }
                match self.send(slot, id, &letter).await {
                    Ok(Taken { left_out }) => Answer::Taken { left_out },
                    Err(trouble) => Answer::NotTaken { trouble },
                }
            }
        }
    }

    async fn send(&self, slot: Slot, id: Uuid, letter: &Letter) -> Result<Taken, Trouble> {
        let way = lock(&self.roads).way(slot).ok_or(Trouble::NoRoad)?;
        let _going = self.at_once.try_acquire().map_err(|_| Trouble::Full)?;
        lock(&self.pace)
            .take((self.clock.mono)())
            .ok_or(Trouble::Full)?;
        send(&self.trust, &way, id, letter, (self.clock.wall)()).await
    }
}

/// Nothing is left half done where somebody panicked: what is kept is put in its place whole.
fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) const fn refused(why: Refusal) -> Answer {
    Answer::Refused { why }
}

fn failed(error: &SecretsError) -> Answer {
    // To the system's journal: what is wrong with the folder is for whoever can mend it.
    let _ = writeln!(io::stderr(), "hygie post: {error}");
    refused(Refusal::Failed)
}

/// Letters on their way at the same time.
pub(crate) const AT_ONCE: usize = 4;
