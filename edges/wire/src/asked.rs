//! What a hub asks of a device while a person waits for the answer: the guard's challenge for her passkey, whom the guard
//! believes, which files a stopped program touched. Question and answer pass, and are kept nowhere on the way.

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What waits for an answer now, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Questions {
    /// Each.
    pub questions: Vec<Asked>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which.
    pub id: Uuid,
    /// Until when somebody waits for the answer; later there is none.
    pub expires: Wall,
    /// Who asks; nobody where the hub itself does.
    pub by: Option<PersonId>,
    /// What.
    #[serde(flatten)]
    pub wish: Wish,
}

/// What can be asked. Nothing is changed by it but the list of keys that wait for somebody's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wants", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wish {
    /// A person's passkey is handed in. It is believed no more for that.
    Propose {
        /// As the guard reads it.
        key: Value,
    },
    /// Keys of a person are hers no more.
    Withdraw {
        /// Whose.
        person: PersonId,
        /// The passkey's own mark; none: all of hers.
        key: Option<String>,
    },
    /// Whose keys the guard believes.
    Keys,
    /// Which folders are protected.
    Folders,
    /// Which files a stopped program touched, with the healthy version of each.
    Files {
        /// The device's number of the incident.
        incident: u64,
    },
    /// The challenge for letting a stopped program go on.
    Allow {
        /// The device's number of the incident.
        incident: u64,
        /// For so long.
        seconds: u64,
    },
    /// The challenge for believing one more key.
    Trust {
        /// Its mark.
        mark: String,
    },
    /// The challenge for believing a key no more.
    Distrust {
        /// Its mark.
        mark: String,
    },
    /// The challenge for protecting a folder no more.
    Unprotect {
        /// The folder's path: its bytes in base64, as in an address.
        folder: String,
    },
}

impl Wish {
    /// Its kind, as in the JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Propose { .. } => "propose",
            Self::Withdraw { .. } => "withdraw",
            Self::Keys => "keys",
            Self::Folders => "folders",
            Self::Files { .. } => "files",
            Self::Allow { .. } => "allow",
            Self::Trust { .. } => "trust",
            Self::Distrust { .. } => "distrust",
            Self::Unprotect { .. } => "unprotect",
        }
    }
}

/// What the guard said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Which question.
    pub id: Uuid,
    /// The guard's own words; none where it did not answer, or does not know the question.
    pub reply: Option<Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_question_has_one_form_and_an_end() {
        let mark = || "ab".to_owned();
        let person = PersonId(Uuid::from_u128(1));
        for (wish, told) in [
            (
                Wish::Propose { key: json!(1) },
                json!({"wants": "propose", "key": 1}),
            ),
            (
                Wish::Withdraw { person, key: None },
                json!({"wants": "withdraw", "person": person, "key": null}),
            ),
            (Wish::Keys, json!({"wants": "keys"})),
            (Wish::Folders, json!({"wants": "folders"})),
            (
                Wish::Files { incident: 3 },
                json!({"wants": "files", "incident": 3}),
            ),
            (
                Wish::Allow {
                    incident: 3,
                    seconds: 60,
                },
                json!({"wants": "allow", "incident": 3, "seconds": 60}),
            ),
            (
                Wish::Trust { mark: mark() },
                json!({"wants": "trust", "mark": "ab"}),
            ),
            (
                Wish::Distrust { mark: mark() },
                json!({"wants": "distrust", "mark": "ab"}),
            ),
            (
                Wish::Unprotect { folder: mark() },
                json!({"wants": "unprotect", "folder": "ab"}),
            ),
        ] {
            assert_eq!(told["wants"], wish.kind());
            let asked = Asked {
                id: Uuid::from_u128(2),
                expires: Wall(0),
                by: Some(person),
                wish,
            };
            let mut whole = json!({
                "id": "00000000-0000-0000-0000-000000000002",
                "expires": "1970-01-01T00:00:00Z",
                "by": "00000000-0000-0000-0000-000000000001",
            });
            for (name, value) in told.as_object().unwrap() {
                whole[name] = value.clone();
            }
            assert_eq!(serde_json::to_value(&asked).unwrap(), whole);
            assert_eq!(serde_json::from_value::<Asked>(whole).unwrap(), asked);
        }
        for bad in [
            r#"{"wants":"stop"}"#,
            r#"{"wants":"allow","incident":3}"#,
            r#"{"wants":"files","incident":3,"path":"/etc/shadow"}"#,
        ] {
            assert!(serde_json::from_str::<Wish>(bad).is_err(), "{bad}");
        }
    }
}
