//! A stored zip archive, and the two checksums that file formats ask for.

/// Packs members without compression; dates are fixed.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in members {
        let offset = length(archive.len());
        let mut common = Vec::new();
        for half in [20_u16, 0x0800, 0, 0, DATE] {
            common.extend_from_slice(&half.to_le_bytes());
        }
        for word in [crc32(content), length(content.len()), length(content.len())] {
            common.extend_from_slice(&word.to_le_bytes());
        }
        common.extend_from_slice(&[
            length(name.len()).to_le_bytes()[0],
            length(name.len()).to_le_bytes()[1],
            0,
            0,
        ]);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&common);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(content);
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, count) = (length(archive.len()), length(members.len()).to_le_bytes());
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&[count[0], count[1], count[0], count[1]]);
    archive.extend_from_slice(&length(directory.len()).to_le_bytes());
    archive.extend_from_slice(&start.to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    archive
}

/// CRC-32 as in zip and PNG.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _bit in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// Adler-32 as in zlib.
pub(super) fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

/// Lengths here are of small files.
pub(super) fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

const DATE: u16 = (45 << 9) | (1 << 5) | 15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_known_ones() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }
}
