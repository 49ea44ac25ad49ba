//! The button that makes a copy of the hub's own database at once; one is made each day without it.
//! Carrying one off the machine is the backup's duty, and the page says so.

use axum::response::Response;
use serde::Deserialize;

use crate::{
    core::copies,
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn make(
    visitor: Visitor,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let facts = visitor.hub.practice().await?;
    let facts = facts.ok_or_else(|| Fault::broken("the practice"))?;
    let made = copies::make(&visitor.hub, &facts, visitor.note()?, visitor.now).await?;
    Ok(see(if made {
        "/settings?done=backup"
    } else {
        "/settings?done=soon"
    }))
}
