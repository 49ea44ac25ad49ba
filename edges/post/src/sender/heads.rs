//! Which headers the practice's own servers wrote. A mail may say what it likes below them: what is believed stands on top,
//! in one piece, and above everything that its sender could write.

use std::net::IpAddr;

use hygie_model::Wall;
use mail_auth::AuthenticatedMessage;
use mail_parser::{HeaderValue, Host, Received, parsers::MessageStream};

use super::{Server, is, results};

/// Whether there are no more than people's programs write: each costs an entry of the parser's, and a million of them tens of megabytes.
pub(super) fn are_few(raw: &[u8]) -> bool {
    let beginning = &raw[..raw.len().min(LONGEST)];
    let lines = beginning.split(|byte| *byte == b'\n');
    let is_end = |line: &[u8]| line.is_empty() || line == b"\r";
    match lines.take(MOST + 1).position(is_end) {
        Some(_) => true,
        // Headers alone.
        None => raw.len() <= LONGEST && raw.iter().filter(|byte| **byte == b'\n').count() < MOST,
    }
}

/// The topmost results in one piece that servers of these names signed.
pub(super) fn of_trusted(
    message: &AuthenticatedMessage<'_>,
    servers: &[Server],
) -> Vec<results::Results> {
    let mut told = Vec::new();
    for (name, value) in &message.headers {
        if is(name, b"authentication-results") {
            match results::read(value).filter(|one| servers.iter().any(|it| it.as_str() == one.by))
            {
                Some(results) => told.push(results),
                None if told.is_empty() => {}
                None => break,
            }
        } else if !told.is_empty()
            || WRITTEN.iter().any(|written| is(name, written))
            || is(name, b"received") && !is_ours(value, servers)
        {
            break;
        }
    }
    told
}

/// How a mail came in to the practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) ip: IpAddr,
    /// How the other one called itself.
    pub(super) helo: String,
    /// Who took it.
    pub(super) by: String,
    /// The address for what does not arrive; empty where there is none.
    pub(super) mail_from: String,
    pub(super) at: Wall,
}

/// The hop over which it came from outside, where exactly one can be it: whoever sends may write hops of the same kind below.
pub(super) fn hop(message: &AuthenticatedMessage<'_>, servers: &[Server]) -> Option<Hop> {
    let mut mail_from = None;
    let mut received = message
        .headers
        .iter()
        .inspect(|(name, value)| {
            if is(name, b"return-path") && mail_from.is_none() {
                mail_from = Some(bare(value));
            }
        })
        .filter(|(name, _)| is(name, b"received"))
        .map(|(_, value)| value);
    let mut found = None;
    for value in received.by_ref() {
        let hop = MessageStream::new(value).parse_received();
        let HeaderValue::Received(hop) = hop else {
            return None;
        };
        let by = host(hop.by.as_ref());
        if is_inside(&by) {
            continue;
        }
        if !servers.iter().any(|server| server.is_of(&by)) {
            return None;
        }
        let helo = host(hop.from.as_ref());
        let is_own = servers.iter().any(|server| server.is_of(&helo));
        match address(&hop) {
            Some(ip) if is_public(ip) && !is_own => {
                found = Some((ip, helo, by, hop.date?));
                break;
            }
            Some(_) | None => {}
        }
    }
    let (ip, helo, by, date) = found?;
    // The one below would be ours too: it is, or somebody wants it to be believed.
    if received.next().is_some_and(|value| is_ours(value, servers)) {
        return None;
    }
    Some(Hop {
        ip,
        helo,
        by,
        mail_from: mail_from?,
        at: Wall(date.to_timestamp().checked_mul(NANOS)?),
    })
}

/// A hop within the practice's own machines, or one that its servers noted.
fn is_ours(value: &[u8], servers: &[Server]) -> bool {
    let hop = MessageStream::new(value).parse_received();
    let HeaderValue::Received(hop) = hop else {
        return false;
    };
    let by = host(hop.by.as_ref());
    is_inside(&by) || servers.iter().any(|server| server.is_of(&by))
}

/// A machine that has no name outside: a mail program's own, a filter beside the server.
fn is_inside(by: &str) -> bool {
    !by.contains('.') || by.parse::<IpAddr>().is_ok_and(|ip| !is_public(ip))
}

fn address(hop: &Received<'_>) -> Option<IpAddr> {
    hop.from_ip.or(match &hop.from {
        Some(Host::IpAddr(ip)) => Some(*ip),
        Some(Host::Name(_)) | None => None,
    })
}

fn host(host: Option<&Host<'_>>) -> String {
    match host {
        Some(Host::Name(name)) => name.trim_end_matches('.').to_lowercase(),
        Some(Host::IpAddr(ip)) => ip.to_string(),
        None => String::new(),
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified())
        }
        IpAddr::V6(ip) => {
            !(ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_unique_local()
                || ip.is_unicast_link_local())
        }
    }
}

/// An address without what stands around it.
fn bare(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    text.trim().to_lowercase()
}

/// Headers that whoever sends writes: from the first of them on nothing is a server's of ours.
const WRITTEN: [&[u8]; 7] = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
];
const NANOS: i64 = 1_000_000_000;

/// All headers together, in bytes.
const LONGEST: usize = 256 << 10;
/// Their lines.
const MOST: usize = 4000;
