//! What the guard says of itself: the state of protection, progress, exceptions. Read by others.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use hygie_guard::Counts;
use hygie_model::{Cause, CopyCounts, Exception, FileId, Protection, UpEvent, Wall};
use hygie_vault::Usage;
use serde::{Deserialize, Serialize};

/// The answer to `hygie status` (schema `hygie.status/1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The state of protection.
    #[serde(flatten)]
    pub protection: Protection,
    /// Since when this guard runs. `since` alone is when the law last held.
    #[serde(rename = "guard_since")]
    pub since: Wall,
    /// Protected files and how many are copied.
    #[serde(flatten)]
    pub counts: CopyCounts,
    /// Read leases held.
    pub leases: usize,
    /// Contents in the store.
    pub versions: u64,
    /// Bytes of the store.
    pub vault_bytes: u64,
    /// The protected folders.
    pub folders: Vec<String>,
    /// When something last happened in them.
    pub last_event: Option<Wall>,
    /// Calls refused since the start, for want of time or room for a copy.
    pub refused: u64,
    /// What the store last said when it could not keep something.
    pub trouble: Option<String>,
    /// The hub that this device reports to; none where it was not enrolled.
    #[serde(default)]
    pub hub: Option<HubTold>,
}

/// How the hub stands, as this device sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubTold {
    /// When it answered last.
    pub heard: Option<Wall>,
    /// Whether that is too long ago.
    pub silent: bool,
}

/// Shared between the loop and those who ask.
#[derive(Clone)]
pub struct Board(Arc<(Mutex<Inner>, Condvar)>);

struct Inner {
    status: Status,
    started: Stage,
    by_file: BTreeMap<FileId, Exception>,
    general: BTreeSet<Exception>,
    events: Vec<UpEvent>,
    /// The state that was last told as an event.
    told: Option<Protection>,
    /// A told state that the journal has yet to take.
    untaken: Option<Protection>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Linking,
    Copying,
    Watching,
    Over(Cause),
}

/// How many exceptions are told by name; the rest is in the journal.
const NAMED: usize = 100;

impl Board {
    pub(crate) fn new(now: Wall, folders: Vec<String>) -> Self {
        let status = Status {
            protection: Protection::NotProtected {
                since: now,
                cause: Cause::Starting,
            },
            since: now,
            counts: CopyCounts::default(),
            leases: 0,
            versions: 0,
            vault_bytes: 0,
            folders,
            last_event: None,
            refused: 0,
            trouble: None,
            hub: None,
        };
        let inner = Inner {
            status,
            started: Stage::Linking,
            by_file: BTreeMap::new(),
            general: BTreeSet::new(),
            events: Vec::new(),
            told: None,
            untaken: None,
        };
        Self(Arc::new((Mutex::new(inner), Condvar::new())))
    }

    fn change(&self, act: impl FnOnce(&mut Inner)) {
        let mut inner = self.lock();
        act(&mut inner);
        inner.refresh();
        drop(inner);
        self.0.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn except(&self, file: FileId, exception: Exception) {
        self.change(|inner| {
            inner.by_file.insert(file, exception);
        });
    }

    pub(crate) fn covered(&self, file: FileId) {
        self.change(|inner| {
            inner.by_file.remove(&file);
        });
    }

    pub(crate) fn general(&self, exception: Exception) {
        self.change(|inner| {
            inner.general.insert(exception);
        });
    }

    pub(crate) fn no_longer(&self, exception: &Exception) {
        self.change(|inner| {
            inner.general.remove(exception);
        });
    }

    pub(crate) fn found(&self, bytes: u64) {
        self.lock().status.counts.bytes += bytes;
    }

    pub(crate) fn copied(&self, bytes: u64) {
        self.lock().status.counts.copied_bytes += bytes;
    }

    /// Links are made: from here on the law holds.
    pub(crate) fn ready(&self, at: Wall, counts: Counts) {
        self.change(|inner| {
            inner.started = Stage::Copying;
            inner.status.counts.files = counts.files;
            inner.events.push(UpEvent::Ready {
                at,
                files: counts.files,
            });
            inner.refresh();
            inner.tell_state(at);
        });
    }

    /// Counts, after each thing that happened: who asks learns of no moment before it.
    pub(crate) fn counted(&self, counts: Counts, usage: Usage) {
        self.lock().count(counts, usage);
    }

    /// Tells how far things are; the first copies are done when nothing is left to copy.
    pub(crate) fn progress(&self, at: Wall, counts: Counts, usage: Usage) {
        let mut inner = self.lock();
        inner.count(counts, usage);
        if inner.started == Stage::Copying && counts.kept >= counts.files {
            inner.started = Stage::Watching;
            if inner.general.remove(&Exception::TruncateUnheld) {
                inner.general.insert(Exception::TruncateAtClose);
            }
            let told = inner.status.counts;
            inner.events.push(UpEvent::Copied { at, counts: told });
        }
        inner.refresh();
        drop(inner);
        self.0.1.notify_all();
    }

    /// An incident went on.
    pub(crate) fn incident(&self, event: UpEvent) {
        self.change(|inner| inner.events.push(event));
    }

    pub(crate) fn refused(&self) {
        self.lock().status.refused += 1;
    }

    /// The change that the journal has not yet been told.
    pub(crate) fn take_change(&self) -> Option<Protection> {
        self.lock().untaken.take()
    }

    /// The store refused a batch; what it said is kept for `hygie status`.
    pub(crate) fn store_failed(&self, said: &str) {
        self.lock().status.trouble = Some(said.to_owned());
    }

    /// How the hub stands.
    pub(crate) fn hub(&self, told: Option<HubTold>) {
        self.lock().status.hub = told;
    }

    pub(crate) fn touched(&self, at: Wall) {
        self.lock().status.last_event = Some(at);
    }

    pub(crate) fn over(&self, at: Wall, cause: Cause) {
        self.change(|inner| {
            inner.started = Stage::Over(cause);
            inner.status.protection = Protection::NotProtected { since: at, cause };
            inner.tell_state(at);
        });
    }

    /// The present status.
    #[must_use]
    pub fn status(&self) -> Status {
        self.lock().status.clone()
    }

    /// Events from number `from` on, waiting up to `wait` for the first; with the number to ask
    /// for next.
    #[must_use]
    pub fn events(&self, from: usize, wait: Duration) -> (Vec<UpEvent>, usize) {
        let inner = self.lock();
        let (inner, _) = self
            .0
            .1
            .wait_timeout_while(inner, wait, |inner| inner.events.len() <= from)
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        (
            inner.events.get(from..).unwrap_or_default().to_vec(),
            inner.events.len(),
        )
    }
}

impl Inner {
    fn count(&mut self, counts: Counts, usage: Usage) {
        self.status.counts.files = counts.files;
        self.status.counts.copied = counts.kept;
        self.status.leases = counts.leases;
        self.status.versions = usage.objects;
        self.status.vault_bytes = usage.bytes;
    }

    /// Tells the state as an event if it is not the one told last; called at a calm pace, so
    /// that a burst of exceptions is one event.
    fn tell_state(&mut self, at: Wall) {
        if self.told.as_ref() != Some(&self.status.protection) {
            let protection = self.status.protection.clone();
            self.told = Some(protection.clone());
            self.untaken = Some(protection.clone());
            self.events.push(UpEvent::State { at, protection });
        }
    }

    fn refresh(&mut self) {
        let protection = match self.started {
            Stage::Linking | Stage::Over(_) => return,
            Stage::Copying | Stage::Watching => {
                let exceptions: Vec<Exception> = self
                    .general
                    .iter()
                    .chain(self.by_file.values())
                    .take(NAMED)
                    .cloned()
                    .collect();
                if exceptions.is_empty() {
                    Protection::Protected
                } else {
                    Protection::ProtectedBut { exceptions }
                }
            }
        };
        self.status.protection = protection;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_back_in_every_state() {
        let board = Board::new(Wall(7), vec!["/srv/a".to_owned()]);
        for end in [None, Some(Cause::GuardGone)] {
            if let Some(cause) = end {
                board.over(Wall(9), cause);
            }
            let status = board.status();
            let line = serde_json::to_string(&status).unwrap();
            assert_eq!(
                serde_json::from_str::<Status>(&line).unwrap(),
                status,
                "{line}"
            );
        }
    }
}
