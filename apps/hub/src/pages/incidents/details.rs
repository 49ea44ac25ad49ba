//! What the guard tells of one incident to whoever may see files: what was done file by file, what an undo would do, and since
//! when each shown file has its healthy version. Asked anew only when the incident has changed.

use hygie_acts::{Incident, State};
use hygie_agent::{
    door::{Question, Reply},
    incidents::{IncidentTold, TouchedTold, UndoTold},
};
use hygie_identity::Act;
use hygie_model::Wall;

use crate::web::{fault::Fault, visitor::Visitor};

/// How many files a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The first ones.
    First,
    /// All that the guard names.
    All,
}

impl Shown {
    /// How many.
    pub(super) const fn files(self) -> usize {
        match self {
            Self::First => FIRST,
            Self::All => usize::MAX,
        }
    }
}

/// Told for one state of one incident.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// File by file.
    pub(super) told: Option<IncidentTold>,
    /// What an undo would do, or did.
    pub(super) plan: Option<UndoTold>,
    /// Of the first files, since when each holds its state of before.
    pub(super) healthy: Vec<Option<Wall>>,
}

impl Details {
    /// How many files it touched, where that is told.
    pub(super) fn touched(&self) -> Option<u64> {
        let told = self.told.as_ref()?;
        Some(told.files.len() as u64 + told.more)
    }
}

/// Asks; what the guard does not answer stays away.
///
/// # Errors
/// Nobody is signed in.
pub(super) async fn details(
    visitor: &Visitor,
    incident: &Incident,
    shown: Shown,
) -> Result<Details, Fault> {
    let mut details = Details::default();
    if !visitor.may(Act::SeeIncidents) {
        return Ok(details);
    }
    let id = incident.id;
    if let Some(Reply::Incident(told)) = ask(visitor, Question::Incident { id }).await? {
        details.told = Some(*told);
    }
    if incident.state != State::Allowed
        && let Some(Reply::UndoPlan(plan)) = ask(visitor, Question::UndoPlan { id }).await?
    {
        details.plan = Some(*plan);
    }
    let files = details.told.iter().flat_map(|told| &told.files);
    for file in files.take(shown.files().min(LOOKED_UP)) {
        let healthy = healthy(visitor, file, incident.opening.first_harm).await?;
        details.healthy.push(healthy);
    }
    Ok(details)
}

/// The newest state that was there before the first harm and is still kept.
async fn healthy(visitor: &Visitor, file: &TouchedTold, harm: Wall) -> Result<Option<Wall>, Fault> {
    let path = file.path.0.clone();
    let Some(Reply::Versions { versions, .. }) = ask(visitor, Question::Versions { path }).await?
    else {
        return Ok(None);
    };
    let before = versions
        .iter()
        .filter(|version| version.kept && version.since < harm);
    Ok(before.map(|version| version.since).max())
}

async fn ask(visitor: &Visitor, question: Question) -> Result<Option<Reply>, Fault> {
    let guard = &visitor.hub.guard;
    Ok(guard.ask_for(visitor.person()?, question).await.ok())
}

/// So many are shown at first.
const FIRST: usize = 5;
/// Of so many the healthy version is looked up: each is a question of its own.
const LOOKED_UP: usize = 50;
