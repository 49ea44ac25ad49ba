//! What a device reports: few kinds of facts, with states, counts and reasons, and no name of a file.

use hygie_model::{Cause, CopyCounts, Exception, IncidentState, Protection, Wall};
use serde::{Deserialize, Serialize};

use crate::Judged;

/// One fact, numbered by the device: from 1, without a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The device's number.
    pub seq: u64,
    /// When it was, by the device's clock.
    pub at: Wall,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What a device reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fact {
    /// How it is protected, from now on.
    State {
        /// The program's version.
        version: String,
        /// The state, masked.
        #[serde(flatten)]
        protection: Protection,
    },
    /// A program family was stopped, or its incident went on.
    Incident {
        /// The device's number of it.
        number: u64,
        /// Where it stands.
        state: IncidentState,
        /// When the family was stopped.
        stopped: Option<Wall>,
        /// The family's first harmful act.
        first_harm: Option<Wall>,
        /// Why it was stopped, the weightiest first.
        reasons: Vec<Reason>,
        /// The files that it touched.
        files: u64,
    },
    /// How much the device holds.
    Counts {
        /// How much.
        #[serde(flatten)]
        numbers: Numbers,
    },
    /// Somebody asked about a message.
    Judged {
        /// What was answered.
        #[serde(flatten)]
        judged: Judged,
    },
    /// The outbox was full: so many facts were left out, and are told by nobody.
    Loss {
        /// How many.
        count: u64,
        /// When the first of them was.
        first: Wall,
        /// The last one.
        last: Wall,
    },
}

/// A reason of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Its name, as the guard's engine calls it.
    pub name: String,
    /// What it weighs.
    pub points: u32,
    /// How often, in hundredths; a device of before does not say it.
    #[serde(default, skip_serializing_if = "is_unsaid")]
    pub hundredths: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_unsaid(hundredths: &u32) -> bool {
    *hundredths == 0
}

/// How much a device holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// Files and copies.
    #[serde(flatten)]
    pub copies: CopyCounts,
    /// Contents in the store of versions.
    pub versions: u64,
    /// Its bytes.
    pub vault_bytes: u64,
    /// Calls refused since the guard's start.
    pub refused: u64,
}

impl Fact {
    /// Its kind, as in the JSON: signals are counted by it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::State { .. } => "state",
            Self::Incident { .. } => "incident",
            Self::Counts { .. } => "counts",
            Self::Judged { .. } => "judged",
            Self::Loss { .. } => "loss",
        }
    }
}

/// The state without any name: exceptions of one kind become one, with an ellipsis where a path stood.
#[must_use]
pub fn masked(protection: &Protection) -> Protection {
    match protection {
        Protection::Protected => Protection::Protected,
        Protection::ProtectedBut { exceptions } => {
            let mut kinds: Vec<Exception> = Vec::new();
            for exception in exceptions.iter().map(nameless) {
                if !kinds.contains(&exception) {
                    kinds.push(exception);
                }
            }
            Protection::ProtectedBut { exceptions: kinds }
        }
        Protection::NotProtected { since, cause } => Protection::NotProtected {
            since: *since,
            cause: *cause,
        },
    }
}

fn nameless(exception: &Exception) -> Exception {
    let path = || MASK.to_owned();
    match exception {
        Exception::StateWithoutCopy { .. } => Exception::StateWithoutCopy { path: path() },
        Exception::Unreadable { .. } => Exception::Unreadable { path: path() },
        Exception::OpenBefore { .. } => Exception::OpenBefore { path: path() },
        Exception::FolderUnwatched { .. } => Exception::FolderUnwatched { path: path() },
        Exception::TruncateUnheld => Exception::TruncateUnheld,
        Exception::TruncateAtClose => Exception::TruncateAtClose,
        Exception::JournalSilent => Exception::JournalSilent,
        Exception::WitnessSilent => Exception::WitnessSilent,
        Exception::NoRoom => Exception::NoRoom,
    }
}

/// What stands where a path stood.
const MASK: &str = "…";

/// The state that a courier tells of a guard that does not answer.
impl Fact {
    /// The guard is silent since `since`: nothing is known to be protected.
    #[must_use]
    pub fn silent(version: &str, since: Wall) -> Self {
        Self::State {
            version: version.to_owned(),
            protection: Protection::NotProtected {
                since,
                cause: Cause::GuardGone,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told_as(fact: Fact, line: &str) {
        let signal = Signal {
            seq: 7,
            at: Wall(1_500_000_000),
            fact,
        };
        let line = format!(r#"{{"seq":7,"at":"1970-01-01T00:00:01.5Z",{line}}}"#);
        assert_eq!(serde_json::to_string(&signal).unwrap(), line);
        assert_eq!(serde_json::from_str::<Signal>(&line).unwrap(), signal);
        let told = serde_json::to_value(&signal.fact).unwrap();
        assert_eq!(told["kind"], signal.fact.kind());
    }

    #[test]
    fn each_fact_has_one_form() {
        let state = |protection| Fact::State {
            version: "0.1.0".to_owned(),
            protection,
        };
        is_told_as(
            state(Protection::Protected),
            r#""kind":"state","version":"0.1.0","protection":"protected""#,
        );
        is_told_as(
            state(Protection::ProtectedBut {
                exceptions: vec![Exception::NoRoom],
            }),
            r#""kind":"state","version":"0.1.0","protection":"protected-but","exceptions":[{"what":"no-room"}]"#,
        );
        is_told_as(
            Fact::silent("0.1.0", Wall(0)),
            r#""kind":"state","version":"0.1.0","protection":"not-protected","since":"1970-01-01T00:00:00Z","cause":"guard-gone""#,
        );
        is_told_as(
            Fact::Incident {
                number: 3,
                state: IncidentState::Stopped,
                stopped: Some(Wall(0)),
                first_harm: None,
                reasons: vec![Reason {
                    name: "many-changed".to_owned(),
                    points: 40,
                    hundredths: 1200,
                }],
                files: 12,
            },
            concat!(
                r#""kind":"incident","number":3,"state":"stopped","stopped":"1970-01-01T00:00:00Z","first_harm":null,"#,
                r#""reasons":[{"name":"many-changed","points":40,"hundredths":1200}],"files":12"#
            ),
        );
        is_told_as(
            Fact::Counts {
                numbers: Numbers {
                    versions: 5,
                    ..Numbers::default()
                },
            },
            concat!(
                r#""kind":"counts","files":0,"copied":0,"bytes":0,"copied_bytes":0,"#,
                r#""versions":5,"vault_bytes":0,"refused":0"#
            ),
        );
        is_told_as(
            Fact::Judged {
                judged: Judged {
                    message: crate::MessageSort::Mail,
                    verdict: crate::Danger::Dangerous,
                    reasons: vec!["wants-password".to_owned()],
                },
            },
            r#""kind":"judged","message":"mail","verdict":"dangerous","reasons":["wants-password"]"#,
        );
        is_told_as(
            Fact::Loss {
                count: 2,
                first: Wall(0),
                last: Wall(0),
            },
            r#""kind":"loss","count":2,"first":"1970-01-01T00:00:00Z","last":"1970-01-01T00:00:00Z""#,
        );
    }

    #[test]
    fn a_reason_of_before_is_read() {
        let line = r#"{"name":"many-changed","points":40}"#;
        let reason: Reason = serde_json::from_str(line).unwrap();
        assert_eq!(reason.hundredths, 0);
        assert_eq!(serde_json::to_string(&reason).unwrap(), line);
    }

    #[test]
    fn no_name_of_a_file_gets_out() {
        let named = |path: &str| Exception::OpenBefore {
            path: path.to_owned(),
        };
        let exceptions = vec![
            Exception::NoRoom,
            named("/srv/Dupont/lettre.odt"),
            named("/srv/Martin/bilan.pdf"),
            Exception::Unreadable {
                path: "/srv/Dupont".to_owned(),
            },
            Exception::StateWithoutCopy {
                path: "/srv/Dupont".to_owned(),
            },
            Exception::FolderUnwatched {
                path: "/srv/Dupont".to_owned(),
            },
        ];
        let told = masked(&Protection::ProtectedBut { exceptions });
        let text = serde_json::to_string(&told).unwrap();
        for name in ["Dupont", "Martin", "srv"] {
            assert!(!text.contains(name), "{text}");
        }
        let Protection::ProtectedBut { exceptions } = &told else {
            panic!("{told:?}");
        };
        assert_eq!(exceptions.len(), 5, "one of each kind: {text}");
        assert_eq!(masked(&told), told);
    }
}
