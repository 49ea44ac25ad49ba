//! The entropy of one block, and how it compares with chance.
//! Short blocks cannot reach 8 bits a byte, so what counts is the share of what random bytes of that length reach.

/// Blocks are as long as a page: files are changed, mapped and stored in pages.
pub const BLOCK: usize = 4096;

/// How often each byte value stands in a stretch.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    counts: [u32; 256],
    len: u32,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: [0; 256],
            len: 0,
        }
    }

    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut one = Self::new();
        one.add(bytes);
        one
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.counts[usize::from(byte)] += 1;
        }
        self.len += u32::try_from(bytes.len()).expect("a stretch is at most a few blocks");
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine += theirs;
        }
        self.len += other.len;
    }

    /// Shannon entropy in thousandths of a bit a byte.
    pub(crate) fn millibits(&self) -> u16 {
        if self.len == 0 {
            return 0;
        }
        let len = f64::from(self.len);
        let weighted: f64 = self
            .counts
            .iter()
            .filter(|&&count| count > 0)
            .map(|&count| f64::from(count) * f64::from(count).log2())
            .sum();
        thousandths(len.log2() - weighted / len)
    }

    /// Entropy as a share (thousandths) of what random bytes of this length have.
    pub(crate) fn fill(&self) -> u16 {
        let chance = chance(self.len);
        if chance <= 0.0 {
            return 0;
        }
        thousandths(f64::from(self.millibits()) / 1000.0 / chance)
    }

    /// Pearson's chi-square against equal shares: about 255 ± 23 for encrypted bytes, whatever the length;
    /// most compressed data lies above (Davies et al., Entropy 2022, 24(10), 1503: the best of 53 tests).
    pub(crate) fn chi_square(&self) -> u32 {
        if self.len == 0 {
            return 0;
        }
        let expected = f64::from(self.len) / 256.0;
        let sum: f64 = self
            .counts
            .iter()
            .map(|&count| (f64::from(count) - expected).powi(2) / expected)
            .sum();
        whole(sum)
    }

    /// Sixteen shares (thousandths) of the high half of the bytes: the coarse shape of a content.
    pub(crate) fn shape(&self) -> [u16; 16] {
        std::array::from_fn(|slot| {
            let sum: u32 = self.counts[slot * 16..slot * 16 + 16].iter().sum();
            let share = u64::from(sum) * 1000 / u64::from(self.len.max(1));
            u16::try_from(share).expect("a share is at most 1000")
        })
    }
}

/// The entropy, in bits, that `len` random bytes show on average: each value comes `k` times with the
/// probability of Poisson's law of mean len / 256.
fn chance(len: u32) -> f64 {
    if len == 4096 {
        return FULL_BLOCK;
    }
    let len = f64::from(len);
    let mean = len / 256.0;
    let mut probability = (-mean).exp();
    let mut weighted = 0.0;
    let most = whole(mean + 12.0 * mean.sqrt() + 12.0);
    for count in 1..=most {
        let count = f64::from(count);
        probability *= mean / count;
        weighted += probability * count * count.log2();
    }
    if len > 0.0 {
        len.log2() - 256.0 * weighted / len
    } else {
        0.0
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u16"
)]
fn thousandths(value: f64) -> u16 {
    (value * 1000.0).round().clamp(0.0, f64::from(u16::MAX)) as u16
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u32"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// What `chance` gives for a whole block; a test says so.
const FULL_BLOCK: f64 = 7.954_6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_block_of_chance_has_the_entropy_that_is_written_down() {
        assert!(
            (chance(4095) - FULL_BLOCK).abs() < 0.001,
            "{}",
            chance(4095)
        );
    }

    #[test]
    fn one_value_has_none_and_all_values_have_eight_bits() {
        assert_eq!(Histogram::of(&[7; 4096]).millibits(), 0);
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(Histogram::of(&all).millibits(), 8000);
        assert_eq!(Histogram::of(&all).chi_square(), 0);
    }
}
