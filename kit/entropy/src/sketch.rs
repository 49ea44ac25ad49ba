//! What is kept of a content: enough to say how random it is and to compare it with another one.
//! All blocks of a file up to 4 MiB, and at most a thousand evenly spread ones of a larger one.

use crate::{
    block::{BLOCK, Histogram},
    shingles::{Gatherer, Shingles},
};

/// Most blocks that are kept of one content.
const MOST: u64 = 1024;

/// How random a content looks, block by block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Entropy of the first block, in thousandths of a bit a byte.
    pub head: u16,
    /// Of the middle one.
    pub middle: u16,
    /// Of the last one.
    pub tail: u16,
    /// Mean of the kept blocks.
    pub mean: u16,
    /// The highest of them.
    pub max: u16,
    /// Mean entropy as a share (thousandths) of what random blocks of their length have.
    pub fill: u16,
    /// Chi-square against equal shares over all kept blocks: 255 ± 23 if encrypted.
    pub chi_square: u32,
}

/// What is kept of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// Length in bytes.
    pub len: u64,
    /// How random it looks.
    pub spread: Spread,
    /// Equal for contents that are equal in all kept blocks.
    pub gist: u64,
    pub(crate) stride: u64,
    pub(crate) blocks: Vec<Block>,
    pub(crate) shape: [u16; 16],
    pub(crate) shingles: Shingles,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) hash: u32,
    pub(crate) fill: u16,
    millibits: u16,
}

impl Sketch {
    /// The sketch of bytes that are at hand.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut sketcher = Sketcher::new(bytes.len() as u64);
        sketcher.feed(bytes);
        sketcher.finish()
    }
}

/// Makes a sketch of bytes that come in order, such as those of a copy under way.
#[derive(Clone, Debug)]
pub struct Sketcher {
    stride: u64,
    number: u64,
    len: u64,
    pending: Vec<u8>,
    blocks: Vec<Block>,
    whole: Histogram,
    gist: u64,
    shingles: Gatherer,
}

impl Sketcher {
    /// For a content of about this length; a wrong one costs precision, never correctness.
    #[must_use]
    pub fn new(expected_len: u64) -> Self {
        let blocks = expected_len.div_ceil(BLOCK as u64);
        Self {
            stride: blocks.div_ceil(MOST).next_power_of_two(),
            number: 0,
            len: 0,
            pending: Vec::with_capacity(BLOCK),
            blocks: Vec::new(),
            whole: Histogram::new(),
            gist: 0xcbf2_9ce4_8422_2325,
            shingles: Gatherer::default(),
        }
    }

    /// The next bytes.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.shingles.feed(bytes);
        if !self.pending.is_empty() {
            let lacking = (BLOCK - self.pending.len()).min(bytes.len());
            self.pending.extend_from_slice(&bytes[..lacking]);
            bytes = &bytes[lacking..];
            if self.pending.len() < BLOCK {
                return;
            }
            let full = std::mem::take(&mut self.pending);
            self.block(&full);
            self.pending = full;
            self.pending.clear();
        }
        let mut full = bytes.chunks_exact(BLOCK);
        for block in &mut full {
            self.block(block);
        }
        self.pending.extend_from_slice(full.remainder());
    }

    fn block(&mut self, bytes: &[u8]) {
        let number = self.number;
        self.number += 1;
        if !number.is_multiple_of(self.stride) {
            return;
        }
        let histogram = Histogram::of(bytes);
        let hash = hash(bytes);
        self.gist = (self.gist ^ hash).wrapping_mul(0x0100_0000_01b3);
        self.blocks.push(Block {
            hash: u32::try_from(hash >> 32).expect("the upper half has 32 bits"),
            fill: histogram.fill(),
            millibits: histogram.millibits(),
        });
        self.whole.merge(&histogram);
    }

    /// The sketch of all that came.
    #[must_use]
    pub fn finish(mut self) -> Sketch {
        if !self.pending.is_empty() {
            let rest = std::mem::take(&mut self.pending);
            self.block(&rest);
        }
        let at = |index: usize| self.blocks.get(index).map_or(0, |block| block.millibits);
        let mean = |part: fn(&Block) -> u16| {
            let sum: u64 = self.blocks.iter().map(|block| u64::from(part(block))).sum();
            u16::try_from(sum / (self.blocks.len() as u64).max(1))
                .expect("a mean is no more than its parts")
        };
        let spread = Spread {
            head: at(0),
            middle: at(self.blocks.len() / 2),
            tail: at(self.blocks.len().saturating_sub(1)),
            mean: mean(|block| block.millibits),
            max: self
                .blocks
                .iter()
                .map(|block| block.millibits)
                .max()
                .unwrap_or(0),
            fill: mean(|block| block.fill),
            chi_square: self.whole.chi_square(),
        };
        Sketch {
            len: self.len,
            spread,
            gist: self.gist ^ self.len,
            stride: self.stride,
            shape: self.whole.shape(),
            shingles: self.shingles.finish(),
            blocks: self.blocks,
        }
    }
}

/// Eight bytes at a time; only equality matters, and who forges it gains nothing: unchanged is no merit.
fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, word: u64| {
        (hash ^ word)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    };
    let words = bytes.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    words
        .fold(bytes.len() as u64, step)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes without a pattern (splitmix64).
    pub(crate) fn noise(len: usize, seed: u64) -> Vec<u8> {
        let mut state = seed;
        (0..len.div_ceil(8))
            .flat_map(|_| {
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut z = state;
                z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
                (z ^ z >> 31).to_le_bytes()
            })
            .take(len)
            .collect()
    }

    #[test]
    fn random_bytes_look_random_at_any_length() {
        for len in [64, 100, 300, 1000, 4096, 5000, 100_000] {
            let spread = Sketch::of(&noise(len, 1)).spread;
            assert!((980..=1020).contains(&spread.fill), "{len}: {spread:?}");
            assert!(spread.chi_square < 360, "{len}: {spread:?}");
        }
    }

    #[test]
    fn letters_do_not() {
        let spread = Sketch::of(
            "Cher confrère, merci de m'avoir adressé ce patient. "
                .repeat(200)
                .as_bytes(),
        )
        .spread;
        assert!(spread.fill < 600 && spread.chi_square > 5000, "{spread:?}");
    }

    proptest::proptest! {
        #[test]
        fn the_cuts_of_the_stream_do_not_matter(len in 0_usize..20_000, cut in 1_usize..9_000) {
            let bytes = noise(len, 3);
            let mut sketcher = Sketcher::new(len as u64);
            bytes.chunks(cut).for_each(|part| sketcher.feed(part));
            assert_eq!(sketcher.finish(), Sketch::of(&bytes));
        }
    }
}
