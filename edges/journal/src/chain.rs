//! The rules that join one line to the next; pure.

use hygie_model::Wall;

use crate::{
    Kind, LineDigest, Month, Record,
    head::Anchor,
    parse_line,
    segment::{Ending, Line},
};

/// Where a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The month.
    pub segment: Month,
    /// The line in it, from 1 on; 0 where no line is meant.
    pub line: u64,
}

/// The chain does not hold.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the journal is broken at {}, line {}: {what}", place.segment, place.line)]
pub struct Broken {
    /// The first line that does not fit; the change may be in it or in the one before.
    pub place: Place,
    /// What does not fit.
    pub what: Break,
}

/// In what way the chain does not hold.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Break {
    /// The line is no record.
    #[error("this line is not a record")]
    NotARecord,
    /// The last line has no end.
    #[error("this line has no end")]
    Torn,
    /// Lines are missing, were put in, or changed places.
    #[error("record {expected} was expected here, {found} was found")]
    WrongSeq {
        /// The number that belongs here.
        expected: u64,
        /// The number that is here.
        found: u64,
    },
    /// The line before is not the one that was there when this one was written.
    #[error("the line before this one was changed")]
    WrongPrev,
    /// The record is older than the one before.
    #[error("this record is older than the one before")]
    Backwards,
    /// A segment does not open with its header.
    #[error("the segment does not open with its header")]
    NoHeader,
    /// The record does not belong in this month.
    #[error("this record belongs to another month")]
    WrongSegment,
    /// The last line that `head` names is not there any more.
    #[error("the end of the journal was cut off or changed")]
    EndCut,
    /// There is no `head`.
    #[error("the file that names the last line is missing")]
    HeadMissing,
    /// `head` is not what the journal wrote.
    #[error("the file that names the last line was changed")]
    HeadUnreadable,
    /// The oldest segments are gone, and no record says that they were dropped.
    #[error("the beginning of the journal is missing")]
    StartCut,
    /// The writer found the chain broken here and went on.
    #[error("the chain was found broken here and was taken up again")]
    TakenUpAgain,
}

/// The end of a chain: what the next record is joined to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) seq: u64,
    pub(crate) at: Wall,
    pub(crate) digest: LineDigest,
}

/// Walks along the chain, line by line.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    pub(crate) first: Option<Link>,
    pub(crate) last: Option<Link>,
    pub(crate) records: u64,
    /// All before this number was dropped in due form.
    pub(crate) announced: u64,
    anchor: Option<Anchor>,
    pub(crate) anchor_met: bool,
}

impl Chain {
    /// A chain that has to pass `anchor`.
    pub(crate) fn through(anchor: Option<Anchor>) -> Self {
        Self {
            anchor_met: anchor.is_none(),
            anchor,
            ..Self::default()
        }
    }

    /// Takes the next line, or says why it does not fit; after that the chain is over.
    pub(crate) fn take(&mut self, segment: Month, line: &Line) -> Result<Record, Break> {
        if line.ending == Ending::Torn {
            return Err(Break::Torn);
        }
        let record = parse_line(&line.bytes).map_err(|_| Break::NotARecord)?;
        fits_segment(&record, segment, line)?;
        self.fits_last(&record)?;
        let link = Link {
            seq: record.seq,
            at: record.at,
            digest: LineDigest::of(&line.bytes),
        };
        self.meet_anchor(segment, line.end, &link)?;
        if record.kind.as_str() == Kind::DROPPED {
            let first = record.fields.get("first").and_then(|v| v.as_u64());
            self.announced = self.announced.max(first.unwrap_or(0));
        }
        self.records += 1;
        self.first.get_or_insert_with(|| link.clone());
        self.last = Some(link);
        Ok(record)
    }

    fn fits_last(&self, record: &Record) -> Result<(), Break> {
        let Some(last) = &self.last else {
            let alone = record.seq != 0 || record.prev == LineDigest::NONE;
            return if alone { Ok(()) } else { Err(Break::WrongPrev) };
        };
        let expected = last.seq.saturating_add(1);
        if record.seq != expected {
            let found = record.seq;
            return Err(Break::WrongSeq { expected, found });
        }
        if record.prev != last.digest {
            return Err(Break::WrongPrev);
        }
        if record.at < last.at {
            return Err(Break::Backwards);
        }
        Ok(())
    }

    fn meet_anchor(&mut self, segment: Month, end: u64, link: &Link) -> Result<(), Break> {
        let Some(anchor) = &self.anchor else {
            return Ok(());
        };
        if self.anchor_met || anchor.segment != segment || anchor.len != end {
            return Ok(());
        }
        if anchor.seq != link.seq || anchor.digest != link.digest {
            return Err(Break::EndCut);
        }
        self.anchor_met = true;
        Ok(())
    }
}

/// A header and nothing else opens a segment, and no record lies before its month.
/// One may lie after it: the repair of a torn line stays in the segment it repairs.
fn fits_segment(record: &Record, segment: Month, line: &Line) -> Result<(), Break> {
    let header = record.kind.as_str() == Kind::SEGMENT;
    let named = record.fields.get("month").and_then(|v| v.as_str());
    if line.number == 1 && !(header && named == Some(&segment.to_string())) {
        return Err(Break::NoHeader);
    }
    if line.number > 1 && header || Month::of(record.at) < segment {
        return Err(Break::WrongSegment);
    }
    Ok(())
}
