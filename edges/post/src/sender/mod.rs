//! Whether a mail is from whom it says: what a server that the practice trusts found, else what its signatures and the domain
//! name system say. Never opens a connection: whoever calls answers its questions. Doubt is `Unknown`, never a bad word.

mod bounded;
mod heads;
mod names;
mod results;
mod system;
mod verify;
mod zone;

use hygie_model::Wall;
use mail_auth::AuthenticatedMessage;

pub use bounded::Bounded;
pub use names::{Kind, Name, Names, Question, Reply};
pub use results::Server;
pub use system::{NoSystem, System};

/// What can be said of a mail's sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Whoever has the domain of its `From` vouches for it.
    Proven,
    /// They say that what comes so is not theirs.
    Refused,
    /// Nobody signed it, though it travelled.
    Unsigned,
    /// Nobody looked, or nothing can be told.
    Unknown,
}

/// Looks at a mail as it came. A result of a trusted server is believed before anything is asked; without `names` nothing is
/// asked at all, and a mail without a signature and without a hop that can be trusted asks nothing either.
#[must_use]
pub fn standing(raw: &[u8], servers: &[Server], names: Option<&dyn Names>, now: Wall) -> Standing {
    if servers.is_empty() && names.is_none() {
        return Standing::Unknown;
    }
    if !heads::are_few(raw) {
        return Standing::Unknown;
    }
    let Some(mut message) = AuthenticatedMessage::parse(raw) else {
        return Standing::Unknown;
    };
    let Some(from) = author(&message) else {
        return Standing::Unknown;
    };
    let told = heads::of_trusted(&message, servers);
    if let Some(standing) = results::standing(&told, &from) {
        return standing;
    }
    let Some(names) = names else {
        return Standing::Unknown;
    };
    message.dkim_headers.truncate(MOST_SIGNATURES);
    match verify::standing(&message, &from, servers, names, now) {
        // Where the way in is known, SPF could have spoken for it as well.
        Standing::Unknown if servers.is_empty() && is_unsigned(&message) => Standing::Unsigned,
        known @ (Standing::Proven | Standing::Refused | Standing::Unsigned | Standing::Unknown) => {
            known
        }
    }
}

/// A mail that no server took in has no signature yet, and a pasted text has none at all.
fn is_unsigned(message: &AuthenticatedMessage<'_>) -> bool {
    let mut headers = message.headers.iter();
    message.dkim_headers.is_empty() && headers.any(|(name, _)| is(name, b"received"))
}

/// The one domain that it says it is from. Two senders, or two `From` of which each program shows another one, are proven by
/// nothing, however good a signature over one of them is.
fn author(message: &AuthenticatedMessage<'_>) -> Option<String> {
    let mut froms = message.headers.iter().filter(|(name, _)| is(name, b"from"));
    froms.next()?;
    let [from] = &message.from[..] else {
        return None;
    };
    let (_, domain) = from.rsplit_once('@')?;
    let is_sane = froms.next().is_none() && message.headers.len() <= MOST_HEADERS;
    is_sane.then(|| domain.to_lowercase())
}

/// Whether a header has this name.
fn is(name: &[u8], wanted: &[u8]) -> bool {
    name.trim_ascii().eq_ignore_ascii_case(wanted)
}

/// One is the other, or both lie below one domain that somebody owns.
fn is_aligned(one: &str, other: &str) -> bool {
    one == other
        || match (psl::domain_str(one), psl::domain_str(other)) {
            (Some(one), Some(other)) => one == other,
            (None, _) | (_, None) => false,
        }
}

/// More than anybody's mail has; what costs by their square is not begun beyond.
const MOST_HEADERS: usize = 500;
/// A forwarded mail has three.
const MOST_SIGNATURES: usize = 8;

#[cfg(test)]
mod tests;
