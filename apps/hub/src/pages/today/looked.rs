//! Looks: what the guard says, what devices told, what nobody has read. Shows no name of a file to whoever may see states only.

use std::time::Duration;

use hygie_agent::{
    door::{Question, Reply},
    guard::Status,
};
use hygie_alert::{Standing, Thing, Weight, What, Who};
use hygie_identity::Act;
use hygie_model::{Protection, Wall};
use hygie_store::Device as Known;
use hygie_text::console::{Shared, Today};

use super::state::{Alert, Device, Facts, Guard, Trouble};
use crate::{
    core::{
        alerts::{
            said::{self, Names},
            watched,
        },
        heard,
    },
    pages::{
        incidents::{self, Look},
        me::Weak,
        people::notices,
        unnamed::unnamed,
    },
    web::{fault::Fault, visitor::Visitor},
};

/// What was seen.
pub(super) struct Looked {
    /// What is judged.
    pub(super) facts: Facts,
    /// The guard's word; none where it does not answer.
    pub(super) status: Option<Status>,
    /// All incidents.
    pub(super) look: Look,
    /// Devices that report to the hub.
    pub(super) devices: u64,
    /// When.
    pub(super) at: Wall,
}

impl Looked {
    /// Devices that are not heard.
    pub(super) fn silent(&self) -> u64 {
        let silent = self
            .facts
            .devices
            .iter()
            .filter(|device| match device.trouble {
                Trouble::Silent(_) | Trouble::NeverHeard => true,
                Trouble::NotProtected(_) => false,
            });
        silent.count() as u64
    }
}

/// Looks; what is weak about one's own access changes by one's own gestures only, and was looked at before.
///
/// # Errors
/// The database does not answer.
pub(super) async fn looked(visitor: &Visitor, access: Weak) -> Result<Looked, Fault> {
    let practice = visitor.practice()?;
    let at = visitor.hub.now();
    let look = incidents::look(visitor).await?;
    let status = status(visitor).await;
    let guard = match &status {
        Some(status) => Guard::Says(status.protection.clone()),
        None => Guard::Silent {
            since: heard::last(visitor.practice()?).await?,
        },
    };
    let devices: Vec<Known> = practice.devices().await?;
    let there = devices.iter().filter(|device| device.retired.is_none());
    let watched = watched(&visitor.hub, visitor.facts()?, at).await?;
    let standing = |device: &Known| {
        let who = Who(device.id.0.to_string());
        watched.standing(&Thing::new(What::Device, who), at)
    };
    let alerts = unread(visitor).await?;
    Ok(Looked {
        devices: there.clone().count() as u64,
        facts: Facts {
            guard,
            incidents: look.open().cloned().collect(),
            devices: there
                .filter_map(|device| troubled(device, standing(device), at))
                .collect(),
            access,
            returns: notices(visitor).await?,
            alerts,
        },
        status,
        look,
        at,
    })
}

async fn status(visitor: &Visitor) -> Option<Status> {
    let Ok(Reply::Status(status)) = visitor.hub.guard.ask(Question::Status).await else {
        return None;
    };
    let mut status = *status;
    status.protection = unnamed(visitor, &status.protection);
    if !visitor.may(Act::SeeProtection) {
        for folder in &mut status.folders {
            *folder = visitor.speech.word(Shared::AFolder);
        }
    }
    Some(status)
}

/// One that is known to sleep is not missed.
fn troubled(device: &Known, standing: Option<Standing>, now: Wall) -> Option<Device> {
    let silent = match device.seen {
        Some(_) if matches!(standing, Some(Standing::Asleep { .. })) => None,
        None => Some(Trouble::NeverHeard),
        Some(seen) if seen.after(SILENT) < now => Some(Trouble::Silent(seen)),
        Some(_) => None,
    };
    // A device that has told nothing yet has told no trouble.
    let told = device.state.get::<Protection>().ok();
    let lost = match told {
        Some(Protection::NotProtected { since, .. }) => Some(Trouble::NotProtected(since)),
        Some(Protection::Protected | Protection::ProtectedBut { .. }) | None => None,
    };
    Some(Device {
        name: device.name.clone(),
        trouble: silent.or(lost)?,
    })
}

/// What nobody has read: what cannot wait first, then the oldest.
async fn unread(visitor: &Visitor) -> Result<Vec<Alert>, Fault> {
    let (practice, speech) = (visitor.practice()?, &visitor.speech);
    let rows = practice.unread_alerts(ALERTS).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let names = Names::of(practice).await?;
    let mut alerts: Vec<Alert> = rows
        .iter()
        .map(|row| match row.body.get::<hygie_alert::Alert>() {
            Ok(alert) => {
                let told = said::title(speech, &names, &alert);
                let mut why: Vec<String> = told.to_do.into_iter().collect();
                why.extend(said::course(speech, &alert));
                if alert.is_unsent() {
                    why.push(speech.word(Today::AlertUnsent));
                }
                Alert {
                    id: row.id,
                    title: told.what,
                    why,
                    is_now: alert.weight == Weight::Now && alert.ended.is_none(),
                }
            }
            // What a newer Hygie wrote is told by its name, never left out.
            Err(_) => Alert {
                id: row.id,
                title: row.about.clone(),
                why: Vec::new(),
                is_now: false,
            },
        })
        .collect();
    alerts.sort_by_key(|alert| !alert.is_now);
    alerts.truncate(SHOWN);
    Ok(alerts)
}

/// A device that is on is heard more often than this.
const SILENT: Duration = Duration::from_secs(15 * 60);
/// So many alerts are looked at, and so many are shown at once; the next ones come when these are read.
const ALERTS: u32 = 200;
const SHOWN: usize = 5;
