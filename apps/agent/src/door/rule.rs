//! Who may ask what: one row a message.

use super::Question;

/// How an asker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Root.
    Root,
    /// The hub: it listens on the network and could have been taken over.
    Hub,
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
        // What happened is for all who work here; whose files it happened to is not.
        (
            Question::Status | Question::Events { .. } | Question::Incidents,
            Rank::Root | Rank::Hub | Rank::Member,
        ) => Verdict::Answered,
        (Question::Status | Question::Events { .. } | Question::Incidents, Rank::Stranger) => {
            Verdict::Refused
        }
        // The hub has no files of its own.
        (
            Question::Versions { .. } | Question::Plan { .. } | Question::Restore { .. },
            Rank::Hub,
        ) => Verdict::Refused,
        (
            Question::Versions { .. } | Question::Plan { .. } | Question::Restore { .. },
            Rank::Root | Rank::Member | Rank::Stranger,
        ) => Verdict::AsUser,
        // They name or change files of everybody, or weaken the protection.
        (
            Question::Forget { .. }
            | Question::Stop
            | Question::Incident { .. }
            | Question::UndoPlan { .. }
            | Question::Undo { .. }
            | Question::Redo { .. }
            | Question::Allow { .. }
            | Question::Revoke { .. }
            | Question::Find { .. }
            | Question::Folder { .. },
            Rank::Root,
        ) => Verdict::Answered,
        (
            Question::Forget { .. }
            | Question::Stop
            | Question::Incident { .. }
            | Question::UndoPlan { .. }
            | Question::Undo { .. }
            | Question::Redo { .. }
            | Question::Allow { .. }
            | Question::Revoke { .. }
            | Question::Find { .. }
            | Question::Folder { .. },
            Rank::Hub | Rank::Member | Rank::Stranger,
        ) => Verdict::Refused,
        // Only the hub knows who is signed in; its word alone starts what can be undone.
        (Question::For { ask, .. }, Rank::Root | Rank::Hub) => judge_for_a_person(ask),
        (Question::For { .. }, Rank::Member | Rank::Stranger) => Verdict::Refused,
    }
}

/// What the hub may ask for somebody: for all protected files, as root would be answered.
fn judge_for_a_person(question: &Question) -> Verdict {
    match question {
        Question::Status
        | Question::Events { .. }
        | Question::Incidents
        | Question::Incident { .. }
        | Question::UndoPlan { .. }
        | Question::Undo { .. }
        | Question::Redo { .. }
        // Takes an allowance back: it only strengthens.
        | Question::Revoke { .. }
        | Question::Versions { .. }
        | Question::Plan { .. }
        | Question::Restore { .. }
        | Question::Find { .. }
        | Question::Folder { .. } => Verdict::Answered,
        // They weaken the protection, or take away what could undo.
        Question::Forget { .. } | Question::Stop | Question::Allow { .. } => Verdict::Refused,
        Question::For { .. } => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Rank::{Hub, Member, Root, Stranger},
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
            Some(Question::Revoke { .. }) => Question::Find {
                text: String::new(),
                limit: 1,
            },
            Some(Question::Find { .. }) => Question::Folder { path, from: 0 },
            Some(Question::Folder { .. }) => for_somebody(Question::Status),
            Some(Question::For { .. }) => return None,
        })
    }

    fn for_somebody(ask: Question) -> Question {
        Question::For {
            person: crate::door::somebody(),
            ask: Box::new(ask),
        }
    }

    fn all() -> Vec<Question> {
        std::iter::successors(after(None), |last| after(Some(last))).collect()
    }

    #[test]
    fn the_table_of_askers_and_messages() {
        // Root, the hub, a member, a stranger; then the hub for a person.
        let table = [
            ("status", [Answered, Answered, Answered, Refused], Answered),
            ("events", [Answered, Answered, Answered, Refused], Answered),
            ("versions", [AsUser, Refused, AsUser, AsUser], Answered),
            ("plan", [AsUser, Refused, AsUser, AsUser], Answered),
            ("restore", [AsUser, Refused, AsUser, AsUser], Answered),
            ("forget", [Answered, Refused, Refused, Refused], Refused),
            ("stop", [Answered, Refused, Refused, Refused], Refused),
            (
                "incidents",
                [Answered, Answered, Answered, Refused],
                Answered,
            ),
            ("incident", [Answered, Refused, Refused, Refused], Answered),
            ("undo-plan", [Answered, Refused, Refused, Refused], Answered),
            ("undo", [Answered, Refused, Refused, Refused], Answered),
            ("redo", [Answered, Refused, Refused, Refused], Answered),
            ("allow", [Answered, Refused, Refused, Refused], Refused),
            ("revoke", [Answered, Refused, Refused, Refused], Answered),
            ("find", [Answered, Refused, Refused, Refused], Answered),
            ("folder", [Answered, Refused, Refused, Refused], Answered),
            ("for", [Answered, Answered, Refused, Refused], Refused),
        ];
        assert_eq!(all().len(), table.len());
        assert!(table.len() < 20, "a privileged door is small");
        for (question, (name, row, for_a_person)) in all().iter().zip(table) {
            let wire = serde_json::to_value(question).unwrap();
            assert_eq!(wire["ask"], name);
            let ranks = [Root, Hub, Member, Stranger];
            assert_eq!(ranks.map(|rank| judge(rank, question)), row, "{name}");
            let asked = for_somebody(question.clone());
            let row = [for_a_person, for_a_person, Refused, Refused];
            assert_eq!(ranks.map(|rank| judge(rank, &asked)), row, "for, {name}");
        }
    }
}
