//! What waits for a device, and what it says came of it: done is what the device said, never what it fetched.

use axum::{Json, extract::rejection::JsonRejection, http::StatusCode};
use hygie_store::Json as Kept;
use hygie_wire::{Command, Commands, Told};

use super::{denied::Denied, known::Known};
use crate::core::journal::Note;

pub(super) async fn give(known: Known) -> Result<Json<Commands>, Denied> {
    let waiting = known.practice().commands_for(known.id(), known.now).await?;
    let commands = waiting
        .into_iter()
        // One that this program cannot read is nothing that a device could do.
        .filter_map(|command| {
            Some(Command {
                id: command.command.id,
                expires: command.command.expires,
                by: command.command.by,
                deed: command.command.body.get().ok()?,
            })
        })
        .collect();
    Ok(Json(Commands { commands }))
}

pub(super) async fn hear(
    known: Known,
    told: Result<Json<Told>, JsonRejection>,
) -> Result<StatusCode, Denied> {
    let Json(told) = told?;
    let practice = known.practice();
    let outcome = Kept::of(&told.outcome)?;
    if practice
        .acknowledge(known.id(), told.id, &outcome, known.now)
        .await?
    {
        let note = Note::default()
            .on(known.id())
            .with("command", told.id.to_string())
            .with("outcome", outcome.as_str());
        known
            .hub
            .journal
            .tell(practice, "device.command-done", note, known.now)
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
