//! A whole folder as it was at a moment: what would change is shown first, then done.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_agent::door::{Pick, PlanTold, Question, Reply};
use hygie_model::Wall;
use hygie_text::{
    Args, Explained,
    console::{Files, Shared},
    shown,
};
use jiff::{civil::Date, civil::Time, tz::TimeZone};
use serde::Deserialize;

use super::{
    Mute, ask,
    find::roots,
    path::{self, Crumb, crumbs, from_query, of_folder, to_query},
    restore::{came, counted, muted, note_of},
};
use crate::web::{
    fault::Fault,
    form::Sent,
    frame::{Frame, Place, page},
    icon::Icon,
    visitor::{Visitor, see},
};

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    p: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    time: String,
}

/// A file that would come back.
struct Row {
    name: String,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/files/folder.html")]
struct Page {
    frame: Frame,
    crumbs: Vec<Crumb>,
    sentence: String,
    mute: Option<Explained>,
    path: String,
    back: String,
    at: i64,
    does: bool,
    facts: Vec<(Icon, String)>,
    rows: Vec<Row>,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let folder = from_query(&asked.p).ok_or(Fault::NotFound)?;
    let Some(at) = moment(&asked, &visitor.hub.zone, visitor.now) else {
        return Ok(see(&format!("{}&wrong=day", of_folder(&folder))));
    };
    let (plan, mute) = match plan(&visitor, &folder, at).await? {
        Ok(plan) => (Some(plan), None),
        Err(Unplanned::Unknown) => (None, None),
        Err(Unplanned::Mute(mute)) => (None, Some(mute)),
    };
    let speech = &visitor.speech;
    let does = plan
        .as_ref()
        .is_some_and(|plan| plan.files > 0 || !plan.aside.is_empty());
    let named = Args::new()
        .text("folder", &path::name(&folder))
        .moment("at", at);
    let sentence = match (&plan, mute) {
        (Some(_), _) if does => speech.say(Files::PlanTitle, &named),
        (Some(_), _) => speech.word(Files::PlanNothing),
        (None, Some(mute)) => mute.explain(&visitor).what,
        (None, None) => speech.word(Files::Unknown),
    };
    page(&Page {
        frame: visitor.frame(Some(Place::Files), Files::AsItWas),
        crumbs: crumbs(&folder, &roots(&visitor).await?.unwrap_or_default()),
        sentence,
        mute: mute.map(|mute| mute.explain(&visitor)),
        path: to_query(&folder),
        back: of_folder(&folder),
        at: at.0,
        does,
        facts: plan
            .as_ref()
            .map(|plan| facts(&visitor, plan))
            .unwrap_or_default(),
        rows: plan.map(|plan| rows(&visitor, &plan)).unwrap_or_default(),
    })
}

/// What would change, in sentences.
fn facts(visitor: &Visitor, plan: &PlanTold) -> Vec<(Icon, String)> {
    let speech = &visitor.speech;
    let of = |files: usize| Args::new().count("files", files as u64);
    let written = Args::new()
        .count("files", plan.files)
        .bytes("bytes", plan.bytes);
    [
        (plan.files > 0, Icon::Undo, Files::PlanFiles, written),
        (
            !plan.aside.is_empty(),
            Icon::Info,
            Files::PlanAside,
            of(plan.aside.len()),
        ),
        (
            !plan.missing.is_empty(),
            Icon::BowlIdk,
            Files::PlanMissing,
            of(plan.missing.len()),
        ),
        (
            !plan.refused.is_empty(),
            Icon::BowlIdk,
            Files::PlanRefused,
            of(plan.refused.len()),
        ),
    ]
    .into_iter()
    .filter(|(is, _, _, _)| *is)
    .map(|(_, icon, words, args)| (icon, speech.say(words, &args)))
    .collect()
}

fn rows(visitor: &Visitor, plan: &PlanTold) -> Vec<Row> {
    let rows = plan.first.iter().map(|file| {
        let words = if file.replaces {
            Files::PlanReplaces
        } else {
            Files::PlanRecreates
        };
        Row {
            name: shown(&file.path.0.to_string_lossy()),
            about: visitor
                .speech
                .say(words, &Args::new().moment("since", file.since)),
        }
    });
    rows.collect()
}

/// Why there is no plan.
enum Unplanned {
    /// Nothing is known of the folder, or not of that moment.
    Unknown,
    Mute(Mute),
}

async fn plan(
    visitor: &Visitor,
    folder: &Path,
    at: Wall,
) -> Result<Result<PlanTold, Unplanned>, Fault> {
    let question = Question::Plan {
        path: folder.to_owned(),
        pick: Pick::At { at },
    };
    Ok(match ask(visitor, question).await? {
        Ok(Reply::Plan(plan)) => Ok(*plan),
        Ok(Reply::Unknown) => Err(Unplanned::Unknown),
        Ok(_) => Err(Unplanned::Mute(Mute::Failed)),
        Err(mute) => Err(Unplanned::Mute(mute)),
    })
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    p: String,
    at: i64,
}

pub(super) async fn restore(
    visitor: Visitor,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Fault> {
    let folder: PathBuf = from_query(&wanted.p).ok_or(Fault::NotFound)?;
    let at = Wall(wanted.at);
    if at > visitor.now {
        return Err(Fault::Unreadable);
    }
    let note = note_of(&visitor, &folder)?.with("at", at.to_rfc3339());
    visitor.tell("folder.restore-asked", note).await?;
    let question = Question::Restore {
        path: folder.clone(),
        pick: Pick::At { at },
    };
    let done = match ask(&visitor, question).await? {
        Ok(Reply::Restored(outcome)) => {
            let note = counted(note_of(&visitor, &folder)?, &outcome);
            came(&visitor, "folder.restored", note).await;
            let left =
                outcome.problems.len() as u64 + outcome.missing + outcome.refused.len() as u64;
            format!("folder&files={}&problems={left}", outcome.files)
        }
        Ok(Reply::Unknown) => "unknown".to_owned(),
        Ok(_) => "failed".to_owned(),
        Err(mute) => muted(mute).to_owned(),
    };
    Ok(see(&format!("{}&done={done}", of_folder(&folder))))
}

/// The moment that the form names: without an hour the end of that day, never later than now.
fn moment(asked: &Asked, zone: &TimeZone, now: Wall) -> Option<Wall> {
    let day: Date = asked.day.trim().parse().ok()?;
    let time = match asked.time.trim() {
        "" => None,
        text => Some(text.parse::<Time>().ok()?),
    };
    let start = zone.to_timestamp(day.to_datetime(Time::midnight())).ok()?;
    if wall(start)? > now {
        return None;
    }
    let at = match time {
        Some(time) => wall(zone.to_timestamp(day.to_datetime(time)).ok()?)?,
        None => {
            let next = day.tomorrow().ok()?.to_datetime(Time::midnight());
            let end = wall(zone.to_timestamp(next).ok()?)?;
            Wall(end.0 - 1).min(now)
        }
    };
    (at <= now).then_some(at)
}

fn wall(stamp: jiff::Timestamp) -> Option<Wall> {
    i64::try_from(stamp.as_nanosecond()).ok().map(Wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 24 November 2026, 08:12 UTC.
    const NOW: Wall = Wall(1_795_507_920_000_000_000);

    fn of(day: &str, time: &str) -> Option<String> {
        let asked = Asked {
            p: String::new(),
            day: day.to_owned(),
            time: time.to_owned(),
        };
        let at = moment(&asked, &TimeZone::UTC, NOW)?;
        Some(at.to_rfc3339().chars().take(16).collect())
    }

    #[test]
    fn a_moment_of_the_past() {
        let table = [
            ("2026-11-23", "14:30", Some("2026-11-23T14:30")),
            ("2026-11-23", "", Some("2026-11-23T23:59")),
            // Of today what is over.
            ("2026-11-24", "", Some("2026-11-24T08:12")),
            ("2026-11-24", "08:12", Some("2026-11-24T08:12")),
            ("2026-11-24", "08:13", None),
            ("2026-11-25", "", None),
            ("24/11/2026", "", None),
            ("2026-11-23", "midi", None),
            ("", "", None),
        ];
        for (day, time, said) in table {
            assert_eq!(of(day, time).as_deref(), said, "{day} {time}");
        }
    }
}
