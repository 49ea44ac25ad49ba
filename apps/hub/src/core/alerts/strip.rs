//! What every page says above all else: that an alert cannot be sent, that the post is silent, or that nobody keeps watch. The watch's
//! own heartbeat, judged by whoever opens a page.

use std::time::Duration;

use hygie_alert::{Alert, Alerts};
use hygie_model::Wall;
use hygie_store::{Duty, Json, Practice};
use serde::{Deserialize, Serialize};

use super::kept;
use crate::web::fault::Fault;

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strip {
    /// So many alerts could not be sent.
    Unsent(u64),
    /// The post does not answer.
    Post(Wall),
    /// Nobody has looked since.
    Blind(Wall),
}

/// The heartbeat's words.
#[derive(Default, Serialize, Deserialize)]
struct Told {
    unsent: u64,
    post: Option<Wall>,
}

/// What to say now; nothing where all is well, or the hub has not looked yet.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn strip(practice: Practice<'_>, now: Wall) -> Result<Option<Strip>, Fault> {
    let Some(duty) = practice.duty(WHO, WHAT).await? else {
        return Ok(None);
    };
    if duty.heard.after(BLIND) < now {
        return Ok(Some(Strip::Blind(duty.heard)));
    }
    let told: Told = duty.body.get()?;
    Ok(match (told.unsent, told.post) {
        (0, None) => None,
        (0, Some(since)) => Some(Strip::Post(since)),
        (alerts, _) => Some(Strip::Unsent(alerts)),
    })
}

/// Keeps the watch's heartbeat.
pub(super) async fn note(practice: Practice<'_>, alerts: &Alerts, now: Wall) -> Result<(), Fault> {
    let unsent = alerts
        .alerts()
        .iter()
        .filter(|alert| Alert::is_unsent(alert));
    let told = Told {
        unsent: unsent.count() as u64,
        post: kept::post_silent(alerts, now),
    };
    let is_well = told.unsent == 0 && told.post.is_none();
    let duty = Duty {
        who: WHO.to_owned(),
        what: WHAT.to_owned(),
        state: if is_well { "well" } else { "trouble" }.to_owned(),
        since: now,
        well: is_well.then_some(now),
        heard: now,
        body: Json::of(&told)?,
    };
    Ok(practice.hear_duty(&duty).await?)
}

const WHO: &str = "hub";
const WHAT: &str = "alerts";
/// A watch that looks each minute is gone after this time.
const BLIND: Duration = Duration::from_secs(10 * 60);
