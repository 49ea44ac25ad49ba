//! A version given back. What would be done is asked first, for a refusal is better told before; what was there is kept.

use std::path::Path;

use axum::response::Response;
use hygie_agent::door::{OutcomeTold, Pick, Question, Reply};
use hygie_model::Wall;
use hygie_text::console::Files;
use serde::Deserialize;

use super::{
    Mute, ask,
    path::{from_query, of_file},
};
use crate::{
    core::journal::Note,
    web::{
        fault::Fault,
        form::Sent,
        frame,
        visitor::{Visitor, see},
    },
};

#[derive(Deserialize)]
pub(super) struct Wanted {
    p: String,
    n: i64,
}

pub(super) async fn restore(
    visitor: Visitor,
    Sent(wanted): Sent<Wanted>,
) -> Result<Response, Fault> {
    let path = from_query(&wanted.p).ok_or(Fault::NotFound)?;
    let pick = Pick::Number { number: wanted.n };
    let done = match planned(&visitor, &path, pick).await? {
        Err(done) => done,
        Ok(since) => {
            let mut note = note_of(&visitor, &path)?.with("number", wanted.n);
            if let Some(since) = since {
                note = note.with("since", since.to_rfc3339());
            }
            visitor.tell("file.restore-asked", note).await?;
            let question = Question::Restore {
                path: path.clone(),
                pick,
            };
            match ask(&visitor, question).await? {
                Ok(Reply::Restored(outcome)) => {
                    let note = counted(note_of(&visitor, &path)?, &outcome);
                    came(&visitor, "file.restored", note).await;
                    told(&outcome)
                }
                Ok(Reply::Unknown) => "unknown",
                Ok(_) => "failed",
                Err(mute) => muted(mute),
            }
        }
    };
    Ok(see(&format!("{}&done={done}", of_file(&path))))
}

/// Since when the file held what would come back, if it is a file; else what is said.
async fn planned(
    visitor: &Visitor,
    path: &Path,
    pick: Pick,
) -> Result<Result<Option<Wall>, &'static str>, Fault> {
    let question = Question::Plan {
        path: path.to_owned(),
        pick,
    };
    Ok(match ask(visitor, question).await? {
        Ok(Reply::Plan(plan)) => match plan.first.first() {
            Some(file) => Ok(Some(file.since)),
            None if !plan.missing.is_empty() => Err("lost"),
            None if !plan.refused.is_empty() => Err("refused"),
            // A symbolic link.
            None => Ok(None),
        },
        Ok(Reply::Unknown) => Err("unknown"),
        Ok(_) => Err("failed"),
        // Nothing was begun: there is nothing to doubt.
        Err(Mute::Silent) => Err("failed"),
        Err(mute) => Err(muted(mute)),
    })
}

/// What the guard's outcome means to who asked.
pub(super) fn told(outcome: &OutcomeTold) -> &'static str {
    let came = outcome.files + outcome.symlinks + outcome.links + outcome.folders;
    if outcome.problems.iter().any(|problem| problem.lost) {
        "lost"
    } else if !outcome.problems.is_empty() || outcome.missing > 0 {
        "partly"
    } else if came == 0 && !outcome.refused.is_empty() {
        "refused"
    } else if !outcome.refused.is_empty() {
        "partly"
    } else if came == 0 {
        "nothing"
    } else if !outcome.aside.is_empty() {
        "aside"
    } else {
        "restored"
    }
}

pub(super) const fn muted(mute: Mute) -> &'static str {
    match mute {
        Mute::Silent => "silent",
        Mute::Busy => "busy",
        Mute::Refused => "refused",
        Mute::Failed => "failed",
    }
}

/// The sentences that an address may name.
pub(super) fn word(done: &str) -> Option<Files> {
    Some(match done {
        "restored" => Files::DoneRestored,
        "aside" => Files::DoneAside,
        "nothing" => Files::DoneNothing,
        "partly" => Files::DonePartly,
        "lost" => Files::DoneLost,
        "refused" => Files::DoneRefused,
        "unknown" => Files::DoneUnknown,
        "busy" => Files::DoneBusy,
        "failed" => Files::DoneFailed,
        "silent" => Files::DoneSilent,
        _ => return None,
    })
}

pub(super) fn note_of(visitor: &Visitor, path: &Path) -> Result<Note, Fault> {
    Ok(visitor
        .note()?
        .with("path", path.to_string_lossy().into_owned()))
}

pub(super) fn counted(note: Note, outcome: &OutcomeTold) -> Note {
    let left = outcome.problems.len() as u64 + outcome.missing + outcome.refused.len() as u64;
    note.with("files", outcome.files).with("left", left)
}

/// What came of it; the guard has it in its own journal as well, so that a full disk here does not say that nothing was done.
pub(super) async fn came(visitor: &Visitor, kind: &'static str, note: Note) {
    if let Err(fault) = visitor.tell(kind, note).await {
        frame::log(&fault);
    }
}
