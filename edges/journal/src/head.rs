//! The file `head`: which line was the last one, so that a cut end is noticed.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{Break, Disk, Error, LineDigest, Month, disk};

/// What `head` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    /// The last line; none in a journal without a record.
    pub(crate) last: Option<Anchor>,
}

/// A line that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Anchor {
    pub(crate) segment: Month,
    /// Length of the segment up to and with this line.
    pub(crate) len: u64,
    pub(crate) seq: u64,
    pub(crate) digest: LineDigest,
}

/// What became of `head`.
pub(crate) enum Found {
    Head(Head),
    /// It is missing, or not what the journal wrote.
    Not(Break),
}

impl Head {
    pub(crate) fn read(dir: &Path) -> Result<Found, Error> {
        let path = dir.join(NAME);
        match fs::read(&path) {
            Ok(bytes) => Ok(match Self::parse(&bytes) {
                Some(head) => Found::Head(head),
                None => Found::Not(Break::HeadUnreadable),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Found::Not(Break::HeadMissing))
            }
            Err(error) => Err(Error::at(path)(error)),
        }
    }

    /// Only the very bytes that the journal writes are taken, so each changed byte is seen.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let head: Self = serde_json::from_slice(bytes).ok()?;
        (head.to_bytes() == bytes).then_some(head)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("names and numbers always serialise");
        bytes.push(b'\n');
        bytes
    }

    /// Puts this head in place of the last one.
    /// After a power cut the last one may be back: then the lines after it are still chained.
    pub(crate) fn write(&self, dir: &Path, to: &mut impl Disk) -> Result<(), Error> {
        let path = dir.join(NAME);
        disk::replace(to, &path, 0, &self.to_bytes()).map_err(Error::at(path))
    }
}

const NAME: &str = "head";
