//! What a person asks of another device about one of its incidents: told first, then kept until the device hears it, and not for
//! ever. Only what can be undone is asked so.

use std::time::Duration;

use axum::{extract::Path, response::Response};
use hygie_acts::State;
use hygie_store::{Json as Kept, NewCommand};
use hygie_wire::Deed;
use serde::Deserialize;

use super::afar::{Afar, There};
use crate::{
    core::chance,
    web::{
        fault::Fault,
        form::Sent,
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
    let afar = Afar::parse(&id)?;
    let there = afar.look(&visitor).await?;
    if !there.state.is_open() || is_settled(&there, &visitor) {
        return Ok(see(&afar.page()));
    }
    let note = visitor
        .note()?
        .on(afar.device)
        .with("name", there.device.name.as_str())
        .with("incident", afar.number);
    visitor.tell("device.undo-asked", note).await?;
    let incident = afar.number;
    ask(&visitor, afar, Deed::Undo { incident }).await
}

pub(super) async fn redo(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let afar = Afar::parse(&id)?;
    let there = afar.look(&visitor).await?;
    if there.state != State::Undone || is_settled(&there, &visitor) {
        return Ok(see(&afar.page()));
    }
    let note = visitor
        .note()?
        .on(afar.device)
        .with("name", there.device.name.as_str())
        .with("incident", afar.number);
    visitor.tell("device.redo-asked", note).await?;
    let incident = afar.number;
    ask(&visitor, afar, Deed::Redo { incident }).await
}

/// Nothing is to be asked: something else is under way, or the device is gone. The page says which.
fn is_settled(there: &There, visitor: &Visitor) -> bool {
    there.device.retired.is_some() || there.waits(visitor.now)
}

async fn ask(visitor: &Visitor, afar: Afar, deed: Deed) -> Result<Response, Fault> {
    let command = NewCommand {
        id: chance::number()?,
        device: afar.device,
        kind: deed.kind().to_owned(),
        body: Kept::of(&deed)?,
        by: Some(visitor.person()?),
        expires: visitor.now.after(LIFE),
    };
    visitor.practice()?.command(&command, visitor.now).await?;
    Ok(see(&format!("{}?done=asked", afar.page())))
}

/// A device that is off comes back on the next working morning; what nobody remembers asking for is not done.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
