//! A message as Outlook keeps it (.msg): a file of small streams, one a property ([MS-OXMSG]), read into the form of any other
//! mail. Headers that travelled are read as a mail's own. Never follows a link of an OLE object.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use encoding_rs::Encoding;

use super::code::Points;
use super::mail::{self, Markup};
use super::{bounds, rtf};
use crate::message::{Address, Mail, Oddity};

/// How compound files begin: Outlook's messages, and documents of before 2007.
pub(super) const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads a message; `None` where it is something else.
pub(super) fn read(raw: &[u8], depth: usize, points: &mut Points) -> Option<Mail> {
    let kept = &raw[..raw.len().min(bounds::RAW)];
    let mut reader = Reader::of(kept)?;
    let mut mail = reader.message(ROOT, depth, points);
    if kept.len() < raw.len() {
        mail.oddities.push(Oddity::TooMuch);
    }
    Some(mail)
}

/// Whether a compound file holds a message and not a document.
pub(super) fn is_message(raw: &[u8]) -> bool {
    Reader::of(raw).is_some()
}

struct Reader<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    /// Bytes that may still be read: streams could share theirs.
    left: usize,
}

/// Letters of one message: of its properties, and of its page.
#[derive(Clone, Copy)]
struct Letters {
    text: &'static Encoding,
    page: &'static Encoding,
}

impl<'a> Reader<'a> {
    fn of(raw: &'a [u8]) -> Option<Self> {
        if !raw.starts_with(COMPOUND) {
            return None;
        }
        let file = CompoundFile::open(Cursor::new(raw)).ok()?;
        file.is_stream(format!("{ROOT}{PROPERTIES}"))
            .then_some(Self {
                file,
                left: bounds::RAW,
            })
    }

    fn message(&mut self, at: &str, depth: usize, points: &mut Points) -> Mail {
        let head = if at == ROOT { TOP } else { EMBEDDED };
        let fixed = self.fixed(at, head);
        let code = |id| {
            let number = u16::try_from(number(&fixed, id)?).ok()?;
            codepage::to_encoding(number)
        };
        let text = code(MESSAGE_CODE)
            .or_else(|| code(PAGE_CODE))
            .unwrap_or(encoding_rs::WINDOWS_1252);
        let page = code(PAGE_CODE).unwrap_or(text);
        let letters = Letters { text, page };

        let mut mail = match self.text(at, HEADERS, letters) {
            Some(headers) => {
                let headers = headers.trim_start();
                let headers = headers
                    .strip_prefix(EXCHANGE)
                    .and_then(|rest| rest.split_once('\n'))
                    .map_or(headers, |(_, rest)| rest);
                mail::of_headers(headers)
            }
            None => Mail::default(),
        };
        self.people(at, letters, &mut mail);
        if let Some(subject) = self.text(at, SUBJECT, letters) {
            bounds::beginning(subject.trim(), bounds::WORD).clone_into(&mut mail.subject);
        }
        mail.answers |= self.text(at, ANSWERS, letters).is_some();
        let moment = || moment(&fixed, SUBMITTED).or_else(|| moment(&fixed, DELIVERED));
        mail.date = mail.date.or_else(moment);
        self.bodies(at, letters, &mut mail);
        self.attachments(at, letters, &mut mail, depth, points);
        mail::page_first(&mut mail);
        mail
    }

    /// What Outlook shows of who wrote to whom stands in properties of its own, beside the headers.
    fn people(&mut self, at: &str, letters: Letters, mail: &mut Mail) {
        let from = self.person(at, letters, AUTHOR);
        let sender = self.person(at, letters, SENDER);
        match from.or_else(|| sender.clone()) {
            Some(from) if mail.from.is_empty() => mail.from.push(from),
            Some(from) if from.address.contains('@') && !knows(&mail.from, &from) => {
                mail.from.insert(0, from);
                mail.oddities.push(Oddity::TwiceSaid);
            }
            Some(_) | None => {}
        }
        if let Some(sender) = sender
            && mail.sent_by.is_empty()
            && !knows(&mail.from, &sender)
        {
            mail.sent_by.push(sender);
        }
        if mail.reply_to.is_empty()
            && let Some(entries) = self.stream(at, ANSWERS_TO, BINARY)
        {
            mail.reply_to = one_offs(&entries);
        }
        if mail.to.is_empty() {
            for within in self.storages(at, RECIPIENT, bounds::ADDRESSES) {
                mail.to.extend(self.person(&within, letters, RECEIVER));
            }
        }
    }

    /// Somebody's name and address; an address of an Exchange directory is none outside of it.
    fn person(&mut self, at: &str, letters: Letters, ids: Person) -> Option<Address> {
        let name = self.text(at, ids.name, letters).unwrap_or_default();
        let address = self
            .text(at, ids.smtp, letters)
            .or_else(|| self.text(at, ids.address, letters))
            .unwrap_or_default();
        let short = |text: &str| bounds::beginning(text.trim(), bounds::WORD).to_owned();
        let person = Address {
            name: short(&name),
            address: short(&address),
        };
        (person != Address::default()).then_some(person)
    }

    /// Each of the forms in which one message's text is kept: which one is shown depends on the program.
    fn bodies(&mut self, at: &str, letters: Letters, mail: &mut Mail) {
        let page = self
            .stream(at, HTML, BINARY)
            .map(|bytes| decoded(&bytes, letters.page))
            .or_else(|| self.text(at, HTML, letters));
        if let Some(page) = page {
            mail::show(mail, &page, Markup::Html);
        }
        let packed = self.stream(at, RTF, BINARY);
        if let Some(page) = packed.and_then(|packed| rtf::page(&packed)) {
            let (before, same) = (mail.bodies.len(), mail.bodies.first().cloned());
            mail::show(mail, &page, Markup::Html);
            // Usually it is the same page, packed.
            if same.is_some_and(|same| mail.bodies.last().is_some_and(|one| is_same(one, &same))) {
                mail.bodies.truncate(before);
            }
        }
        if let Some(text) = self.text(at, BODY, letters) {
            mail::show(mail, &text, Markup::Plain);
        }
    }

    fn attachments(
        &mut self,
        at: &str,
        letters: Letters,
        mail: &mut Mail,
        depth: usize,
        points: &mut Points,
    ) {
        let within = self.storages(at, ATTACHMENT, bounds::FILES + 1);
        for within in &within {
            let embedded = format!("{within}__substg1.0_{DATA:04X}{OBJECT:04X}/");
            if self.file.is_stream(format!("{embedded}{PROPERTIES}")) {
                let taken = mail::attach_message(mail, depth, || {
                    Some(self.message(&embedded, depth + 1, points))
                });
                if taken {
                    continue;
                }
            }
            let name = self
                .text(within, LONG_NAME, letters)
                .or_else(|| self.text(within, NAME, letters))
                .or_else(|| self.text(within, SHOWN_NAME, letters))
                .unwrap_or_default();
            let bytes = self.stream(within, DATA, BINARY).unwrap_or_default();
            mail::attach(mail, &name, &bytes, depth, points);
        }
        if self.left == 0 {
            mail.oddities.push(Oddity::TooMuch);
        }
    }

    /// Folders of one kind, in the order of their numbers.
    fn storages(&self, at: &str, kind: &str, most: usize) -> Vec<String> {
        let Ok(entries) = self.file.read_storage(at) else {
            return Vec::new();
        };
        let mut found: Vec<String> = entries
            .take(MOST_ENTRIES)
            .filter(|entry| entry.is_storage() && entry.name().starts_with(kind))
            .map(|entry| format!("{at}{}/", entry.name()))
            .collect();
        found.sort_unstable();
        found.truncate(most);
        found
    }

    fn text(&mut self, at: &str, id: u16, letters: Letters) -> Option<String> {
        let text = match self.stream(at, id, UNICODE) {
            Some(wide) => encoding_rs::UTF_16LE
                .decode_without_bom_handling(&wide)
                .0
                .into_owned(),
            None => decoded(&self.stream(at, id, NARROW)?, letters.text),
        };
        let text = text.trim_end_matches('\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn stream(&mut self, at: &str, id: u16, kind: u16) -> Option<Vec<u8>> {
        self.bytes(&format!("{at}__substg1.0_{id:04X}{kind:04X}"))
    }

    fn fixed(&mut self, at: &str, head: usize) -> Vec<u8> {
        let mut bytes = self.bytes(&format!("{at}{PROPERTIES}")).unwrap_or_default();
        bytes.drain(..head.min(bytes.len()));
        bytes
    }

    fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        if !self.file.is_stream(path) {
            return None;
        }
        let stream = self.file.open_stream(path).ok()?;
        let mut bytes = Vec::new();
        // What cannot be read whole is judged by what could.
        let _ = stream.take(self.left as u64).read_to_end(&mut bytes);
        self.left -= bytes.len();
        Some(bytes)
    }
}

fn decoded(bytes: &[u8], letters: &'static Encoding) -> String {
    letters.decode(bytes).0.into_owned()
}

fn knows(people: &[Address], one: &Address) -> bool {
    people
        .iter()
        .any(|known| known.address.eq_ignore_ascii_case(&one.address))
}

fn is_same(one: &crate::message::Body, other: &crate::message::Body) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<String>();
    words(&one.text) == words(&other.text)
        && one.links.len() == other.links.len()
        && one
            .links
            .iter()
            .zip(&other.links)
            .all(|(one, other)| one.target == other.target)
}

/// A number among the properties that have no stream of their own: sixteen bytes each.
fn value(fixed: &[u8], id: u16) -> Option<[u8; 8]> {
    let wanted = id.to_le_bytes();
    let found = fixed.chunks_exact(16).find(|entry| entry[2..4] == wanted)?;
    found[8..].try_into().ok()
}

fn number(fixed: &[u8], id: u16) -> Option<u32> {
    let value = value(fixed, id)?;
    Some(u32::from_le_bytes([value[0], value[1], value[2], value[3]]))
}

/// In seconds since 1970; kept in ten-millionths of one since 1601.
fn moment(fixed: &[u8], id: u16) -> Option<i64> {
    let since = u64::from_le_bytes(value(fixed, id)?) / 10_000_000;
    i64::try_from(since).ok()?.checked_sub(11_644_473_600)
}

/// Where an answer would go: a list of entries, of which those that hold an address are read ([MS-OXCDATA] 2.2.5.1).
fn one_offs(list: &[u8]) -> Vec<Address> {
    let mut people = Vec::new();
    let mut rest = list.get(8..).unwrap_or_default();
    while let Some((size, after)) = rest.split_first_chunk::<4>() {
        let size = u32::from_le_bytes(*size) as usize;
        let Some(entry) = after
            .get(..size)
            .filter(|_| people.len() < bounds::ADDRESSES)
        else {
            break;
        };
        people.extend(one_off(entry));
        rest = after.get(size.next_multiple_of(4)..).unwrap_or_default();
    }
    people
}

fn one_off(entry: &[u8]) -> Option<Address> {
    let entry = entry.get(4..)?.strip_prefix(ONE_OFF)?;
    let (flags, words) = entry.get(2..)?.split_first_chunk::<2>()?;
    let text = if flags[1] & 0x80 == 0 {
        decoded(words, encoding_rs::WINDOWS_1252)
    } else {
        encoding_rs::UTF_16LE
            .decode_without_bom_handling(words)
            .0
            .into_owned()
    };
    let mut words = text.split('\0');
    let (name, _, address) = (words.next()?, words.next()?, words.next()?);
    let short = |text: &str| bounds::beginning(text.trim(), bounds::WORD).to_owned();
    Some(Address {
        name: short(name),
        address: short(address),
    })
}

/// Properties of a person.
#[derive(Clone, Copy)]
struct Person {
    name: u16,
    smtp: u16,
    address: u16,
}

const AUTHOR: Person = Person {
    name: 0x0042,
    smtp: 0x5d02,
    address: 0x0065,
};
const SENDER: Person = Person {
    name: 0x0c1a,
    smtp: 0x5d01,
    address: 0x0c1f,
};
const RECEIVER: Person = Person {
    name: 0x3001,
    smtp: 0x39fe,
    address: 0x3003,
};
const SUBJECT: u16 = 0x0037;
const SUBMITTED: u16 = 0x0039;
const ANSWERS_TO: u16 = 0x004f;
const HEADERS: u16 = 0x007d;
const DELIVERED: u16 = 0x0e06;
const BODY: u16 = 0x1000;
const RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const ANSWERS: u16 = 0x1042;
const SHOWN_NAME: u16 = 0x3001;
const DATA: u16 = 0x3701;
const NAME: u16 = 0x3704;
const LONG_NAME: u16 = 0x3707;
const PAGE_CODE: u16 = 0x3fde;
const MESSAGE_CODE: u16 = 0x3ffd;

const OBJECT: u16 = 0x000d;
const NARROW: u16 = 0x001e;
const UNICODE: u16 = 0x001f;
const BINARY: u16 = 0x0102;

const ROOT: &str = "/";
const PROPERTIES: &str = "__properties_version1.0";
const RECIPIENT: &str = "__recip_version1.0_#";
const ATTACHMENT: &str = "__attach_version1.0_#";
/// Bytes before the entries of a file's message, and of one that is attached.
const TOP: usize = 32;
const EMBEDDED: usize = 24;
/// Entries of one folder that are looked at.
const MOST_ENTRIES: usize = 10_000;
/// What Exchange writes above the headers.
const EXCHANGE: &str = "Microsoft Mail Internet Headers";
const ONE_OFF: &[u8] = b"\x81\x2b\x1f\xa4\xbe\xa3\x10\x19\x9d\x6e\x00\xdd\x01\x0f\x54\x02";

#[cfg(test)]
#[path = "outlook_tests.rs"]
mod tests;
