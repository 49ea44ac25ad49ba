//! Copies a content while hashing it; holes stay holes.

use std::{fs::File, io};

use hygie_model::ContentHash;

use crate::sys;

/// What a copy holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copied {
    pub(crate) content: ContentHash,
    /// Length with holes.
    pub(crate) len: u64,
    /// Length without holes.
    pub(crate) stored: u64,
}

/// Copies `source` into the empty `target`: blocks are shared where the file system can.
/// What is hashed is what `target` holds, whatever happens to `source` meanwhile.
pub(crate) fn copy(source: &File, target: &File) -> io::Result<Copied> {
    let meta = source.metadata()?;
    if meta.len() >= CLONE_FROM && sys::clone_blocks(source, target) {
        return hash(target);
    }
    let copied = walk(source, &meta, |bytes, offset| {
        sys::write_all_at(target, bytes, offset)
    })?;
    target.set_len(copied.len)?;
    Ok(copied)
}

/// Hashes a file of the store's own.
pub(crate) fn hash(file: &File) -> io::Result<Copied> {
    walk(file, &file.metadata()?, |_, _| Ok(()))
}

fn walk(
    source: &File,
    meta: &std::fs::Metadata,
    put: impl FnMut(&[u8], u64) -> io::Result<()>,
) -> io::Result<Copied> {
    let mut walk = Walk {
        source,
        put,
        hasher: blake3::Hasher::new(),
        buffer: vec![0; usize::try_from(meta.len()).unwrap_or(CHUNK).clamp(1, CHUNK)],
        stored: 0,
    };
    let len = if sys::has_holes(meta) {
        sys::with_cursor_kept(source, || walk.stretches(meta.len()))??
    } else {
        walk.data(0, meta.len())?
    };
    Ok(Copied {
        content: ContentHash(*walk.hasher.finalize().as_bytes()),
        len,
        stored: walk.stored,
    })
}

struct Walk<'a, P> {
    source: &'a File,
    put: P,
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
    stored: u64,
}

impl<P: FnMut(&[u8], u64) -> io::Result<()>> Walk<'_, P> {
    /// Data and holes up to `len`; returns where the file ended.
    fn stretches(&mut self, len: u64) -> io::Result<u64> {
        let mut at = 0;
        while at < len {
            let Some((start, end)) = sys::next_data(self.source, at)? else {
                // A hole to the end, unless the file was cut meanwhile.
                let end = len.min(self.source.metadata()?.len()).max(at);
                self.hole(end - at);
                return Ok(end);
            };
            let (start, end) = (start.min(len), end.min(len));
            self.hole(start - at);
            at = self.data(start, end)?;
            if at < end {
                break;
            }
        }
        Ok(at)
    }

    /// Returns where reading ended: `end`, or less when the file was cut.
    fn data(&mut self, start: u64, end: u64) -> io::Result<u64> {
        let mut at = start;
        while at < end {
            let want = usize::try_from(end - at)
                .map_or(self.buffer.len(), |left| left.min(self.buffer.len()));
            let got = match sys::read_at(self.source, &mut self.buffer[..want], at) {
                Ok(0) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                got => got?,
            };
            self.hasher.update(&self.buffer[..got]);
            (self.put)(&self.buffer[..got], at)?;
            at += got as u64;
            self.stored += got as u64;
        }
        Ok(at)
    }

    fn hole(&mut self, len: u64) {
        let mut left = len;
        while left > 0 {
            let part = left.min(ZEROS.len() as u64);
            self.hasher
                .update(&ZEROS[..usize::try_from(part).unwrap_or(ZEROS.len())]);
            left -= part;
        }
    }
}

const CHUNK: usize = 1 << 20;
/// From this length sharing blocks is faster than copying (facts/linux-file-holds.md, point 4 of the design).
const CLONE_FROM: u64 = 1 << 20;
static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
