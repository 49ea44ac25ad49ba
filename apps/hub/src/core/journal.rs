//! The hub's own main courante: who signed in, who did what. The chain is a file of `hygie-journal`; each line is in the
//! database as well, to be found by person and kind.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use hygie_journal::{Entry, Kind, OnBreak, Reader, Writer};
use hygie_model::{DeviceId, PersonId, Wall};
use hygie_store::{JournalLine, Practice, StoreError};
use serde_json::Value;

use crate::web::fault::Fault;

/// The writer. Clones share it.
#[derive(Clone)]
pub(crate) struct Journal {
    writer: Arc<Mutex<Writer>>,
    dir: PathBuf,
}

/// Something to be told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note {
    /// Who did it; nobody before the first sign-in.
    pub(crate) person: Option<PersonId>,
    /// On which device, if on one.
    pub(crate) device: Option<DeviceId>,
    /// The facts. No secret, no text of a message.
    pub(crate) facts: Vec<(&'static str, Value)>,
}

impl Note {
    /// What somebody did.
    pub(crate) fn by(person: PersonId) -> Self {
        Self {
            person: Some(person),
            ..Self::default()
        }
    }

    /// Adds a fact.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// Names the device.
    pub(crate) fn on(mut self, device: DeviceId) -> Self {
        self.device = Some(device);
        self
    }
}

impl Journal {
    /// Opens the journal in a folder of the hub's own.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(crate) fn open(dir: &Path, now: Wall) -> Result<Self, hygie_journal::Error> {
        let (writer, _) = Writer::open(dir, OnBreak::GoOn, now)?;
        Ok(Self {
            writer: Arc::new(Mutex::new(writer)),
            dir: dir.to_owned(),
        })
    }

    /// Reads the chain's files.
    pub(crate) fn reader(&self) -> Reader {
        Reader::new(&self.dir)
    }

    /// Where they are.
    pub(crate) fn folder(&self) -> &Path {
        &self.dir
    }

    /// Tells something. What cannot be told is not done: callers write before they act, or give the fault on.
    ///
    /// # Errors
    /// The disk or the database refuses.
    pub(crate) async fn tell(
        &self,
        practice: Practice<'_>,
        kind: &'static str,
        note: Note,
        now: Wall,
    ) -> Result<(), Fault> {
        let mut entry = Entry::new(Kind::new(kind).map_err(|_| Fault::broken("a kind"))?);
        if let Some(person) = note.person {
            entry = entry.with("person", person.0.to_string());
        }
        if let Some(device) = note.device {
            entry = entry.with("device", device.0.to_string());
        }
        for (name, value) in note.facts {
            entry = entry.with(name, value);
        }
        let writer = Arc::clone(&self.writer);
        let record = tokio::task::spawn_blocking(move || {
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.append(entry, now)
        })
        .await
        .map_err(|_| Fault::broken("the journal's thread"))?
        .map_err(|error| Fault::Journal(error.to_string()))?;
        let line = record
            .to_line()
            .ok()
            .and_then(|line| String::from_utf8(line).ok())
            .ok_or_else(|| Fault::broken("a line that cannot be written"))?;
        let line = JournalLine {
            seq: record.seq,
            at: record.at,
            kind: kind.to_owned(),
            person: note.person,
            device: note.device,
            line,
        };
        match practice.append_line(&line).await {
            // Told before the hub was killed.
            Err(StoreError::Taken { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
