//! What it wants, by its words: phrases of the lists, sums, account numbers, numbers to call.
//! Marks where each stands, so that a person sees what was meant.

use std::ops::Range;

use super::{Sheet, Sight};
use crate::fold::{Folded, fold};
use crate::message::Mail;
use crate::phrases::Topic;
use crate::reason::{Clue, Reason};

/// Looks at the text that is shown.
pub(super) fn look(folded: &Folded, shown: &str, sight: &Sight<'_>, sheet: &mut Sheet) {
    let place = |range: &Range<usize>| {
        let (start, end) = folded.place(range.start, range.end, shown);
        Some(start..end)
    };
    topics(&folded.text, sight, sheet, &place);
    for (range, sum) in sums(&folded.text) {
        sheet.add_at(Reason::SmallSum { sum }, place(&range));
    }
    if let Some(range) = iban(&folded.text) {
        sheet.add_at(Reason::HasIban {}, place(&range));
    }
    if asks_to_call(&folded.text, sight)
        && let Some((range, number)) = number_to_call(&folded.text)
    {
        sheet.add_at(Reason::WantsCall { number }, place(&range));
    }
    several(sheet);
}

/// Looks at the subject.
pub(super) fn look_subject(mail: &Mail, sight: &Sight<'_>, sheet: &mut Sheet) {
    topics(&fold(&mail.subject), sight, sheet, &|_| None);
    let letters = mail
        .subject
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .count();
    let capitals = mail
        .subject
        .chars()
        .filter(|letter| letter.is_uppercase())
        .count();
    let pictures = mail.subject.chars().any(|letter| {
        matches!(letter, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}' | '\u{1d400}'..='\u{1d7ff}')
    });
    let shouted = letters >= 10 && capitals * 10 > letters * 7;
    if shouted || pictures || mail.subject.contains("!!") || mail.subject.contains("**") {
        sheet.add(Reason::LoudSubject {});
    }
    if mail.subject.split_whitespace().any(is_code) {
        sheet.add(Reason::CodedSubject {});
    }
    several(sheet);
}

/// Looks at a text that another program would show.
pub(super) fn look_unseen(folded: &Folded, sight: &Sight<'_>, sheet: &mut Sheet) {
    topics(&folded.text, sight, sheet, &|_| None);
}

fn topics(
    folded: &str,
    sight: &Sight<'_>,
    sheet: &mut Sheet,
    place: &dyn Fn(&Range<usize>) -> Option<Range<usize>>,
) {
    for hit in sight.intel.phrases.find(folded) {
        if let Some(reason) = Topic::ALL.get(hit.topic).and_then(|topic| reason(*topic)) {
            sheet.add_at(reason, place(&hit.range));
        }
    }
}

fn reason(topic: Topic) -> Option<Reason> {
    Some(match topic {
        Topic::Urgency => Reason::Hurries {},
        Topic::Threat => Reason::Threatens {},
        Topic::Account => Reason::WantsAccount {},
        Topic::Secrets => Reason::AsksSecrets {},
        Topic::Gift => Reason::PromisesGift {},
        Topic::Secrecy => Reason::AsksSecrecy {},
        Topic::BankChange => Reason::ChangesBank {},
        Topic::Fortune => Reason::PromisesFortune {},
        Topic::Extortion => Reason::Blackmails {},
        Topic::Parcel => Reason::SpeaksOfParcel {},
        Topic::Refund => Reason::SpeaksOfRefund {},
        Topic::Fine => Reason::SpeaksOfFine {},
        Topic::Invoice => Reason::SpeaksOfInvoice {},
        Topic::Stranger => Reason::KnowsNoName {},
        Topic::Click => Reason::WantsClick {},
        Topic::Errand => Reason::WantsErrand {},
        Topic::Health => Reason::SpeaksOfHealthPapers {},
        Topic::Coins => Reason::SpeaksOfCoins {},
        Topic::Miracle => Reason::PromisesWonders {},
        Topic::NewNumber => Reason::NewNumber {},
        // They mean something only beside a number, a locked file, or a link to one.
        Topic::CallBack | Topic::Password | Topic::FileKey => return None,
    })
}

/// `GX7-12k*Rlk2`, `Bitcoin__Balance`, `Now.get.up`: no number of an order, which digits and capitals make.
fn is_code(word: &str) -> bool {
    let glued = word.contains("__")
        || word
            .split(['.', '_'])
            .filter(|part| part.len() >= 2)
            .count()
            >= 4
            && !word.contains(['/', '@'])
            && word.chars().any(char::is_alphabetic);
    let mixed = word.len() >= 8
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && !word.contains("://");
    let starred =
        word.len() >= 6 && word.contains('*') && word.bytes().any(|byte| byte.is_ascii_digit());
    glued || mixed || starred
}

/// One of them is anybody's; three together are a pattern.
fn several(sheet: &mut Sheet) {
    if PATTERN.iter().filter(|clue| sheet.has(**clue)).count() >= 3 {
        sheet.add(Reason::WantsMuch {});
    }
}

fn asks_to_call(folded: &str, sight: &Sight<'_>) -> bool {
    let is_call = |topic: usize| Topic::ALL.get(topic) == Some(&Topic::CallBack);
    sight
        .intel
        .phrases
        .find(folded)
        .any(|hit| is_call(hit.topic))
}

/// Sums under ten, with their currency: `1,99 eur`, `$2.95`.
fn sums(folded: &str) -> Vec<(Range<usize>, String)> {
    let bytes = folded.as_bytes();
    let mut found = Vec::new();
    for (at, _) in folded.match_indices([',', '.']).take(5000) {
        let before = at.checked_sub(1).map(|one| bytes[one]);
        let longer = at
            .checked_sub(2)
            .is_some_and(|two| bytes[two].is_ascii_digit() || b".,".contains(&bytes[two]));
        let cents = bytes
            .get(at + 1..at + 3)
            .is_some_and(|two| two.iter().all(u8::is_ascii_digit));
        let more = bytes.get(at + 3).is_some_and(|one| {
            one.is_ascii_digit()
                || b".,".contains(one) && bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
        });
        if !before.is_some_and(|one| one.is_ascii_digit()) || longer || !cents || more {
            continue;
        }
        let after = folded[at + 3..].trim_start_matches(' ');
        let ahead = folded[..at - 1].trim_end_matches(' ');
        let currency_after = ["eur", "€", "$", "£", "usd", "gbp"]
            .iter()
            .any(|one| after.starts_with(one));
        let currency_ahead = ["€", "$", "£", "usd", "eur"]
            .iter()
            .any(|one| ahead.ends_with(one));
        if currency_after || currency_ahead {
            found.push((at - 1..at + 3, folded[at - 1..at + 3].to_owned()));
        }
    }
    found
}

/// An account number whose check digits are right (ISO 7064, mod 97).
fn iban(folded: &str) -> Option<Range<usize>> {
    let bytes = folded.as_bytes();
    (0..bytes.len().saturating_sub(14))
        .filter(|&at| at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
        .filter(|&at| {
            bytes[at].is_ascii_lowercase()
                && bytes[at + 1].is_ascii_lowercase()
                && bytes[at + 2].is_ascii_digit()
                && bytes[at + 3].is_ascii_digit()
        })
        .find_map(|at| iban_at(bytes, at))
}

fn iban_at(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let mut letters = Vec::new();
    for (place, &byte) in bytes.iter().enumerate().skip(at).take(50) {
        match byte {
            _ if letters.len() == LONGEST_IBAN => break,
            b'a'..=b'z' | b'0'..=b'9' => {
                letters.push(byte);
                let ends = bytes
                    .get(place + 1)
                    .is_none_or(|next| !next.is_ascii_alphanumeric());
                if ends && letters.len() >= SHORTEST_IBAN && is_right(&letters) {
                    return Some(at..place + 1);
                }
            }
            b' ' | b'-' => {}
            _ => break,
        }
    }
    None
}

fn is_right(letters: &[u8]) -> bool {
    let turned = letters[4..].iter().chain(&letters[..4]);
    let rest = turned.fold(0_u32, |rest, &byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'a') + 10) % 97,
    });
    rest == 1
}

/// A telephone number: nine to fifteen digits with what people put between them.
fn number_to_call(folded: &str) -> Option<(Range<usize>, String)> {
    let mut start = None;
    let (mut digits, mut end) = (0, 0);
    let letters = folded.char_indices().chain([(folded.len(), '\n')]);
    for (at, letter) in letters {
        match letter {
            '0'..='9' => {
                start.get_or_insert(at);
                digits += 1;
                end = at + 1;
            }
            '+' | '(' if start.is_none() => start = Some(at),
            ' ' | '.' | '-' | '(' | ')' | '/' if start.is_some() => {}
            _ => {
                if let Some(start) = start.take()
                    && (9..=15).contains(&digits)
                {
                    return Some((start..end, folded[start..end].to_owned()));
                }
                digits = 0;
            }
        }
    }
    None
}

const SHORTEST_IBAN: usize = 15;
const LONGEST_IBAN: usize = 34;
/// What traps put together.
const PATTERN: [Clue; 14] = [
    Clue::Hurries,
    Clue::Threatens,
    Clue::WantsAccount,
    Clue::AsksSecrets,
    Clue::PromisesGift,
    Clue::AsksSecrecy,
    Clue::ChangesBank,
    Clue::PromisesFortune,
    Clue::SpeaksOfRefund,
    Clue::SpeaksOfFine,
    Clue::KnowsNoName,
    Clue::WantsClick,
    Clue::WantsErrand,
    Clue::SmallSum,
];

#[cfg(test)]
mod tests {
    use super::super::testing::{clues, clues_of_sms};
    use super::*;

    #[test]
    fn wishes_are_understood_in_both_languages() {
        for (text, clue) in [
            ("Votre carte sera suspendue sous 24 heures", "hurries"),
            ("Your account will be suspended", "threatens"),
            ("Vérifiez votre compte", "wants-account"),
            ("Envoyez votre mot de passe", "asks-secrets"),
            ("Félicitations ! Vous avez gagné", "promises-gift"),
            ("Are you at your desk?", "asks-secrecy"),
            ("Voici notre nouvel IBAN", "changes-bank"),
            ("I am the widow of a late general", "promises-fortune"),
            ("I recorded you with your webcam", "blackmails"),
            ("Votre colis est en attente", "speaks-of-parcel"),
            ("Un remboursement de 234,20 EUR", "speaks-of-refund"),
            ("Amende impayée", "speaks-of-fine"),
            ("Dear customer", "knows-no-name"),
            ("Cliquez ici", "wants-click"),
            ("Peux-tu me rendre un service ?", "wants-errand"),
            ("Votre nouvelle carte Vitale", "speaks-of-health-papers"),
            ("Verify your wallet", "speaks-of-coins"),
            ("Coucou maman, mon téléphone est cassé", "new-number"),
            ("Réglez 1,99 € de frais", "small-sum"),
            ("pay $2.95 now", "small-sum"),
            ("FR76 3000 6000 0112 3456 7890 189", "has-iban"),
            ("To cancel call us at +1 (888) 555-0199", "wants-call"),
            ("Call +1 (888) 555-0142 now", "wants-call"),
            ("Appelez le 09 70 00 00 00", "wants-call"),
            ("Votre ordinateur est infecté", "threatens"),
            ("N'en parle à personne", "asks-secrecy"),
            ("Achète cinq cartes cadeaux", "wants-errand"),
            ("J'ai filmé votre écran", "blackmails"),
        ] {
            let found = clues_of_sms(text, None);
            assert!(found.contains(&clue), "{text}: {found:?}");
        }
    }

    #[test]
    fn ordinary_words_are_no_wish() {
        for text in [
            "Bonjour Claire, le rendez-vous de Mme Petit est déplacé à 14 h 30.",
            "Les 12 patients de jeudi ont confirmé. Total 131,99 €.",
            "See you tomorrow at the clinic, the meeting is at 10.",
            "Appel de M. Durand au 02 40 00 00 00 ce matin.",
            "FR76 3000 6000 0112 3456 7890 188",
        ] {
            assert_eq!(clues_of_sms(text, None), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn several_wishes_are_a_pattern() {
        let found = clues_of_sms("Cher client, urgent : cliquez ici", None);
        assert!(found.contains(&"wants-much"), "{found:?}");
    }

    #[test]
    fn subjects_are_read_too() {
        let found = clues("From: a@b.fr\nSubject: FELICITATIONS CLAIRE\n\nBonjour\n");
        assert!(
            found.contains(&"loud-subject") && found.contains(&"promises-gift"),
            "{found:?}"
        );
    }

    #[test]
    fn codes_in_a_subject_are_told_from_numbers_of_orders() {
        for word in [
            "Bitcoin__Balance",
            "Now.get.up.to",
            "96424*Rlk2",
            "nVVjq0yKdNwd5",
        ] {
            assert!(is_code(word), "{word}");
        }
        for word in [
            "FR20481",
            "2026-11-30",
            "www.labo.fr/x",
            "10.30",
            "MacBook",
            "8841",
            "a@b.example.fr",
        ] {
            assert!(!is_code(word), "{word}");
        }
    }

    #[test]
    fn numbers_are_checked() {
        assert!(iban("iban gb82 west 1234 5698 7654 32.").is_some());
        assert!(iban("iban gb82 west 1234 5698 7654 33.").is_none());
        assert_eq!(sums("1,99 € et 11,99 € et 1,999 € et 5.00eur").len(), 2);
        assert_eq!(number_to_call("le 12/05 a 14 h"), None);
    }
}
