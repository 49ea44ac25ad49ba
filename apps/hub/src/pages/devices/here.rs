//! This machine, by the word of its guard. A guard that does not answer is told with the hour at which it last did: that hour
//! is kept, for the hub may have been started anew since.

use hygie_agent::{
    door::{Question, Reply},
    guard::Status,
};
use hygie_model::{Cause, Protection, Wall};
use hygie_text::{Args, console::Devices};

use super::{Row, Standing};
use crate::{
    core::heard,
    pages::unnamed::unnamed,
    web::{fault::Fault, visitor::Visitor},
};

pub(super) async fn look(visitor: &Visitor) -> Result<(Option<Box<Status>>, Row), Fault> {
    let status = match visitor.hub.guard.ask(Question::Status).await {
        Ok(Reply::Status(status)) => Some(status),
        // A guard that says something else is no more known than a silent one.
        Ok(_) | Err(_) => None,
    };
    let now = visitor.hub.now();
    let heard = heard::note(visitor.practice()?, status.as_deref(), now).await?;
    let row = match &status {
        Some(status) => answered(visitor, status),
        None => silent(visitor, heard),
    };
    Ok((status, row))
}

fn answered(visitor: &Visitor, status: &Status) -> Row {
    let speech = &visitor.speech;
    let standing = standing(&status.protection);
    let mut seen = speech.protection(&unnamed(visitor, &status.protection));
    if seen.len() > TOLD {
        // The others are in the guard's own list.
        let more = (seen.len() - TOLD) as u64;
        seen.truncate(TOLD);
        let args = Args::new().count("exceptions", more);
        seen.push(speech.explain(Devices::Exceptions, &args));
    }
    if status.trouble.is_some() {
        seen.push(speech.explain(Devices::Trouble, &Args::new()));
    }
    let counts = &status.counts;
    let files = Args::new()
        .count("files", counts.files)
        .count("copied", counts.copied);
    let versions = Args::new()
        .count("versions", status.versions)
        .bytes("bytes", status.vault_bytes);
    let mut proof = vec![
        speech.say(Devices::Files, &files),
        speech.say(Devices::Versions, &versions),
        speech.say(Devices::Since, &Args::new().moment("since", status.since)),
    ];
    if let Some(at) = status.last_event {
        proof.push(speech.say(Devices::LastEvent, &Args::new().moment("at", at)));
    }
    Row {
        name: name(visitor),
        standing,
        state: visitor.speech.word(word(standing)),
        seen,
        proof,
    }
}

fn silent(visitor: &Visitor, heard: Option<Wall>) -> Row {
    let speech = &visitor.speech;
    Row {
        name: name(visitor),
        standing: Standing::Silent,
        state: match heard {
            Some(at) => speech.say(Devices::StateSilent, &Args::new().moment("since", at)),
            None => speech.word(Devices::StateNeverHeard),
        },
        seen: vec![speech.explain(Devices::Silent, &Args::new())],
        proof: Vec::new(),
    }
}

/// How many points are not covered.
pub(super) fn exceptions(status: Option<&Status>) -> u64 {
    match status.map(|status| &status.protection) {
        Some(Protection::ProtectedBut { exceptions }) => exceptions.len() as u64,
        Some(Protection::Protected | Protection::NotProtected { .. }) | None => 0,
    }
}

pub(super) const fn standing(protection: &Protection) -> Standing {
    match protection {
        Protection::Protected => Standing::Ok,
        Protection::ProtectedBut { .. } => Standing::But,
        Protection::NotProtected {
            cause: Cause::Starting,
            ..
        } => Standing::Mending,
        Protection::NotProtected {
            cause:
                Cause::NotStarted
                | Cause::Stopped
                | Cause::GuardGone
                | Cause::NoRights
                | Cause::Unsupported
                | Cause::SelfTestFailed,
            ..
        } => Standing::Not,
    }
}

pub(super) const fn word(standing: Standing) -> Devices {
    match standing {
        Standing::Ok => Devices::StateOk,
        Standing::But => Devices::StateBut,
        Standing::Not => Devices::StateNot,
        Standing::Mending => Devices::StateMending,
        Standing::Idk | Standing::Silent => Devices::StateIdk,
    }
}

fn name(visitor: &Visitor) -> String {
    let system = rustix::system::uname();
    match system.nodename().to_str() {
        Ok(name) if !name.is_empty() => visitor
            .speech
            .say(Devices::Here, &Args::new().text("name", name)),
        Ok(_) | Err(_) => visitor.speech.word(Devices::HereUnnamed),
    }
}

/// Exceptions told one by one.
const TOLD: usize = 4;
