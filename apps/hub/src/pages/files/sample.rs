//! A guard that knows a few files: what it answers is the test's.

use std::sync::{Arc, Mutex};

use hygie_acts::{BootId, Counts, Incident, Opening, State};
use hygie_agent::{
    door::{
        FileFound, FileTold, FolderFound, Look, OutcomeTold, Pick, PlanTold, Question, Reply, Told,
        VersionTold,
    },
    incidents::{DeedTold, IncidentTold, TouchedTold},
};
use hygie_model::Wall;
use hygie_sandbox::preview::Shown as Sight;

use crate::web::testing::{Console, NOW, Shown};

const HOUR: i64 = 3_600_000_000_000;
pub(super) const ROOT: &str = "/srv/patients";
pub(super) const LETTER: &str = "/srv/patients/Courriers/Lettre.odt";

pub(super) fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

pub(super) fn ago(hours: i64) -> Wall {
    Wall(NOW.0 - hours * HOUR)
}

pub(super) fn told(path: &str) -> Told {
    Told(path.into())
}

pub(super) fn version(number: i64, since: Wall) -> VersionTold {
    VersionTold {
        number,
        name: format!("abc-{number}"),
        since,
        kept_at: since,
        bytes: 12_000,
        kept: true,
        names: vec![LETTER.to_owned()],
    }
}

/// What the guard of a test knows.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) versions: Vec<VersionTold>,
    pub(super) is_there: bool,
    pub(super) incidents: Vec<Incident>,
    pub(super) files: Vec<FileFound>,
    pub(super) outcome: Reply,
    pub(super) plan: Option<PlanTold>,
    /// What each version holds; of the others the guard knows nothing.
    pub(super) inside: Vec<(i64, Sight)>,
}

impl Default for Known {
    fn default() -> Self {
        let outcome = OutcomeTold {
            files: 1,
            ..OutcomeTold::default()
        };
        Self {
            versions: vec![version(7, ago(1)), version(6, ago(2)), version(5, ago(30))],
            is_there: true,
            incidents: Vec::new(),
            files: vec![
                found(LETTER, true),
                found("/srv/patients/Courriers/Ancienne\u{202e} <i>.odt", false),
            ],
            outcome: Reply::Restored(Box::new(outcome)),
            plan: None,
            inside: Vec::new(),
        }
    }
}

pub(super) fn found(path: &str, present: bool) -> FileFound {
    FileFound {
        path: told(path),
        bytes: 12_000,
        changed: ago(2),
        present,
        versions: 3,
    }
}

/// Stopped an hour ago, minutes after it wrote version 7.
pub(super) fn incident(state: State) -> Incident {
    let opening = Opening {
        boot: BootId(Default::default()),
        group: "program".to_owned(),
        families: Vec::new(),
        members: Vec::new(),
        reasons: Vec::new(),
        score: 100,
        bound: 50,
        first_harm: Wall(ago(1).0 - 1_000_000),
        stopped_at: Wall(ago(1).0 + 1_000_000),
        counts: Counts::default(),
    };
    Incident {
        id: 3,
        state,
        state_at: ago(1),
        opening,
    }
}

/// Answers for the guard, to questions of a signed-in person alone, as it does; says what was asked.
pub(super) fn guarded(console: &Console, known: Known) -> Arc<Mutex<Vec<Question>>> {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&asked);
    console.guard(move |question| {
        let Question::For { person, ask } = question else {
            return Reply::Refused;
        };
        assert!(!person.0.is_nil());
        told.lock().unwrap().push((*ask).clone());
        reply(&known, *ask)
    });
    asked
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "this guard knows no other question"
)]
fn reply(known: &Known, question: Question) -> Reply {
    match question {
        Question::Versions { path } if path.as_os_str() == LETTER => Reply::Versions {
            versions: known.versions.clone(),
            withheld: 0,
        },
        Question::Plan { pick, .. } => Reply::Plan(Box::new(plan(known, pick))),
        Question::Restore { .. } => known.outcome.clone(),
        Question::Incidents => Reply::Incidents {
            incidents: known.incidents.clone(),
            allowed: Vec::new(),
        },
        Question::Incident { .. } => Reply::Incident(Box::new(detail(known.incidents[0].clone()))),
        Question::Look(Look::Find { text, .. }) if text == "rien" => Reply::Found {
            files: Vec::new(),
            more: false,
        },
        Question::Look(Look::Find { .. }) => Reply::Found {
            files: known.files.clone(),
            more: true,
        },
        Question::Look(Look::Folder { path, .. }) if path.as_os_str().is_empty() => Reply::Folder {
            folders: vec![FolderFound {
                path: told(ROOT),
                changed: ago(90),
                present: true,
            }],
            files: Vec::new(),
            more: false,
        },
        Question::Look(Look::Folder { path, .. }) if path.starts_with(ROOT) => Reply::Folder {
            folders: vec![FolderFound {
                path: told("/srv/patients/Courriers/2025"),
                changed: ago(9),
                present: false,
            }],
            files: known.files.clone(),
            more: true,
        },
        Question::Look(Look::Inside { number, .. }) => {
            let mut inside = known.inside.iter();
            let found = inside.find(|(version, _)| *version == number);
            found.map_or(Reply::Unknown, |(_, sight)| {
                Reply::Inside(Box::new(sight.clone()))
            })
        }
        _ => Reply::Unknown,
    }
}

fn detail(incident: Incident) -> IncidentTold {
    let touched = TouchedTold {
        path: told(LETTER),
        at: incident.opening.first_harm,
        deeds: vec![DeedTold::Changed],
        by: vec!["/home/claire/visionneuse".to_owned()],
    };
    IncidentTold {
        incident,
        files: vec![touched],
        more: 0,
    }
}

fn plan(known: &Known, pick: Pick) -> PlanTold {
    if let Some(plan) = &known.plan {
        return plan.clone();
    }
    let since = match pick {
        Pick::Number { number } => {
            let version = known
                .versions
                .iter()
                .find(|version| version.number == number);
            version.map_or(ago(9), |version| version.since)
        }
        Pick::Newest | Pick::At { .. } => ago(9),
    };
    PlanTold {
        files: 1,
        bytes: 12_000,
        first: vec![FileTold {
            path: told("Courriers/Lettre.odt"),
            since,
            bytes: 12_000,
            replaces: known.is_there,
        }],
        aside: Vec::new(),
        missing: Vec::new(),
        refused: Vec::new(),
    }
}
