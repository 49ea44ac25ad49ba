//! Passkeys of one's own: made, and removed. The last means of all is never removed.

use axum::{
    Json as Reply,
    response::{IntoResponse, Response},
};
use hygie_identity::passkey::{self, ANSWER_WITHIN, Key, Making};
use hygie_store::{Credential, CredentialKind, Json, StoreError};
use hygie_text::console::Me;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{has_means, of_kind};
use crate::{
    core::{chance, once, proposals, withdrawals},
    pages::sign_in::handle,
    web::{
        fault::Fault,
        form::{Answered, Sent},
        visitor::{Visitor, see},
    },
};

pub(super) async fn start(visitor: Visitor, _: Answered) -> Result<Response, Fault> {
    let signed = visitor.signed()?;
    let practice = visitor.practice()?;
    let credentials = practice.credentials(signed.person.id).await?;
    let mut keys: Vec<Key> = Vec::new();
    for credential in of_kind(&credentials, CredentialKind::Passkey) {
        keys.push(credential.body.get()?);
    }
    let (login, name) = (&signed.person.login, &signed.person.name);
    let (options, making) = visitor
        .hub
        .site(visitor.facts()?)?
        .start_key(signed.person.id, login, name, &keys, visitor.now)
        .map_err(|_| Fault::broken("a passkey's challenge"))?;
    let kept = serde_json::to_vec(&making).map_err(|_| Fault::broken("a challenge"))?;
    let id = once::keep(practice, &kept, ANSWER_WITHIN, visitor.now).await?;
    Ok(Reply(json!({ "id": id, "options": options })).into_response())
}

#[derive(Deserialize)]
struct Made {
    id: String,
    #[serde(default)]
    name: String,
    answer: Value,
}

pub(super) async fn finish(visitor: Visitor, Answered(body): Answered) -> Result<Response, Fault> {
    let sent: Made = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
    let practice = visitor.practice()?;
    let kept = once::take(practice, &sent.id, visitor.now).await?;
    let Some(kept) = kept else {
        return Err(Fault::StaleForm);
    };
    let making: Making = serde_json::from_slice(&kept).map_err(|_| Fault::broken("a challenge"))?;
    let answer =
        passkey::read_new_key(sent.answer.to_string().as_bytes()).map_err(|_| Fault::Unreadable)?;
    let named = match sent.name.trim() {
        "" => visitor.speech.word(Me::KeyUnnamed),
        name => name.to_owned(),
    };
    let (person, key) = visitor
        .hub
        .site(visitor.facts()?)?
        .finish_key(&answer, &making, &named, visitor.now)
        .map_err(|_| Fault::Unreadable)?;
    if person != visitor.person()? {
        return Err(Fault::StaleForm);
    }
    let credential = Credential {
        id: chance::number()?,
        person,
        kind: CredentialKind::Passkey,
        handle: Some(handle(&key.id())),
        label: key.name().to_owned(),
        body: Json::of(&key)?,
        created: visitor.now,
        used: None,
    };
    visitor
        .tell(
            "person.passkey-added",
            visitor.note()?.with("name", key.name()),
        )
        .await?;
    match practice.add_credential(&credential).await {
        Ok(()) => {}
        // Whoever has it, here or elsewhere in the practice.
        Err(StoreError::Taken { .. }) => return Err(Fault::Unreadable),
        Err(error) => return Err(error.into()),
    }
    has_means(&visitor).await?;
    // A guard that is silent now hears of it when the hub starts next.
    proposals::hand_in(
        &visitor.hub,
        visitor.facts()?,
        &visitor.signed()?.person,
        &credential,
    )
    .await?;
    Ok(Reply(json!({ "go": "/me?done=key" })).into_response())
}

#[derive(Deserialize)]
pub(super) struct Removed {
    id: uuid::Uuid,
}

pub(super) async fn remove(visitor: Visitor, Sent(gone): Sent<Removed>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let credentials = practice.credentials(visitor.person()?).await?;
    let key = of_kind(&credentials, CredentialKind::Passkey).find(|key| key.id == gone.id);
    let Some(key) = key else {
        return Err(Fault::NotFound);
    };
    let others = credentials
        .iter()
        .filter(|other| other.id != key.id && other.kind != CredentialKind::Totp);
    if others.count() == 0 {
        return Ok(see("/me"));
    }
    let note = visitor.note()?.with("name", key.label.as_str());
    visitor.tell("person.passkey-removed", note).await?;
    withdrawals::note(practice, [key], visitor.now).await?;
    practice.remove_credential(key.id).await?;
    withdrawals::settle(&visitor.hub, practice).await?;
    Ok(see("/me?done=key-gone"))
}
