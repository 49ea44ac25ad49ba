//! What a person asks of another device about one of its incidents: told first, then kept until the device hears it, and not for
//! ever. Only what can be undone is asked so.

use axum::{extract::Path, response::Response};
use hygie_acts::State;
use hygie_wire::Deed;
use serde::Deserialize;

use super::afar::{Afar, There};
use crate::{
    pages::afar::{DAY, command, note},
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
    let note = note(&visitor, &there.device)?.with("incident", afar.number);
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
    let note = note(&visitor, &there.device)?.with("incident", afar.number);
    visitor.tell("device.redo-asked", note).await?;
    let incident = afar.number;
    ask(&visitor, afar, Deed::Redo { incident }).await
}

/// Stops again what somebody let go on there, and takes that permission back.
pub(super) async fn freeze(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let afar = Afar::parse(&id)?;
    let there = afar.look(&visitor).await?;
    if there.state != State::Allowed || is_settled(&there, &visitor) {
        return Ok(see(&afar.page()));
    }
    let note = note(&visitor, &there.device)?.with("incident", afar.number);
    visitor.tell("device.freeze-asked", note).await?;
    let incident = afar.number;
    ask(&visitor, afar, Deed::Freeze { incident }).await
}

/// Nothing is to be asked: something else is under way, or the device is gone. The page says which.
fn is_settled(there: &There, visitor: &Visitor) -> bool {
    there.device.retired.is_some() || there.waits(visitor.now)
}

async fn ask(visitor: &Visitor, afar: Afar, deed: Deed) -> Result<Response, Fault> {
    command(visitor, afar.device, &deed, DAY).await?;
    Ok(see(&format!("{}?done=asked", afar.page())))
}
