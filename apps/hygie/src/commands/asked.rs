//! The guard, asked for somebody who is not root and so cannot open the store.

use std::{io::ErrorKind, time::Duration};

use anyhow::Result;
use hygie_agent::door::{Caller, Question, Reply};
use hygie_text::{Args, Id};

use super::Context;
use crate::screen::said;

/// The guard's door; none for root, who needs none, and where nobody answers.
pub(crate) fn door(context: &Context<'_>) -> Option<Caller> {
    if rustix::process::geteuid().is_root() {
        return None;
    }
    let mut caller = Caller::knock(&context.state().socket()).ok()?;
    caller.waits(PATIENCE).ok()?;
    Some(caller)
}

/// Asks. A guard that ends meanwhile does not answer, however the system puts it.
pub(crate) fn put(caller: &mut Caller, question: &Question) -> Result<Reply> {
    caller.ask(question).map_err(|error| {
        let ended = [
            ErrorKind::ConnectionReset,
            ErrorKind::BrokenPipe,
            ErrorKind::UnexpectedEof,
        ];
        if ended.contains(&error.kind()) {
            said(Id::ErrorNoGuard, Args::new())
        } else {
            error.into()
        }
    })
}

/// The words for an answer that is none.
pub(crate) fn no_answer(reply: Reply, refused: anyhow::Error) -> anyhow::Error {
    match reply {
        Reply::Refused => refused,
        Reply::Busy => said(Id::ErrorBusy, Args::new()),
        Reply::Failed { reason } => said(Id::ErrorUnexpected, Args::new().text("reason", &reason)),
        Reply::Status(_)
        | Reply::Events { .. }
        | Reply::Versions { .. }
        | Reply::Plan(_)
        | Reply::Restored(_)
        | Reply::Unknown
        | Reply::Found { .. }
        | Reply::Folder { .. }
        | Reply::Forgotten { .. }
        | Reply::Done
        | Reply::Incidents { .. }
        | Reply::Incident(_)
        | Reply::Touched { .. }
        | Reply::UndoPlan(_)
        | Reply::Undone(_)
        | Reply::Allowed { .. }
        | Reply::NotAllowed(_)
        | Reply::Challenge(_)
        | Reply::NotSigned(_)
        | Reply::Keys(_)
        | Reply::Key(_)
        | Reply::Withdrawn(_)
        | Reply::NotUnprotected(_)
        | Reply::StillRuns
        | Reply::IsAllowed
        | Reply::NotUndone
        | Reply::Obeyed { .. }
        | Reply::Inside(_)
        | Reply::Unclear => said(Id::ErrorNoGuard, Args::new()),
    }
}

/// How long an answer may take; a restore of much has longer.
const PATIENCE: Duration = Duration::from_secs(120);
