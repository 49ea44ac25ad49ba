//! Where it leads: each target as a browser would read it, against what is shown and whom it claims to come from.
//! Never opens one.

use hygie_kind::{Name, Stem};

use super::{Sheet, Sight, forward};
use crate::fold::Folded;
use crate::message::{Address, Body, By, Link, Mail};
use crate::place::{self, Place};
use crate::reason::{Clue, Reason};

/// Looks at the links of a mail.
pub(super) fn look(mail: &Mail, sight: &Sight<'_>, sheet: &mut Sheet) {
    let quoted = forward::quoted(mail);
    let author = quoted.as_ref().or(mail.sender());
    let sender = author.and_then(|one| place::host_of(&one.address));
    let recipients: Vec<String> = mail
        .to
        .iter()
        .map(|to| to.address.to_lowercase())
        .filter(|to| to.len() > 5 && to.contains('@'))
        .collect();
    let mut all = Vec::new();
    for (number, body) in mail.bodies.iter().enumerate() {
        for link in &body.links {
            let shown = if number == 0 {
                Shown::Here
            } else {
                Shown::Elsewhere
            };
            if let Some(place) = one(link, body, shown, sight, sheet) {
                has_address(link, &place, &recipients, sheet);
                all.push(place);
            }
        }
    }
    for file in &mail.files {
        for link in &file.body.links {
            match Place::of(&link.target) {
                Some(place) if link.by == By::Code => {
                    one(link, &file.body, Shown::Elsewhere, sight, sheet);
                    sheet.add(Reason::CodeToScan {
                        host: place.seen.clone(),
                    });
                    all.push(place);
                }
                Some(_) | None => {}
            }
        }
    }
    together(&all, sender.as_deref(), sight, sheet);
    if sheet.has(Clue::StrangePlace) {
        targets(mail, &all, sheet);
    }
    elsewhere(mail, author, &all, sight, sheet);
}

/// Looks at the links of an SMS.
pub(super) fn of_sms(body: &Body, folded: &Folded, sight: &Sight<'_>, sheet: &mut Sheet) {
    let mut all = Vec::new();
    for link in &body.links {
        all.extend(one(link, body, Shown::Here, sight, sheet));
    }
    if let Some(first) = all.first() {
        sheet.add_at(
            Reason::HasLink {
                host: first.seen.clone(),
            },
            None,
        );
    }
    named_but_elsewhere(&folded.text, &all, sight, sheet);
}

/// Whether the text of a link is the one in which verdicts mark.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Here,
    Elsewhere,
}

fn one(
    link: &Link,
    body: &Body,
    shown: Shown,
    sight: &Sight<'_>,
    sheet: &mut Sheet,
) -> Option<Place> {
    let at = (shown == Shown::Here).then_some(link.start..link.end);
    let lower = link.target.trim_start().to_ascii_lowercase();
    if let Some(scheme) = RUNS.iter().find(|scheme| lower.starts_with(**scheme)) {
        let scheme = scheme.trim_end_matches(':').to_owned();
        sheet.add_at(Reason::LinkRuns { scheme }, at);
        return None;
    }
    let place = Place::of(&link.target)?;
    if !matches!(&*place.scheme, "http" | "https" | "ftp") {
        return None;
    }
    let host = place.seen.clone();
    if let Some(text) = body.text.get(link.start..link.end)
        && link.by == By::Anchor
        && let Some(promised) = promised(text)
        && promised.registered != place.registered
    {
        let shown = promised.host;
        sheet.add_at(
            Reason::LinkDiffers {
                shown,
                real: host.clone(),
            },
            at.clone(),
        );
    }
    if place.number {
        sheet.add_at(Reason::LinkNumber { host: host.clone() }, at.clone());
    }
    if place.user || place.port.is_some() {
        sheet.add_at(Reason::LinkOdd { host: host.clone() }, at.clone());
    }
    if !host.is_ascii() {
        sheet.add_at(
            Reason::LinkForeignLetters { host: host.clone() },
            at.clone(),
        );
    }
    whose(&place, at.clone(), sight, sheet);
    let hosts = &sight.intel.hosts;
    if place.is_in(&hosts.shorteners) {
        sheet.add_at(Reason::LinkShort { host: host.clone() }, at.clone());
    }
    if let Some(to) = forwarded(&link.target, &place) {
        let through = host.clone();
        sheet.add_at(Reason::LinkForwards { through, to }, at.clone());
    } else if place.is_in(&hosts.redirectors) {
        let (through, to) = (host.clone(), String::new());
        sheet.add_at(Reason::LinkForwards { through, to }, at.clone());
    }
    if place.is_in(&hosts.free_pages) {
        sheet.add_at(Reason::LinkFreePage { host: host.clone() }, at.clone());
    }
    if hosts
        .odd_endings
        .iter()
        .any(|ending| ending == place::ending(&place.host))
    {
        sheet.add_at(Reason::LinkCheap { host: host.clone() }, at.clone());
    }
    if is_random(&place) {
        sheet.add_at(Reason::LinkRandom { host: host.clone() }, at.clone());
    }
    if link.target.len() > LONG {
        sheet.add_at(Reason::LinkLong { host: host.clone() }, at.clone());
    }
    if place.scheme == "http" && link.target.starts_with("http:") {
        sheet.add_at(Reason::LinkUnprotected { host }, at);
    }
    Some(place)
}

fn whose(place: &Place, at: Option<std::ops::Range<usize>>, sight: &Sight<'_>, sheet: &mut Sheet) {
    let host = place.seen.clone();
    if let Some(borrowed) = sight.intel.borrowed(&place.host) {
        let whose = borrowed.institution.name.clone();
        let reason = if borrowed.alike {
            Reason::LinkLooksLike { host, like: whose }
        } else {
            Reason::LinkBorrows {
                host,
                institution: whose,
            }
        };
        sheet.add_at(reason, at);
    } else if let Some(like) = sight
        .intel
        .like_partner(&place.host, &sight.memory.domains())
    {
        sheet.add_at(Reason::LinkLooksLike { host, like }, at);
    }
}

fn has_address(link: &Link, place: &Place, recipients: &[String], sheet: &mut Sheet) {
    let target = link.target.to_lowercase().replace("%40", "@");
    // Behind the host: `https://user@example.com` is something else.
    if recipients
        .iter()
        .any(|address| target.contains(address.as_str()))
    {
        sheet.add(Reason::LinkHasYourAddress {
            host: place.seen.clone(),
        });
    }
}

/// What all links say together.
fn together(all: &[Place], sender: Option<&str>, sight: &Sight<'_>, sheet: &mut Sheet) {
    let Some(first) = all.first() else { return };
    sheet.add(Reason::HasLink {
        host: first.seen.clone(),
    });
    let sender = sender.map(place::registered).unwrap_or_default();
    let foreign: Vec<&Place> = all
        .iter()
        .filter(|place| place.registered != sender && !is_social(place, sight))
        .collect();
    let is_safe = |place: &&Place| {
        let hosts = &sight.intel.hosts;
        sight.intel.is_known(&place.host)
            && !place.is_in(&hosts.free_pages)
            && !place.is_in(&hosts.shorteners)
            && !place.is_in(&hosts.redirectors)
    };
    let strange = foreign
        .iter()
        .find(|place| !is_safe(place) && !sight.intel.is_mailer(&place.host));
    if let Some(one) = strange {
        sheet.add(Reason::StrangePlace {
            host: one.seen.clone(),
        });
    }
    if all
        .iter()
        .all(|place| is_safe(&place) || is_social(place, sight))
    {
        sheet.add(Reason::LeadsToKnown {
            host: first.seen.clone(),
        });
    }
    if let Some(one) = foreign.first() {
        sheet.add(Reason::SomeForeignPlace {
            host: one.seen.clone(),
        });
        if foreign.len() == all.len()
            && foreign
                .iter()
                .all(|other| other.registered == one.registered)
        {
            sheet.add(Reason::OneForeignPlace {
                host: one.seen.clone(),
            });
        }
    } else if !sender.is_empty() && !sight.intel.is_free_mail(&sender) {
        sheet.add(Reason::AllAtHome { host: sender });
    }
}

/// How much else there is than one address.
fn targets(mail: &Mail, all: &[Place], sheet: &mut Sheet) {
    let Some(first) = all.first() else { return };
    let Some(body) = mail.bodies.iter().find(|body| !body.links.is_empty()) else {
        return;
    };
    let host = first.seen.clone();
    let clicked: Vec<&str> = body
        .links
        .iter()
        .filter(|link| link.by == By::Anchor)
        .map(|link| link.target.trim().split('#').next().unwrap_or_default())
        .collect();
    if clicked.len() >= 2 && clicked.windows(2).all(|two| two[0] == two[1]) {
        sheet.add(Reason::OneTarget { host: host.clone() });
    }
    let letters = body
        .text
        .chars()
        .filter(|one| one.is_alphanumeric())
        .count();
    if letters < FEW && body.page.linked_pictures == 0 && mail.files.is_empty() {
        sheet.add(Reason::BareLink { host });
    }
}

/// The sender's name or the subject names an institution, and no link leads to it. In the text, newsletters name anybody.
fn elsewhere(
    mail: &Mail,
    author: Option<&Address>,
    all: &[Place],
    sight: &Sight<'_>,
    sheet: &mut Sheet,
) {
    let name = author
        .map(|one| crate::fold::fold(&one.name))
        .unwrap_or_default();
    let said = format!("{name}\n{}", crate::fold::fold(&mail.subject));
    let from = author
        .and_then(|one| place::host_of(&one.address))
        .unwrap_or_default();
    // Whoever is named and sent it may link to a service of others.
    if !sight
        .intel
        .named(&said)
        .iter()
        .any(|one| one.may_own(&from, sight.intel))
    {
        named_but_elsewhere(&said, all, sight, sheet);
    }
}

fn named_but_elsewhere(said: &str, all: &[Place], sight: &Sight<'_>, sheet: &mut Sheet) {
    let named = sight.intel.named(said);
    let Some(first) = all.first() else { return };
    if let Some(institution) = named.first()
        && !all.iter().any(|place| {
            named
                .iter()
                .any(|one| one.may_own(&place.host, sight.intel))
        })
    {
        sheet.add(Reason::LeadsElsewhere {
            institution: institution.name.clone(),
            host: first.seen.clone(),
        });
    }
}

/// The address that a link's text shows, where its text is one.
fn promised(text: &str) -> Option<Place> {
    let text = text.trim();
    if text.contains(char::is_whitespace)
        || text.contains('@')
        || !text.contains('.')
        || text.len() > 300
    {
        return None;
    }
    let place = Place::of(text)?;
    let known = psl::suffix(place.host.as_bytes()).is_some_and(|suffix| suffix.is_known());
    known.then_some(place)
}

/// The second address within a target.
fn forwarded(target: &str, place: &Place) -> Option<String> {
    let lower = target
        .to_ascii_lowercase()
        .replace("%3a", ":")
        .replace("%2f", "/");
    let start = lower.find("://").map_or(0, |at| at + 3);
    let inner = lower.get(start..)?.find("http").map(|at| start + at)?;
    let inner = Place::of(lower.get(inner..)?)?;
    (inner.registered != place.registered && inner.registered.contains('.')).then_some(inner.host)
}

fn is_random(place: &Place) -> bool {
    let label = place::label(&place.host);
    let telling = label.len() >= 14 || label.bytes().any(|byte| byte.is_ascii_digit());
    let random = telling && Name::of(label.as_bytes()).stem == Stem::Meaningless;
    !place.number && (random || place.host.split('.').count() > 6)
}

/// What stands at the foot of everybody's newsletters.
fn is_social(place: &Place, sight: &Sight<'_>) -> bool {
    SOCIAL.iter().any(|host| place::is_below(&place.host, host))
        || sight
            .intel
            .practice
            .domains
            .iter()
            .any(|host| place::is_below(&place.host, host))
}

const RUNS: &[&str] = &[
    "javascript:",
    "data:",
    "vbscript:",
    "file:",
    "ms-msdt:",
    "search-ms:",
    "ms-word:",
    "ms-excel:",
    "ms-officecmd:",
    "ms-appinstaller:",
    "blob:",
];
const SOCIAL: &[&str] = &[
    "facebook.com",
    "twitter.com",
    "x.com",
    "instagram.com",
    "linkedin.com",
    "youtube.com",
    "w3.org",
    "pinterest.com",
    "apple.com",
    "play.google.com",
    "schemas.microsoft.com",
];
/// Letters below which there is little to read beside a link.
const FEW: usize = 120;
/// Letters of a link that a person could have typed.
const LONG: usize = 250;

#[cfg(test)]
mod tests {
    use super::super::testing::{clues, clues_of_sms};

    fn page(html: &str) -> Vec<&'static str> {
        clues(&format!(
            "From: Zoé <zoe@labo.fr>\nTo: claire@tilleuls.example\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n<p>Bonjour</p>{html}\n"
        ))
    }

    #[test]
    fn each_deception_of_a_link_is_seen() {
        for (html, clue) in [
            (
                "<a href=https://trap.example>https://www.labo.fr/x</a>",
                "link-differs",
            ),
            (
                "<a href=https://trap.example>www.labo.fr</a>",
                "link-differs",
            ),
            ("<a href=http://192.0.2.1/x>ici</a>", "link-number"),
            ("<a href=http://3221225985/x>ici</a>", "link-number"),
            ("<a href=https://labo.fr@trap.example/>ici</a>", "link-odd"),
            ("<a href=https://trap.example:8443/>ici</a>", "link-odd"),
            ("<a href=https://bit.ly/x>ici</a>", "link-short"),
            (
                "<a href='https://www.google.com/url?q=https%3A%2F%2Ftrap.example'>ici</a>",
                "link-forwards",
            ),
            (
                "<a href='https://labo.fr/out?to=https://trap.example'>ici</a>",
                "link-forwards",
            ),
            ("<a href=https://x.web.app/>ici</a>", "link-free-page"),
            ("<a href=https://colis.top/>ici</a>", "link-cheap"),
            ("<a href=https://qx7k2zr9vbt4.fr/>ici</a>", "link-random"),
            ("<a href='javascript:alert(1)'>ici</a>", "link-runs"),
            ("<a href='DATA:text/html,x'>ici</a>", "link-runs"),
            (
                "<a href='https://trap.example/#claire@tilleuls.example'>ici</a>",
                "link-has-your-address",
            ),
            (
                "<a href=https://ameli-remboursement.example>ici</a>",
                "link-borrows",
            ),
            ("<a href=https://arneli.fr>ici</a>", "link-looks-like"),
            ("<a href=https://аmeli.fr>ici</a>", "link-foreign-letters"),
            (
                "<a href=https://trap.example>ici</a><a href=https://www.trap.example>x</a>",
                "one-foreign-place",
            ),
        ] {
            let found = page(html);
            assert!(found.contains(&clue), "{html}: {found:?}");
        }
    }

    #[test]
    fn honest_links_have_nothing_but_that_they_are_there() {
        for html in [
            "<a href=https://www.labo.fr/x>https://labo.fr</a>",
            "<a href=https://labo.fr/resultats>vos résultats</a>",
            "<p>rappel de Doctolib</p><a href=https://www.doctolib.fr/x>le rendez-vous</a><a href=https://labo.fr>x</a>",
        ] {
            let found = page(html);
            assert!(
                found.iter().all(|clue| [
                    "has-link",
                    "some-foreign-place",
                    "all-at-home",
                    "page-alone"
                ]
                .contains(clue)),
                "{html}: {found:?}"
            );
        }
    }

    #[test]
    fn where_strangers_lead_and_where_many_go() {
        let found =
            page("<a href=https://trap.example/a>un</a><a href=https://trap.example/a#b>deux</a>");
        for clue in ["strange-place", "one-target", "bare-link"] {
            assert!(found.contains(&clue), "{clue}: {found:?}");
        }
        for html in [
            "<a href=https://www.amazon.fr/a>un</a><a href=https://www.amazon.fr/a>un</a>",
            "<a href=https://ct.sendgrid.net/a>un</a>",
        ] {
            let found = page(html);
            let strange = ["strange-place", "one-target", "bare-link"];
            assert!(
                !found.iter().any(|clue| strange.contains(clue)),
                "{found:?}"
            );
        }
        assert!(page("<a href=https://www.amazon.fr/a>un</a>").contains(&"leads-to-known"));
        assert!(!page("<a href=https://x.web.app/a>un</a>").contains(&"leads-to-known"));
    }

    #[test]
    fn an_offer_from_a_mailbox_that_anybody_opens() {
        let raw = |from: &str, text: &str| format!("From: {from}\nSubject: x\n\n{text}\n");
        assert!(clues(&raw("a@gmail.com", "You have won a gift card")).contains(&"free-offer"));
        assert!(!clues(&raw("a@gmail.com", "Bonjour, merci")).contains(&"free-offer"));
        assert!(!clues(&raw("a@labo.fr", "You have won a gift card")).contains(&"free-offer"));
    }

    #[test]
    fn who_names_an_institution_leads_to_it() {
        let raw = |subject: &str| {
            format!("From: Relance <a@b.example>\nSubject: {subject}\n\nhttps://trap.example/x\n")
        };
        assert!(clues(&raw("Votre compte Ameli")).contains(&"leads-elsewhere"));
        assert!(!clues(&raw("Votre compte")).contains(&"leads-elsewhere"));
    }

    #[test]
    fn an_sms_that_names_a_carrier_and_leads_elsewhere() {
        let found = clues_of_sms(
            "Chronopost : votre colis attend https://suivi-frais.example/p",
            None,
        );
        assert!(
            found.contains(&"leads-elsewhere") && found.contains(&"has-link"),
            "{found:?}"
        );
        let found = clues_of_sms(
            "Doctolib : rendez-vous demain https://www.doctolib.fr/r",
            None,
        );
        assert!(!found.contains(&"leads-elsewhere"), "{found:?}");
    }
}
