//! The watch: each minute look, judge, send.

use std::time::Duration;

use hygie_alert::{Action, Answer, LetterId, Why};
use hygie_model::{
    Wall,
    letter::{Letter, Slot},
};
use hygie_store::PracticeFacts;
use hygie_wire::post::{Answer as Said, Ask};
use uuid::Uuid;

use super::{kept, letter, look};
use crate::{
    core::Hub,
    web::{fault::Fault, frame},
};

/// Goes on for as long as the hub serves. A look that does not work is told in the log; that none works, on every page.
pub(crate) async fn keep_watch(hub: Hub) {
    loop {
        if let Err(fault) = minute(&hub, hub.now()).await {
            frame::log(&fault);
        }
        tokio::time::sleep(MINUTE).await;
    }
}

/// One look, and what follows from it.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn minute(hub: &Hub, now: Wall) -> Result<(), Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    let book = kept::book(hub, &facts, now).await?;
    let seen = look::look(hub, &facts, &book, now).await?;
    kept::with(hub, &facts, now, |alerts, book| {
        seen.feed(alerts, book, now)
    })
    .await?;
    for _ in 0..LETTERS {
        let action = kept::with(hub, &facts, now, |alerts, _| alerts.poll_action(now)).await?;
        let Some(Action::Send {
            letter: number,
            slot,
            alerts,
        }) = action
        else {
            return Ok(());
        };
        let written = letter::write(hub, &facts, &alerts).await?;
        let answer = send(hub, &facts, (number, slot), written).await;
        kept::with(hub, &facts, now, |alerts, _| {
            alerts.handle_answer(number, answer, now);
        })
        .await?;
    }
    Ok(())
}

async fn send(
    hub: &Hub,
    facts: &PracticeFacts,
    (LetterId(number), slot): (LetterId, Slot),
    letter: Letter,
) -> Answer {
    let mut named = facts.id.0.as_bytes().to_vec();
    named.extend(number.to_le_bytes());
    let digest = blake3::derive_key("hygie 2026 hub letter number", &named);
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    let ask = Ask::Send {
        slot,
        id: Uuid::from_bytes(id),
        letter,
    };
    match hub.post.ask(ask).await {
        Ok(Said::Taken { .. }) => Answer::Taken,
        Ok(Said::NotTaken { trouble }) => Answer::NotTaken(Why::Road(trouble)),
        Ok(Said::State { .. } | Said::Kept {} | Said::Dropped {} | Said::Refused { .. })
        | Err(_) => Answer::NotTaken(Why::PostSilent),
    }
}

const MINUTE: Duration = Duration::from_secs(60);
/// Letters of one look at most.
const LETTERS: u32 = 4;
