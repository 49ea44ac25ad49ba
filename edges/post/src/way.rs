//! A road that can be gone: parsed whole before it is kept, so that what is wrong with it is said beside its field.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hygie_model::letter::{
    Flaw, LONGEST_SUBJECT, LONGEST_TEXT, Letter, MOST_ADDRESSEES, Road, Security,
};
use lettre::Address;
use rustls::pki_types::ServerName;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::line::is_server;

/// A road with its secret.
#[derive(Debug)]
pub enum Way {
    /// To a mail server.
    Mail(MailWay),
    /// To a webhook.
    Webhook(WebhookWay),
}

/// To a mail server.
#[derive(Debug)]
pub struct MailWay {
    pub(crate) server: String,
    pub(crate) name: ServerName<'static>,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) login: Option<Login>,
    pub(crate) from: Address,
    pub(crate) to: Vec<Address>,
}

/// Who signs in.
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: Zeroizing<String>,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login({}, …)", self.user)
    }
}

/// To a webhook.
#[derive(Debug)]
pub struct WebhookWay {
    pub(crate) url: Url,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `None` on this machine without TLS.
    pub(crate) name: Option<ServerName<'static>>,
    pub(crate) key: Option<Key>,
}

/// What a webhook's signatures are made with.
pub(crate) struct Key(pub(crate) Zeroizing<Vec<u8>>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Way {
    /// Reads a road with its secret.
    ///
    /// # Errors
    /// What of it is not right.
    pub fn read(road: &Road, secret: Option<&str>) -> Result<Self, Flaw> {
        match road {
            Road::Mail {
                server,
                port,
                security,
                user,
                from,
                to,
            } => {
                let name = name_of(server).ok_or(Flaw::Server)?;
                if *port == 0 {
                    return Err(Flaw::Port);
                }
                if to.is_empty() || to.len() > MOST_ADDRESSEES {
                    return Err(Flaw::To);
                }
                let to = to.iter().map(|one| address(one)).collect::<Option<_>>();
                Ok(Self::Mail(MailWay {
                    server: server.clone(),
                    name,
                    port: *port,
                    security: *security,
                    login: login(user.as_deref(), secret)?,
                    from: address(from).ok_or(Flaw::From)?,
                    to: to.ok_or(Flaw::To)?,
                }))
            }
            Road::Webhook { url } => Ok(Self::Webhook(webhook(url, secret)?)),
        }
    }
}

/// Whether a secret that was given for one road may be said on the other.
#[must_use]
pub fn leads_as(before: &Road, now: &Road) -> bool {
    match (before, now) {
        (
            Road::Mail { server, user, .. },
            Road::Mail {
                server: next,
                user: same,
                ..
            },
        ) => server.eq_ignore_ascii_case(next) && user == same && user.is_some(),
        (Road::Webhook { url }, Road::Webhook { url: next }) => url == next,
        (Road::Mail { .. }, Road::Webhook { .. }) | (Road::Webhook { .. }, Road::Mail { .. }) => {
            false
        }
    }
}

/// Whether this can be sent: a subject of one line, a text with room for more, both within bounds.
#[must_use]
pub fn is_letter(letter: &Letter) -> bool {
    let Letter { subject, text } = letter;
    let line = !subject.trim().is_empty()
        && subject.len() <= LONGEST_SUBJECT
        && !subject.chars().any(is_hidden);
    let rest = !text.trim().is_empty()
        && text.len() <= LONGEST_TEXT
        && !text.chars().any(|sign| is_hidden(sign) && sign != '\n');
    line && rest
}

/// What breaks lines, or is not seen.
fn is_hidden(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}')
}

fn login(user: Option<&str>, password: Option<&str>) -> Result<Option<Login>, Flaw> {
    match (user, password) {
        (None, None) => Ok(None),
        (Some(user), _) if !is_word(user) => Err(Flaw::User),
        (Some(user), Some(password)) if is_word(password) => Ok(Some(Login {
            user: user.to_owned(),
            password: Zeroizing::new(password.to_owned()),
        })),
        (None | Some(_), _) => Err(Flaw::Secret),
    }
}

/// A name or a password as a server may have it.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_WORD && !text.chars().any(char::is_control)
}

fn name_of(host: &str) -> Option<ServerName<'static>> {
    ServerName::try_from(host.to_owned()).ok()
}

/// An address in plain letters: what every server takes.
fn address(text: &str) -> Option<Address> {
    let plain = text.is_ascii() && text.len() <= LONGEST_ADDRESS && !text.contains(['"', '[']);
    plain.then(|| text.parse().ok()).flatten()
}

fn webhook(url: &str, secret: Option<&str>) -> Result<WebhookWay, Flaw> {
    if url.len() > LONGEST_URL {
        return Err(Flaw::Url);
    }
    let url = Url::parse(url).map_err(|_| Flaw::Url)?;
    // What is written before an @ would go out in a header, and look like the host to a person.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Flaw::Url);
    }
    let (host, here) = match url.host().ok_or(Flaw::Url)? {
        Host::Domain(name) => (name.to_owned(), false),
        Host::Ipv4(address) => (address.to_string(), address.is_loopback()),
        Host::Ipv6(address) => (address.to_string(), address.is_loopback()),
    };
    // Said at once where it can be; a name is looked at when it has led somewhere.
    if host.parse().is_ok_and(|address| !is_server(address)) {
        return Err(Flaw::Url);
    }
    let name = match url.scheme() {
        "https" => Some(name_of(&host).ok_or(Flaw::Url)?),
        // A name may lead elsewhere tomorrow; an address of this machine does not.
        "http" if here => None,
        _ => return Err(Flaw::Url),
    };
    Ok(WebhookWay {
        port: url.port_or_known_default().ok_or(Flaw::Url)?,
        host,
        name,
        key: secret.map(key).transpose()?,
        url,
    })
}

/// As Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base 64.
fn key(secret: &str) -> Result<Key, Flaw> {
    let text = secret.strip_prefix("whsec_").ok_or(Flaw::Secret)?;
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| Flaw::Secret)?;
    let bytes = Zeroizing::new(bytes);
    if (24..=64).contains(&bytes.len()) {
        Ok(Key(bytes))
    } else {
        Err(Flaw::Secret)
    }
}

const LONGEST_WORD: usize = 200;
const LONGEST_ADDRESS: usize = 200;
const LONGEST_URL: usize = 2000;

#[cfg(test)]
mod tests;
