//! How it is made: what a page hides, asks and disguises, and where its readings differ.
//! Newsletters hide a line or two; traps hide paragraphs.

use super::Sheet;
use crate::fold::Folded;
use crate::message::{By, Mail, Oddity};
use crate::reason::Reason;

/// Looks at how a mail is made.
pub(super) fn look(mail: &Mail, folded: &Folded, sheet: &mut Sheet) {
    if folded.invisible >= MANY {
        sheet.add(Reason::InvisibleSigns {});
    }
    if folded.disguised > 0 || Folded::of(&mail.subject).disguised > 0 {
        sheet.add(Reason::DisguisedLetters {});
    }
    for body in &mail.bodies {
        let (hidden, shown) = (letters(&body.hidden), letters(&body.text));
        if hidden > PREHEADER && hidden * 4 > shown {
            sheet.add(Reason::HiddenWords {});
        }
        if hidden > PREHEADER && hidden > shown {
            sheet.add(Reason::MostlyHidden {});
        }
        let page = body.page;
        if page.stretched {
            sheet.add(Reason::FarBelow {});
        }
        if page.password_fields > 0 {
            sheet.add(Reason::AsksPassword {});
        }
        if page.fields > 0 || body.links.iter().any(|link| link.by == By::Form) {
            sheet.add(Reason::HasForm {});
        }
        if page.smuggles {
            sheet.add(Reason::Smuggles {});
        }
        if page.scripts > 0 {
            sheet.add(Reason::HasScript {});
        }
        if page.base || body.links.iter().any(|link| link.by == By::Refresh) {
            sheet.add(Reason::BendsLinks {});
        }
        if page.linked_pictures > 0 && shown < FEW {
            sheet.add(Reason::PictureForText {});
        }
        if page.cut {
            sheet.add(Reason::TooMuch {});
        }
    }
    if !mail.bodies.is_empty() && mail.bodies.iter().all(|body| body.page.html) {
        sheet.add(Reason::PageAlone {});
    }
    if mail.oddities.contains(&Oddity::Ambiguous) {
        sheet.add(Reason::Ambiguous {});
    }
    if mail
        .oddities
        .iter()
        .any(|odd| matches!(odd, Oddity::TooMuch | Oddity::TooDeep))
    {
        sheet.add(Reason::TooMuch {});
    }
    two_texts(mail, sheet);
}

/// The plain text is there for filters, the page for people.
fn two_texts(mail: &Mail, sheet: &mut Sheet) {
    let page = mail.bodies.iter().find(|body| body.page.html);
    let plain = mail.bodies.iter().find(|body| !body.page.html);
    let (Some(page), Some(plain)) = (page, plain) else {
        return;
    };
    let words = |text: &str| -> Vec<String> {
        let folded = crate::fold::fold(text);
        let mut words: Vec<String> = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.chars().count() >= 5)
            .take(COMPARED)
            .map(str::to_owned)
            .collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    let (shown, other) = (words(&page.text), words(&plain.text));
    let both = other
        .iter()
        .filter(|word| shown.binary_search(word).is_ok())
        .count();
    if other.len() >= ENOUGH && shown.len() >= ENOUGH && both * 5 < other.len() {
        sheet.add(Reason::TwoTexts {});
    }
}

fn letters(text: &str) -> usize {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
}

/// Invisible signs that no program leaves by chance.
const MANY: usize = 5;
/// Letters that a newsletter hides for the list of messages.
const PREHEADER: usize = 300;
/// Letters below which the words must be in the pictures.
const FEW: usize = 200;
const COMPARED: usize = 2000;
const ENOUGH: usize = 20;

#[cfg(test)]
mod tests {
    use super::super::testing::clues;

    fn page(html: &str) -> Vec<&'static str> {
        clues(&format!(
            "From: z@labo.fr\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n{html}\n"
        ))
    }

    #[test]
    fn deceptions_of_a_page_are_seen() {
        let salad = "laitue tomate ".repeat(40);
        for (html, clue) in [
            (
                &*format!("<p>Cliquez</p><div style='display:none'>{salad}</div>"),
                "mostly-hidden",
            ),
            ("<form><input type=password></form>", "asks-password"),
            ("<form action=https://labo.fr><input></form>", "has-form"),
            ("<script>new Blob([atob('x')])</script>", "smuggles"),
            (
                "<meta http-equiv=refresh content='0;url=https://labo.fr'>",
                "bends-links",
            ),
            (
                "<a href=https://labo.fr><img src=x width=600></a>",
                "picture-for-text",
            ),
            (
                "<p>m\u{200b}o\u{200b}t\u{200b} d\u{200b}e\u{200b} p\u{200b}asse</p>",
                "invisible-signs",
            ),
            ("<p>vоtre cоmpte</p>", "disguised-letters"),
            (
                "<head><style>.b { height: 470500px }</style></head><p>Cliquez</p>",
                "far-below",
            ),
            ("<div style='margin-top:3000vh'>x</div>", "far-below"),
        ] {
            let found = page(html);
            assert!(found.contains(&clue), "{html}: {found:?}");
        }
        let found = page(
            "<div style='display:none'>Vos résultats sont arrivés</div><p>Bonjour Claire, vos résultats.</p>",
        );
        assert_eq!(found, ["page-alone"]);
    }

    #[test]
    fn two_different_texts_are_seen() {
        let words = |seed: char| -> String {
            (0..40)
                .map(|at| format!("{seed}mot{seed}{}{} ", at, seed))
                .collect()
        };
        let raw = |one: &str, two: &str| {
            format!(
                "From: z@labo.fr\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\n{one}\n--x\nContent-Type: text/html\n\n<p>{two}</p>\n--x--\n"
            )
        };
        assert!(clues(&raw(&words('a'), &words('b'))).contains(&"two-texts"));
        assert!(!clues(&raw(&words('a'), &words('a'))).contains(&"two-texts"));
    }
}
