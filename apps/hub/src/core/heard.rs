//! When this machine's guard last gave word: kept, so that a hub that was started anew still knows since when it is silent.
//! A silence is told with its hour wherever it shows, never as an empty page.

use std::time::Duration;

use hygie_acts::Incident;
use hygie_agent::guard::Status;
use hygie_model::{Protection, Wall};
use hygie_store::{Duty, Json, Practice};

use crate::web::fault::Fault;

/// When it was last heard.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn last(practice: Practice<'_>) -> Result<Option<Wall>, Fault> {
    Ok(kept(practice).await?.map(|duty| duty.heard))
}

/// Keeps its word, once a minute at the most; tells when it was last heard.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn note(
    practice: Practice<'_>,
    status: Option<&Status>,
    now: Wall,
) -> Result<Option<Wall>, Fault> {
    let kept = kept(practice).await?;
    let before = kept.as_ref().map(|duty| duty.heard);
    let Some(status) = status else {
        return Ok(before);
    };
    if before.is_none_or(|before| before.after(MINUTE) <= now) {
        let is_well = matches!(status.protection, Protection::Protected);
        let well = is_well.then_some(now);
        let duty = Duty {
            who: WHO.to_owned(),
            what: WHAT.to_owned(),
            state: if is_well { "well" } else { "trouble" }.to_owned(),
            since: now,
            well: well.or_else(|| kept.and_then(|duty| duty.well)),
            heard: now,
            body: Json::empty(),
        };
        practice.hear_duty(&duty).await?;
    }
    Ok(Some(now))
}

/// This machine reports to the hub as the others do: what its guard tells itself is not told twice.
pub(crate) fn is_same(incident: &Incident, number: u64, began: Wall) -> bool {
    let apart = incident.opening.stopped_at.0.abs_diff(began.0);
    incident.id == number && u128::from(apart) <= NEAR.as_nanos()
}

async fn kept(practice: Practice<'_>) -> Result<Option<Duty>, Fault> {
    Ok(practice.duty(WHO, WHAT).await?)
}

/// The machine that the hub stands on.
const WHO: &str = "here";
const WHAT: &str = "guard";
/// A signal is sent within this time of what it tells.
const NEAR: Duration = Duration::from_secs(120);
const MINUTE: Duration = Duration::from_secs(60);
