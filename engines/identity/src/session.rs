//! Who is signed in where: states that end by themselves, can be seen, and can be ended from elsewhere.
//! Kept is a digest of the cookie, so that who reads the base signs in as nobody.

mod browser;

use std::time::Duration;

use hygie_model::{PersonId, Role, Wall};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::secret::{Digest, Purpose, Token};
use crate::span::{self, HOUR, MINUTE};

pub use browser::{Browser, Family, System};

/// Number of a session, for lists and buttons; the cookie is not to be had from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

/// How long a session of a role lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without a gesture of a person. A live page that updates itself is none.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
}

impl Limits {
    /// OWASP's Session Management Cheat Sheet: 2 to 5 minutes idle for what is worth most, 15 to 30 where the risk is low,
    /// 4 to 8 hours in all for an office. NIST SP 800-63B-4 at AAL2: at most an hour idle and a day in all. A practice
    /// steps up for what weighs ([`crate::rights::FRESH`]), so 15 minutes and a working day; who comes from outside
    /// and can change settings gets less; who watches counts on a wall may look longer.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        let (idle, hours) = match role {
            Role::Practitioner | Role::Assistant => (15, 8),
            Role::ItProvider => (10, 4),
            Role::MonitoringOperator => (30, 8),
        };
        Self {
            idle: Duration::from_secs(idle * 60),
            absolute: Duration::from_secs(hours * 3_600),
        }
    }
}

/// How she showed who she is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// A passkey.
    Passkey,
    /// Name, password and the code of an app.
    PasswordAndCode,
    /// A code of her recovery sheet: a short session, to make new keys in.
    RecoverySheet,
    /// A second person confirmed her, and the delay is over: the same.
    SecondPerson,
    /// The set-up code or an invitation: the same, for the first keys.
    FirstTime,
}

impl Means {
    /// A session that is there to make keys in lasts as long as that takes.
    const fn most(self) -> Duration {
        match self {
            Self::Passkey | Self::PasswordAndCode => Duration::MAX,
            Self::RecoverySheet | Self::SecondPerson | Self::FirstTime => HALF_AN_HOUR,
        }
    }
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Nobody did anything for too long.
    #[error("idle for too long")]
    Idle,
    /// It lasted as long as it may.
    #[error("as old as a session gets")]
    Old,
    /// She signed out.
    #[error("signed out")]
    SignedOut,
    /// She, or a practitioner, ended it from elsewhere.
    #[error("ended from elsewhere")]
    FromElsewhere,
    /// Her access was closed, her role changed, or she recovered: all sessions end.
    #[error("her access changed")]
    AccessChanged,
    /// The clock was set back by more than a correction: nobody knows how old it is.
    #[error("the clock was set back")]
    Clock,
}

/// One sign-in of one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// Who.
    pub person: PersonId,
    /// How.
    pub means: Means,
    /// What with, as the browser says.
    pub browser: Browser,
    digest: Digest,
    created: Wall,
    used: Wall,
    proved: Wall,
    ended: Option<(Ended, Wall)>,
}

/// What a request did to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// Nothing that needs a write.
    Same,
    /// It was used: keep it.
    Keep,
}

impl Session {
    /// Somebody signed in. The token is new at each sign-in, so one that was planted before is worth nothing.
    #[must_use]
    pub fn open(
        id: SessionId,
        token: &Token,
        person: PersonId,
        means: Means,
        browser: Browser,
        now: Wall,
    ) -> Self {
        Self {
            id,
            person,
            means,
            browser,
            digest: token.digest(Purpose::Session),
            created: now,
            used: now,
            proved: now,
            ended: None,
        }
    }

    /// What the base finds it by.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// When it began.
    #[must_use]
    pub const fn created(&self) -> Wall {
        self.created
    }

    /// When it was used last, to the minute.
    #[must_use]
    pub const fn used(&self) -> Wall {
        self.used
    }

    /// When she last showed who she is, for [`crate::rights::judge`].
    #[must_use]
    pub const fn proved(&self) -> Wall {
        self.proved
    }

    /// Whether it is over, and why. The role is asked for each time: it may have changed.
    #[must_use]
    pub fn ended(&self, role: Role, now: Wall) -> Option<Ended> {
        if let Some((why, _)) = self.ended {
            return Some(why);
        }
        let limits = Limits::of(role);
        let absolute = limits.absolute.min(self.means.most());
        if self.created > span::after(now, CORRECTION) || self.used > span::after(now, CORRECTION) {
            Some(Ended::Clock)
        } else if span::since(now, self.created) >= absolute {
            Some(Ended::Old)
        } else if span::since(now, self.used) >= limits.idle {
            Some(Ended::Idle)
        } else {
            None
        }
    }

    /// A person did something. Written once a minute at the most.
    ///
    /// # Errors
    /// Why it is over.
    pub fn touch(&mut self, role: Role, now: Wall) -> Result<Touched, Ended> {
        if let Some(why) = self.ended(role, now) {
            return Err(why);
        }
        if span::since(now, self.used) < MINUTE {
            return Ok(Touched::Same);
        }
        self.used = now;
        Ok(Touched::Keep)
    }

    /// She showed once more who she is. The cookie changes with it, so that one that leaked before gains nothing.
    ///
    /// # Errors
    /// Why it is over.
    pub fn step_up(
        &mut self,
        token: &Token,
        means: Means,
        role: Role,
        now: Wall,
    ) -> Result<(), Ended> {
        self.touch(role, now)?;
        self.digest = token.digest(Purpose::Session);
        self.means = means;
        self.proved = now;
        self.used = now;
        Ok(())
    }

    /// Ends it. The first reason stays.
    pub fn end(&mut self, why: Ended, now: Wall) {
        self.ended.get_or_insert((why, now));
    }
}

/// How many sessions one person has at the most.
pub const MOST: usize = 20;

/// Which of a person's sessions end when one more begins: those that were used longest ago.
#[must_use]
pub fn too_many(sessions: &[Session]) -> Vec<SessionId> {
    let mut live: Vec<&Session> = sessions
        .iter()
        .filter(|session| session.ended.is_none())
        .collect();
    live.sort_by_key(|session| session.used);
    let over = (live.len() + 1).saturating_sub(MOST);
    live.into_iter()
        .take(over)
        .map(|session| session.id)
        .collect()
}

const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
/// How far a clock is put right without ending sessions.
const CORRECTION: Duration = Duration::from_secs(5 * 60);
const _: () = assert!(HALF_AN_HOUR.as_secs() < HOUR.as_secs());

#[cfg(test)]
mod tests;
