//! Bytes as letters that people read off paper or a screen and type: Crockford's base 32, in groups of four.
//! Never keeps what it wrote: codes are secrets, and the caller says how long they live.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};
use zeroize::Zeroizing;

/// The letters of bytes, as `K7QX-0M2D-…`.
#[must_use]
pub fn write(bytes: &[u8]) -> String {
    let letters = Zeroizing::new(LETTERS.encode(bytes));
    let mut text = String::with_capacity(letters.len() * 5 / 4);
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// The bytes of what somebody typed: small letters, spaces, line ends and dashes do no harm, nor does O for 0 or l for 1.
/// [`None`] for anything else. The caller bounds how long it may be.
#[must_use]
pub fn read(typed: &str) -> Option<Vec<u8>> {
    LETTERS.decode(typed.trim().as_bytes()).ok()
}

/// No I, L, O, U, so nothing is read as something else.
static LETTERS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut letters = Specification::new();
    letters.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    let typed = &mut letters.translate;
    typed.from.push_str("abcdefghjkmnpqrstvwxyzoOiIlL");
    typed.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
    letters.ignore.push_str(" -\t\r\n");
    letters
        .encoding()
        .expect("32 different letters, translated to some of them; a test uses it")
});

const GROUP: usize = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_are_in_groups_and_forgive_what_eyes_mistake() {
        assert_eq!(write(&[]), "");
        assert_eq!(write(&[0, 0, 0, 0x11, 0]), "0000-0480");
        assert_eq!(read("oooo-048o"), Some(vec![0, 0, 0, 0x11, 0]));
        for other in ["U", "é", "0000-04_0", "0"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_however_it_is_typed(bytes: Vec<u8>) {
            let text = write(&bytes);
            for typed in [
                text.clone(),
                text.to_lowercase(),
                text.replace('-', ""),
                format!(" {}\r\n", text.replace('-', " ")),
                text.replace('0', "o").replace('1', "l"),
            ] {
                prop_assert_eq!(read(&typed), Some(bytes.clone()));
            }
        }
    }
}
