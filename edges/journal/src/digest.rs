//! The digest of a line: what chains one record to the one before it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// BLAKE3 of a line's bytes, without the newline that ends it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LineDigest([u8; 32]);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a digest: 64 hexadecimal digits are needed")]
pub struct NotADigest;

impl LineDigest {
    /// What the very first record of a journal carries: there is no line before it.
    pub const NONE: Self = Self([0; 32]);

    /// The digest of `line`, given without its newline.
    #[must_use]
    pub fn of(line: &[u8]) -> Self {
        Self(*blake3::hash(line).as_bytes())
    }
}

impl fmt::Display for LineDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for LineDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LineDigest({self})")
    }
}

impl FromStr for LineDigest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        if text.bytes().any(|digit| digit.is_ascii_uppercase()) {
            return Err(NotADigest);
        }
        blake3::Hash::from_hex(text).map_or(Err(NotADigest), |hash| Ok(Self(*hash.as_bytes())))
    }
}

impl TryFrom<String> for LineDigest {
    type Error = NotADigest;

    fn try_from(text: String) -> Result<Self, NotADigest> {
        text.parse()
    }
}

impl From<LineDigest> for String {
    fn from(digest: LineDigest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_back_from_its_text() {
        let digest = LineDigest::of(b"{}");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(LineDigest::NONE.to_string(), "0".repeat(64));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "00", &"A".repeat(64), &"0".repeat(65), &"é".repeat(32)] {
            assert_eq!(text.parse::<LineDigest>(), Err(NotADigest), "{text}");
        }
    }
}
