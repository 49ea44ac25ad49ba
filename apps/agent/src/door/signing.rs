//! What weakens the protection, asked for a person: done only once one of her passkeys has signed the guard's own challenge.
//! And the list of those passkeys.

use std::path::Path;

use anyhow::Result;
use hygie_acts::Allowed;
use hygie_model::{PersonId, Wall};
use hygie_platform::clock;
use hygie_vault::{Reader, VaultError};
use serde_json::Value;

use super::{
    House, KeysAsked, Question, Reply,
    asker::Asker,
    forget,
    incidents::{at_desk, told},
    unprotect,
};
use crate::{
    guard::Fact,
    incidents::NotAllowed,
    keys::{By, Deed, Forgets, KeyTold, NotListed, NotSigned, Signature},
};

/// Tells a list that cannot be read.
pub(super) fn look(house: &House) {
    if house.keys.told().damaged {
        house.inside.keeper.tell(Fact::KeysDamaged, []);
    }
}

/// Asks the person to sign for what she asked; nothing is done yet.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "no other message is answered with a challenge"
)]
pub(super) fn challenge(
    asked: &Question,
    (asker, person): (&Asker, PersonId),
    house: &House,
) -> Reply {
    let deed = match asked {
        Question::Allow { id, seconds } => allowing(*id, *seconds, asker, house),
        Question::Keys(KeysAsked::Trust { mark }) => of_key(mark, house, |key| match key.by {
            // It is believed already.
            Some(_) => Err(Reply::Unknown),
            None => Ok(Deed::Trust(key)),
        }),
        Question::Keys(KeysAsked::Distrust { mark }) => {
            of_key(mark, house, |key| Ok(Deed::Distrust(key)))
        }
        Question::Forget { path } => forgetting(path, asker, house),
        Question::Stop {
            folder: Some(folder),
        } => match unprotect::may(&folder.0, house) {
            Ok(()) => Ok(Deed::Unprotect {
                folder: folder.clone(),
            }),
            Err(why) => Err(Reply::NotUnprotected(why)),
        },
        _ => Err(Reply::Refused),
    };
    let deed = match deed {
        Ok(deed) => deed,
        Err(reply) => return reply,
    };
    match house.keys.ask(person, deed, now()) {
        Ok(challenge) => Reply::Challenge(Box::new(challenge)),
        Err(why) => {
            if why == NotSigned::Damaged {
                look(house);
            }
            Reply::NotSigned(why)
        }
    }
}

/// Does what the challenge named, if the answer is a signature of it.
pub(super) fn confirm(id: &str, answer: &Value, asker: &Asker, house: &House) -> Reply {
    let signature = match house.keys.check(id, answer, now()) {
        Ok(signature) => signature,
        Err(why) => {
            let why_told = serde_json::to_value(why).unwrap_or_default();
            let facts = [("why", why_told["why"].clone())];
            house.keeper(asker).tell(Fact::NotSigned, facts);
            return Reply::NotSigned(why);
        }
    };
    let Signature { person, mark, deed } = signature;
    let asker = &asker.on_behalf_of(person);
    let facts = [
        ("act", deed.act().row().name.into()),
        ("key", mark.clone().into()),
    ];
    let keeper = house.keeper(asker);
    keeper.tell(Fact::Signed, facts);
    keeper.flush();
    match deed {
        Deed::Allow { incident, allowed } => allow(incident, &allowed, asker, house),
        Deed::Trust(key) => trust(&key.mark, By::Person { person, mark }, asker, house),
        Deed::Distrust(key) => distrust(&key.mark, asker, house),
        Deed::Forget(forgets) => {
            let path = forgets.path.0.clone();
            forget(house, asker, (path, Some(forgets)))
        }
        Deed::Unprotect { folder } => unprotect::run(&folder.0, asker, house),
    }
}

/// Lists, takes in, believes and no more believes keys.
pub(super) fn keys(asked: KeysAsked, asker: &Asker, house: &House) -> Reply {
    match asked {
        KeysAsked::List => Reply::Keys(house.keys.told()),
        KeysAsked::Propose(proposed) => {
            let before = house.keys.told().proposed;
            let reply = listed(house.keys.propose(&proposed, clock::wall()));
            if let Reply::Key(key) = &reply
                && key.by.is_none()
                && !before.contains(key)
            {
                tell(Fact::KeyProposed, key, asker, house);
            }
            reply
        }
        KeysAsked::Trust { mark } => trust(&mark, By::Root, asker, house),
        KeysAsked::Distrust { mark } => distrust(&mark, asker, house),
        KeysAsked::Withdraw { person, key } => withdraw(person, key.as_deref(), asker, house),
    }
}

fn withdraw(person: PersonId, key: Option<&str>, asker: &Asker, house: &House) -> Reply {
    match house.keys.withdraw(person, key, clock::wall()) {
        Ok(withdrawn) => {
            for key in &withdrawn.gone {
                tell(Fact::KeyWithdrawn, key, asker, house);
            }
            if let Some(key) = &withdrawn.stays {
                tell(Fact::LastKeyStays, key, asker, house);
            }
            Reply::Withdrawn(Box::new(withdrawn))
        }
        Err(why) => Reply::Failed {
            reason: why.to_string(),
        },
    }
}

fn trust(mark: &str, by: By, asker: &Asker, house: &House) -> Reply {
    let reply = listed(house.keys.trust(mark, by, clock::wall()));
    if let Reply::Key(key) = &reply {
        tell(Fact::KeyTrusted, key, asker, house);
    }
    reply
}

fn distrust(mark: &str, asker: &Asker, house: &House) -> Reply {
    let reply = listed(house.keys.distrust(mark));
    if let Reply::Key(key) = &reply {
        tell(Fact::KeyDistrusted, key, asker, house);
    }
    reply
}

fn listed(done: Result<KeyTold, NotListed>) -> Reply {
    match done {
        Ok(key) => Reply::Key(Box::new(key)),
        Err(NotListed::Unknown) => Reply::Unknown,
        Err(NotListed::NoKey) => Reply::Unclear,
        Err(why @ (NotListed::Full | NotListed::Damaged(_) | NotListed::Io(_))) => Reply::Failed {
            reason: why.to_string(),
        },
    }
}

fn tell(fact: Fact, key: &KeyTold, asker: &Asker, house: &House) {
    let facts = [
        ("key", key.mark.clone().into()),
        ("of", key.person.0.to_string().into()),
        ("name", key.name.clone().into()),
        ("console", key.console.host.clone().into()),
        ("uid", asker.uid.into()),
    ];
    house.keeper(asker).tell(fact, facts);
}

fn of_key(
    mark: &str,
    house: &House,
    deed: impl FnOnce(KeyTold) -> Result<Deed, Reply>,
) -> Result<Deed, Reply> {
    match house.keys.find(mark) {
        Ok(Some(key)) => deed(key),
        Ok(None) => Err(Reply::Unknown),
        Err(why) => Err(Reply::NotSigned(why.into())),
    }
}

/// What forgetting a path would take by now.
fn forgetting(path: &Path, asker: &Asker, house: &House) -> Result<Deed, Reply> {
    let mut planned = None;
    let reply = house.at_desk(asker, |reader| {
        planned = match reader.plan_forget(path) {
            Ok(plan) => Some(plan),
            Err(VaultError::UnknownPath { .. }) => return Ok(Reply::Unknown),
            Err(error) => return Err(error),
        };
        Ok(Reply::Done)
    });
    let plan = planned.ok_or(reply)?;
    Ok(Deed::Forget(Forgets::of(path, &plan)))
}

/// What would be allowed, for as long as a signature may allow.
fn allowing(id: u64, seconds: u64, asker: &Asker, house: &House) -> Result<Deed, Reply> {
    let (since, seconds) = (clock::wall(), seconds.clamp(SHORTEST, LONGEST));
    let nanos = i64::try_from(seconds)
        .unwrap_or(0)
        .saturating_mul(1_000_000_000);
    let until = Wall(since.0.saturating_add(nanos));
    let planned = planned(id, (since, until), asker, house)?;
    Ok(Deed::Allow {
        incident: id,
        allowed: planned,
    })
}

/// What was signed and nothing else: if the incident would allow something else by now, nothing is allowed.
fn allow(id: u64, signed: &[Allowed], asker: &Asker, house: &House) -> Reply {
    let Some(first) = signed.first() else {
        return Reply::NotSigned(NotSigned::Otherwise);
    };
    match planned(id, (first.since, first.until), asker, house) {
        Ok(now) if now == signed => {}
        Ok(_) => return Reply::NotSigned(NotSigned::Otherwise),
        Err(reply) => return reply,
    }
    match house.incidents.give(id, signed.to_vec(), clock::wall()) {
        Ok(Ok(allowed)) => {
            told(house, asker, id);
            Reply::Allowed { allowed }
        }
        Ok(Err(why)) => Reply::NotAllowed(why),
        Err(error) => failed(&error),
    }
}

fn planned(
    id: u64,
    time: (Wall, Wall),
    asker: &Asker,
    house: &House,
) -> Result<Vec<Allowed>, Reply> {
    let mut planned = None;
    let reply = at_desk(house, asker, |reader: &Reader| {
        planned = Some(house.incidents.allowable(reader, id, time)?);
        Ok(Reply::Done)
    });
    match (planned, reply) {
        (Some(Ok(planned)), _) if planned.is_empty() => {
            Err(Reply::NotAllowed(NotAllowed::NoProgram))
        }
        (Some(Ok(planned)), _) => Ok(planned),
        (Some(Err(why)), _) => Err(Reply::NotAllowed(why)),
        (None, Ok(reply)) => Err(reply),
        (None, Err(error)) => Err(failed(&error)),
    }
}

fn failed(error: &anyhow::Error) -> Reply {
    Reply::Failed {
        reason: format!("{error:#}"),
    }
}

fn now() -> (Wall, hygie_model::Mono) {
    (clock::wall(), clock::mono())
}

/// The shortest that a signature allows, in seconds.
const SHORTEST: u64 = 60;
/// The longest: 30 days. Root may give more.
const LONGEST: u64 = 30 * 24 * 3600;
