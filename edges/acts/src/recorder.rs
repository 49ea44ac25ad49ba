//! The thread that writes the log of acts.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    time::Duration,
};

use hygie_model::Wall;

use crate::{Act, ActsError, BootId, Bounds, Log};

/// Where acts are told. Cheap to clone; never blocks.
#[derive(Clone, Debug)]
pub struct Recorder {
    to: Sender<Note>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    waiting: AtomicUsize,
    lost: AtomicU64,
    /// The first act that an open incident needs.
    keep_from: AtomicI64,
}

enum Note {
    Act(Box<Act>),
    Sync(SyncSender<Result<(), ActsError>>),
}

impl Recorder {
    /// Opens the log and starts its thread.
    ///
    /// # Errors
    /// What the system or SQLite refused.
    pub fn start(path: &Path, boot: &BootId, bounds: Bounds) -> Result<Self, ActsError> {
        let log = Log::open(path, boot)?;
        let shared = Arc::new(Shared {
            waiting: AtomicUsize::new(0),
            lost: AtomicU64::new(0),
            keep_from: AtomicI64::new(i64::MAX),
        });
        let (to, from) = channel();
        let serving = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("hygie-acts".into())
            .spawn(move || serve(&from, log, &serving, bounds))
            .map_err(|source| ActsError::Io {
                path: path.to_path_buf(),
                source,
            })?;
        Ok(Self { to, shared })
    }

    /// Tells an act. When the disk does not keep up with a flood, further acts are counted as lost instead.
    pub fn record(&self, act: Act) {
        if self.shared.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
            self.shared.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let _ = self.to.send(Note::Act(Box::new(act)));
    }

    /// How many acts could not be written; an undo of them asks the index alone.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.shared.lost.load(Ordering::Relaxed)
    }

    /// Nothing since then is forgotten; `None`: no incident is open.
    pub fn keep_from(&self, first: Option<Wall>) {
        let first = first.map_or(i64::MAX, |first| first.0);
        self.shared.keep_from.store(first, Ordering::Relaxed);
    }

    /// Waits until all that was told is on the medium.
    ///
    /// # Errors
    /// What SQLite refused, or that it took longer than `patience`.
    pub fn sync(&self, patience: Duration) -> Result<(), String> {
        let (bell, rung) = sync_channel(1);
        let gone = "the log of acts does not answer";
        self.to.send(Note::Sync(bell)).map_err(|_| gone)?;
        match rung.recv_timeout(patience) {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(_) => Err(gone.to_owned()),
        }
    }
}

fn serve(from: &Receiver<Note>, mut log: Log, shared: &Shared, bounds: Bounds) {
    let mut pending: Vec<Act> = Vec::new();
    let mut since_trim = 0;
    loop {
        let first = match from.recv_timeout(if pending.is_empty() { CALM } else { AGAIN }) {
            Ok(note) => Some(note),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                let _ = log.append(&pending);
                return;
            }
        };
        let mut bells = Vec::new();
        for note in first.into_iter().chain(from.try_iter().take(BATCH)) {
            match note {
                Note::Act(act) => pending.push(*act),
                Note::Sync(bell) => bells.push(bell),
            }
        }
        let written = log.append(&pending);
        if written.is_ok() {
            since_trim += pending.len();
            shared.waiting.fetch_sub(pending.len(), Ordering::Relaxed);
            pending.clear();
        }
        // The time of the last act is the present as far as this log knows.
        if since_trim >= TRIM_EVERY {
            since_trim = 0;
            let keep = shared.keep_from.load(Ordering::Relaxed);
            let keep = (keep != i64::MAX).then_some(Wall(keep));
            let _ = log.newest().and_then(|now| log.trim(bounds, now, keep));
        }
        let mut failed = written.err();
        for bell in bells {
            let done = match failed.take() {
                Some(error) => Err(error),
                None => log.sync(),
            };
            let _ = bell.send(done);
        }
    }
}

/// Acts in one transaction.
const BATCH: usize = 4096;
/// A million acts are some 300 MB: a disk that is so far behind is an attack of its own.
const MOST_WAITING: usize = 500_000;
const TRIM_EVERY: usize = 20_000;
const CALM: Duration = Duration::from_secs(3600);
const AGAIN: Duration = Duration::from_millis(500);
