//! What a person waits to hear of a device: given to it as soon as it is asked, and its answer handed on. Neither is kept.

use std::time::Duration;

use axum::{Json, extract::rejection::JsonRejection, http::StatusCode};
use hygie_wire::{Questions, Refusal, Said};

use super::{denied::Denied, known::Known};

/// Answers as soon as somebody asks; else in a while, that nobody does.
pub(super) async fn give(known: Known) -> Result<Json<Questions>, Denied> {
    let (hub, device) = (&known.hub, known.id());
    let questions = hub.lane.listen(device, HOLD, hub.clock).await;
    // Retired meanwhile: it is asked nothing any more.
    known
        .practice()
        .device_of_certificate(known.certificate, hub.now())
        .await?
        .ok_or(Denied(Refusal::Unknown))?;
    Ok(Json(Questions { questions }))
}

pub(super) async fn hear(
    known: Known,
    said: Result<Json<Said>, JsonRejection>,
) -> Result<StatusCode, Denied> {
    let Json(said) = said?;
    known.hub.lane.hear(known.id(), said);
    Ok(StatusCode::NO_CONTENT)
}

/// Shorter than whoever asks is patient.
const HOLD: Duration = Duration::from_secs(20);
