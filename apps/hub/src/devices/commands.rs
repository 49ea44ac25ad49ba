//! What waits for a device, and what it says came of it: done is what the device said, never what it fetched.

use std::time::Duration;

use axum::{Json, extract::rejection::JsonRejection, http::StatusCode};
use hygie_model::Wall;
use hygie_store::{Json as Kept, Setting};
use hygie_wire::{Command, Commands, Outcome, Refusal, Told};

use super::{denied::Denied, known::Known};
use crate::{
    core::{Hub, journal::Note},
    web::fault::Fault,
};

/// Answers as soon as there is something to do; else in a while, that there is nothing.
pub(super) async fn give(known: Known) -> Result<Json<Commands>, Denied> {
    for _ in 0..LOOKS {
        let commands = waiting(&known).await?;
        if !commands.is_empty() {
            return Ok(Json(Commands { commands }));
        }
        tokio::time::sleep(LOOK).await;
    }
    let commands = waiting(&known).await?;
    Ok(Json(Commands { commands }))
}

/// What it has to do now, if it is still one that may ask.
async fn waiting(known: &Known) -> Result<Vec<Command>, Denied> {
    let (practice, now) = (known.practice(), known.hub.now());
    practice
        .device_of_certificate(known.certificate, now)
        .await?
        .ok_or(Denied(Refusal::Unknown))?;
    let waiting = practice.commands_for(known.id(), now).await?;
    let commands = waiting.into_iter().take(MOST);
    // One that this program cannot read is nothing that a device could do.
    Ok(commands
        .filter_map(|command| {
            Some(Command {
                id: command.command.id,
                expires: command.command.expires,
                by: command.command.by,
                deed: command.command.body.get().ok()?,
            })
        })
        .collect())
}

pub(super) async fn hear(
    known: Known,
    told: Result<Json<Told>, JsonRejection>,
) -> Result<StatusCode, Denied> {
    let Json(told) = told?;
    let practice = known.practice();
    let outcome = Kept::of(&told.came())?;
    if practice
        .acknowledge(known.id(), told.id, &outcome, known.now)
        .await?
    {
        let command = practice.command_of(told.id).await?;
        let note = Note {
            person: command.and_then(|command| command.command.by),
            ..Note::default()
        };
        let note = note
            .on(known.id())
            .with("name", known.device.name.as_str())
            .with("command", told.id.to_string());
        let note = match told.count {
            Some(count) => note.with("files", count.done).with("of", count.of),
            None => note,
        };
        known
            .hub
            .journal
            .tell(practice, kind(told.outcome), note, known.now)
            .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// As the journal calls it.
const fn kind(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "device.command-done",
        Outcome::Partial => "device.command-partial",
        Outcome::Failed => "device.command-not-done",
        Outcome::Expired => EXPIRED,
        Outcome::Refused => "device.command-refused",
    }
}

/// Tells the journal which commands ran out with no word from their device, once each.
pub(crate) async fn tell_expired(hub: &Hub) -> Result<(), Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    let (practice, now) = (hub.of(&facts), hub.now());
    let kept = practice.setting(TOLD_UPTO).await?;
    // Nothing was asked before the first look, so nothing of before is missed.
    let upto = kept.map_or(Ok(Wall(0)), |kept| kept.value.get())?;
    let expired = practice.commands_expired(upto, now).await?;
    for command in &expired {
        let device = practice.device(command.command.device).await?;
        let note = Note {
            person: command.command.by,
            ..Note::default()
        };
        let name = device.map(|device| device.name).unwrap_or_default();
        let note = note
            .on(command.command.device)
            .with("name", name)
            .with("command", command.command.id.to_string());
        hub.journal.tell(practice, EXPIRED, note, now).await?;
    }
    if !expired.is_empty() {
        practice
            .set(&Setting {
                name: TOLD_UPTO.to_owned(),
                value: Kept::of(&now)?,
                changed: now,
                by: None,
            })
            .await?;
    }
    Ok(())
}

const EXPIRED: &str = "device.command-expired";
/// Up to when commands that ran out were told.
const TOLD_UPTO: &str = "commands.expired-upto";
/// A device that asks is answered within a second of a person's click, without a line of its own for that.
const LOOK: Duration = Duration::from_secs(1);
/// Shorter than whoever asks is patient.
const LOOKS: u32 = 20;
/// Of one answer; the others come with the next.
const MOST: usize = 50;
