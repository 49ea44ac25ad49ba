//! Writing: one writer at a time, each append on the medium before it returns.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use hygie_model::Wall;
use serde_json::json;

use crate::{
    Disk, Entry, Error, Kind, LineDigest, Month, RealDisk, Record, Refused,
    chain::Link,
    disk,
    head::{Anchor, Head},
    segment::Segment,
};

/// The one program that writes a journal; others are kept out as long as it lives.
#[derive(Debug)]
pub struct Writer<D: Disk = RealDisk> {
    pub(crate) dir: PathBuf,
    pub(crate) disk: D,
    pub(crate) last: Option<Link>,
    pub(crate) tail: Option<Tail>,
    /// What a failed append left and could not take back yet.
    undo: Option<Undo>,
    /// Held, not read: the lock goes with it.
    _lock: File,
}

/// The segment that grows.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) segment: Segment,
    pub(crate) file: File,
    pub(crate) len: u64,
    pub(crate) end: TailEnd,
}

/// How the segment that grows ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TailEnd {
    Whole,
    /// A damaged last line that stays as evidence and has to be closed by a newline first.
    Open,
}

#[derive(Debug)]
enum Undo {
    /// Cut the growing segment to its known length.
    Cut,
    /// Remove a segment that was begun.
    Remove(Segment),
}

impl<D: Disk> Writer<D> {
    pub(crate) fn new(dir: &Path, disk: D, lock: File) -> Self {
        Self {
            dir: dir.to_owned(),
            disk,
            last: None,
            tail: None,
            undo: None,
            _lock: lock,
        }
    }

    /// Number and digest of the last line: what to tell somebody else, so that no one can
    /// rewrite the journal unseen. `None` in an empty journal.
    #[must_use]
    pub fn last(&self) -> Option<(u64, LineDigest)> {
        self.last.as_ref().map(|link| (link.seq, link.digest))
    }

    /// Records one entry; it is on the medium when this returns.
    ///
    /// # Errors
    /// The entry cannot be written as a line, or the file system refuses. Nothing was recorded then;
    /// only where the file system refuses to take it back as well can it be found after a restart.
    pub fn append(&mut self, entry: Entry, now: Wall) -> Result<Record, Error> {
        let mut records = self.append_all([entry], now)?;
        Ok(records.pop().expect("one entry makes one record"))
    }

    /// Records several entries at the price of one; all or none.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn append_all(
        &mut self,
        entries: impl IntoIterator<Item = Entry>,
        now: Wall,
    ) -> Result<Vec<Record>, Error> {
        let entries: Vec<Entry> = entries.into_iter().collect();
        if let Some(own) = entries.iter().find(|entry| entry.kind.is_reserved()) {
            let kind = own.kind.to_string();
            return Err(Refused::ReservedKind { kind }.into());
        }
        self.record(entries, now)
    }

    /// Appends entries of any kind.
    pub(crate) fn record(&mut self, entries: Vec<Entry>, now: Wall) -> Result<Vec<Record>, Error> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        self.take_back()?;
        let month = self.month_at(now);
        if self
            .tail
            .as_ref()
            .is_some_and(|tail| tail.segment.month >= month)
        {
            let draft = self.draft(None, entries, now)?;
            self.extend(draft)
        } else {
            let draft = self.draft(Some(month), entries, now)?;
            self.begin(month, draft)
        }
    }

    /// The month in which a record told at `now` lies.
    pub(crate) fn month_at(&self, now: Wall) -> Month {
        Month::of(self.last.as_ref().map_or(now, |last| now.max(last.at)))
    }

    /// The lines for `entries`, with the header of a segment before them where one is begun.
    pub(crate) fn draft(
        &self,
        begun: Option<Month>,
        entries: Vec<Entry>,
        now: Wall,
    ) -> Result<Draft, Error> {
        let header = begun.map(|month| {
            Entry::new(Kind::own(Kind::SEGMENT))
                .with("month", month.to_string())
                .with("format", FORMAT)
        });
        let headers = usize::from(header.is_some());
        let mut draft = Draft {
            bytes: Vec::new(),
            records: Vec::new(),
            last: self.last.clone(),
        };
        for entry in header.into_iter().chain(entries) {
            draft.add(entry, now)?;
        }
        draft.records.drain(..headers);
        Ok(draft)
    }

    fn extend(&mut self, mut draft: Draft) -> Result<Vec<Record>, Error> {
        let tail = self.tail.as_mut().expect("a segment is open");
        if tail.end == TailEnd::Open {
            draft.bytes.insert(0, b'\n');
        }
        let path = tail.segment.path.clone();
        let len = tail.len + draft.bytes.len() as u64;
        let written = self
            .disk
            .write(&mut tail.file, tail.len, &draft.bytes)
            .and_then(|()| self.disk.sync(&tail.file))
            .map_err(Error::at(path));
        let anchor = draft.anchor(tail.segment.month, len);
        if let Err(error) = written.and_then(|()| anchor.write(&self.dir, &mut self.disk)) {
            return Err(self.fail(Undo::Cut, error));
        }
        (tail.len, tail.end) = (len, TailEnd::Whole);
        self.last = draft.last;
        Ok(draft.records)
    }

    fn begin(&mut self, month: Month, draft: Draft) -> Result<Vec<Record>, Error> {
        let segment = Segment::of(&self.dir, month);
        let len = draft.bytes.len() as u64;
        let anchor = draft.anchor(month, len);
        let made = self
            .fill(&segment, &draft.bytes)
            .map_err(Error::at(&segment.path));
        let anchored = made.and_then(|file| {
            anchor.write(&self.dir, &mut self.disk)?;
            Ok(file)
        });
        match anchored {
            Ok(file) => {
                let end = TailEnd::Whole;
                self.tail = Some(Tail {
                    segment,
                    file,
                    len,
                    end,
                });
                self.last = draft.last;
                Ok(draft.records)
            }
            Err(error) => Err(self.fail(Undo::Remove(segment), error)),
        }
    }

    fn fill(&mut self, segment: &Segment, bytes: &[u8]) -> std::io::Result<File> {
        let mut file = disk::open(&segment.path)?;
        self.disk.write(&mut file, 0, bytes)?;
        self.disk.sync(&file)?;
        disk::sync_dir(&self.dir)?;
        Ok(file)
    }

    /// Takes back what a failed append left, at once or before the next append.
    fn fail(&mut self, undo: Undo, error: Error) -> Error {
        self.undo = Some(undo);
        match self.take_back() {
            Ok(()) | Err(_) => error,
        }
    }

    fn take_back(&mut self) -> Result<(), Error> {
        match (&self.undo, &self.tail) {
            (Some(Undo::Cut), Some(tail)) => self
                .disk
                .cut(&tail.file, tail.len)
                .map_err(Error::at(&tail.segment.path))?,
            (Some(Undo::Remove(segment)), _) => match fs::remove_file(&segment.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::at(&segment.path)(error));
                }
                Ok(()) | Err(_) => {}
            },
            (Some(Undo::Cut) | None, _) => {}
        }
        self.undo = None;
        Ok(())
    }
}

/// Lines that are about to be written.
pub(crate) struct Draft {
    pub(crate) bytes: Vec<u8>,
    pub(crate) records: Vec<Record>,
    pub(crate) last: Option<Link>,
}

impl Draft {
    fn add(&mut self, entry: Entry, now: Wall) -> Result<(), Error> {
        let last = self.last.as_ref();
        let at = last.map_or(now, |last| now.max(last.at));
        let record = Record {
            seq: last.map_or(0, |last| last.seq.saturating_add(1)),
            at,
            told: (at != now).then_some(now),
            kind: entry.kind,
            fields: entry.fields,
            prev: last.map_or(LineDigest::NONE, |last| last.digest),
        };
        let line = record.to_line().map_err(Refused::from)?;
        self.last = Some(Link {
            seq: record.seq,
            at,
            digest: LineDigest::of(&line),
        });
        self.bytes.extend_from_slice(&line);
        self.bytes.push(b'\n');
        self.records.push(record);
        Ok(())
    }

    /// The head once this draft ends a segment of `len` bytes.
    pub(crate) fn anchor(&self, segment: Month, len: u64) -> Head {
        let last = self.last.as_ref().map(|link| Anchor {
            segment,
            len,
            seq: link.seq,
            digest: link.digest,
        });
        Head { last }
    }
}

/// Torn bytes as entries of at most [`TORN_PART`] bytes each.
pub(crate) fn torn_entries(bytes: &[u8]) -> Vec<Entry> {
    let parts = bytes.len().div_ceil(TORN_PART);
    let hex = |part: &[u8]| {
        part.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    bytes
        .chunks(TORN_PART)
        .enumerate()
        .map(|(index, part)| {
            Entry::new(Kind::own(Kind::TORN))
                .with("part", json!([index + 1, parts]))
                .with("bytes", hex(part))
        })
        .collect()
}

const FORMAT: u64 = 1;
const TORN_PART: usize = 64 * 1024;
