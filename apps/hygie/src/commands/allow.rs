//! `hygie allow INCIDENT [--for DURATION] [--revoke]`: lets a falsely suspected program go on.

use anyhow::Result;
use hygie_agent::{
    config::AllowFor,
    door::{Question, Reply},
    incidents::NotAllowed,
};
use hygie_text::{Args, Id};

use super::{
    Context,
    incidents::{ask, no_answer},
};
use crate::{
    cli::Allow,
    screen::{Exit, said},
};

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
pub(crate) fn run(context: &Context<'_>, asked: &Allow) -> Result<Exit> {
    let id = asked.incident;
    if asked.revoke {
        return revoke(context, id);
    }
    let time = match &asked.duration {
        None => AllowFor::default(),
        Some(text) => text
            .parse()
            .map_err(|_| said(Id::AllowDuration, Args::new().text("text", text)))?,
    };
    let screen = context.screen;
    if !screen.asks(Id::AllowAsk, context.yes) {
        screen.say(Id::RestoreCancelled, &Args::new());
        return Ok(Exit::Failed);
    }
    let seconds = time.get().as_secs();
    let allowed = match ask(context, &Question::Allow { id, seconds })? {
        Reply::Allowed { allowed } => allowed,
        Reply::NotAllowed(why) => return Err(refused(why, id)),
        other => return Err(no_answer(other, id)),
    };
    for one in &allowed {
        screen.json("allowed", serde_json::to_value(one)?);
    }
    if let Some(one) = allowed.first() {
        let args = Args::new().count("incident", id);
        screen.say(Id::AllowDone, &args.moment("until", one.until));
    }
    Ok(Exit::Good)
}

fn revoke(context: &Context<'_>, id: u64) -> Result<Exit> {
    let reply = ask(context, &Question::Revoke { id })?;
    let Reply::Allowed { allowed } = reply else {
        return Err(no_answer(reply, id));
    };
    for one in &allowed {
        context
            .screen
            .json("allowed.revoked", serde_json::to_value(one)?);
    }
    let (said, exit) = if allowed.is_empty() {
        (Id::AllowNone, Exit::Failed)
    } else {
        (Id::AllowRevoked, Exit::Good)
    };
    context.screen.say(said, &Args::new().count("incident", id));
    Ok(exit)
}

fn refused(why: NotAllowed, id: u64) -> anyhow::Error {
    let args = Args::new().count("incident", id);
    let program = |exe: &str| Args::new().text("program", exe);
    match why {
        NotAllowed::Unknown => said(Id::IncidentUnknown, args),
        NotAllowed::Undone => said(Id::AllowUndone, args),
        NotAllowed::NoProgram => said(Id::AllowNoProgram, args),
        NotAllowed::Interpreter { exe } => said(Id::AllowInterpreter, program(&exe)),
        NotAllowed::Archiver { exe } => said(Id::AllowArchiver, program(&exe)),
    }
}
