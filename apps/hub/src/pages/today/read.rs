//! Somebody says that she has read an alert: only then is it given.

use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    core::alerts,
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

#[derive(Deserialize)]
pub(super) struct Alert {
    id: Uuid,
    /// The page that it was read on.
    #[serde(default)]
    page: String,
}

pub(super) async fn read(visitor: Visitor, Sent(alert): Sent<Alert>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let unread = practice.unread_alerts(MANY).await?;
    if unread.iter().any(|one| one.id == alert.id) {
        let note = visitor.note()?.with("alert", alert.id.to_string());
        visitor.tell("alert.read", note).await?;
        let by = (alert.id, visitor.person()?);
        alerts::read(&visitor.hub, visitor.facts()?, by, visitor.now).await?;
    }
    // Read by somebody else meanwhile is read as well.
    Ok(see(if alert.page == "alerts" {
        "/alerts?done=read"
    } else {
        "/?done=read"
    }))
}

/// All that a page can have shown.
const MANY: u32 = 1000;
