//! How much of a message is read. What is hostile is cut, never refused: it is judged by what was read.
//! Each bound is far above what people send and keeps work and memory small.

use std::borrow::Cow;

/// Bytes of a message; the rest can only be the content of something attached.
pub(crate) const RAW: usize = 16 << 20;
/// Text of one body.
pub(crate) const TEXT: usize = 128 << 10;
/// HTML of one body.
pub(crate) const HTML: usize = 2 << 20;
/// Bodies of one message.
pub(crate) const BODIES: usize = 8;
/// Links of one body.
pub(crate) const LINKS: usize = 400;
/// Length of one link: longer ones hold data.
pub(crate) const LINK: usize = 4096;
/// Things attached to one message.
pub(crate) const FILES: usize = 40;
/// Names in an archive.
pub(crate) const NAMES: usize = 200;
/// Addresses of one header.
pub(crate) const ADDRESSES: usize = 50;
/// Messages within messages.
pub(crate) const DEPTH: usize = 4;
/// Of one word: name, subject.
pub(crate) const WORD: usize = 1000;
/// What the parser below makes an entry of: lines of parts, separators of headers.
const PARTS: usize = 1000;
const SEPARATORS: usize = 180_000;
/// Lines that could be headers: each is a name and a value of the parser's.
const HEADS: usize = 150_000;
const LONGEST_NAME: usize = 80;
/// Mentions of attached messages that are believed; nested values are dropped one within the other.
const NESTED: usize = 16;

/// The message within its bounds, and whether it was within them.
pub(crate) fn within(raw: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let mut end = raw.len().min(RAW);
    let (mut parts, mut heads, mut separators) = (0, 0, 0);
    let mut start = 0;
    // By lines: nearly all of a long message is letters that are nothing of these.
    while start < end {
        let line = &raw[start..end];
        let line = memchr::memchr(b'\n', line).map_or(line, |last| &line[..=last]);
        parts += usize::from(line.starts_with(b"--"));
        heads += usize::from(is_head(line));
        if parts > PARTS || heads > HEADS {
            end = start;
            break;
        }
        let is_separator = |byte: &u8| matches!(byte, b',' | b';' | b':' | b'<');
        let of_line = line.iter().filter(|byte| is_separator(byte)).count();
        if separators + of_line > SEPARATORS {
            let mut left = SEPARATORS - separators;
            let last = line.iter().position(|byte| {
                let is_over = is_separator(byte) && left == 0;
                left -= usize::from(is_separator(byte) && left > 0);
                is_over
            });
            end = start + last.unwrap_or(line.len());
            break;
        }
        separators += of_line;
        start += line.len();
    }
    let whole = end == raw.len();
    let kept = &raw[..end];
    let (flat, deep) = flattened(kept);
    (flat, whole && !deep)
}

/// Whether a line could be a header of some part.
fn is_head(line: &[u8]) -> bool {
    let name = line.iter().take(LONGEST_NAME);
    let end = name
        .copied()
        .find(|byte| *byte == b':' || !byte.is_ascii_graphic());
    end == Some(b':')
}

/// With no more than [`NESTED`] parts that could be messages: a value within a value within a value is dropped by
/// recursion, and so deep a message is nobody's.
fn flattened(raw: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let is_one = |six: &[u8]| WORDS.iter().any(|word| six.eq_ignore_ascii_case(word));
    let found: Vec<usize> = raw
        .windows(WORDS[0].len())
        .enumerate()
        // One look at a letter, and three comparisons where it could be one.
        .filter(|(_, six)| matches!(six[0] | 0x20, b'r' | b'g' | b'd') && is_one(six))
        .map(|(at, _)| at)
        .collect();
    if found.len() <= NESTED {
        return (Cow::Borrowed(raw), false);
    }
    let mut flat = raw.to_vec();
    for at in &found[NESTED..] {
        flat[at + 3] = b'x';
    }
    (Cow::Owned(flat), true)
}

/// The types of which mail-parser makes a message.
const WORDS: [&[u8]; 3] = [b"rfc822", b"global", b"digest"];

/// The beginning of a text, cut between letters.
pub(crate) fn beginning(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_message_is_read_as_it_is() {
        let raw = b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\nhello -- there";
        assert_eq!(within(raw), (Cow::Borrowed(&raw[..]), true));
        assert_eq!(within(b""), (Cow::Borrowed(&b""[..]), true));
    }

    #[test]
    fn what_is_too_much_is_cut() {
        let huge = vec![b'a'; RAW + 1];
        let (kept, whole) = within(&huge);
        assert_eq!((kept.len(), whole), (RAW, false));
        let (parts, heads) = (b"\n--b\n\n".repeat(50_000), b"a:\n".repeat(1_000_000));
        let (kept, whole) = within(&parts);
        assert!(!whole && kept.len() < 10_000, "{}", kept.len());
        let (kept, whole) = within(&heads);
        assert_eq!((kept.len(), whole), (3 * HEADS, false));
    }

    #[test]
    fn it_is_cut_where_the_bound_is() {
        // Within a line, and at the next separator.
        let separators = [&b"x"[..], &b",".repeat(SEPARATORS), b"yz,w"].concat();
        assert_eq!(within(&separators).0.len(), 1 + SEPARATORS + 2);
        let parts = [&b"a\n"[..], &b"--\n".repeat(PARTS), b"-\n--x"].concat();
        let (kept, whole) = within(&parts);
        assert_eq!((kept.len(), whole), (parts.len() - 3, false));
        assert!(within(&parts[..parts.len() - 3]).1);
        let begins = b"--\n".repeat(PARTS + 1);
        assert_eq!(within(&begins).0.len(), 3 * PARTS);
    }

    #[test]
    fn messages_in_messages_end() {
        let deep = b"Content-Type: Message/RFC822\n\n".repeat(1000);
        let (flat, whole) = within(&deep);
        assert!(!whole);
        let left = flat
            .windows(6)
            .filter(|six| six.eq_ignore_ascii_case(b"rfc822"))
            .count();
        assert_eq!(left, NESTED);
    }

    #[test]
    fn letters_stay_whole() {
        assert_eq!(beginning("été", 1), "");
        assert_eq!(beginning("été", 3), "ét");
        assert_eq!(beginning("été", 99), "été");
    }
}
