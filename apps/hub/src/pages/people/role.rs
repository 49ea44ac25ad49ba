//! What somebody is in the practice, changed. All her sessions end: they were of the other role.

use axum::{extract::Path, response::Response};
use hygie_identity::{Act, Who, leaver};
use hygie_model::Role;
use hygie_store::Person;
use serde::Deserialize;

use super::{open, practitioners};
use crate::{
    core::{openings, proposals, withdrawals},
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

/// What somebody of a practice can be, by the word that a form brings back. Who watches from outside is none of it.
pub(super) const ROLES: [(&str, Role); 3] = [
    ("assistant", Role::Assistant),
    ("practitioner", Role::Practitioner),
    ("it-provider", Role::ItProvider),
];

/// The role of a form.
pub(super) fn role_of(typed: &str) -> Option<Role> {
    ROLES
        .into_iter()
        .find(|(word, _)| *word == typed)
        .map(|(_, role)| role)
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    role: String,
}

pub(super) async fn change(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Fault> {
    let person = open(&visitor, &id).await?;
    let role = role_of(&chosen.role).ok_or(Fault::Unreadable)?;
    let back = format!("/people/{}", person.id.0);
    if role == person.role {
        return Ok(see(&back));
    }
    if leaver::change(person.role, role, practitioners(&visitor, &person).await?).is_err() {
        return Ok(see(&format!("{back}?done=last")));
    }
    let note = visitor
        .note()?
        .with("of", person.id.0.to_string())
        .with(
            "before",
            serde_json::to_value(person.role).unwrap_or_default(),
        )
        .with("role", serde_json::to_value(role).unwrap_or_default());
    visitor.tell("person.role-changed", note).await?;
    let practice = visitor.practice()?;
    openings::forget(practice, person.id).await?;
    let changed = Person {
        role,
        until: None,
        ..person
    };
    if Act::TrustKey.row().allows(Who::Person(role)) {
        withdrawals::drop_all(practice, changed.id).await?;
    } else {
        withdrawals::note_all(practice, changed.id, visitor.now).await?;
    }
    practice.change_person(&changed).await?;
    practice.end_sessions(changed.id, None, visitor.now).await?;
    withdrawals::settle(&visitor.hub, practice).await?;
    // One who may sign now has keys that the guard has not been shown.
    proposals::hand_in_of(&visitor.hub, visitor.facts()?, &changed).await?;
    Ok(see(&format!("{back}?done=role")))
}
