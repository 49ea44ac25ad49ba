//! From bytes to a kind: the head says what it is, the tail whether it is whole.
//! Magic numbers: the formats' specifications, and the list of file(1).

use crate::content::{Form, Kind};

/// How many bytes of each end are worth giving to [`look`].
pub const EDGE: usize = 4096;

/// What a content is, from its first and its last bytes (up to [`EDGE`] each; they may overlap).
#[must_use]
pub fn look(head: &[u8], tail: &[u8]) -> (Kind, Form) {
    if head.is_empty() {
        return (Kind::Empty, Form::Whole);
    }
    let kind = by_magic(head, tail).unwrap_or_else(|| {
        if is_text(head) && is_text_end(tail) {
            Kind::Text
        } else {
            Kind::Unknown
        }
    });
    let form = if kind == Kind::Unknown {
        Form::None
    } else if is_whole(kind, head, tail) {
        Form::Whole
    } else {
        Form::Torn
    };
    (kind, form)
}

fn by_magic(head: &[u8], tail: &[u8]) -> Option<Kind> {
    if let Some(kind) = zip(head, tail) {
        return Some(kind);
    }
    if head.starts_with(b"7z\xbc\xaf\x27\x1c") {
        // The id of the AES coder stands in the header at the end, in clear even when names are hidden.
        let sealed = tail.windows(4).any(|four| four == b"\x06\xf1\x07\x01");
        return Some(if sealed { Kind::Sealed } else { Kind::Archive });
    }
    if head.get(132 - 4..132) == Some(b"DICM") {
        return Some(Kind::Dicom);
    }
    if head.get(4..8) == Some(b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        let still = [b"heic", b"heix", b"mif1", b"avif"]
            .iter()
            .any(|one| brand == *one);
        return Some(if still { Kind::Image } else { Kind::Media });
    }
    if head.starts_with(b"RIFF") {
        return match head.get(8..12) {
            Some(b"WEBP") => Some(Kind::Image),
            Some(b"WAVE" | b"AVI ") => Some(Kind::Media),
            _ => None,
        };
    }
    if matches!(head.get(257..262), Some(b"ustar")) {
        return Some(Kind::Archive);
    }
    if is_pgp(head) {
        return Some(Kind::Sealed);
    }
    MAGIC
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, kind)| *kind)
        .filter(|kind| is_plausible(*kind, head))
}

/// A ZIP is a document, an encrypted archive or a plain one, by its first entry.
fn zip(head: &[u8], tail: &[u8]) -> Option<Kind> {
    if head.starts_with(b"PK\x05\x06") {
        return Some(Kind::Archive);
    }
    let entry = head.strip_prefix(b"PK\x03\x04")?;
    let version = entry.first().copied()?;
    let method = u16::from_le_bytes([*entry.get(4)?, *entry.get(5)?]);
    let name_len = usize::from(u16::from_le_bytes([*entry.get(22)?, *entry.get(23)?]));
    let name = entry.get(26..26 + name_len.min(entry.len().saturating_sub(26)))?;
    // Random bytes behind a faked magic rarely pass: versions to 6.3, methods to 99, a short name without controls.
    if version > 63
        || method > 99
        || name_len == 0
        || name_len > 1024
        || name.iter().any(|&c| c < 32)
    {
        return None;
    }
    if entry.get(2)? & 1 == 1 || lists_sealed(tail) {
        return Some(Kind::Sealed);
    }
    let document = [
        &b"mimetype"[..],
        b"[Content_Types].xml",
        b"_rels/",
        b"word/",
        b"xl/",
        b"ppt/",
        b"docProps/",
    ]
    .iter()
    .any(|start| name.starts_with(start));
    Some(if document {
        Kind::Office
    } else {
        Kind::Archive
    })
}

/// The directory at the end of a ZIP has an entry that is encrypted; the first one may be a mere folder.
fn lists_sealed(tail: &[u8]) -> bool {
    tail.windows(9)
        .any(|entry| entry.starts_with(b"PK\x01\x02") && entry[8] & 1 == 1)
}

/// OpenPGP (RFC 9580): an encrypted session key comes first, public (1) or by passphrase (3); its version follows.
fn is_pgp(head: &[u8]) -> bool {
    let Some(&tag) = head.first() else {
        return false;
    };
    let (kind, body) = match tag {
        0x84 | 0x8c => (tag >> 2 & 0xf, 2),
        0x85 => (1, 3),
        0xc1 | 0xc3 => (tag & 0x3f, 2),
        _ => return false,
    };
    let version = head.get(body).copied();
    let algorithm = head.get(body + 1).copied().unwrap_or(0);
    match kind {
        // 4: a known cipher, then a known string-to-key.
        3 => {
            matches!(version, Some(4..=6))
                && (1..=13).contains(&algorithm)
                && head.get(body + 2).is_some_and(|&s2k| s2k <= 4)
        }
        // 3: an 8-byte key id stands before the algorithm.
        _ => {
            matches!(version, Some(3 | 6))
                && head.get(body + 9).is_some_and(|one| (1..=28).contains(one))
        }
    }
}

/// Short magics need more than two bytes to be believed.
fn is_plausible(kind: Kind, head: &[u8]) -> bool {
    match head.first_chunk() {
        Some([0x1f, 0x8b, method, flags]) => *method == 8 && flags & 0xe0 == 0,
        Some([0x78, check, ..]) if kind == Kind::Compressed => {
            (0x7800 + u16::from(*check)) % 31 == 0 && check & 0x20 == 0
        }
        Some([0xff, 0xfb | 0xfa | 0xf3 | 0xf2, rate, _]) if kind == Kind::Media => {
            rate >> 4 != 0xf && rate >> 4 != 0 && rate & 0x0c != 0x0c
        }
        Some([b'B', b'M', ..]) => head.get(6..10) == Some(&[0; 4]),
        Some([b'M', b'Z', ..]) => head.len() >= 64,
        _ => true,
    }
}

/// Whether the tail is what the format asks for.
fn is_whole(kind: Kind, head: &[u8], tail: &[u8]) -> bool {
    let has = |mark: &[u8]| tail.windows(mark.len()).any(|part| part == mark);
    match kind {
        Kind::Pdf => has(b"%%EOF") && has(b"startxref"),
        Kind::Office => has(b"PK\x05\x06"),
        Kind::Archive if head.starts_with(b"PK") => has(b"PK\x05\x06"),
        Kind::Png => has(b"IEND"),
        Kind::Jpeg => has(b"\xff\xd9"),
        Kind::Compound => head.get(28..30) == Some(b"\xfe\xff"),
        Kind::Empty
        | Kind::Text
        | Kind::Image
        | Kind::Dicom
        | Kind::Media
        | Kind::Archive
        | Kind::Compressed
        | Kind::Database
        | Kind::Program
        | Kind::Sealed
        | Kind::Unknown => true,
    }
}

/// Text: almost no control characters, and UTF-8 where bytes are high (or few enough for Latin-1).
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return is_utf16(head);
    }
    let controls = head
        .iter()
        .filter(|&&byte| {
            byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b | 0x1c)
        })
        .count();
    if controls > head.len() / 256 {
        return false;
    }
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.valid_up_to() + 4 > head.len(),
    };
    let high = head.iter().filter(|&&byte| byte >= 127).count();
    valid || (high * 6 < head.len() && head.len() >= 16)
}

/// The tail of a text may begin within a character.
fn is_text_end(tail: &[u8]) -> bool {
    tail.starts_with(b"\xff\xfe")
        || tail.starts_with(b"\xfe\xff")
        || tail.iter().filter(|&&byte| byte == 0).count() * 4 >= tail.len()
        || {
            let start = tail
                .iter()
                .take(4)
                .take_while(|&&byte| byte & 0xc0 == 0x80)
                .count();
            is_text(&tail[start..])
        }
}

/// Mostly characters of the first pages: every other byte is small.
fn is_utf16(head: &[u8]) -> bool {
    let small = |from: usize| {
        head.iter()
            .skip(2 + from)
            .step_by(2)
            .filter(|&&byte| byte < 8)
            .count()
    };
    small(0).max(small(1)) * 8 >= head.len().saturating_sub(2) * 3
}

const MAGIC: &[(&[u8], Kind)] = &[
    (b"%PDF-", Kind::Pdf),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Compound),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", Kind::Png),
    (b"GIF87a", Kind::Image),
    (b"GIF89a", Kind::Image),
    (b"II*\0", Kind::Image),
    (b"MM\0*", Kind::Image),
    (b"BM", Kind::Image),
    (b"\0\0\x01\0", Kind::Image),
    (b"8BPS\0\x01", Kind::Image),
    (b"OggS\0", Kind::Media),
    (b"fLaC\0", Kind::Media),
    (b"ID3", Kind::Media),
    (b"\xff\xfb", Kind::Media),
    (b"\xff\xf3", Kind::Media),
    (b"\x1a\x45\xdf\xa3", Kind::Media),
    (b"FLV\x01", Kind::Media),
    (b"\0\0\x01\xba", Kind::Media),
    (b"Rar!\x1a\x07", Kind::Archive),
    (b"070701", Kind::Archive),
    (b"xar!", Kind::Archive),
    (b"\x1f\x8b", Kind::Compressed),
    (b"BZh", Kind::Compressed),
    (b"\xfd7zXZ\0", Kind::Compressed),
    (b"\x28\xb5\x2f\xfd", Kind::Compressed),
    (b"\x04\x22\x4d\x18", Kind::Compressed),
    (b"\x78\x01", Kind::Compressed),
    (b"\x78\x9c", Kind::Compressed),
    (b"\x78\xda", Kind::Compressed),
    (b"PACK\0\0\0\x02", Kind::Compressed),
    (b"\xfftOc\0\0\0\x02", Kind::Database),
    (b"DIRC\0\0\0", Kind::Database),
    (b"SQLite format 3\0", Kind::Database),
    (b"\x37\x7f\x06\x82", Kind::Database),
    (b"\x37\x7f\x06\x83", Kind::Database),
    (b"\0\x01\0\0Standard ", Kind::Database),
    (b"\x7fELF", Kind::Program),
    (b"MZ", Kind::Program),
    (b"\xcf\xfa\xed\xfe", Kind::Program),
    (b"\xca\xfe\xba\xbe", Kind::Program),
    (b"\0asm\x01", Kind::Program),
    (b"!<arch>\n", Kind::Program),
    (b"rust\0\0\0", Kind::Program),
    (b"wOF2", Kind::Program),
    (b"OTTO", Kind::Program),
    (b"\0\x01\0\0\0", Kind::Program),
    (b"Salted__", Kind::Sealed),
    (b"age-encryption.org/v1\n", Kind::Sealed),
    (b"-----BEGIN PGP MESSAGE-----", Kind::Sealed),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", Kind::Sealed),
    (b"LUKS\xba\xbe", Kind::Sealed),
    (b"\x03\xd9\xa2\x9a", Kind::Sealed),
    (b"VimCrypt~", Kind::Sealed),
    (b"ANSIBLE_VAULT", Kind::Sealed),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(head: &[u8]) -> Kind {
        look(head, head).0
    }

    #[test]
    fn known_heads_are_told() {
        let mut dicom = vec![0; 128];
        dicom.extend(b"DICM\x02\0");
        for (head, wanted) in [
            (&b""[..], Kind::Empty),
            ("Compte rendu : patient revu.\r\n".as_bytes(), Kind::Text),
            ("Épaule gauche, œdème".as_bytes(), Kind::Text),
            (
                b"n\xe9 le 3 ao\xfbt, revu ce jour pour contr\xf4le",
                Kind::Text,
            ),
            (b"%PDF-1.7\n", Kind::Pdf),
            (
                b"PK\x03\x04\x14\0\0\0\x08\0aaaabbbbccccdddd\x08\0\0\0mimetype",
                Kind::Office,
            ),
            (
                b"PK\x03\x04\x14\0\x01\0\x08\0aaaabbbbccccdddd\x08\0\0\0mimetype",
                Kind::Sealed,
            ),
            (
                b"PK\x03\x04\x14\0\0\0\x08\0aaaabbbbccccdddd\x05\0\0\0a.txt",
                Kind::Archive,
            ),
            (&dicom, Kind::Dicom),
            (b"\x1f\x8b\x08\0abcdef", Kind::Compressed),
            (b"\x8c\x0d\x04\x09\x03\x02abcdefgh", Kind::Sealed),
            (b"Salted__01234567", Kind::Sealed),
        ] {
            assert_eq!(kind(head), wanted, "{head:?}");
        }
    }

    #[test]
    fn lookalikes_are_not_believed() {
        for head in [
            &b"PK\x03\x04\xff\xff\xff\xff\xff\xff0123456789abcdef\xff\xff"[..],
            b"\x1f\x8b\xff\xff\x93\x80\x02\x01",
            b"BM\x80\x90\x01\x02\x03\x04\x05\x06",
            b"\x8c\x0d\xff\xff\xff\xff\xff\xff",
            b"\x01\x02\x03\x04\x05\x06\x07\x08\x80\x90",
        ] {
            assert_eq!(kind(head), Kind::Unknown, "{head:?}");
        }
    }

    #[test]
    fn a_head_without_its_tail_is_torn() {
        assert_eq!(
            look(b"%PDF-1.7\n", b"startxref\n9\n%%EOF\n"),
            (Kind::Pdf, Form::Whole)
        );
        assert_eq!(look(b"%PDF-1.7\n", b"\x80\x91"), (Kind::Pdf, Form::Torn));
        assert_eq!(look(b"\xff\xd8\xff\xe0", b"a"), (Kind::Jpeg, Form::Torn));
        let text = "lettre ".repeat(9);
        assert_eq!(
            look(text.as_bytes(), &[0x80, 1, 2, 0x93, 0xff, 6, 7, 0xfe]),
            (Kind::Unknown, Form::None)
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_get_an_answer(head: Vec<u8>, tail: Vec<u8>) {
            let (kind, form) = look(&head, &tail);
            assert_eq!(kind == Kind::Unknown, form == Form::None);
        }
    }
}
