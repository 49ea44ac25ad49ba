//! How the practice is: one sentence, what waits for a person, what Hygie holds, and fourteen days.

mod fortnight;
mod holds;
mod looked;
mod meanwhile;
mod over;
mod read;
mod rows;
mod state;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_text::{
    Args,
    console::{Alerts, Shared, Today},
};
use serde::Deserialize;

use super::{
    call::{Call, call},
    me::weak,
};
use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    live,
    route::Route,
    visitor::Visitor,
};
use fortnight::{Fortnight, fortnight};
use holds::{Fact, holds};
use looked::{Looked, looked};
use meanwhile::{Meanwhile, meanwhile};
use rows::{Go, Row, row};
use state::{Guard, Opening, State, state};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/", Act::SeeToday, show),
        Route::get("/today/live", Act::SeeToday, look_on),
        Route::post("/alerts/read", Act::ReadAlert, read::read),
    ]
}

#[derive(Template)]
#[template(path = "pages/today/page.html")]
struct Page {
    frame: Frame,
    part: String,
    over: Fortnight,
    may_see_journal: bool,
    /// What was done before this page came.
    done: Option<String>,
    /// What happened while she was away.
    meanwhile: Option<Meanwhile>,
}

/// What changes while somebody looks on.
#[derive(Template)]
#[template(path = "pages/today/part.html")]
struct Part {
    frame: Frame,
    bowl: String,
    opening: String,
    second: String,
    proof: String,
    /// The weightiest thing that waits.
    first: Option<Row>,
    others: Vec<Row>,
    facts: Vec<Fact>,
    /// Whom to call while an incident waits.
    call: Option<Call>,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let access = weak(&visitor).await?;
    let looked = looked(&visitor, access).await?;
    let over = fortnight(&visitor, &looked.look);
    page(&Page {
        part: drawn(&visitor, looked).await?,
        frame: visitor.frame(Some(Place::Today), Today::Title),
        over,
        may_see_journal: visitor.may(Act::SeeJournal),
        meanwhile: meanwhile(&visitor).await?,
        done: (asked.done == "read").then(|| visitor.speech.word(Today::DoneRead)),
    })
}

async fn look_on(visitor: Visitor) -> Result<Response, Fault> {
    let access = weak(&visitor).await?;
    Ok(live::part(visitor.clone(), move || {
        let visitor = visitor.clone();
        async move { drawn(&visitor, looked(&visitor, access).await?).await }
    }))
}

async fn drawn(visitor: &Visitor, looked: Looked) -> Result<String, Fault> {
    let state = state(looked.facts.clone());
    let facts = holds(visitor, &looked, &state);
    let mut rows: Vec<Row> = state.waits.iter().map(|wait| row(visitor, wait)).collect();
    let first = (!rows.is_empty()).then(|| rows.remove(0));
    let part = Part {
        bowl: state.bowl.svg(),
        opening: opening(visitor, &state),
        second: second(visitor, &state),
        proof: proof(visitor, &looked),
        first,
        others: rows,
        call: if state.incidents > 0 {
            call(visitor).await?
        } else {
            None
        },
        facts,
        frame: visitor.frame(Some(Place::Today), Today::Title),
    };
    Ok(part.render()?)
}

fn opening(visitor: &Visitor, state: &State) -> String {
    let speech = &visitor.speech;
    match state.opening {
        Opening::Protected => speech.word(Today::Protected),
        Opening::ProtectedBut(points) => {
            speech.say(Today::ProtectedBut, &Args::new().count("points", points))
        }
        Opening::Starting => speech.word(Today::Starting),
        Opening::NotProtected(since) => {
            speech.say(Today::NotProtected, &Args::new().moment("since", since))
        }
        Opening::NotKnown => speech.word(Today::NotKnown),
    }
}

fn second(visitor: &Visitor, state: &State) -> String {
    let speech = &visitor.speech;
    let things = state.waits.len() as u64;
    match (state.incidents, things) {
        (0, 0) => speech.word(Today::WaitsNothing),
        (0, things) => speech.say(Today::WaitsSome, &Args::new().count("things", things)),
        (incidents, _) => speech.say(
            Today::WaitsIncident,
            &Args::new().count("incidents", incidents),
        ),
    }
}

/// When it was looked at, and who answers.
fn proof(visitor: &Visitor, looked: &Looked) -> String {
    let speech = &visitor.speech;
    let checked = speech.say(Today::Checked, &Args::new().moment("at", looked.at));
    let guard = match &looked.facts.guard {
        Guard::Says(_) => speech.word(Today::GuardAnswers),
        Guard::Silent { since: None } => speech.word(Today::GuardSilent),
        Guard::Silent { since: Some(since) } => speech.say(
            Today::GuardSilentSince,
            &Args::new().moment("since", *since),
        ),
    };
    let (all, silent) = (looked.devices, looked.silent());
    let devices = match (all, silent) {
        (0, _) => String::new(),
        (all, 0) => speech.say(Today::DevicesAnswer, &Args::new().count("devices", all)),
        (all, silent) => {
            let args = Args::new()
                .count("answering", all.saturating_sub(silent))
                .count("devices", all);
            speech.say(Today::DevicesSome, &args)
        }
    };
    format!("{checked} {guard} {devices}").trim_end().to_owned()
}
