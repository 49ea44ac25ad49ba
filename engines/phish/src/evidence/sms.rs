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
    fn numbers_that_cost_are_told() {
        assert!(clues_of_sms("Rappelle au 08 99 12 34 56", None).contains(&"dear-number"));
        assert!(clues_of_sms("Call 09061701461 now", None).contains(&"dear-number"));
        assert!(!clues_of_sms("Appelle au 02 40 12 34 56", None).contains(&"dear-number"));
    }
}
