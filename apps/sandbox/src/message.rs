//! What somebody received, read into the form that is judged: an e-mail or the text of an SMS. The judge itself runs outside,
//! where the memory of senders is; it sees typed and bounded values alone.

use hygie_phish::{Message, message::Oddity, parse};
use serde::{Deserialize, Serialize};

use crate::{Job, Part, Work};

/// Reads a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "received", rename_all = "kebab-case")]
pub enum Received {
    /// An e-mail, as it came.
    Mail {},
    /// What somebody pasted of an e-mail: its source, or a text in which it was passed on.
    Pasted {},
    /// A text message.
    Sms {
        /// Number or name that the telephone shows, where it is known.
        sender: Option<String>,
    },
}

impl Received {
    /// How many of a message's first bytes are worth handing in: one more than the judge reads, so that it knows of a rest.
    pub const MOST: usize = (16 << 20) + 1;
    /// How much of a sender is handed in, in signs: the request is one short line.
    const LONGEST_SENDER: usize = 200;

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
    type Answer = Message;
    /// Many bodies and many links, each within the judge's bounds; all of them at their bounds are nobody's message, and whoever
    /// asks has no room for it.
    const LONGEST: u64 = 8 << 20;

    fn run(&self, part: Part<'_>) -> Message {
        match self {
            Self::Mail {} => parse::mail(part.bytes),
            Self::Pasted {} => pasted(part.bytes),
            Self::Sms { sender } => {
                parse::sms(&String::from_utf8_lossy(part.bytes), sender.as_deref())
            }
        }
    }
}

/// Blank lines above are the paste's. Headers that anybody could have typed are told as quoted.
fn pasted(bytes: &[u8]) -> Message {
    let blank = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    let text = String::from_utf8_lossy(bytes);
    match parse::mail(&bytes[blank..]) {
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

    fn read(job: &Received, bytes: &[u8]) -> Message {
        let of = bytes.len() as u64;
        job.run(Part { bytes, of })
    }

    #[test]
    fn the_kinds_have_one_form_each() {
        for (job, line) in [
            (Received::Mail {}, r#"{"work":"message","received":"mail"}"#),
            (
                Received::Pasted {},
                r#"{"work":"message","received":"pasted"}"#,
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

    #[test]
    fn what_was_pasted_is_read_as_what_it_is() {
        let mail = |text: &str| match read(&Received::Pasted {}, text.as_bytes()) {
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
            assert_eq!(serde_json::from_slice::<Message>(&line).unwrap(), message);
        }
    }
}
