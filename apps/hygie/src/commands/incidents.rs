//! `hygie incidents [INCIDENT]`: which programs were stopped, and what one of them did.

use std::time::Duration;

use anyhow::Result;
use hygie_acts::{Allowed, Incident, State};
use hygie_agent::{
    door::{Caller, Question, Reply},
    incidents::{IncidentTold, words},
};
use hygie_text::{Args, Id};
use serde_json::{Value, json};

use super::Context;
use crate::screen::{Exit, path_fields, said};

pub(crate) fn run(context: &Context<'_>, incident: Option<u64>) -> Result<Exit> {
    match incident {
        None => list(context),
        Some(id) => detail(context, id),
    }
}

/// Asks the guard; all of this is about what it alone knows.
pub(super) fn ask(context: &Context<'_>, question: &Question) -> Result<Reply> {
    let silent = || said(Id::ErrorNoGuard, Args::new());
    let mut caller = Caller::knock(&context.state().socket()).map_err(|_| silent())?;
    caller.waits(PATIENCE)?;
    super::asked::put(&mut caller, question)
}

/// The words for an answer that is none.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
pub(super) fn no_answer(reply: Reply, id: u64) -> anyhow::Error {
    let args = Args::new().count("incident", id);
    match reply {
        Reply::Unknown => said(Id::IncidentUnknown, args),
        Reply::StillRuns => said(Id::UndoStillRuns, args),
        Reply::IsAllowed => said(Id::UndoIsAllowed, args),
        Reply::NotUndone => said(Id::UndoNotUndone, args),
        other => super::asked::no_answer(other, said(Id::ErrorNeedsRoot, Args::new())),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
pub(super) fn all(context: &Context<'_>) -> Result<(Vec<Incident>, Vec<Allowed>)> {
    match ask(context, &Question::Incidents)? {
        Reply::Incidents { incidents, allowed } => Ok((incidents, allowed)),
        other => {
            let refused = said(Id::ErrorNotMember, Args::new());
            Err(super::asked::no_answer(other, refused))
        }
    }
}

fn list(context: &Context<'_>) -> Result<Exit> {
    let screen = context.screen;
    let (incidents, allowed) = all(context)?;
    if incidents.is_empty() {
        screen.say(Id::IncidentsNone, &Args::new());
    } else {
        let args = Args::new().count("incidents", incidents.len() as u64);
        screen.say(Id::IncidentsTitle, &args);
    }
    for incident in &incidents {
        let state = screen
            .catalog()
            .say(words::state(incident.state), &Args::new());
        let args = Args::new()
            .count("incident", incident.id)
            .moment("at", incident.opening.stopped_at)
            .text("program", program(incident));
        screen.say(Id::IncidentsLine, &args.nested("state", state));
        screen.json("incident", serde_json::to_value(incident)?);
    }
    if !allowed.is_empty() {
        screen.say(Id::IncidentsAllowedTitle, &Args::new());
    }
    for one in &allowed {
        let doing = words::doing(one.doing);
        let doing = screen.catalog().say(doing, &Args::new());
        let args = Args::new()
            .count("incident", one.incident)
            .text("program", &one.exe)
            .nested("doing", doing);
        let args = args.path("path", &one.path).moment("until", one.until);
        screen.say(Id::IncidentsAllowedLine, &args);
        screen.json("allowed", serde_json::to_value(one)?);
    }
    let open = incidents
        .iter()
        .filter(|incident| incident.state.is_open())
        .count() as u64;
    if open > 0 {
        screen.say(Id::IncidentsOpen, &Args::new().count("open", open));
        return Ok(Exit::Partial);
    }
    Ok(Exit::Good)
}

fn detail(context: &Context<'_>, id: u64) -> Result<Exit> {
    let reply = ask(context, &Question::Incident { id })?;
    let Reply::Incident(told) = reply else {
        return Err(no_answer(reply, id));
    };
    let incident = &told.incident;
    let screen = context.screen;
    let args = Args::new()
        .count("incident", id)
        .text("program", program(incident));
    let at = incident.opening.stopped_at;
    screen.say(Id::IncidentTitle, &args.moment("at", at));
    screen.say(
        match incident.state {
            State::Stopped => Id::IncidentStopped,
            State::EndedEvidenceKept => Id::IncidentEnded,
            State::Undone => Id::IncidentUndone,
            State::Allowed => Id::IncidentAllowed,
        },
        &Args::new(),
    );
    let harmed = at.0.saturating_sub(incident.opening.first_harm.0);
    let spent = Duration::from_nanos(u64::try_from(harmed).unwrap_or(0));
    screen.say(Id::IncidentWhy, &Args::new().spent("spent", spent));
    for reason in &incident.opening.reasons {
        let (id, args) = words::reason(reason);
        let reason = screen.catalog().say(id, &args);
        screen.say(Id::IncidentReason, &Args::new().nested("reason", reason));
    }
    files(context, &told);
    screen.json(
        "incident.detail",
        json!({ "incident": incident, "more": told.more }),
    );
    Ok(if incident.state.is_open() {
        Exit::Partial
    } else {
        Exit::Good
    })
}

fn files(context: &Context<'_>, told: &IncidentTold) {
    let screen = context.screen;
    let args = Args::new().count("files", told.files.len() as u64 + told.more);
    screen.say(Id::IncidentFilesTitle, &args);
    for file in &told.files {
        let said = |deed: &_| screen.catalog().say(words::deed(*deed), &Args::new());
        let deeds: Vec<String> = file.deeds.iter().map(said).collect();
        let args = Args::new().path("path", &file.path.0);
        screen.say(Id::IncidentFile, &args.nested("deeds", deeds.join(", ")));
        let mut fields = path_fields(&file.path.0);
        fields.insert("incident".into(), told.incident.id.into());
        fields.insert("at".into(), file.at.to_rfc3339().into());
        fields.insert("deeds".into(), json!(file.deeds));
        fields.insert("by".into(), json!(file.by));
        screen.json("incident.file", Value::Object(fields));
    }
    if told.more > 0 {
        let args = Args::new().count("files", told.more);
        screen.say(Id::IncidentFilesMore, &args);
    }
}

fn program(incident: &Incident) -> &str {
    words::program(incident).unwrap_or("?")
}

/// An undo of much takes its time.
const PATIENCE: Duration = Duration::from_secs(3600);
