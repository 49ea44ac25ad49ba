//! A text as a reader takes it: small letters, no accents, no invisible signs, look-alike letters as what they look like.
//! Keeps where each letter stood, so that what is found can be marked in what was written.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// A folded text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    /// The text.
    pub(crate) text: String,
    /// Invisible signs between letters.
    pub(crate) invisible: usize,
    /// Words in which letters of two scripts stand side by side to look like one.
    pub(crate) disguised: usize,
    places: Vec<u32>,
}

impl Folded {
    /// Folds a text.
    pub(crate) fn of(written: &str) -> Self {
        let mut folded = Self::default();
        let (mut latin, mut foreign, mut before) = (false, false, ' ');
        for (at, letter) in written.char_indices() {
            if is_invisible(letter) {
                folded.invisible += usize::from(before.is_alphabetic());
                continue;
            }
            let replaced = look_alike(letter);
            if is_foreign_mark(letter) {
                foreign |= before.is_ascii_alphabetic();
                continue;
            }
            if letter.is_alphabetic() {
                latin |= letter.is_ascii();
                foreign |= replaced.is_some();
            } else {
                folded.disguised += usize::from(latin && foreign);
                (latin, foreign) = (false, false);
            }
            before = letter;
            match replaced {
                Some(seen) => folded.push(seen, at),
                None => folded.letter(letter, at),
            }
        }
        folded.disguised += usize::from(latin && foreign);
        folded
    }

    fn letter(&mut self, letter: char, at: usize) {
        match letter {
            'A'..='Z' => self.push(letter.to_ascii_lowercase(), at),
            '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`' | '\u{b4}' => self.push('\'', at),
            '\u{2010}'..='\u{2015}' => self.push('-', at),
            '\u{153}' | '\u{152}' => {
                self.push('o', at);
                self.push('e', at);
            }
            _ if letter.is_whitespace() => {
                if !self.text.ends_with(' ') {
                    self.push(' ', at);
                }
            }
            _ if letter.is_ascii() => self.push(letter, at),
            _ => {
                for part in letter.nfkd().filter(|part| !is_mark(*part)) {
                    for small in part.to_lowercase() {
                        self.push(small, at);
                    }
                }
            }
        }
    }

    fn push(&mut self, letter: char, at: usize) {
        self.text.push(letter);
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        self.places.resize(self.text.len(), place);
    }

    /// Where a part of the folded text stands in what was written.
    pub(crate) fn place(&self, start: usize, end: usize, written: &str) -> (usize, usize) {
        let at = |index: usize| {
            self.places
                .get(index)
                .map_or(written.len(), |&at| at as usize)
        };
        let last = at(end.saturating_sub(1));
        let after = written
            .get(last..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        (at(start), last + after)
    }
}

/// The folded text alone.
pub(crate) fn fold(written: &str) -> String {
    Folded::of(written).text
}

/// The Latin letter or digit that a letter of another script is drawn like.
fn look_alike(letter: char) -> Option<char> {
    if letter.is_ascii() || !letter.is_alphanumeric() || ('\u{c0}'..='\u{24f}').contains(&letter) {
        return None;
    }
    // A wide or bold letter is that letter.
    if letter.nfkd().next().is_some_and(|plain| plain.is_ascii()) {
        return None;
    }
    let mut buffer = [0; 4];
    let mut seen = skeleton(letter.encode_utf8(&mut buffer));
    match (seen.next(), seen.next()) {
        (Some(one), None) if one.is_ascii_alphanumeric() => Some(one.to_ascii_lowercase()),
        _ => None,
    }
}

fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// Marks of Syriac, Thaana, N'Ko and the like, and marks for symbols: on a Latin letter they only break the word.
fn is_foreign_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{711}' | '\u{730}'..='\u{74a}'
            | '\u{7a6}'..='\u{7b0}' | '\u{7eb}'..='\u{7f3}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20f0}'
    )
}

/// Signs that nobody sees.
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_they_look() {
        for (written, seen) in [
            ("L’Été  \u{a0}à Cœur", "l'ete a coeur"),
            ("pаypаl", "paypal"),
            ("a\u{200b}me\u{ad}li", "ameli"),
            ("ＡＭＥＬＩ", "ameli"),
            ("e\u{301}te", "ete"),
            ("am\u{73f}azo\u{73f}n", "amazon"),
        ] {
            assert_eq!(fold(written), seen, "{written}");
        }
    }

    #[test]
    fn disguise_is_counted() {
        assert_eq!(Folded::of("pаypal and аpple, привет").disguised, 2);
        assert_eq!(Folded::of("a\u{200b}b \u{200b} c").invisible, 1);
        assert_eq!(Folded::of("Ελλάδα, École, naïve").disguised, 0);
    }

    #[test]
    fn places_lead_back() {
        let written = "Réglé:\u{200b} l’ÉTÉ";
        let folded = Folded::of(written);
        let at = folded.text.find("ete").unwrap();
        let (start, end) = folded.place(at, at + 3, written);
        assert_eq!(&written[start..end], "ÉTÉ");
    }
}
