//! Who sent it: what is shown against what is true.
//! A name costs nothing to write; the address behind it, and who knows it, say more.

use hygie_kind::{Name, Stem};

use super::{Sheet, Sight, forward};
use crate::Authenticated;
use crate::fold::fold;
use crate::message::{Address, Mail, Oddity};
use crate::parse::beginning;
use crate::place;
use crate::reason::{Clue, Reason};

/// Looks at who sent it.
pub(super) fn look(mail: &Mail, sight: &Sight<'_>, sheet: &mut Sheet) {
    whole(mail, sheet);
    let outer = mail.sender();
    if let Some(quoted) = forward::quoted(mail) {
        // Whoever sends it on proves nothing about the one who wrote it.
        let sight = Sight {
            authenticated: Authenticated::Unknown,
            ..*sight
        };
        wrote(mail, &quoted, Whose::Quoted, &sight, sheet);
    } else if let Some(sender) = outer {
        wrote(mail, sender, Whose::Own, sight, sheet);
    }
    if let Some(sender) = outer
        && let Some(host) = place::host_of(&sender.address)
    {
        memory(sender, &host, sight, sheet);
    }
    recipient(mail, sheet);
}

/// What a mailbox that anybody opens has no business with: looked at when everything else was.
pub(super) fn look_again(mail: &Mail, sight: &Sight<'_>, sheet: &mut Sheet) {
    let quoted = forward::quoted(mail);
    let author = quoted.as_ref().or(mail.sender());
    if let Some(host) = author.and_then(|one| place::host_of(&one.address))
        && sight.intel.is_free_mail(&host)
        && FIRMS.iter().any(|clue| sheet.has(*clue))
    {
        sheet.add(Reason::FreeOffer {
            domain: place::registered(&host),
        });
    }
}

/// Who writes a message: who sends it, or whom it quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    Quoted,
}

/// Looks at the one who wrote it.
fn wrote(mail: &Mail, sender: &Address, whose: Whose, sight: &Sight<'_>, sheet: &mut Sheet) {
    let Some(host) = place::host_of(&sender.address) else {
        if whose == Whose::Own {
            name(mail, sender, sight, sheet);
        }
        return;
    };
    name(mail, sender, sight, sheet);
    domain(mail, &sender.address, &host, sight, sheet);
    subject(mail, &host, whose, sight, sheet);
    if whose == Whose::Own {
        answer(mail, sender, &host, sight, sheet);
    }
}

/// Whether there is one sender at all.
fn whole(mail: &Mail, sheet: &mut Sheet) {
    let is_address = |one: &Address| {
        let host = place::host_of(&one.address);
        let clean = !one.address.ends_with('.') && !one.address.contains(char::is_whitespace);
        clean && host.is_some_and(|host| host.contains('.') || host == "localhost")
    };
    let broken = mail.from.iter().find(|one| !is_address(one));
    if let Some(broken) = broken.or_else(|| mail.from.get(1)) {
        let address = broken.address.clone();
        sheet.add(Reason::BrokenSender { address });
    } else if mail.from.is_empty() && !mail.oddities.contains(&Oddity::NoHeaders) {
        let address = String::new();
        sheet.add(Reason::BrokenSender { address });
    }
    if mail.oddities.contains(&Oddity::TwiceSaid) {
        sheet.add(Reason::SaidTwice {});
    }
}

fn name(mail: &Mail, sender: &Address, sight: &Sight<'_>, sheet: &mut Sheet) {
    let host = place::host_of(&sender.address).unwrap_or_default();
    let local = sender.address.split('@').next().unwrap_or_default();
    let folded = fold(&sender.name);
    let said = format!("{folded} {}", fold(&local.replace(['.', '_', '-'], " ")));
    let named = sight.intel.named(&said);
    if let Some(institution) = named.first()
        && !named.iter().any(|one| one.may_own(&host, sight.intel))
        && !sight.intel.practice.domains.iter().any(|ours| place::is_below(&host, ours))
        // A mailbox that anybody opens has its maker's name.
        && !(sight.intel.is_free_mail(&host) && institution.owns(&host))
    {
        sheet.add(Reason::Impersonates {
            institution: institution.name.clone(),
            domain: place::registered(&host),
        });
    }
    if sight.intel.is_free_mail(&host) && speaks_for_many(&folded) {
        sheet.add(Reason::FreeMailbox {
            domain: place::registered(&host),
        });
    }
    if let Some(shown) = address_in(&sender.name)
        && place::host_of(&shown)
            .is_none_or(|other| place::registered(&other) != place::registered(&host))
    {
        sheet.add(Reason::NameShowsAddress {
            shown,
            real: sender.address.clone(),
        });
    }
    let strange = sender
        .name
        .chars()
        .filter(|&letter| is_loud(letter))
        .count();
    let folded_name = crate::fold::Folded::of(&sender.name);
    if strange > 0 || folded_name.disguised > 0 || folded_name.invisible > 0 {
        sheet.add(Reason::LoudName {
            name: sender.name.clone(),
        });
    }
    if Name::of(local.as_bytes()).stem == Stem::Meaningless
        || Name::of(place::label(&host).as_bytes()).stem == Stem::Meaningless
        || sender.address.len() > LONG
    {
        sheet.add(Reason::RandomSender {
            address: sender.address.clone(),
        });
    }
    if is_unlike(&folded, &sender.address) {
        sheet.add(Reason::NameUnlikeAddress {
            name: sender.name.clone(),
            address: sender.address.clone(),
        });
    }
    colleague(mail, sender, sight, sheet);
}

/// No word of the name stands in the address, not even its first letters: people and firms put themselves into theirs.
fn is_unlike(name: &str, address: &str) -> bool {
    let address: String = fold(address)
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let words: Vec<&str> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let initials = |shortest: usize| -> String {
        words
            .iter()
            .filter(|word| word.len() >= shortest)
            .filter_map(|word| word.chars().next())
            .collect()
    };
    let stands_for = |letters: &str| letters.len() >= 2 && address.contains(letters);
    let stands = |word: &&str| {
        let start = beginning(word, 4);
        start.len() >= 3 && address.contains(start)
    };
    let written = words.iter().any(|word| word.len() >= 4);
    written && !words.iter().any(stands) && !stands_for(&initials(1)) && !stands_for(&initials(4))
}

/// The name of somebody whom one knows, before an address that is not theirs.
fn colleague(mail: &Mail, sender: &Address, sight: &Sight<'_>, sheet: &mut Sheet) {
    if sender.name.split_whitespace().count() < 2 {
        return;
    }
    let same = |one: &str| fold(one) == fold(&sender.name);
    let theirs: Vec<&(String, String)> = sight
        .intel
        .practice
        .people
        .iter()
        .filter(|(name, _)| same(name))
        .collect();
    let is_theirs = |address: &str| address.eq_ignore_ascii_case(sender.address.trim());
    if !theirs.is_empty() && !theirs.iter().any(|(_, address)| is_theirs(address)) {
        sheet.add(Reason::PretendsColleague {
            name: sender.name.clone(),
            address: sender.address.clone(),
        });
    } else if let Some(known) = sight.memory.by_name(&sender.name)
        && !is_theirs(known)
        && mail.from.len() == 1
    {
        sheet.add(Reason::KnownNameNewAddress {
            name: sender.name.clone(),
            address: sender.address.clone(),
            known: known.to_owned(),
        });
    }
}

fn domain(mail: &Mail, sender: &str, host: &str, sight: &Sight<'_>, sheet: &mut Sheet) {
    let domain = place::registered(host);
    if let Some(borrowed) = sight.intel.borrowed(host) {
        let whose = borrowed.institution.name.clone();
        sheet.add(if borrowed.alike {
            Reason::SenderLooksLike {
                domain,
                like: whose,
            }
        } else {
            Reason::SenderBorrows {
                domain,
                institution: whose,
            }
        });
    } else if let Some(like) = sight.intel.like_partner(host, &sight.memory.domains()) {
        sheet.add(Reason::SenderLooksLike { domain, like });
    } else if sight
        .intel
        .hosts
        .odd_endings
        .iter()
        .any(|ending| ending == place::ending(host))
    {
        sheet.add(Reason::CheapSender { domain });
    }
    let is_nameless = sight
        .intel
        .hosts
        .nameless
        .iter()
        .any(|one| place::is_below(host, one));
    if is_nameless {
        sheet.add(Reason::NamelessSender {
            address: sender.to_owned(),
        });
    }
    if sight.authenticated == Authenticated::Refused {
        sheet.add(Reason::NotProven {
            domain: place::registered(host),
        });
    }
    if sight.authenticated == Authenticated::Unsigned {
        sheet.add(Reason::Unsigned {
            domain: place::registered(host),
        });
    }
    if sight.authenticated == Authenticated::Proven
        && !sight.intel.is_free_mail(host)
        && !is_nameless
    {
        let domain = place::registered(host);
        if sight.intel.is_known_sender(host) {
            sheet.add(Reason::KnownFirm {
                domain: domain.clone(),
            });
        }
        if mail.leaves {
            sheet.add(Reason::EasyToLeave {
                domain: domain.clone(),
            });
        }
        sheet.add(Reason::Vouched { domain });
    }
    if sight.authenticated == Authenticated::Proven
        && let Some(own) = sight.intel.institutions.iter().find(|one| one.owns(host))
        && !sight.intel.is_free_mail(host)
    {
        sheet.add(Reason::OwnDomain {
            institution: own.name.clone(),
        });
    }
}

fn subject(mail: &Mail, host: &str, whose: Whose, sight: &Sight<'_>, sheet: &mut Sheet) {
    let named = sight.intel.named(&fold(&mail.subject));
    if let Some(first) = named.first()
        && !named.iter().any(|one| one.may_own(host, sight.intel))
    {
        sheet.add(Reason::SubjectNames {
            institution: first.name.clone(),
            domain: place::registered(host),
        });
    }
    let start = fold(&mail.subject);
    let answers = ["re:", "re :", "fw:", "fwd:", "tr:", "tr :"]
        .iter()
        .any(|mark| start.starts_with(mark));
    let quotes = mail
        .bodies
        .iter()
        .any(|body| body.text.contains("\n>") || body.text.starts_with('>'));
    if answers && !mail.answers && !quotes && whose == Whose::Own {
        sheet.add(Reason::FalseAnswer {});
    }
}

fn answer(mail: &Mail, sender: &Address, host: &str, sight: &Sight<'_>, sheet: &mut Sheet) {
    let elsewhere = mail.reply_to.iter().find(|to| {
        place::host_of(&to.address).is_some_and(|other| {
            // An answer to a person's free mailbox is worse than one to the mail system of a firm's group.
            place::registered(&other) != place::registered(host)
                || sight.intel.is_free_mail(&other)
                    && !to.address.eq_ignore_ascii_case(&sender.address)
        })
    });
    if let Some(to) = elsewhere {
        sheet.add(Reason::AnswersElsewhere {
            to: to.address.clone(),
        });
    }
}

fn memory(sender: &Address, host: &str, sight: &Sight<'_>, sheet: &mut Sheet) {
    if sight.authenticated == Authenticated::Refused {
        return;
    }
    let remembered = sight.memory.of(&sender.address);
    match remembered.filter(|seen| sight.now.saturating_sub(seen.last) < FORGOTTEN) {
        Some(seen) if seen.answered > 0 => sheet.add(Reason::AnsweredBefore {
            answers: seen.answered,
        }),
        Some(seen) if seen.received >= KNOWN => sheet.add(Reason::KnownSender {
            received: seen.received,
        }),
        Some(_) => {}
        None if sight.memory.is_settled() && !sight.memory.domains().contains(&host) => {
            sheet.add(Reason::FirstTime {
                address: sender.address.clone(),
            });
        }
        None => {}
    }
}

fn recipient(mail: &Mail, sheet: &mut Sheet) {
    // A draft or a scrap has no date either.
    if mail.date.is_some() && !mail.to.iter().any(|to| to.address.contains('@')) {
        sheet.add(Reason::HidesRecipients {});
    }
    let Some(sender) = mail.sender() else { return };
    let own: Vec<String> = mail
        .to
        .iter()
        .map(|to| to.address.trim().to_lowercase())
        .collect();
    let own: Vec<&String> = own
        .iter()
        .filter(|one| one.len() > 5 && one.contains('@'))
        .collect();
    let alone = own.len() == 1 && forward::quoted(mail).is_none();
    if alone
        && own
            .iter()
            .any(|one| **one == sender.address.trim().to_lowercase())
    {
        sheet.add(Reason::FromYourself {});
    }
    let said = format!("{} {}", sender.name, mail.subject).to_lowercase();
    if own.iter().any(|one| said.contains(one.as_str())) {
        sheet.add(Reason::NamesYourAddress {});
    }
}

/// An address within a name.
fn address_in(name: &str) -> Option<String> {
    name.split([' ', '<', '>', '"', '(', ')', ',', ';'])
        .find(|word| {
            word.len() < 200 && place::host_of(word).is_some_and(|host| host.contains('.'))
        })
        .map(str::to_owned)
}

/// The sender says it is an office, not a person.
fn speaks_for_many(name: &str) -> bool {
    OFFICES.iter().any(|word| {
        name.split([' ', '-', '_', '.', '/'])
            .any(|part| part == *word)
    })
}

fn is_loud(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f000}'..='\u{1faff}' | '|' | '#' | '$' | '€' | '!' | '*')
}

/// What people do not write about from their own mailbox, or not so.
const FIRMS: [Clue; 15] = [
    Clue::Impersonates,
    Clue::WantsAccount,
    Clue::PromisesGift,
    Clue::PromisesFortune,
    Clue::PromisesWonders,
    Clue::Blackmails,
    Clue::SpeaksOfCoins,
    Clue::SpeaksOfRefund,
    Clue::SpeaksOfInvoice,
    Clue::AnswersElsewhere,
    Clue::FileLeads,
    Clue::LinkShort,
    Clue::LinkFreePage,
    Clue::LinkCheap,
    Clue::BareLink,
];
/// Letters of an address that people choose.
const LONG: usize = 60;
/// Seconds after which whoever was known is a stranger again: two years.
const FORGOTTEN: i64 = 2 * 365 * 86_400;
/// Messages after which somebody is known.
const KNOWN: u32 = 2;
/// Words of names that are no person's.
const OFFICES: &[&str] = &[
    "support",
    "service",
    "services",
    "securite",
    "security",
    "assistance",
    "client",
    "clients",
    "customer",
    "billing",
    "facturation",
    "compta",
    "comptabilite",
    "banque",
    "bank",
    "admin",
    "administrator",
    "administrateur",
    "team",
    "equipe",
    "direction",
    "department",
    "departement",
    "livraison",
    "delivery",
    "notification",
    "notifications",
    "alert",
    "alerte",
    "helpdesk",
    "help",
    "account",
    "accounts",
    "compte",
    "payment",
    "payments",
    "paiement",
    "invoice",
    "facture",
    "it",
    "webmaster",
    "office",
    "manager",
    "desk",
    "hr",
    "rh",
    "conseiller",
    "officer",
    "un",
    "fbi",
    "government",
    "gouv",
    "tresor",
    "impots",
    "police",
    "gendarmerie",
    "tribunal",
    "reward",
    "rewards",
    "survey",
    "winner",
    "shipping",
    "order",
    "orders",
    "mrs",
    "mr",
    "barrister",
    "dr",
];

#[cfg(test)]
mod tests {
    use super::super::testing::{clues, clues_with};
    use crate::Authenticated;
    use crate::intel::Practice;
    use crate::memory::Memory;
    use crate::message::Address;

    fn from(from: &str, more: &str) -> Vec<&'static str> {
        clues(&format!(
            "From: {from}\nTo: claire@tilleuls.example\n{more}\nSubject: Bonjour\n\nBonjour Claire\n"
        ))
    }

    #[test]
    fn names_are_held_against_addresses() {
        for (sender, clue) in [
            (
                "\"Ameli - Assurance Maladie\" <info@relance.example>",
                "impersonates",
            ),
            (
                "Service client <ameli.carte@relance.example>",
                "impersonates",
            ),
            ("PayPal <service@paypaI.com.example>", "impersonates"),
            ("Аmеli <a@b.example>", "impersonates"),
            ("Service facturation <compta1977@gmail.com>", "free-mailbox"),
            (
                "\"direction@tilleuls.example\" <x@other.example>",
                "name-shows-address",
            ),
            ("\"★ Cadeau ★\" <x@other.example>", "loud-name"),
            ("a <qx7k2zr9vbt4@other.example>", "random-sender"),
            ("a <a@b.example>, c <c@d.example>", "broken-sender"),
            ("a <a@b.example.>", "broken-sender"),
            ("Décathlon Jeux <info@meteo-news.fr>", "name-unlike-address"),
            (
                "Ameli <no-reply@ameli-remboursement.example>",
                "sender-borrows",
            ),
            ("x <x@arneli.fr>", "sender-looks-like"),
            ("x <x@colis.top>", "cheap-sender"),
            ("Claire <claire@tilleuls.example>", "from-yourself"),
            ("a <a@mkt7.onmicrosoft.com>", "nameless-sender"),
            (
                "\"claire@tilleuls.example\" <x@other.example>",
                "names-your-address",
            ),
        ] {
            let found = from(sender, "");
            assert!(found.contains(&clue), "{sender}: {found:?}");
        }
    }

    #[test]
    fn honest_senders_have_nothing_against_them() {
        for sender in [
            "Ameli <ne-pas-repondre@mail.ameli.fr>",
            "Doctolib <no-reply@doctolib.fr>",
            "Zoé Petit <zoe.petit@gmail.com>",
            "Amazon.com.au <ship@amazon.com.au>",
            "\"Petit, Zoé\" <zoe@labo.example>",
            "zoe@labo.example",
            "Dr Benali via Doctolib <no-reply@doctolib.fr>",
            "Société Nantaise des Eaux <contact@sne.fr>",
        ] {
            assert_eq!(from(sender, ""), Vec::<&str>::new(), "{sender}");
        }
    }

    #[test]
    fn answers_are_followed() {
        assert!(from("a <a@b.example>", "Reply-To: c@d.test").contains(&"answers-elsewhere"));
        assert!(from("a <a@mail.b.fr>", "Reply-To: c@b.fr").is_empty());
        let raw = "From: a@b.example\nSubject: RE: facture\n\nVoici la facture\n";
        assert!(clues(raw).contains(&"false-answer"));
        assert!(
            !clues(&raw.replace("Subject", "References: <1@x>\nSubject")).contains(&"false-answer")
        );
    }

    #[test]
    fn a_colleague_is_known_by_address() {
        let practice = Practice {
            people: vec![("Claire Morin".into(), "claire@tilleuls.example".into())],
            ..Practice::default()
        };
        let raw = "From: claire morin <claire.morin77@mail.example>\n\nBonjour\n";
        assert!(clues_with(raw, &Memory::new(), practice.clone()).contains(&"pretends-colleague"));
        let raw = "From: Claire Morin <Claire@tilleuls.example>\n\nBonjour\n";
        assert!(clues_with(raw, &Memory::new(), practice).is_empty());
    }

    #[test]
    fn memory_speaks_for_whom_it_knows_and_against_their_doubles() {
        let mut memory = Memory::new();
        let zoe = Address {
            name: "Zoé Petit".into(),
            address: "zoe@labo.example".into(),
        };
        let mail = crate::message::Mail {
            from: vec![zoe.clone()],
            ..Default::default()
        };
        for at in 0..4 {
            memory.received(&mail, Authenticated::Unknown, at);
        }
        let raw = "From: Zoé Petit <zoe@labo.example>\n\nBonjour\n";
        assert_eq!(
            clues_with(raw, &memory, Practice::default()),
            ["known-sender"]
        );
        memory.sent(&zoe, 5);
        assert_eq!(
            clues_with(raw, &memory, Practice::default()),
            ["answered-before"]
        );
        let raw = "From: Zoé Petit <zoe@labq.example>\n\nBonjour\n";
        assert!(clues_with(raw, &memory, Practice::default()).contains(&"known-name-new-address"));
    }

    #[test]
    fn who_is_proven_and_known_is_believed() {
        let of = |raw: &str, authenticated| {
            let intel = crate::Intel::new(Practice::default());
            crate::clues(
                &crate::parse::mail(raw.replace('\n', "\r\n").as_bytes()),
                authenticated,
                &intel,
                &Memory::new(),
                0,
            )
            .into_iter()
            .map(|clue| clue.word())
            .collect::<Vec<_>>()
        };
        let raw = "From: Walmart <help@walmart.com>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nBonjour\n";
        let found = of(raw, Authenticated::Proven);
        for clue in ["known-firm", "easy-to-leave", "vouched"] {
            assert!(found.contains(&clue), "{clue}: {found:?}");
        }
        for authenticated in [Authenticated::Unknown, Authenticated::Unsigned] {
            let found = of(raw, authenticated);
            assert!(!found.contains(&"known-firm") && !found.contains(&"easy-to-leave"));
        }
        assert!(of(raw, Authenticated::Unsigned).contains(&"unsigned"));
        // Proven, and what it says may be anybody's.
        let raw = "From: DocuSign <dse@docusign.net>\n\nBonjour\n";
        assert!(!of(raw, Authenticated::Proven).contains(&"known-firm"));
    }
}
