//! Whose words a forwarded message brings: the sender that it quotes, not the one who sends it on.
//! People forward what they doubt, to a colleague or to Hygie; what the quoted sender shows is what counts.

use crate::fold::fold;
use crate::message::{Address, Mail};
use crate::parse::beginning;

/// The sender whom a forwarded message quotes.
pub(super) fn quoted(mail: &Mail) -> Option<Address> {
    let subject = fold(beginning(&mail.subject, 20));
    if !MARKS
        .iter()
        .any(|mark| subject.trim_start().starts_with(mark))
    {
        return None;
    }
    let lines: Vec<&str> = beginning(mail.shown(), FAR)
        .lines()
        .map(|line| line.trim().trim_start_matches(['*', '>', ' ']))
        .filter(|line| !line.is_empty())
        .collect();
    let at = lines.iter().position(|line| said(line, &FROM).is_some())?;
    let rest = lines.get(at + 1..)?;
    let is_block = rest
        .iter()
        .take(NEAR)
        .any(|line| said(line, &OTHERS).is_some());
    let from = said(lines[at], &FROM).filter(|_| is_block)?;
    // Some programs put the name on a line of its own.
    let from = if from.is_empty() {
        *rest.first()?
    } else {
        from
    };
    Some(address(from))
}

/// What stands behind one of these labels: `De : Ameli <a@b.example>`.
fn said<'a>(line: &'a str, labels: &[&str]) -> Option<&'a str> {
    let (label, value) = line.split_once(':')?;
    let label = fold(label.trim_matches(['*', ' ', '\u{a0}']));
    labels
        .contains(&label.as_str())
        .then(|| value.trim_matches(['*', ' ', '\u{a0}']))
}

fn address(said: &str) -> Address {
    let word = said
        .split(['<', '>', '[', ']', '(', ')', ' ', '"', ';'])
        .map(|word| word.trim_start_matches("mailto:"))
        .find(|word| word.contains('@') && !word.starts_with('@') && !word.ends_with('@'));
    let name = said
        .split(['<', '['])
        .next()
        .unwrap_or_default()
        .trim_matches(['"', '\'', ' ']);
    Address {
        name: name.to_owned(),
        address: word.unwrap_or_default().to_owned(),
    }
}

const MARKS: [&str; 9] = [
    "fw:", "fw :", "fwd:", "tr:", "tr :", "enc:", "wg:", "rv:", "i:",
];
const FROM: [&str; 5] = ["from", "de", "von", "da", "expediteur"];
const OTHERS: [&str; 15] = [
    "sent",
    "date",
    "to",
    "subject",
    "envoye",
    "a",
    "objet",
    "enviado",
    "enviada em",
    "para",
    "assunto",
    "gesendet",
    "an",
    "betreff",
    "inviato",
];
/// Letters within which a forwarded message begins.
const FAR: usize = 1500;
/// Lines that belong to one block of headers.
const NEAR: usize = 5;

#[cfg(test)]
mod tests {
    use super::super::testing::clues;

    #[test]
    fn the_quoted_sender_is_the_one_who_is_judged() {
        let forwarded = |block: &str| {
            clues(&format!(
                "From: Inès <ines@tilleuls.example>\nTo: claire@tilleuls.example\nSubject: TR : Votre carte\n\nUn vrai ?\n\n{block}\n\nBonjour\n"
            ))
        };
        for block in [
            "De : Assurance Maladie <info@relance.example>\nEnvoyé : mardi 4 août\nObjet : Votre carte",
            "-----Original Message-----\nFrom: \"Assurance Maladie\" [mailto:info@relance.example]\nSent: Tuesday\nSubject: Votre carte",
        ] {
            let found = forwarded(block);
            assert!(found.contains(&"impersonates"), "{found:?}");
            assert!(!found.contains(&"false-answer"), "{found:?}");
        }
        assert!(!forwarded("De : Zoé Petit").contains(&"impersonates"));
        let honest = "De : Assurance Maladie <ne-pas-repondre@mail.ameli.fr>\nDate : mardi 4 août";
        assert!(!forwarded(honest).contains(&"impersonates"));
    }
}
