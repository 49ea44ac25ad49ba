//! An e-mail by every reading that a mail program could make of it: all bodies, all senders, all alternatives.
//! What is twice there is kept twice, because some program shows the other one.

use mail_parser::{
    Addr, Address as Parsed, HeaderName, HeaderValue, Message as Tree, MessageParser, MessagePart,
    MimeHeaders, PartType,
};

use super::{bounds, file, html, outlook, plain};
use crate::message::{Address, Body, Mail, Oddity};

/// Reads a message, in the form of the internet or of Outlook.
pub(super) fn read(raw: &[u8]) -> Mail {
    let mut mail = if raw.starts_with(outlook::COMPOUND) {
        outlook::read(raw, 0).unwrap_or_default()
    } else {
        source(raw, 0)
    };
    if mail.from.is_empty() && mail.subject.is_empty() {
        mail.oddities.push(Oddity::NoHeaders);
    }
    mail.oddities.sort_unstable();
    mail.oddities.dedup();
    mail
}

/// Reads a message in the form of the internet.
fn source(raw: &[u8], depth: usize) -> Mail {
    let (kept, whole) = bounds::within(raw);
    let mut mail = match MessageParser::default().parse(&*kept) {
        Some(tree) => of(&tree, depth),
        None => {
            let mut mail = Mail::default();
            mail.bodies
                .push(plain::read(&String::from_utf8_lossy(&kept)));
            mail
        }
    };
    if let Some(other) = other_reading(&kept, depth) {
        mail.oddities.push(Oddity::Ambiguous);
        join(&mut mail, other);
    }
    if !whole {
        mail.oddities.push(Oddity::TooMuch);
    }
    mail
}

fn of(tree: &Tree<'_>, depth: usize) -> Mail {
    let mut mail = heads(tree);
    for part in &tree.parts {
        match &part.body {
            PartType::Message(inner) => {
                attach_message(&mut mail, depth, || Some(of(inner, depth + 1)));
            }
            PartType::Multipart(_) => {}
            PartType::Text(text) => text_part(&mut mail, part, text, Markup::Plain, depth),
            PartType::Html(text) => text_part(&mut mail, part, text, Markup::Html, depth),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                attach_part(&mut mail, part, bytes, depth);
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

fn text_part(mail: &mut Mail, part: &MessagePart<'_>, text: &str, markup: Markup, depth: usize) {
    let disposed = part
        .content_disposition()
        .is_some_and(mail_parser::ContentType::is_attachment);
    if disposed || part.attachment_name().is_some() || mail.bodies.len() >= bounds::BODIES {
        attach_part(mail, part, text.as_bytes(), depth);
        // A part with a name that is not set aside is shown by some programs.
        if disposed || mail.bodies.len() >= bounds::BODIES {
            return;
        }
    }
    show(mail, text, markup);
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

fn attach_part(mail: &mut Mail, part: &MessagePart<'_>, bytes: &[u8], depth: usize) {
    attach(
        mail,
        part.attachment_name().unwrap_or_default(),
        bytes,
        depth,
    );
}

/// Keeps something attached; a message that is attached as a file is a message.
pub(super) fn attach(mail: &mut Mail, name: &str, bytes: &[u8], depth: usize) {
    let is_message = if bytes.starts_with(outlook::COMPOUND) {
        outlook::is_message(bytes)
    } else {
        file::ends_with(name, &[".eml"])
    };
    if is_message
        && attach_message(mail, depth, || {
            outlook::read(bytes, depth + 1).or_else(|| Some(source(bytes, depth + 1)))
        })
    {
        return;
    }
    if mail.files.len() >= bounds::FILES {
        mail.oddities.push(Oddity::TooMuch);
        return;
    }
    let name = bounds::beginning(name, bounds::WORD);
    mail.files.push(file::read(name, bytes));
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

/// Where a header that decides how the body is cut stands twice, programs differ in which they believe: the parser
/// takes one, here the first of them is taken.
fn other_reading(raw: &[u8], depth: usize) -> Option<Mail> {
    let end = raw
        .windows(2)
        .zip(1..)
        .find(|(two, at)| *two == b"\n\n" || (*two == b"\n\r" && raw.get(at + 1) == Some(&b'\n')))
        .map_or(raw.len(), |(_, at)| at);
    let mut other = None;
    for name in DECIDING {
        let starts: Vec<usize> = (0..end.saturating_sub(name.len()))
            .filter(|&at| at == 0 || raw[at - 1] == b'\n')
            .filter(|&at| raw[at..at + name.len()].eq_ignore_ascii_case(name))
            .collect();
        for &at in starts.iter().skip(1).take(TWICE) {
            other.get_or_insert_with(|| raw.to_vec())[at] = b'X';
        }
    }
    let other = other?;
    MessageParser::default()
        .parse(&other)
        .map(|tree| of(&tree, depth))
}

fn join(mail: &mut Mail, other: Mail) {
    for body in other.bodies {
        if !mail.bodies.contains(&body) && mail.bodies.len() < bounds::BODIES {
            mail.bodies.push(body);
        }
    }
    for file in other.files {
        if !mail.files.contains(&file) && mail.files.len() < bounds::FILES {
            mail.files.push(file);
        }
    }
}

const ONCE: [HeaderName<'static>; 5] = [
    HeaderName::From,
    HeaderName::Subject,
    HeaderName::Date,
    HeaderName::ContentType,
    HeaderName::ContentTransferEncoding,
];
const DECIDING: [&[u8]; 2] = [b"content-type:", b"content-transfer-encoding:"];
const TWICE: usize = 50;
/// Messages attached to one message.
const ATTACHED: usize = 8;

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
