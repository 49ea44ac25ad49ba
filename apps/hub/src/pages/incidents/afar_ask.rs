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
    let deed = |incident| Deed::Undo { incident };
    ask(&visitor, &id, ("device.undo-asked", State::is_open), deed).await
}

pub(super) async fn redo(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let is_undone = |state| state == State::Undone;
    let deed = |incident| Deed::Redo { incident };
    ask(&visitor, &id, ("device.redo-asked", is_undone), deed).await
}

/// Stops again what somebody let go on there, and takes that permission back.
pub(super) async fn freeze(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let is_allowed = |state| state == State::Allowed;
    let deed = |incident| Deed::Freeze { incident };
    ask(&visitor, &id, ("device.freeze-asked", is_allowed), deed).await
}

/// Nothing is to be asked: something else is under way, or the device is gone. The page says which.
fn is_settled(there: &There, visitor: &Visitor) -> bool {
    there.device.retired.is_some() || there.waits(visitor.now)
}

/// Told first, then asked of the device, where the incident stands so that it can be done.
async fn ask(
    visitor: &Visitor,
    id: &str,
    (kind, can_be): (&'static str, impl Fn(State) -> bool),
    deed: impl Fn(u64) -> Deed,
) -> Result<Response, Fault> {
    let afar = Afar::parse(id)?;
    let there = afar.look(visitor).await?;
    if !can_be(there.state) || is_settled(&there, visitor) {
        return Ok(see(&afar.page()));
    }
    let note = note(visitor, &there.device)?.with("incident", afar.number);
    visitor.tell(kind, note).await?;
    command(visitor, afar.device, &deed(afar.number), DAY).await?;
    Ok(see(&format!("{}?done=asked", afar.page())))
}
