//! Hands practitioners' passkeys to the guards, which believe none for that: root or a believed key says so there.

use std::time::Duration;

use hygie_agent::{
    door::{KeysAsked, Question, Reply},
    keys::{Console, Proposed},
};
use hygie_identity::{Act, Who};
use hygie_model::DeviceId;
use hygie_store::{Credential, CredentialKind, Person, PracticeFacts};
use hygie_wire::Wish;

use super::{
    Hub,
    guard::NoAnswer,
    lane::{self, NoWord},
};
use crate::web::{fault::Fault, frame};

/// Whether the guard heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It did; what it thinks of the key is its own affair.
    Yes,
    /// It does not answer.
    No,
}

/// Hands in one passkey, where its owner's role may ever sign with it.
///
/// # Errors
/// The base holds what is no key.
pub(crate) async fn hand_in(
    hub: &Hub,
    practice: &PracticeFacts,
    person: &Person,
    credential: &Credential,
) -> Result<Heard, Fault> {
    if !may_sign(person) {
        return Ok(Heard::Yes);
    }
    let proposed = proposed(hub, practice, person, credential)?;
    let question = Question::Keys(KeysAsked::Propose(Box::new(proposed)));
    Ok(match hub.guard.ask(question).await {
        Ok(Reply::Busy) | Err(NoAnswer::Silent(_) | NoAnswer::Lost(_)) => Heard::No,
        Ok(_) => Heard::Yes,
    })
}

fn may_sign(person: &Person) -> bool {
    Act::AllowIncident.row().allows(Who::Person(person.role))
}

fn proposed(
    hub: &Hub,
    practice: &PracticeFacts,
    person: &Person,
    credential: &Credential,
) -> Result<Proposed, Fault> {
    Ok(Proposed {
        person: person.id,
        name: person.name.clone(),
        console: Console {
            practice: practice.id,
            title: practice.name.clone(),
            host: practice.host.clone(),
            port: hub.port,
        },
        key: credential.body.get()?,
    })
}

/// All keys that may ever sign, as a guard takes them in: one person's, or everybody's.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn all(
    hub: &Hub,
    facts: &PracticeFacts,
    only: Option<&Person>,
) -> Result<Vec<Proposed>, Fault> {
    let practice = hub.of(facts);
    let mut keys = Vec::new();
    for person in practice.people().await? {
        let meant = only.is_none_or(|only| only.id == person.id);
        if !meant || person.closed.is_some() || !may_sign(&person) {
            continue;
        }
        for credential in practice.credentials(person.id).await? {
            if credential.kind == CredentialKind::Passkey {
                keys.push(proposed(hub, facts, &person, &credential)?);
            }
        }
    }
    Ok(keys)
}

/// Hands keys to another device's guard, which knows those that it has.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn hand_in_afar(
    hub: &Hub,
    facts: &PracticeFacts,
    (device, only): (DeviceId, Option<&Person>),
) -> Result<Result<(), NoWord>, Fault> {
    for key in all(hub, facts, only).await? {
        let key = serde_json::to_value(key).map_err(|_| Fault::broken("a passkey"))?;
        let wish = Wish::Propose { key };
        if let Err(why) = lane::ask(hub, (device, None), wish).await? {
            return Ok(Err(why));
        }
    }
    Ok(Ok(()))
}

/// Hands in all of them; the guard knows those that it has.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn hand_in_all(hub: &Hub) -> Result<Heard, Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(Heard::Yes);
    };
    let practice = hub.of(&facts);
    for person in practice.people().await? {
        if person.closed.is_some() {
            continue;
        }
        if hand_in_of(hub, &facts, &person).await? == Heard::No {
            return Ok(Heard::No);
        }
    }
    Ok(Heard::Yes)
}

/// Hands in all of a person's.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn hand_in_of(
    hub: &Hub,
    facts: &PracticeFacts,
    person: &Person,
) -> Result<Heard, Fault> {
    for credential in hub.of(facts).credentials(person.id).await? {
        if credential.kind == CredentialKind::Passkey
            && hand_in(hub, facts, person, &credential).await? == Heard::No
        {
            return Ok(Heard::No);
        }
    }
    Ok(Heard::Yes)
}

/// At the hub's start: until the guard has heard once.
pub(crate) async fn begin(hub: Hub) {
    loop {
        match hand_in_all(&hub).await {
            Ok(Heard::Yes) => return,
            Ok(Heard::No) => {}
            Err(fault) => frame::log(&fault),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// How long until a guard that did not answer is asked again.
const AGAIN: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use hygie_model::{PersonId, Role};
    use hygie_store::Json;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::web::testing::{Console as Page, HOST, NOW};

    async fn with_keys() -> Page {
        let page = Page::new().await;
        let facts = page.hub.practice().await.unwrap().unwrap();
        let practice = page.hub.of(&facts);
        for (number, name, role) in [
            (7, "Claire Garnier", Role::Practitioner),
            (8, "Anne Petit", Role::Assistant),
        ] {
            let person = page.add(number, name, role).await;
            for kind in [CredentialKind::Passkey, CredentialKind::Totp] {
                let id = Uuid::from_u128(number * 10 + kind as u128);
                let credential = Credential {
                    id,
                    person: person.id,
                    kind,
                    handle: (kind == CredentialKind::Passkey).then(|| id.to_string()),
                    label: "Clé bleue".to_owned(),
                    body: Json::of(&json!({ "of": number })).unwrap(),
                    created: NOW,
                    used: None,
                };
                practice.add_credential(&credential).await.unwrap();
            }
        }
        page
    }

    #[tokio::test]
    async fn practitioners_passkeys_are_handed_in_and_nothing_else() {
        let page = with_keys().await;
        assert_eq!(hand_in_all(&page.hub).await.unwrap(), Heard::No, "no guard");
        let asked: Arc<Mutex<Vec<Question>>> = Arc::default();
        let hears = Arc::clone(&asked);
        page.guard(move |question| {
            hears.lock().unwrap().push(question);
            Reply::Unclear
        });
        assert_eq!(hand_in_all(&page.hub).await.unwrap(), Heard::Yes);
        let proposed = Proposed {
            person: PersonId(Uuid::from_u128(7)),
            name: "Claire Garnier".to_owned(),
            console: Console {
                practice: page.hub.practice().await.unwrap().unwrap().id,
                title: "Cabinet des Tilleuls".to_owned(),
                host: HOST.to_owned(),
                port: 8443,
            },
            key: json!({ "of": 7 }),
        };
        let expected = Question::Keys(KeysAsked::Propose(Box::new(proposed)));
        assert_eq!(*asked.lock().unwrap(), [expected]);
    }
}
