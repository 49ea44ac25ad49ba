//! The practice's name. The console's name on the network is another, and stays: passkeys are bound to it.

use axum::response::Response;
use hygie_store::{Json, Setting};
use hygie_text::console::Settings;
use serde::Deserialize;

use super::{Slip, draw, is_too_long, tidy, too_long};
use crate::web::{
    fault::Fault,
    form::Sent,
    visitor::{Visitor, see},
};

/// Where it is kept who changed it; the name itself is the practice's.
pub(super) const NAME: &str = "practice-name";

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
}

pub(super) async fn rename(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let name = tidy(&typed.name);
    let wrong = if name.is_empty() {
        Some(visitor.speech.word(Settings::PracticeMissing))
    } else if is_too_long(&name) {
        Some(too_long(&visitor))
    } else {
        None
    };
    if let Some(wrong) = wrong {
        let slip = Slip {
            practice: Some((typed.name, wrong)),
            ..Slip::default()
        };
        return draw(&visitor, slip, None).await;
    }
    let (practice, before) = (visitor.practice()?, &visitor.facts()?.name);
    if name == *before {
        return Ok(see("/settings"));
    }
    let note = visitor
        .note()?
        .with("before", before.as_str())
        .with("name", name.as_str());
    visitor.tell("practice.renamed", note).await?;
    practice.rename(&name).await?;
    let setting = Setting {
        name: NAME.to_owned(),
        value: Json::of(&name)?,
        changed: visitor.now,
        by: Some(visitor.person()?),
    };
    practice.set(&setting).await?;
    Ok(see("/settings?done=practice"))
}
