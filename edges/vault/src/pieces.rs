//! Hashes a content by pieces, so that its next state needs only the changed ones hashed anew.

use blake3::hazmat::{HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};
use hygie_model::ContentHash;

/// A whole subtree of BLAKE3: a power of two of its chunks.
pub(crate) const PIECE: u64 = 128 << 10;

/// How many pieces so many bytes are.
pub(crate) fn count(len: u64) -> u64 {
    len.div_ceil(PIECE)
}

/// What one piece adds to the digest of the whole: the chaining value of its subtree. It says
/// where in the content the piece lies, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link(pub(crate) [u8; 32]);

impl Link {
    /// Of the piece, not empty, that begins at `start`.
    pub(crate) fn of(bytes: &[u8], start: u64) -> Self {
        let mut hasher = begin(start);
        hasher.update(bytes);
        Self(hasher.finalize_non_root())
    }
}

fn begin(start: u64) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    hasher.set_input_offset(start);
    hasher
}

/// The digest of a content of these pieces; `None` for fewer than two, whose digest is of another
/// kind and needs the bytes.
pub(crate) fn root(links: &[Link]) -> Option<ContentHash> {
    let mut layer: Vec<[u8; 32]> = links.iter().map(|link| link.0).collect();
    while layer.len() > 2 {
        layer = layer
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => merge_subtrees_non_root(left, right, Mode::Hash),
                single => single[0],
            })
            .collect();
    }
    match &layer[..] {
        [left, right] => {
            let root = merge_subtrees_root(left, right, Mode::Hash);
            Some(ContentHash(*root.as_bytes()))
        }
        _ => None,
    }
}

/// A digest in the making; its result is that of `blake3::hash`.
pub(crate) struct Hashing {
    /// Of the piece under way.
    piece: blake3::Hasher,
    links: Vec<Link>,
    at: u64,
}

impl Hashing {
    pub(crate) fn new() -> Self {
        Self {
            piece: begin(0),
            links: Vec::new(),
            at: 0,
        }
    }

    /// How many bytes went in.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let mut left = bytes;
        while !left.is_empty() {
            let in_piece = self.at % PIECE;
            if in_piece == 0 && self.at > 0 {
                let whole = std::mem::replace(&mut self.piece, begin(self.at));
                self.links.push(Link(whole.finalize_non_root()));
            }
            let room = usize::try_from(PIECE - in_piece).unwrap_or(usize::MAX);
            let (now, later) = left.split_at(room.min(left.len()));
            self.piece.update(now);
            self.at += now.len() as u64;
            left = later;
        }
    }

    /// The digest, and what each piece added to it.
    pub(crate) fn finish(mut self) -> (ContentHash, Vec<Link>) {
        if self.at > 0 {
            self.links.push(Link(self.piece.finalize_non_root()));
        }
        let content =
            root(&self.links).unwrap_or_else(|| ContentHash(*self.piece.finalize().as_bytes()));
        (content, self.links)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        blake3::Hasher::new().finalize_xof().fill(&mut bytes);
        bytes
    }

    fn agrees(bytes: &[u8], parts: usize) {
        let mut hashing = Hashing::new();
        bytes.chunks(parts).for_each(|part| hashing.update(part));
        let (content, links) = hashing.finish();
        assert_eq!(
            content.0,
            *blake3::hash(bytes).as_bytes(),
            "{}",
            bytes.len()
        );
        let piece = usize::try_from(PIECE).unwrap();
        let each: Vec<Link> = (0..)
            .step_by(piece)
            .zip(bytes.chunks(piece))
            .map(|(start, bytes)| Link::of(bytes, start))
            .collect();
        assert_eq!(links, each);
        assert_eq!(links.len() as u64, count(bytes.len() as u64));
    }

    #[test]
    fn the_digest_is_that_of_the_whole() {
        let piece = usize::try_from(PIECE).unwrap();
        let lengths = [0, 1, 1023, 1024, 1025, piece - 1, piece, piece + 1];
        for len in lengths {
            agrees(&bytes(len), 1000);
        }
        for pieces in [2, 3, 4, 5, 7, 8, 9] {
            for len in [pieces * piece - 1, pieces * piece, pieces * piece + 1] {
                agrees(&bytes(len), 1 << 20);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn so_it_is_for_any_length_in_any_parts(len in 0_usize..3_000_000, parts in 1_usize..400_000) {
            agrees(&bytes(len), parts.max(len / 1000 + 1));
        }
    }
}
