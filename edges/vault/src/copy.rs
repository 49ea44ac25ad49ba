//! Copies a content while hashing it; holes stay holes.

use std::{fs::File, io};

use hygie_model::ContentHash;

use crate::{
    pieces::{Hashing, Link},
    sys,
};

/// What a copy holds.
#[derive(Clone, Debug)]
pub(crate) struct Copied {
    pub(crate) content: ContentHash,
    /// Length with holes.
    pub(crate) len: u64,
    /// Length without holes.
    pub(crate) stored: u64,
    pub(crate) links: Vec<Link>,
}

/// Copies `source` into the empty `target`: blocks are shared where the file system can.
/// What is hashed is what `target` holds, whatever happens to `source` meanwhile.
pub(crate) fn copy(source: &File, target: &File) -> io::Result<Copied> {
    let meta = source.metadata()?;
    if meta.len() >= CLONE_FROM && sys::clone_blocks(source, target) {
        return hash(target);
    }
    let put = |bytes: &[u8], offset| sys::write_all_at(target, bytes, offset);
    let mut walk = Walk::new(meta.len(), put);
    walk.range(source, 0, meta.len())?;
    let copied = walk.finish();
    target.set_len(copied.len)?;
    Ok(copied)
}

/// The digest of what a file holds, by which its version would be named.
///
/// # Errors
/// What the system refused.
pub fn content_of(file: &File) -> io::Result<ContentHash> {
    Ok(hash(file)?.content)
}

/// Fills the buffer from byte `at` of a file on, as far as the file goes; returns how much that was.
///
/// # Errors
/// What the system refused.
pub fn content_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    fill(file, buffer, at)
}

/// Hashes a file of the store's own.
pub(crate) fn hash(file: &File) -> io::Result<Copied> {
    let len = file.metadata()?.len();
    let mut walk = Walk::new(len, |_: &[u8], _| Ok(()));
    walk.range(file, 0, len)?;
    Ok(walk.finish())
}

/// A content that is read from its beginning to its end, from one file or several.
pub(crate) struct Walk<P> {
    put: P,
    hashing: Hashing,
    buffer: Vec<u8>,
    stored: u64,
}

impl<P: FnMut(&[u8], u64) -> io::Result<()>> Walk<P> {
    /// `put` gets the data and where in the content it lies.
    pub(crate) fn new(len: u64, put: P) -> Self {
        Self {
            put,
            hashing: Hashing::new(),
            buffer: vec![0; usize::try_from(len).unwrap_or(CHUNK).clamp(1, CHUNK)],
            stored: 0,
        }
    }

    /// Where in the content it is.
    pub(crate) fn at(&self) -> u64 {
        self.hashing.at()
    }

    pub(crate) fn finish(self) -> Copied {
        let len = self.hashing.at();
        let (content, links) = self.hashing.finish();
        Copied {
            content,
            len,
            stored: self.stored,
            links,
        }
    }

    /// Goes on with a stretch of `source`; returns where that ended: `end`, or less when the file
    /// is shorter.
    pub(crate) fn range(&mut self, source: &File, start: u64, end: u64) -> io::Result<u64> {
        if sys::has_holes(&source.metadata()?) {
            sys::with_cursor_kept(source, || self.stretches(source, start, end))?
        } else {
            self.data(source, start, end)
        }
    }

    fn stretches(&mut self, source: &File, start: u64, end: u64) -> io::Result<u64> {
        let mut at = start;
        while at < end {
            let Some((data, until)) = sys::next_data(source, at)? else {
                // A hole to the end, unless the file was cut meanwhile.
                let end = end.min(source.metadata()?.len()).max(at);
                self.hole(end - at);
                return Ok(end);
            };
            let (data, until) = (data.min(end), until.min(end));
            self.hole(data - at);
            at = self.data(source, data, until)?;
            if at < until {
                break;
            }
        }
        Ok(at)
    }

    fn data(&mut self, source: &File, start: u64, end: u64) -> io::Result<u64> {
        let mut at = start;
        while at < end {
            let want = usize::try_from(end - at)
                .map_or(self.buffer.len(), |left| left.min(self.buffer.len()));
            let got = match sys::read_at(source, &mut self.buffer[..want], at) {
                Ok(0) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                got => got?,
            };
            let place = self.hashing.at();
            self.hashing.update(&self.buffer[..got]);
            (self.put)(&self.buffer[..got], place)?;
            at += got as u64;
            self.stored += got as u64;
        }
        Ok(at)
    }

    pub(crate) fn hole(&mut self, len: u64) {
        let mut left = len;
        while left > 0 {
            let part = left.min(ZEROS.len() as u64);
            self.hashing
                .update(&ZEROS[..usize::try_from(part).unwrap_or(ZEROS.len())]);
            left -= part;
        }
    }
}

/// Reads at an offset until the buffer is full or the file ends; returns how much was read.
pub(crate) fn fill(source: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match sys::read_at(source, &mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            got => filled += got?,
        }
    }
    Ok(filled)
}

const CHUNK: usize = 1 << 20;
/// From this length sharing blocks is faster than copying (facts/linux-file-holds.md, point 4 of the design).
const CLONE_FROM: u64 = 1 << 20;
static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
