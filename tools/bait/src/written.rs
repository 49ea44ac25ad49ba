//! Messages written for Hygie: French and English, ordinary and traps, from sentences with variation.
//! They train and serve as examples; they never stand in a figure. What they link to ends in `.example`, or is the
//! named institution's own site in an ordinary message; they live in memory alone.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::corpora::{Class, Raw, Sample, Source, Tongue};
use crate::words::Dice;

#[derive(Deserialize)]
struct File {
    letter: Vec<Letter>,
    sms: Vec<Short>,
}

/// An e-mail with its variations.
#[derive(Deserialize)]
struct Letter {
    trap: bool,
    /// Names of the sender.
    from: Vec<String>,
    /// The sender's own domain; a trap without one gets a strange one.
    site: Option<String>,
    subject: Vec<String>,
    /// Paragraphs, each in some wordings; `->` begins a link.
    text: Vec<Vec<String>>,
    /// It is built as shops build theirs: pictures, counted links, a hidden line, both alternatives.
    #[serde(default)]
    newsletter: bool,
}

/// An SMS with its variations.
#[derive(Deserialize)]
struct Short {
    trap: bool,
    text: Vec<String>,
}

/// All of them, the same each time.
pub fn samples() -> Result<Vec<Sample>> {
    let mut all = Vec::new();
    for (tongue, text, first) in [
        (Tongue::Fr, include_str!("../written/fr.toml"), 1_000_000),
        (Tongue::En, include_str!("../written/en.toml"), 2_000_000),
    ] {
        let file: File =
            toml::from_str(text).with_context(|| format!("written messages, {tongue:?}"))?;
        for (cluster, letter) in (first..).zip(&file.letter) {
            for number in 0..LETTERS {
                let mut dice = Dice(cluster * 1000 + number);
                let raw = Raw::Mail(letter.write(&mut dice, tongue).into_bytes());
                all.push(sample(cluster, number, letter.trap, tongue, raw));
            }
        }
        for (cluster, short) in (first + 500..).zip(&file.sms) {
            for number in 0..SHORTS {
                let mut dice = Dice(cluster * 1000 + number);
                let text = pick(&short.text, &mut dice);
                let raw = Raw::Sms(filled(text, &mut dice, tongue, None));
                all.push(sample(cluster, number, short.trap, tongue, raw));
            }
        }
    }
    Ok(all)
}

fn sample(cluster: u64, number: u64, trap: bool, tongue: Tongue, raw: Raw) -> Sample {
    Sample {
        name: format!("written-{cluster}-{number}"),
        class: if trap { Class::Trap } else { Class::Ordinary },
        tongue,
        source: Source::Written,
        month: String::new(),
        cluster,
        raw,
    }
}

impl Letter {
    fn write(&self, dice: &mut Dice, tongue: Tongue) -> String {
        let strange = format!("{}-{}.example", pick(PARTS, dice), pick(PARTS, dice));
        let site = self.site.clone().unwrap_or_else(|| strange.clone());
        let who = filled(pick(&self.from, dice), dice, tongue, Some(&site));
        let subject = filled(pick(&self.subject, dice), dice, tongue, Some(&site));
        let is_page = dice.below(2) == 0;
        // Honest senders count clicks through somebody else's site too.
        let elsewhere = dice.below(2) == 0;
        let host = match (self.trap, elsewhere) {
            (true, true) => format!("{}-{}.example", pick(PARTS, dice), pick(PARTS, dice)),
            (true, false) => site.clone(),
            (false, true) => format!("r.{}-envoi.example", pick(PARTS, dice)),
            (false, false) => format!("www.{site}"),
        };
        let target = format!("https://{host}/{}", pick(PATHS, dice));
        let mut body = String::new();
        for paragraph in &self.text {
            let words = filled(pick(paragraph, dice), dice, tongue, Some(&site));
            match (words.strip_prefix("->"), is_page) {
                (Some(label), true) => {
                    body += &format!("<p><a href=\"{target}\">{}</a></p>\n", label.trim())
                }
                (Some(label), false) => body += &format!("{} : {target}\n\n", label.trim()),
                (None, true) => body += &format!("<p>{words}</p>\n"),
                (None, false) => body += &format!("{words}\n\n"),
            }
        }
        if self.newsletter {
            return self.newsletter(&who, &site, &subject, dice, tongue);
        }
        let address = if who.contains('<') {
            who
        } else {
            let local = pick(LOCALS, dice);
            format!("{who} <{local}@{site}>")
        };
        let kind = if is_page { "html" } else { "plain" };
        let found = self.vouched(&address, dice);
        format!(
            "{found}From: {address}\nTo: accueil@tilleuls.test\nSubject: {subject}\nMIME-Version: 1.0\n\
             Content-Type: text/{kind}; charset=utf-8\n\n{body}"
        )
    }
}

impl Letter {
    /// What a receiving server would have found: honest senders of today sign nearly all, traps where they own a domain.
    fn vouched(&self, address: &str, dice: &mut Dice) -> String {
        let domain = address
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain.trim_end_matches('>'));
        let (proven, unsigned, refused) = if self.trap { (35, 35, 12) } else { (85, 4, 0) };
        let found = match dice.below(100) {
            at if at < proven => format!("dkim=pass header.d={domain}; dmarc=pass"),
            at if at < proven + unsigned => "dkim=none; dmarc=none".to_owned(),
            at if at < proven + unsigned + refused => "dkim=fail; dmarc=fail".to_owned(),
            _ => return String::new(),
        };
        format!("Authentication-Results: mx.tilleuls.test; {found}\n")
    }

    fn newsletter(
        &self,
        who: &str,
        site: &str,
        subject: &str,
        dice: &mut Dice,
        tongue: Tongue,
    ) -> String {
        let host = match dice.below(3) {
            0 => format!("click.e.{site}"),
            1 => format!("www.{site}"),
            _ => format!("ct.{}-envoi.example", pick(PARTS, dice)),
        };
        let long = |dice: &mut Dice| {
            let mark: String = (0..30 + dice.below(260))
                .map(|_| char::from(b"abcdef0123456789"[dice.below(16)]))
                .collect();
            format!("https://{host}/{}?e={mark}", pick(PATHS, dice))
        };
        let (mut page, mut plain) = (String::new(), String::new());
        let hidden = self
            .text
            .iter()
            .map(|one| pick(one, dice))
            .collect::<Vec<_>>()
            .join(" ");
        let hidden = filled(&hidden, dice, tongue, Some(site));
        page += &format!(
            "<div style=\"display:none\">{}</div>\n",
            hidden.repeat(dice.below(4))
        );
        page += &format!(
            "<a href=\"{}\"><img src=\"https://{host}/logo.png\" width=\"600\" alt=\"{site}\"></a>\n",
            long(dice)
        );
        for paragraph in &self.text {
            let words = filled(pick(paragraph, dice), dice, tongue, Some(site));
            if let Some(label) = words.strip_prefix("->") {
                let target = long(dice);
                page += &format!("<a href=\"{target}\">{}</a>\n", label.trim());
                plain += &format!("{} {target}\n", label.trim());
            } else {
                page += &format!("<p>{words}</p>\n");
                plain += &format!("{words}\n");
            }
        }
        let leave = match tongue {
            Tongue::En => "Unsubscribe",
            Tongue::Fr | Tongue::Other => "Se désinscrire",
        };
        page += &format!(
            "<a href=\"{}\">{leave}</a> <a href=\"https://www.{site}/privacy\">{site}</a>\n",
            long(dice)
        );
        let local = pick(LOCALS, dice);
        let address = format!(
            "{who} <{local}@{}{site}>",
            pick(&["", "e.", "mail.", "news."], dice)
        );
        let found = self.vouched(&address, dice);
        let leave_at_once = if dice.below(10) < if self.trap { 1 } else { 7 } {
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
        } else {
            ""
        };
        let head = format!(
            "{found}{leave_at_once}From: {address}\nTo: accueil@tilleuls.test\nSubject: {subject}\nMIME-Version: 1.0\n"
        );
        if dice.below(3) == 0 {
            return format!("{head}Content-Type: text/html; charset=utf-8\n\n{page}");
        }
        format!(
            "{head}Content-Type: multipart/alternative; boundary=zz\n\n--zz\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n\
             --zz\nContent-Type: text/html; charset=utf-8\n\n{page}\n--zz--\n"
        )
    }
}

fn pick<'a, T: AsRef<str>>(list: &'a [T], dice: &mut Dice) -> &'a str {
    list.get(dice.below(list.len())).map_or("", AsRef::as_ref)
}

/// Fills in `{name}`, `{sum}` and the like.
fn filled(text: &str, dice: &mut Dice, tongue: Tongue, site: Option<&str>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out += before;
        let Some((slot, after)) = after.split_once('}') else {
            break;
        };
        out += &value(slot, dice, tongue, site);
        rest = after;
    }
    out + rest
}

fn value(slot: &str, dice: &mut Dice, tongue: Tongue, site: Option<&str>) -> String {
    let number = |dice: &mut Dice, from: usize, to: usize| from + dice.below(to - from);
    match slot {
        "name" => pick(NAMES, dice).to_owned(),
        "first" => pick(FIRST, dice).to_owned(),
        "full" => format!("{} {}", pick(FIRST, dice), pick(NAMES, dice)),
        "sum" => format!("{},{:02}", number(dice, 12, 980), dice.below(100)),
        "small" => format!(
            "{},{}",
            number(dice, 1, 4),
            pick(&["99", "95", "49", "90"], dice)
        ),
        "dollars" => format!("{}.{:02}", number(dice, 12, 980), dice.below(100)),
        "few" => format!("{}.{}", number(dice, 1, 4), pick(&["99", "95", "49"], dice)),
        "ref" => format!(
            "{}{}",
            pick(&["FR", "LP", "CH", "N", "A"], dice),
            number(dice, 10_000, 99_999)
        ),
        "day" => match tongue {
            Tongue::En => format!("{} {}", pick(MONTHS_EN, dice), number(dice, 1, 28)),
            Tongue::Fr | Tongue::Other => {
                format!("{} {}", number(dice, 1, 28), pick(MONTHS_FR, dice))
            }
        },
        "hour" => format!("{} h {:02}", number(dice, 8, 19), 15 * dice.below(4)),
        "time" => format!("{}:{:02}", number(dice, 8, 19), 15 * dice.below(4)),
        "hours" => pick(&["24", "48", "12", "72"], dice).to_owned(),
        "mobile" => format!("06 39 98 {:02} {:02}", dice.below(100), dice.below(100)),
        "phone" => format!("01 99 00 {:02} {:02}", dice.below(100), dice.below(100)),
        "link" => format!(
            "https://{}-{}.example/{}",
            pick(PARTS, dice),
            pick(PARTS, dice),
            pick(PATHS, dice)
        ),
        "site" => site.unwrap_or_default().to_owned(),
        "code" => format!("{:06}", dice.below(1_000_000)),
        other => other.to_owned(),
    }
}

/// How often each letter is varied.
const LETTERS: u64 = 12;
/// How often each SMS is.
const SHORTS: u64 = 12;
const NAMES: &[&str] = &[
    "Martin", "Petit", "Benali", "Morin", "Lefèvre", "Nguyen", "Garcia", "Roux", "Diallo",
    "Marchand", "Kowalski", "Perrin", "Schmitt", "Haddad", "Leroy",
];
const FIRST: &[&str] = &[
    "Claire", "Inès", "Paul", "Sofia", "Karim", "Jeanne", "Luc", "Amélie", "Thomas", "Nadia",
    "Hugo", "Sarah", "Mathilde", "Yann",
];
const MONTHS_FR: &[&str] = &[
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "September",
    "October",
    "November",
    "December",
];
const PARTS: &[&str] = &[
    "suivi", "espace", "mon", "portail", "info", "acces", "service", "relance", "dossier",
    "client", "secure", "update", "notice", "center", "online", "compte", "gestion", "avis", "net",
    "web24",
];
const PATHS: &[&str] = &[
    "p",
    "dossier",
    "login",
    "fr/espace",
    "r?id=8841",
    "compte",
    "doc/consulter",
    "a/b",
    "index.html",
    "suivi",
];
const LOCALS: &[&str] = &[
    "info",
    "contact",
    "ne-pas-repondre",
    "noreply",
    "service",
    "notification",
    "support",
    "no-reply",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_the_same_each_time_and_enough() {
        let (one, two) = (samples().unwrap(), samples().unwrap());
        let count = |class: Class, tongue: Tongue| {
            one.iter()
                .filter(|sample| sample.class == class && sample.tongue == tongue)
                .count()
        };
        for class in [Class::Trap, Class::Ordinary] {
            assert!(
                count(class, Tongue::Fr) >= 300,
                "{}",
                count(class, Tongue::Fr)
            );
            assert!(
                count(class, Tongue::En) >= 100,
                "{}",
                count(class, Tongue::En)
            );
        }
        for (one, two) in one.iter().zip(&two) {
            assert_eq!(format!("{:?}", one.raw), format!("{:?}", two.raw));
        }
    }

    #[test]
    fn traps_lead_nowhere_and_no_slot_is_left_open() {
        for sample in samples().unwrap() {
            let text = match &sample.raw {
                Raw::Mail(raw) => String::from_utf8(raw.clone()).unwrap(),
                Raw::Sms(text) => text.clone(),
            };
            assert!(!text.contains(['{', '}']), "{text}");
            if sample.class == Class::Trap {
                for target in text.split("://").skip(1) {
                    let host = target.split(['/', '"', ' ', '\n']).next().unwrap();
                    assert!(host.ends_with(".example"), "{host}");
                }
            }
        }
    }
}
