//! What there is to look at: files, mailbox files, folders with their folders, or what comes in; one message after the other.
//! What each is shows in its first bytes. Links are not followed, and nothing but ordinary files is opened in folders.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use hygie_phish::parse;
use hygie_sandbox::message::Received;

use super::mailbox::Mailbox;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// E-mails.
    Mail,
    /// Texts of SMS.
    Sms,
}

/// A message, or why there is none.
pub(crate) struct Found {
    /// The file; `None` is what came in.
    pub(crate) file: Option<PathBuf>,
    /// Its number in a mailbox file, from 1.
    pub(crate) number: Option<u64>,
    /// What is in it.
    pub(crate) handed: Handed,
}

/// What is handed to the sandbox.
pub(crate) enum Handed {
    /// A message's first bytes.
    Bytes(Vec<u8>),
    /// There is none.
    Nothing(NoMessage),
}

/// Why there is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoMessage {
    pub(crate) file: Option<PathBuf>,
    pub(crate) why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is something else.
    Kind,
    /// It is in Outlook's own format (.msg), and no message could be read in it.
    Outlook,
    /// It could not be read: what the system said.
    File(String),
}

impl Found {
    /// It may be a file of Outlook's own.
    pub(crate) fn is_outlook(&self) -> bool {
        let ending = self.file.as_ref().and_then(|file| file.extension());
        ending.is_none_or(|ending| ending.eq_ignore_ascii_case("msg"))
    }

    /// It lies where people or their provider put what they do not want.
    pub(crate) fn is_junk(&self) -> bool {
        let parts = self.file.iter().flat_map(|file| file.components());
        parts.into_iter().any(|part| {
            let name = part.as_os_str().to_string_lossy().to_lowercase();
            JUNK.iter()
                .any(|junk| name.trim_start_matches('.').starts_with(junk))
        })
    }
}

/// All messages that were asked for.
pub(crate) struct Messages {
    shape: Shape,
    /// What is still to be opened.
    waiting: VecDeque<Waiting>,
    /// The mailbox file that is being cut.
    open: Option<Open>,
    is_one: bool,
}

struct Open {
    file: Option<PathBuf>,
    mailbox: Mailbox<Box<dyn BufRead>>,
    number: u64,
}

enum Waiting {
    /// Somebody named it.
    Named(PathBuf),
    /// It lies in a folder, so deep.
    Within(PathBuf, usize),
}

impl Messages {
    pub(crate) fn of(what: &[PathBuf], shape: Shape) -> Self {
        Self {
            shape,
            waiting: what.iter().cloned().map(Waiting::Named).collect(),
            open: None,
            is_one: matches!(what, [one] if !one.is_dir()),
        }
    }

    /// Whether one file was named.
    pub(crate) fn is_one(&self) -> bool {
        self.is_one
    }

    /// A named thing, or one in a folder; nothing where a folder holds something else.
    fn look(&mut self, waiting: Waiting) -> Option<Found> {
        let (path, depth, named) = match waiting {
            Waiting::Named(path) if path == Path::new("-") => return self.open(None, true),
            Waiting::Named(path) => (path, 0, true),
            Waiting::Within(path, depth) => (path, depth, false),
        };
        let about = if named {
            fs::metadata(&path)
        } else {
            fs::symlink_metadata(&path)
        };
        match about {
            Err(error) => Some(nothing(Some(path), Why::File(error.to_string()))),
            Ok(about) if about.is_dir() => {
                if depth < DEEPEST {
                    match within(&path, depth + 1) {
                        Ok(all) => all
                            .into_iter()
                            .rev()
                            .for_each(|one| self.waiting.push_front(one)),
                        Err(error) => {
                            return Some(nothing(Some(path), Why::File(error.to_string())));
                        }
                    }
                }
                None
            }
            Ok(about) if about.is_file() || named => self.open(Some(path), named),
            // A pipe would be waited for, a link lead elsewhere.
            Ok(_) => None,
        }
    }

    fn open(&mut self, file: Option<PathBuf>, named: bool) -> Option<Found> {
        match self.opened(file.clone(), named) {
            Ok(found) => found,
            Err(error) => Some(nothing(file, Why::File(error.to_string()))),
        }
    }

    fn opened(&mut self, file: Option<PathBuf>, named: bool) -> io::Result<Option<Found>> {
        let content: Box<dyn Read> = match &file {
            Some(path) => Box::new(File::open(path)?),
            None => Box::new(io::stdin()),
        };
        let mut content = BufReader::with_capacity(FIRST, content);
        let first = content.fill_buf()?;
        let ending = file.as_ref().and_then(|file| file.extension());
        let ending = ending.map(|ending| ending.to_string_lossy().to_lowercase());
        let kind = match self.shape {
            Shape::Mail if file.is_none() => pasted(first),
            Shape::Mail => kind(first, ending.as_deref()),
            Shape::Sms => text(first, ending.as_deref(), named),
        };
        Ok(match kind {
            Kind::Mailbox => {
                let mailbox = Mailbox::new(Box::new(content) as Box<dyn BufRead>, Received::MOST);
                let number = 0;
                self.open = Some(Open {
                    file,
                    mailbox,
                    number,
                });
                None
            }
            Kind::Message => {
                // Of its length at once: a growing one is there twice.
                let long = file.as_deref().and_then(|file| fs::metadata(file).ok());
                let long = long.map_or(0, |about| about.len().min(Received::MOST as u64));
                let mut bytes = Vec::with_capacity(usize::try_from(long).unwrap_or(0) + 1);
                content
                    .take(Received::MOST as u64)
                    .read_to_end(&mut bytes)?;
                let (number, handed) = (None, Handed::Bytes(bytes));
                Some(Found {
                    file,
                    number,
                    handed,
                })
            }
            Kind::Other => named.then(|| nothing(file, Why::Kind)),
        })
    }

    fn of_open(&mut self) -> Option<Found> {
        let open = self.open.as_mut()?;
        match open.mailbox.next() {
            None => {
                self.open = None;
                None
            }
            Some(Ok(bytes)) => {
                open.number += 1;
                Some(Found {
                    file: open.file.clone(),
                    number: Some(open.number),
                    handed: Handed::Bytes(bytes),
                })
            }
            Some(Err(error)) => {
                let file = open.file.take();
                self.open = None;
                Some(nothing(file, Why::File(error.to_string())))
            }
        }
    }
}

impl Iterator for Messages {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.of_open() {
                return Some(found);
            }
            let waiting = self.waiting.pop_front()?;
            if let Some(found) = self.look(waiting) {
                return Some(found);
            }
        }
    }
}

fn nothing(file: Option<PathBuf>, why: Why) -> Found {
    Found {
        file: file.clone(),
        number: None,
        handed: Handed::Nothing(NoMessage { file, why }),
    }
}

/// What a folder holds, in the order of names, so that two runs say the same.
fn within(folder: &Path, depth: usize) -> io::Result<Vec<Waiting>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let deep = |path| Waiting::Within(path, depth);
    Ok(paths.into_iter().map(deep).collect())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Message,
    Mailbox,
    Other,
}

/// What a file is. One that calls itself a message is handed over however broken it is.
fn kind(first: &[u8], ending: Option<&str>) -> Kind {
    if first.is_empty() {
        Kind::Other
    } else if first.starts_with(OUTLOOK) {
        // Documents of before 2007 begin so too.
        if ending.is_none_or(|ending| ending == "msg") {
            Kind::Message
        } else {
            Kind::Other
        }
    } else if first.starts_with(b"From ") {
        Kind::Mailbox
    } else if ending == Some("eml") || begins_with_headers(first) {
        Kind::Message
    } else {
        Kind::Other
    }
}

/// What comes in may be copied from a window: with blank lines above, or as a text in which it was passed on.
fn pasted(first: &[u8]) -> Kind {
    let blank = first.iter().position(|byte| !byte.is_ascii_whitespace());
    let is = kind(&first[blank.unwrap_or(0)..], None);
    let is_passed_on = || parse::is_passed_on(&String::from_utf8_lossy(first));
    if is == Kind::Other && !first.contains(&0) && is_passed_on() {
        Kind::Message
    } else {
        is
    }
}

/// In a folder only what is surely a text.
fn text(first: &[u8], ending: Option<&str>, named: bool) -> Kind {
    if first.is_empty() || first.contains(&0) || !named && ending != Some("txt") {
        Kind::Other
    } else {
        Kind::Message
    }
}

/// Each line up to the empty one has a name, or goes on; one of them is of a message.
fn begins_with_headers(first: &[u8]) -> bool {
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let mut known = false;
    let mut lines = first.split(|sign| *sign == b'\n').peekable();
    while let Some(line) = lines.next() {
        let is_cut = lines.peek().is_none();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || is_cut && known {
            return known;
        }
        let name = line.split(|sign| *sign == b':').next().unwrap_or(line);
        let goes_on = line.starts_with(b" ") || line.starts_with(b"\t");
        let is_named = name.len() < line.len() && name.iter().all(u8::is_ascii_graphic);
        if !goes_on && (!is_named || name.is_empty()) {
            return false;
        }
        known |= !goes_on
            && HEADERS
                .iter()
                .any(|header| name.eq_ignore_ascii_case(header));
    }
    known
}

/// Headers that a message cannot well be without.
const HEADERS: [&[u8]; 6] = [
    b"From",
    b"Received",
    b"Return-Path",
    b"Message-ID",
    b"Delivered-To",
    b"Subject",
];
/// Compound files, in which Outlook keeps messages, among others.
const OUTLOOK: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How folders of unwanted mail begin, in mail programs of both languages.
const JUNK: [&str; 6] = [
    "junk",
    "spam",
    "indésirables",
    "courrier indésirable",
    "pourriel",
    "bulk mail",
];
const FIRST: usize = 64 * 1024;
const DEEPEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_show_in_the_first_bytes() {
        for (first, ending, is) in [
            (
                &b"From a@b.example Mon\nSubject: x\n"[..],
                None,
                Kind::Mailbox,
            ),
            (
                b"Received: from x\n\tby y\nFrom: a\n\nHello",
                Some("host:2,s"),
                Kind::Message,
            ),
            (b"\xef\xbb\xbfSubject: x\r\n\r\nHello", None, Kind::Message),
            (b"Subject: x", None, Kind::Message),
            (b"garbage", Some("eml"), Kind::Message),
            (b"garbage", None, Kind::Other),
            (b"", Some("eml"), Kind::Other),
            (
                b"Objet: bilan\nDate: hier\n\nBonjour",
                Some("txt"),
                Kind::Other,
            ),
            (b"Bonjour,\nSubject: x\n\n", None, Kind::Other),
            (b"\x89PNG\r\n\x1a\n", Some("png"), Kind::Other),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...",
                Some("msg"),
                Kind::Message,
            ),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...",
                Some("doc"),
                Kind::Other,
            ),
        ] {
            assert_eq!(
                kind(first, ending),
                is,
                "{:?} {ending:?}",
                String::from_utf8_lossy(first)
            );
        }
        for (first, is) in [
            (&b"\n\r\n \nReceived: x\nFrom: y\n\nHi"[..], Kind::Message),
            (
                b"Vu ?\n\nDe : A <a@b.example>\nObjet : x\nDate : y\n\nHi",
                Kind::Message,
            ),
            (b"\nFrom a@b.example Mon\nSubject: x\n", Kind::Mailbox),
            (b"Bonjour", Kind::Other),
            (b"\n\n", Kind::Other),
        ] {
            assert_eq!(pasted(first), is, "{:?}", String::from_utf8_lossy(first));
        }
        assert_eq!(text(b"Colis", None, true), Kind::Message);
        assert_eq!(text(b"Colis", Some("md"), false), Kind::Other);
        assert_eq!(text(b"Col\0is", Some("txt"), true), Kind::Other);
    }

    #[test]
    fn junk_is_known_by_its_folder() {
        for (path, junk) in [
            ("Mail/Junk", true),
            ("Maildir/.Spam/cur/1", true),
            ("Mail/Courrier indésirable.mbox", true),
            ("Mail/Inbox", false),
            ("Mail/antispam-notes", false),
        ] {
            let found = nothing(Some(path.into()), Why::Kind);
            assert_eq!(found.is_junk(), junk, "{path}");
        }
    }

    #[test]
    fn folders_are_walked_in_order_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("b")).unwrap();
        for (name, text) in [
            ("b/x.eml", "Subject: x\n\nx"),
            ("a.eml", "Subject: a\n\na"),
            ("c", "From x\nSubject: 1\n\nc\n\nFrom y\nSubject: 2\n\nc\n"),
            ("d.pdf", "%PDF"),
        ] {
            fs::write(at(name), text).unwrap();
        }
        std::os::unix::fs::symlink("/etc", at("e")).unwrap();
        std::os::unix::fs::symlink(at("a.eml"), at("f.eml")).unwrap();
        let found: Vec<_> = Messages::of(&[dir.path().to_owned()], Shape::Mail)
            .map(|found| {
                let file = found.file.unwrap();
                let name = file.strip_prefix(dir.path()).unwrap().to_owned();
                (name.to_string_lossy().into_owned(), found.number)
            })
            .collect();
        let expected = [
            ("a.eml", None),
            ("b/x.eml", None),
            ("c", Some(1)),
            ("c", Some(2)),
        ];
        assert_eq!(
            found,
            expected.map(|(name, number)| (name.to_owned(), number))
        );
        let missing = Messages::of(&[at("none.eml")], Shape::Mail).next().unwrap();
        assert!(matches!(
            missing.handed,
            Handed::Nothing(NoMessage {
                why: Why::File(_),
                ..
            })
        ));
    }
}
