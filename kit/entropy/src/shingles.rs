//! The smallest hashes of all short runs of bytes: two contents that share text share these,
//! wherever it moved to (Broder's min-wise sampling, which sdhash and TLSH refine).

/// How many hashes are kept.
const KEPT: usize = 64;

/// How many bytes of a content are read for this.
const READ: usize = 256 * 1024;

/// The bottom hashes of a content's 8-byte runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shingles {
    /// Sorted, distinct.
    smallest: Vec<u32>,
}

impl Shingles {
    /// Shares (thousandths) of runs that both have, out of those that either has.
    pub(crate) fn resemblance(&self, other: &Self) -> u16 {
        let mut union: Vec<u32> = self
            .smallest
            .iter()
            .chain(&other.smallest)
            .copied()
            .collect();
        union.sort_unstable();
        union.dedup();
        union.truncate(KEPT);
        if union.is_empty() {
            return 1000;
        }
        let both = union
            .iter()
            .filter(|hash| {
                self.smallest.binary_search(hash).is_ok()
                    && other.smallest.binary_search(hash).is_ok()
            })
            .count();
        u16::try_from(both * 1000 / union.len()).expect("a share is at most 1000")
    }
}

/// Reads bytes in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gatherer {
    window: u64,
    read: usize,
    smallest: Vec<u32>,
    /// Hashes up to here are worth keeping; shrinks as the list fills.
    bound: Option<u32>,
}

impl Gatherer {
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes.iter().take(READ.saturating_sub(self.read)) {
            self.window = self.window << 8 | u64::from(byte);
            self.read += 1;
            if self.read >= 8 {
                self.offer();
            }
        }
    }

    fn offer(&mut self) {
        // Multiplicative hashing; the upper half is the well mixed one.
        let mixed = (self.window ^ self.window >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = u32::try_from(mixed >> 32).expect("the upper half has 32 bits");
        if self.bound.is_some_and(|bound| hash >= bound) {
            return;
        }
        self.smallest.push(hash);
        if self.smallest.len() >= 4 * KEPT {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.smallest.sort_unstable();
        self.smallest.dedup();
        if self.smallest.len() >= KEPT {
            self.smallest.truncate(KEPT);
            self.bound = self.smallest.last().copied();
        }
    }

    pub(crate) fn finish(mut self) -> Shingles {
        self.trim();
        Shingles {
            smallest: self.smallest,
        }
    }
}
