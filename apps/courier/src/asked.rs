//! What a person at the hub asks of this device just now: handed to the guard as it came, answered with its own words. Nothing of
//! it is kept here, and nothing decided.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_agent::door::{Brought, Caller, Question};
use hygie_wire::{Asked, QUESTIONS, Refusal, Said};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::link::{Link, LinkError};

/// Questions as they come: one that this program cannot read does not hide the others.
#[derive(Deserialize)]
struct Heard {
    questions: Vec<Value>,
}

#[derive(Deserialize)]
struct Number {
    id: Uuid,
}

/// Hears and answers on one connection, until it ends.
pub(crate) async fn follow(link: &Link, guard: &Path) -> Result<Infallible, LinkError> {
    loop {
        let asked = Instant::now();
        let heard: Heard = match link.get(QUESTIONS).await {
            Ok(heard) => heard,
            // A hub of before asks nothing so.
            Err(LinkError::Refused(Refusal::Unreadable)) => {
                sleep(LONG).await;
                continue;
            }
            Err(error) => return Err(error),
        };
        if heard.questions.is_empty() && asked.elapsed() < BRISK {
            sleep(PAUSE).await;
        }
        for one in heard.questions {
            let Ok(Number { id }) = Number::deserialize(&one) else {
                continue;
            };
            let reply = match Asked::deserialize(&one) {
                Ok(asked) => answer(asked, guard.to_owned()).await,
                Err(_) => None,
            };
            let () = link.post(QUESTIONS, &Said { id, reply }).await?;
        }
    }
}

/// The guard's own words; none where it does not answer.
async fn answer(asked: Asked, guard: PathBuf) -> Option<Value> {
    let ask = move || -> std::io::Result<Value> {
        let mut caller = Caller::knock(&guard)?;
        caller.waits(READING)?;
        let reply = caller.ask(&Question::Courier(Brought::Asked(Box::new(asked))))?;
        Ok(serde_json::to_value(reply)?)
    };
    tokio::task::spawn_blocking(ask).await.ok()?.ok()
}

const BRISK: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_secs(2);
const LONG: Duration = Duration::from_secs(60 * 60);
/// For what the guard must read: a plan over thousands of files.
const READING: Duration = Duration::from_secs(30);
