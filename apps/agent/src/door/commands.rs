//! What a hub asks of this device: noted before it is begun, done with the guard's own plan, told by its outcome alone. The
//! courier that brings it and the hub behind it are not believed: they choose among few acts, each of which can be undone.

use anyhow::Result;
use hygie_model::PersonId;
use hygie_platform::clock;
use hygie_vault::{Reader, User};
use hygie_wire::{Command, Deed, Outcome};

use super::{House, Pick, Question, Reply, asker::Asker, incidents, restore};
use crate::{
    guard::Fact,
    incidents::{Heard, place_of},
};

/// Does a command, or says what came of it before.
pub(super) fn obey(command: &Command, asker: &Asker, house: &House) -> Reply {
    let alone = match house.incidents.hear(command, clock::wall()) {
        Ok(Heard::Do(alone)) => alone,
        Ok(Heard::NotDone(outcome)) => {
            tell(Fact::CommandOver, command, Some(outcome), asker, house);
            return Reply::Obeyed { outcome };
        }
        Ok(Heard::Over(outcome)) => return Reply::Obeyed { outcome },
        Err(error) => return failed(&error),
    };
    tell(Fact::CommandHeard, command, None, asker, house);
    house.inside.keeper.flush();
    let asker = &as_root(asker, command.by);
    if let Some(incident) = command.deed.incident()
        && let Err(error) = house.incidents.decide(incident, Some(command))
    {
        return failed(&error);
    }
    let Some(outcome) = done(&command.deed, asker, house) else {
        return Reply::Busy;
    };
    let outcome = match house.incidents.over(command, outcome) {
        Ok(outcome) => outcome,
        // It is done, and will be heard again: then nothing is left to do.
        Err(error) => return failed(&error),
    };
    drop(alone);
    tell(Fact::CommandOver, command, Some(outcome), asker, house);
    Reply::Obeyed { outcome }
}

/// What came of it; `None` where others were before it, and it is to be heard again.
fn done(deed: &Deed, asker: &Asker, house: &House) -> Option<Outcome> {
    let reply = match *deed {
        Deed::Undo { incident } => {
            incidents::answer(&Question::Undo { id: incident }, asker, house)
        }
        Deed::Redo { incident } => {
            incidents::answer(&Question::Redo { id: incident }, asker, house)
        }
        Deed::Freeze { incident } => return Some(freeze(incident, asker, house)),
        Deed::Restore { version } => {
            let reply = incidents::at_desk(house, asker, |reader| {
                give_back(reader, version, &asker.user)
            });
            let reply = reply.unwrap_or_else(|error| failed(&error));
            if let Reply::Restored(done) = &reply {
                let facts = [("version", version.into()), ("files", done.files.into())];
                house.keeper(asker).tell(Fact::Restored, facts);
            }
            reply
        }
    };
    outcome(&reply)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to these questions"
)]
fn outcome(reply: &Reply) -> Option<Outcome> {
    Some(match reply {
        Reply::Undone(told) if told.is_whole() => Outcome::Done,
        Reply::Undone(_) => Outcome::Partial,
        Reply::Restored(done) if done.files == 0 => Outcome::Failed,
        Reply::Restored(done) if done.problems.is_empty() && done.missing == 0 => Outcome::Done,
        Reply::Restored(_) => Outcome::Partial,
        Reply::StillRuns | Reply::Failed { .. } => Outcome::Failed,
        Reply::Busy => return None,
        // There is no such incident or version, or a person let it go on: the hub's word does not stand above hers.
        _ => Outcome::Refused,
    })
}

fn freeze(incident: u64, asker: &Asker, house: &House) -> Outcome {
    match house.incidents.freeze(incident, clock::wall()) {
        Ok(Ok(())) => {
            incidents::told(house, asker, incident);
            Outcome::Done
        }
        Ok(Err(_)) => Outcome::Refused,
        Err(_) => Outcome::Failed,
    }
}

/// The version goes where its file is, or was last; what stands there is renamed, as in any restore.
fn give_back(reader: &Reader, version: i64, user: &User) -> Result<Reply> {
    let Some(stored) = reader.numbered(version)? else {
        return Ok(Reply::Unknown);
    };
    let Some(path) = place_of(reader, stored.version.file.0)? else {
        return Ok(Reply::Unknown);
    };
    Ok(restore::run(
        reader,
        &path,
        Pick::Number { number: version },
        user,
    )?)
}

/// What is done is done with root's rights, for whoever asked at the hub.
fn as_root(asker: &Asker, by: Option<PersonId>) -> Asker {
    Asker {
        user: User {
            uid: 0,
            gid: 0,
            groups: Vec::new(),
        },
        person: by,
        ..asker.clone()
    }
}

fn tell(fact: Fact, command: &Command, outcome: Option<Outcome>, asker: &Asker, house: &House) {
    let mut facts = vec![
        ("command", command.id.to_string().into()),
        ("do", command.deed.kind().into()),
        ("uid", asker.uid.into()),
    ];
    match command.deed {
        Deed::Freeze { incident } | Deed::Undo { incident } | Deed::Redo { incident } => {
            facts.push(("incident", incident.into()));
        }
        Deed::Restore { version } => facts.push(("version", version.into())),
    }
    if let Some(outcome) = outcome {
        facts.push(("outcome", serde_json::to_value(outcome).unwrap_or_default()));
    }
    let keeper = house.inside.keeper.on_behalf_of(command.by);
    keeper.tell(fact, facts);
}

fn failed(error: &anyhow::Error) -> Reply {
    Reply::Failed {
        reason: format!("{error:#}"),
    }
}
