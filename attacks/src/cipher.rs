//! ChaCha20 with a key that the seed tells: looks like ransomware's work, and the same call takes it back.

use std::ops::Range;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};

/// Which bytes of a file are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Each.
    Whole,
    /// As many from the beginning.
    First(u64),
    /// All but the beginning: so many bytes, or a quarter of a small file, stay readable.
    AllButFirst(u64),
    /// So many bytes, then as many as `off` stay, and so on.
    Stripes {
        /// Encrypted.
        on: u64,
        /// Left.
        off: u64,
    },
    /// The file in so many parts; of each part the first bytes, as many in a hundred as `percent`.
    Percent {
        /// Parts.
        parts: u64,
        /// Of each part.
        percent: u64,
    },
}

impl Pattern {
    /// The ranges that it means in a file of this length, in order.
    pub fn ranges(self, length: u64) -> Vec<Range<u64>> {
        let stripes = |from: u64, step: u64, on: u64| {
            let step = usize::try_from(step.max(1)).unwrap_or(usize::MAX);
            let starts = (from..length).step_by(step);
            starts
                .map(|start| start..start.saturating_add(on).min(length))
                .collect()
        };
        match self {
            Self::Whole => stripes(0, length, length),
            Self::First(bytes) => stripes(0, length, bytes),
            Self::AllButFirst(bytes) => stripes(bytes.min(length / 4), length, length),
            Self::Stripes { on, off } => stripes(0, on + off, on),
            Self::Percent { parts, percent } => {
                let part = length.div_ceil(parts.max(1));
                stripes(0, part, (part * percent).div_ceil(100))
            }
        }
    }
}

/// Encrypts, or decrypts, the bytes that the pattern means. `path` is the file's name before the attack,
/// relative to the arena: no two files share a stream.
pub fn apply(seed: u64, path: &Path, pattern: Pattern, bytes: &mut [u8]) {
    let key = blake3::derive_key("Hygie 2026 harmless simulator", &seed.to_le_bytes());
    let name = blake3::hash(path.as_os_str().as_bytes());
    let nonce = name.as_bytes().first_chunk::<12>().unwrap_or(&[0; 12]);
    let mut stream = ChaCha20::new(&key.into(), nonce.into());
    for range in pattern.ranges(bytes.len() as u64) {
        let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        if let Some(part) = bytes.get_mut(place(range.start)..place(range.end)) {
            stream.seek(range.start);
            stream.apply_keystream(part);
        }
    }
}

/// The password for programs that want one: 32 hexadecimal digits of the seed's.
pub fn password(seed: u64) -> String {
    let key = blake3::derive_key(
        "Hygie 2026 harmless simulator, password",
        &seed.to_le_bytes(),
    );
    key.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_say() {
        let stripes = Pattern::Stripes { on: 2, off: 3 };
        let percent = Pattern::Percent {
            parts: 2,
            percent: 20,
        };
        for (pattern, length, ranges) in [
            (Pattern::Whole, 5, &[(0, 5)][..]),
            (Pattern::Whole, 0, &[][..]),
            (Pattern::First(4), 9, &[(0, 4)][..]),
            (Pattern::First(4), 3, &[(0, 3)][..]),
            (Pattern::AllButFirst(4), 100, &[(4, 100)][..]),
            (Pattern::AllButFirst(4), 8, &[(2, 8)][..]),
            (stripes, 11, &[(0, 2), (5, 7), (10, 11)][..]),
            (percent, 20, &[(0, 2), (10, 12)][..]),
            (percent, 1, &[(0, 1)][..]),
        ] {
            let found: Vec<_> = pattern
                .ranges(length)
                .into_iter()
                .map(|range| (range.start, range.end))
                .collect();
            assert_eq!(found, ranges, "{pattern:?} of {length}");
        }
    }

    #[test]
    fn twice_gives_it_back_and_only_with_the_same_seed_and_name() {
        let pattern = Pattern::Stripes { on: 10, off: 7 };
        let original: Vec<u8> = (0..=255).collect();
        let mut bytes = original.clone();
        apply(1, Path::new("a"), pattern, &mut bytes);
        assert_eq!(bytes.get(10..17), original.get(10..17));
        assert_ne!(bytes, original);
        for (seed, name) in [(2, "a"), (1, "b")] {
            let mut other = bytes.clone();
            apply(seed, Path::new(name), pattern, &mut other);
            assert_ne!(other, original);
        }
        apply(1, Path::new("a"), pattern, &mut bytes);
        assert_eq!(bytes, original);
    }
}
