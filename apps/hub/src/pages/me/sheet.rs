//! The recovery sheet: made, shown once to be printed, and tested at once: a sheet that was never tested may lie in no drawer.

use askama::Template;
use axum::response::Response;
use hygie_identity::{
    recovery::{CODES, Sheet},
    secret::{CODE_BYTES, Purpose},
};
use hygie_model::{PersonId, Wall};
use hygie_store::{Digest, Json, Practice, Setting};
use hygie_text::{
    Args,
    console::{Me, Shared},
};
use serde::Deserialize;

use crate::{
    core::chance,
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

#[derive(Template)]
#[template(path = "pages/me/sheet.html")]
struct Page {
    frame: Frame,
    name: String,
    address: String,
    made: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn make(
    visitor: Visitor,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let mut random = [[0; CODE_BYTES]; CODES];
    for code in &mut random {
        *code = chance::bytes()?;
    }
    let (codes, sheet) = Sheet::make(random, visitor.now);
    let digests: Vec<Digest> = codes
        .iter()
        .map(|code| Digest(*code.digest(Purpose::Recovery).as_bytes()))
        .collect();
    let practice = visitor.practice()?;
    let person = &visitor.signed()?.person;
    visitor.tell("person.sheet-made", visitor.note()?).await?;
    practice
        .set_recovery_codes(person.id, &digests, visitor.now)
        .await?;
    keep(&visitor, &sheet).await?;
    let facts = visitor.facts()?;
    let made = Args::new().moment("at", visitor.now);
    page(&Page {
        frame: visitor.frame(None, Me::SheetTitle),
        name: person.name.clone(),
        address: format!("https://{}:{}/", facts.host, visitor.hub.port),
        made: visitor.speech.say(Me::SheetMade, &made),
        codes: codes
            .iter()
            .map(|code| code.to_text().expose().to_owned())
            .collect(),
    })
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

pub(super) async fn test(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let Some(mut sheet) = kept(&visitor).await? else {
        return Ok(see("/me"));
    };
    if sheet.test(&typed.code, visitor.now).is_err() {
        return Ok(see("/me?done=not-tested"));
    }
    visitor.tell("person.sheet-tested", visitor.note()?).await?;
    keep(&visitor, &sheet).await?;
    Ok(see("/me?done=tested"))
}

/// The sheet of whoever is signed in.
pub(super) async fn kept(visitor: &Visitor) -> Result<Option<Sheet>, Fault> {
    sheet_of(visitor.practice()?, visitor.person()?).await
}

/// Somebody's sheet.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn sheet_of(
    practice: Practice<'_>,
    person: PersonId,
) -> Result<Option<Sheet>, Fault> {
    let setting = practice.setting(&name(person)).await?;
    Ok(setting.map(|setting| setting.value.get()).transpose()?)
}

async fn keep(visitor: &Visitor, sheet: &Sheet) -> Result<(), Fault> {
    keep_sheet(visitor.practice()?, visitor.person()?, sheet, visitor.now).await
}

/// Keeps her sheet as it stands now.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn keep_sheet(
    practice: Practice<'_>,
    person: PersonId,
    sheet: &Sheet,
    now: Wall,
) -> Result<(), Fault> {
    let setting = Setting {
        name: name(person),
        value: Json::of(sheet)?,
        changed: now,
        by: Some(person),
    };
    practice.set(&setting).await?;
    Ok(())
}

/// She has no sheet any more.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn forget_sheet(practice: Practice<'_>, person: PersonId) -> Result<(), Fault> {
    practice.unset(&name(person)).await?;
    Ok(())
}

fn name(person: PersonId) -> String {
    format!("sheet {}", person.0)
}

/// How it stands, and whether it waits for something.
pub(super) fn told(visitor: &Visitor, sheet: Option<&Sheet>, left: u64) -> (String, bool) {
    let speech = &visitor.speech;
    let Some(sheet) = sheet else {
        return (speech.word(Me::SheetNone), true);
    };
    let args = Args::new().count("left", left).moment("made", sheet.made());
    match sheet.state() {
        hygie_identity::recovery::SheetState::Untested => {
            (speech.say(Me::SheetUntested, &args), true)
        }
        hygie_identity::recovery::SheetState::Good { .. } if left > 1 => {
            (speech.say(Me::SheetGood, &args), false)
        }
        hygie_identity::recovery::SheetState::Good { .. }
        | hygie_identity::recovery::SheetState::NearlyUsed { .. } => {
            (speech.say(Me::SheetNearlyUsed, &args), true)
        }
    }
}
