//! What somebody pasted of an e-mail: its source, or its text with what their mail program says above a message that is passed on.
//! Looks at lines and at the names before their colons, nothing else; what it finds is what somebody quoted, and is told so.

use super::{bounds, plain};
use crate::fold::fold;
use crate::message::{Address, Mail, Oddity};

/// Whether a text is a mail's source: a block of headers of which one only travels.
#[must_use]
pub fn is_source(text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let (mut headers, mut travels) = (0, false);
    for line in text.lines().take(MOST_LINES) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        if line.starts_with("From ") && headers == 0 {
            travels = true;
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        if name.is_empty() || !name.trim_end().bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        headers += 1;
        let name = name.trim_end().to_ascii_lowercase();
        travels |= name.starts_with("x-") || TRAVELS.contains(&&*name);
    }
    headers >= 2 && travels
}

/// A text that was pasted, with the sender and the subject that it quotes where somebody passed a message on.
#[must_use]
pub fn pasted(text: &str, sender: Option<Address>) -> Mail {
    let mut mail = Mail {
        oddities: vec![Oddity::NoHeaders],
        bodies: vec![plain::read(text.trim())],
        ..Mail::default()
    };
    if let Some(quoted) = quoted(text) {
        mail.from = quoted.from;
        mail.to = quoted.to;
        mail.subject = quoted.subject;
        mail.oddities.push(Oddity::Quoted);
    }
    if let Some(sender) = sender {
        mail.from = vec![sender];
    }
    mail
}

/// What stands above a message that was passed on.
#[derive(Default)]
struct Quoted {
    from: Vec<Address>,
    to: Vec<Address>,
    subject: String,
}

/// Whether a text holds a message that somebody passed on.
#[must_use]
pub fn is_passed_on(text: &str) -> bool {
    quoted(text).is_some()
}

fn quoted(text: &str) -> Option<Quoted> {
    let mut block: Vec<(Key, String)> = Vec::new();
    for line in text.lines().take(MOST_LINES) {
        let line = line
            .trim_start_matches(['>', '|', ' ', '\t', '\u{a0}', '*', '\u{feff}'])
            .trim_end();
        if let Some((key, value)) = key(line) {
            block.push((key, value.to_owned()));
            continue;
        }
        let is_done = is_whole(&block);
        let waits = block.last_mut().filter(|(_, value)| value.is_empty());
        match (line.is_empty(), waits) {
            // Some programs put an empty line between, or the value on the next.
            (true, _) if !is_done => {}
            (false, Some((_, value))) => line.clone_into(value),
            _ if is_done => break,
            _ => block.clear(),
        }
    }
    is_whole(&block).then(|| {
        let mut quoted = Quoted::default();
        for (key, value) in block {
            match key {
                Key::From if quoted.from.is_empty() => quoted.from.push(address(&value)),
                Key::To if quoted.to.is_empty() => quoted.to.push(address(&value)),
                Key::Subject if quoted.subject.is_empty() => {
                    bounds::beginning(&value, bounds::WORD).clone_into(&mut quoted.subject);
                }
                Key::From | Key::To | Key::Subject | Key::When => {}
            }
        }
        quoted
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    From,
    When,
    To,
    Subject,
}

/// A sender, and two more; a ticket from one town to another is none.
fn is_whole(block: &[(Key, String)]) -> bool {
    let has = |wanted| block.iter().any(|(key, _)| *key == wanted);
    let sender = block.iter().find(|(key, _)| *key == Key::From);
    let kinds = [Key::When, Key::To, Key::Subject];
    sender.is_some_and(|(_, value)| value.contains('@') || has(Key::Subject))
        && kinds.into_iter().filter(|key| has(*key)).count() >= 2
}

fn key(line: &str) -> Option<(Key, &str)> {
    let (name, value) = line.split_once(':')?;
    if name.len() > LONGEST_NAME {
        return None;
    }
    let name = fold(name.trim_end_matches(['*', ' ', '\u{a0}', '\u{202f}']));
    let key = match &*name {
        "de" | "from" | "expediteur" | "sender" => Key::From,
        "envoye" | "envoye le" | "sent" | "date" => Key::When,
        "a" | "to" | "pour" | "destinataire" | "cc" => Key::To,
        "objet" | "subject" | "sujet" => Key::Subject,
        _ => return None,
    };
    Some((key, value.trim_matches(['*', ' ', '\t', '\u{a0}'])))
}

/// `Name <a@b>`, `Name [mailto:a@b]`, `Name (a@b)` or the address alone.
fn address(written: &str) -> Address {
    let written = bounds::beginning(written, bounds::WORD);
    let ends = |sign: char| sign.is_whitespace() || "<>[]()\"';,".contains(sign);
    let address = written
        .split(ends)
        .map(|word| word.trim_start_matches("mailto:"))
        .find(|word| word.contains('@'))
        .unwrap_or_default();
    let name = written.split(['<', '[', '(']).next().unwrap_or_default();
    let name = name.trim_matches(['"', '\'', ' ', '\t']);
    Address {
        name: if name == address { "" } else { name }.to_owned(),
        address: address.to_owned(),
    }
}

/// Headers that a server or a program writes, and nobody quotes.
const TRAVELS: [&str; 12] = [
    "received",
    "return-path",
    "delivered-to",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "dkim-signature",
    "authentication-results",
    "arc-seal",
    "list-unsubscribe",
    "user-agent",
];
const MOST_LINES: usize = 2000;
const LONGEST_NAME: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_known_by_a_header_that_travels() {
        for (text, is) in [
            ("\n\n  \r\nReturn-Path: <a@b>\r\nFrom: x\r\n\r\nHi", true),
            ("\u{feff}Received: from x\n\tby y\nFrom: a\n\nHello", true),
            ("From a@b Mon\nSubject: x\nX-Mailer: y\n\nHello", true),
            ("From: a@b\nSubject: x\nMIME-Version: 1.0\n", true),
            ("De : Ameli <a@b>\nObjet : x\n\nBonjour", false),
            (
                "From: Ameli <a@b>\nSent: Monday\nTo: x\nSubject: y\n\nHi",
                false,
            ),
            ("Bonjour,\nReceived: le 3\nX-y: z\n", false),
            ("Rappel: payez\nX-tra: important\nmerci\n", false),
            ("", false),
        ] {
            assert_eq!(is_source(text), is, "{text}");
        }
    }

    #[test]
    fn what_is_passed_on_says_who_wrote_it() {
        for text in [
            "Tu peux regarder ?\n\nDe : Ameli <info@relance.example>\nEnvoyé : lundi 30 novembre 2026 10:00\nÀ : Accueil <a@c.example>\nObjet : Votre carte\n\nCliquez",
            "---------- Forwarded message ---------\nDe : Ameli <info@relance.example>\nDate: lun. 30 nov. 2026 à 10:00\nSubject: Votre carte\nTo: <a@c.example>\n\nCliquez",
            "Début du message transféré :\n\n> De: Ameli <info@relance.example>\n> Objet: Votre carte\n> Date: 30 novembre 2026\n> À: a@c.example\n> \n> Cliquez",
            "From: Ameli [mailto:info@relance.example]\r\nSent: Monday\r\nTo: Front desk\r\nSubject: Votre carte\r\n\r\nClick",
            "*De :* Ameli <info@relance.example>\n*Envoyé :* lundi\n*Objet :* Votre carte\n",
            "Sujet : \tVotre carte\nDate : \tx\nDe : \tAmeli <info@relance.example>\nPour : \ta@c.example\n",
            "De :\nAmeli <info@relance.example>\nObjet :\nVotre carte\nDate :\nhier\n",
        ] {
            let mail = pasted(text, None);
            assert_eq!(mail.from[0].name, "Ameli", "{text}");
            assert_eq!(mail.from[0].address, "info@relance.example", "{text}");
            assert_eq!(mail.subject, "Votre carte", "{text}");
            assert!(mail.oddities.contains(&Oddity::Quoted));
            assert!(mail.oddities.contains(&Oddity::NoHeaders));
            assert_eq!(mail.bodies[0].text, text.trim().replace("\r\n", "\n"));
        }
    }

    #[test]
    fn other_texts_quote_nobody() {
        for text in [
            "De : Paris\nÀ : Lyon\nDate : 3 mai\nVoie : 2",
            "Objet : votre bilan\n\nBonjour, voici le bilan.",
            "From: here on\nnothing: else",
            "",
            ":::::\n:",
        ] {
            assert!(!is_passed_on(text), "{text}");
        }
        let sender = Address {
            name: String::new(),
            address: "z@y.example".to_owned(),
        };
        let text = "De : A <a@b.example>\nObjet : x\nDate : y\n";
        assert_eq!(pasted(text, Some(sender.clone())).from, [sender]);
    }
}
