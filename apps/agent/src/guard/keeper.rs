//! The thread that writes the journal, and notes on disk how long the law has been holding.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    time::Duration,
};

use hygie_journal::{Entry, Kind, OnBreak, Repair, Writer};
use hygie_model::{Exception, Protection};
use hygie_platform::clock;
use serde_json::Value;

use super::status::Board;
use crate::StateDir;

/// Where facts for the journal go. Never blocks; when the keeper is gone, the screen says so.
#[derive(Clone)]
pub(crate) struct Keeper(Sender<Note>);

enum Note {
    Entry(Entry),
    /// Ring when all before this is written.
    Flush(SyncSender<()>),
}

/// What the journal tells; each is a kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// A guard began to hold.
    Started,
    /// Links are made.
    Ready,
    /// The state of protection changed.
    State,
    /// A call was refused.
    Refused,
    /// A file's state is, or is no longer, without a copy.
    Uncovered,
    /// The store refused a batch.
    StoreFailed,
    /// Versions were dropped to keep the budget.
    Pruned,
    /// A file was forgotten.
    Forgotten,
    /// A user had something given back.
    Restored,
    /// The witness was silent, and another was started.
    WitnessReplaced,
    /// A person ended the protection.
    Stopped,
}

impl Fact {
    const fn kind(self) -> &'static str {
        match self {
            Self::Started => "guard.started",
            Self::Ready => "guard.ready",
            Self::State => "protection.state",
            Self::Refused => "hold.refused",
            Self::Uncovered => "state.uncovered",
            Self::StoreFailed => "vault.failed",
            Self::Pruned => "vault.pruned",
            Self::Forgotten => "vault.forgotten",
            Self::Restored => "vault.restored",
            Self::WitnessReplaced => "witness.replaced",
            Self::Stopped => "guard.stopped",
        }
    }
}

impl Keeper {
    /// Starts the thread. The journal is opened here, before anything is marked.
    pub(crate) fn start(state: &StateDir, board: Board) -> Self {
        let (sender, receiver) = channel();
        let opened = Writer::open(&state.journal(), OnBreak::GoOn, clock::wall());
        let last_protected = state.last_protected();
        let spawned = std::thread::Builder::new()
            .name("hygie-keeper".into())
            .spawn(move || {
                let writer = opened.ok().map(|(writer, repair)| {
                    if repair != Repair::None {
                        // The journal has told of it in a record of its own.
                        board.touched(clock::wall());
                    }
                    writer
                });
                keep(&receiver, writer, &board, &last_protected);
            });
        drop(spawned.expect("a thread can be made while the guard starts"));
        Self(sender)
    }

    /// Waits until all that was told is written, but not for ever.
    pub(crate) fn flush(&self) {
        let (bell, rung) = sync_channel(1);
        if self.0.send(Note::Flush(bell)).is_ok() {
            let _ = rung.recv_timeout(LAST_WORDS);
        }
    }

    /// Has a fact written down.
    pub(crate) fn tell(&self, fact: Fact, fields: impl IntoIterator<Item = (&'static str, Value)>) {
        let kind = Kind::new(fact.kind()).expect("each kind is well formed and the guard's own");
        let entry = fields
            .into_iter()
            .fold(Entry::new(kind), |entry, (name, value)| {
                entry.with(name, value)
            });
        let _ = self.0.send(Note::Entry(entry));
    }
}

fn keep(
    receiver: &Receiver<Note>,
    mut writer: Option<Writer>,
    board: &Board,
    last_protected: &std::path::Path,
) {
    if writer.is_none() {
        board.general(Exception::JournalSilent);
    }
    loop {
        let first = match receiver.recv_timeout(NOTE) {
            Ok(note) => Some(note),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let mut entries = Vec::new();
        let mut bells = Vec::new();
        for note in first.into_iter().chain(receiver.try_iter()) {
            match note {
                Note::Entry(entry) => entries.push(entry),
                Note::Flush(bell) => bells.push(bell),
            }
        }
        if !entries.is_empty() {
            let written = writer
                .as_mut()
                .is_some_and(|writer| writer.append_all(entries, clock::wall()).is_ok());
            if written {
                board.no_longer(&Exception::JournalSilent);
            } else {
                board.general(Exception::JournalSilent);
            }
        }
        for bell in bells {
            let _ = bell.send(());
        }
        if !matches!(board.status().protection, Protection::NotProtected { .. }) {
            // Told to whoever asks when nobody guards any more; a failure shows as an old time.
            let _ = std::fs::write(last_protected, clock::wall().0.to_string());
        }
    }
}

/// How long the guard's end waits for the journal.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How often it is noted that the law holds.
const NOTE: Duration = Duration::from_secs(2);
