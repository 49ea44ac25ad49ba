//! The thread that writes the journal, and notes on disk how long the law has been holding.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    time::Duration,
};

use hygie_journal::{Entry, Error, Kind, OnBreak, Writer};
use hygie_model::{Exception, PersonId, Protection};
use hygie_platform::clock;
use serde_json::Value;

use super::status::Board;
use crate::StateDir;

/// Where facts for the journal go. Never blocks; when the keeper is gone, the screen says so.
#[derive(Clone)]
pub(crate) struct Keeper {
    notes: Sender<Note>,
    /// Who had it done.
    person: Option<PersonId>,
}

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
    /// Something that the walk could not read.
    Unreadable,
    /// The store refused a batch.
    StoreFailed,
    /// Versions were dropped to keep the budget.
    Pruned,
    /// A file was forgotten.
    Forgotten,
    /// A user had something given back.
    Restored,
    /// A person looked at what a version holds.
    Looked,
    /// The witness was silent, and another was started.
    WitnessReplaced,
    /// Something that the journal could not take as it was.
    Unwritable,
    /// A large file held something else than its changes had told.
    Differs,
    /// What no row of the index named was removed from the store.
    Swept,
    /// A family is suspected.
    Suspected,
    /// A family was stopped.
    IncidentStopped,
    /// It has ended; what it did is not undone.
    IncidentEnded,
    /// What it did was undone.
    IncidentUndone,
    /// A person let it go on.
    IncidentAllowed,
    /// That was taken back.
    IncidentRevoked,
    /// The hub handed a person's passkey in.
    KeyProposed,
    /// A passkey is believed from now on.
    KeyTrusted,
    /// A passkey is believed no more.
    KeyDistrusted,
    /// The hub took a passkey back: it is believed no more until somebody says otherwise.
    KeyWithdrawn,
    /// The hub took the last passkey back: it stays believed.
    LastKeyStays,
    /// A folder is protected no more.
    Unprotected,
    /// The list of believed passkeys cannot be read: none is believed.
    KeysDamaged,
    /// A person's passkey signed for what weakens the protection.
    Signed,
    /// An answer came that is no such signature.
    NotSigned,
    /// A hub asks for something; nothing is done yet.
    CommandHeard,
    /// What came of it.
    CommandOver,
    /// A hub asked for a person: what her passkey is to sign, or what she wants to see of this device.
    HubAsked,
    /// The hub has not answered for too long.
    HubSilent,
    /// It answers again.
    HubBack,
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
            Self::Unreadable => "file.unreadable",
            Self::StoreFailed => "vault.failed",
            Self::Pruned => "vault.pruned",
            Self::Forgotten => "vault.forgotten",
            Self::Restored => "vault.restored",
            Self::Looked => "vault.looked",
            Self::WitnessReplaced => "witness.replaced",
            Self::Unwritable => "journal.unwritable",
            Self::Differs => "file.changed-unheard",
            Self::Swept => "vault.swept",
            Self::Suspected => "harm.suspected",
            Self::IncidentStopped => "incident.stopped",
            Self::IncidentEnded => "incident.ended",
            Self::IncidentUndone => "incident.undone",
            Self::IncidentAllowed => "incident.allowed",
            Self::IncidentRevoked => "incident.revoked",
            Self::KeyProposed => "key.proposed",
            Self::KeyTrusted => "key.trusted",
            Self::KeyDistrusted => "key.distrusted",
            Self::KeyWithdrawn => "key.withdrawn",
            Self::LastKeyStays => "key.last-stays",
            Self::Unprotected => "folder.unprotected",
            Self::KeysDamaged => "keys.damaged",
            Self::Signed => "act.signed",
            Self::NotSigned => "act.not-signed",
            Self::CommandHeard => "command.heard",
            Self::CommandOver => "command.over",
            Self::HubAsked => "hub.asked",
            Self::HubSilent => "hub.silent",
            Self::HubBack => "hub.back",
            Self::Stopped => "guard.stopped",
        }
    }
}

impl Keeper {
    /// Starts the thread. The journal is opened here, before anything is marked.
    pub(crate) fn start(state: &StateDir, board: Board) -> Self {
        let (sender, receiver) = channel();
        let opened = Writer::open(&state.journal(), OnBreak::GoOn, clock::wall());
        let book = Book {
            journal: state.journal(),
            writer: opened.ok().map(|(writer, _)| writer),
            pending: Vec::new(),
        };
        let last_protected = state.last_protected();
        let spawned = std::thread::Builder::new()
            .name("hygie-keeper".into())
            .spawn(move || keep(&receiver, book, &board, &last_protected));
        drop(spawned.expect("a thread can be made while the guard starts"));
        Self {
            notes: sender,
            person: None,
        }
    }

    /// Each fact that is told by it names the signed-in person who had it done, where there is one.
    pub(crate) fn on_behalf_of(&self, person: Option<PersonId>) -> Self {
        Self {
            person,
            ..self.clone()
        }
    }

    /// Waits until all that was told is written, but not for ever.
    pub(crate) fn flush(&self) {
        let (bell, rung) = sync_channel(1);
        if self.notes.send(Note::Flush(bell)).is_ok() {
            let _ = rung.recv_timeout(LAST_WORDS);
        }
    }

    /// Has a fact written down.
    pub(crate) fn tell(&self, fact: Fact, fields: impl IntoIterator<Item = (&'static str, Value)>) {
        let person = self.person.map(|PersonId(person)| person.to_string());
        let person = person.map(|person| ("person", Value::from(person)));
        let entry = fields
            .into_iter()
            .chain(person)
            .fold(entry_of(fact), |entry, (name, value)| {
                entry.with(name, value)
            });
        let _ = self.notes.send(Note::Entry(entry));
    }
}

/// What could not be written yet, and by whom it is tried again.
struct Book {
    journal: PathBuf,
    writer: Option<Writer>,
    pending: Vec<Entry>,
}

impl Book {
    /// Writes what is pending. What the journal refuses for its form alone is named by its kind
    /// instead; what the disk refuses stays pending.
    fn write(&mut self) -> Written {
        if self.pending.is_empty() && self.writer.is_some() {
            return Written::Yes;
        }
        if self.writer.is_none() {
            let opened = Writer::open(&self.journal, OnBreak::GoOn, clock::wall());
            self.writer = opened.ok().map(|(writer, _)| writer);
        }
        let Some(writer) = &mut self.writer else {
            return Written::No;
        };
        match writer.append_all(self.pending.clone(), clock::wall()) {
            Ok(_) => self.pending.clear(),
            Err(Error::Refused(_)) => {
                for entry in std::mem::take(&mut self.pending) {
                    if let Err(Error::Refused(_)) = writer.append(entry, clock::wall()) {
                        self.pending.push(entry_of(Fact::Unwritable));
                    }
                }
                return Written::No;
            }
            Err(Error::Locked { .. } | Error::Broken(_) | Error::Io { .. }) => {
                // Opened anew at the next try: what stands on the disk is looked at again.
                self.writer = None;
                let excess = self.pending.len().saturating_sub(MOST_PENDING);
                self.pending.drain(..excess);
                return Written::No;
            }
        }
        Written::Yes
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Yes,
    No,
}

fn keep(receiver: &Receiver<Note>, mut book: Book, board: &Board, last_protected: &Path) {
    loop {
        let first = match receiver.recv_timeout(NOTE) {
            Ok(note) => Some(note),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let mut bells = Vec::new();
        for note in first.into_iter().chain(receiver.try_iter()) {
            match note {
                Note::Entry(entry) => book.pending.push(entry),
                Note::Flush(bell) => bells.push(bell),
            }
        }
        match book.write() {
            Written::Yes => board.no_longer(&Exception::JournalSilent),
            Written::No => board.general(Exception::JournalSilent),
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

fn entry_of(fact: Fact) -> Entry {
    let kind = Kind::new(fact.kind()).expect("each kind is well formed and the guard's own");
    Entry::new(kind)
}

/// Records that wait for a disk that takes them again; beyond them the oldest are given up.
const MOST_PENDING: usize = 10_000;
/// How long the guard's end waits for the journal.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How often it is noted that the law holds.
const NOTE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_it_done_is_named_with_it() {
        let (notes, told) = channel();
        let keeper = Keeper {
            notes,
            person: None,
        };
        let somebody = crate::door::somebody();
        keeper
            .on_behalf_of(Some(somebody))
            .tell(Fact::Restored, [("files", 1.into())]);
        keeper
            .on_behalf_of(None)
            .tell(Fact::Restored, [("files", 1.into())]);
        let entry = |files: u64| entry_of(Fact::Restored).with("files", files);
        let named = entry(1).with("person", somebody.0.to_string());
        for expected in [named, entry(1)] {
            let Ok(Note::Entry(entry)) = told.recv() else {
                panic!("nothing was told");
            };
            assert_eq!(entry, expected);
        }
    }
}
