//! The threads that copy: the most urgent file first, a lease before the copy where one is granted.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, mpsc::Sender},
};

use hygie_acts::Left;
use hygie_guard::{CopyOutcome, Leased, State, Urgency};
use hygie_model::{ContentHash, FileId, Metadata, Mono, VersionName, Wall};
use hygie_platform::{
    clock,
    linux::{
        handle::Handle,
        lease::{Asked, Lease},
    },
};
use hygie_vault::{
    Base, Entry, Fingerprint, Objects, Pending, Reader, Touched, VaultError, read_metadata,
};
use rustix::fs::OFlags;

use super::{
    committer::{Copied, Work},
    reserve::Reserve,
    space::Door,
    tree::Purse,
};
use crate::judge::{self, Look, Told, What, Witnessed};

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
    /// What may differ from its newest version; `None`: anything.
    pub(crate) touched: Option<Touched>,
    /// Out of what room it is paid.
    pub(crate) purse: Purse,
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

/// What a copying thread brings contents in by.
pub(crate) struct Copier {
    objects: Objects,
    /// Where the store is, to look up what a large file held.
    vault: PathBuf,
    reader: Option<Reader>,
    large_from: u64,
    reserve: Reserve,
    witnessed: Witnessed,
}

impl Copier {
    /// `large_from`: files of so many bytes are kept by their changes.
    pub(crate) fn new(
        objects: Objects,
        vault: PathBuf,
        large_from: u64,
        (reserve, witnessed): (Reserve, Witnessed),
    ) -> Self {
        Self {
            objects,
            vault,
            reader: None,
            large_from,
            reserve,
            witnessed,
        }
    }

    /// One for another thread.
    pub(crate) fn another(&self) -> Self {
        Self::new(
            self.objects.clone(),
            self.vault.clone(),
            self.large_from,
            (self.reserve.clone(), self.witnessed.clone()),
        )
    }

    /// A full disk is no end while a known program waits and there is something in reserve.
    fn take(&mut self, job: &Job, file: &File, len: u64) -> Result<Pending, VaultError> {
        match self.take_once(job, file, len) {
            Err(error)
                if error.is_no_space() && job.purse == Purse::Reserve && self.reserve.give(len) =>
            {
                self.take_once(job, file, len)
            }
            taken => taken,
        }
    }

    fn take_once(&mut self, job: &Job, file: &File, len: u64) -> Result<Pending, VaultError> {
        if len < self.large_from {
            return self.objects.take(file);
        }
        match (self.base(job.file), &job.touched) {
            (Some(base), Some(touched)) => self.objects.take_changed(file, &base, touched),
            (Some(base), None) => self.objects.take_compared(file, &base),
            (None, _) => self.objects.take_large(file),
        }
    }

    fn reader(&mut self) -> Option<&Reader> {
        if self.reader.is_none() {
            self.reader = Reader::open(&self.vault).ok();
        }
        self.reader.as_ref()
    }

    /// The newest version.
    fn newest(&mut self, file: FileId) -> Option<VersionName> {
        let stored = self.reader()?.state_at(file, None).ok()??;
        Some(stored.version.name)
    }

    /// Tells the judge of a state, and how it looks beside the one before.
    fn tell(&mut self, seen: SeenState) {
        let is = seen.is;
        let after = (seen.open.as_ref())
            .and_then(|file| Look::of_file(file, seen.len, is).ok())
            .map(Box::new);
        let before = seen.was.and_then(|was| {
            let version = self.reader()?.open_content(was.content).ok()?;
            Look::of_version(&version, was.content).ok().map(Box::new)
        });
        let (at, now) = seen.at;
        self.witnessed.tell(Told {
            at,
            now,
            what: What::Copied {
                file: seen.file,
                copy: judge::Copy {
                    state: seen.state,
                    left: Left {
                        since: seen.since,
                        before: seen.was,
                        version: None,
                    },
                    is,
                    before,
                    after,
                },
            },
        });
    }

    /// The newest version, to build on; without what the index says the copy is a whole one.
    fn base(&mut self, file: FileId) -> Option<Base> {
        let found = self.reader()?.base(file);
        if found.is_err() {
            self.reader = None;
        }
        found.ok().flatten()
    }
}

/// A state that was copied, for the judge.
struct SeenState {
    file: FileId,
    state: State,
    since: Wall,
    len: u64,
    /// The content before, and the one now.
    was: Option<VersionName>,
    is: ContentHash,
    at: (Wall, Mono),
    open: Option<File>,
}

/// Starts one copying thread.
pub(crate) fn start(queue: Arc<Queue>, mut copier: Copier, store: Sender<Work>) {
    let spawned = std::thread::Builder::new()
        .name("hygie-copy".into())
        .spawn(move || {
            while let Some((urgency, job)) = queue.pop() {
                let mut seen = None;
                let copied = copy(job, urgency, &mut copier, &mut seen);
                let rested = copied.rested();
                if store.send(Work::Copy(Box::new(copied))).is_err() {
                    return;
                }
                match (seen, rested) {
                    (Some(seen), _) => copier.tell(seen),
                    (None, Some(what)) => copier.witnessed.tell(Told {
                        at: clock::wall(),
                        now: clock::mono(),
                        what,
                    }),
                    (None, None) => {}
                }
            }
        });
    drop(spawned.expect("a thread can be made while the guard starts"));
}

fn copy(job: Job, urgency: Urgency, copier: &mut Copier, seen: &mut Option<SeenState>) -> Copied {
    let mut copied = Copied {
        file: job.file,
        state: job.state,
        entries: Vec::new(),
        bytes: 0,
        stored: 0,
        purse: job.purse,
        by_changes: None,
        fingerprint: None,
        outcome: CopyOutcome::Unreadable,
        lease: None,
    };
    copied.outcome = match attempt(&job, urgency, copier, (&mut copied, seen)) {
        Ok(outcome) => outcome,
        Err(Failure::Gone) => CopyOutcome::Vanished,
        Err(Failure::Unreadable) => CopyOutcome::Unreadable,
        Err(Failure::Store(error)) if error.is_no_space() => CopyOutcome::NoRoom,
        Err(Failure::Store(_)) => CopyOutcome::Unreadable,
    };
    copied
}

impl Copied {
    /// That there was nothing to copy, for the judge; what failed or must wait is tried again.
    fn rested(&self) -> Option<What> {
        match self.outcome {
            CopyOutcome::Kept(_) | CopyOutcome::Vanished => Some(What::Rested {
                file: self.file,
                state: self.state,
            }),
            CopyOutcome::Busy | CopyOutcome::NoRoom | CopyOutcome::Unreadable => None,
        }
    }
}

enum Failure {
    Gone,
    Unreadable,
    Store(VaultError),
}

fn attempt(
    job: &Job,
    urgency: Urgency,
    copier: &mut Copier,
    (copied, seen): (&mut Copied, &mut Option<SeenState>),
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
    let (before, meta) = met(&file)?;
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
    // Before the store has this one.
    let was = (urgency != Urgency::First)
        .then(|| copier.newest(job.file))
        .flatten();
    let content = copier
        .take(job, &file, before.size)
        .map_err(Failure::Store)?;
    copied.bytes = content.len();
    copied.stored = content.stored();
    let unread = job.touched.is_some() && content.is_by_changes();
    copied.by_changes = unread.then(|| content.content());
    let after = stat(&file)?;
    // A file that changed while it was read has no proven stat; its copy is still the best of
    // what it held, and a close or a look at rest follows.
    let steady = after == before;
    copied.fingerprint = (steady && leased == Leased::Granted).then_some(before);
    if urgency != Urgency::First {
        *seen = Some(SeenState {
            file: job.file,
            state: job.state,
            since: Wall(before.ctime_ns),
            len: content.len(),
            was,
            is: content.content(),
            at: (clock::wall(), clock::mono()),
            open: None,
        });
    }
    copied.entries = entries(job, content, meta, before);
    if !steady && let Some(changed) = rights_since(&file, job.file, &copied.entries)? {
        copied.entries.push(changed);
    }
    if !steady && leased == Leased::Granted && lease.is_some() {
        // The lease was taken from us at the kernel's bound: it proves nothing.
        return Ok(CopyOutcome::Kept(Leased::Refused));
    }
    copied.lease = lease;
    if let Some(seen) = seen {
        seen.open = Some(file);
    }
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

/// A file's stat and the rights that belong to it: no change came between the two, where three
/// looks suffice to find such a moment.
fn met(file: &File) -> Result<(Fingerprint, Metadata), Failure> {
    let mut print = stat(file)?;
    for _ in 0..2 {
        let meta = read_metadata(file).map_err(|_| Failure::Unreadable)?;
        let after = stat(file)?;
        if after == print {
            return Ok((print, meta));
        }
        print = after;
    }
    let meta = read_metadata(file).map_err(|_| Failure::Unreadable)?;
    Ok((print, meta))
}

/// The rights, where they changed while the content was read: a state of its own, with the time
/// at which it began.
fn rights_since(file: &File, id: FileId, said: &[Entry]) -> Result<Option<Entry>, Failure> {
    let (print, meta) = met(file)?;
    let last = said.iter().rev().find_map(|entry| {
        if let Entry::Version { meta, .. } | Entry::Attributes { meta, .. } = entry {
            Some(meta)
        } else {
            None
        }
    });
    Ok(
        (last.map(rights) != Some(rights(&meta))).then_some(Entry::Attributes {
            file: id,
            since: Wall(print.ctime_ns),
            meta,
            fingerprint: print,
        }),
    )
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
