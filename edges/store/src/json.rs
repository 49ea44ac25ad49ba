//! JSON that the store keeps and never reads: its meaning is an engine's.
//! A text is known to be JSON from here on, so no column can hold half of one.

use serde::{
    Serialize,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::StoreError;

/// One JSON value as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Json(String);

impl Json {
    /// Takes a text that is one JSON value.
    ///
    /// # Errors
    /// It is not.
    pub fn parse(text: impl Into<String>) -> Result<Self, StoreError> {
        let text = text.into();
        serde_json::from_str::<IgnoredAny>(&text).map_err(not_json)?;
        Ok(Self(text))
    }

    /// Writes a value.
    ///
    /// # Errors
    /// The value cannot be written as JSON (a map whose keys are no text).
    pub fn of(value: &impl Serialize) -> Result<Self, StoreError> {
        serde_json::to_string(value).map(Self).map_err(not_json)
    }

    /// `{}`.
    #[must_use]
    pub fn empty() -> Self {
        Self("{}".to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the value.
    ///
    /// # Errors
    /// It has another shape than asked for.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_str(&self.0).map_err(not_json)
    }

    /// Takes what the database holds: it was checked when it went in.
    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }
}

fn not_json(error: serde_json::Error) -> StoreError {
    StoreError::NotJson {
        told: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_taken() {
        for good in ["{}", "null", "[1,2]", "\"a\\u0000b\"", " 1 "] {
            assert_eq!(Json::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "{", "{} {}", "'a'", "\"a\0b\"", "nul"] {
            assert!(Json::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_value_is_read_back() {
        let json = Json::of(&("é", 1)).unwrap();
        assert_eq!(json.get::<(String, i32)>().unwrap(), ("é".to_owned(), 1));
        assert!(json.get::<String>().is_err());
    }
}
