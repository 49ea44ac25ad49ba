//! Who may ask what: one row a message.

use super::{KeysAsked, Question};

/// How an asker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Root.
    Root,
    /// The hub: it listens on the network and could have been taken over.
    Hub,
    /// The courier: it talks to a hub over the network, learns states alone, and hands on what that hub commands.
    Courier,
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
    /// It is answered with a challenge, and done once the person's passkey signed it.
    Signed,
    /// It is not for this asker.
    Refused,
}

/// A message without a row does not compile.
pub(super) fn judge(rank: Rank, question: &Question) -> Verdict {
    match (question, rank) {
        // What happened is for all who work here; whose files it happened to is not.
        (
            Question::Status | Question::Events { .. } | Question::Incidents,
            Rank::Root | Rank::Hub | Rank::Courier | Rank::Member,
        ) => Verdict::Answered,
        (Question::Status | Question::Events { .. } | Question::Incidents, Rank::Stranger) => {
            Verdict::Refused
        }
        // Neither has files of its own.
        (
            Question::Versions { .. } | Question::Plan { .. } | Question::Restore { .. },
            Rank::Hub | Rank::Courier,
        ) => Verdict::Refused,
        (
            Question::Versions { .. } | Question::Plan { .. } | Question::Restore { .. },
            Rank::Root | Rank::Member | Rank::Stranger,
        ) => Verdict::AsUser,
        // They name or change files of everybody, or weaken the protection.
        (
            Question::Forget { .. }
            | Question::Stop { .. }
            | Question::Incident { .. }
            | Question::UndoPlan { .. }
            | Question::Undo { .. }
            | Question::Redo { .. }
            | Question::Allow { .. }
            | Question::Revoke { .. }
            | Question::Look(_),
            Rank::Root,
        ) => Verdict::Answered,
        (
            Question::Forget { .. }
            | Question::Stop { .. }
            | Question::Incident { .. }
            | Question::UndoPlan { .. }
            | Question::Undo { .. }
            | Question::Redo { .. }
            | Question::Allow { .. }
            | Question::Revoke { .. }
            | Question::Look(_),
            Rank::Hub | Rank::Courier | Rank::Member | Rank::Stranger,
        ) => Verdict::Refused,
        // What the hub hands in waits for root's word or a signature, and what it takes back weakens nothing; an answer
        // proves itself.
        (
            Question::Keys(KeysAsked::Propose(_) | KeysAsked::Withdraw { .. })
            | Question::Confirm { .. },
            Rank::Root | Rank::Hub,
        ) => Verdict::Answered,
        (
            Question::Keys(KeysAsked::List | KeysAsked::Trust { .. } | KeysAsked::Distrust { .. }),
            Rank::Root,
        ) => Verdict::Answered,
        (
            Question::Keys(_) | Question::Confirm { .. },
            Rank::Hub | Rank::Courier | Rank::Member | Rank::Stranger,
        ) => Verdict::Refused,
        // Only the courier hears a hub from afar; each command is one that can be undone or carries a signature, and what is
        // asked decides nothing.
        (Question::Courier(_), Rank::Root | Rank::Courier) => Verdict::Answered,
        (Question::Courier(_), Rank::Hub | Rank::Member | Rank::Stranger) => Verdict::Refused,
        // Only the hub knows who is signed in; its word alone starts what can be undone.
        (Question::For { ask, .. }, Rank::Root | Rank::Hub) => judge_for_a_person(ask),
        (Question::For { .. }, Rank::Courier | Rank::Member | Rank::Stranger) => Verdict::Refused,
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
        | Question::Look(_)
        | Question::Keys(KeysAsked::List) => Verdict::Answered,
        // They weaken the protection: her passkey says so, not the hub.
        Question::Allow { .. }
        | Question::Forget { .. }
        | Question::Stop { folder: Some(_) }
        | Question::Keys(KeysAsked::Trust { .. } | KeysAsked::Distrust { .. }) => Verdict::Signed,
        // It ends the protection.
        Question::Stop { folder: None } => Verdict::Refused,
        // They are nobody's in particular.
        Question::Keys(KeysAsked::Propose(_) | KeysAsked::Withdraw { .. })
        | Question::Confirm { .. }
        | Question::Courier(_) => Verdict::Refused,
        Question::For { .. } => Verdict::Refused,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{
        Rank::{Courier, Hub, Member, Root, Stranger},
        Verdict::{Answered as Yes, AsUser, Refused as No, Signed},
        *,
    };
    use hygie_model::PracticeId;

    use crate::{
        door::{Brought, Look, Pick, Told},
        keys::{Console, Proposed},
    };

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
            Some(Question::Forget { .. }) => Question::Stop { folder: None },
            Some(Question::Stop { folder: None }) => Question::Stop {
                folder: Some(Told("/srv/a".into())),
            },
            Some(Question::Stop { folder: Some(_) }) => Question::Incidents,
            Some(Question::Incidents) => Question::Incident { id: 1 },
            Some(Question::Incident { .. }) => Question::UndoPlan { id: 1 },
            Some(Question::UndoPlan { .. }) => Question::Undo { id: 1 },
            Some(Question::Undo { .. }) => Question::Redo { id: 1 },
            Some(Question::Redo { .. }) => Question::Allow { id: 1, seconds: 60 },
            Some(Question::Allow { .. }) => Question::Revoke { id: 1 },
            Some(Question::Revoke { .. }) => Question::Look(Look::Find {
                text: String::new(),
                limit: 1,
            }),
            Some(Question::Look(Look::Find { .. })) => {
                Question::Look(Look::Folder { path, from: 0 })
            }
            Some(Question::Look(Look::Folder { .. })) => {
                Question::Look(Look::Inside { path, number: 1 })
            }
            Some(Question::Look(Look::Inside { .. })) => Question::Keys(KeysAsked::List),
            Some(Question::Keys(KeysAsked::List)) => Question::Keys(KeysAsked::Propose(a_key())),
            Some(Question::Keys(KeysAsked::Propose(_))) => {
                Question::Keys(KeysAsked::Trust { mark: "ab".into() })
            }
            Some(Question::Keys(KeysAsked::Trust { .. })) => {
                Question::Keys(KeysAsked::Distrust { mark: "ab".into() })
            }
            Some(Question::Keys(KeysAsked::Distrust { .. })) => {
                Question::Keys(KeysAsked::Withdraw {
                    person: crate::door::somebody(),
                    key: None,
                })
            }
            Some(Question::Keys(KeysAsked::Withdraw { .. })) => Question::Confirm {
                id: "ab".into(),
                answer: serde_json::Value::Null,
            },
            Some(Question::Confirm { .. }) => {
                Question::Courier(Brought::Command(Box::new(hygie_wire::Command {
                    id: uuid::Uuid::nil(),
                    expires: hygie_model::Wall(0),
                    by: None,
                    deed: hygie_wire::Deed::Undo { incident: 1 },
                })))
            }
            Some(Question::Courier(Brought::Command(_))) => {
                Question::Courier(Brought::Asked(Box::new(hygie_wire::Asked {
                    id: uuid::Uuid::nil(),
                    expires: hygie_model::Wall(0),
                    by: None,
                    wish: hygie_wire::Wish::Folders,
                })))
            }
            Some(Question::Courier(Brought::Asked(_))) => Question::Courier(Brought::Word),
            Some(Question::Courier(Brought::Word)) => for_somebody(Question::Status),
            Some(Question::For { .. }) => return None,
        })
    }

    fn a_key() -> Box<Proposed> {
        let person = crate::door::somebody();
        let console = Console {
            practice: PracticeId(person.0),
            title: "Cabinet".into(),
            host: "cabinet.local".into(),
            port: 8443,
        };
        let (name, key) = ("Claire".into(), serde_json::Value::Null);
        Box::new(Proposed {
            person,
            name,
            console,
            key,
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

    /// Root, the hub, the courier, a member, a stranger; then the hub for a person.
    const TABLE: [(&str, [Verdict; 5], Verdict); 28] = [
        ("status", [Yes, Yes, Yes, Yes, No], Yes),
        ("events", [Yes, Yes, Yes, Yes, No], Yes),
        ("versions", [AsUser, No, No, AsUser, AsUser], Yes),
        ("plan", [AsUser, No, No, AsUser, AsUser], Yes),
        ("restore", [AsUser, No, No, AsUser, AsUser], Yes),
        ("forget", [Yes, No, No, No, No], Signed),
        ("stop", [Yes, No, No, No, No], No),
        ("stop folder", [Yes, No, No, No, No], Signed),
        ("incidents", [Yes, Yes, Yes, Yes, No], Yes),
        ("incident", [Yes, No, No, No, No], Yes),
        ("undo-plan", [Yes, No, No, No, No], Yes),
        ("undo", [Yes, No, No, No, No], Yes),
        ("redo", [Yes, No, No, No, No], Yes),
        ("allow", [Yes, No, No, No, No], Signed),
        ("revoke", [Yes, No, No, No, No], Yes),
        ("look find", [Yes, No, No, No, No], Yes),
        ("look folder", [Yes, No, No, No, No], Yes),
        ("look inside", [Yes, No, No, No, No], Yes),
        ("keys list", [Yes, No, No, No, No], Yes),
        ("keys propose", [Yes, Yes, No, No, No], No),
        ("keys trust", [Yes, No, No, No, No], Signed),
        ("keys distrust", [Yes, No, No, No, No], Signed),
        ("keys withdraw", [Yes, Yes, No, No, No], No),
        ("confirm", [Yes, Yes, No, No, No], No),
        ("courier command", [Yes, No, Yes, No, No], No),
        ("courier asked", [Yes, No, Yes, No, No], No),
        ("courier word", [Yes, No, Yes, No, No], No),
        ("for", [Yes, Yes, No, No, No], No),
    ];

    #[test]
    fn the_table_of_askers_and_messages() {
        assert_eq!(all().len(), TABLE.len());
        let messages = TABLE.map(|(name, ..)| name.split(' ').next().unwrap_or(name));
        let messages: BTreeSet<_> = messages.into_iter().collect();
        assert!(messages.len() < 20, "a privileged door is small");
        for (question, (name, row, for_a_person)) in all().iter().zip(TABLE) {
            let wire = serde_json::to_value(question).unwrap();
            let kind = wire["keys"].as_str().or(wire["brings"].as_str());
            let kind = kind.or(wire["look"].as_str());
            let kind = kind.or(wire["folder"].as_str().map(|_| "folder"));
            let kind = kind.map(|kind| format!(" {kind}"));
            let said = wire["ask"].as_str().unwrap().to_owned() + &kind.unwrap_or_default();
            assert_eq!(said, name);
            let ranks = [Root, Hub, Courier, Member, Stranger];
            assert_eq!(ranks.map(|rank| judge(rank, question)), row, "{name}");
            let asked = for_somebody(question.clone());
            let row = [for_a_person, for_a_person, No, No, No];
            assert_eq!(ranks.map(|rank| judge(rank, &asked)), row, "for, {name}");
        }
    }
}
