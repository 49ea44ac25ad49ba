//! Noise from a seed: looks like ciphertext, repeats exactly, hides nothing.

/// A stream of bytes that its seed alone decides (splitmix64).
#[derive(Debug, Clone)]
pub struct Noise {
    state: u64,
}

impl Noise {
    /// The stream of a seed and a number (of a file, of a round), so that no two files get the same bytes.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut first = Self {
            state: seed ^ number.wrapping_mul(STEP).rotate_left(17),
        };
        first.next();
        first
    }

    /// The next 64 bits.
    #[expect(
        clippy::should_implement_trait,
        reason = "endless: it has no None to give"
    )]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// `length` bytes of it.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.scramble(&mut bytes);
        bytes
    }

    /// XORs it over `bytes`, as a cipher would: each byte changes.
    pub fn scramble(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            for (byte, noise) in chunk.iter_mut().zip(self.next().to_le_bytes()) {
                *byte ^= noise.max(1);
            }
        }
    }
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_a_number_differs() {
        assert_eq!(Noise::new(7, 1).bytes(100), Noise::new(7, 1).bytes(100));
        assert_ne!(Noise::new(7, 1).bytes(100), Noise::new(7, 2).bytes(100));
        assert_ne!(Noise::new(7, 1).bytes(100), Noise::new(8, 1).bytes(100));
    }

    #[test]
    fn scrambling_leaves_no_byte() {
        let mut bytes = vec![0x41; 10_000];
        Noise::new(1, 1).scramble(&mut bytes);
        assert!(bytes.iter().all(|&byte| byte != 0x41));
    }
}
