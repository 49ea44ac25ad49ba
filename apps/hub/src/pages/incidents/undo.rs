//! What a person does about an incident: has it undone, takes the undo back, takes a permission back.
//! Each is told before it is asked of the guard, for exactly this person and incident.

use axum::{extract::Path, response::Response};
use hygie_acts::State;
use hygie_agent::{
    door::{Question, Reply},
    incidents::UndoTold,
};
use hygie_text::console::Incidents;
use serde::Deserialize;

use crate::{
    core::journal::Note,
    web::{
        fault::Fault,
        form::Sent,
        frame,
        visitor::{Visitor, see},
    },
};

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn undo(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let id = number(&id)?;
    tell(&visitor, "incident.undo-asked", id).await?;
    let reply = ask(&visitor, Question::Undo { id }).await?;
    let Reply::Undone(told) = reply else {
        return refused(&reply, id);
    };
    let note = counts(note(&visitor, id)?, &told);
    came(&visitor, "incident.undone", note).await;
    let is_whole = told.is_whole() && told.state == State::Undone;
    Ok(see_done(id, if is_whole { "undone" } else { "partly" }))
}

pub(super) async fn redo(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let id = number(&id)?;
    tell(&visitor, "incident.redo-asked", id).await?;
    let reply = ask(&visitor, Question::Redo { id }).await?;
    let Reply::Undone(told) = reply else {
        return refused(&reply, id);
    };
    let note = counts(note(&visitor, id)?, &told);
    came(&visitor, "incident.redone", note).await;
    Ok(see_done(
        id,
        if told.is_whole() { "redone" } else { "partly" },
    ))
}

pub(super) async fn revoke(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let id = number(&id)?;
    tell(&visitor, "incident.revoke-asked", id).await?;
    let reply = ask(&visitor, Question::Revoke { id }).await?;
    let Reply::Allowed { allowed } = reply else {
        return refused(&reply, id);
    };
    if allowed.is_empty() {
        return Ok(see_done(id, "nothing"));
    }
    let note = note(&visitor, id)?.with("permissions", allowed.len());
    came(&visitor, "incident.revoked", note).await;
    Ok(see_done(id, "revoked"))
}

/// The sentence of a deed that came before this page.
pub(super) fn done(name: &str) -> Option<Incidents> {
    Some(match name {
        "undone" => Incidents::DoneUndone,
        "partly" => Incidents::DonePartly,
        "redone" => Incidents::DoneRedone,
        "revoked" => Incidents::DoneRevoked,
        "nothing" => Incidents::DoneNothing,
        "still-runs" => Incidents::DoneStillRuns,
        "allowed" => Incidents::DoneAllowed,
        "let-go" => Incidents::AllowDone,
        "busy" => Incidents::DoneBusy,
        "cut-off" => Incidents::DoneCutOff,
        _ => return None,
    })
}

/// An incident's number in an address.
pub(super) fn number(id: &str) -> Result<u64, Fault> {
    id.parse().map_err(|_| Fault::NotFound)
}

async fn ask(visitor: &Visitor, question: Question) -> Result<Reply, Fault> {
    let person = visitor.person()?;
    Ok(visitor.hub.guard.ask_for(person, question).await?)
}

fn see_done(id: u64, done: &str) -> Response {
    see(&format!("/incidents/{id}?done={done}"))
}

/// Why the guard did not do it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
fn refused(reply: &Reply, id: u64) -> Result<Response, Fault> {
    let why = match reply {
        Reply::Unknown => return Err(Fault::NotFound),
        Reply::StillRuns => "still-runs",
        Reply::IsAllowed => "allowed",
        Reply::NotUndone => "nothing",
        Reply::Busy => "busy",
        Reply::Failed { .. } => "cut-off",
        Reply::Refused => return Err(Fault::GuardSaid("it refused")),
        _ => return Err(Fault::GuardSaid("no answer to this question")),
    };
    Ok(see_done(id, why))
}

async fn tell(visitor: &Visitor, kind: &'static str, id: u64) -> Result<(), Fault> {
    visitor.tell(kind, note(visitor, id)?).await
}

fn note(visitor: &Visitor, id: u64) -> Result<Note, Fault> {
    Ok(visitor.note()?.with("incident", id))
}

fn counts(note: Note, told: &UndoTold) -> Note {
    note.with("given-back", told.given_back)
        .with("renamed", told.renamed)
        .with("quarantined", told.quarantined)
        .with("problems", told.problems.len())
}

/// What came of it. It is done: that it cannot be told here is no reason to say that it is not, and the guard's own journal has it.
pub(in crate::pages) async fn came(visitor: &Visitor, kind: &'static str, note: Note) {
    if let Err(fault) = visitor.tell(kind, note).await {
        frame::log(&fault);
    }
}
