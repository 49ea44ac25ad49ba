//! In which language a page speaks: what the person chose on this browser, else what the browser prefers.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::CookieJar;
use fluent_langneg::{
    LanguageIdentifier, NegotiationStrategy, accepted_languages, negotiate_languages,
};
use hygie_model::Protection;
use hygie_text::{Args, Catalog, Explained, Language, Message, TimeZone};

/// The catalogues of both languages.
#[derive(Clone)]
pub(crate) struct Catalogs {
    french: Arc<Catalog>,
    english: Arc<Catalog>,
}

impl Catalogs {
    /// Moments are told in `zone`.
    pub(crate) fn new(zone: &TimeZone) -> Self {
        let new = |language| Arc::new(Catalog::new(language, zone.clone()));
        Self {
            french: new(Language::Fr),
            english: new(Language::En),
        }
    }

    /// What a page says in that language.
    pub(crate) fn speech(&self, language: Language) -> Speech {
        let catalog = match language {
            Language::Fr => &self.french,
            Language::En => &self.english,
        };
        Speech(catalog.clone())
    }
}

/// The words of one answer.
#[derive(Clone)]
pub(crate) struct Speech(Arc<Catalog>);

impl Speech {
    /// The language.
    pub(crate) fn language(&self) -> Language {
        self.0.language()
    }

    /// Its code, for `lang`.
    pub(crate) fn code(&self) -> &'static str {
        self.language().code()
    }

    /// A message without values.
    pub(crate) fn word<M: Message>(&self, id: M) -> String {
        self.0.say(id, &Args::new())
    }

    /// A message.
    pub(crate) fn say<M: Message>(&self, id: M, args: &Args) -> String {
        self.0.say(id, args)
    }

    /// The state of protection, one line for each exception.
    pub(crate) fn protection(&self, state: &Protection) -> Vec<Explained> {
        self.0.protection(state)
    }

    /// A message in its two parts.
    pub(crate) fn explain<M: Message>(&self, id: M, args: &Args) -> Explained {
        self.0.explain(id, args)
    }
}

/// Name of the cookie that keeps a choice.
pub(crate) const COOKIE: &str = "hygie-lang";

/// French unless the person or the browser would rather have English.
pub(crate) fn wanted(headers: &HeaderMap) -> Language {
    let jar = CookieJar::from_headers(headers);
    if let Some(chosen) = jar
        .get(COOKIE)
        .and_then(|cookie| cookie.value().parse().ok())
    {
        return chosen;
    }
    let said = headers.get(header::ACCEPT_LANGUAGE);
    preferred(
        said.and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    )
}

/// Of `fr-FR, fr;q=0.9, en;q=0.8` the best that Hygie speaks.
fn preferred(accepted: &str) -> Language {
    let wanted = accepted_languages::parse(accepted);
    let spoken = Language::ALL.map(|language| locale(language.code()));
    let fallback = locale(Language::default().code());
    let found = negotiate_languages(
        &wanted,
        &spoken,
        Some(&fallback),
        NegotiationStrategy::Lookup,
    );
    let code = found.first().map(|locale| locale.language.as_str());
    code.and_then(|code| code.parse().ok()).unwrap_or_default()
}

fn locale(code: &str) -> LanguageIdentifier {
    code.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_heaviest_language_that_hygie_speaks() {
        let table = [
            ("fr-FR, fr;q=0.9, en;q=0.8", Language::Fr),
            ("de, fr;q=0.8, en;q=0.7", Language::Fr),
            ("en-GB,en;q=0.9,fr;q=0.8", Language::En),
            ("de, en;q=0.3", Language::En),
            ("de", Language::Fr),
            ("", Language::Fr),
            ("\u{0};;;q=,,=", Language::Fr),
        ];
        for (accepted, language) in table {
            assert_eq!(preferred(accepted), language, "{accepted}");
        }
    }

    #[test]
    fn a_choice_comes_before_what_the_browser_prefers() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        assert_eq!(wanted(&headers), Language::Fr);
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=b; hygie-lang=en"),
        );
        assert_eq!(wanted(&headers), Language::En);
        headers.insert(header::COOKIE, HeaderValue::from_static("hygie-lang=../x"));
        assert_eq!(wanted(&headers), Language::Fr);
    }
}
