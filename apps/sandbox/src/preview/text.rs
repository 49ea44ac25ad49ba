//! Texts: their letters are guessed as a browser guesses them, and the first lines are told as plain text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::Shown;
use crate::Part;

/// `None`: it is no text.
pub(super) fn read(part: Part<'_>) -> Option<Shown> {
    let head = &part.bytes[..part.bytes.len().min(HEAD)];
    let cut = head.len() as u64 != part.of;
    if OTHERS.iter().any(|other| head.starts_with(other)) {
        return None;
    }
    let (letters, mark) = letters(head, cut)?;
    let (text, _) = letters.decode_without_bom_handling(&head[mark..]);
    let (text, lines_cut) = first_lines(&text);
    let (cut, text) = (cut || lines_cut, text);
    Some(Shown::Text {
        text,
        all: !cut,
        letters: letters.name().to_owned(),
    })
}

/// How its letters are written, and how long the mark is that says so.
fn letters(head: &[u8], cut: bool) -> Option<(&'static Encoding, usize)> {
    if let Some(marked) = Encoding::for_bom(head) {
        return Some(marked);
    }
    if !looks_like_text(head) {
        return None;
    }
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A letter that the cut went through.
        Err(error) => cut && error.error_len().is_none(),
    };
    if is_utf8 {
        return Some((UTF_8, 0));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    Some((detector.guess(Some(b"fr"), Utf8Detection::Deny), 0))
}

/// No zero byte, and few that no keyboard writes.
fn looks_like_text(head: &[u8]) -> bool {
    let odd = |byte: &&u8| matches!(**byte, 0..=8 | 11 | 14..=31 | 127);
    !head.contains(&0) && head.iter().filter(odd).count() * 100 <= head.len()
}

/// So many lines, none too long, without what a screen would obey; whether something is left out.
fn first_lines(text: &str) -> (String, bool) {
    let mut lines = text.split('\n');
    let mut shown = String::new();
    let mut cut = false;
    for line in lines.by_ref().take(LINES) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut letters = line
            .chars()
            .filter(|letter| *letter == '\t' || !letter.is_control());
        shown.extend(letters.by_ref().take(LINE));
        if letters.next().is_some() {
            cut = true;
            shown.push('…');
        }
        shown.push('\n');
    }
    let left = lines.any(|line| !line.trim().is_empty());
    let end = shown.trim_end().len();
    shown.truncate(end);
    (shown, cut || left)
}

/// So much is looked at.
const HEAD: usize = 64 * 1024;
const LINES: usize = 200;
/// Letters of one line.
const LINE: usize = 400;
/// They are made of letters, but nobody reads them as they are.
const OTHERS: [&[u8]; 3] = [b"{\\rtf", b"%PDF-", b"%!PS"];
