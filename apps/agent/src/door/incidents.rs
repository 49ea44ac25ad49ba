//! Incidents: looked at, undone, taken back, allowed. Who may was decided before.

use std::time::Duration;

use anyhow::Result;
use hygie_acts::{Allowed, Incident};
use hygie_platform::clock;
use hygie_vault::Reader;

use super::{House, Question, Reply, asker::Asker, rule::Rank};
use crate::{
    guard::Fact,
    incidents::{Incidents, Refused, UndoTold, tell},
};

/// Answers; where somebody decides about an incident, a hub's command of before that was cut off does not go on.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "no other message decides about an incident here"
)]
pub(super) fn decided(question: &Question, asker: &Asker, house: &House) -> Reply {
    let decided = match question {
        Question::Undo { id } | Question::Redo { id } => house.incidents.decide(*id, None),
        _ => Ok(()),
    };
    match decided {
        Ok(()) => answer(question, asker, house),
        Err(error) => Reply::Failed {
            reason: format!("{error:#}"),
        },
    }
}

pub(super) fn answer(question: &Question, asker: &Asker, house: &House) -> Reply {
    let incidents = &house.incidents;
    let reply = match *question {
        Question::Incidents => list(incidents, asker),
        Question::Incident { id } => at_desk(house, asker, |reader| {
            let told = incidents.detail(reader, id)?;
            Ok(told.map_or(Reply::Unknown, |told| Reply::Incident(Box::new(told))))
        }),
        Question::UndoPlan { id } => at_desk(house, asker, |reader| {
            let told = incidents.plan(reader, id, &stamp())?;
            Ok(told.map_or_else(refused, |told| Reply::UndoPlan(Box::new(told))))
        }),
        Question::Undo { id } => at_desk(house, asker, |reader| {
            let now = clock::wall();
            let done = incidents.undo(reader, id, (&stamp(), now));
            undone(house, (asker, id), done)
        }),
        Question::Redo { id } => at_desk(house, asker, |reader| {
            let now = clock::wall();
            let done = incidents.redo(reader, id, (&stamp(), now));
            undone(house, (asker, id), done)
        }),
        Question::Allow { id, seconds } => at_desk(house, asker, |reader| {
            let time = (Duration::from_secs(seconds), clock::wall());
            Ok(match incidents.allow(reader, id, time)? {
                Ok(allowed) => {
                    told(house, asker, id);
                    Reply::Allowed { allowed }
                }
                Err(why) => Reply::NotAllowed(why),
            })
        }),
        Question::Revoke { id } => revoke(house, asker, id),
        Question::Status
        | Question::Events { .. }
        | Question::Versions { .. }
        | Question::Plan { .. }
        | Question::Restore { .. }
        | Question::Forget { .. }
        | Question::Look(_)
        | Question::Keys(_)
        | Question::Confirm { .. }
        | Question::Courier(_)
        | Question::For { .. }
        | Question::Stop { .. } => Ok(Reply::Unclear),
    };
    reply.unwrap_or_else(|error| Reply::Failed {
        reason: format!("{error:#}"),
    })
}

fn list(incidents: &Incidents, asker: &Asker) -> Result<Reply> {
    let (mut all, mut allowed) = (incidents.all()?, incidents.allowed(clock::wall())?);
    if matches!(asker.rank, Rank::Hub | Rank::Courier) && asker.person.is_none() {
        // Nobody looks: it counts and tells how things stand, and needs no name of anything.
        allowed.clear();
        for incident in &mut all {
            incident.opening.members.clear();
        }
    }
    Ok(Reply::Incidents {
        incidents: all,
        allowed,
    })
}

fn revoke(house: &House, asker: &Asker, id: u64) -> Result<Reply> {
    let allowed: Vec<Allowed> = house.incidents.revoke(id, clock::wall())?;
    if !allowed.is_empty() {
        let facts = [("incident", id.into())];
        house.keeper(asker).tell(Fact::IncidentRevoked, facts);
    }
    Ok(Reply::Allowed { allowed })
}

pub(super) fn at_desk(
    house: &House,
    asker: &Asker,
    work: impl FnOnce(&Reader) -> Result<Reply>,
) -> Result<Reply> {
    let mut failed = None;
    let reply = house.at_desk(asker, |reader| {
        Ok(work(reader).unwrap_or_else(|error| {
            failed = Some(error);
            Reply::Unclear
        }))
    });
    failed.map_or(Ok(reply), Err)
}

fn undone(
    house: &House,
    (asker, id): (&Asker, u64),
    done: Result<Result<UndoTold, Refused>>,
) -> Result<Reply> {
    // One that was cut off changed something, too.
    if !matches!(done, Ok(Err(_))) {
        told(house, asker, id);
    }
    Ok(match done? {
        Ok(done) => Reply::Undone(Box::new(done)),
        Err(why) => refused(why),
    })
}

fn refused(why: Refused) -> Reply {
    match why {
        Refused::Unknown => Reply::Unknown,
        Refused::StillRuns => Reply::StillRuns,
        Refused::IsAllowed => Reply::IsAllowed,
        Refused::NotUndone => Reply::NotUndone,
    }
}

/// Where it stands now goes to the screen and the journal.
pub(super) fn told(house: &House, asker: &Asker, id: u64) {
    let all = house.incidents.all().unwrap_or_default();
    let one: Option<Incident> = all.into_iter().find(|incident| incident.id == id);
    if let Some(incident) = one {
        let (board, keeper) = (&house.inside.board, house.keeper(asker));
        tell(board, &keeper, &incident, clock::wall());
    }
}

/// Goes into the second names of honest work: `2026-11-24 08h12`, in UTC.
fn stamp() -> String {
    let now = clock::wall().to_rfc3339();
    let minute = now.get(..16).unwrap_or(&now);
    minute.replace('T', " ").replace(':', "h")
}
