//! Letting old segments go, unless a case holds them.

use std::{collections::BTreeMap, fs};

use hygie_model::Wall;
use serde_json::{Map, Value, json};

use crate::{
    Disk, Entry, Error, Kind, Month, Reader, Record, Refused, Verification, Writer, disk,
    parse_line, segment::Segment,
};

/// The months that were dropped, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// The months.
    pub segments: Vec<Month>,
}

impl<D: Disk> Writer<D> {
    /// Keeps all segments from month `from` on until `case` is released. Recorded in the journal
    /// itself, so it outlives a restart.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn hold(&mut self, case: &str, from: Month, now: Wall) -> Result<Record, Error> {
        // A hold from a later month on would itself be dropped before what it holds.
        let from = from.min(self.month_at(now));
        let entry = Entry::new(Kind::own(Kind::HOLD))
            .with("case", case)
            .with("from", from.to_string());
        self.record_one(entry, now)
    }

    /// Ends the hold of `case`.
    ///
    /// # Errors
    /// As [`Writer::append`].
    pub fn release(&mut self, case: &str, now: Wall) -> Result<Record, Error> {
        let entry = Entry::new(Kind::own(Kind::RELEASE)).with("case", case);
        self.record_one(entry, now)
    }

    /// Drops the segments of the months before `before`, never the newest one, after recording that
    /// it does so. May be called again after an error.
    ///
    /// # Errors
    /// `before` is less than twelve months ago, a case holds one of the months, the chain does not
    /// hold (then all of it is evidence), or the file system refuses.
    pub fn drop_before(&mut self, before: Month, now: Wall) -> Result<Dropped, Error> {
        let droppable = self.month_at(now).back(KEPT_MONTHS);
        if before > droppable {
            return Err(Refused::TooYoung { droppable }.into());
        }
        let reader = Reader::new(&self.dir);
        if let Verification::Broken(broken) = reader.verify()? {
            return Err(broken.into());
        }
        let held = holds(reader)?.into_iter().find(|(_, from)| *from < before);
        if let Some((case, from)) = held {
            return Err(Refused::Held { case, from }.into());
        }
        let mut old = Segment::list(&self.dir)?;
        // The newest one stays, whatever its age: something must say that the others went.
        let kept = old.partition_point(|segment| segment.month < before);
        let kept = kept.min(old.len().saturating_sub(1));
        let Some(first) = first_seq(&old[kept..])? else {
            return Ok(Dropped::default());
        };
        old.truncate(kept);
        if !old.is_empty() {
            self.record_drop(&old, first, now)?;
        }
        for segment in &old {
            fs::remove_file(&segment.path).map_err(Error::at(&segment.path))?;
            disk::sync_dir(&self.dir).map_err(Error::at(&self.dir))?;
        }
        let segments = old.into_iter().map(|segment| segment.month).collect();
        Ok(Dropped { segments })
    }

    fn record_drop(&mut self, old: &[Segment], first: u64, now: Wall) -> Result<(), Error> {
        let months: Vec<String> = old.iter().map(|s| s.month.to_string()).collect();
        let entry = Entry::new(Kind::own(Kind::DROPPED))
            .with("segments", json!(months))
            .with("first", first);
        self.record_one(entry, now).map(drop)
    }

    fn record_one(&mut self, entry: Entry, now: Wall) -> Result<Record, Error> {
        let mut records = self.record(vec![entry], now)?;
        Ok(records.pop().expect("one entry makes one record"))
    }
}

/// The number of the header that opens `segments`.
fn first_seq(segments: &[Segment]) -> Result<Option<u64>, Error> {
    let Some(line) = segments.first().map(Segment::lines).transpose()? else {
        return Ok(None);
    };
    let header = { line }.next()?.map(|line| parse_line(&line.bytes));
    Ok(header
        .transpose()
        .map_err(Refused::from)?
        .map(|header| header.seq))
}

/// The cases that hold segments, each with the oldest month it holds.
fn holds(reader: Reader) -> Result<BTreeMap<String, Month>, Error> {
    let mut holds = BTreeMap::new();
    for record in reader.entries()? {
        let record = record?;
        let Some(case) = text(&record.fields, "case") else {
            continue;
        };
        match record.kind.as_str() {
            Kind::HOLD => {
                let from = text(&record.fields, "from").and_then(|text| text.parse().ok());
                let from = from.unwrap_or_else(|| Month::of(Wall(i64::MIN)));
                let oldest = holds
                    .get(case)
                    .map_or(from, |known: &Month| from.min(*known));
                holds.insert(case.to_owned(), oldest);
            }
            Kind::RELEASE => {
                holds.remove(case);
            }
            _ => {}
        }
    }
    Ok(holds)
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

/// How long a segment is kept at least.
pub const KEPT_MONTHS: u32 = 12;
