//! Who sends an SMS: firms write from a short number or a name, people from a mobile.
//! A number says nothing of who holds it; only of what it is not.

use super::{Sheet, Sight};
use crate::fold::Folded;
use crate::message::Sms;
use crate::reason::{Clue, Reason};

/// Looks at the sender of an SMS.
pub(super) fn look(sms: &Sms, folded: &Folded, sight: &Sight<'_>, sheet: &mut Sheet) {
    let speaks_for_firm =
        !sight.intel.named(&folded.text).is_empty() || FIRMS.iter().any(|clue| sheet.has(*clue));
    let number = sms.sender.as_deref().map(digits).unwrap_or_default();
    if is_mobile(&number) && speaks_for_firm {
        sheet.add(Reason::PrivateNumber {
            number: sms.sender.clone().unwrap_or_default(),
        });
    }
    if let Some(number) = dear_number(&folded.text) {
        sheet.add(Reason::DearNumber { number });
    }
    if is_costly(&folded.text) {
        sheet.add(Reason::CostlyText {});
    }
    if folded.disguised > 0 {
        sheet.add(Reason::DisguisedLetters {});
    }
    if folded.invisible >= MANY {
        sheet.add(Reason::InvisibleSigns {});
    }
}

fn digits(number: &str) -> String {
    number
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '+')
        .collect()
}

/// A mobile of a person, in France and its neighbours' way of writing.
fn is_mobile(number: &str) -> bool {
    let french = number
        .strip_prefix("+33")
        .or_else(|| number.strip_prefix("0033"))
        .or_else(|| number.strip_prefix('0'))
        .is_some_and(|rest| rest.len() == 9 && rest.starts_with(['6', '7']));
    let foreign = number.starts_with('+') && !number.starts_with("+33") && number.len() >= 10;
    french || foreign
}

/// Numbers that cost by the call: 089 in France, 09 in Britain.
fn dear_number(folded: &str) -> Option<String> {
    let tight: String = folded
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '.' | '-'))
        .collect();
    let bytes = tight.as_bytes();
    (0..bytes.len().saturating_sub(9))
        .filter(|&at| at == 0 || !bytes[at - 1].is_ascii_digit())
        .find(|&at| {
            let number = &bytes[at..];
            let length = number
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let french = length == 10 && number.starts_with(b"089");
            let british = (10..=11).contains(&length)
                && (number.starts_with(b"090") || number.starts_with(b"087"));
            french || british
        })
        .map(|at| {
            tight[at..]
                .chars()
                .take_while(char::is_ascii_digit)
                .collect()
        })
}

/// `150p/msg`, `£3 per min`, `txt WIN to 80488`, `envoyez OUI au 81212`.
fn is_costly(folded: &str) -> bool {
    let priced = PRICES.iter().any(|unit| {
        folded.match_indices(unit).any(|(at, _)| {
            folded[..at]
                .trim_end_matches([' ', 'p', '/', '.', 'e', 'u', 'r', '€'])
                .ends_with(|letter: char| letter.is_ascii_digit())
        })
    });
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_short = |word: &str| {
        (4..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let sends = words.windows(2).enumerate().any(|(at, two)| {
        let asked = words[at.saturating_sub(NEAR)..at]
            .iter()
            .any(|word| SENDS.contains(word));
        matches!(two[0], "to" | "au" | "on") && is_short(two[1]) && asked
    });
    priced || sends
}

/// For what one pays.
const PRICES: [&str; 12] = [
    "/msg",
    "per msg",
    "per message",
    "/min",
    "per min",
    "ppm",
    "/text",
    "per text",
    "/sms",
    "par sms",
    "par minute",
    "a min",
];
const SENDS: [&str; 9] = [
    "txt", "text", "send", "reply", "sms", "envoyez", "envoie", "repondez", "tapez",
];
/// Words between the wish and the number.
const NEAR: usize = 5;

/// What only firms write.
const FIRMS: [Clue; 5] = [
    Clue::SpeaksOfParcel,
    Clue::SpeaksOfFine,
    Clue::SpeaksOfRefund,
    Clue::WantsAccount,
    Clue::SpeaksOfHealthPapers,
];
const MANY: usize = 2;

#[cfg(test)]
mod tests {
    use super::super::testing::clues_of_sms;

    #[test]
    fn a_firm_does_not_write_from_a_mobile() {
        let text = "Votre colis est en attente";
        for sender in ["06 39 98 41 07", "+33639984107", "+44 7700 900123"] {
            assert!(
                clues_of_sms(text, Some(sender)).contains(&"private-number"),
                "{sender}"
            );
        }
        for sender in ["38015", "Chronopost", "01 99 00 12 34"] {
            assert!(
                !clues_of_sms(text, Some(sender)).contains(&"private-number"),
                "{sender}"
            );
        }
        assert!(clues_of_sms("On se voit à midi ?", Some("0639984107")).is_empty());
    }

    #[test]
    fn messages_that_cost_are_told() {
        for text in [
            "To win txt CASH to 80488",
            "Only 150p/msg, 18 only",
            "Calls cost £3 per min",
            "Envoyez OUI au 81212",
            "0,50 € par SMS",
        ] {
            assert!(clues_of_sms(text, None).contains(&"costly-text"), "{text}");
        }
        for text in [
            "Send it to 12 Harbor Street",
            "See you at 5 pm",
            "Je t'envoie ca au 2",
            "text me when you get to 4",
        ] {
            assert!(!clues_of_sms(text, None).contains(&"costly-text"), "{text}");
        }
    }

    #[test]
    fn numbers_that_cost_are_told() {
        assert!(clues_of_sms("Rappelle au 08 99 12 34 56", None).contains(&"dear-number"));
        assert!(clues_of_sms("Call 09061701461 now", None).contains(&"dear-number"));
        assert!(!clues_of_sms("Appelle au 02 40 12 34 56", None).contains(&"dear-number"));
    }
}
