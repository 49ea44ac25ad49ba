//! Who did what and when, from the hub's own journal; whether it is whole; and the way to take it along.

mod asked;
mod export;
mod told;
mod verify;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_model::PersonId;
use hygie_store::JournalLine;
use hygie_text::{
    Args, Message, TimeZone,
    console::{Journal, Shared},
    day, hour,
};

use crate::{
    core::chain,
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        route::Route,
        visitor::Visitor,
    },
};
use asked::{Asked, Days};
use verify::Finding;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/journal", Act::SeeJournal, show),
        Route::get("/journal/verify", Act::VerifyJournal, verify::show),
        Route::post("/journal/verify", Act::VerifyJournal, verify::refill),
        Route::post("/journal/export", Act::ExportJournal, export::take),
    ]
}

/// A choice of a list.
struct Choice {
    value: String,
    words: String,
    chosen: bool,
}

/// What was noted on one day.
struct Noted {
    day: String,
    label: String,
    lines: Vec<Line>,
}

/// A line as it is read.
struct Line {
    at: String,
    hour: String,
    says: String,
}

#[derive(Template)]
#[template(path = "pages/journal/page.html")]
struct Page {
    frame: Frame,
    finding: Finding,
    who: Vec<Choice>,
    what: Vec<Choice>,
    asked: Asked,
    /// The fields whose day cannot be read.
    wrong: [bool; 2],
    days: Vec<Noted>,
    /// Where older lines are.
    older: Option<String>,
    /// Whether the newest lines are elsewhere.
    is_further: bool,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let people: BTreeMap<PersonId, String> = practice
        .people()
        .await?
        .into_iter()
        .map(|person| (person.id, person.name))
        .collect();
    let whole = chain::verify(&visitor.hub.journal, practice).await?;
    let Days { filter, wrong } = asked.filter(&visitor.hub.zone);
    let found = practice.journal(&filter, asked.cursor(), A_PAGE).await?;
    let lines = found.items;
    page(&Page {
        frame: visitor.frame(Some(Place::Journal), Journal::Title),
        finding: verify::finding(&visitor, &whole),
        who: who(&visitor, &people, &asked),
        what: what(&visitor, &asked),
        wrong,
        days: by_day(&visitor, &people, lines),
        older: found.next.map(|next| asked.further(next)),
        is_further: asked.cursor().is_some(),
        asked,
    })
}

fn who(visitor: &Visitor, people: &BTreeMap<PersonId, String>, asked: &Asked) -> Vec<Choice> {
    let mut choices: Vec<Choice> = people
        .iter()
        .map(|(id, name)| Choice {
            value: id.0.to_string(),
            words: name.clone(),
            chosen: asked.person == id.0.to_string(),
        })
        .collect();
    choices.sort_by(|one, other| one.words.cmp(&other.words));
    choices.insert(0, all(visitor, Journal::Everybody));
    choices
}

fn what(visitor: &Visitor, asked: &Asked) -> Vec<Choice> {
    let mut choices: Vec<Choice> = told::KINDS
        .iter()
        .map(|known| Choice {
            value: known.kind.to_owned(),
            words: visitor.speech.word(known.label),
            chosen: asked.kind == known.kind,
        })
        .collect();
    choices.sort_by(|one, other| one.words.cmp(&other.words));
    choices.insert(0, all(visitor, Journal::Everything));
    choices
}

fn all<M: Message>(visitor: &Visitor, words: M) -> Choice {
    Choice {
        value: String::new(),
        words: visitor.speech.word(words),
        chosen: false,
    }
}

fn by_day(
    visitor: &Visitor,
    people: &BTreeMap<PersonId, String>,
    lines: Vec<JournalLine>,
) -> Vec<Noted> {
    let (speech, zone): (_, &TimeZone) = (&visitor.speech, &visitor.hub.zone);
    let mut days: Vec<Noted> = Vec::new();
    for line in lines {
        let day = day(speech.language(), line.at, zone);
        let shown = Line {
            at: line.at.to_rfc3339(),
            hour: hour(line.at, zone),
            says: told::sentence(speech, people, &line),
        };
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.lines.push(shown),
            None => days.push(Noted {
                label: speech.say(Journal::LogLabel, &Args::new().nested("day", day.clone())),
                day,
                lines: vec![shown],
            }),
        }
    }
    days
}

/// Lines on one page.
const A_PAGE: u32 = 100;
