//! Sends what waits, and says once a minute that the device lives. What the hub has is forgotten; all else stays.

use std::{sync::Arc, time::Duration};

use hygie_wire::{
    BEAT, Batch, Beat, Heard, Host, LONGEST_BATCH, MOST_SIGNALS, OutboxError, Refusal, SIGNALS,
    Stored,
};
use rustls::ClientConfig;
use tokio::time::{sleep, timeout};

use crate::{
    feed::Shared,
    link::{Link, LinkError},
    run::log,
    seen::VERSION,
};

/// Where the hub is, and how it is spoken to.
pub(crate) struct Way {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) tls: Arc<ClientConfig>,
}

/// Why it does not go on.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

/// Sends for as long as the process lives.
pub(crate) async fn send(way: &Way, shared: &Shared) {
    let mut wait = SHORTEST;
    let mut told = String::new();
    loop {
        let mut got_through = false;
        let Err(stop) = deliver(way, shared, &mut got_through).await;
        let text = stop.to_string();
        if text != told {
            log(&text);
            told = text;
        }
        let is_final = matches!(
            stop,
            Stop::Link(LinkError::Refused(Refusal::Unknown) | LinkError::Stranger(_))
        );
        wait = match (is_final, got_through) {
            // Nothing changes by asking often; a person must enrol it again.
            (true, _) => LONGEST,
            (false, true) => SHORTEST,
            (false, false) => (wait * 2).min(LONG),
        };
        sleep(wait).await;
    }
}

/// One connection, until it ends.
async fn deliver(
    way: &Way,
    shared: &Shared,
    got_through: &mut bool,
) -> Result<std::convert::Infallible, Stop> {
    let mut link = Link::open(&way.host, way.port, Arc::clone(&way.tls)).await?;
    loop {
        let heard: Heard = link.post(BEAT, &beat(shared)?).await?;
        *got_through = true;
        meet(shared, heard)?;
        let until = tokio::time::Instant::now() + MINUTE;
        loop {
            while send_batch(&mut link, shared).await? == Sent::Some {}
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() || timeout(left, shared.news.notified()).await.is_err() {
                break;
            }
        }
    }
}

fn beat(shared: &Shared) -> Result<Beat, OutboxError> {
    let state = shared.outbox().state()?;
    let view = shared.view();
    Ok(Beat {
        version: VERSION.to_owned(),
        guard: view.guard,
        numbers: view.numbers,
        waiting: state.waiting,
        left_out: state.left_out,
    })
}

/// What the hub has already goes; where it has more than was ever given here, what waits is numbered on from there.
fn meet(shared: &Shared, heard: Heard) -> Result<(), OutboxError> {
    let mut outbox = shared.outbox();
    match outbox.forget(heard.upto) {
        Err(OutboxError::Ahead { upto, .. }) => outbox.count_on_from(upto),
        other => other,
    }
}

/// Whether there was something to send.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Some,
    Nothing,
}

async fn send_batch(link: &mut Link, shared: &Shared) -> Result<Sent, Stop> {
    let batch = shared.outbox().batch(MOST_SIGNALS, LONGEST_BATCH / 2)?;
    if batch.signals.is_empty() {
        return Ok(Sent::Nothing);
    }
    let batch = Batch {
        oldest: batch.oldest,
        signals: batch.signals,
    };
    match link.post::<Stored>(SIGNALS, &batch).await {
        Ok(stored) if stored.upto < batch.oldest => Err(LinkError::Answer.into()),
        Ok(stored) => {
            meet(
                shared,
                Heard {
                    upto: stored.upto,
                    commands: 0,
                },
            )?;
            Ok(Sent::Some)
        }
        Err(LinkError::Refused(Refusal::Forked)) => {
            // An older image of this device: the numbers are taken, the facts are new.
            let heard: Heard = link.post(BEAT, &beat(shared)?).await?;
            shared.outbox().count_on_from(heard.upto)?;
            Ok(Sent::Some)
        }
        Err(error) => Err(error.into()),
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const SHORTEST: Duration = Duration::from_millis(250);
/// A hub that is away is asked this often: it is near, and its devices are few.
const LONG: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(60);
