//! Pictures that a viewer opens: grey noise in PNG, JPEG and DICOM.

use super::zip::{adler32, crc32, length};
use crate::Noise;

/// An 8-bit grey PNG, its zlib stream stored.
pub(super) fn png(noise: &mut Noise, size: usize) -> Vec<u8> {
    let (width, rows) = (256_usize, (size / 257).max(1));
    let mut pixels = Vec::with_capacity(rows * (width + 1));
    for _row in 0..rows {
        pixels.push(0);
        pixels.extend(noise.bytes(width));
    }
    let mut stream = vec![0x78, 0x01];
    let mut chunks = pixels.chunks(65_535).peekable();
    while let Some(chunk) = chunks.next() {
        let [low, high, ..] = length(chunk.len()).to_le_bytes();
        stream.extend_from_slice(&[u8::from(chunks.peek().is_none()), low, high, !low, !high]);
        stream.extend_from_slice(chunk);
    }
    stream.extend_from_slice(&adler32(&pixels).to_be_bytes());
    let mut header = Vec::new();
    header.extend_from_slice(&length(width).to_be_bytes());
    header.extend_from_slice(&length(rows).to_be_bytes());
    header.extend_from_slice(&[8, 0, 0, 0, 0]);
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", header), (b"IDAT", stream), (b"IEND", Vec::new())] {
        let named = [&kind[..], &content].concat();
        image.extend_from_slice(&length(content.len()).to_be_bytes());
        image.extend_from_slice(&named);
        image.extend_from_slice(&crc32(&named).to_be_bytes());
    }
    image
}

/// A baseline grey JPEG: each block has a random brightness and nothing else. Its two Huffman tables know just
/// that: a DC step of none or of 4 bits, and the end of a block.
pub(super) fn jpeg(noise: &mut Noise, size: usize) -> Vec<u8> {
    let blocks_wide = 64_usize;
    // Half of the blocks take 7 bits, the others 2.
    let blocks_high = (size * 8 / (blocks_wide * 5)).clamp(1, 8000);
    let mut image = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
    image.extend_from_slice(b"\xff\xdb\0\x43\0");
    image.extend_from_slice(&[16; 64]);
    let [.., height_high, height_low] = length(blocks_high * 8).to_be_bytes();
    let [.., width_high, width_low] = length(blocks_wide * 8).to_be_bytes();
    image.extend_from_slice(b"\xff\xc0\0\x0b\x08");
    image.extend_from_slice(&[
        height_high,
        height_low,
        width_high,
        width_low,
        1,
        1,
        0x11,
        0,
    ]);
    // DC: code 0 is "no step", code 10 is "4 bits follow". AC: code 0 is "end of block".
    image.extend_from_slice(b"\xff\xc4\0\x15\x00\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00\x04");
    image.extend_from_slice(b"\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x00");
    image.extend_from_slice(b"\xff\xda\0\x08\x01\x01\0\0\x3f\0");
    let mut bits = Bits {
        bytes: image,
        pending: 0,
        count: 0,
    };
    for _block in 0..blocks_wide * blocks_high {
        match noise.below(2) {
            0 => bits.push(0b0, 1),
            _ => bits.push(0b10_0000 | noise.below(16), 6),
        }
        bits.push(0b0, 1);
    }
    bits.push(0x7f, 7);
    let mut image = bits.bytes;
    image.extend_from_slice(b"\xff\xd9");
    image
}

/// A grey picture, explicit VR little endian, with invented patient data.
pub(super) fn dicom(noise: &mut Noise, size: usize) -> Vec<u8> {
    let rows = (size / 256).clamp(1, 65_535);
    let syntax = element(0x0002, 0x0010, *b"UI", b"1.2.840.10008.1.2.1");
    let class = element(0x0002, 0x0002, *b"UI", b"1.2.840.10008.5.1.4.1.1.7");
    let instance = format!("2.25.{}", noise.word());
    let named = element(0x0002, 0x0003, *b"UI", instance.as_bytes());
    let meta = [class, named, syntax].concat();
    let mut file = vec![0; 128];
    file.extend_from_slice(b"DICM");
    file.extend(element(
        0x0002,
        0x0000,
        *b"UL",
        &length(meta.len()).to_le_bytes(),
    ));
    file.extend(meta);
    let number = |value: usize| length(value).to_le_bytes()[..2].to_vec();
    for (group, id, vr, value) in [
        (0x0008, 0x0060, *b"CS", b"OT".to_vec()),
        (0x0010, 0x0010, *b"PN", b"ESSAI^PATIENT".to_vec()),
        (
            0x0010,
            0x0020,
            *b"LO",
            format!("T{:06}", noise.below(1_000_000)).into_bytes(),
        ),
        (0x0028, 0x0002, *b"US", number(1)),
        (0x0028, 0x0004, *b"CS", b"MONOCHROME2".to_vec()),
        (0x0028, 0x0010, *b"US", number(rows)),
        (0x0028, 0x0011, *b"US", number(256)),
        (0x0028, 0x0100, *b"US", number(8)),
        (0x0028, 0x0101, *b"US", number(8)),
        (0x0028, 0x0102, *b"US", number(7)),
        (0x0028, 0x0103, *b"US", number(0)),
    ] {
        file.extend(element(group, id, vr, &value));
    }
    let pixels = noise.bytes(rows * 256);
    file.extend_from_slice(&[0xe0, 0x7f, 0x10, 0, b'O', b'B', 0, 0]);
    file.extend_from_slice(&length(pixels.len()).to_le_bytes());
    file.extend(pixels);
    file
}

fn element(group: u16, id: u16, vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == *b"UI" { 0 } else { b' ' });
    }
    let [low, high, ..] = length(value.len()).to_le_bytes();
    [
        &group.to_le_bytes()[..],
        &id.to_le_bytes(),
        &vr,
        &[low, high],
        &value,
    ]
    .concat()
}

/// Bits, highest first, with JPEG's zero after each 0xff.
struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u64, count: u32) {
        self.pending = self.pending << count | bits;
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            let byte = u8::try_from(self.pending >> self.count & 0xff).unwrap_or(0);
            self.bytes.push(byte);
            if byte == 0xff {
                self.bytes.push(0);
            }
        }
        self.pending &= 0xff;
    }
}
