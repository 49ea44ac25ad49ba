//! What a content looks like to the engine: its kind, how random it is, and what to compare it by.

use std::{fs::File, io};

use hygie_entropy::{Likeness, Sketch, Sketcher};
use hygie_guard::harm::{Change, Facts};
use hygie_kind::EDGE;
use hygie_model::ContentHash;
use hygie_vault::{Content, content_at};

/// A content, looked at.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) facts: Facts,
    sketch: Sketch,
}

impl Look {
    /// Of a file that is being copied; `content` is the digest of the copy.
    pub(crate) fn of_file(file: &File, len: u64, content: ContentHash) -> io::Result<Self> {
        Self::read((len, LOOKED_AT), content, |buffer, at| {
            content_at(file, buffer, at)
        })
    }

    /// Of a version.
    pub(crate) fn of_version(version: &Content, content: ContentHash) -> io::Result<Self> {
        Self::read((version.len(), LOOKED_AT), content, |buffer, at| {
            version.read_at(buffer, at)
        })
    }

    /// What a version is, by its beginning and its end: not to be compared with another one.
    pub(crate) fn facts_of(version: &Content, content: ContentHash) -> io::Result<Facts> {
        let read = |buffer: &mut [u8], at| version.read_at(buffer, at);
        Ok(Self::read((version.len(), GLANCED_AT), content, read)?.facts)
    }

    /// Reads the beginning, as far as it is looked at, and the end.
    fn read(
        (len, looked_at): (u64, u64),
        content: ContentHash,
        read_at: impl Fn(&mut [u8], u64) -> io::Result<usize>,
    ) -> io::Result<Self> {
        let most = len.min(looked_at);
        let mut sketcher = Sketcher::new(most);
        let mut head = Vec::new();
        let mut buffer = vec![0; usize::try_from(most).unwrap_or(CHUNK).clamp(1, CHUNK)];
        let mut at = 0;
        while at < most {
            let want = usize::try_from(most - at)
                .unwrap_or(CHUNK)
                .min(buffer.len());
            let got = read_at(&mut buffer[..want], at)?;
            if got == 0 {
                break;
            }
            if at == 0 {
                head = buffer[..got.min(EDGE)].to_vec();
            }
            sketcher.feed(&buffer[..got]);
            at += got as u64;
        }
        let mut tail = vec![0; EDGE.min(usize::try_from(len).unwrap_or(EDGE))];
        let last = len.saturating_sub(tail.len() as u64);
        let got = read_at(&mut tail, last)?;
        tail.truncate(got);
        let sketch = sketcher.finish();
        let mut facts = Facts::of(&head, &tail, &sketch);
        facts.len = len;
        facts.gist = gist(content);
        Ok(Self { facts, sketch })
    }

    /// What became of `self`.
    pub(crate) fn to(&self, after: &Self) -> Change {
        Change {
            before: self.facts,
            after: after.facts,
            likeness: Likeness::between(&self.sketch, &after.sketch),
        }
    }
}

/// A sketch can be made to agree with another one; a digest cannot.
fn gist(content: ContentHash) -> u64 {
    let [first, ..] = content.0.as_chunks().0 else {
        return 0;
    };
    u64::from_le_bytes(*first)
}

/// Of larger contents the beginning is looked at, and the end.
const LOOKED_AT: u64 = 16 << 20;
/// The same of one that went.
const GLANCED_AT: u64 = 64 << 10;
const CHUNK: usize = 256 << 10;
