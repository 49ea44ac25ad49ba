//! The journal (main courante): what happened and who did what, append-only and hash-chained.
//! Never changes or removes a line once it is anchored, and never loses one without saying so.
//!
//! # On disk
//! `journal/2026-11.jsonl` holds one JSON [`Record`] a line. Each record carries the BLAKE3 digest
//! of the line before it ([`Record::prev`]), across months too: a segment opens with a `segment`
//! record whose `prev` is the last line of the month before. `seq` grows by one a line. Whole
//! segments older than twelve months may be dropped; a `dropped` record says so, and the chain
//! is then verified from the oldest kept segment.
//!
//! `journal/head` names the last line (segment, length, digest) and is replaced after each append,
//! so a journal whose end was cut off is noticed. What this cannot notice from inside: somebody
//! with root's rights who cuts the end *and* rewrites `head`, rewrites the whole chain, or removes
//! the whole folder. Against that the last digest has to be told to somebody else (the hub, a
//! print); [`Writer::last`] is what to tell.

mod chain;
mod digest;
mod disk;
mod error;
mod head;
mod month;
mod open;
mod reader;
mod record;
mod retention;
mod segment;
mod walk;
mod writer;

pub use chain::{Break, Broken, Place};
pub use digest::{LineDigest, NotADigest};
pub use disk::{Disk, RealDisk};
pub use error::{Error, Refused};
pub use month::{Month, NotAMonth};
pub use open::{OnBreak, Repair};
pub use reader::{Ends, Entries, Reader, Verification, Verified};
pub use record::{Entry, Kind, MAX_LINE, NotAKind, NotARecord, Record, parse_line};
pub use retention::{Dropped, KEPT_MONTHS};
pub use writer::Writer;

#[cfg(test)]
mod tests;
