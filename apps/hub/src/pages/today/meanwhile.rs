//! What happened while she was away: told at the first sign-in after a day without her.

use std::time::Duration;

use hygie_text::{Args, console::Alerts};

use crate::{
    core::alerts::watched,
    web::{fault::Fault, visitor::Visitor},
};

/// Since when she was away, and what happened.
pub(super) struct Meanwhile {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

/// What is to be told; nothing where she was here, or nothing happened.
///
/// # Errors
/// The database does not answer.
pub(super) async fn meanwhile(visitor: &Visitor) -> Result<Option<Meanwhile>, Fault> {
    let (practice, signed) = (visitor.practice()?, visitor.signed()?);
    let sessions = practice.sessions(signed.person.id).await?;
    let is_this = |token| token == signed.digest;
    let this = sessions.iter().find(|one| is_this(one.session.token));
    let others = sessions.iter().filter(|one| !is_this(one.session.token));
    let (Some(this), Some(last)) = (this, others.map(|one| one.used).max()) else {
        return Ok(None);
    };
    if this.created.after(FIRST) < visitor.now || last.after(AWAY) > this.created {
        return Ok(None);
    }
    let speech = &visitor.speech;
    let mut lines = Vec::new();
    let alerts = practice.alerts(None, MANY).await?.items;
    let made = alerts.iter().filter(|alert| alert.made > last);
    let count = made.clone().count() as u64;
    if count > 0 {
        let over = made.filter(|alert| alert.ended.is_some()).count() as u64;
        let args = Args::new().count("alerts", count).count("over", over);
        lines.push(speech.say(Alerts::MeanwhileAlerts, &args));
    }
    let watched = watched(&visitor.hub, visitor.facts()?, visitor.now).await?;
    for gap in watched.gaps().iter().filter(|gap| gap.to > last) {
        let args = Args::new().moment("from", gap.from).moment("to", gap.to);
        lines.push(speech.say(Alerts::MeanwhileOff, &args));
    }
    let title = speech.say(Alerts::MeanwhileTitle, &Args::new().moment("since", last));
    Ok((!lines.is_empty()).then_some(Meanwhile { title, lines }))
}

/// A visit is the first one for so long.
const FIRST: Duration = Duration::from_secs(60 * 60);
/// Whoever was here within this time needs no report.
const AWAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Alerts that are counted.
const MANY: u32 = 100;
