//! What a hub may ask of a device: few things, each of which can be undone, and none for ever.
//! What weakens the protection is asked by nobody's word: a person's signature over the guard's own challenge goes as it is.

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What a device has to do now, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commands {
    /// Each.
    pub commands: Vec<Command>,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Which: done once, however often it is heard.
    pub id: Uuid,
    /// Until when it may be done; later it is nothing.
    pub expires: Wall,
    /// Who asked; nobody where the hub itself did.
    pub by: Option<PersonId>,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deed {
    /// Stop the family of an incident again.
    Freeze {
        /// The device's number of the incident.
        incident: u64,
    },
    /// Put back everything that it did.
    Undo {
        /// The device's number of the incident.
        incident: u64,
    },
    /// Take an undo back.
    Redo {
        /// The device's number of the incident.
        incident: u64,
    },
    /// Give one version back where its file is, or was. What stands there gets another name.
    Restore {
        /// The device's number of the version: the hub knows no name of a file, and need not.
        version: i64,
    },
    /// Give some versions back, each as above; one that is there already stays as it is.
    RestoreSome {
        /// The incident that somebody looks at.
        incident: u64,
        /// The device's numbers of the versions.
        versions: Vec<i64>,
    },
    /// A person's answer to a challenge of the device's guard. What the challenge named is done, if she signed it.
    Confirm {
        /// The challenge's number.
        challenge: String,
        /// What her browser gave.
        answer: Value,
        /// The incident that it is about, for whoever looks at it; the guard knows by itself.
        incident: Option<u64>,
    },
}

impl Deed {
    /// Its kind, as in the JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Freeze { .. } => "freeze",
            Self::Undo { .. } => "undo",
            Self::Redo { .. } => "redo",
            Self::Restore { .. } => "restore",
            Self::RestoreSome { .. } => "restore-some",
            Self::Confirm { .. } => "confirm",
        }
    }

    /// The incident that it decides about by itself, if it does.
    #[must_use]
    pub const fn incident(&self) -> Option<u64> {
        match self {
            Self::Freeze { incident } | Self::Undo { incident } | Self::Redo { incident } => {
                Some(*incident)
            }
            Self::Restore { .. } | Self::RestoreSome { .. } | Self::Confirm { .. } => None,
        }
    }

    /// The incident on whose page it was asked, if it was on one.
    #[must_use]
    pub const fn about(&self) -> Option<u64> {
        match self {
            Self::Freeze { incident }
            | Self::Undo { incident }
            | Self::Redo { incident }
            | Self::RestoreSome { incident, .. } => Some(*incident),
            Self::Confirm { incident, .. } => *incident,
            Self::Restore { .. } => None,
        }
    }
}

/// What came of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Which command.
    pub id: Uuid,
    /// What came of it.
    pub outcome: Outcome,
    /// How many files, where files were given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
}

impl Told {
    /// What came of it.
    #[must_use]
    pub const fn came(&self) -> Came {
        Came {
            outcome: self.outcome,
            count: self.count,
        }
    }
}

/// What came of a command, as it is kept beside its number. One that was kept before files were counted is its outcome alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Came {
    /// What came of it.
    pub outcome: Outcome,
    /// How many files, where files were given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
}

impl From<Outcome> for Came {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            count: None,
        }
    }
}

/// Files that are as they were asked to be, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// So many are.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Bare(Outcome),
    Whole {
        outcome: Outcome,
        #[serde(default)]
        count: Option<Count>,
    },
}

impl From<Kept> for Came {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Bare(outcome) => outcome.into(),
            Kept::Whole { outcome, count } => Self { outcome, count },
        }
    }
}

/// What can come of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is done.
    Done,
    /// Some of it could not be done; the device's journal says what.
    Partial,
    /// It could not be done.
    Failed,
    /// Its time was over.
    Expired,
    /// This program does not know it, or the guard refuses it.
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_deed_has_one_form() {
        let incident = 3;
        for (deed, line) in [
            (Deed::Freeze { incident }, r#"{"do":"freeze","incident":3}"#),
            (Deed::Undo { incident }, r#"{"do":"undo","incident":3}"#),
            (Deed::Redo { incident }, r#"{"do":"redo","incident":3}"#),
            (
                Deed::Restore { version: 9 },
                r#"{"do":"restore","version":9}"#,
            ),
            (
                Deed::RestoreSome {
                    incident,
                    versions: vec![9, 8],
                },
                r#"{"do":"restore-some","incident":3,"versions":[9,8]}"#,
            ),
            (
                Deed::Confirm {
                    challenge: "ab".to_owned(),
                    answer: Value::Null,
                    incident: Some(incident),
                },
                r#"{"do":"confirm","challenge":"ab","answer":null,"incident":3}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&deed).unwrap(), line);
            assert_eq!(serde_json::from_str::<Deed>(line).unwrap(), deed);
            assert_eq!(serde_json::to_value(&deed).unwrap()["do"], deed.kind());
        }
        let named = r#"{"do":"restore","version":9,"path":"/etc/shadow"}"#;
        assert!(serde_json::from_str::<Deed>(named).is_err());
    }

    #[test]
    fn commands_have_one_form_and_an_end() {
        let command = Command {
            id: Uuid::from_u128(1),
            expires: Wall(0),
            by: None,
            deed: Deed::Undo { incident: 3 },
        };
        let line = concat!(
            r#"{"id":"00000000-0000-0000-0000-000000000001","expires":"1970-01-01T00:00:00Z","#,
            r#""by":null,"do":"undo","incident":3}"#
        );
        assert_eq!(serde_json::to_string(&command).unwrap(), line);
        assert_eq!(serde_json::from_str::<Command>(line).unwrap(), command);
        let told = Told {
            id: Uuid::from_u128(1),
            outcome: Outcome::Partial,
            count: None,
        };
        let line = r#"{"id":"00000000-0000-0000-0000-000000000001","outcome":"partial"}"#;
        assert_eq!(serde_json::to_string(&told).unwrap(), line);
        let told = Told {
            count: Some(Count { done: 3, of: 4 }),
            ..told
        };
        let line = serde_json::to_string(&told).unwrap();
        assert!(line.ends_with(r#""outcome":"partial","count":{"done":3,"of":4}}"#));
        let came = serde_json::to_string(&told.came()).unwrap();
        assert_eq!(serde_json::from_str::<Came>(&came).unwrap(), told.came());
        // As it was kept before files were counted.
        let bare = serde_json::from_str::<Came>(r#""partial""#).unwrap();
        assert_eq!(bare, Outcome::Partial.into());
        for bad in ["allow", "forget", "stop", "revoke", "configure"] {
            let line = format!(r#"{{"do":"{bad}","incident":3}}"#);
            assert!(serde_json::from_str::<Deed>(&line).is_err(), "{bad}");
        }
    }
}
