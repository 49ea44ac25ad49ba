//! The one-time code of the first start. There is no default password: whoever can read the terminal, or the root-only
//! file of the service, makes the first practitioner.

use std::time::Duration;

use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::secret::{Code, Digest, Purpose};
use crate::span;

/// How long a code serves (CONTRACTS.md).
pub const SERVES_FOR: Duration = Duration::from_secs(30 * 60);

/// Where a request comes from, by the address of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The machine itself.
    Loopback,
    /// Anywhere else.
    Network,
}

/// A code that waits for its one use. There is one at a time; a new start makes a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    digest: Digest,
    made: Wall,
}

/// The code has served: whoever holds this sets the console up. It is consumed with the first practitioner.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Opened(());

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Set-up is done on the machine itself; the code was not even looked at.
    #[error("set-up serves the machine itself only")]
    NotHere,
    /// It is over: start `hygie up` again for a new one.
    #[error("the code has ended")]
    TooLate,
    /// Another code.
    #[error("not this code")]
    Wrong,
}

impl SetUp {
    /// A code is told.
    #[must_use]
    pub fn begin(code: &Code, now: Wall) -> Self {
        Self {
            digest: code.digest(Purpose::SetUp),
            made: now,
        }
    }

    /// Until when it serves.
    #[must_use]
    pub fn until(&self) -> Wall {
        span::after(self.made, SERVES_FOR)
    }

    /// Somebody typed a code. On success the code is gone; else it comes back with the reason.
    ///
    /// # Errors
    /// Itself, and why not.
    pub fn take(self, typed: &str, from: Origin, now: Wall) -> Result<Opened, (Self, Refused)> {
        // A clock set back before the code was made says nothing about its age: it has ended.
        let ended = now < self.made || span::since(now, self.made) > SERVES_FOR;
        match from {
            Origin::Network => Err((self, Refused::NotHere)),
            Origin::Loopback if ended => Err((self, Refused::TooLate)),
            Origin::Loopback => match Code::parse(typed) {
                Some(code) if code.digest(Purpose::SetUp) == self.digest => Ok(Opened(())),
                Some(_) | None => Err((self, Refused::Wrong)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::CODE_BYTES;

    const NOW: Wall = Wall(1_790_000_000_000_000_000);

    fn code() -> Code {
        Code::of([5; CODE_BYTES])
    }

    #[test]
    fn it_serves_once_here_and_for_half_an_hour() {
        let waits = SetUp::begin(&code(), NOW);
        let typed = code().to_text();
        let typed = typed.expose();
        let refused = |from, at| {
            waits
                .take(typed, from, at)
                .map_err(|(_, why)| why)
                .map(|_| ())
        };
        assert_eq!(refused(Origin::Network, NOW), Err(Refused::NotHere));
        assert_eq!(
            refused(Origin::Loopback, Wall(waits.until().0 + 1)),
            Err(Refused::TooLate)
        );
        assert_eq!(
            refused(Origin::Loopback, Wall(NOW.0 - 1)),
            Err(Refused::TooLate)
        );
        assert_eq!(
            waits.take("K7QX", Origin::Loopback, NOW).unwrap_err().1,
            Refused::Wrong
        );
        let other = Code::of([6; CODE_BYTES]).to_text();
        let (waits, why) = waits
            .take(other.expose(), Origin::Loopback, NOW)
            .unwrap_err();
        assert_eq!(why, Refused::Wrong);
        assert_eq!(
            waits.take(&typed.to_lowercase(), Origin::Loopback, waits.until()),
            Ok(Opened(()))
        );
    }

    #[test]
    fn it_is_kept_without_the_code() {
        let waits = SetUp::begin(&code(), NOW);
        let kept = serde_json::to_string(&waits).unwrap();
        assert!(!kept.contains(code().to_text().expose()));
        assert_eq!(serde_json::from_str::<SetUp>(&kept).unwrap(), waits);
    }
}
