//! Along the files of a journal, line by line, up to what does not fit.

use crate::{
    Break, Broken, Error, Kind, Month, Place,
    chain::Chain,
    head::Anchor,
    parse_line,
    segment::{Ending, Line, Segment},
};

/// What a `break` record, by which a writer took up a broken chain, means to a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breaks {
    /// The chain does not hold: what a reader wants to know.
    Final,
    /// The chain begins anew there: what the next writer needs.
    Forgiven,
}

/// How far a walk came.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) chain: Chain,
    /// The last line that was looked at in the last segment.
    pub(crate) line: u64,
    /// Where the chain does not hold.
    pub(crate) stop: Option<Stop>,
    breaks: Breaks,
}

/// A line that does not fit.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) broken: Broken,
    /// Where it begins in its segment.
    pub(crate) start: u64,
}

/// Walks along `segments`; with [`Breaks::Final`] up to the first line that does not fit.
pub(crate) fn walk(
    segments: &[Segment],
    anchor: Option<Anchor>,
    breaks: Breaks,
) -> Result<Walk, Error> {
    let mut walk = Walk {
        chain: Chain::through(anchor),
        line: 0,
        stop: None,
        breaks,
    };
    let newest = segments.last().map(|segment| segment.month);
    for segment in segments {
        walk.along(segment)?;
        if walk.line == 0 && Some(segment.month) != newest {
            walk.halt(segment.month, 0, Break::NoHeader);
        }
        if walk.is_over() {
            break;
        }
    }
    Ok(walk)
}

impl Walk {
    fn is_over(&self) -> bool {
        self.stop.is_some() && self.breaks == Breaks::Final
    }

    fn along(&mut self, segment: &Segment) -> Result<(), Error> {
        self.line = 0;
        let mut lines = segment.lines()?;
        while let Some(line) = lines.next()? {
            self.line = line.number;
            self.take(segment.month, &line);
            if self.is_over() {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, month: Month, line: &Line) {
        let mut taken = match self.stop {
            Some(_) => Err(Break::TakenUpAgain),
            None => self.chain.take(month, line),
        };
        if taken.is_err() && self.breaks == Breaks::Forgiven && takes_up_again(line) {
            self.stop = None;
            self.chain.last = None;
            taken = self.chain.take(month, line);
        }
        match taken {
            Ok(record) if record.kind.as_str() == Kind::BREAK && self.breaks == Breaks::Final => {
                self.halt(month, line.start, Break::TakenUpAgain);
            }
            Ok(_) => {}
            Err(what) => self.halt(month, line.start, what),
        }
    }

    /// Stops here; where the walk stopped before, that place stays.
    fn halt(&mut self, segment: Month, start: u64, what: Break) {
        let line = self.line;
        let place = Place { segment, line };
        self.stop.get_or_insert(Stop {
            broken: Broken { place, what },
            start,
        });
    }
}

fn takes_up_again(line: &Line) -> bool {
    line.ending == Ending::Newline
        && parse_line(&line.bytes).is_ok_and(|record| record.kind.as_str() == Kind::BREAK)
}
