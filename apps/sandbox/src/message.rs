//! What somebody received, read into the form that is judged: an e-mail or the text of an SMS. The judge itself runs outside,
//! where the memory of senders is; it sees typed and bounded values alone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hygie_model::Wall;
use hygie_phish::{Authenticated, Message, message::Oddity, parse};
use hygie_post::sender::{Names, Server, Standing, standing};
use serde::{Deserialize, Serialize};

use crate::{Job, Part, Work, asked::Nobody};

/// Reads a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "received", rename_all = "kebab-case")]
pub enum Received {
    /// An e-mail, as it came.
    Mail {},
    /// An e-mail of which is to be said, too, whether it is from whom it says.
    Sent {
        /// The practice's own mail servers, whose results are believed.
        servers: Vec<Server>,
        /// Whether the domain name system may be asked.
        asks: Asks,
        /// What the time is.
        now: Wall,
    },
    /// What somebody pasted or piped of an e-mail: its source, or a text in which it was passed on. Anybody could have typed the
    /// line of a server in it, so none is believed.
    Pasted {
        /// Whether the domain name system may be asked.
        asks: Asks,
        /// What the time is.
        now: Wall,
    },
    /// A text message.
    Sms {
        /// Number or name that the telephone shows, where it is known.
        sender: Option<String>,
    },
}

/// Whether the domain name system may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// Nobody is asked.
    #[default]
    Nobody,
    /// Where a mail has a signature, or came in over a known hop.
    Names,
}

impl Asks {
    fn of(self, parent: &dyn Names) -> Option<&dyn Names> {
        match self {
            Self::Nobody => None,
            Self::Names => Some(parent),
        }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    /// The message.
    pub message: Message,
    /// Whether it is from whom it says.
    pub authenticated: Authenticated,
}

impl Received {
    /// How many of a message's first bytes are worth handing in: one more than the judge reads, so that it knows of a rest.
    pub const MOST: usize = (16 << 20) + 1;
    /// How much of a sender is handed in, in signs: the request is one short line.
    const LONGEST_SENDER: usize = 200;

    /// Mail servers that are handed in: likewise.
    const MOST_SERVERS: usize = 10;

    /// An e-mail whose sender is looked at.
    #[must_use]
    pub fn sent(servers: &[Server], asks: Asks, now: Wall) -> Self {
        Self::Sent {
            servers: servers.iter().take(Self::MOST_SERVERS).cloned().collect(),
            asks,
            now,
        }
    }

    /// What was pasted or piped.
    #[must_use]
    pub const fn pasted(asks: Asks, now: Wall) -> Self {
        Self::Pasted { asks, now }
    }

    /// A text message from whom the telephone shows.
    #[must_use]
    pub fn sms(sender: Option<&str>) -> Self {
        let shown = |sender: &str| sender.chars().take(Self::LONGEST_SENDER).collect();
        Self::Sms {
            sender: sender.map(shown),
        }
    }
}

impl From<Received> for Work {
    fn from(job: Received) -> Self {
        Self::Message(job)
    }
}

impl Job for Received {
    type Answer = Read;
    /// Many bodies and many links, each within the judge's bounds; all of them at their bounds are nobody's message, and whoever
    /// asks has no room for it.
    const LONGEST: u64 = 8 << 20;

    fn run(&self, part: Part<'_>) -> Read {
        self.run_asking(part, &Nobody)
    }

    fn run_asking(&self, part: Part<'_>, parent: &dyn Names) -> Read {
        let unseen = |message| Read {
            message,
            authenticated: Authenticated::Unknown,
        };
        match self {
            Self::Mail {} => unseen(parse::mail(part.bytes)),
            Self::Sent { servers, asks, now } => Read {
                message: parse::mail(part.bytes),
                authenticated: of_sender(part.bytes, servers, asks.of(parent), *now),
            },
            Self::Pasted { asks, now } => {
                let bytes = part.bytes.trim_ascii_start();
                Read {
                    message: pasted(bytes),
                    authenticated: of_sender(bytes, &[], asks.of(parent), *now),
                }
            }
            Self::Sms { sender } => {
                let text = String::from_utf8_lossy(part.bytes);
                unseen(parse::sms(&text, sender.as_deref()))
            }
        }
    }
}

/// What makes this break says nothing of its sender, and the message is read all the same.
fn of_sender(
    bytes: &[u8],
    servers: &[Server],
    names: Option<&dyn Names>,
    now: Wall,
) -> Authenticated {
    match caught(|| standing(bytes, servers, names, now)) {
        Standing::Proven => Authenticated::Proven,
        Standing::Refused => Authenticated::Refused,
        Standing::Unsigned => Authenticated::Unsigned,
        Standing::Unknown => Authenticated::Unknown,
    }
}

fn caught(look: impl FnOnce() -> Standing) -> Standing {
    catch_unwind(AssertUnwindSafe(look)).unwrap_or(Standing::Unknown)
}

/// Headers that anybody could have typed are told as quoted.
fn pasted(bytes: &[u8]) -> Message {
    let text = String::from_utf8_lossy(bytes);
    match parse::mail(bytes) {
        Message::Mail(mail) if mail.oddities.contains(&Oddity::NoHeaders) => {
            Message::Mail(Box::new(parse::pasted(&text, None)))
        }
        Message::Mail(mut mail) => {
            if !parse::is_source(&text) && parse::is_passed_on(&text) {
                mail.oddities.push(Oddity::Quoted);
            }
            Message::Mail(mail)
        }
        sms @ Message::Sms(_) => sms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(job: &Received, bytes: &[u8]) -> Read {
        let of = bytes.len() as u64;
        job.run(Part { bytes, of })
    }

    #[test]
    fn the_kinds_have_one_form_each() {
        for (job, line) in [
            (Received::Mail {}, r#"{"work":"message","received":"mail"}"#),
            (
                Received::sent(&[server()], Asks::Names, Wall(0)),
                concat!(
                    r#"{"work":"message","received":"sent","servers":["mx.cabinet.example"],"#,
                    r#""asks":"names","now":"1970-01-01T00:00:00Z"}"#
                ),
            ),
            (
                Received::pasted(Asks::Names, Wall(0)),
                r#"{"work":"message","received":"pasted","asks":"names","now":"1970-01-01T00:00:00Z"}"#,
            ),
            (
                Received::sms(Some("38000")),
                r#"{"work":"message","received":"sms","sender":"38000"}"#,
            ),
        ] {
            let work = Work::from(job);
            assert_eq!(serde_json::to_string(&work).unwrap(), line);
            assert_eq!(serde_json::from_str::<Work>(line).unwrap(), work);
        }
        let Received::Sms { sender } = Received::sms(Some(&"é".repeat(9000))) else {
            panic!("an SMS")
        };
        assert_eq!(sender.unwrap().chars().count(), 200);
    }

    fn server() -> Server {
        Server::of("mx.cabinet.example").unwrap()
    }

    #[test]
    fn more_servers_than_a_line_holds_are_left_out() {
        let long = Server::of(&format!(
            "{}example",
            format!("{}.", "a".repeat(60)).repeat(4)
        ))
        .unwrap();
        let work = Work::from(Received::sent(&vec![long; 99], Asks::Nobody, Wall(0)));
        assert!(serde_json::to_string(&work).unwrap().len() < 3500);
    }

    #[test]
    fn what_a_server_of_ours_found_is_said() {
        let raw = b"Authentication-Results: mx.cabinet.example; dmarc=fail (p=reject)\r\nFrom: a@b.example\r\n\r\nx";
        let sent = |servers: &[Server]| Received::sent(servers, Asks::Nobody, Wall(0));
        let found = |job: &Received| read(job, raw).authenticated;
        assert_eq!(found(&sent(&[server()])), Authenticated::Refused);
        assert_eq!(found(&sent(&[])), Authenticated::Unknown);
        assert_eq!(found(&Received::Mail {}), Authenticated::Unknown);
    }

    #[test]
    fn what_breaks_the_look_at_a_sender_says_nothing_of_them() {
        assert_eq!(caught(|| panic!("broken")), Standing::Unknown);
        assert_eq!(caught(|| Standing::Proven), Standing::Proven);
    }

    #[test]
    fn what_was_pasted_is_read_as_what_it_is() {
        let mail =
            |text: &str| match read(&Received::pasted(Asks::Nobody, Wall(0)), text.as_bytes())
                .message
            {
                Message::Mail(mail) => mail,
                Message::Sms(_) => panic!("a mail"),
            };
        let source = mail("\n\r\n  \nReceived: from x\nFrom: A <a@b.example>\n\nHello");
        assert_eq!((source.from.len(), source.shown().trim()), (1, "Hello"));
        assert!(source.oddities.is_empty(), "{source:?}");
        let quoted = "Tu as vu ?\n\nDe : A <a@b.example>\nEnvoyé : lundi\nObjet : Carte\n\nCliquez";
        for text in [
            quoted,
            "From: A <a@b.example>\nSent: x\nTo: y\nSubject: Carte\n\nCliquez",
        ] {
            let quoted = mail(text);
            assert_eq!(quoted.from[0].address, "a@b.example");
            assert_eq!(quoted.subject, "Carte");
            assert!(quoted.oddities.contains(&Oddity::Quoted), "{text}");
        }
    }

    #[test]
    fn what_was_read_crosses_as_it_is() {
        let raw =
            b"From: Zo\xc3\xa9 <zoe@labo.example>\r\nSubject: R\r\n\r\nhttps://labo.example/r\r\n";
        for message in [
            read(&Received::Mail {}, raw),
            read(
                &Received::sms(None),
                "Colis : https://a.example\u{fffd}".as_bytes(),
            ),
            read(&Received::Mail {}, b""),
            read(&Received::sms(Some("x")), b"\xff\xfe"),
        ] {
            let line = serde_json::to_vec(&message).unwrap();
            assert!(!line.contains(&b'\n'));
            assert_eq!(serde_json::from_slice::<Read>(&line).unwrap(), message);
        }
    }
}
