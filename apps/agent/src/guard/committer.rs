//! The one thread that writes to the store: what waits together is made safe together.

use std::{
    sync::mpsc::{Receiver, Sender, SyncSender, channel},
    thread::JoinHandle,
};

use hygie_guard::{CopyOutcome, State};
use hygie_model::{FileId, Metadata, Wall};
use hygie_platform::{clock, linux::lease::Lease};
use hygie_vault::{Entry, Fingerprint, Vault};

use super::run::{Inbox, News};

/// What a thread hands over to be made safe.
pub(crate) enum Work {
    /// Facts that nobody waits for.
    Facts(Vec<Entry>),
    /// A copy that the law waits for.
    Copy(Box<Copied>),
    /// A symbolic link: its target is its content.
    Symlink(Box<Symlink>),
    /// Ring when all before this is safe.
    Flush(SyncSender<()>),
}

/// A symbolic link on its way.
pub(crate) struct Symlink {
    /// Facts that come before it.
    pub(crate) facts: Vec<Entry>,
    pub(crate) file: FileId,
    pub(crate) target: Vec<u8>,
    pub(crate) since: Wall,
    pub(crate) meta: Metadata,
    pub(crate) fingerprint: Fingerprint,
}

/// A copy on its way.
pub(crate) struct Copied {
    pub(crate) file: FileId,
    pub(crate) state: State,
    /// The version to keep; none where the content was proven to be kept already.
    pub(crate) entry: Option<Entry>,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) outcome: CopyOutcome,
    pub(crate) lease: Option<Lease>,
}

/// How many are made safe by one sync.
const BATCH: usize = 512;

/// Starts the thread on an opened store.
///
/// Its queue has no bound, for the loop must never wait for it; how many copies are under way is
/// bounded where they begin.
pub(crate) fn start(vault: Vault, inbox: Inbox) -> (Sender<Work>, JoinHandle<()>) {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new()
        .name("hygie-store".into())
        .spawn(move || serve(vault, &receiver, &inbox))
        .expect("a thread can be made while the guard starts");
    (sender, thread)
}

fn serve(mut vault: Vault, receiver: &Receiver<Work>, inbox: &Inbox) {
    while let Ok(first) = receiver.recv() {
        let mut entries = Vec::new();
        let mut copies = Vec::new();
        let mut bells = Vec::new();
        let mut next = Some(first);
        while let Some(work) = next.take() {
            match work {
                Work::Facts(facts) => entries.extend(facts),
                Work::Copy(mut copied) => {
                    entries.extend(copied.entry.take());
                    copies.push(copied);
                }
                Work::Symlink(link) => {
                    entries.extend(link.facts);
                    match vault.objects().take_bytes(&link.target) {
                        Ok(content) => entries.push(Entry::Version {
                            file: link.file,
                            content,
                            since: link.since,
                            meta: link.meta,
                            fingerprint: link.fingerprint,
                        }),
                        Err(error) => inbox.send(News::StoreFailed(error.to_string())),
                    }
                }
                Work::Flush(bell) => bells.push(bell),
            }
            if entries.len() < BATCH && bells.is_empty() {
                next = receiver.try_recv().ok();
            }
        }
        let done = if entries.is_empty() {
            Ok(Vec::new())
        } else {
            vault.commit(entries, clock::wall())
        };
        let failure = done.err().map(|error| {
            let outcome =
                if error.is_no_space() { CopyOutcome::NoRoom } else { CopyOutcome::Unreadable };
            inbox.send(News::StoreFailed(error.to_string()));
            outcome
        });
        for mut copied in copies {
            if let Some(outcome) = failure {
                copied.outcome = outcome;
                copied.lease = None;
                copied.fingerprint = None;
            }
            inbox.send(News::Copied(copied));
        }
        inbox.send(News::Stored(vault.usage()));
        for bell in bells {
            let _ = bell.send(());
        }
    }
}
