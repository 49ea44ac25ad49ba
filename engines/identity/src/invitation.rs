//! Invitations by a link: one person, one role, once, for a few days. The link is handed over by whoever invites, by
//! paper, telephone or a message of her own: nothing here waits for outgoing mail.

use std::time::Duration;

use hygie_model::{PersonId, PracticeId, Role, Wall};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::secret::{Digest, Purpose, Token};
use crate::span;

/// How long a link serves: over a weekend, not over a month. The figure is ours.
pub const SERVES_FOR: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Number of an invitation, for lists and buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InvitationId(pub Uuid);

/// An invitation, in each of its states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its number.
    pub id: InvitationId,
    /// Into which practice.
    pub practice: PracticeId,
    /// As what. Who takes it cannot change it.
    pub role: Role,
    /// Who invited.
    pub by: PersonId,
    /// When.
    pub made: Wall,
    digest: Digest,
    state: State,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Open,
    Taken { by: PersonId, at: Wall },
    TakenBack { by: PersonId, at: Wall },
}

/// Why a link opens nothing. To a stranger they all look alike; the list of invitations tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Another link.
    #[error("not this link")]
    Wrong,
    /// It has served: ask for a new one, and ask who took it.
    #[error("the link has served")]
    Taken,
    /// Whoever invited took it back.
    #[error("the invitation was taken back")]
    TakenBack,
    /// It has ended: ask for a new one.
    #[error("the link has ended")]
    TooLate,
}

impl Invitation {
    /// Somebody invites.
    #[must_use]
    pub fn make(
        id: InvitationId,
        token: &Token,
        practice: PracticeId,
        role: Role,
        by: PersonId,
        now: Wall,
    ) -> Self {
        let digest = token.digest(Purpose::Invitation);
        Self {
            id,
            practice,
            role,
            by,
            made: now,
            digest,
            state: State::Open,
        }
    }

    /// What the base finds it by.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Until when the link serves.
    #[must_use]
    pub fn until(&self) -> Wall {
        span::after(self.made, SERVES_FOR)
    }

    /// Whether it can be taken now.
    ///
    /// # Errors
    /// Why not.
    pub fn is_open(&self, now: Wall) -> Result<(), Refused> {
        match self.state {
            State::Taken { .. } => Err(Refused::Taken),
            State::TakenBack { .. } => Err(Refused::TakenBack),
            State::Open if span::since(now, self.made) > SERVES_FOR => Err(Refused::TooLate),
            State::Open => Ok(()),
        }
    }

    /// The link was opened and the page filled in: `person` is somebody of the practice now.
    ///
    /// # Errors
    /// Why not; nothing changed.
    pub fn take(&mut self, token: &Token, person: PersonId, now: Wall) -> Result<Role, Refused> {
        if token.digest(Purpose::Invitation) != self.digest {
            return Err(Refused::Wrong);
        }
        self.is_open(now)?;
        self.state = State::Taken {
            by: person,
            at: now,
        };
        Ok(self.role)
    }

    /// Somebody takes it back.
    ///
    /// # Errors
    /// [`Refused::Taken`]: close the person's access instead.
    pub fn take_back(&mut self, by: PersonId, now: Wall) -> Result<(), Refused> {
        match self.state {
            State::Taken { .. } => Err(Refused::Taken),
            State::TakenBack { .. } => Ok(()),
            State::Open => {
                self.state = State::TakenBack { by, at: now };
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Wall = Wall(1_790_000_000_000_000_000);
    const CLAIRE: PersonId = PersonId(Uuid::from_u128(1));
    const SOFIA: PersonId = PersonId(Uuid::from_u128(2));

    fn invited() -> Invitation {
        let practice = PracticeId(Uuid::from_u128(9));
        Invitation::make(
            InvitationId(Uuid::from_u128(3)),
            &Token::of([1; 32]),
            practice,
            Role::Assistant,
            CLAIRE,
            NOW,
        )
    }

    #[test]
    fn it_serves_once_and_for_its_role() {
        let mut one = invited();
        assert_eq!(
            one.take(&Token::of([2; 32]), SOFIA, NOW),
            Err(Refused::Wrong)
        );
        assert_eq!(
            one.take(&Token::of([1; 32]), SOFIA, one.until()),
            Ok(Role::Assistant)
        );
        assert_eq!(
            one.take(&Token::of([1; 32]), SOFIA, NOW),
            Err(Refused::Taken)
        );
        assert_eq!(one.take_back(CLAIRE, NOW), Err(Refused::Taken));
    }

    #[test]
    fn it_ends_and_can_be_taken_back() {
        let mut one = invited();
        assert_eq!(
            one.take(&Token::of([1; 32]), SOFIA, Wall(one.until().0 + 1)),
            Err(Refused::TooLate)
        );
        assert_eq!(one.take_back(CLAIRE, NOW), Ok(()));
        assert_eq!(one.take_back(CLAIRE, NOW), Ok(()));
        assert_eq!(
            one.take(&Token::of([1; 32]), SOFIA, NOW),
            Err(Refused::TakenBack)
        );
        let kept = serde_json::to_string(&one).unwrap();
        assert!(!kept.contains(Token::of([1; 32]).to_text().expose()));
        assert_eq!(serde_json::from_str::<Invitation>(&kept).unwrap(), one);
    }

    proptest! {
        /// In whatever order things happen, a link makes one person at the most.
        #[test]
        fn one_link_one_person(acts in proptest::collection::vec((0u8..3, -400_000i64..400_000), 0..30)) {
            let mut one = invited();
            let mut people = 0;
            for (act, seconds) in acts {
                let now = Wall(NOW.0 + seconds * 1_000_000_000);
                match act {
                    0 => people += usize::from(one.take(&Token::of([1; 32]), SOFIA, now).is_ok()),
                    1 => people += usize::from(one.take(&Token::of([9; 32]), SOFIA, now).is_ok()),
                    _ => { let _ = one.take_back(CLAIRE, now); }
                }
            }
            prop_assert!(people <= 1);
        }
    }
}
