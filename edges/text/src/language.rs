//! Which language a person is spoken to in.

use std::str::FromStr;

/// A language that Hygie speaks. French comes first: it is what is spoken when nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// French.
    #[default]
    Fr,
    /// English.
    En,
}

/// Hygie does not speak this language.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a language of Hygie's: fr or en is needed")]
pub struct UnknownLanguage;

/// What the environment says about language; given by whoever reads it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment<'a> {
    /// `LC_ALL`
    pub lc_all: Option<&'a str>,
    /// `LC_MESSAGES`
    pub lc_messages: Option<&'a str>,
    /// `LANG`
    pub lang: Option<&'a str>,
}

impl Language {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The language chosen by `--lang` or the configuration, else the environment's.
    /// The first of its variables that is not empty counts, as everywhere on Unix; `C` and `POSIX`
    /// say nothing, so French; a language that Hygie does not speak becomes English.
    #[must_use]
    pub fn negotiate(chosen: Option<Self>, environment: &Environment<'_>) -> Self {
        if let Some(language) = chosen {
            return language;
        }
        let said = [
            environment.lc_all,
            environment.lc_messages,
            environment.lang,
        ];
        let said = said.into_iter().flatten().find(|locale| !locale.is_empty());
        match said.map(name) {
            None | Some("C" | "POSIX") => Self::default(),
            Some(name) => name.parse().unwrap_or(Self::En),
        }
    }

    /// `fr` or `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// `fr` of `fr_FR.UTF-8`.
fn name(locale: &str) -> &str {
    locale.split(['_', '-', '.', '@']).next().unwrap_or(locale)
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Takes `fr`, `en` and their regional forms such as `fr-CA`.
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let name = name(text);
        Self::ALL
            .into_iter()
            .find(|language| name.eq_ignore_ascii_case(language.code()))
            .ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lc_all: &str, lc_messages: &str, lang: &str) -> Language {
        let environment = Environment {
            lc_all: Some(lc_all),
            lc_messages: Some(lc_messages),
            lang: Some(lang),
        };
        Language::negotiate(None, &environment)
    }

    #[test]
    fn what_is_chosen_comes_before_the_environment() {
        let english = Environment {
            lc_all: Some("en_GB.UTF-8"),
            ..Environment::default()
        };
        assert_eq!(
            Language::negotiate(Some(Language::Fr), &english),
            Language::Fr
        );
        assert_eq!(Language::negotiate(None, &english), Language::En);
    }

    #[test]
    fn the_first_variable_that_says_something_counts() {
        assert_eq!(
            of("fr_FR.UTF-8", "en_US.UTF-8", "en_US.UTF-8"),
            Language::Fr
        );
        assert_eq!(of("", "en_US.UTF-8", "fr_FR.UTF-8"), Language::En);
        assert_eq!(of("", "", "fr_CA@euro"), Language::Fr);
        assert_eq!(of("C", "fr_FR", "en_US"), Language::Fr);
        assert_eq!(of("", "", "de_DE.UTF-8"), Language::En);
        for silent in ["", "C", "C.UTF-8", "POSIX"] {
            assert_eq!(of("", "", silent), Language::Fr, "{silent}");
        }
        assert_eq!(
            Language::negotiate(None, &Environment::default()),
            Language::Fr
        );
    }

    #[test]
    fn other_languages_are_refused_where_one_is_chosen() {
        for text in ["fr", "FR", "fr-CA", "fr_FR.UTF-8"] {
            assert_eq!(text.parse(), Ok(Language::Fr), "{text}");
        }
        assert_eq!("en".parse(), Ok(Language::En));
        for text in ["", "de", "french", "f", "fren", " fr"] {
            assert_eq!(text.parse::<Language>(), Err(UnknownLanguage), "{text}");
        }
    }
}
