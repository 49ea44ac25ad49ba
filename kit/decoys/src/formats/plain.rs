//! Formats that are text themselves.

use std::fmt::Write;

use super::escaped;
use crate::MARK;
use crate::prose::Letter;

/// A note, with the line ends of Windows.
pub(super) fn text(letter: &Letter) -> Vec<u8> {
    format!("{}\r\n", letter.text("\r\n\r\n")).into_bytes()
}

/// Rich text: what is not ASCII as `\u`, with `?` for old readers.
pub(super) fn rtf(letter: &Letter) -> Vec<u8> {
    let mut out = String::from(
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\froman Times New Roman;}}\n",
    );
    out.push_str("{\\info{\\doccomm ");
    out.push_str(MARK);
    out.push_str("}}\n\\f0\\fs24 ");
    for paragraph in &letter.paragraphs {
        for character in paragraph.chars() {
            match character {
                '\\' | '{' | '}' => out.extend(['\\', character]),
                ascii if ascii.is_ascii() => out.push(ascii),
                other => {
                    let _infallible = write!(out, "\\u{}?", u32::from(other));
                }
            }
        }
        out.push_str("\\par\n");
    }
    out.push('}');
    out.into_bytes()
}

/// A page as a laboratory's portal saves it.
pub(super) fn html(letter: &Letter) -> Vec<u8> {
    let paragraphs: String = letter
        .paragraphs
        .iter()
        .map(|one| format!("<p>{}</p>\n", escaped(one)))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><title>{}</title><meta name=\"description\" content=\"{MARK}\"></head>\n<body>\n{paragraphs}</body>\n</html>\n",
        escaped(&letter.title)
    )
    .into_bytes()
}
