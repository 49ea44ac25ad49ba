//! `hygie incidents [INCIDENT]`: which programs were stopped, and what one of them did.

use std::time::Duration;

use anyhow::Result;
use hygie_acts::{Allowed, Doing, Incident, Reason, State};
use hygie_agent::{
    door::{Caller, Question, Reply},
    incidents::{DeedTold, IncidentTold},
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
    Ok(caller.ask(question)?)
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
        let state = screen.catalog().say(word(incident.state), &Args::new());
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
        let doing = screen.catalog().say(
            match one.doing {
                Doing::Change => Id::DoingChange,
                Doing::Delete => Id::DoingDelete,
                Doing::Rename => Id::DoingRename,
                Doing::Make => Id::DoingMake,
            },
            &Args::new(),
        );
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
        let (id, args) = sentence(reason);
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
        let words: Vec<String> = file
            .deeds
            .iter()
            .map(|deed| screen.catalog().say(deed_word(*deed), &Args::new()))
            .collect();
        let args = Args::new().path("path", &file.path.0);
        screen.say(Id::IncidentFile, &args.nested("deeds", words.join(", ")));
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
    let first = incident.opening.members.first();
    first.map_or("?", |member| member.command.as_str())
}

fn word(state: State) -> Id {
    match state {
        State::Stopped => Id::StateStopped,
        State::EndedEvidenceKept => Id::StateEnded,
        State::Undone => Id::StateUndone,
        State::Allowed => Id::StateAllowed,
    }
}

fn deed_word(deed: DeedTold) -> Id {
    match deed {
        DeedTold::Made => Id::DeedMade,
        DeedTold::Linked => Id::DeedLinked,
        DeedTold::Changed => Id::DeedChanged,
        DeedTold::Attributes => Id::DeedAttributes,
        DeedTold::Renamed => Id::DeedRenamed,
        DeedTold::Deleted => Id::DeedDeleted,
    }
}

/// A reason in plain words. A part of a file counts as one.
fn sentence(reason: &Reason) -> (Id, Args) {
    let id = match reason.signal.as_str() {
        "kind-lost" => Id::ReasonKindLost,
        "kind-changed" => Id::ReasonKindChanged,
        "entropy-rose" => Id::ReasonEntropyRose,
        "unlike" => Id::ReasonUnlike,
        "stirred" => Id::ReasonStirred,
        "torn" => Id::ReasonTorn,
        "emptied" => Id::ReasonEmptied,
        "sealed-made" => Id::ReasonSealedMade,
        "displaced" => Id::ReasonDisplaced,
        "swallowed" => Id::ReasonSwallowed,
        "deleted" => Id::ReasonDeleted,
        "deleted-by-tool" => Id::ReasonDeletedByTool,
        "backups-deleted" => Id::ReasonBackupsDeleted,
        "name-lost" => Id::ReasonNameLost,
        "extension-lost" => Id::ReasonExtensionLost,
        "notes" => Id::ReasonNotes,
        "folders" => Id::ReasonFolders,
        "kinds" => Id::ReasonKinds,
        "kinds-read" => Id::ReasonKindsRead,
        "pace" => Id::ReasonPace,
        other => return (Id::ReasonOther, Args::new().text("signal", other)),
    };
    let name = id.needs().first().map_or("files", |(name, _)| name);
    let count = u64::from(reason.hundredths.div_ceil(100));
    (id, Args::new().count(name, count))
}

/// An undo of much takes its time.
const PATIENCE: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use hygie_agent::incidents::signal_word;
    use hygie_text::{Catalog, Language, TimeZone};

    use super::*;

    #[test]
    fn each_signal_of_the_engine_has_a_sentence() {
        let catalog = Catalog::new(Language::Fr, TimeZone::UTC);
        for signal in hygie_agent::incidents::signals() {
            let reason = Reason {
                signal: signal_word(signal),
                hundredths: 1150,
                points: 1,
            };
            let (id, args) = sentence(&reason);
            assert_ne!(id, Id::ReasonOther, "{}", reason.signal);
            let said = catalog.say(id, &args);
            assert!(said.contains("12"), "{said}");
        }
        let reason = Reason {
            signal: "kind-lost".into(),
            hundredths: 1200,
            points: 1,
        };
        let (id, args) = sentence(&reason);
        assert_eq!(
            catalog.say(id, &args),
            "12 fichiers sont devenus illisibles"
        );
    }
}
