//! Somebody says that she has read an alert: only then is it given.

use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::web::{
    fault::Fault,
    form::Sent,
    visitor::{Visitor, see},
};

#[derive(Deserialize)]
pub(super) struct Alert {
    id: Uuid,
}

pub(super) async fn read(visitor: Visitor, Sent(alert): Sent<Alert>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let unread = practice.unread_alerts(MANY).await?;
    if unread.iter().any(|one| one.alert.id == alert.id) {
        let note = visitor.note()?.with("alert", alert.id.to_string());
        visitor.tell("alert.read", note).await?;
        practice
            .alert_read(alert.id, visitor.person()?, visitor.now)
            .await?;
    }
    // Read by somebody else meanwhile is read as well.
    Ok(see("/?done=read"))
}

/// All that a page can have shown.
const MANY: u32 = 1000;
