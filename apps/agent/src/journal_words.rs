//! Where a journal does not hold, in words: the command line and the console say the same.
//! Portable: a journal is verified on every system.

use hygie_journal::Break;
use hygie_text::{Args, Id};

/// The sentence of a break, and what it needs.
#[must_use]
pub fn of_break(what: &Break) -> (Id, Args) {
    let id = match what {
        Break::WrongSeq { expected, found } => {
            let args = Args::new()
                .count("expected", *expected)
                .count("found", *found);
            return (Id::BreakWrongSeq, args);
        }
        Break::NotARecord => Id::BreakNotARecord,
        Break::Torn => Id::BreakTorn,
        Break::WrongPrev => Id::BreakWrongPrev,
        Break::Backwards => Id::BreakBackwards,
        Break::NoHeader => Id::BreakNoHeader,
        Break::WrongSegment => Id::BreakWrongSegment,
        Break::EndCut => Id::BreakEndCut,
        Break::HeadMissing => Id::BreakHeadMissing,
        Break::HeadUnreadable => Id::BreakHeadUnreadable,
        Break::StartCut => Id::BreakStartCut,
        Break::TakenUpAgain => Id::BreakTakenUpAgain,
    };
    (id, Args::new())
}
