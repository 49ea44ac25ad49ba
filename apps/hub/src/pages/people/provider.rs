//! An IT provider's time: opened by somebody of the practice for one intervention, ended by her or by the provider.

use std::time::Duration;

use axum::{extract::Path, response::Response};
use hygie_identity::{
    Act,
    provider::{LONGEST, Opening, OpeningId, Refused, USUAL},
};
use hygie_model::{Role, Wall};
use hygie_text::console::People;
use serde::Deserialize;

use super::{found, open as open_person};
use crate::{
    core::{chance, openings},
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

/// What the page proposes, by the word that a form brings back.
pub(super) const TIMES: [(&str, Duration, People); 3] = [
    ("2h", USUAL, People::TimeUsual),
    ("4h", Duration::from_secs(4 * 60 * 60), People::TimeHalfDay),
    ("12h", LONGEST, People::TimeDay),
];

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    time: String,
}

pub(super) async fn open(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(asked): Sent<Asked>,
) -> Result<Response, Fault> {
    let provider = open_person(&visitor, &id).await?;
    let (_, span, _) = TIMES
        .into_iter()
        .find(|(word, _, _)| *word == asked.time)
        .ok_or(Fault::Unreadable)?;
    let by = &visitor.signed()?.person;
    let number = OpeningId(chance::number()?);
    let whom = (provider.id, provider.role);
    let opening =
        Opening::open(number, whom, (by.id, by.role), span, visitor.now).map_err(refused)?;
    let until = serde_json::to_value(opening.until()).unwrap_or_default();
    let note = visitor
        .note()?
        .with("of", provider.id.0.to_string())
        .with("until", until);
    visitor.tell("person.time-opened", note).await?;
    let practice = visitor.practice()?;
    openings::keep(practice, &provider, &opening, Some(by.id), visitor.now).await?;
    Ok(see(&format!("/people/{}?done=opened", provider.id.0)))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn end(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let provider = found(&visitor, &id).await?;
    let by = &visitor.signed()?.person;
    // A provider ends his own time; another's is the practice's.
    if by.role == Role::ItProvider && by.id != provider.id {
        return Err(Fault::NotFound);
    }
    let practice = visitor.practice()?;
    let Some(mut opening) = openings::of(practice, provider.id).await? else {
        return Err(Fault::NotFound);
    };
    if opening.is_open(visitor.now) {
        let note = visitor.note()?.with("of", provider.id.0.to_string());
        visitor.tell("person.time-ended", note).await?;
        opening.end(by.id, visitor.now);
        openings::keep(practice, &provider, &opening, Some(by.id), visitor.now).await?;
        practice
            .end_sessions(provider.id, None, visitor.now)
            .await?;
    }
    if visitor.may(Act::SeePeople) {
        Ok(see(&format!("/people/{}?done=shut", provider.id.0)))
    } else {
        Ok(see("/signin"))
    }
}

/// Until when somebody's time is open; none while it is not.
pub(super) fn until(opening: Option<&Opening>, now: Wall) -> Option<Wall> {
    opening
        .filter(|opening| opening.is_open(now))
        .map(Opening::until)
}

fn refused(why: Refused) -> Fault {
    match why {
        Refused::NotAProvider => Fault::NotFound,
        Refused::MayNot => Fault::AskOther(Act::OpenProvider.row()),
        Refused::Length => Fault::Unreadable,
    }
}
