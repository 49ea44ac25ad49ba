//! Which passwords are taken. Answers are reasons, so that each language says them in its own words.
//! There are no rules about signs: NIST SP 800-63B-4 (3.1.1.2) forbids them, and they make passwords worse.

use unicode_normalization::UnicodeNormalization;

use super::leaked;
use super::strength::{self, Guesses};
use crate::secret::SecretText;

/// Fewest characters. 12 is what ANSSI's MonServiceSécurisé and MonAideCyber ask of a user's password. CNIL's
/// deliberation 2022-100 asks 50 bits of one whose tries are held back, as ours are: 12 small letters are
/// log2(26^12) = 56. Its bits are not computed here on purpose: a strict check refuses CNIL's own examples
/// (log2(99^12) is 79.55, not 80), so the forms that it cites are taken as they are.
pub const MIN_CHARS: usize = 12;

/// Fewest characters of a password of digits alone: CNIL's own example for 50 bits (10^16).
pub const MIN_DIGITS: usize = 16;

/// Most characters: NIST SP 800-63B-4 wants at least 64 to be possible. PGSSI-S' older 24 would refuse good phrases.
pub const MAX_CHARS: usize = 128;

/// Most bytes that are looked at at all, before anything else is done with them: four a character.
pub const MAX_BYTES: usize = 4 * MAX_CHARS;

/// A text that may be hashed: short enough, and the same whichever keyboard typed it.
#[derive(Clone, Debug)]
pub struct Password(SecretText);

impl Password {
    /// Normalises to NFC (RFC 8265, OpaqueString: letters with accents have one form; spaces, case and width stay as they
    /// are). [`None`] for what is too long to be a password of ours: it is not worth a hash.
    #[must_use]
    pub fn of(typed: &SecretText) -> Option<Self> {
        let typed = typed.expose();
        if typed.is_empty() || typed.len() > MAX_BYTES {
            return None;
        }
        // Composed forms never grow past the bound by more than a few times; the hash takes any length.
        let text: String = typed.nfc().collect();
        (text.chars().count() <= MAX_CHARS).then(|| Self(SecretText::new(text)))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What somebody who knows the person and the practice tries first.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The name of the person, as she writes it.
    pub person: &'a str,
    /// The name that she signs in with.
    pub sign_in: &'a str,
    /// The practice's own words: its name, its town, its street, its devices, the console's name.
    pub practice: &'a [&'a str],
}

/// Why a password is not taken. Each carries what the sentence needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Too short.
    Short {
        /// How many characters it has.
        has: usize,
        /// How many it needs.
        needs: usize,
    },
    /// Too long.
    Long {
        /// How many characters are taken at the most.
        most: usize,
    },
    /// Digits alone, and not enough of them.
    DigitsOnly {
        /// How many digits it needs.
        needs: usize,
    },
    /// On the list of the most common leaked passwords.
    Leaked,
    /// Little is left of it without the names of the person and the practice.
    Named,
    /// Guessed too soon.
    Guessable(Guesses),
}

/// Judges a password that somebody wants to have. `Err` carries every flaw, the first one to be told first.
///
/// # Errors
/// The flaws, at least one.
pub fn judge(typed: &SecretText, about: About<'_>) -> Result<Password, Vec<Flaw>> {
    let Some(password) = Password::of(typed) else {
        let empty = typed.expose().is_empty();
        let flaw = if empty {
            Flaw::Short {
                has: 0,
                needs: MIN_CHARS,
            }
        } else {
            Flaw::Long { most: MAX_CHARS }
        };
        return Err(vec![flaw]);
    };
    let text = password.expose();
    let has = text.chars().count();
    let mut flaws = Vec::new();
    if has < MIN_CHARS {
        flaws.push(Flaw::Short {
            has,
            needs: MIN_CHARS,
        });
    } else if has < MIN_DIGITS && text.chars().all(|sign| sign.is_ascii_digit()) {
        flaws.push(Flaw::DigitsOnly { needs: MIN_DIGITS });
    }
    if leaked::is_common(text) {
        flaws.push(Flaw::Leaked);
    } else if strength::is_named(text, about) {
        flaws.push(Flaw::Named);
    } else if has >= MIN_CHARS {
        let guesses = Guesses::of(text, about);
        if !guesses.enough() {
            flaws.push(Flaw::Guessable(guesses));
        }
    }
    if flaws.is_empty() {
        Ok(password)
    } else {
        Err(flaws)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ABOUT: About<'_> = About {
        person: "Claire Garnier",
        sign_in: "claire.garnier",
        practice: &["Cabinet des Tilleuls", "Saint-Malo", "hygie.local"],
    };

    fn flaws(text: &str) -> Vec<Flaw> {
        judge(&SecretText::new(text.to_owned()), ABOUT)
            .err()
            .unwrap_or_default()
    }

    #[test]
    fn good_ones_are_taken() {
        for text in [
            "tournevis girafe brume 41",
            "huit crayons sous la mer violette",
            "xK9#qLw2vT!r",
            "xkqvlwzjtrhb",
            "8306172945501836",
            "été nocturne à Gyzwick",
            "pneu-lilas-gravier-fjord",
        ] {
            assert_eq!(flaws(text), [], "{text}");
        }
    }

    #[test]
    fn the_forms_that_cnil_cites_are_taken() {
        // 12 of four kinds, 14 of three, a phrase of seven words, 16 digits.
        for text in [
            "gT4!mZ9?wX2;",
            "gT4mZ9wX2kR7pL",
            "lampe vache tuile pluie corde singe fumée",
            "9406172845503816",
        ] {
            assert_eq!(flaws(text), [], "{text}");
        }
    }

    #[test]
    fn bad_ones_say_why() {
        assert_eq!(flaws(""), [Flaw::Short { has: 0, needs: 12 }]);
        assert_eq!(flaws("xK9#qLw2"), [Flaw::Short { has: 8, needs: 12 }]);
        assert_eq!(
            flaws("83061729455018").first(),
            Some(&Flaw::DigitsOnly { needs: 16 })
        );
        assert_eq!(
            flaws("123456"),
            [Flaw::Short { has: 6, needs: 12 }, Flaw::Leaked]
        );
        assert_eq!(flaws("Q1W2E3R4T5Y6"), [Flaw::Leaked]);
        assert_eq!(flaws("telechargement"), [Flaw::Leaked]);
        assert_eq!(
            flaws("Téléchargement1!"),
            [Flaw::Leaked],
            "accents, a digit and a sign hide nothing"
        );
        assert_eq!(flaws("ClaireGarnier35!"), [Flaw::Named]);
        assert_eq!(flaws("cabinet-des-tilleuls"), [Flaw::Named]);
        assert_eq!(flaws("Cabinet des Tilleuls 2026"), [Flaw::Named]);
        assert_eq!(flaws(&"a".repeat(129)), [Flaw::Long { most: 128 }]);
        assert_eq!(flaws(&"a".repeat(10_000_000)), [Flaw::Long { most: 128 }]);
        for text in [
            "azertyuiopqs",
            "Azerty123456!",
            "aaaaaaaaaaaaaaaa",
            "Bonjour2026!!",
            "soleilsoleil",
            "Motdepasse35",
            "M0tdepasse!!",
            "printemps2026",
            "secretariat35",
            "Doctolib2026!",
            "abcdefghijklmnop",
            "1234567890123456",
            "été2026été2026",
        ] {
            assert!(
                matches!(flaws(text).last(), Some(Flaw::Guessable(_) | Flaw::Leaked)),
                "{text}: {:?}",
                flaws(text)
            );
        }
    }

    #[test]
    fn one_password_of_two_keyboards_is_one() {
        let composed = Password::of(&SecretText::new("\u{e9}t\u{e9} nocturne".to_owned())).unwrap();
        let apart =
            Password::of(&SecretText::new("e\u{301}te\u{301} nocturne".to_owned())).unwrap();
        assert_eq!(composed.expose(), apart.expose());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn whatever_is_typed_gets_an_answer(text in ".{0,160}") {
            let answer = judge(&SecretText::new(text.clone()), ABOUT);
            if let Ok(password) = answer {
                let chars = password.expose().chars().count();
                prop_assert!((MIN_CHARS..=MAX_CHARS).contains(&chars));
            }
        }
    }
}
