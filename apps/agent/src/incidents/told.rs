//! What is told of an incident: lines for the door, the screen, the journal.

use std::path::PathBuf;

use anyhow::Result;
use hygie_acts::{Deed, Incident, Logged, State, Who};
use hygie_model::{IncidentState, UpEvent, Wall};
use hygie_vault::Reader;
use serde::{Deserialize, Serialize};

use super::{Incidents, paths::path_of};
use crate::{
    door::Told,
    guard::{Board, Fact, Keeper},
    undo::{self, Step, Trouble},
};

/// An incident in detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentTold {
    /// What is known of it.
    #[serde(flatten)]
    pub incident: Incident,
    /// What it did, file by file.
    pub files: Vec<TouchedTold>,
    /// Files beyond those.
    pub more: u64,
}

/// What was done to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchedTold {
    /// Its path now, or the last one.
    pub path: Told,
    /// When first.
    pub at: Wall,
    /// What, in order, each once.
    pub deeds: Vec<DeedTold>,
    /// By which programs, lossy.
    pub by: Vec<String>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeedTold {
    /// It was made.
    Made,
    /// It got a further name.
    Linked,
    /// Its content was changed.
    Changed,
    /// Its attributes were changed.
    Attributes,
    /// It was renamed.
    Renamed,
    /// It lost a name.
    Deleted,
}

/// What an undo will do or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoTold {
    /// The incident.
    pub incident: u64,
    /// Where it stands.
    pub state: State,
    /// Files that get back their content of before.
    pub given_back: u64,
    /// Files and folders that get back their name.
    pub renamed: u64,
    /// Files that get back their attributes only.
    pub attributes: u64,
    /// Files that go to the quarantine.
    pub quarantined: u64,
    /// Folders made again or taken away.
    pub folders: u64,
    /// Honest work that has a second name.
    pub beside: Vec<SideTold>,
    /// What comes back under a second name, since something else has its own.
    #[serde(default)]
    pub second: Vec<SideTold>,
    /// What could not be done.
    pub problems: Vec<SideTold>,
}

/// A path, and why it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideTold {
    /// The path.
    pub path: Told,
    /// Why, where something went wrong.
    pub why: Option<Trouble>,
}

impl UndoTold {
    /// Whether it is as it should be.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether a state could not be given back.
    #[must_use]
    pub fn has_lost(&self) -> bool {
        let lost = |told: &SideTold| matches!(told.why, Some(Trouble::NotKept | Trouble::Damaged));
        self.problems.iter().any(lost)
    }

    pub(super) fn of(
        reader: &Reader,
        (incident, state): (u64, State),
        steps: &[(Step, undo::Note)],
    ) -> Result<Self> {
        let mut told = Self {
            incident,
            state,
            given_back: 0,
            renamed: 0,
            attributes: 0,
            quarantined: 0,
            folders: 0,
            beside: Vec::new(),
            second: Vec::new(),
            problems: Vec::new(),
        };
        for (step, note) in steps {
            match step {
                Step::Put { node, .. } if *node > 0 => told.given_back += 1,
                Step::Put { .. }
                | Step::Beside { .. }
                | Step::Link { .. }
                | Step::Missing { .. } => {}
                Step::Move { .. } => told.renamed += 1,
                Step::Attributes { .. } => told.attributes += 1,
                Step::Quarantine { .. } => told.quarantined += 1,
                Step::MakeFolder { .. } | Step::RemoveFolder { .. } => told.folders += 1,
            }
            let side = |place| -> Result<SideTold> {
                let path = Told(path_of(reader, place)?);
                Ok(SideTold { path, why: None })
            };
            let second = step.place().filter(|_| step.comes_second());
            if let Some(place) = second {
                told.second.push(side(place)?);
            }
            match (step, &note.kept) {
                // Once it is done a step keeps the second name of its own thing, too.
                (_, Some(undo::Kept(place))) if Some(place) == second => {}
                (_, Some(undo::Kept(place))) => told.beside.push(side(place)?),
                (Step::Beside { to, .. }, None) => told.beside.push(side(to)?),
                (Step::Put { node, at, .. }, None) if *node < 0 => told.beside.push(side(at)?),
                _ => {}
            }
            let why = match (step, &note.why) {
                (Step::Missing { .. }, None) => Some(Trouble::NotKept),
                (_, why) => why.clone(),
            };
            // A folder that somebody else uses by now is no failure.
            if why.is_some() && why != Some(Trouble::NotEmpty) {
                let path = match step.place() {
                    Some(place) => path_of(reader, place)?,
                    None => reader.names(step.node(), None)?.pop().unwrap_or_default(),
                };
                let path = Told(path);
                told.problems.push(SideTold { path, why });
            }
        }
        Ok(told)
    }
}

impl Incidents {
    /// All incidents, the newest first.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn all(&self) -> Result<Vec<Incident>> {
        Ok(self.store().incidents()?)
    }

    /// One in detail.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) fn detail(&self, reader: &Reader, id: u64) -> Result<Option<IncidentTold>> {
        let Some(incident) = self.store().incident(id)? else {
            return Ok(None);
        };
        let touches = self.touches(&incident)?;
        let mut files = Vec::new();
        for (node, acts) in &touches {
            if files.len() == NAMED {
                break;
            }
            files.push(touched(reader, &incident, *node, acts)?);
        }
        files.sort_by_key(|file| file.at);
        let more = (touches.len() - files.len()) as u64;
        Ok(Some(IncidentTold {
            incident,
            files,
            more,
        }))
    }
}

fn touched(
    reader: &Reader,
    incident: &Incident,
    node: i64,
    acts: &[Logged],
) -> Result<TouchedTold> {
    let opening = &incident.opening;
    let mut told = TouchedTold {
        path: Told(PathBuf::new()),
        at: opening.stopped_at,
        deeds: Vec::new(),
        by: Vec::new(),
    };
    for logged in acts {
        let Who::Family { family, process } = &logged.act.who else {
            continue;
        };
        if logged.boot != opening.boot || !opening.families.contains(family) {
            continue;
        }
        told.at = told.at.min(logged.act.at);
        let deed = match &logged.act.deed {
            Deed::Made(_) => DeedTold::Made,
            Deed::Linked(_) => DeedTold::Linked,
            Deed::Changed(_) => DeedTold::Changed,
            Deed::Attributes(_) => DeedTold::Attributes,
            Deed::Renamed { .. } => DeedTold::Renamed,
            Deed::Deleted(_) => DeedTold::Deleted,
        };
        if !told.deeds.contains(&deed) {
            told.deeds.push(deed);
        }
        if let Some(process) = process {
            let exe = process.exe.to_string_lossy().into_owned();
            if !told.by.contains(&exe) {
                told.by.push(exe);
            }
        }
    }
    told.path = Told(place_of(reader, node)?.unwrap_or_default());
    Ok(told)
}

/// Where a file is, or was last.
pub(crate) fn place_of(reader: &Reader, node: i64) -> Result<Option<PathBuf>> {
    Ok(
        match (reader.names(node, None)?.pop(), reader.last_place(node)?) {
            (Some(name), _) => Some(name),
            (None, Some((dir, name))) => Some(path_of(reader, &hygie_acts::Place { dir, name })?),
            (None, None) => None,
        },
    )
}

/// Tells the screen and the journal where an incident stands now; the loop calls it after [`Incidents::begin`].
pub(crate) fn tell(board: &Board, keeper: &Keeper, incident: &Incident, at: Wall) {
    let (state, fact) = match incident.state {
        State::Stopped => (IncidentState::Stopped, Fact::IncidentStopped),
        State::EndedEvidenceKept => (IncidentState::EndedEvidenceKept, Fact::IncidentEnded),
        State::Undone => (IncidentState::Undone, Fact::IncidentUndone),
        State::Allowed => (IncidentState::Allowed, Fact::IncidentAllowed),
    };
    let id = incident.id;
    board.incident(UpEvent::Incident { at, id, state });
    let opening = &incident.opening;
    let programs: Vec<&str> = opening
        .members
        .iter()
        .map(|member| member.exe.as_str())
        .collect();
    let reasons: Vec<String> = opening
        .reasons
        .iter()
        .map(|reason| format!("{} {}", reason.signal, reason.points))
        .collect();
    keeper.tell(
        fact,
        [
            ("incident", id.into()),
            ("programs", programs.into()),
            ("reasons", reasons.into()),
            ("first_harm", opening.first_harm.to_rfc3339().into()),
        ],
    );
}

/// As many files are told one by one.
const NAMED: usize = 500;
