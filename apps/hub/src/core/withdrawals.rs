//! Passkeys that the guard must believe no more: removed, lost, or of somebody who left. Noted before the hub forgets them and
//! kept until the guard has heard, for a key that is removed here and still signs there would be a way in that nobody sees.

use hygie_agent::door::{KeysAsked, Question, Reply};
use hygie_identity::passkey::Key;
use hygie_model::{PersonId, Wall};
use hygie_store::{Credential, CredentialKind, Json, Practice, Setting};
use serde::{Deserialize, Serialize};

use super::{guard::NoAnswer, hub::Hub, journal::Note};
use crate::web::{fault::Fault, frame};

/// One that waits for the guard's ear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    person: PersonId,
    /// The passkey's mark; none: all of hers.
    key: Option<String>,
}

impl Waiting {
    fn name(&self) -> String {
        let key = self.key.as_deref().unwrap_or("all");
        format!("{PREFIX}{} {key}", self.person.0)
    }
}

/// Notes that these are to be believed no more.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn note(
    practice: Practice<'_>,
    credentials: impl IntoIterator<Item = &Credential>,
    now: Wall,
) -> Result<(), Fault> {
    for credential in credentials {
        if credential.kind == CredentialKind::Passkey {
            // The guard never took in what is no key.
            let Ok(key) = credential.body.get::<Key>() else {
                continue;
            };
            let waiting = Waiting {
                person: credential.person,
                key: Some(data_encoding::HEXLOWER.encode(&key.mark())),
            };
            keep(practice, &waiting, now).await?;
        }
    }
    Ok(())
}

/// Notes that no key of this person is to be believed, also one that only the guard knows.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn note_all(
    practice: Practice<'_>,
    person: PersonId,
    now: Wall,
) -> Result<(), Fault> {
    keep(practice, &Waiting { person, key: None }, now).await
}

/// She may sign again: what is still waiting is off.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn drop_all(practice: Practice<'_>, person: PersonId) -> Result<(), Fault> {
    practice
        .unset(&Waiting { person, key: None }.name())
        .await?;
    Ok(())
}

/// Tells the guard what it has not heard. One that does not answer hears it a minute later.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn settle(hub: &Hub, practice: Practice<'_>) -> Result<(), Fault> {
    for setting in practice.settings().await? {
        if !setting.name.starts_with(PREFIX) {
            continue;
        }
        let waiting: Waiting = setting.value.get()?;
        let question = Question::Keys(KeysAsked::Withdraw {
            person: waiting.person,
            key: waiting.key.clone(),
        });
        let withdrawn = match hub.guard.ask(question).await {
            Ok(Reply::Withdrawn(withdrawn)) => withdrawn,
            Ok(Reply::Busy) | Err(NoAnswer::Silent(_) | NoAnswer::Lost(_)) => return Ok(()),
            // Its list is damaged, for example: then it believes nobody, and is asked again.
            Ok(_) => {
                frame::log(&Fault::GuardSaid("a passkey was not taken back"));
                return Ok(());
            }
        };
        let of = waiting.person.0.to_string();
        let told = |name: &str| {
            let note = Note::default().with("of", of.as_str());
            note.with("name", name)
        };
        let now = hub.now();
        for key in &withdrawn.gone {
            let note = told(&key.key_name);
            hub.journal
                .tell(practice, "key.withdrawn", note, now)
                .await?;
        }
        if let Some(key) = &withdrawn.stays {
            let note = told(&key.key_name);
            hub.journal
                .tell(practice, "key.last-stays", note, now)
                .await?;
        }
        practice.unset(&setting.name).await?;
    }
    Ok(())
}

async fn keep(practice: Practice<'_>, waiting: &Waiting, now: Wall) -> Result<(), Fault> {
    let setting = Setting {
        name: waiting.name(),
        value: Json::of(waiting)?,
        changed: now,
        by: None,
    };
    practice.set(&setting).await?;
    Ok(())
}

const PREFIX: &str = "take back ";
