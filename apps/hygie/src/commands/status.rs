//! `hygie status`: whether the folders are protected, from the guard itself.

use anyhow::Result;
use hygie_model::{Cause, Protection};
use hygie_platform::clock;
use hygie_text::{Args, Id};
use serde_json::json;

use super::Context;
use crate::screen::{Exit, said};

#[cfg(target_os = "linux")]
pub(crate) fn run(context: &Context<'_>) -> Result<Exit> {
    use hygie_agent::door::{Caller, Question, Reply};
    let asked = Caller::knock(&context.state().socket())
        .and_then(|mut caller| caller.ask(&Question::Status));
    let status = match asked {
        Ok(Reply::Status(status)) => status,
        // Somebody guards; how well is not for this caller.
        Ok(Reply::Refused) => return Err(said(Id::ErrorNotMember, Args::new())),
        Ok(_) | Err(_) => return not_running(context),
    };
    let screen = context.screen;
    for line in screen.catalog().protection(&status.protection) {
        screen.explained(&line);
    }
    let counts = status.counts;
    screen.say(Id::StatusSince, &Args::new().moment("since", status.since));
    let args = Args::new()
        .count("files", counts.files)
        .count("copied", counts.copied);
    screen.say(Id::StatusFiles, &args);
    let args = Args::new()
        .count("versions", status.versions)
        .bytes("bytes", status.vault_bytes);
    screen.say(Id::StatusVersions, &args);
    if let Some(hub) = status.hub {
        tell_hub(context, hub);
    }
    screen.json("status", serde_json::to_value(&*status)?);
    Ok(match status.protection {
        // Nothing is lost, and somebody should look.
        Protection::Protected if status.hub.is_some_and(|hub| hub.silent) => Exit::Partial,
        Protection::Protected => Exit::Good,
        Protection::ProtectedBut { .. } => Exit::Partial,
        Protection::NotProtected { .. } => Exit::Lost,
    })
}

/// The hub, judged by this device.
#[cfg(target_os = "linux")]
fn tell_hub(context: &Context<'_>, hub: hygie_agent::guard::HubTold) {
    let screen = context.screen;
    let args = hub.heard.map(|at| Args::new().moment("at", at));
    match (hub.silent, args) {
        (false, Some(args)) => screen.say(Id::StatusHub, &args),
        (false, None) => screen.say(Id::StatusHubNever, &Args::new()),
        (true, Some(args)) => {
            screen.explained(&screen.catalog().explain(Id::StatusHubSilent, &args));
        }
        (true, None) => {
            let said = screen
                .catalog()
                .explain(Id::StatusHubSilentNever, &Args::new());
            screen.explained(&said);
        }
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn run(context: &Context<'_>) -> Result<Exit> {
    unprotected(context, Cause::Unsupported)
}

/// Nobody answers: the last moment at which the law was known to hold is on disk.
#[cfg(target_os = "linux")]
fn not_running(context: &Context<'_>) -> Result<Exit> {
    unprotected(context, Cause::NotStarted)
}

fn unprotected(context: &Context<'_>, cause: Cause) -> Result<Exit> {
    let protection = Protection::NotProtected {
        since: context
            .state()
            .last_known_protected()
            .unwrap_or_else(clock::wall),
        cause,
    };
    for line in context.screen.catalog().protection(&protection) {
        context.screen.explained(&line);
    }
    context.screen.json("status", json!(protection));
    Ok(Exit::Lost)
}
