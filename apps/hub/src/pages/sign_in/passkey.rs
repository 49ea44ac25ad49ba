//! The first choice: a passkey, found by the browser without a name.

use axum::{
    Json as Reply,
    response::{IntoResponse, Response},
};
use hygie_identity::{
    passkey::{self, ANSWER_WITHIN, Key, KeyId, Signing},
    session::Means,
};
use hygie_store::Json;
use serde::Deserialize;
use serde_json::{Value, json};

use super::signed_in;
use crate::{
    core::once,
    pages::language::own_path,
    web::{
        fault::Fault,
        form::Answered,
        session,
        visitor::{Visitor, see_with},
    },
};

pub(super) async fn start(visitor: Visitor, _: Answered) -> Result<Response, Fault> {
    let site = visitor.hub.site(visitor.facts()?)?;
    let (options, signing) = site
        .start_sign_in(visitor.now)
        .map_err(|_| Fault::broken("a passkey's challenge"))?;
    let kept = serde_json::to_vec(&signing).map_err(|_| Fault::broken("a challenge"))?;
    let id = once::keep(visitor.practice()?, &kept, ANSWER_WITHIN, visitor.now).await?;
    Ok(Reply(json!({ "id": id, "options": options })).into_response())
}

#[derive(Deserialize)]
struct Finished {
    id: String,
    #[serde(default)]
    next: String,
    answer: Value,
}

pub(super) async fn finish(visitor: Visitor, Answered(body): Answered) -> Result<Response, Fault> {
    let sent: Finished = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
    let practice = visitor.practice()?;
    let Some(kept) = once::take(practice, &sent.id, visitor.now).await? else {
        return Ok(refused());
    };
    let signing: Signing =
        serde_json::from_slice(&kept).map_err(|_| Fault::broken("a challenge"))?;
    let site = visitor.hub.site(visitor.facts()?)?;
    let answer = sent.answer.to_string();
    let Ok(answer) = passkey::read_answer(answer.as_bytes()) else {
        return Ok(refused());
    };
    let Ok((claimed, key)) = site.who(&answer) else {
        return Ok(refused());
    };
    let Some(credential) = practice.credential_of_handle(&handle(&key)).await? else {
        return Ok(refused());
    };
    let Some(person) = practice.person(credential.person).await? else {
        return Ok(refused());
    };
    let open = session::may_be_in(practice, &person, visitor.now).await?;
    let other = visitor
        .signed
        .as_ref()
        .is_some_and(|signed| signed.person.id != person.id);
    if claimed != person.id || !open || other {
        return Ok(refused());
    }
    let mut key: Key = credential.body.get()?;
    if site
        .finish(&answer, signing, person.id, &mut key, visitor.now)
        .is_err()
    {
        return Ok(refused());
    }
    if !practice
        .use_credential(&credential, &Json::of(&key)?, visitor.now)
        .await?
    {
        return Ok(refused());
    }
    let cookies = signed_in(&visitor, person.id, Means::Passkey).await?;
    let mut response = see_with("/", &cookies);
    *response.status_mut() = axum::http::StatusCode::OK;
    response.headers_mut().remove(axum::http::header::LOCATION);
    let headers = response.headers().clone();
    Ok((headers, Reply(json!({ "go": own_path(&sent.next) }))).into_response())
}

/// One answer for all ways of not being taken: the script shows the page's own sentence.
fn refused() -> Response {
    (
        axum::http::StatusCode::FORBIDDEN,
        Reply(json!({ "refused": true })),
    )
        .into_response()
}

/// What the database finds a key by.
pub(crate) fn handle(key: &KeyId) -> String {
    data_encoding::BASE64URL_NOPAD.encode(key.0.as_ref())
}
