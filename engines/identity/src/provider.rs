//! An IT provider's way in: opened for a time by somebody of the practice, and it ends by itself.
//! One opening for one intervention, as MonAideCyber asks of remote access; the account outlives it, and opens nothing alone.

use std::time::Duration;

use hygie_model::{PersonId, Role, Wall};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::rights::{Act, Who};
use crate::span;

/// The longest opening: a day of work. The figure is ours; a contract over months is many openings.
pub const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// What the page proposes.
pub const USUAL: Duration = Duration::from_secs(2 * 60 * 60);

/// Number of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpeningId(pub Uuid);

/// A time for which one provider may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Its number.
    pub id: OpeningId,
    /// Who may come in.
    pub provider: PersonId,
    /// Who opened.
    pub by: PersonId,
    /// From when.
    pub from: Wall,
    until: Wall,
    ended: Option<(PersonId, Wall)>,
}

/// Why a time is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Longer than [`LONGEST`], or no time at all.
    #[error("a time of one minute to twelve hours can be opened")]
    Length,
    /// Not a provider: others need no opening.
    #[error("only an IT provider needs an opening")]
    NotAProvider,
    /// Who opens may not, by the table of rights.
    #[error("this role does not let a provider in")]
    MayNot,
}

impl Opening {
    /// Somebody lets a provider in.
    ///
    /// # Errors
    /// Why not.
    pub fn open(
        id: OpeningId,
        provider: (PersonId, Role),
        by: (PersonId, Role),
        span: Duration,
        now: Wall,
    ) -> Result<Self, Refused> {
        if provider.1 != Role::ItProvider {
            return Err(Refused::NotAProvider);
        }
        // The route asks the table too. Here it stands because a provider who could open for herself would never end.
        if !Act::OpenProvider.row().allows(Who::Person(by.1)) {
            return Err(Refused::MayNot);
        }
        if span < span::MINUTE || span > LONGEST {
            return Err(Refused::Length);
        }
        let until = span::after(now, span);
        Ok(Self {
            id,
            provider: provider.0,
            by: by.0,
            from: now,
            until,
            ended: None,
        })
    }

    /// Until when, as it stands.
    #[must_use]
    pub fn until(&self) -> Wall {
        self.ended.map_or(self.until, |(_, at)| self.until.min(at))
    }

    /// True while it is open. Before its beginning (a clock set back) it is not.
    #[must_use]
    pub fn is_open(&self, now: Wall) -> bool {
        self.from <= now && now < self.until()
    }

    /// Somebody of the practice, or the provider, ends it.
    pub fn end(&mut self, by: PersonId, now: Wall) {
        self.ended.get_or_insert((by, now));
    }
}

/// Whether somebody of this role may be signed in now: asked at sign-in and at each request, so that a session ends
/// with the opening.
#[must_use]
pub fn may_be_in(person: PersonId, role: Role, openings: &[Opening], now: Wall) -> bool {
    match role {
        Role::ItProvider => openings
            .iter()
            .any(|opening| opening.provider == person && opening.is_open(now)),
        Role::Practitioner | Role::Assistant | Role::MonitoringOperator => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Wall = Wall(1_790_000_000_000_000_000);
    const PROVIDER: (PersonId, Role) = (PersonId(Uuid::from_u128(1)), Role::ItProvider);
    const SOFIA: (PersonId, Role) = (PersonId(Uuid::from_u128(2)), Role::Assistant);

    fn open(span: Duration) -> Result<Opening, Refused> {
        Opening::open(OpeningId(Uuid::from_u128(3)), PROVIDER, SOFIA, span, NOW)
    }

    #[test]
    fn it_ends_by_itself_and_by_hand() {
        let mut one = open(USUAL).unwrap();
        let (last, end) = (Wall(one.until().0 - 1), one.until());
        for (at, inside) in [
            (Wall(NOW.0 - 1), false),
            (NOW, true),
            (last, true),
            (end, false),
        ] {
            assert_eq!(
                may_be_in(PROVIDER.0, PROVIDER.1, &[one], at),
                inside,
                "{at:?}"
            );
        }
        one.end(SOFIA.0, Wall(NOW.0 + 10));
        assert!(one.is_open(Wall(NOW.0 + 9)) && !one.is_open(Wall(NOW.0 + 10)));
        one.end(SOFIA.0, Wall(NOW.0 + 99));
        assert_eq!(one.until(), Wall(NOW.0 + 10), "the first end counts");
    }

    #[test]
    fn it_is_of_one_provider_and_others_need_none() {
        let one = open(USUAL).unwrap();
        assert!(!may_be_in(
            PersonId(Uuid::from_u128(8)),
            Role::ItProvider,
            &[one],
            NOW
        ));
        assert!(!may_be_in(PROVIDER.0, PROVIDER.1, &[], NOW));
        for role in [
            Role::Practitioner,
            Role::Assistant,
            Role::MonitoringOperator,
        ] {
            assert!(may_be_in(SOFIA.0, role, &[], NOW));
        }
    }

    #[test]
    fn what_is_no_opening_is_refused() {
        let id = OpeningId(Uuid::from_u128(3));
        assert_eq!(open(Duration::ZERO), Err(Refused::Length));
        assert_eq!(
            open(LONGEST + Duration::from_nanos(1)),
            Err(Refused::Length)
        );
        assert_eq!(
            Opening::open(id, PROVIDER, PROVIDER, USUAL, NOW),
            Err(Refused::MayNot),
            "nobody opens for herself"
        );
        assert_eq!(
            Opening::open(id, SOFIA, SOFIA, USUAL, NOW),
            Err(Refused::NotAProvider)
        );
    }

    proptest! {
        #[test]
        fn no_opening_outlasts_the_longest(minutes in 1u64..=720, after in 0u64..2_000, ended in proptest::option::of(0u64..2_000)) {
            let mut one = open(Duration::from_secs(minutes * 60)).unwrap();
            let at = |minutes: u64| span::after(NOW, Duration::from_secs(minutes * 60));
            if let Some(ended) = ended {
                one.end(SOFIA.0, at(ended));
            }
            let wanted = after < minutes && ended.is_none_or(|ended| after < ended);
            prop_assert_eq!(one.is_open(at(after)), wanted);
        }
    }
}
