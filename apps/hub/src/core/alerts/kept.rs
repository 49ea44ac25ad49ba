//! What the engine knows, in the database: taken up, changed and put back only from what was judged, with the alerts that changed,
//! so that of a minute's look and a reader's click neither undoes the other.

use std::time::Duration;

use hygie_alert::{Alert, Alerts, Leg, Number, Standing, State, Thing, What};
use hygie_model::{PersonId, PracticeId, Wall};
use hygie_store::{Alert as Row, Json, PracticeFacts, StoreError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{strip, wishes};
use crate::{core::Hub, web::fault::Fault};

/// All of it.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    engine: State,
    book: Book,
}

/// How far the hub has looked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Book {
    /// The last line of the journal that was looked at.
    pub(super) line: Option<u64>,
    /// When somebody was refused at the door, of late.
    pub(super) refused: Vec<Wall>,
    /// When the database and the chain were last looked through.
    pub(super) checked: Option<Wall>,
    /// Where the roads lead, as a digest: changed, they are tried anew.
    pub(super) roads: Option<String>,
}

/// Takes it up, has it changed, and keeps it.
///
/// # Errors
/// The database does not answer, or holds what this program cannot read.
pub(super) async fn with<T>(
    hub: &Hub,
    facts: &PracticeFacts,
    now: Wall,
    mut change: impl FnMut(&mut Alerts, &mut Book) -> T,
) -> Result<T, Fault> {
    let practice = hub.of(facts);
    for _ in 0..TRIES {
        let judged = practice.alerting(now).await?;
        let (mut alerts, mut book) = taken(hub, facts, judged.as_deref()).await?;
        let done = change(&mut alerts, &mut book);
        let changed: Vec<Row> = alerts
            .changed()
            .iter()
            .map(|alert| row(facts.id, alert))
            .collect::<Result<_, _>>()?;
        let kept = Kept {
            engine: alerts.state().clone(),
            book,
        };
        let next = serde_json::to_vec(&kept).map_err(|_| Fault::broken("the alerts' state"))?;
        let judged = judged.as_deref();
        if practice.keep_alerting(judged, &next, &changed, now).await? {
            strip::note(practice, &alerts, now).await?;
            return Ok(done);
        }
    }
    Err(Fault::broken("alerts that change all the time"))
}

/// As it is, to be shown.
///
/// # Errors
/// As [`with`].
pub(crate) async fn watched(hub: &Hub, facts: &PracticeFacts, now: Wall) -> Result<Alerts, Fault> {
    let judged = hub.of(facts).alerting(now).await?;
    Ok(taken(hub, facts, judged.as_deref()).await?.0)
}

/// How far the hub has looked.
pub(super) async fn book(hub: &Hub, facts: &PracticeFacts, now: Wall) -> Result<Book, Fault> {
    let judged = hub.of(facts).alerting(now).await?;
    Ok(taken(hub, facts, judged.as_deref()).await?.1)
}

async fn taken(
    hub: &Hub,
    facts: &PracticeFacts,
    bytes: Option<&[u8]>,
) -> Result<(Alerts, Book), Fault> {
    let kept: Kept = match bytes {
        Some(bytes) => {
            serde_json::from_slice(bytes).map_err(|_| Fault::broken("the alerts' state"))?
        }
        None => Kept::default(),
    };
    let wishes = wishes::of(hub.of(facts)).await?;
    let rules = wishes.rules(hub.zone.clone());
    Ok((Alerts::of(kept.engine, rules), kept.book))
}

/// A person read an alert; whether she was the first.
///
/// # Errors
/// As [`with`].
pub(crate) async fn read(
    hub: &Hub,
    facts: &PracticeFacts,
    (row, by): (Uuid, PersonId),
    now: Wall,
) -> Result<bool, Fault> {
    let first = with(hub, facts, now, |alerts, _| {
        let mut numbers = alerts.alerts().iter().map(|alert| alert.number);
        let number = numbers.find(|number| id(facts.id, *number) == row)?;
        Some(alerts.handle_read(number, by, now))
    })
    .await?;
    match first {
        Some(first) => Ok(first),
        // So old, or one of so many, that the engine let it go.
        None => Ok(hub.of(facts).alert_read(row, by, now).await?),
    }
}

/// Since when the post is silent; a start is over sooner than this is said.
pub(super) fn post_silent(alerts: &Alerts, now: Wall) -> Option<Wall> {
    let since = match alerts.standing(&Thing::here(What::Post), now)? {
        Standing::Trouble { since }
        | Standing::NotKnown { since }
        | Standing::Mending { since }
        | Standing::Asleep { since, .. } => since,
        Standing::Well => return None,
    };
    (since.after(START) <= now).then_some(since)
}

/// The number of an alert in the database: always the same for one alert of a practice.
fn id(practice: PracticeId, Number(number): Number) -> Uuid {
    let mut named = practice.0.as_bytes().to_vec();
    named.extend(number.to_le_bytes());
    let digest = blake3::derive_key("hygie 2026 hub alert number", &named);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(bytes)
}

fn row(practice: PracticeId, alert: &Alert) -> Result<Row, StoreError> {
    let given = |leg| match leg {
        Leg::Given(at) => Some(at),
        Leg::Waits | Leg::Unsent(..) => None,
    };
    let unsent = [alert.second, alert.first]
        .into_iter()
        .find_map(|leg| match leg {
            Leg::Unsent(_, why) => Some(why),
            Leg::Waits | Leg::Given(_) => None,
        });
    Ok(Row {
        id: id(practice, alert.number),
        about: alert.thing.to_string(),
        body: Json::of(alert)?,
        made: alert.raised,
        given: given(alert.first),
        second: given(alert.second),
        trouble: unsent.map(|why| Json::of(&why)).transpose()?,
        read: alert.read.map(|read| read.at),
        reader: alert.read.map(|read| read.by),
        ended: alert.ended,
    })
}

const TRIES: u32 = 8;
const START: Duration = Duration::from_secs(2 * 60);
