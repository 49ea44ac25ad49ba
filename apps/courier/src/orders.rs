//! What the hub asks of this device: heard here, kept on disk, handed to the guard's door as it came, and its outcome told
//! until the hub has it. The guard decides, by its own clock and its own list of what it did.

use std::{io, path::Path, time::Duration};

use hygie_agent::door::{Brought, Caller, Question, Reply};
use hygie_wire::{COMMANDS, Came, Command, KnownCommand, OutboxError, Outcome, Told};
use serde::Deserialize;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    feed::Shared,
    link::{Link, LinkError},
    run::log,
};

/// Why it does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

/// Commands as they come: one that this program cannot read does not hide the others.
#[derive(Deserialize)]
struct Heard {
    commands: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Number {
    id: Uuid,
}

/// Hears and tells on one connection, until it ends.
pub(crate) async fn follow(link: &Link, shared: &Shared) -> Result<std::convert::Infallible, Stop> {
    loop {
        tell(link, shared).await?;
        let asked = Instant::now();
        let heard = tokio::select! {
            heard = link.get::<Heard>(COMMANDS) => heard?,
            () = shared.over.notified() => continue,
        };
        if keep(link, shared, heard).await? == News::Some {
            shared.obey();
        } else if asked.elapsed() < BRISK {
            // A hub that holds no question open, or repeats what is under way, is not asked without end.
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = shared.over.notified() => {}
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    Some,
    None,
}

async fn keep(link: &Link, shared: &Shared, heard: Heard) -> Result<News, Stop> {
    let mut news = News::None;
    for one in heard.commands {
        if let Ok(command) = Command::deserialize(&one) {
            if shared.outbox().hear(&command)? == KnownCommand::New {
                news = News::Some;
            }
        } else if let Ok(Number { id }) = Number::deserialize(&one) {
            let () = link
                .post(COMMANDS, &told(id, Outcome::Refused.into()))
                .await?;
        }
    }
    Ok(news)
}

async fn tell(link: &Link, shared: &Shared) -> Result<(), Stop> {
    let told = shared.outbox().to_tell()?;
    for told in told {
        let () = link.post(COMMANDS, &told).await?;
        shared.outbox().told(told.id)?;
    }
    Ok(())
}

/// Hands commands to the guard, one after the other, for as long as the process lives.
pub(crate) fn obey(socket: &Path, shared: &Shared) {
    shared.i_obey();
    let mut said = String::new();
    loop {
        let text = match next(socket, shared) {
            Ok(Done::Some) => {
                shared.over.notify_one();
                continue;
            }
            Ok(Done::Nothing) => {
                std::thread::park_timeout(LONG);
                continue;
            }
            Ok(Done::Later) => "the guard has too much to do for a command".to_owned(),
            Err(error) => error.to_string(),
        };
        if text != said {
            log(&text);
            said = text;
        }
        std::thread::sleep(PAUSE);
    }
}

enum Done {
    Some,
    Nothing,
    Later,
}

#[derive(Debug, thiserror::Error)]
enum NotObeyed {
    #[error("a command waits for the guard: {0}")]
    Guard(#[from] io::Error),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

fn next(socket: &Path, shared: &Shared) -> Result<Done, NotObeyed> {
    let Some(command) = shared.outbox().to_do()? else {
        return Ok(Done::Nothing);
    };
    let id = command.id;
    let mut caller = Caller::knock(socket)?;
    caller.waits(UNDO)?;
    let question = Question::Courier(Brought::Command(Box::new(command)));
    let Some(came) = came(&caller.ask(&question)?) else {
        return Ok(Done::Later);
    };
    shared.outbox().over(told(id, came))?;
    Ok(Done::Some)
}

/// What came of it; `None` where it is to be asked again.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to a command"
)]
fn came(reply: &Reply) -> Option<Came> {
    match reply {
        Reply::Obeyed { outcome, count } => Some(Came {
            outcome: *outcome,
            count: *count,
        }),
        // The guard could not note it: nothing was begun, or it goes on when it hears it again.
        Reply::Busy | Reply::Failed { .. } => None,
        _ => Some(Outcome::Refused.into()),
    }
}

const fn told(id: Uuid, came: Came) -> Told {
    Told {
        id,
        outcome: came.outcome,
        count: came.count,
    }
}

const BRISK: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_secs(2);
const LONG: Duration = Duration::from_secs(60);
/// An undo of all that a program did may take minutes.
const UNDO: Duration = Duration::from_secs(30 * 60);
