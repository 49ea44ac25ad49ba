//! Stopped programs: the list, one incident with its undo, and both of them live.
//! Whoever may see states only gets no name of a file or a program here, whatever the guard says.

mod afar;
mod afar_ask;
mod afar_asked;
mod afar_files;
mod allow;
mod bars;
mod details;
mod files;
mod known;
mod one;
mod story;
mod told;
mod undo;

#[cfg(test)]
mod afar_signed_tests;
#[cfg(test)]
mod afar_tests;
#[cfg(test)]
mod allow_tests;
#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::response::Response;
use hygie_acts::{Allowed, State};
use hygie_agent::incidents::words;
use hygie_identity::Act;
use hygie_text::{
    Args,
    console::{Incidents, Shared},
};

pub(super) use known::{Known, Look, look};
pub(super) use undo::came;

use super::{
    bowl::{Ball, Bowl},
    call::{Call, call},
};
use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    live,
    route::Route,
    speech::Speech,
    visitor::Visitor,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/incidents", Act::SeeIncidentStates, show),
        Route::get("/incidents/live", Act::SeeIncidentStates, look_on),
        Route::get("/incidents/{id}", Act::SeeIncidentStates, one::show),
        Route::get("/incidents/{id}/live", Act::SeeIncidentStates, one::look_on),
        Route::get("/incidents/on/{id}", Act::SeeIncidentStates, afar::show),
        Route::get(
            "/incidents/on/{id}/live",
            Act::SeeIncidentStates,
            afar::look_on,
        ),
        Route::get(
            "/incidents/on/{id}/files",
            Act::SeeIncidents,
            afar_files::show,
        ),
        Route::post(
            "/incidents/on/{id}/restore",
            Act::RestoreVersion,
            afar_files::restore,
        ),
        Route::get(
            "/incidents/on/{id}/allow",
            Act::AllowIncident,
            allow::show_there,
        ),
        Route::post(
            "/incidents/on/{id}/allow/start",
            Act::AllowIncident,
            allow::start_there,
        ),
        Route::post(
            "/incidents/on/{id}/allow/finish",
            Act::AllowIncident,
            allow::finish_there,
        ),
        Route::post(
            "/incidents/on/{id}/freeze",
            Act::EndAllowance,
            afar_ask::freeze,
        ),
        Route::post("/incidents/on/{id}/undo", Act::UndoIncident, afar_ask::undo),
        Route::post("/incidents/on/{id}/redo", Act::UndoIncident, afar_ask::redo),
        Route::get("/incidents/{id}/allow", Act::AllowIncident, allow::show),
        Route::post(
            "/incidents/{id}/allow/start",
            Act::AllowIncident,
            allow::start,
        ),
        Route::post(
            "/incidents/{id}/allow/finish",
            Act::AllowIncident,
            allow::finish,
        ),
        Route::post("/incidents/{id}/undo", Act::UndoIncident, undo::undo),
        Route::post("/incidents/{id}/redo", Act::UndoIncident, undo::redo),
        Route::post("/incidents/{id}/revoke", Act::EndAllowance, undo::revoke),
    ]
}

#[derive(Template)]
#[template(path = "pages/incidents/list.html")]
struct Page {
    frame: Frame,
    part: String,
}

/// What changes while somebody looks on.
#[derive(Template)]
#[template(path = "pages/incidents/list_part.html")]
struct Part {
    frame: Frame,
    bowl: String,
    sentence: String,
    /// The guard does not answer.
    silent: bool,
    checked: String,
    rows: Vec<Row>,
    allowed: Vec<AllowedRow>,
    may_revoke: bool,
    /// Whom to call while one waits.
    call: Option<Call>,
}

struct Row {
    icon: String,
    title: String,
    about: String,
    tag: &'static str,
    word: String,
    /// Where more is to be seen.
    to: String,
}

struct AllowedRow {
    line: String,
    until: String,
    incident: u64,
}

async fn show(visitor: Visitor) -> Result<Response, Fault> {
    page(&Page {
        part: drawn(&visitor).await?,
        frame: visitor.frame(Some(Place::Incidents), Incidents::Title),
    })
}

async fn look_on(visitor: Visitor) -> Response {
    live::part(visitor.clone(), move || {
        let visitor = visitor.clone();
        async move { drawn(&visitor).await }
    })
}

async fn drawn(visitor: &Visitor) -> Result<String, Fault> {
    let look = look(visitor).await?;
    let speech = &visitor.speech;
    let checked = Args::new().moment("at", visitor.hub.now());
    let part = Part {
        bowl: bowl(&look).svg(),
        sentence: sentence(speech, &look),
        silent: !look.answers,
        checked: speech.say(Incidents::Checked, &checked),
        rows: look
            .incidents
            .iter()
            .map(|known| row(speech, known))
            .collect(),
        allowed: look
            .allowed
            .iter()
            .map(|one| allowed(speech, one))
            .collect(),
        may_revoke: visitor.may(Act::EndAllowance),
        call: if look.open().next().is_some() {
            call(visitor).await?
        } else {
            None
        },
        frame: visitor.frame(Some(Place::Incidents), Incidents::Title),
    };
    Ok(part.render()?)
}

fn bowl(look: &Look) -> Bowl {
    if !look.answers {
        return Bowl::Unknown;
    }
    let open: Vec<Ball> = look.open().map(|known| ball(known.state)).collect();
    Bowl::Held(if open.is_empty() {
        vec![Ball::Calm]
    } else {
        open
    })
}

const fn ball(state: State) -> Ball {
    match state {
        State::Stopped => Ball::Now,
        State::EndedEvidenceKept => Ball::Wait,
        State::Undone | State::Allowed => Ball::Calm,
    }
}

fn sentence(speech: &Speech, look: &Look) -> String {
    let (open, all) = (look.open().count() as u64, look.incidents.len() as u64);
    match (look.answers, open, all) {
        (true, 0, 0) => speech.word(Incidents::None),
        (true, 0, all) => speech.say(Incidents::Settled, &Args::new().count("count", all)),
        (false, 0, _) => speech.word(Incidents::GuardSilent),
        (_, open, _) => speech.say(Incidents::OpenSome, &Args::new().count("open", open)),
    }
}

fn row(speech: &Speech, known: &Known) -> Row {
    let args = Args::new().count("number", known.number);
    let title = match &known.program {
        Some(program) => speech.say(Incidents::LineNamed, &args.text("program", program)),
        None => speech.say(Incidents::Line, &args),
    };
    let state = speech.word(words::state(known.state));
    let args = Args::new().moment("at", known.at).nested("state", state);
    let about = match &known.device {
        Some(device) => speech.say(Incidents::LineAboutOn, &args.text("device", device)),
        None => speech.say(Incidents::LineAbout, &args),
    };
    let (tag, icon) = match known.state {
        State::Stopped => ("tag--now", Icon::BowlNow),
        State::EndedEvidenceKept => ("tag--todo", Icon::BowlTodo),
        State::Undone => ("tag--ok", Icon::BowlOk),
        State::Allowed => ("tag--idk", Icon::BowlOk),
    };
    Row {
        icon: icon.svg(),
        title,
        about,
        tag,
        word: speech.word(becomes(known.state)),
        to: known.page.clone(),
    }
}

/// What becomes of it, in a word.
pub(super) const fn becomes(state: State) -> Incidents {
    match state {
        State::Stopped | State::EndedEvidenceKept => Incidents::TagOpen,
        State::Undone => Incidents::TagUndone,
        State::Allowed => Incidents::TagAllowed,
    }
}

fn allowed(speech: &Speech, one: &Allowed) -> AllowedRow {
    let doing = speech.word(words::doing(one.doing));
    let line = Args::new()
        .text("program", &one.exe)
        .path("path", &one.path);
    let until = Args::new()
        .moment("until", one.until)
        .count("number", one.incident);
    AllowedRow {
        line: speech.say(Incidents::AllowedLine, &line.nested("doing", doing)),
        until: speech.say(Incidents::AllowedUntil, &until),
        incident: one.incident,
    }
}
