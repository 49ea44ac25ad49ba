//! An e-mail by every reading that a mail program could make of it: all bodies, all senders, all alternatives.
//! What is twice there is kept twice, because some program shows the other one.

use mail_parser::{
    Addr, Address as Parsed, HeaderName, HeaderValue, Message as Tree, MessageParser, MessagePart,
    MimeHeaders, PartType,
};

use super::{bounds, code::Points, file, html, outlook, plain, readings};
use crate::message::{Address, Body, Mail, Oddity};

/// Reads a message, in the form of the internet or of Outlook.
pub(super) fn read(raw: &[u8]) -> Mail {
    let mut points = Points::of_a_message();
    let mut mail = if raw.starts_with(outlook::COMPOUND) {
        outlook::read(raw, 0, &mut points).unwrap_or_default()
    } else {
        source(raw, 0, &mut points)
    };
    if points.is_cut {
        mail.oddities.push(Oddity::TooMuch);
    }
    if mail.from.is_empty() && mail.subject.is_empty() {
        mail.oddities.push(Oddity::NoHeaders);
    }
    mail.oddities.sort_unstable();
    mail.oddities.dedup();
    mail
}

/// Reads a message in the form of the internet.
fn source(raw: &[u8], depth: usize, points: &mut Points) -> Mail {
    let (kept, whole) = bounds::within(raw);
    let kept = readings::lines(kept);
    let mut mail = match MessageParser::default().parse(&*kept) {
        Some(tree) => of(&tree, depth, points),
        None => {
            let mut mail = Mail::default();
            mail.bodies
                .push(plain::read(&String::from_utf8_lossy(&kept)));
            mail
        }
    };
    // Of what is attached one reading is enough: each further one would be read in each of those around it.
    if depth == 0 {
        join_others(&mut mail, &kept, depth);
    }
    if !whole {
        mail.oddities.push(Oddity::TooMuch);
    }
    mail
}

fn of(tree: &Tree<'_>, depth: usize, points: &mut Points) -> Mail {
    let mut mail = heads(tree);
    for part in &tree.parts {
        match &part.body {
            PartType::Message(inner) => {
                attach_message(&mut mail, depth, || Some(of(inner, depth + 1, points)));
            }
            PartType::Multipart(_) => {}
            PartType::Text(text) => text_part(&mut mail, part, text, Markup::Plain, depth, points),
            PartType::Html(text) => text_part(&mut mail, part, text, Markup::Html, depth, points),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                attach_part(&mut mail, part, bytes, depth, points);
            }
        }
    }
    page_first(&mut mail);
    mail
}

/// What most programs show is the page.
pub(super) fn page_first(mail: &mut Mail) {
    mail.bodies
        .sort_by_key(|body| !body.page.html || body.text.is_empty());
}

/// Keeps a message that is attached, and whether it is one.
pub(super) fn attach_message(
    mail: &mut Mail,
    depth: usize,
    inner: impl FnOnce() -> Option<Mail>,
) -> bool {
    if depth >= bounds::DEPTH || mail.attached.len() >= ATTACHED {
        mail.oddities.push(Oddity::TooDeep);
        return false;
    }
    let Some(inner) = inner() else {
        return false;
    };
    if inner.oddities.contains(&Oddity::TooDeep) {
        mail.oddities.push(Oddity::TooDeep);
    }
    mail.attached.push(inner);
    true
}

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// As it is read.
    Plain,
    /// As a page.
    Html,
}

fn text_part(
    mail: &mut Mail,
    part: &MessagePart<'_>,
    text: &str,
    markup: Markup,
    depth: usize,
    points: &mut Points,
) {
    let disposed = part
        .content_disposition()
        .is_some_and(mail_parser::ContentType::is_attachment);
    if disposed || part.attachment_name().is_some() || mail.bodies.len() >= bounds::BODIES {
        attach_part(mail, part, text.as_bytes(), depth, points);
        // A part with a name that is not set aside is shown by some programs.
        if disposed || mail.bodies.len() >= bounds::BODIES {
            return;
        }
    }
    show(mail, text, markup);
    if markup == Markup::Plain {
        show_veiled(mail, text);
    }
}

/// A plain text that is a page, or one in base 64 under a name that the parser does not know: some programs look and show it.
fn show_veiled(mail: &mut Mail, text: &str) {
    let decoded = veiled(text);
    let text = decoded.as_deref().unwrap_or(text);
    let head = bounds::beginning(text.trim_start(), HEAD).to_ascii_lowercase();
    if PAGES.iter().any(|tag| head.contains(tag)) {
        show(mail, text, Markup::Html);
    } else if let Some(text) = &decoded {
        show(mail, text, Markup::Plain);
    }
}

fn veiled(text: &str) -> Option<String> {
    let text = bounds::beginning(text.trim(), bounds::HTML);
    let is_coded = text.len() >= SHORTEST_CODED
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n')
        });
    if !is_coded {
        return None;
    }
    let bytes = mail_parser::decoders::base64::base64_decode(text.as_bytes())?;
    let text = String::from_utf8(bytes).ok()?;
    text.chars()
        .all(|letter| !letter.is_control() || letter.is_whitespace())
        .then_some(text)
}

/// Keeps a text that is shown.
pub(super) fn show(mail: &mut Mail, text: &str, markup: Markup) {
    let body = match markup {
        Markup::Html => html::read(text),
        Markup::Plain => plain::read(text),
    };
    if body != Body::default() && mail.bodies.len() < bounds::BODIES {
        mail.bodies.push(body);
    }
}

fn attach_part(
    mail: &mut Mail,
    part: &MessagePart<'_>,
    bytes: &[u8],
    depth: usize,
    points: &mut Points,
) {
    let name = part.attachment_name().unwrap_or_default();
    attach(mail, name, bytes, depth, points);
    // Which of two names is shown, and decides what opens it, depends on the program.
    let other = part
        .content_type()
        .and_then(|kind| kind.attribute("name"))
        .filter(|other| !name.is_empty() && ends(other) != ends(name));
    if let Some(other) = other
        && mail.files.len() < bounds::FILES
    {
        let other = bounds::beginning(other, bounds::WORD);
        mail.oddities.push(Oddity::Ambiguous);
        mail.files.push(file::read_of(other, bytes, points));
    }
}

fn ends(name: &str) -> String {
    let end = name.rsplit('.').next().unwrap_or_default();
    end.to_ascii_lowercase()
}

/// Keeps something attached; a message that is attached as a file is a message.
pub(super) fn attach(mail: &mut Mail, name: &str, bytes: &[u8], depth: usize, points: &mut Points) {
    let is_message = if bytes.starts_with(outlook::COMPOUND) {
        outlook::is_message(bytes)
    } else {
        file::ends_with(name, &[".eml"])
    };
    if is_message
        && attach_message(mail, depth, || {
            outlook::read(bytes, depth + 1, points)
                .or_else(|| Some(source(bytes, depth + 1, points)))
        })
    {
        return;
    }
    if mail.files.len() >= bounds::FILES {
        mail.oddities.push(Oddity::TooMuch);
        return;
    }
    let name = bounds::beginning(name, bounds::WORD);
    mail.files.push(file::read_of(name, bytes, points));
}

/// What a block of headers says, without the body that they came with.
pub(super) fn of_headers(headers: &str) -> Mail {
    let (kept, _) = bounds::within(headers.as_bytes());
    MessageParser::default()
        .parse_headers(&*kept)
        .map_or_else(Mail::default, |tree| heads(&tree))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "fifty kinds of headers, of which these are looked at"
)]
fn heads(tree: &Tree<'_>) -> Mail {
    let mut mail = Mail::default();
    let mut seen = Vec::new();
    for header in tree.headers() {
        match &header.name {
            HeaderName::From => addresses(&header.value, &mut mail.from),
            HeaderName::Sender => addresses(&header.value, &mut mail.sent_by),
            HeaderName::ReplyTo => addresses(&header.value, &mut mail.reply_to),
            HeaderName::To | HeaderName::Cc => addresses(&header.value, &mut mail.to),
            HeaderName::ReturnPath => mail.return_path = header.value.as_text().map(short),
            HeaderName::Subject => {
                let subject = header.value.as_text().map(short).unwrap_or_default();
                if !mail.subject.is_empty() && mail.subject != subject {
                    mail.subject.push('\n');
                }
                mail.subject.push_str(&subject);
            }
            HeaderName::InReplyTo | HeaderName::References => mail.answers = true,
            HeaderName::ListUnsubscribePost => mail.leaves = true,
            HeaderName::Date => mail.date = header.value.as_datetime().map(|at| at.to_timestamp()),
            _ => {}
        }
        if ONCE.contains(&header.name) {
            if seen.contains(&&header.name) {
                mail.oddities.push(Oddity::TwiceSaid);
            }
            seen.push(&header.name);
        }
    }
    let mut once = Vec::new();
    mail.from.retain(|one| {
        let is_new = !once.contains(one);
        once.push(one.clone());
        is_new
    });
    mail
}

fn addresses(value: &HeaderValue<'_>, into: &mut Vec<Address>) {
    let mut take = |one: &Addr<'_>| {
        if into.len() < bounds::ADDRESSES {
            into.push(Address {
                name: one.name().map(short).unwrap_or_default(),
                address: one.address().map(short).unwrap_or_default(),
            });
        }
    };
    match value.as_address() {
        Some(Parsed::List(list)) => list.iter().for_each(&mut take),
        Some(Parsed::Group(groups)) => groups
            .iter()
            .flat_map(|group| &group.addresses)
            .for_each(&mut take),
        None => {}
    }
}

fn short(text: &str) -> String {
    bounds::beginning(text, bounds::WORD).trim().to_owned()
}

/// Adds what another reading has and this one lacks, and whether there was any.
fn join(mail: &mut Mail, other: Mail) -> bool {
    let mut added = false;
    for body in other.bodies {
        let is_new = mail.bodies.iter().all(|one| one != &body);
        if is_new && mail.bodies.len() < bounds::BODIES {
            added = true;
            mail.bodies.push(body);
        }
    }
    for file in other.files {
        if !mail.files.contains(&file) && mail.files.len() < bounds::FILES {
            added = true;
            mail.files.push(file);
        }
    }
    for inner in other.attached {
        if !mail.attached.contains(&inner) && mail.attached.len() < ATTACHED {
            added = true;
            mail.attached.push(inner);
        }
    }
    // A reading in which nobody sent it, or about nothing, adds no name.
    if mail.from.is_empty() {
        mail.from = other.from;
    }
    if mail.subject.is_empty() {
        mail.subject = other.subject;
    }
    added
}

/// Adds every other reading of the same bytes.
fn join_others(mail: &mut Mail, raw: &[u8], depth: usize) {
    let parsed = |raw: &[u8]| {
        let tree = MessageParser::default().parse(raw)?;
        // Its own points: else a picture that was looked at would be another one.
        Some(of(&tree, depth, &mut Points::of_a_message()))
    };
    let mut is_ambiguous = false;
    for other in readings::others(raw) {
        if let Some(other) = parsed(&other) {
            is_ambiguous |= join(mail, other);
        }
    }
    for piece in readings::pieces(raw) {
        if let Some(other) = parsed(piece) {
            let other = Mail {
                from: Vec::new(),
                subject: String::new(),
                ..other
            };
            is_ambiguous |= join(mail, other);
        }
    }
    if is_ambiguous {
        mail.oddities.push(Oddity::Ambiguous);
        page_first(mail);
    }
}

const ONCE: [HeaderName<'static>; 5] = [
    HeaderName::From,
    HeaderName::Subject,
    HeaderName::Date,
    HeaderName::ContentType,
    HeaderName::ContentTransferEncoding,
];
/// How a page begins.
const PAGES: [&str; 5] = ["<!doctype html", "<html", "<body", "<a href", "<table"];
const HEAD: usize = 2000;
/// Shorter ones are words.
const SHORTEST_CODED: usize = 40;
/// Messages attached to one message.
const ATTACHED: usize = 8;

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
