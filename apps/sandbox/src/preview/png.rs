//! A small PNG. Whoever receives one reads its first bytes and its length, and decodes nothing.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// A PNG of bounded size, as its header says; as text it is base 64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Png {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
}

/// It is no small PNG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a PNG of at most {SIDE} points a side")]
pub struct NotAPng;

impl Png {
    /// By its header.
    ///
    /// # Errors
    /// It is something else, or larger.
    pub fn new(bytes: Vec<u8>) -> Result<Self, NotAPng> {
        let rest = bytes.strip_prefix(HEAD).ok_or(NotAPng)?;
        let (sides, _) = rest.split_first_chunk::<8>().ok_or(NotAPng)?;
        let [a, b, c, d, e, f, g, h] = *sides;
        let (width, height) = (
            u32::from_be_bytes([a, b, c, d]),
            u32::from_be_bytes([e, f, g, h]),
        );
        let is_small = |side| (1..=SIDE).contains(&side);
        if bytes.len() > MOST_BYTES || !is_small(width) || !is_small(height) {
            return Err(NotAPng);
        }
        Ok(Self {
            bytes,
            width,
            height,
        })
    }

    /// The whole file, in base 64.
    #[must_use]
    pub fn to_base64(&self) -> String {
        BASE64.encode(&self.bytes)
    }

    /// The whole file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Points from left to right.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Points from top to bottom.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }
}

impl TryFrom<String> for Png {
    type Error = NotAPng;

    fn try_from(text: String) -> Result<Self, NotAPng> {
        if text.len() > MOST_BYTES.div_ceil(3) * 4 {
            return Err(NotAPng);
        }
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| NotAPng)?;
        Self::new(bytes)
    }
}

impl From<Png> for String {
    fn from(png: Png) -> Self {
        png.to_base64()
    }
}

/// Its bytes show a patient's file: they are in no log.
impl std::fmt::Debug for Png {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Png({}×{})", self.width, self.height)
    }
}

/// No side is longer.
pub(super) const SIDE: u32 = 1000;
/// No more bytes.
pub(super) const MOST_BYTES: usize = 2 * 1024 * 1024;
/// The signature, and the beginning of the first chunk.
const HEAD: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

#[cfg(test)]
mod tests {
    use super::*;

    fn header(width: u32, height: u32) -> Vec<u8> {
        [HEAD, &width.to_be_bytes(), &height.to_be_bytes()].concat()
    }

    #[test]
    fn a_small_one_passes_with_its_sides() {
        let png = Png::new(header(1000, 1)).unwrap();
        assert_eq!((png.width(), png.height()), (1000, 1));
        let text = serde_json::to_string(&png).unwrap();
        assert_eq!(serde_json::from_str::<Png>(&text).unwrap(), png);
        assert_eq!(format!("{png:?}"), "Png(1000×1)");
    }

    #[test]
    fn what_is_no_png_or_a_large_one_does_not() {
        let mut long = header(9, 9);
        long.resize(MOST_BYTES + 1, 0);
        for bad in [
            Vec::new(),
            b"<svg onload=alert(1)>".to_vec(),
            HEAD.to_vec(),
            header(1001, 1),
            header(1, 0),
            header(u32::MAX, 1),
            long,
        ] {
            let text = serde_json::to_string(&BASE64.encode(&bad)).unwrap();
            assert_eq!(Png::new(bad), Err(NotAPng));
            assert!(serde_json::from_str::<Png>(&text).is_err());
        }
        assert!(serde_json::from_str::<Png>("\"%%%\"").is_err());
    }
}
