//! Walks a TOML document with its lines: each key is known, each value is read as its type.

use std::{ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    error::{ConfigError, Place},
    near::nearest,
    values::{NotAValue, Setting},
};

/// A section of the file; the top of it has no name.
pub(super) struct Table<'a> {
    entries: Option<&'a DeTable<'a>>,
    name: &'static str,
    text: &'a str,
    file: &'a Path,
}

/// Reads the document.
pub(super) fn document<'a>(
    text: &'a str,
    file: &Path,
) -> Result<Spanned<DeTable<'a>>, ConfigError> {
    DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        place: place(text, file, error.span().unwrap_or(0..0)),
        reason: error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned(),
    })
}

impl<'a> Table<'a> {
    /// The top of a document, once all of its keys are known.
    pub(super) fn top(
        document: &'a Spanned<DeTable<'a>>,
        text: &'a str,
        file: &'a Path,
    ) -> Result<Self, ConfigError> {
        let entries = Some(document.get_ref());
        let top = Self {
            entries,
            name: "",
            text,
            file,
        };
        top.known()?;
        Ok(top)
    }

    /// A section; an empty one where the file has none.
    pub(super) fn section(&self, name: &'static str) -> Result<Self, ConfigError> {
        let entries = match self.get(name) {
            None => None,
            Some(value) => Some(
                (value.get_ref().as_table())
                    .ok_or_else(|| self.wrong_form(name, value.span(), example(name)))?,
            ),
        };
        let section = Self {
            entries,
            name,
            text: self.text,
            file: self.file,
        };
        section.known()?;
        Ok(section)
    }

    /// The value of a key, if it is set.
    pub(super) fn value<T: Setting>(&self, key: &'static str) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let found = value.get_ref();
        let read = if let Some(text) = found.as_str() {
            T::from_text(text)
        } else if let Some(number) = found.as_integer() {
            i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Err(NotAValue::Form), T::from_number)
        } else {
            Err(NotAValue::Form)
        };
        match read {
            Ok(value) => Ok(Some(value)),
            Err(NotAValue::Form) => Err(self.wrong_form(key, value.span(), T::EXAMPLE)),
            Err(NotAValue::Range { least, most }) => Err(ConfigError::OutOfRange {
                place: self.place(value.span()),
                key: self.full(key),
                least,
                most,
            }),
        }
    }

    /// The texts of a list, each with its place; none where the key is not set.
    pub(super) fn texts(&self, key: &'static str) -> Result<Vec<(Place, &'a str)>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong_form(key, value.span(), example(key)));
        };
        let texts = items.iter().map(|item| {
            let text = item.get_ref().as_str();
            let text = text.ok_or_else(|| self.wrong_form(key, item.span(), example(key)));
            text.map(|text| (self.place(item.span()), text))
        });
        texts.collect()
    }

    /// Where the values of a list stand in the text; none where the key is not set or is no list.
    pub(super) fn spans(&self, key: &'static str) -> Vec<Range<usize>> {
        match self.get(key).map(Spanned::get_ref) {
            Some(DeValue::Array(items)) => items.iter().map(Spanned::span).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries?.get(key)
    }

    /// The first key of the section that is not known is an error.
    fn known(&self) -> Result<(), ConfigError> {
        let known = keys(self.name);
        let unknown = self
            .entries
            .into_iter()
            .flat_map(DeTable::keys)
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        match unknown {
            None => Ok(()),
            Some(key) => Err(ConfigError::UnknownKey {
                place: self.place(key.span()),
                near: self.meant(key.get_ref()),
                key: self.full(key.get_ref()),
                known,
            }),
        }
    }

    /// The key that was meant: one of this section, or the same one of another section.
    fn meant(&self, key: &str) -> Option<String> {
        let elsewhere = || {
            let (section, _) = KEYS.iter().find(|(_, keys)| keys.contains(&key))?;
            Some(full(section, key))
        };
        nearest(key, keys(self.name))
            .map(|near| self.full(near))
            .or_else(elsewhere)
    }

    fn full(&self, key: &str) -> String {
        full(self.name, key)
    }

    fn wrong_form(&self, key: &str, span: Range<usize>, example: &'static str) -> ConfigError {
        ConfigError::WrongForm {
            place: self.place(span),
            key: self.full(key),
            example,
        }
    }

    fn place(&self, span: Range<usize>) -> Place {
        place(self.text, self.file, span)
    }
}

fn full(section: &str, key: &str) -> String {
    match section {
        "" => key.to_owned(),
        section => format!("{section}.{key}"),
    }
}

fn place(text: &str, file: &Path, span: Range<usize>) -> Place {
    let before = text.as_bytes().get(..span.start).unwrap_or_default();
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
    let file = file.to_owned();
    Place { file, line }
}

fn keys(section: &str) -> &'static [&'static str] {
    let found = KEYS.iter().find(|(name, _)| *name == section);
    found.map_or(&[], |(_, keys)| keys)
}

fn example(key: &str) -> &'static str {
    match key {
        "folders" => r#"folders = ["/srv/patients"]"#,
        "vault" => "[vault]",
        "guard" => "[guard]",
        "help" => "[help]",
        "hub" => "[hub]",
        _ => "[language]",
    }
}

/// All sections and their keys; the top has no name.
pub(super) const KEYS: [(&str, &[&str]); 6] = [
    (
        "",
        &["folders", "vault", "guard", "help", "hub", "language"],
    ),
    ("vault", &["budget", "min_age", "reserve", "large_from"]),
    ("guard", &["bound", "leases", "threads", "attackers"]),
    ("help", &["call"]),
    ("hub", &["silence"]),
    ("language", &["lang"]),
];
