//! What a hub asks of this device: noted before it is begun, done with the guard's own plan, told by its outcome alone. The
//! courier that brings it and the hub behind it are not believed: they choose among few acts, each of which can be undone, or
//! bring a person's signature, which is checked here.

use std::path::Path;

use anyhow::Result;
use hygie_model::PersonId;
use hygie_platform::clock;
use hygie_vault::{Presence, Reader, Stored, User, VaultError};
use hygie_wire::{Came, Command, Count, Deed, Outcome};

use super::{House, OutcomeTold, Pick, Question, Reply, asker::Asker, incidents, restore, signing};
use crate::{
    guard::Fact,
    incidents::{Heard, UndoTold, place_of},
    keys::NotSigned,
};

/// Does a command, or says what came of it before.
pub(super) fn obey(command: &Command, asker: &Asker, house: &House) -> Reply {
    let alone = match house.incidents.hear(command, clock::wall()) {
        Ok(Heard::Do(alone)) => alone,
        Ok(Heard::NotDone(outcome)) => {
            tell(
                Fact::CommandOver,
                command,
                Some(outcome.into()),
                asker,
                house,
            );
            return obeyed(outcome.into());
        }
        Ok(Heard::Over(came)) => return obeyed(came),
        Err(error) => return failed(&error),
    };
    tell(Fact::CommandHeard, command, None, asker, house);
    house.inside.keeper.flush();
    let root = &as_root(asker, command.by);
    if let Some(incident) = command.deed.incident()
        && let Err(error) = house.incidents.decide(incident, Some(command))
    {
        return failed(&error);
    }
    let came = match &command.deed {
        // Who she is stands in what she signed, not in what the hub says.
        Deed::Confirm {
            challenge, answer, ..
        } => confirmed(&signing::confirm(challenge, answer, asker, house)),
        deed @ (Deed::Freeze { .. }
        | Deed::Undo { .. }
        | Deed::Redo { .. }
        | Deed::Restore { .. }
        | Deed::RestoreSome { .. }) => done(deed, root, house),
    };
    let Some(came) = came else {
        return Reply::Busy;
    };
    let came = match house.incidents.over(command, came) {
        Ok(came) => came,
        // It is done, and will be heard again: then nothing is left to do.
        Err(error) => return failed(&error),
    };
    drop(alone);
    tell(Fact::CommandOver, command, Some(came), root, house);
    obeyed(came)
}

fn obeyed(came: Came) -> Reply {
    Reply::Obeyed {
        outcome: came.outcome,
        count: came.count,
    }
}

/// What came of it; `None` where others were before it, and it is to be heard again.
fn done(deed: &Deed, asker: &Asker, house: &House) -> Option<Came> {
    let reply = match deed {
        Deed::Undo { incident } => {
            let reply = incidents::answer(&Question::Undo { id: *incident }, asker, house);
            if let Reply::Undone(told) = &reply {
                return Some(undone(told));
            }
            reply
        }
        Deed::Redo { incident } => {
            incidents::answer(&Question::Redo { id: *incident }, asker, house)
        }
        Deed::Freeze { incident } => return Some(freeze(*incident, asker, house).into()),
        Deed::Restore { version } => restored(*version, asker, house),
        Deed::RestoreSome { versions, .. } => return restored_some(versions, asker, house),
        // It goes another way.
        Deed::Confirm { .. } => Reply::Refused,
    };
    outcome(&reply).map(Came::from)
}

fn undone(told: &UndoTold) -> Came {
    let files = told.given_back;
    if !told.is_whole() {
        return Outcome::Partial.into();
    }
    Came {
        outcome: Outcome::Done,
        count: (files > 0).then_some(Count {
            done: files,
            of: files,
        }),
    }
}

fn restored(version: i64, asker: &Asker, house: &House) -> Reply {
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

/// Each by itself. What was given back before a cut is there already, and is not given back twice.
fn restored_some(versions: &[i64], asker: &Asker, house: &House) -> Option<Came> {
    let mut done = 0;
    for version in versions.iter().take(MOST_FILES) {
        match outcome(&restored(*version, asker, house))? {
            Outcome::Done => done += 1,
            Outcome::Partial | Outcome::Failed | Outcome::Expired | Outcome::Refused => {}
        }
    }
    let of = versions.len() as u64;
    let outcome = match done {
        _ if of == 0 => Outcome::Refused,
        0 => Outcome::Failed,
        done if done == of => Outcome::Done,
        _ => Outcome::Partial,
    };
    let count = Some(Count { done, of });
    Some(Came { outcome, count })
}

/// What came of a signed answer; `None` where others were before it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to a signature"
)]
fn confirmed(reply: &Reply) -> Option<Came> {
    let outcome = match reply {
        Reply::Allowed { .. } | Reply::Key(_) | Reply::Done => Outcome::Done,
        Reply::NotSigned(NotSigned::Gone) => Outcome::Expired,
        // The question is gone with the first answer: to hear this one again would change nothing.
        Reply::Failed { .. } | Reply::Busy => Outcome::Failed,
        _ => Outcome::Refused,
    };
    Some(outcome.into())
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
    if is_there(reader, &path, &stored)? {
        let done = OutcomeTold {
            files: 1,
            ..OutcomeTold::default()
        };
        return Ok(Reply::Restored(Box::new(done)));
    }
    Ok(restore::run(
        reader,
        &path,
        Pick::Number { number: version },
        user,
    )?)
}

/// Whether the file holds this already: then nothing is written over, and nothing renamed.
fn is_there(reader: &Reader, path: &Path, stored: &Stored) -> Result<bool> {
    let is_now = match reader.lookup(path, None) {
        Ok(found) => found.until.is_none(),
        Err(VaultError::UnknownPath { .. }) => false,
        Err(error) => return Err(error.into()),
    };
    if !is_now || stored.presence != Presence::Kept {
        return Ok(false);
    }
    let newest = reader.history(path)?.into_iter().next();
    let content = stored.version.name.content;
    Ok(newest.is_some_and(|past| past.stored.version.name.content == content))
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

fn tell(fact: Fact, command: &Command, came: Option<Came>, asker: &Asker, house: &House) {
    let mut facts = vec![
        ("command", command.id.to_string().into()),
        ("do", command.deed.kind().into()),
        ("uid", asker.uid.into()),
    ];
    match &command.deed {
        Deed::Freeze { incident } | Deed::Undo { incident } | Deed::Redo { incident } => {
            facts.push(("incident", (*incident).into()));
        }
        Deed::Restore { version } => facts.push(("version", (*version).into())),
        Deed::RestoreSome { versions, .. } => facts.push(("versions", versions.clone().into())),
        // What was signed, and by which key, is told where the signature is checked.
        Deed::Confirm { challenge, .. } => facts.push(("challenge", short(challenge).into())),
    }
    if let Some(came) = came {
        let outcome = serde_json::to_value(came.outcome).unwrap_or_default();
        facts.push(("outcome", outcome));
        if let Some(count) = came.count {
            facts.push(("files", count.done.into()));
            facts.push(("of", count.of.into()));
        }
    }
    let keeper = house.inside.keeper.on_behalf_of(command.by);
    keeper.tell(fact, facts);
}

/// The hub chose these signs: no more of them than a challenge of ours has.
fn short(challenge: &str) -> String {
    challenge.chars().take(32).collect()
}

fn failed(error: &anyhow::Error) -> Reply {
    Reply::Failed {
        reason: format!("{error:#}"),
    }
}

/// Of one command; the hub makes several of more.
const MOST_FILES: usize = 100;
