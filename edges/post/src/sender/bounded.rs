//! The side of whoever asks the world for a reader that is shut in: a reader that a mail took over must not be able to tell
//! anybody what the mail says. So names alone go out, few of them, and only such as stand in the headers that say who sent it.

use std::cell::RefCell;

use super::{Kind, Names, Question, Reply};

/// Asks for one mail.
pub struct Bounded<'a> {
    names: &'a dyn Names,
    asked: RefCell<Asked>,
}

struct Asked {
    /// What names may be taken from, without spaces.
    known: String,
    left: u32,
    silences: u32,
}

impl<'a> Bounded<'a> {
    /// For this mail, as it came.
    #[must_use]
    pub fn new(names: &'a dyn Names, raw: &[u8]) -> Self {
        let asked = RefCell::new(Asked {
            known: speaking(raw),
            left: MOST,
            silences: 0,
        });
        Self { names, asked }
    }
}

impl Names for Bounded<'_> {
    fn ask(&self, question: &Question) -> Reply {
        let mut asked = self.asked.borrow_mut();
        if asked.left == 0 || asked.silences >= PATIENCE || !asked.knows(question) {
            return Reply::Silent;
        }
        asked.left -= 1;
        let reply = self.names.ask(question);
        match &reply {
            Reply::Found(records) => {
                for record in records {
                    asked.know(record);
                }
            }
            Reply::Nothing => {}
            // Whoever is silent twice is silent: nobody waits for the rest.
            Reply::Silent => asked.silences += 1,
        }
        reply
    }
}

impl Asked {
    /// Where its parts stand: a key's name is a selector and a domain.
    fn knows(&self, question: &Question) -> bool {
        let name = question.name.as_str();
        let stands = |part: &str| !part.is_empty() && self.known.contains(part);
        match (
            name.strip_prefix("_dmarc."),
            name.split_once("._domainkey."),
        ) {
            (Some(domain), _) => question.kind == Kind::Txt && stands(domain),
            (None, Some((selector, domain))) => {
                question.kind == Kind::Txt && stands(selector) && stands(domain)
            }
            (None, None) => stands(name),
        }
    }

    fn know(&mut self, record: &str) {
        let room = LONGEST.saturating_sub(self.known.len());
        let record = record.chars().filter(|sign| !sign.is_whitespace());
        self.known.push('\n');
        self.known
            .extend(record.take(room).flat_map(char::to_lowercase));
    }
}

/// The headers that say who sent it, each without spaces: a fold may stand within a name.
fn speaking(raw: &[u8]) -> String {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(LONGEST)]);
    let mut known = String::new();
    let mut is_wanted = false;
    for line in head.lines().take_while(|line| !line.is_empty()) {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default();
            is_wanted = SPEAKING
                .iter()
                .any(|wanted| name.trim().eq_ignore_ascii_case(wanted));
            known.push('\n');
        }
        if is_wanted {
            let signs = line.chars().filter(|sign| !sign.is_whitespace());
            known.extend(signs.flat_map(char::to_lowercase));
        }
    }
    known
}

const SPEAKING: [&str; 7] = [
    "From",
    "Return-Path",
    "Received",
    "DKIM-Signature",
    "ARC-Seal",
    "ARC-Message-Signature",
    "ARC-Authentication-Results",
];
/// A sender that is checked in all ways, with a long list of its own servers, needs twenty.
const MOST: u32 = 24;
const PATIENCE: u32 = 2;
/// Of what names are taken from, in bytes.
const LONGEST: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sender::Name;

    /// Answers everything with the same, and counts.
    struct Says(Reply, RefCell<Vec<String>>);

    impl Names for Says {
        fn ask(&self, question: &Question) -> Reply {
            self.1.borrow_mut().push(question.name.as_str().to_owned());
            self.0.clone()
        }
    }

    fn ask(bounded: &Bounded<'_>, name: &str, kind: Kind) -> Reply {
        let name = Name::of(name).unwrap();
        bounded.ask(&Question { name, kind })
    }

    const MAIL: &[u8] = b"Return-Path: <bounce@envoi.example>\r\nDKIM-Signature: v=1; d=la\r\n bo.example; s=s1\r\n\
        From: Labo <zoe@labo.example>\r\nSubject: dupont.jean.vih\r\n\r\nvoir secret.example\r\n";

    #[test]
    fn names_stand_in_what_says_who_sent_it() {
        let says = Says(Reply::Nothing, RefCell::default());
        let bounded = Bounded::new(&says, MAIL);
        for (name, kind, is_asked) in [
            ("s1._domainkey.labo.example", Kind::Txt, true),
            ("_dmarc.labo.example", Kind::Txt, true),
            ("envoi.example", Kind::Txt, true),
            ("dupont.jean.vih", Kind::Txt, false),
            ("secret.example", Kind::A, false),
            ("dupont._domainkey.labo.example", Kind::Txt, false),
            ("s1._domainkey.secret.example", Kind::Txt, false),
            ("_dmarc.labo.example", Kind::Mx, false),
            ("jean.labo.example", Kind::A, false),
        ] {
            let before = says.1.borrow().len();
            let reply = ask(&bounded, name, kind);
            let is_silent = reply == Reply::Silent;
            assert_eq!(
                (says.1.borrow().len() > before, !is_silent),
                (is_asked, is_asked),
                "{name}"
            );
        }
    }

    #[test]
    fn an_answer_may_lead_on() {
        let says = Says(
            Reply::Found(vec!["v=spf1 include:_spf.Hoster.example -all".into()]),
            RefCell::default(),
        );
        let bounded = Bounded::new(&says, MAIL);
        assert_eq!(
            ask(&bounded, "_spf.hoster.example", Kind::Txt),
            Reply::Silent
        );
        ask(&bounded, "labo.example", Kind::Txt);
        assert_ne!(
            ask(&bounded, "_spf.hoster.example", Kind::Txt),
            Reply::Silent
        );
    }

    #[test]
    fn who_is_silent_is_asked_twice_and_who_answers_so_often() {
        let says = Says(Reply::Silent, RefCell::default());
        let bounded = Bounded::new(&says, MAIL);
        for _ in 0..9 {
            assert_eq!(ask(&bounded, "labo.example", Kind::Txt), Reply::Silent);
        }
        assert_eq!(says.1.borrow().len(), 2);
        let says = Says(Reply::Nothing, RefCell::default());
        let bounded = Bounded::new(&says, MAIL);
        for _ in 0..99 {
            ask(&bounded, "labo.example", Kind::Txt);
        }
        assert_eq!(says.1.borrow().len(), 24);
    }
}
