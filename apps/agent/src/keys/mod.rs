//! Whose passkeys the guard believes, and what it has asked to be signed: the hub hands keys in, root or a believed key
//! has one believed, and a signature serves for the one thing that the guard's own challenge named.

mod asked;
mod list;
#[cfg(test)]
mod tests;
mod words;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hygie_identity::passkey::{self, ANSWER_WITHIN, Confirmation, NONCE_BYTES, Refused};
use hygie_model::{Mono, PersonId, Wall};
use rustix::rand::{GetRandomFlags, getrandom};
use serde_json::Value;

use crate::StateDir;

use asked::{Asked, Waiting};
pub use asked::{Deed, Forgets};
pub use list::By;
pub(crate) use list::NotListed;
use list::{Lists, Trusted};
pub use words::{Challenge, Console, KeyTold, Keys as KeysTold, NotSigned, Proposed, Withdrawn};

/// The passkeys of this device's guard. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Mutex<Inner>>);

struct Inner {
    lists: Lists,
    asked: Asked,
}

/// A signature that holds.
#[derive(Debug)]
pub(crate) struct Signature {
    /// Whose.
    pub(crate) person: PersonId,
    /// By which key.
    pub(crate) mark: String,
    /// For what.
    pub(crate) deed: Deed,
}

impl Keys {
    /// Those of this folder; what was asked before a restart is gone.
    pub(crate) fn at(state: &StateDir) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            lists: Lists::at(state),
            asked: Asked::default(),
        })))
    }

    /// The believed and the proposed keys.
    pub(crate) fn told(&self) -> KeysTold {
        self.inner().lists.told()
    }

    /// Takes a key that the hub hands in. It is believed no more for that.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn propose(&self, proposed: &Proposed, now: Wall) -> Result<KeyTold, NotListed> {
        self.inner().lists.propose(proposed, now)
    }

    /// A key of either list.
    ///
    /// # Errors
    /// The list of believed keys is damaged.
    pub(crate) fn find(&self, mark: &str) -> Result<Option<KeyTold>, NotListed> {
        self.inner().lists.find(mark)
    }

    /// Believes a proposed key from now on.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn trust(&self, mark: &str, by: By, now: Wall) -> Result<KeyTold, NotListed> {
        self.inner().lists.trust(mark, by, now)
    }

    /// Believes it no more, and forgets that it was proposed.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn distrust(&self, mark: &str) -> Result<KeyTold, NotListed> {
        self.inner().lists.distrust(mark)
    }

    /// Believes keys of a person no more that the hub took back: the one of that mark, or all. The last believed key of all
    /// stays, and what goes waits among the proposed ones, so that one word brings it back.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn withdraw(
        &self,
        person: PersonId,
        key: Option<&str>,
        now: Wall,
    ) -> Result<Withdrawn, NotListed> {
        self.inner().lists.withdraw(person, key, now)
    }

    /// Asks a person to sign for a deed.
    ///
    /// # Errors
    /// None of her keys is believed.
    pub(crate) fn ask(
        &self,
        person: PersonId,
        deed: Deed,
        (now, mono): (Wall, Mono),
    ) -> Result<Challenge, NotSigned> {
        let mut inner = self.inner();
        let trusted = inner.lists.trusted()?;
        let Some(newest) = trusted.keys.iter().rfind(|key| key.person == person) else {
            return Err(NotSigned::NoKey);
        };
        // A browser signs for one name at a time: the one that was believed last.
        let console = newest.console.clone();
        let keys: Vec<_> = trusted
            .of(person, &console)
            .map(|key| key.key.clone())
            .collect();
        let on = serde_json::to_string(&deed).map_err(|_| NotSigned::Broken)?;
        let confirmation = Confirmation {
            practice: console.practice,
            device: trusted.device,
            person,
            act: deed.act(),
            on,
            until: later(now),
            nonce: random()?,
        };
        let options = console.site()?.ask(&confirmation, &keys)?;
        let challenge = Challenge {
            id: data_encoding::HEXLOWER.encode(&random::<16>()?),
            until: confirmation.until,
            deed: deed.clone(),
            options: serde_json::to_value(options).map_err(|_| NotSigned::Broken)?,
        };
        inner.asked.add(
            Waiting {
                id: challenge.id.clone(),
                confirmation,
                console,
                deed,
                since: mono,
            },
            mono,
        );
        Ok(challenge)
    }

    /// Checks an answer, with the key as the guard has it. The question is gone with the first answer, whatever it is.
    ///
    /// # Errors
    /// Why it does not hold.
    pub(crate) fn check(
        &self,
        id: &str,
        answer: &Value,
        (now, mono): (Wall, Mono),
    ) -> Result<Signature, NotSigned> {
        let mut inner = self.inner();
        let waiting = inner.asked.take(id, mono).ok_or(NotSigned::Gone)?;
        let answer = passkey::read_answer(answer.to_string().as_bytes())?;
        let mut trusted: Trusted = inner.lists.trusted()?;
        let (person, answered) = (waiting.confirmation.person, passkey::key_of(&answer));
        let key = trusted
            .of_mut(person, &waiting.console)
            .find(|key| key.key.id() == answered)
            .ok_or(NotSigned::UnknownKey)?;
        let site = waiting.console.site()?;
        site.confirm(&waiting.confirmation, &answer, &mut key.key, now)?;
        let mark = key.mark.clone();
        // Without its new counter on disk a copy of the key could pass for it.
        inner.lists.keep(&trusted).map_err(|_| NotSigned::Broken)?;
        Ok(Signature {
            person,
            mark,
            deed: waiting.deed,
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Refused> for NotSigned {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooLate => Self::Gone,
            Refused::NoKey => Self::NoKey,
            Refused::UnknownKey => Self::UnknownKey,
            Refused::Copied => Self::Copied,
            Refused::Broken => Self::Broken,
            Refused::NotReadable
            | Refused::OtherPerson
            | Refused::OtherSite
            | Refused::NotVerified
            | Refused::OtherChallenge
            | Refused::Changed
            | Refused::Forged => Self::Wrong,
        }
    }
}

impl From<NotListed> for NotSigned {
    fn from(_: NotListed) -> Self {
        Self::Damaged
    }
}

/// Bytes that nobody can guess.
fn random<const N: usize>() -> Result<[u8; N], NotSigned> {
    let mut bytes = [0; N];
    match getrandom(&mut bytes, GetRandomFlags::empty()) {
        Ok(drawn) if drawn == N => Ok(bytes),
        Ok(_) | Err(_) => Err(NotSigned::Broken),
    }
}

fn later(now: Wall) -> Wall {
    let time = i64::try_from(ANSWER_WITHIN.as_nanos()).unwrap_or(i64::MAX);
    Wall(now.0.saturating_add(time))
}

const _: () = assert!(NONCE_BYTES == 32, "each question has 32 bytes of chance");
