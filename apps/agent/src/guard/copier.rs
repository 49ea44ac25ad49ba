//! The threads that copy: the most urgent file first, a lease before the copy where one is granted.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    sync::{Arc, Condvar, Mutex, MutexGuard, mpsc::Sender},
};

use hygie_guard::{CopyOutcome, Leased, State, Urgency};
use hygie_model::{FileId, Metadata, Wall};
use hygie_platform::linux::{
    handle::Handle,
    lease::{Asked, Lease},
};
use hygie_vault::{Entry, Fingerprint, Objects, Pending, VaultError, read_metadata};
use rustix::fs::OFlags;

use super::{
    committer::{Copied, Work},
    space::Door,
};

/// A file to be copied.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) file: FileId,
    pub(crate) state: State,
    pub(crate) door: Arc<Door>,
    pub(crate) handle: Arc<Handle>,
    /// Whether the guard already holds a lease on it.
    pub(crate) lease: Leased,
    /// The stat of its newest version, where that was taken with times fine enough to be believed.
    pub(crate) kept_as: Option<Fingerprint>,
    /// How the walk met it, for a first copy: its rights may change before the copy is made.
    pub(crate) met_as: Option<Box<(Metadata, Wall)>>,
}

/// The queue of files to be copied.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    ready: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    jobs: BTreeMap<(Urgency, u64), Job>,
    places: HashMap<FileId, (Urgency, u64)>,
    next: u64,
    under_way: usize,
    closed: Closed,
}

/// Copies that may be on their way to the store at once: each holds descriptors.
const UNDER_WAY: usize = 256;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Closed {
    #[default]
    No,
    Yes,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(crate) fn push(&self, urgency: Urgency, job: Job) {
        let mut inner = self.lock();
        let place = (urgency, inner.next);
        inner.next += 1;
        inner.places.insert(job.file, place);
        inner.jobs.insert(place, job);
        drop(inner);
        self.ready.notify_one();
    }

    /// Moves a waiting job up.
    pub(crate) fn hurry(&self, file: FileId, urgency: Urgency) {
        let mut inner = self.lock();
        let Some(place) = inner.places.get(&file).copied() else {
            return;
        };
        if place.0 > urgency
            && let Some(job) = inner.jobs.remove(&place)
        {
            let place = (urgency, place.1);
            inner.places.insert(file, place);
            inner.jobs.insert(place, job);
        }
    }

    /// A copy has come back from the store.
    pub(crate) fn arrived(&self) {
        let mut inner = self.lock();
        inner.under_way = inner.under_way.saturating_sub(1);
        drop(inner);
        self.ready.notify_one();
    }

    /// Lets the threads end; what waits is dropped.
    pub(crate) fn close(&self) {
        self.lock().closed = Closed::Yes;
        self.ready.notify_all();
    }

    fn pop(&self) -> Option<(Urgency, Job)> {
        let mut inner = self.lock();
        loop {
            if inner.closed == Closed::Yes {
                return None;
            }
            if inner.under_way < UNDER_WAY
                && let Some(((urgency, _), job)) = inner.jobs.pop_first()
            {
                inner.places.remove(&job.file);
                inner.under_way += 1;
                return Some((urgency, job));
            }
            inner = self
                .ready
                .wait(inner)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }
}

/// Starts one copying thread.
pub(crate) fn start(queue: Arc<Queue>, objects: Objects, store: Sender<Work>) {
    let spawned = std::thread::Builder::new()
        .name("hygie-copy".into())
        .spawn(move || {
            while let Some((urgency, job)) = queue.pop() {
                let copied = copy(job, urgency, &objects);
                if store.send(Work::Copy(Box::new(copied))).is_err() {
                    return;
                }
            }
        });
    drop(spawned.expect("a thread can be made while the guard starts"));
}

fn copy(job: Job, urgency: Urgency, objects: &Objects) -> Copied {
    let mut copied = Copied {
        file: job.file,
        state: job.state,
        entries: Vec::new(),
        bytes: 0,
        fingerprint: None,
        outcome: CopyOutcome::Unreadable,
        lease: None,
    };
    copied.outcome = match attempt(&job, urgency, objects, &mut copied) {
        Ok(outcome) => outcome,
        Err(Failure::Gone) => CopyOutcome::Vanished,
        Err(Failure::Unreadable) => CopyOutcome::Unreadable,
        Err(Failure::Store(error)) if error.is_no_space() => CopyOutcome::NoRoom,
        Err(Failure::Store(_)) => CopyOutcome::Unreadable,
    };
    copied
}

enum Failure {
    Gone,
    Unreadable,
    Store(VaultError),
}

fn attempt(
    job: &Job,
    urgency: Urgency,
    objects: &Objects,
    copied: &mut Copied,
) -> Result<CopyOutcome, Failure> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOATIME;
    let file = job
        .handle
        .open(job.door.mount.as_fd(), flags)
        .map_err(|error| {
            match error.raw_os_error() {
                Some(116) => Failure::Gone, // ESTALE: every name and descriptor is gone
                _ => Failure::Unreadable,
            }
        })?;
    let (file, lease, leased) = with_lease(file, job.lease)?;
    if urgency == Urgency::Settle && leased == Leased::Refused {
        return Ok(CopyOutcome::Busy);
    }
    let before = stat(&file)?;
    let granted = if lease.is_some() {
        Leased::Granted
    } else {
        Leased::Refused
    };
    if leased == Leased::Granted && job.kept_as == Some(before) {
        copied.lease = lease;
        copied.fingerprint = Some(before);
        return Ok(CopyOutcome::Kept(granted));
    }
    let content = objects.take(&file).map_err(Failure::Store)?;
    copied.bytes = content.len();
    let meta = read_metadata(&file).map_err(|_| Failure::Unreadable)?;
    let after = stat(&file)?;
    // A file that changed while it was read has no proven stat; its copy is still the best of
    // what it held, and a close or a look at rest follows.
    let steady = after == before;
    copied.fingerprint = (steady && leased == Leased::Granted).then_some(before);
    copied.entries = entries(job, content, meta, before);
    if !steady && leased == Leased::Granted && lease.is_some() {
        // The lease was taken from us at the kernel's bound: it proves nothing.
        return Ok(CopyOutcome::Kept(Leased::Refused));
    }
    copied.lease = lease;
    Ok(CopyOutcome::Kept(granted))
}

/// The version; of a first copy whose rights changed since the walk, first with those of then.
fn entries(job: &Job, content: Pending, meta: Metadata, print: Fingerprint) -> Vec<Entry> {
    let file = job.file;
    let since = Wall(print.ctime_ns);
    let version = |content, since, meta| Entry::Version {
        file,
        content,
        since,
        meta,
        fingerprint: print,
    };
    match job.met_as.as_deref() {
        Some((then, at)) if rights(then) != rights(&meta) => vec![
            version(content, *at, then.clone()),
            Entry::Attributes {
                file,
                since,
                meta,
                fingerprint: print,
            },
        ],
        _ => vec![version(content, since, meta)],
    }
}

/// What of the metadata makes a state of its own: all but the time of access.
fn rights(meta: &Metadata) -> Metadata {
    Metadata {
        atime_ns: 0,
        ..meta.clone()
    }
}

/// Asks for a lease unless the guard has one; tells whether the content is proven to be at rest.
fn with_lease(file: File, held: Leased) -> Result<(File, Option<Lease>, Leased), Failure> {
    if held == Leased::Granted {
        return Ok((file, None, Leased::Granted));
    }
    let spare: OwnedFd = file
        .as_fd()
        .try_clone_to_owned()
        .map_err(|_| Failure::Unreadable)?;
    // Both descriptors are one open file, so the lease lasts until the guard drops its own.
    match Lease::ask(spare) {
        Ok(Asked::Granted(lease)) => Ok((file, Some(lease), Leased::Granted)),
        Ok(Asked::Refused(_)) | Err(_) => Ok((file, None, Leased::Refused)),
    }
}

fn stat(file: &File) -> Result<Fingerprint, Failure> {
    let found = file.metadata().map_err(|_| Failure::Unreadable)?;
    Ok(Fingerprint {
        size: found.len(),
        mtime_ns: found
            .mtime()
            .saturating_mul(1_000_000_000)
            .saturating_add(found.mtime_nsec()),
        ctime_ns: found
            .ctime()
            .saturating_mul(1_000_000_000)
            .saturating_add(found.ctime_nsec()),
    })
}
