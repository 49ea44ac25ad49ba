//! What is asked of the domain name system, as an argument: a test has a zone of its own, a shut-in reader asks its parent.
//! A question is a name and a kind of record; nothing else fits into it.

use serde::{Deserialize, Serialize};

/// Answers questions. No answer is an answer: [`Reply::Silent`].
pub trait Names {
    /// Asks.
    fn ask(&self, question: &Question) -> Reply;
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    /// Of which name.
    pub name: Name,
    /// For which records.
    pub kind: Kind,
}

/// Records that a check of a sender needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Keys and policies.
    Txt,
    /// Addresses.
    A,
    /// Addresses.
    Aaaa,
    /// Mail servers.
    Mx,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Each record: a text, an address, or a number and a name.
    Found(Vec<String>),
    /// There is no such name, or no such record of it.
    Nothing,
    /// Nobody answered, or not in time: nothing follows from it.
    Silent,
}

/// A name that can be asked: lower case, letters, digits, `-` and `_`, at least two labels, no dot at its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The name, where it is one.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.strip_suffix('.').unwrap_or(text).to_lowercase();
        let is_letter = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'-' || sign == b'_';
        let is_label =
            |label: &str| matches!(label.len(), 1..=LONGEST_LABEL) && label.bytes().all(is_letter);
        let is_name = text.len() <= LONGEST && text.contains('.') && text.split('.').all(is_label);
        is_name.then_some(Self(text))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = NoName;

    fn try_from(text: String) -> Result<Self, NoName> {
        Self::of(&text).ok_or(NoName)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// It is no name that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no name that the domain name system could have")]
pub struct NoName;

/// By RFC 1035.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_or_is_not_asked() {
        for (text, name) in [
            ("Labo.Example.", Some("labo.example")),
            (
                "s1._domainkey.labo.example",
                Some("s1._domainkey.labo.example"),
            ),
            ("_dmarc.a-b.fr", Some("_dmarc.a-b.fr")),
            ("fr", None),
            ("", None),
            (".", None),
            ("a..fr", None),
            ("a b.fr", None),
            ("é.fr", None),
            ("a.fr/x", None),
            ("a.fr\n", None),
        ] {
            assert_eq!(Name::of(text).map(String::from).as_deref(), name, "{text}");
        }
        assert!(Name::of(&format!("{}.fr", "a".repeat(64))).is_none());
        assert!(Name::of(&"a.".repeat(130)).is_none());
        assert!(serde_json::from_str::<Name>(r#""patient dupont""#).is_err());
    }

    #[test]
    fn questions_and_answers_have_one_form() {
        let question = Question {
            name: Name::of("_dmarc.labo.example").unwrap(),
            kind: Kind::Txt,
        };
        let line = r#"{"name":"_dmarc.labo.example","kind":"txt"}"#;
        assert_eq!(serde_json::to_string(&question).unwrap(), line);
        for (reply, line) in [
            (Reply::Found(vec!["v".into()]), r#"{"found":["v"]}"#),
            (Reply::Nothing, r#""nothing""#),
            (Reply::Silent, r#""silent""#),
        ] {
            assert_eq!(serde_json::to_string(&reply).unwrap(), line);
            assert_eq!(serde_json::from_str::<Reply>(line).unwrap(), reply);
        }
    }
}
