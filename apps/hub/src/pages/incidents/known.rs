//! What is known of incidents: the guard's own word first, then what devices told the hub, each once.
//! Names of programs come only to whoever may see what they did.

use hygie_acts::{Allowed, Incident, State};
use hygie_agent::{
    door::{Question, Reply},
    incidents::words,
};
use hygie_identity::Act;
use hygie_model::Wall;

use super::afar;
use crate::{
    core::heard,
    web::{fault::Fault, visitor::Visitor},
};

/// An incident as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages) struct Known {
    /// Its number on its device.
    pub(in crate::pages) number: u64,
    /// The device's name; none for this machine, whose guard can be asked.
    pub(in crate::pages) device: Option<String>,
    /// Where more of it is to be seen.
    pub(in crate::pages) page: String,
    /// The stopped program, where it may be told.
    pub(in crate::pages) program: Option<String>,
    /// Where it stands.
    pub(in crate::pages) state: State,
    /// When it was stopped.
    pub(in crate::pages) at: Wall,
}

/// All that is known, the newest first.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Look {
    /// The incidents.
    pub(in crate::pages) incidents: Vec<Known>,
    /// The permissions in force on this machine.
    pub(in crate::pages) allowed: Vec<Allowed>,
    /// Whether the guard of this machine answered.
    pub(in crate::pages) answers: bool,
}

impl Look {
    /// Those that wait for a person.
    pub(in crate::pages) fn open(&self) -> impl Iterator<Item = &Known> {
        self.incidents.iter().filter(|known| known.state.is_open())
    }
}

/// Looks.
///
/// # Errors
/// The database does not answer; a guard that does not is told in [`Look::answers`].
pub(in crate::pages) async fn look(visitor: &Visitor) -> Result<Look, Fault> {
    let (here, allowed, answers) = match ask(visitor).await? {
        Some((incidents, allowed)) => (incidents, allowed, true),
        None => (Vec::new(), Vec::new(), false),
    };
    let mut incidents: Vec<Known> = here.iter().map(of_guard).collect();
    incidents.extend(of_devices(visitor, &here).await?);
    incidents.sort_by_key(|known| std::cmp::Reverse(known.at));
    Ok(Look {
        incidents,
        allowed,
        answers,
    })
}

/// The guard's incidents and permissions; `None` where it does not answer.
///
/// # Errors
/// Nobody is signed in.
pub(super) async fn ask(visitor: &Visitor) -> Result<Option<(Vec<Incident>, Vec<Allowed>)>, Fault> {
    let guard = &visitor.hub.guard;
    let asked = if visitor.may(Act::SeeIncidents) {
        guard.ask_for(visitor.person()?, Question::Incidents).await
    } else {
        guard.ask(Question::Incidents).await
    };
    Ok(match asked {
        Ok(Reply::Incidents {
            mut incidents,
            mut allowed,
        }) => {
            if !visitor.may(Act::SeeIncidents) {
                allowed.clear();
                for incident in &mut incidents {
                    incident.opening.members.clear();
                }
            }
            Some((incidents, allowed))
        }
        Ok(_) | Err(_) => None,
    })
}

fn of_guard(incident: &Incident) -> Known {
    Known {
        number: incident.id,
        device: None,
        page: format!("/incidents/{}", incident.id),
        program: words::program(incident).map(str::to_owned),
        state: incident.state,
        at: incident.opening.stopped_at,
    }
}

async fn of_devices(visitor: &Visitor, here: &[Incident]) -> Result<Vec<Known>, Fault> {
    let practice = visitor.practice()?;
    let told = practice.incidents(None, None, TOLD).await?;
    if told.items.is_empty() {
        return Ok(Vec::new());
    }
    let devices = practice.devices().await?;
    let mut known = Vec::new();
    for one in told.items {
        if here
            .iter()
            .any(|incident| heard::is_same(incident, one.number, one.began))
        {
            continue;
        }
        let device = devices.iter().find(|device| device.id == one.device);
        known.push(Known {
            number: one.number,
            device: Some(device.map(|device| device.name.clone()).unwrap_or_default()),
            page: afar::page_of(one.device, one.number),
            program: None,
            // A word of a newer Hygie: somebody should look.
            state: state(&one.state).unwrap_or(State::EndedEvidenceKept),
            at: one.began,
        });
    }
    Ok(known)
}

pub(super) fn state(word: &str) -> Option<State> {
    serde_json::from_value(word.into()).ok()
}

/// As many of the devices' incidents are shown.
const TOLD: u32 = 100;
