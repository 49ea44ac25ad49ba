//! Outlook's packed RTF as a page: the page that is wrapped in it where there is one ([MS-OXRTFEX]), else its words and links.
//! Never more than the bounds of a page, and in one pass.

use encoding_rs::Encoding;

use super::bounds;

/// The page in a packed text.
pub(super) fn page(packed: &[u8]) -> Option<String> {
    Some(unwrapped(&unpacked(packed)?))
}

/// The crate believes the lengths that it is given, so they are looked at first: it would set aside what a stranger names.
fn unpacked(packed: &[u8]) -> Option<String> {
    let (head, rest) = packed.split_first_chunk::<16>()?;
    let size = |at: usize| {
        let four = head.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(four)).ok()
    };
    let (packed_size, raw_size) = (size(0)?.checked_sub(12)?, size(4)?);
    let is_stored = head.get(8..12)? == b"MELA";
    let fits = raw_size <= bounds::HTML
        && packed_size <= rest.len()
        && (!is_stored || raw_size <= packed_size);
    if !fits {
        return None;
    }
    compressed_rtf::decompress_rtf(&packed[..16 + packed_size]).ok()
}

/// What a group of the text is.
#[derive(Clone, Copy)]
struct Group {
    /// Nobody reads it: tables of fonts, pictures, what only some program knows.
    skipped: bool,
    /// A piece of the page that is wrapped.
    tag: bool,
    /// For programs that know no pages (`\htmlrtf`).
    doubled: bool,
    /// Where a field leads.
    field: bool,
    /// A field as a whole.
    whole: bool,
    /// Letters that stand for a sign that was given by its number.
    stand_ins: usize,
}

struct Unwrapper {
    /// A page is wrapped in it.
    wraps: bool,
    letters: &'static Encoding,
    page: String,
    /// Letters that are not decoded yet.
    bytes: Vec<u8>,
    groups: Vec<Group>,
    group: Group,
    /// Letters to skip after a sign by its number.
    skip: usize,
    field: String,
    linked: bool,
}

fn unwrapped(rtf: &str) -> String {
    let mut unwrapper = Unwrapper {
        wraps: bounds::beginning(rtf, HEAD).contains("\\fromhtml"),
        letters: encoding_rs::WINDOWS_1252,
        page: String::new(),
        bytes: Vec::new(),
        groups: Vec::new(),
        group: Group {
            skipped: false,
            tag: false,
            doubled: false,
            field: false,
            whole: false,
            stand_ins: 1,
        },
        skip: 0,
        field: String::new(),
        linked: false,
    };
    unwrapper.read(rtf);
    unwrapper.flush();
    unwrapper.page
}

impl Unwrapper {
    fn read(&mut self, rtf: &str) {
        let mut rest = rtf.chars().peekable();
        while let Some(letter) = rest.next() {
            if self.page.len() >= bounds::HTML {
                return;
            }
            match letter {
                '{' => {
                    self.flush();
                    if self.groups.len() < DEEPEST {
                        self.groups.push(self.group);
                    }
                }
                '}' => self.close(),
                '\r' | '\n' => {}
                '\\' => {
                    let word = control(&mut rest);
                    self.control(&word);
                }
                // The unpacked text has one letter a byte.
                _ => self.byte(u8::try_from(u32::from(letter)).unwrap_or(b'?')),
            }
        }
    }

    fn close(&mut self) {
        self.flush();
        let Some(before) = self.groups.pop() else {
            return;
        };
        if self.group.field && !before.field {
            self.open_link();
        }
        if self.group.whole && !before.whole && std::mem::take(&mut self.linked) {
            self.page.push_str("</a>");
        }
        self.group = before;
    }

    fn open_link(&mut self) {
        let field = std::mem::take(&mut self.field);
        let Some((_, after)) = field.split_once("HYPERLINK") else {
            return;
        };
        let target = after.trim().trim_start_matches("\\l").trim();
        let target = target.trim_matches('"');
        let end = target.find('"').unwrap_or(target.len());
        if self.linked {
            self.page.push_str("</a>");
        }
        self.page.push_str("<a href=\"");
        escape(&target[..end], &mut self.page);
        self.page.push_str("\">");
        self.linked = true;
    }

    fn control(&mut self, word: &Control) {
        match word {
            Control::Byte(byte) => self.byte(*byte),
            Control::Ignorable => self.group.skipped = true,
            Control::Sign(sign) => self.sign(*sign),
            Control::Word(name, number) => self.word(name, *number),
        }
    }

    fn sign(&mut self, sign: char) {
        match sign {
            '~' => self.say("\u{a0}"),
            '_' => self.say("-"),
            '-' => {}
            _ => self.byte(u8::try_from(u32::from(sign)).unwrap_or(b'?')),
        }
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        match name {
            "ansicpg" => {
                let known = number
                    .and_then(|number| u16::try_from(number).ok())
                    .and_then(codepage::to_encoding);
                self.letters = known.unwrap_or(self.letters);
            }
            "uc" => {
                self.group.stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1)
            }
            "u" => {
                let unit = number.unwrap_or(0).rem_euclid(1 << 16);
                self.flush();
                let letter = u32::try_from(unit).ok().and_then(char::from_u32);
                self.say(
                    letter
                        .unwrap_or(char::REPLACEMENT_CHARACTER)
                        .encode_utf8(&mut [0; 4]),
                );
                self.skip = self.group.stand_ins.min(8);
            }
            "htmlrtf" => {
                self.flush();
                self.group.doubled = number != Some(0);
            }
            "htmltag" | "mhtmltag" => {
                self.group.skipped = name == "mhtmltag";
                self.group.tag = true;
            }
            "field" => self.group.whole = true,
            "fldinst" => {
                self.group.skipped = false;
                self.group.field = true;
            }
            "fonttbl" | "colortbl" | "stylesheet" | "info" | "pict" | "pntext" | "pntxta"
            | "pntxtb" | "header" | "footer" | "object" | "listtable" => self.group.skipped = true,
            "par" | "line" | "row" | "sect" | "page" => {
                let end = if self.wraps { "\r\n" } else { "<br>" };
                self.say(end);
            }
            "tab" | "cell" => self.say("\t"),
            "lquote" | "rquote" => self.say("'"),
            "ldblquote" | "rdblquote" => self.say("&quot;"),
            "bullet" => self.say("•"),
            "endash" => self.say("–"),
            "emdash" => self.say("—"),
            _ => {}
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.bytes.push(byte);
        }
    }

    fn flush(&mut self) {
        self.skip = 0;
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let (text, _, _) = self.letters.decode(&bytes);
        if self.wraps {
            self.put(&text);
        } else {
            let mut escaped = String::new();
            escape(&text, &mut escaped);
            self.put(if self.group.field { &text } else { &escaped });
        }
    }

    /// Words of its own, after the letters before them.
    fn say(&mut self, text: &str) {
        self.flush();
        self.put(text);
    }

    fn put(&mut self, text: &str) {
        let Group {
            skipped,
            doubled,
            field,
            ..
        } = self.group;
        if skipped || doubled && self.wraps {
            return;
        }
        if field {
            if self.field.len() < bounds::LINK {
                self.field.push_str(text);
            }
        } else {
            self.page.push_str(text);
        }
    }
}

fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            _ => into.push(letter),
        }
    }
}

/// What follows a backslash.
enum Control {
    /// A letter by its number: `\'e9`.
    Byte(u8),
    /// `\*`: who does not know the group skips it.
    Ignorable,
    /// A sign that stands for itself or for a space.
    Sign(char),
    /// A word and its number.
    Word(String, Option<i32>),
}

fn control(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Control {
    let Some(first) = rest.next() else {
        return Control::Sign('-');
    };
    if first == '\'' {
        let mut digit = || {
            let digit = rest.peek()?.to_digit(16)?;
            rest.next();
            u8::try_from(digit).ok()
        };
        let (high, low) = (digit(), digit());
        return Control::Byte(high.zip(low).map_or(b'?', |(high, low)| high * 16 + low));
    }
    if first == '*' {
        return Control::Ignorable;
    }
    if matches!(first, '\r' | '\n') {
        return Control::Word("par".to_owned(), None);
    }
    if !first.is_ascii_alphabetic() {
        return Control::Sign(first);
    }
    let mut word = String::from(first);
    while let Some(letter) = rest.next_if(char::is_ascii_alphabetic) {
        if word.len() < LONGEST {
            word.push(letter);
        }
    }
    let mut digits = String::new();
    digits.extend(rest.next_if_eq(&'-'));
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        if digits.len() < LONGEST {
            digits.push(digit);
        }
    }
    // One space ends the word and is no space of the text.
    rest.next_if_eq(&' ');
    Control::Word(word, digits.parse().ok())
}

/// Where it says what is wrapped in it.
const HEAD: usize = 1000;
/// Groups within groups; what is deeper counts as the group around it.
const DEEPEST: usize = 500;
/// Letters of a control word.
const LONGEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::html;

    const WRAPPED: &str = r#"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl\red0;}
{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Votre carte est bloqu\'e9e \u8364?5
{\*\htmltag84 <a href="https://a.example/x">}\htmlrtf {\field{\*\fldinst{HYPERLINK "https://no.example"}}{\fldrslt \htmlrtf0 Cliquez ici
{\*\htmltag92 </a>}\htmlrtf }}\htmlrtf0 \{fin\}
{\*\htmltag72 </p>}\htmlrtf }\htmlrtf0 }"#;

    #[test]
    fn the_page_in_it_comes_out() {
        let packed = compressed_rtf::compress_rtf(WRAPPED).unwrap();
        let body = html::read(&page(&packed).unwrap());
        assert_eq!(body.text, "Votre carte est bloquée €5Cliquez ici{fin}");
        let targets: Vec<&str> = body.links.iter().map(|link| &*link.target).collect();
        assert_eq!(targets, ["https://a.example/x"]);
    }

    #[test]
    fn words_and_links_of_a_text_are_a_page_too() {
        let rtf = r#"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}\f0 \'cf\'f0\'e8 <b>\par
{\field{\*\fldinst{ HYPERLINK "https://b.example/?a=1&b=2" }}{\fldrslt{Ouvrir}}} fin {\*\unknown secret}{\pict 00ff}}"#;
        let body = html::read(&unwrapped(rtf));
        assert_eq!(body.text, "При <b>\nOuvrir fin");
        assert_eq!(body.links[0].target, "https://b.example/?a=1&b=2");
        assert!(body.text[body.links[0].start..].starts_with("Ouvrir"));
    }

    #[test]
    fn lengths_that_lie_are_not_believed() {
        let good = compressed_rtf::compress_rtf("{\\rtf1 hello}").unwrap();
        assert!(page(&good).unwrap().contains("hello"));
        for (at, byte) in [(0, 0xff), (3, 0xff), (4, 0xff), (7, 0xff), (8, 0), (12, 0)] {
            let mut bad = good.clone();
            bad[at] = byte;
            page(&bad);
        }
        let mut stored = b"\xff\0\0\0\xff\0\0\0MELA\0\0\0\0".to_vec();
        assert_eq!(page(&stored), None);
        stored[0] = 13;
        stored[4] = 1;
        stored.push(b'x');
        assert_eq!(page(&stored).as_deref(), Some("x"));
        for cut in 0..good.len() {
            page(&good[..cut]);
        }
    }

    #[test]
    fn hostile_texts_cost_bounded_work() {
        for rtf in [
            "{".repeat(1_000_000),
            "}".repeat(1000),
            "\\u8364?".repeat(500_000),
            "\\'".to_owned(),
            "\\".to_owned(),
            "\\bin99999999999 ".to_owned(),
            format!("\\{}", "a".repeat(1_000_000)),
        ] {
            assert!(unwrapped(&rtf).len() <= bounds::HTML + 8);
        }
    }
}
