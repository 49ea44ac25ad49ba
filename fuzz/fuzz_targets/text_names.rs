//! Names that have a text form. Law: what is read is written so that it reads as the same; for digests and months
//! in one form only, so that a changed letter is a changed name.
#![no_main]

use std::{fmt::Display, str::FromStr};

use hygie_journal::{Kind, LineDigest, Month};
use hygie_model::ContentHash;
use hygie_text::{Environment, Language};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    one_form::<Month>(text);
    one_form::<LineDigest>(text);
    one_form::<ContentHash>(text);
    one_form::<Kind>(text);
    if let Ok(kind) = Kind::new(text) {
        assert_eq!(kind.as_str(), text);
    }
    if let Ok(language) = text.parse::<Language>() {
        assert_eq!(language.code().parse(), Ok(language));
    }
    let environment = Environment {
        lc_all: Some(text),
        lc_messages: None,
        lang: Some("fr"),
    };
    let _ = Language::negotiate(None, &environment);
});

fn one_form<T: FromStr + Display>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}
