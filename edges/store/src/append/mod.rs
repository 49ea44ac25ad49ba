//! Signals come in: many batches in one commit, each acknowledged only after it is durable.
//! Never waits to fill a commit: while one is being synced the next one fills by itself.

pub(crate) mod commit;
mod effect;
mod insert;
mod plan;

use std::sync::Arc;

use hygie_model::{DeviceId, PracticeId, Wall};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
};

pub use effect::{Change, Effect};

use crate::{Json, Practice, Seq, StoreError, db::Db};

/// One fact that a device reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignal {
    /// The device's own count.
    pub seq: Seq,
    /// When it was, by the device's clock.
    pub at: Wall,
    /// What kind: one of few names, for it is counted by it.
    pub kind: String,
    /// All of it.
    pub body: Json,
}

/// What one device sends at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Who sends.
    pub device: DeviceId,
    /// In any order; what was sent before may be among them.
    pub signals: Vec<NewSignal>,
    /// What the hub reads out of them. Each is carried out once, with its signal, in the same commit.
    pub effects: Vec<Effect>,
}

/// What is durable after an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Every signal up to this one is kept (or was told as lost): the device may forget them.
    pub upto: Seq,
    /// How many were new.
    pub new: u64,
    /// The first of the batch that stood beyond a gap: it and those after it were not kept. Send from `upto` on.
    pub beyond: Option<Seq>,
}

/// The queue before the writer.
pub(crate) struct Appender {
    /// `None` after the end: what waits is still written, nothing comes in.
    queue: std::sync::Mutex<Option<mpsc::Sender<Job>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

pub(crate) struct Job {
    practice: PracticeId,
    batch: Batch,
    now: Wall,
    answer: oneshot::Sender<Result<Stored, StoreError>>,
}

impl Practice<'_> {
    /// Keeps a device's signals: each once, however often it is sent, in the device's order, without a gap. Returns
    /// after the commit. `now` is when they came in.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where too many batches wait and [`StoreError::Full`] where the disk is full: the device
    /// keeps them and comes again. The device is unknown, retired, or counts anew ([`StoreError::Forked`]).
    pub async fn append(&self, batch: Batch, now: Wall) -> Result<Stored, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            practice: self.id(),
            batch,
            now,
            answer,
        };
        self.store().appender().send(job)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

impl Appender {
    pub(crate) fn start(db: Arc<Db>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        Self {
            queue: std::sync::Mutex::new(Some(queue)),
            task: Mutex::new(Some(tokio::spawn(run(db, waiting)))),
        }
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy {
                doing: "keeping signals",
            },
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })
    }

    /// Writes what waits, then ends.
    pub(crate) async fn stop(&self) {
        self.queue
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(task) = self.task.lock().await.take() {
            // A writer that panicked has nothing left to write; who waited for it was told.
            let _ended = task.await;
        }
    }

    /// Ends it wherever it is, as a kill would.
    #[cfg(test)]
    pub(crate) async fn kill(&self) {
        if let Some(task) = self.task.lock().await.take() {
            task.abort();
            let _ended = task.await;
        }
    }
}

async fn run(db: Arc<Db>, mut waiting: mpsc::Receiver<Job>) {
    while let Some(first) = waiting.recv().await {
        let mut rows = first.batch.signals.len();
        let mut jobs = vec![first];
        while rows < ROWS
            && let Ok(next) = waiting.try_recv()
        {
            rows += next.batch.signals.len();
            jobs.push(next);
        }
        commit::commit(&db, jobs).await;
    }
}

/// Beyond this many rows a commit takes no further batch: larger ones gain nothing and make others wait.
const ROWS: usize = 1000;
/// As many batches may wait; more are refused, and their devices keep them.
const WAITING: usize = 256;
