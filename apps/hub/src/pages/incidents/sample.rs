//! A guard for tests: it has incidents that come and go, and remembers what it was asked and for whom.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use hygie_acts::{BootId, Class, Counts, Fate, Incident, Member, Opening, Reason, State};
use hygie_agent::{
    door::{Question, Reply, Told, VersionTold},
    guard::Status,
    incidents::{DeedTold, IncidentTold, SideTold, TouchedTold, Trouble, UndoTold},
};
use hygie_model::{CopyCounts, PersonId, Protection, Wall};

use crate::web::testing::{Console, NOW};

/// The guard.
#[derive(Clone)]
pub(in crate::pages) struct Guard(Arc<Mutex<World>>);

/// What it knows.
pub(in crate::pages) struct World {
    pub(in crate::pages) protection: Protection,
    pub(in crate::pages) incidents: Vec<Incident>,
    pub(in crate::pages) files: Vec<TouchedTold>,
    pub(in crate::pages) problems: Vec<SideTold>,
    pub(in crate::pages) beside: Vec<SideTold>,
    /// What it says to an undo, if not that it is done.
    pub(in crate::pages) refuses: Option<Reply>,
    /// What it was asked to change, and for whom where that was said.
    pub(in crate::pages) asked: Vec<(Question, Option<PersonId>)>,
}

impl Guard {
    /// Begins to answer for a console.
    pub(in crate::pages) fn of(console: &Console) -> Self {
        let world = World {
            protection: Protection::Protected,
            incidents: Vec::new(),
            files: files(),
            problems: Vec::new(),
            beside: Vec::new(),
            refuses: None,
            asked: Vec::new(),
        };
        let guard = Self(Arc::new(Mutex::new(world)));
        let answering = guard.clone();
        console.guard(move |question| answering.answer(question));
        guard
    }

    /// Changes the world.
    pub(in crate::pages) fn with<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    fn answer(&self, question: Question) -> Reply {
        if let Question::For { person, ask } = question {
            return self.with(|world| world.answer(*ask, Some(person)));
        }
        self.with(|world| world.answer(question, None))
    }
}

impl World {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "these pages ask nothing else"
    )]
    fn answer(&mut self, question: Question, person: Option<PersonId>) -> Reply {
        let undoing = |told: UndoTold| Reply::Undone(Box::new(told));
        match question {
            Question::Status => Reply::Status(Box::new(status(self.protection.clone()))),
            Question::Incidents => Reply::Incidents {
                incidents: self.incidents.clone(),
                allowed: Vec::new(),
            },
            Question::Incident { id } => self.one(id).map_or(Reply::Unknown, |incident| {
                Reply::Incident(Box::new(IncidentTold {
                    incident,
                    files: self.files.clone(),
                    more: 0,
                }))
            }),
            Question::UndoPlan { id } => Reply::UndoPlan(Box::new(self.plan(id, State::Stopped))),
            Question::Versions { .. } => Reply::Versions {
                versions: vec![version(7, ago(3_600)), version(8, ago(1))],
                withheld: 0,
            },
            Question::Undo { id } => {
                self.asked.push((question, person));
                if let Some(refused) = self.refuses.clone() {
                    return refused;
                }
                self.set(id, State::Undone);
                undoing(self.plan(id, State::Undone))
            }
            Question::Redo { id } => {
                self.asked.push((question, person));
                self.set(id, State::EndedEvidenceKept);
                undoing(self.plan(id, State::EndedEvidenceKept))
            }
            Question::Revoke { .. } => {
                self.asked.push((question, person));
                Reply::Allowed {
                    allowed: Vec::new(),
                }
            }
            other => panic!("{other:?}"),
        }
    }

    fn one(&self, id: u64) -> Option<Incident> {
        self.incidents
            .iter()
            .find(|incident| incident.id == id)
            .cloned()
    }

    pub(in crate::pages) fn set(&mut self, id: u64, state: State) {
        for incident in &mut self.incidents {
            if incident.id == id {
                incident.state = state;
            }
        }
    }

    fn plan(&self, incident: u64, state: State) -> UndoTold {
        UndoTold {
            incident,
            state,
            given_back: 23,
            renamed: 4,
            attributes: 0,
            quarantined: 1,
            folders: 0,
            beside: self.beside.clone(),
            second: Vec::new(),
            problems: self.problems.clone(),
        }
    }
}

/// So many seconds before the present.
pub(in crate::pages) fn ago(seconds: i64) -> Wall {
    Wall(NOW.0 - seconds * 1_000_000_000)
}

/// An incident of two minutes ago.
pub(in crate::pages) fn incident(id: u64, state: State) -> Incident {
    let reason = |signal: &str, hundredths| Reason {
        signal: signal.to_owned(),
        hundredths,
        points: 10,
    };
    Incident {
        id,
        state,
        state_at: ago(60),
        opening: Opening {
            boot: BootId("boot".to_owned()),
            group: "family".to_owned(),
            families: vec![4],
            members: vec![Member {
                pid: 4242,
                started: 9,
                uid: 1000,
                exe: "/home/claire/visionneuse".to_owned(),
                command: "visionneuse".to_owned(),
                program: "00".to_owned(),
                class: Class::Unknown,
                script: None,
                fate: Fate::Frozen,
            }],
            reasons: vec![reason("kind-lost", 2300), reason("pace", 2300)],
            score: 120,
            bound: 100,
            first_harm: ago(124),
            stopped_at: ago(120),
            counts: Counts {
                changed: 22,
                deleted: 0,
                renamed: 4,
                made: 1,
            },
        },
    }
}

/// Seven files that it touched.
pub(in crate::pages) fn files() -> Vec<TouchedTold> {
    let file = |name: &str, seconds, deed| TouchedTold {
        path: Told(PathBuf::from(format!("/srv/cabinet/{name}"))),
        at: ago(seconds),
        deeds: vec![deed],
        by: vec!["/home/claire/visionneuse".to_owned()],
    };
    vec![
        file("Courriers/CR consultation.odt", 124, DeedTold::Changed),
        file("Courriers/Lettre Lemaire.odt", 123, DeedTold::Changed),
        file("Bilans/Biologie 1187.pdf", 122, DeedTold::Renamed),
        file("Bilans/LISEZ-MOI.txt", 122, DeedTold::Made),
        file("Certificats/Sport.odt", 121, DeedTold::Changed),
        file("Certificats/École.odt", 121, DeedTold::Changed),
        file("Ordonnances/Modèle ALD.odt", 121, DeedTold::Deleted),
    ]
}

/// A path that does not come back.
pub(in crate::pages) fn problem(name: &str) -> SideTold {
    SideTold {
        path: Told(PathBuf::from(format!("/srv/cabinet/{name}"))),
        why: Some(Trouble::NotKept),
    }
}

fn version(number: i64, since: Wall) -> VersionTold {
    VersionTold {
        number,
        name: number.to_string(),
        since,
        kept_at: since,
        bytes: 12,
        kept: true,
        names: Vec::new(),
    }
}

fn status(protection: Protection) -> Status {
    Status {
        protection,
        since: ago(86_400),
        counts: CopyCounts {
            files: 18_412,
            copied: 18_412,
            bytes: 9_000_000_000,
            copied_bytes: 9_000_000_000,
        },
        leases: 12,
        versions: 20_017,
        vault_bytes: 9_400_000_000,
        folders: vec!["/srv/cabinet".to_owned()],
        last_event: Some(ago(180)),
        refused: 0,
        trouble: None,
        hub: None,
    }
}
