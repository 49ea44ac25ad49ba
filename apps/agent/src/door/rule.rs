//! Who may ask what: one row a message.

use super::Question;

/// How an asker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Root.
    Root,
    /// A member of the group `hygie`.
    Member,
    /// Anybody else.
    Stranger,
}

/// What becomes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is answered.
    Answered,
    /// It is answered for what this user could do himself, and no more.
    AsUser,
    /// It is not for this asker.
    Refused,
}

/// A message without a row does not compile.
pub(super) fn judge(rank: Rank, question: &Question) -> Verdict {
    match (question, rank) {
        (Question::Status | Question::Events { .. }, Rank::Root | Rank::Member) => {
            Verdict::Answered
        }
        (Question::Status | Question::Events { .. }, Rank::Stranger) => Verdict::Refused,
        (
            Question::Versions { .. } | Question::Plan { .. } | Question::Restore { .. },
            Rank::Root | Rank::Member | Rank::Stranger,
        ) => Verdict::AsUser,
        // They weaken the protection.
        (Question::Forget { .. } | Question::Stop, Rank::Root) => Verdict::Answered,
        (Question::Forget { .. } | Question::Stop, Rank::Member | Rank::Stranger) => {
            Verdict::Refused
        }
        // What happened is for all who work here; whose files it happened to is not.
        (Question::Incidents, Rank::Root | Rank::Member) => Verdict::Answered,
        (Question::Incidents, Rank::Stranger) => Verdict::Refused,
        // They name or change files of everybody, or weaken the protection.
        (
            Question::Incident { .. }
            | Question::UndoPlan { .. }
            | Question::Undo { .. }
            | Question::Redo { .. }
            | Question::Allow { .. }
            | Question::Revoke { .. },
            Rank::Root,
        ) => Verdict::Answered,
        (
            Question::Incident { .. }
            | Question::UndoPlan { .. }
            | Question::Undo { .. }
            | Question::Redo { .. }
            | Question::Allow { .. }
            | Question::Revoke { .. },
            Rank::Member | Rank::Stranger,
        ) => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Rank::{Member, Root, Stranger},
        Verdict::{Answered, AsUser, Refused},
        *,
    };
    use crate::door::Pick;

    /// A sample of each message, one after the other: a new one does not compile without a place.
    fn after(question: Option<&Question>) -> Option<Question> {
        let (path, pick) = ("/srv/a".into(), Pick::Newest);
        Some(match question {
            None => Question::Status,
            Some(Question::Status) => Question::Events { from: 0 },
            Some(Question::Events { .. }) => Question::Versions { path },
            Some(Question::Versions { .. }) => Question::Plan { path, pick },
            Some(Question::Plan { .. }) => Question::Restore { path, pick },
            Some(Question::Restore { .. }) => Question::Forget { path },
            Some(Question::Forget { .. }) => Question::Stop,
            Some(Question::Stop) => Question::Incidents,
            Some(Question::Incidents) => Question::Incident { id: 1 },
            Some(Question::Incident { .. }) => Question::UndoPlan { id: 1 },
            Some(Question::UndoPlan { .. }) => Question::Undo { id: 1 },
            Some(Question::Undo { .. }) => Question::Redo { id: 1 },
            Some(Question::Redo { .. }) => Question::Allow { id: 1, seconds: 60 },
            Some(Question::Allow { .. }) => Question::Revoke { id: 1 },
            Some(Question::Revoke { .. }) => return None,
        })
    }

    #[test]
    fn the_table_of_askers_and_messages() {
        let table = [
            ("status", [Answered, Answered, Refused]),
            ("events", [Answered, Answered, Refused]),
            ("versions", [AsUser, AsUser, AsUser]),
            ("plan", [AsUser, AsUser, AsUser]),
            ("restore", [AsUser, AsUser, AsUser]),
            ("forget", [Answered, Refused, Refused]),
            ("stop", [Answered, Refused, Refused]),
            ("incidents", [Answered, Answered, Refused]),
            ("incident", [Answered, Refused, Refused]),
            ("undo-plan", [Answered, Refused, Refused]),
            ("undo", [Answered, Refused, Refused]),
            ("redo", [Answered, Refused, Refused]),
            ("allow", [Answered, Refused, Refused]),
            ("revoke", [Answered, Refused, Refused]),
        ];
        let all: Vec<Question> =
            std::iter::successors(after(None), |last| after(Some(last))).collect();
        assert_eq!(all.len(), table.len());
        for (question, (name, row)) in all.iter().zip(table) {
            let wire = serde_json::to_value(question).unwrap();
            assert_eq!(wire["ask"], name);
            assert_eq!(
                [Root, Member, Stranger].map(|rank| judge(rank, question)),
                row
            );
        }
    }
}
