//! A device says that it will not be heard: kept beside its duties, so that whoever judges silence knows of it.

use axum::{Json, extract::rejection::JsonRejection, http::StatusCode};
use hygie_store::{Duty, Json as Kept};
use hygie_wire::{Leave, Leaves};

use super::{denied::Denied, known::Known};

/// Under which duty a good-bye is kept.
pub(crate) const LEFT: &str = "left";
/// Its state where the device sleeps.
pub(crate) const ASLEEP: &str = "asleep";

pub(super) async fn hear(
    known: Known,
    said: Result<Json<Leave>, JsonRejection>,
) -> Result<StatusCode, Denied> {
    let Json(Leave { how }) = said?;
    let state = match how {
        Leaves::Asleep => ASLEEP,
        Leaves::Off => "off",
    };
    let duty = Duty {
        who: known.id().0.to_string(),
        what: LEFT.to_owned(),
        state: state.to_owned(),
        since: known.now,
        well: None,
        heard: known.now,
        body: Kept::empty(),
    };
    let practice = known.practice();
    // So that the good-bye is its last word.
    practice.hear_device(known.id(), known.now).await?;
    practice.hear_duty(&duty).await?;
    Ok(StatusCode::NO_CONTENT)
}
