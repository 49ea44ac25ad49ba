//! Reading: the records in their order, and whether the chain holds.

use std::path::{Path, PathBuf};

use hygie_model::Wall;

use crate::{
    Break, Broken, Error, Month, Place, Record,
    chain::Link,
    head::{Found, Head},
    parse_line,
    segment::{Ending, Lines, Segment},
    walk::{Breaks, walk},
};

/// Reads a journal; needs no lock and may run beside its writer.
#[derive(Clone, Debug)]
pub struct Reader {
    dir: PathBuf,
}

/// Whether the chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It holds from the oldest kept line to the last one.
    Verified(Verified),
    /// It does not.
    Broken(Broken),
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Months.
    pub segments: u64,
    /// Lines.
    pub records: u64,
    /// The first and the last line; none in an empty journal.
    pub ends: Option<Ends>,
}

/// The first and the last line of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Number of the first one; above 0 where older segments were dropped.
    pub first_seq: u64,
    /// When it was written.
    pub first_at: Wall,
    /// Number of the last one.
    pub last_seq: u64,
    /// When it was written.
    pub last_at: Wall,
}

impl Reader {
    /// A reader of the journal in `dir`.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
        }
    }

    /// All records, oldest first. They are parsed but not verified: see [`Reader::verify`].
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn entries(&self) -> Result<Entries, Error> {
        self.entries_from(0)
    }

    /// The records from number `seq` on. Older segments are not read.
    ///
    /// # Errors
    /// The folder or a segment cannot be read.
    pub fn entries_from(&self, seq: u64) -> Result<Entries, Error> {
        let mut segments = Segment::list(&self.dir)?;
        let mut start = 0;
        for (index, segment) in segments.iter().enumerate().skip(1) {
            match segment.lines()?.next()?.map(|line| parse_line(&line.bytes)) {
                Some(Ok(header)) if header.seq <= seq => start = index,
                _ => break,
            }
        }
        segments.drain(..start);
        segments.reverse();
        Ok(Entries {
            segments,
            lines: None,
            from: seq,
        })
    }

    /// Checks the whole chain. Any line or byte that was changed, removed, put in or moved breaks
    /// it; [the crate's page](crate) says what cannot be noticed from inside.
    /// A writer in the middle of an append can make the last line look torn: look again then.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn verify(&self) -> Result<Verification, Error> {
        let head = Head::read(&self.dir)?;
        let segments = Segment::list(&self.dir)?;
        let newest = segments.last().map(|segment| segment.month);
        let anchor = match head {
            Found::Head(head) => head.last,
            Found::Not(_) if segments.is_empty() => None,
            Found::Not(what) => return Ok(broken(newest, 0, what)),
        };
        let walk = walk(&segments, anchor.clone(), Breaks::Final)?;
        if let Some(stop) = walk.stop {
            return Ok(Verification::Broken(stop.broken));
        }
        if !walk.chain.anchor_met {
            let named = newest.or(anchor.map(|anchor| anchor.segment));
            return Ok(broken(named, walk.line, Break::EndCut));
        }
        let ends = walk.chain.first.zip(walk.chain.last);
        if ends
            .as_ref()
            .is_some_and(|(first, _)| first.seq > walk.chain.announced)
        {
            return Ok(broken(
                segments.first().map(|s| s.month),
                1,
                Break::StartCut,
            ));
        }
        Ok(Verification::Verified(Verified {
            segments: segments.len() as u64,
            records: walk.chain.records,
            ends: ends.map(|(first, last)| Ends::of(&first, &last)),
        }))
    }
}

impl Ends {
    fn of(first: &Link, last: &Link) -> Self {
        Self {
            first_seq: first.seq,
            first_at: first.at,
            last_seq: last.seq,
            last_at: last.at,
        }
    }
}

fn broken(segment: Option<Month>, line: u64, what: Break) -> Verification {
    let segment = segment.unwrap_or(Month::of(Wall(0)));
    let place = Place { segment, line };
    Verification::Broken(Broken { place, what })
}

/// The records of a journal, oldest first.
#[derive(Debug)]
pub struct Entries {
    /// Newest first, so that the next one is popped.
    segments: Vec<Segment>,
    lines: Option<(Month, Lines)>,
    from: u64,
}

impl Iterator for Entries {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.step() {
                Ok(Step::Record(record)) if record.seq < self.from => {}
                Ok(Step::Record(record)) => return Some(Ok(*record)),
                Ok(Step::Segment) => {}
                Ok(Step::End) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

enum Step {
    Record(Box<Record>),
    Segment,
    End,
}

impl Entries {
    fn step(&mut self) -> Result<Step, Error> {
        if let Some((month, mut lines)) = self.lines.take() {
            let Some(line) = lines.next()? else {
                return Ok(Step::Segment);
            };
            self.lines = Some((month, lines));
            let what = match (parse_line(&line.bytes), line.ending) {
                (Ok(record), Ending::Newline) => return Ok(Step::Record(Box::new(record))),
                (_, Ending::Torn) => Break::Torn,
                (Err(_), Ending::Newline) => Break::NotARecord,
            };
            let place = Place {
                segment: month,
                line: line.number,
            };
            return Err(Broken { place, what }.into());
        }
        let Some(segment) = self.segments.pop() else {
            return Ok(Step::End);
        };
        self.lines = Some((segment.month, segment.lines()?));
        Ok(Step::Segment)
    }
}
