//! The spaces that must not break, put where the language wants them.

use std::borrow::Cow;

use crate::Language;

/// Makes spaces unbreakable where the language asks for it; applied once to what authors typed,
/// never to what is put in (a file's name stays as it is). Doing it twice changes nothing more.
/// French: before `? ! ;` and inside `« »` a narrow one, before `:` a full one.
/// Both: between a number and its unit.
#[must_use]
pub fn typeset(language: Language, text: &str) -> Cow<'_, str> {
    if !text.contains(' ') {
        return Cow::Borrowed(text);
    }
    let mut set = String::with_capacity(text.len() + 8);
    for (at, sign) in text.char_indices() {
        let space = (sign == ' ').then(|| space(language, &text[..at], &text[at + 1..]));
        set.push(space.unwrap_or(sign));
    }
    Cow::Owned(set)
}

/// The space to stand between `before` and `after`.
fn space(language: Language, before: &str, after: &str) -> char {
    let french = language == Language::Fr;
    match (before.chars().next_back(), after.chars().next()) {
        (Some('«'), _) | (_, Some('?' | '!' | ';' | '»')) if french => NARROW,
        (_, Some(':')) if french => FULL,
        (_, Some('%')) => FULL,
        (Some(digit), _) if digit.is_ascii_digit() && starts_with_unit(after) => FULL,
        _ => ' ',
    }
}

fn starts_with_unit(text: &str) -> bool {
    let word = text
        .find(|c: char| !c.is_alphabetic())
        .map_or(text, |end| &text[..end]);
    UNITS.contains(&word)
}

/// U+202F, the narrow space that does not break.
pub(crate) const NARROW: char = '\u{202f}';
/// U+00A0, the space that does not break.
pub(crate) const FULL: char = '\u{a0}';

const UNITS: [&str; 21] = [
    "o", "ko", "Mo", "Go", "To", "B", "kB", "MB", "GB", "TB", "ms", "s", "min", "h", "jour",
    "jours", "day", "days", "mois", "months", "heures",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn french_spaces_do_not_break() {
        for (typed, set) in [
            ("Continuer ?", "Continuer\u{202f}?"),
            (
                "Attention ! Oui ; non",
                "Attention\u{202f}! Oui\u{202f}; non",
            ),
            ("« a »", "«\u{202f}a\u{202f}»"),
            (" »", "\u{202f}»"),
            ("Dossier : ici", "Dossier\u{a0}: ici"),
            ("de 1 s à 60 s", "de 1\u{a0}s à 60\u{a0}s"),
            ("20 %", "20\u{a0}%"),
            ("200 Go libres", "200\u{a0}Go libres"),
            ("3 soirs, 08:12", "3 soirs, 08:12"),
            ("", ""),
        ] {
            assert_eq!(typeset(Language::Fr, typed), set);
        }
    }

    #[test]
    fn english_has_no_space_before_a_colon() {
        assert_eq!(typeset(Language::En, "a : b ? 2 MB"), "a : b ? 2\u{a0}MB");
    }

    proptest! {
        #[test]
        fn only_spaces_change_and_twice_is_once(text in "[ «»?!;:%0-9oMs'a]{0,24}") {
            for language in Language::ALL {
                let once = typeset(language, &text).into_owned();
                prop_assert_eq!(once.replace([NARROW, FULL], " "), text.clone());
                prop_assert_eq!(typeset(language, &once), once.clone());
            }
        }
    }
}
