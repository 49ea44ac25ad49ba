//! Another device: whose passkeys its guard believes, and which folders it protects, asked of it each time. What is signed for it is
//! sent there, and this page says what came of it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use hygie_agent::{
    door::Reply,
    keys::{KeyTold, KeysTold},
};
use hygie_store::Device;
use hygie_text::{
    Args,
    console::{Incidents, Shared, Signed},
    shown,
};
use hygie_wire::{Came, Deed, Outcome, Wish};
use serde::Deserialize;

use super::{
    list::{Row, people, row},
    signing::page_of,
};
use crate::{
    core::proposals,
    pages::{afar, files::path},
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        live,
        visitor::Visitor,
    },
};

#[derive(Template)]
#[template(path = "pages/signed/there.html")]
struct Page {
    frame: Frame,
    sentence: String,
    done: Option<String>,
    live: String,
    here: String,
    part: String,
    trusted: Vec<Row>,
    proposed: Vec<Row>,
    /// The folders, with where each is protected no more; none where they are not known.
    folders: Option<Vec<(String, String)>>,
    /// Whether the guard told anything.
    told: bool,
}

/// What came of what was signed last.
#[derive(Template)]
#[template(
    source = "{% if let Some(said) = said %}<section class=\"card\"><p role=\"status\">{{ said }}</p></section>{% endif %}",
    ext = "html"
)]
struct Part {
    said: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let device = afar::device(&visitor, &id).await?;
    let speech = &visitor.speech;
    let keys = keys(&visitor, &device).await?;
    let folders = match &keys {
        Ok(_) => folders(&visitor, &device).await?,
        Err(_) => None,
    };
    let named = Args::new().text("device", &shown(&device.name));
    let sentence = match &keys {
        Err(why) => speech.word(*why),
        Ok(keys) if keys.damaged => speech.word(Signed::Damaged),
        Ok(keys) if keys.trusted.is_empty() => speech.say(Signed::ThereNone, &named),
        Ok(keys) => {
            let args = named.count("keys", keys.trusted.len() as u64);
            speech.say(Signed::ThereSome, &args)
        }
    };
    let (people, at) = (people(&visitor).await?, page_of(&device));
    let told = keys.is_ok();
    let keys = keys.unwrap_or_default();
    let rows = |keys: &[KeyTold], verb| {
        let rows = keys
            .iter()
            .map(|key| row(&visitor, (&people, &at), key, verb));
        rows.collect::<Vec<_>>()
    };
    page(&Page {
        frame: visitor.frame(Some(Place::Devices), Signed::KeysTitle),
        sentence,
        done: (asked.done == "signed").then(|| speech.word(Incidents::AfarDoneSigned)),
        live: format!("{at}/live"),
        part: drawn(&visitor, &device).await?,
        trusted: rows(&keys.trusted, "distrust"),
        proposed: rows(&keys.proposed, "trust"),
        folders,
        told,
        here: at,
    })
}

pub(super) async fn look_on(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let device = afar::device(&visitor, &id).await?;
    Ok(live::part(visitor.clone(), move || {
        let (visitor, device) = (visitor.clone(), device.clone());
        async move { drawn(&visitor, &device).await }
    }))
}

async fn drawn(visitor: &Visitor, device: &Device) -> Result<String, Fault> {
    let newest = afar::newest(visitor, device.id).await?;
    let signed = newest
        .into_iter()
        .find(|(_, deed)| matches!(deed, Deed::Confirm { incident: None, .. }));
    let said = signed.map(|(command, _)| {
        let is_open = command.command.expires > visitor.hub.now();
        let at = command.done.unwrap_or(command.command.expires);
        let args = Args::new().moment("at", at);
        let came = command.outcome.as_ref().map(|kept| kept.get::<Came>());
        let speech = &visitor.speech;
        match came {
            None if is_open => speech.say(Incidents::AfarWaits, &args),
            None => speech.say(Incidents::AfarNoWord, &args),
            Some(Ok(came)) => match came.outcome {
                Outcome::Done => speech.say(Incidents::AfarDone, &args),
                Outcome::Expired => speech.say(Incidents::AfarSignedLate, &args),
                Outcome::Partial | Outcome::Failed => speech.say(Signed::ThereFailed, &args),
                Outcome::Refused => speech.say(Incidents::AfarSignedNot, &args),
            },
            Some(Err(_)) => speech.say(Incidents::AfarSignedNot, &args),
        }
    });
    Ok(Part { said }.render()?)
}

/// Whom the guard believes; every practitioner's key is handed in before, so that it can be told to believe one.
async fn keys(visitor: &Visitor, device: &Device) -> Result<Result<KeysTold, Incidents>, Fault> {
    let facts = visitor.facts()?;
    let handed = proposals::hand_in_afar(&visitor.hub, facts, (device.id, None)).await?;
    if let Err(why) = handed {
        return Ok(Err(afar::silent(why)));
    }
    Ok(match afar::ask(visitor, device.id, Wish::Keys).await? {
        Ok(Reply::Keys(keys)) => Ok(keys),
        Ok(Reply::Busy) => Err(Incidents::DoneBusy),
        // A guard of before does not know the question.
        Ok(_) => Err(Incidents::AfarGuardSilent),
        Err(why) => Err(afar::silent(why)),
    })
}

async fn folders(
    visitor: &Visitor,
    device: &Device,
) -> Result<Option<Vec<(String, String)>>, Fault> {
    let Ok(Reply::Status(status)) = afar::ask(visitor, device.id, Wish::Folders).await? else {
        return Ok(None);
    };
    let page = |folder: &String| {
        let of = path::to_query(std::path::Path::new(folder));
        let to = format!("/devices/on/{}/unprotect?p={of}", device.id.0);
        (shown(folder), to)
    };
    Ok(Some(status.folders.iter().map(page).collect()))
}
