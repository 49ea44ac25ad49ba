//! Sends what waits, and says once a minute that the device lives. What the hub has is forgotten; all else stays.

use std::{path::Path, time::Duration};

use hygie_platform::clock;
use hygie_wire::{
    BEAT, Batch, Beat, Heard, LONGEST_BATCH, MOST_SIGNALS, OutboxError, Refusal, SIGNALS, Stored,
};
use tokio::time::{sleep, timeout};

use crate::{
    asked,
    feed::Shared,
    folder::FolderError,
    leave::Sleep,
    link::{Link, LinkError},
    orders,
    papers::{Other, Papers, PapersError},
    run::log,
    seen::VERSION,
};

/// Why it does not go on.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Papers(#[from] PapersError),
    /// There is a new certificate to show.
    #[error("the device has a new certificate")]
    Renewed,
}

impl From<orders::Stop> for Stop {
    fn from(stop: orders::Stop) -> Self {
        match stop {
            orders::Stop::Link(error) => Self::Link(error),
            orders::Stop::Outbox(error) => Self::Outbox(error),
        }
    }
}

impl From<FolderError> for Stop {
    fn from(error: FolderError) -> Self {
        Self::Papers(error.into())
    }
}

/// Sends for as long as the process lives.
pub(crate) async fn send(papers: &mut Papers, shared: &Shared, guard: &Path) {
    let mut wait = SHORTEST;
    let mut told = String::new();
    // Whether the other certificate was tried since the hub took one.
    let mut tried = Other::None;
    let mut slept = Sleep::new();
    loop {
        let mut got_through = false;
        let Err(stop) = deliver((papers, guard), shared, &mut slept, &mut got_through).await;
        let text = stop.to_string();
        if text != told {
            log(&text);
            told = text;
        }
        if got_through {
            tried = Other::None;
        }
        let is_final = matches!(
            stop,
            Stop::Link(LinkError::Refused(Refusal::Unknown) | LinkError::Stranger(_))
        );
        wait = match (is_final, got_through) {
            (true, _) => {
                let other = papers.refused();
                let again = std::mem::replace(&mut tried, other);
                if (again, other) == (Other::None, Other::Tried) {
                    SHORTEST
                } else {
                    // Nothing changes by asking often; a person must enrol it again.
                    LONGEST
                }
            }
            (false, true) => SHORTEST,
            (false, false) => (wait * 2).min(LONG),
        };
        sleep(wait).await;
    }
}

/// One connection, until it ends.
async fn deliver(
    (papers, guard): (&mut Papers, &Path),
    shared: &Shared,
    slept: &mut Sleep,
    got_through: &mut bool,
) -> Result<std::convert::Infallible, Stop> {
    let way = papers.way()?;
    let link = Link::open(&way.host, way.port, way.tls).await?;
    slept.tell(&link).await?;
    let heard: Heard = link.post(BEAT, &beat(shared)?).await?;
    *got_through = true;
    papers.taken()?;
    meet(shared, heard)?;
    tokio::select! {
        stop = talk(&link, papers, shared, slept) => stop,
        stop = orders::follow(&link, shared) => Ok(stop?),
        stop = asked::follow(&link, guard) => Ok(stop?),
    }
}

/// Sends what waits, and says each minute that the device lives.
async fn talk(
    link: &Link,
    papers: &mut Papers,
    shared: &Shared,
    slept: &mut Sleep,
) -> Result<std::convert::Infallible, Stop> {
    loop {
        shared.answered(clock::mono());
        if papers.is_due(clock::wall()) {
            match papers.renew(link).await {
                Ok(()) => return Err(Stop::Renewed),
                // The one that it has is good for long: tried again at the next beat.
                Err(PapersError::Link(LinkError::Refused(refusal))) => {
                    log(&format!("no new certificate yet: {refusal}"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        let until = tokio::time::Instant::now() + MINUTE;
        loop {
            while send_batch(link, shared).await? == Sent::Some {}
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() || timeout(left, shared.news.notified()).await.is_err() {
                break;
            }
        }
        slept.tell(link).await?;
        let heard: Heard = link.post(BEAT, &beat(shared)?).await?;
        meet(shared, heard)?;
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

async fn send_batch(link: &Link, shared: &Shared) -> Result<Sent, Stop> {
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
