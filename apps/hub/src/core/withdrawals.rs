//! Passkeys that the guards must believe no more: removed, lost, or of somebody who left. Noted before the hub forgets them and
//! kept until each guard has heard, for a key that is removed here and still signs there would be a way in that nobody sees.

use hygie_agent::door::{KeysAsked, Question, Reply};
use hygie_identity::passkey::Key;
use hygie_model::{DeviceId, PersonId, Wall};
use hygie_store::{Credential, CredentialKind, Json, Practice, Setting};
use hygie_wire::Wish;
use serde::{Deserialize, Serialize};

use super::{hub::Hub, journal::Note, lane};
use crate::web::{fault::Fault, frame};

/// One that waits for the guard's ear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    person: PersonId,
    /// The passkey's mark; none: all of hers.
    key: Option<String>,
    /// Whose guard; none: the one of this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<DeviceId>,
}

impl Waiting {
    fn name(&self) -> String {
        let key = self.key.as_deref().unwrap_or("all");
        match self.device {
            None => format!("{PREFIX}{} {key}", self.person.0),
            Some(device) => format!("{PREFIX}{} {key} on {}", self.person.0, device.0),
        }
    }

    /// One for each guard.
    async fn everywhere(self, practice: Practice<'_>) -> Result<Vec<Self>, Fault> {
        let devices = practice.devices().await?;
        let present = devices.iter().filter(|device| device.retired.is_none());
        let afar = present.map(|device| Self {
            device: Some(device.id),
            ..self.clone()
        });
        let mut all: Vec<Self> = afar.collect();
        all.push(self);
        Ok(all)
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
                device: None,
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
    let waiting = Waiting {
        person,
        key: None,
        device: None,
    };
    keep(practice, &waiting, now).await
}

/// She may sign again: what is still waiting is off.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn drop_all(practice: Practice<'_>, person: PersonId) -> Result<(), Fault> {
    let waiting = Waiting {
        person,
        key: None,
        device: None,
    };
    for waiting in waiting.everywhere(practice).await? {
        practice.unset(&waiting.name()).await?;
    }
    Ok(())
}

/// Tells the guards what they have not heard. One that does not answer hears it a minute later.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn settle(hub: &Hub, practice: Practice<'_>) -> Result<(), Fault> {
    for setting in practice.settings().await? {
        if !setting.name.starts_with(PREFIX) {
            continue;
        }
        let waiting: Waiting = setting.value.get()?;
        if is_gone(practice, &waiting).await? {
            practice.unset(&setting.name).await?;
            continue;
        }
        let withdrawn = match asked(hub, &waiting).await? {
            Some(Reply::Withdrawn(withdrawn)) => withdrawn,
            Some(Reply::Busy) | None => continue,
            // Its list is damaged, for example: then it believes nobody, and is asked again.
            Some(_) => {
                frame::log(&Fault::GuardSaid("a passkey was not taken back"));
                continue;
            }
        };
        let of = waiting.person.0.to_string();
        let told = |name: &str| {
            let note = Note {
                device: waiting.device,
                ..Note::default()
            };
            note.with("of", of.as_str()).with("name", name)
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

/// Whether it was for a device that is none of the practice's any more.
async fn is_gone(practice: Practice<'_>, waiting: &Waiting) -> Result<bool, Fault> {
    let Some(device) = waiting.device else {
        return Ok(false);
    };
    let device = practice.device(device).await?;
    Ok(device.is_none_or(|device| device.retired.is_some()))
}

/// What the guard says to it; none where it does not answer.
async fn asked(hub: &Hub, waiting: &Waiting) -> Result<Option<Reply>, Fault> {
    let (person, key) = (waiting.person, waiting.key.clone());
    if let Some(device) = waiting.device {
        let wish = Wish::Withdraw { person, key };
        return Ok(lane::ask(hub, (device, None), wish).await?.ok());
    }
    let question = Question::Keys(KeysAsked::Withdraw { person, key });
    Ok(hub.guard.ask(question).await.ok())
}

/// For every guard of the practice.
async fn keep(practice: Practice<'_>, waiting: &Waiting, now: Wall) -> Result<(), Fault> {
    for waiting in waiting.clone().everywhere(practice).await? {
        let setting = Setting {
            name: waiting.name(),
            value: Json::of(&waiting)?,
            changed: now,
            by: None,
        };
        practice.set(&setting).await?;
    }
    Ok(())
}

const PREFIX: &str = "take back ";
