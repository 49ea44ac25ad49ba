//! Questions to the guards of other devices while a person waits: held in memory alone, for what is answered may name files and
//! people, and the hub keeps none. One that a restart loses is asked again by whoever loads the page again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hygie_agent::door::Reply;
use hygie_model::{DeviceId, PersonId, Wall};
use hygie_wire::{Asked, Said, Wish};
use serde_json::Value;
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, timeout, timeout_at},
};
use uuid::Uuid;

use super::{Hub, chance};
use crate::web::fault::Fault;

/// The lines to all devices. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Lane(Arc<Mutex<HashMap<DeviceId, Line>>>);

/// The line to one device.
#[derive(Default)]
struct Line {
    /// Rung when somebody asks.
    bell: Arc<Notify>,
    /// Its questions that are held open now.
    listens: usize,
    /// When it asked last.
    heard: Option<Wall>,
    waiting: Vec<Waiting>,
}

struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Option<Value>>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoWord {
    /// The device is not there.
    Away,
    /// It is, and its guard does not answer, or not to this.
    Guard,
    /// Too much is asked of it at once.
    Busy,
}

impl Lane {
    /// Whether a device would hear a question now.
    pub(crate) fn is_there(&self, device: DeviceId, now: Wall) -> bool {
        let lines = self.lines();
        lines.get(&device).is_some_and(|line| {
            line.listens > 0 || line.heard.is_some_and(|heard| heard.after(QUIET) > now)
        })
    }

    /// What a device is to answer: as soon as there is something, else nothing after `hold`.
    pub(crate) async fn listen(
        &self,
        device: DeviceId,
        hold: Duration,
        clock: fn() -> Wall,
    ) -> Vec<Asked> {
        let until = Instant::now() + hold;
        let _ear = Ear::open(self, device, clock);
        loop {
            let (bell, questions) = {
                let mut lines = self.lines();
                let line = lines.entry(device).or_default();
                let questions = line.waiting.iter().map(|one| one.asked.clone());
                (Arc::clone(&line.bell), questions.collect::<Vec<_>>())
            };
            if !questions.is_empty() || timeout_at(until, bell.notified()).await.is_err() {
                return questions;
            }
        }
    }

    /// A device answers. What nobody waits for is nothing.
    pub(crate) fn hear(&self, device: DeviceId, said: Said) {
        if let Some(waiting) = self.take(device, said.id) {
            // Whoever asked may be gone.
            let _ = waiting.answer.send(said.reply);
        }
    }

    fn take(&self, device: DeviceId, id: Uuid) -> Option<Waiting> {
        let mut lines = self.lines();
        let waiting = &mut lines.get_mut(&device)?.waiting;
        let at = waiting.iter().position(|one| one.asked.id == id)?;
        Some(waiting.remove(at))
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<DeviceId, Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks the guard of another device, and waits for what it says.
///
/// # Errors
/// No random bytes. That nobody answers is no fault of the page.
pub(crate) async fn ask(
    hub: &Hub,
    (device, by): (DeviceId, Option<PersonId>),
    wish: Wish,
) -> Result<Result<Reply, NoWord>, Fault> {
    ask_within(hub, (device, by), wish, PATIENCE).await
}

async fn ask_within(
    hub: &Hub,
    (device, by): (DeviceId, Option<PersonId>),
    wish: Wish,
    patience: Duration,
) -> Result<Result<Reply, NoWord>, Fault> {
    let (id, now) = (chance::number()?, hub.now());
    if !hub.lane.is_there(device, now) {
        return Ok(Err(NoWord::Away));
    }
    let (answer, answered) = oneshot::channel();
    let asked = Asked {
        id,
        expires: now.after(LIFE),
        by,
        wish,
    };
    let bell = {
        let mut lines = hub.lane.lines();
        let line = lines.entry(device).or_default();
        if line.waiting.len() >= MOST {
            return Ok(Err(NoWord::Busy));
        }
        line.waiting.push(Waiting { asked, answer });
        Arc::clone(&line.bell)
    };
    let _question = Question {
        lane: &hub.lane,
        device,
        id,
    };
    bell.notify_one();
    Ok(match timeout(patience, answered).await {
        Ok(Ok(Some(reply))) => serde_json::from_value(reply).map_err(|_| NoWord::Guard),
        Ok(Ok(None)) => Err(NoWord::Guard),
        Ok(Err(_)) | Err(_) => Err(NoWord::Away),
    })
}

/// A question that nobody waits for any more goes.
struct Question<'a> {
    lane: &'a Lane,
    device: DeviceId,
    id: Uuid,
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        drop(self.lane.take(self.device, self.id));
    }
}

/// A device that listens.
struct Ear<'a> {
    lane: &'a Lane,
    device: DeviceId,
    clock: fn() -> Wall,
}

impl<'a> Ear<'a> {
    fn open(lane: &'a Lane, device: DeviceId, clock: fn() -> Wall) -> Self {
        lane.lines().entry(device).or_default().listens += 1;
        Self {
            lane,
            device,
            clock,
        }
    }
}

impl Drop for Ear<'_> {
    fn drop(&mut self) {
        if let Some(line) = self.lane.lines().get_mut(&self.device) {
            line.listens = line.listens.saturating_sub(1);
            line.heard = Some((self.clock)());
        }
    }
}

/// A device that is at something else asks again within this.
const QUIET: Duration = Duration::from_secs(45);
/// Nobody waits longer for a page.
const PATIENCE: Duration = Duration::from_secs(20);
/// By the device's clock, which is not quite ours.
const LIFE: Duration = Duration::from_secs(5 * 60);
/// Of one device at once.
const MOST: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::{Console, NOW};

    const DEVICE: DeviceId = DeviceId(Uuid::from_u128(9));

    async fn wish(hub: &Hub) -> Result<Reply, NoWord> {
        ask(hub, (DEVICE, None), Wish::Keys).await.unwrap()
    }

    #[tokio::test]
    async fn a_question_is_heard_at_once_and_its_answer_too() {
        let console = Console::new().await;
        let hub = &console.hub;
        assert_eq!(wish(hub).await, Err(NoWord::Away), "nobody listens");
        let device = async {
            let heard = hub.lane.listen(DEVICE, PATIENCE, hub.clock).await;
            assert_eq!(heard[0].wish, Wish::Keys);
            assert_eq!(heard[0].expires, NOW.after(LIFE));
            let id = heard[0].id;
            // Another device answers for nobody, and a number that nobody asked is none.
            let reply = || Some(serde_json::to_value(Reply::Busy).unwrap());
            let other = DeviceId(Uuid::from_u128(10));
            hub.lane.hear(other, Said { id, reply: None });
            let wrong = Uuid::from_u128(1);
            hub.lane.hear(
                DEVICE,
                Said {
                    id: wrong,
                    reply: None,
                },
            );
            hub.lane.hear(DEVICE, Said { id, reply: reply() });
        };
        let person = async {
            tokio::task::yield_now().await;
            wish(hub).await
        };
        let ((), said) = tokio::join!(device, person);
        assert_eq!(said, Ok(Reply::Busy));
        assert!(hub.lane.lines()[&DEVICE].waiting.is_empty());
    }

    #[tokio::test]
    async fn who_gets_no_answer_leaves_no_question_behind() {
        let console = Console::new().await;
        let hub = &console.hub;
        let short = Duration::from_millis(1);
        assert!(hub.lane.listen(DEVICE, short, hub.clock).await.is_empty());
        let none = ask_within(hub, (DEVICE, None), Wish::Keys, short).await;
        assert_eq!(none.unwrap(), Err(NoWord::Away), "it said nothing");
        assert!(hub.lane.lines()[&DEVICE].waiting.is_empty());
        // It is at something else for a moment, and comes back.
        assert!(hub.lane.is_there(DEVICE, NOW));
        assert!(!hub.lane.is_there(DEVICE, NOW.after(QUIET)));
        let silent = async {
            let heard = hub.lane.listen(DEVICE, PATIENCE, hub.clock).await;
            let said = Said {
                id: heard[0].id,
                reply: None,
            };
            hub.lane.hear(DEVICE, said);
        };
        let ((), said) = tokio::join!(silent, wish(hub));
        assert_eq!(said, Err(NoWord::Guard));
    }
}
