//! Whose passkeys the guard of this machine believes, and which wait for it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_agent::{
    door::{KeysAsked, Question, Reply},
    keys::{By, KeyTold, KeysTold},
};
use hygie_identity::{Act, Who};
use hygie_model::PersonId;
use hygie_text::{
    Args,
    console::{Shared, Signed},
};
use hygie_wire::Wish;
use serde::Deserialize;

use super::signing::On;
use crate::{
    pages::afar,
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

/// A key in a list.
pub(super) struct Row {
    pub(super) says: String,
    pub(super) about: String,
    /// Its owner is no practitioner any more.
    pub(super) left: bool,
    pub(super) to: String,
}

#[derive(Template)]
#[template(path = "pages/signed/list.html")]
struct Page {
    frame: Frame,
    sentence: String,
    done: Option<String>,
    trusted: Vec<Row>,
    proposed: Vec<Row>,
    /// Whether the guard told anything.
    told: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let speech = &visitor.speech;
    let told = keys(&visitor).await?;
    let done = match asked.done.as_str() {
        "trusted" => Some(Signed::DoneTrusted),
        "distrusted" => Some(Signed::DoneDistrusted),
        _ => None,
    };
    let sentence = match &told {
        None => speech.word(Signed::KeysSilent),
        Some(keys) if keys.damaged => speech.word(Signed::Damaged),
        Some(keys) if keys.trusted.is_empty() => speech.word(Signed::KeysNone),
        Some(keys) => {
            let args = Args::new().count("keys", keys.trusted.len() as u64);
            speech.say(Signed::KeysSome, &args)
        }
    };
    let people = people(&visitor).await?;
    let is_told = told.is_some();
    let told = told.unwrap_or_default();
    let rows = |keys: &[KeyTold], verb| {
        let rows = keys
            .iter()
            .map(|key| row(&visitor, (&people, "/keys"), key, verb));
        rows.collect::<Vec<_>>()
    };
    page(&Page {
        frame: visitor.frame(Some(Place::People), Signed::KeysTitle),
        sentence,
        done: done.map(|id| speech.word(id)),
        trusted: rows(&told.trusted, "distrust"),
        proposed: rows(&told.proposed, "trust"),
        told: is_told,
    })
}

/// Names, and whether each is somebody who may sign.
pub(super) type People = BTreeMap<PersonId, (String, bool)>;

pub(super) async fn people(visitor: &Visitor) -> Result<People, Fault> {
    let people = visitor.practice()?.people().await?;
    let of = |person: hygie_store::Person| {
        let may = Act::TrustKey.row().allows(Who::Person(person.role));
        (person.id, (person.name, may && person.closed.is_none()))
    };
    Ok(people.into_iter().map(of).collect())
}

pub(super) fn row(
    visitor: &Visitor,
    (people, at): (&People, &str),
    key: &KeyTold,
    verb: &str,
) -> Row {
    let speech = &visitor.speech;
    let args = Args::new()
        .text("key", &key.key_name)
        .text("person", &key.name);
    let since = Args::new().moment("since", key.since);
    let about = match (&key.by, key.withdrawn) {
        (Some(By::Root), _) => speech.say(Signed::KeysSinceRoot, &since),
        (Some(By::Person { person, .. }), _) => {
            let by = people.get(person).map_or("?", |(name, _)| name);
            speech.say(Signed::KeysSincePerson, &since.text("by", by))
        }
        (None, Some(at)) => speech.say(Signed::KeysWithdrawn, &Args::new().moment("at", at)),
        (None, None) => speech.say(Signed::KeysProposedSince, &since),
    };
    Row {
        says: speech.say(Signed::KeysLine, &args),
        about,
        left: people.get(&key.person).is_none_or(|(_, may)| !may),
        to: format!("{at}/{}/{verb}", key.mark),
    }
}

/// The guard's lists; none where it does not answer.
async fn keys(visitor: &Visitor) -> Result<Option<KeysTold>, Fault> {
    let question = Question::Keys(KeysAsked::List);
    let asked = visitor.hub.guard.ask_for(visitor.person()?, question);
    Ok(match asked.await {
        Ok(Reply::Keys(keys)) => Some(keys),
        // One that says something else is no more known than a silent one.
        Ok(_) | Err(_) => None,
    })
}

/// Whether the guard would believe nobody without this key.
pub(super) async fn is_last(visitor: &Visitor, (on, key): (&On, &KeyTold)) -> Result<bool, Fault> {
    let told = match on {
        On::Here => keys(visitor).await?,
        On::There(device) => match afar::ask(visitor, device.id, Wish::Keys).await? {
            Ok(Reply::Keys(keys)) => Some(keys),
            Ok(_) | Err(_) => None,
        },
    };
    let told = told.unwrap_or_default();
    let is_this = |known: &KeyTold| known.mark == key.mark;
    Ok(told.trusted.iter().any(is_this) && told.trusted.iter().all(is_this))
}
