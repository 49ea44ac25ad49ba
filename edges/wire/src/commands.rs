//! What a hub may ask of a device: few things, each of which can be undone, and none for ever.
//! What weakens the protection is no command: it needs a person's signature over the guard's own challenge.

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Deed {
    /// Its kind, as in the JSON.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Freeze { .. } => "freeze",
            Self::Undo { .. } => "undo",
            Self::Redo { .. } => "redo",
            Self::Restore { .. } => "restore",
        }
    }

    /// The incident that it is about, if it is about one.
    #[must_use]
    pub const fn incident(self) -> Option<u64> {
        match self {
            Self::Freeze { incident } | Self::Undo { incident } | Self::Redo { incident } => {
                Some(incident)
            }
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
        ] {
            assert_eq!(serde_json::to_string(&deed).unwrap(), line);
            assert_eq!(serde_json::from_str::<Deed>(line).unwrap(), deed);
            assert_eq!(serde_json::to_value(deed).unwrap()["do"], deed.kind());
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
        };
        let line = r#"{"id":"00000000-0000-0000-0000-000000000001","outcome":"partial"}"#;
        assert_eq!(serde_json::to_string(&told).unwrap(), line);
        for bad in ["allow", "forget", "stop", "revoke", "configure"] {
            let line = format!(r#"{{"do":"{bad}","incident":3}}"#);
            assert!(serde_json::from_str::<Deed>(&line).is_err(), "{bad}");
        }
    }
}
