//! A one-time code that root makes on the hub's machine (`hygie hub recover`), for when all who could confirm lost everything.
//! Whoever owns the machine owns the base: the code gives root nothing new, it gives it a way that is told to everybody.

use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::secret::{Code, Digest, Purpose};
use crate::setup::{Origin, SERVES_FOR};
use crate::span;

/// A code that waits for its one use, for one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootCode {
    login: String,
    digest: Digest,
    made: Wall,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RootRefused {
    /// It serves on the machine itself only; it was not even looked at.
    #[error("the code serves on the machine itself only")]
    NotHere,
    /// It is over: make another one.
    #[error("the code has ended")]
    TooLate,
    /// Another code, or for somebody else.
    #[error("not this code")]
    Wrong,
}

impl RootCode {
    /// A code is told, for who signs in with this name.
    #[must_use]
    pub fn begin(login: &str, code: &Code, now: Wall) -> Self {
        Self {
            login: login.to_owned(),
            digest: code.digest(Purpose::Root),
            made: now,
        }
    }

    /// Until when it serves.
    #[must_use]
    pub fn until(&self) -> Wall {
        span::after(self.made, SERVES_FOR)
    }

    /// What tells it from every other one: whoever keeps this knows that it has served.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether it opens for this name, from there, now. That it serves once is for the base to keep.
    ///
    /// # Errors
    /// Why not.
    pub fn opens(
        &self,
        (login, typed): (&str, &str),
        from: Origin,
        now: Wall,
    ) -> Result<(), RootRefused> {
        // A clock set back before the code was made says nothing about its age: it has ended.
        let ended = now < self.made || span::since(now, self.made) > SERVES_FOR;
        let same = || {
            let code = Code::parse(typed)?;
            Some(code.digest(Purpose::Root) == self.digest && login == self.login)
        };
        match from {
            Origin::Network => Err(RootRefused::NotHere),
            Origin::Loopback if ended => Err(RootRefused::TooLate),
            Origin::Loopback if same() == Some(true) => Ok(()),
            Origin::Loopback => Err(RootRefused::Wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::CODE_BYTES;

    const NOW: Wall = Wall(1_790_000_000_000_000_000);

    #[test]
    fn it_opens_for_one_name_here_and_for_half_an_hour() {
        let code = Code::of([5; CODE_BYTES]);
        let text = code.to_text();
        let typed = text.expose();
        let waits = RootCode::begin("claire", &code, NOW);
        let opens = |login, typed, from, at| waits.opens((login, typed), from, at);
        let small = typed.to_lowercase();
        assert_eq!(
            opens("claire", &small, Origin::Loopback, waits.until()),
            Ok(())
        );
        for (login, typed, from, at, why) in [
            ("claire", typed, Origin::Network, NOW, RootRefused::NotHere),
            ("paul", typed, Origin::Loopback, NOW, RootRefused::Wrong),
            ("claire", "K7QX", Origin::Loopback, NOW, RootRefused::Wrong),
            (
                "claire",
                typed,
                Origin::Loopback,
                Wall(waits.until().0 + 1),
                RootRefused::TooLate,
            ),
            (
                "claire",
                typed,
                Origin::Loopback,
                Wall(NOW.0 - 1),
                RootRefused::TooLate,
            ),
        ] {
            assert_eq!(
                opens(login, typed, from, at),
                Err(why),
                "{login} {typed} {from:?}"
            );
        }
        let other = Code::of([6; CODE_BYTES]).to_text();
        assert_eq!(
            opens("claire", other.expose(), Origin::Loopback, NOW),
            Err(RootRefused::Wrong)
        );
    }

    #[test]
    fn it_is_kept_without_the_code() {
        let code = Code::of([5; CODE_BYTES]);
        let waits = RootCode::begin("claire", &code, NOW);
        let kept = serde_json::to_string(&waits).unwrap();
        assert!(!kept.contains(code.to_text().expose()));
        assert_eq!(serde_json::from_str::<RootCode>(&kept).unwrap(), waits);
        // A code of the set-up is none of these.
        assert_ne!(waits.digest(), code.digest(Purpose::SetUp));
    }
}
