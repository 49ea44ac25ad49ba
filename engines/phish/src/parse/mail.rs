//! An e-mail by every reading that a mail program could make of it: all bodies, all senders, all alternatives.
//! What is twice there is kept twice, because some program shows the other one.

use mail_parser::{
    Addr, Address as Parsed, HeaderName, HeaderValue, Message as Tree, MessageParser, MessagePart,
    MimeHeaders, PartType,
};

use super::{bounds, code::Points, file, html, plain};
use crate::message::{Address, Body, Mail, Oddity};

/// Reads a message.
pub(super) fn read(raw: &[u8]) -> Mail {
    let (kept, whole) = bounds::within(raw);
    let mut points = Points::of_a_message();
    let mut mail = match MessageParser::default().parse(&*kept) {
        Some(tree) => of(&tree, 0, &mut points),
        None => {
            let mut mail = Mail::default();
            mail.bodies
                .push(plain::read(&String::from_utf8_lossy(&kept)));
            mail
        }
    };
    if let Some(other) = other_reading(&kept, &mut points) {
        mail.oddities.push(Oddity::Ambiguous);
        join(&mut mail, other);
    }
    if mail.from.is_empty() && mail.subject.is_empty() {
        mail.oddities.push(Oddity::NoHeaders);
    }
    if !whole {
        mail.oddities.push(Oddity::TooMuch);
    }
    mail.oddities.sort_unstable();
    mail.oddities.dedup();
    mail
}

fn of(tree: &Tree<'_>, depth: usize, points: &mut Points) -> Mail {
    let mut mail = heads(tree);
    for part in &tree.parts {
        match &part.body {
            PartType::Message(_) if depth >= bounds::DEPTH || mail.attached.len() >= ATTACHED => {
                mail.oddities.push(Oddity::TooDeep);
            }
            PartType::Message(inner) => {
                let inner = of(inner, depth + 1, points);
                if inner.oddities.contains(&Oddity::TooDeep) {
                    mail.oddities.push(Oddity::TooDeep);
                }
                mail.attached.push(inner);
            }
            PartType::Multipart(_) => {}
            PartType::Text(text) => text_part(&mut mail, part, text, Markup::Plain, points),
            PartType::Html(text) => text_part(&mut mail, part, text, Markup::Html, points),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                attach(&mut mail, part, bytes, points);
            }
        }
    }
    // What most programs show is the page.
    mail.bodies
        .sort_by_key(|body| !body.page.html || body.text.is_empty());
    mail
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Markup {
    Plain,
    Html,
}

fn text_part(
    mail: &mut Mail,
    part: &MessagePart<'_>,
    text: &str,
    markup: Markup,
    points: &mut Points,
) {
    let disposed = part
        .content_disposition()
        .is_some_and(mail_parser::ContentType::is_attachment);
    if disposed || part.attachment_name().is_some() || mail.bodies.len() >= bounds::BODIES {
        attach(mail, part, text.as_bytes(), points);
        // A part with a name that is not set aside is shown by some programs.
        if disposed || mail.bodies.len() >= bounds::BODIES {
            return;
        }
    }
    let body = match markup {
        Markup::Html => html::read(text),
        Markup::Plain => plain::read(text),
    };
    if body != Body::default() {
        mail.bodies.push(body);
    }
}

fn attach(mail: &mut Mail, part: &MessagePart<'_>, bytes: &[u8], points: &mut Points) {
    if mail.files.len() >= bounds::FILES {
        mail.oddities.push(Oddity::TooMuch);
        return;
    }
    let name = bounds::beginning(part.attachment_name().unwrap_or_default(), bounds::WORD);
    mail.files.push(file::read_of(name, bytes, points));
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

/// Where a header that decides how the body is cut stands twice, programs differ in which they believe: the parser
/// takes one, here the first of them is taken.
fn other_reading(raw: &[u8], points: &mut Points) -> Option<Mail> {
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
        .map(|tree| of(&tree, 0, points))
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
