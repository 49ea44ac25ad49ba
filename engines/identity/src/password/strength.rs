//! How soon a password is guessed, by zxcvbn. Its dictionaries are English, so it is given French words, French names
//! and AZERTY walks besides, after the words of the person and the practice.
//!
//! zxcvbn reads the clock for how long it took and for this year; neither answer of ours depends on it but by a guess
//! about dates.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zxcvbn::zxcvbn;

use super::rules::About;

/// How many guesses a password withstands, as a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guesses {
    /// Tenths of the power: 83 is 10^8.3.
    tenths: u16,
}

impl Guesses {
    /// Asks zxcvbn.
    pub(super) fn of(text: &str, about: About<'_>) -> Self {
        let own = own_words(about);
        let text = bounded(text);
        // Written without accents it is the same word to whoever guesses; the weaker of both counts.
        let bare = plain(&text);
        let power = power(&text, &own).min(if bare == text {
            f64::INFINITY
        } else {
            power(&bare, &own)
        });
        // Between 0 and 40 or so; the clamp only makes the conversion whole.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        let tenths = (power * 10.0).clamp(0.0, 1_000.0) as u16;
        Self { tenths }
    }

    /// The power of ten, rounded down.
    #[must_use]
    pub const fn power(self) -> u16 {
        self.tenths / 10
    }

    /// 10^10 is zxcvbn's best mark, "very unguessable" to who has stolen a slow hash; at the throttle's pace
    /// ([`crate::throttle::MAX_GUESSES_A_DAY`]) it is 250,000 years.
    #[must_use]
    pub const fn enough(self) -> bool {
        self.tenths >= ENOUGH_TENTHS
    }
}

/// True if more than half of the password is names of the person and the practice.
pub(super) fn is_named(text: &str, about: About<'_>) -> bool {
    let mut rest: String = plain(text)
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .collect();
    let whole = rest.chars().count();
    if whole == 0 {
        return false;
    }
    // Longest first, or a short name would break up a longer one.
    let mut words = own_words(about);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words.iter().filter(|word| word.chars().count() >= 4) {
        rest = rest.replace(word.as_str(), "");
    }
    rest.chars().count() * 2 < whole
}

/// The words of names, and names written in one, plain and in small letters.
fn own_words(about: About<'_>) -> Vec<String> {
    let names = [about.person, about.sign_in]
        .into_iter()
        .chain(about.practice.iter().copied());
    let mut words = Vec::new();
    for name in names.take(MOST_NAMES) {
        let name = plain(name.get(..floor(name, MOST_NAME_BYTES)).unwrap_or_default());
        let parts: Vec<&str> = name
            .split(|sign: char| !sign.is_alphanumeric())
            .filter(|part| part.chars().count() >= 3)
            .collect();
        words.push(name.chars().filter(|sign| sign.is_alphanumeric()).collect());
        words.extend(parts.into_iter().map(str::to_owned));
    }
    words.retain(|word: &String| word.chars().count() >= 3);
    words.sort();
    words.dedup();
    words
}

/// Small letters without accents.
pub(super) fn plain(text: &str) -> String {
    text.nfd()
        .filter(|sign| !is_combining_mark(*sign))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The last border of a character at or below `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

const ENOUGH_TENTHS: u16 = 100;

/// Bounds of what names cost: a practice has no more words of its own than this.
const MOST_NAMES: usize = 64;
const MOST_NAME_BYTES: usize = 200;

/// What of a password zxcvbn is given. Its tries grow with the product of the signs that stand for letters, up to
/// minutes: with more than a few of them a word is no longer hidden but gone, so they become signs that mean nothing.
fn bounded(text: &str) -> String {
    let mut signs: Vec<char> = text
        .chars()
        .filter(|sign| STAND_INS.contains(sign))
        .collect();
    signs.sort_unstable();
    signs.dedup();
    let many = signs.len() > MOST_STAND_INS;
    let meaningless = |sign: char| {
        let place = STAND_INS.iter().position(|other| *other == sign);
        place
            .filter(|_| many)
            .and_then(|place| PRIVATE_USE.get(place))
            .copied()
            .unwrap_or(sign)
    };
    text.chars().take(MOST_JUDGED).map(meaningless).collect()
}

/// zxcvbn with our words. It counts a word's place in the list as the guesses that find it, and copies the list for each
/// of its tries: so words that the password cannot hold keep their place as nothing.
fn power(text: &str, own: &[String]) -> f64 {
    let (there, back) = (
        skeleton(text),
        skeleton(&text.chars().rev().collect::<String>()),
    );
    let french = FRENCH.iter().map(|(word, bones)| {
        if there.contains(bones.as_str()) || back.contains(bones.as_str()) {
            word.as_str()
        } else {
            ""
        }
    });
    let words: Vec<&str> = own.iter().map(String::as_str).chain(french).collect();
    zxcvbn(text, &words).guesses_log10()
}

/// A word as it looks when signs stand for letters, and letters that one sign stands for are one: a superset of what
/// zxcvbn undoes, to leave words out by.
fn skeleton(text: &str) -> String {
    let bone = |sign: char| match sign {
        '4' | '@' => 'a',
        '8' => 'b',
        '(' | '{' | '[' | '<' => 'c',
        '3' => 'e',
        '6' | '9' => 'g',
        '1' | '!' | '|' | '7' | 'l' | 't' | '+' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '%' => 'x',
        '2' => 'z',
        other => other,
    };
    text.chars()
        .flat_map(char::to_lowercase)
        .map(bone)
        .collect()
}

/// The signs among zxcvbn's stand-ins that are no digits: those take part in dates and sequences.
const STAND_INS: [char; 10] = ['@', '(', '{', '[', '<', '!', '|', '$', '+', '%'];
/// In their places, one for one, so that what repeats still repeats.
const PRIVATE_USE: [char; 10] = [
    '\u{e000}', '\u{e001}', '\u{e002}', '\u{e003}', '\u{e004}', '\u{e005}', '\u{e006}', '\u{e007}',
    '\u{e008}', '\u{e009}',
];
const MOST_STAND_INS: usize = 3;
/// Characters that are judged: a password is at least as strong as its beginning.
const MOST_JUDGED: usize = 48;

/// Habits first, then words by their frequency, each also as it is written without accents; with their bones.
static FRENCH: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let habits = include_str!("../../data/french-habits.txt").lines();
    let words = habits.chain(include_str!("../../data/french-words.txt").lines());
    words
        .flat_map(|word| {
            let bare = Some(plain(word)).filter(|bare| bare != word);
            [Some(word.to_owned()), bare].into_iter().flatten()
        })
        .map(|word| {
            let bones = skeleton(&word);
            (word, bones)
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: About<'_> = About {
        person: "",
        sign_in: "",
        practice: &[],
    };

    #[test]
    fn french_words_are_known() {
        // To English ears these are random letters: 10^12 and more.
        for text in [
            "appartement35",
            "chirurgiendentiste",
            "stéthoscope35",
            "Guillaume Lefebvre",
        ] {
            let guesses = Guesses::of(text, NOBODY);
            let english = zxcvbn(text, &[]).guesses_log10();
            assert!(
                f64::from(guesses.tenths) / 10.0 + 0.1 < english,
                "{text}: {guesses:?} {english}"
            );
        }
    }

    #[test]
    fn names_of_the_practice_are_found_in_one_or_apart() {
        let about = About {
            person: "Dr Hélène Le Goff",
            sign_in: "helene",
            practice: &["Cabinet de l'Étoile"],
        };
        for text in [
            "helenelegoff",
            "LEGOFF-helene-29",
            "étoilecabinet!",
            "LeGoffHélène1",
        ] {
            assert!(is_named(text, about), "{text}");
        }
        for text in ["étoile tournevis brume", "girafe violette 12", "!!!!"] {
            assert!(!is_named(text, about), "{text}");
        }
    }

    #[test]
    fn what_french_people_choose_is_guessed_and_phrases_are_not() {
        for (text, enough) in [
            ("Cabinetmedical35400", false),
            ("Marie-Laure1975", false),
            ("lapinbleu2020", false),
            ("vivelabretagne", false),
            ("mamanpapa12345", false),
            ("bonjourmonsieur", false),
            ("J@imelech0colat", false),
            ("sallemerveille35", false),
            ("notredamedeparis", false),
            ("suelbselzella12", false),
            ("girafe violette 12", true),
            ("tournevis girafe brume", true),
            ("cheval pile agrafe", true),
            ("xkqvlwzjtrhb", true),
        ] {
            assert_eq!(
                Guesses::of(text, NOBODY).enough(),
                enough,
                "{text}: {:?}",
                Guesses::of(text, NOBODY)
            );
        }
    }

    #[test]
    fn hostile_signs_cost_a_bounded_work() {
        // Without the bound the first of these takes minutes.
        for text in [
            "4@8({[<3611!|0$5+7%2".repeat(6),
            "1!|7@4$5g69e3o0z2b8".repeat(6),
            "1!|7@469e3o0z2b85".repeat(6),
            "é".repeat(128),
        ] {
            let judged = bounded(&text);
            let stand_ins: std::collections::BTreeSet<char> = judged
                .chars()
                .filter(|sign| STAND_INS.contains(sign))
                .collect();
            assert!(stand_ins.len() <= MOST_STAND_INS && judged.chars().count() <= MOST_JUDGED);
            Guesses::of(&text, NOBODY);
        }
        // What repeats still repeats, and the signs of a good password stay as they are.
        assert!(!Guesses::of(&"@({[<!".repeat(8), NOBODY).enough());
        assert_eq!(bounded("gT4!mZ9?wX2;"), "gT4!mZ9?wX2;");
    }
}
