//! The configuration. Laws: what is accepted is accepted again, with the same meaning, as its values write
//! themselves; what is refused names a line that exists and has its two-part sentence in both languages.
#![no_main]

use std::path::Path;

use hygie_agent::config::{Config, ConfigError, Leases, Threads};
use hygie_text::{Catalog, Language, TimeZone};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    match parse(text) {
        Ok(config) => {
            let written = write(&config);
            let again = parse(&written).unwrap_or_else(|error| panic!("{written}\n{error}"));
            assert_eq!(again, config, "{written}");
        }
        Err(error) => explained(&error, text),
    }
});

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/etc/hygie.toml"))
}

/// A file that says the same, each value as a message would show it.
fn write(config: &Config) -> String {
    let folders = config.folders.iter().map(|folder| {
        // A JSON text is a TOML text but for DEL, which TOML wants escaped.
        let path = folder.as_path().to_str().expect("the file is UTF-8");
        Value::from(path).to_string().replace('\u{7f}', "\\u007F")
    });
    let folders = folders.collect::<Vec<_>>().join(", ");
    let (vault, guard) = (config.vault, config.guard);
    let leases = match guard.leases {
        Leases::Auto => "\"auto\"".to_owned(),
        Leases::AtMost(most) => most.to_string(),
    };
    let threads = match guard.threads {
        Threads::Auto => "\"auto\"".to_owned(),
        Threads::Exactly(number) => number.to_string(),
    };
    let lang = config.language.map_or_else(String::new, |language| {
        format!("[language]\nlang = \"{}\"\n", language.code())
    });
    format!(
        "folders = [{folders}]\n[vault]\nbudget = \"{}\"\nmin_age = \"{}\"\nreserve = \"{}\"\n\
         [guard]\nbound = \"{}\"\nleases = {leases}\nthreads = {threads}\n{lang}",
        vault.budget, vault.min_age, vault.reserve, guard.bound
    )
}

fn explained(error: &ConfigError, text: &str) {
    let line = match error {
        ConfigError::Syntax { place, .. }
        | ConfigError::UnknownKey { place, .. }
        | ConfigError::WrongForm { place, .. }
        | ConfigError::OutOfRange { place, .. }
        | ConfigError::FolderRelative { place, .. }
        | ConfigError::FolderRoot { place, .. }
        | ConfigError::FolderTwice { place, .. } => place.line,
        ConfigError::Unreadable { .. } | ConfigError::Unwritable { .. } => {
            panic!("nothing was read or written: {error}")
        }
    };
    let lines = 1 + text.bytes().filter(|byte| *byte == b'\n').count() as u64;
    assert!((1..=lines).contains(&line), "{error}");
    let (id, args) = error.sentence();
    for language in Language::ALL {
        let said = catalog(language, |catalog| catalog.explain(id, &args));
        assert!(!said.what.is_empty() && said.to_do.is_some(), "{said:?}");
    }
}

/// Catalogues are costly to make: once a thread.
fn catalog<T>(language: Language, ask: impl FnOnce(&Catalog) -> T) -> T {
    thread_local! {
        static BOTH: [Catalog; 2] = Language::ALL.map(|one| Catalog::new(one, TimeZone::UTC));
    }
    BOTH.with(|both| ask(&both[usize::from(language == Language::En)]))
}
