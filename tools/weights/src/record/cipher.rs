//! Chance and encryption, both from ChaCha20: the first seeded, so that the trees are always the same.

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit, StreamCipher},
};

/// A source of chance that a number seeds.
pub(super) struct Chance(ChaCha20);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        let mut key = [7; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Self(ChaCha20::new(&key.into(), &[0; 12].into()))
    }

    pub(super) fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.0.apply_keystream(&mut bytes);
        bytes
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let bytes: [u8; 8] = self.bytes(8).try_into().expect("eight were asked for");
        let number = u64::from_le_bytes(bytes) % (end.max(1) as u64);
        usize::try_from(number).expect("it is below a usize")
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// Encrypts in place under a key of the file's own.
pub(super) fn encrypt(bytes: &mut [u8], file: u64) {
    let mut nonce = [1; 12];
    nonce[..8].copy_from_slice(&file.to_le_bytes());
    ChaCha20::new(&[42; 32].into(), &nonce.into()).apply_keystream(bytes);
}
