//! Where others are signed in, and how that is ended from here.

use axum::{extract::Path, response::Response};
use hygie_identity::session::Session;
use hygie_store::Person;
use hygie_text::{Args, console::People};
use serde::Deserialize;
use uuid::Uuid;

use super::found;
use crate::{
    pages::me::browser,
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

/// A session of somebody.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) browser: String,
    pub(super) about: String,
}

/// Hers that still hold, the newest first.
pub(super) async fn rows(visitor: &Visitor, person: &Person) -> Result<Vec<Row>, Fault> {
    let mut rows = Vec::new();
    for kept in visitor.practice()?.sessions(person.id).await? {
        let session: Session = kept.session.body.get()?;
        if session.ended(person.role, visitor.now).is_some() {
            continue;
        }
        let args = Args::new()
            .text("address", &kept.session.address)
            .moment("since", session.created())
            .moment("used", kept.used);
        rows.push(Row {
            id: session.id.0.to_string(),
            browser: browser(visitor, &session),
            about: visitor.speech.say(People::SessionAbout, &args),
        });
    }
    Ok(rows)
}

#[derive(Deserialize)]
pub(super) struct Ended {
    /// One of them; all where it is empty.
    #[serde(default)]
    id: String,
}

pub(super) async fn end(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(ended): Sent<Ended>,
) -> Result<Response, Fault> {
    let person = found(&visitor, &id).await?;
    let practice = visitor.practice()?;
    let mut tokens = Vec::new();
    for kept in practice.sessions(person.id).await? {
        let session: Session = kept.session.body.get()?;
        if ended.id.is_empty() || Uuid::parse_str(&ended.id).is_ok_and(|id| id == session.id.0) {
            tokens.push(kept.session.token);
        }
    }
    if tokens.is_empty() && !ended.id.is_empty() {
        return Err(Fault::NotFound);
    }
    let note = visitor.note()?.with("of", person.id.0.to_string());
    visitor.tell("person.signed-out-by", note).await?;
    for token in tokens {
        practice.end_session(token, visitor.now).await?;
    }
    Ok(see(&format!("/people/{}?done=sessions", person.id.0)))
}
