//! One line of the journal: what a caller tells, what is written, how it is read.

use std::{fmt, str::FromStr};

use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::LineDigest;

/// What kind of thing a record tells, such as `incident.stopped`: lower-case words joined by dots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Kind(String);

/// Why a text is no kind.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotAKind {
    /// It is not 1 to 40 of `a-z`, `0-9`, `-` and `.`.
    #[error("a kind is 1 to 40 of the characters a-z, 0-9, - and .")]
    Shape,
    /// The journal writes this kind itself.
    #[error("this kind is kept for the journal's own records")]
    Reserved,
}

impl Kind {
    pub(crate) const SEGMENT: &str = "segment";
    pub(crate) const TORN: &str = "torn";
    pub(crate) const BREAK: &str = "break";
    pub(crate) const DROPPED: &str = "dropped";
    pub(crate) const HOLD: &str = "hold";
    pub(crate) const RELEASE: &str = "release";
    const RESERVED: [&str; 6] = [
        Self::SEGMENT,
        Self::TORN,
        Self::BREAK,
        Self::DROPPED,
        Self::HOLD,
        Self::RELEASE,
    ];

    /// A kind of the callers' own.
    ///
    /// # Errors
    /// The text is not the name of a kind, or is one of those that the journal writes itself.
    pub fn new(text: &str) -> Result<Self, NotAKind> {
        if Self::RESERVED.contains(&text) {
            return Err(NotAKind::Reserved);
        }
        text.parse()
    }

    /// The kind as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_reserved(&self) -> bool {
        Self::RESERVED.contains(&self.as_str())
    }

    pub(crate) fn own(name: &'static str) -> Self {
        Self(name.to_owned())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        let right = (1..=40).contains(&text.len())
            && text
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
        right.then(|| Self(text.to_owned())).ok_or(NotAKind::Shape)
    }
}

impl TryFrom<String> for Kind {
    type Error = NotAKind;

    fn try_from(text: String) -> Result<Self, NotAKind> {
        text.parse()
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.0
    }
}

/// What a caller wants recorded: a kind and named facts. The journal adds the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub(crate) kind: Kind,
    pub(crate) fields: Map<String, Value>,
}

impl Entry {
    /// An entry without facts yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            fields: Map::new(),
        }
    }

    /// Adds a fact; a second one of the same name replaces the first.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// An entry whose facts are the fields of a serialisable struct.
    /// `None` when it does not serialise to a JSON object.
    #[must_use]
    pub fn from_facts(kind: Kind, facts: &impl Serialize) -> Option<Self> {
        match serde_json::to_value(facts) {
            Ok(Value::Object(fields)) => Some(Self { kind, fields }),
            _ => None,
        }
    }
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its number; grows by one a line from 0 on.
    pub seq: u64,
    /// When it was written; never before the record above it.
    pub at: Wall,
    /// What the clock said, where that lay before the record above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Wall>,
    /// What kind of thing it tells.
    pub kind: Kind,
    /// The facts.
    pub fields: Map<String, Value>,
    /// Digest of the line before.
    pub prev: LineDigest,
}

/// The bytes are not a record.
#[derive(Debug, thiserror::Error)]
pub enum NotARecord {
    /// The line is longer than [`MAX_LINE`].
    #[error("a line of {0} bytes is longer than a record may be")]
    TooLong(usize),
    /// The line is not JSON of a record's shape.
    #[error(transparent)]
    Shape(#[from] serde_json::Error),
}

/// Reads one line, given without its newline. Pure; for any record `r`, the line of `r` reads as `r`.
///
/// # Errors
/// The bytes are too long or not a record.
pub fn parse_line(line: &[u8]) -> Result<Record, NotARecord> {
    if line.len() > MAX_LINE {
        return Err(NotARecord::TooLong(line.len()));
    }
    Ok(serde_json::from_slice(line)?)
}

impl Record {
    /// The bytes of the line, without a newline.
    ///
    /// # Errors
    /// The line would be too long, or would not read back as this record (facts nested too deeply).
    pub fn to_line(&self) -> Result<Vec<u8>, NotARecord> {
        let line = serde_json::to_vec(self)?;
        parse_line(&line)?;
        Ok(line)
    }
}

/// The longest line that is written or read: 256 KiB.
pub const MAX_LINE: usize = 256 * 1024;

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
