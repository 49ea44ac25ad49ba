//! People: who can get in and with what, invitations, an IT provider's time, who leaves, and who wants back in.
//! What each of these may be is the engine's (`hygie_identity`); here it is shown, asked for and kept.

mod close;
mod invite;
mod list;
mod means;
mod own;
mod person;
mod provider;
mod recovery;
mod role;
mod sessions;

#[cfg(test)]
pub(crate) mod tests;

pub(super) use own::{Own, own};
pub(super) use recovery::{Notice, notices};

use hygie_identity::Act;
use hygie_model::{PersonId, Role};
use hygie_store::{CredentialKind, Person};
use hygie_text::console::People;
use uuid::Uuid;

use crate::web::{fault::Fault, route::Route, visitor::Visitor};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/people", Act::SeePeople, list::show),
        Route::get("/people/invite", Act::Invite, invite::show),
        Route::post("/people/invite", Act::Invite, invite::make),
        Route::post("/people/invitation/end", Act::EndInvitation, invite::end),
        Route::get("/people/{id}", Act::SeePeople, person::show),
        Route::get("/people/{id}/close", Act::ClosePerson, close::show),
        Route::post("/people/{id}/close", Act::ClosePerson, close::close),
        Route::post("/people/{id}/reopen", Act::ReopenPerson, close::reopen),
        Route::post("/people/{id}/role", Act::ChangeRole, role::change),
        Route::post("/people/{id}/open", Act::OpenProvider, provider::open),
        Route::post("/people/{id}/shut", Act::EndProvider, provider::end),
        Route::post(
            "/people/{id}/confirm",
            Act::ConfirmRecovery,
            recovery::confirm,
        ),
        Route::post("/people/{id}/cancel", Act::CancelRecovery, recovery::cancel),
        Route::post("/people/{id}/sessions", Act::EndSession, sessions::end),
    ]
}

/// The person of an address.
async fn found(visitor: &Visitor, id: &str) -> Result<Person, Fault> {
    let id = Uuid::parse_str(id).map_err(|_| Fault::NotFound)?;
    let person = visitor.practice()?.person(PersonId(id)).await?;
    person.ok_or(Fault::NotFound)
}

/// The same, where she is to be somebody who has not left.
async fn open(visitor: &Visitor, id: &str) -> Result<Person, Fault> {
    let person = found(visitor, id).await?;
    if person.closed.is_some() {
        return Err(Fault::NotFound);
    }
    Ok(person)
}

/// How many practitioners can sign in now; `this` one counts as well, whatever she has.
async fn practitioners(visitor: &Visitor, this: &Person) -> Result<usize, Fault> {
    let practice = visitor.practice()?;
    let mut count = 0;
    for person in practice.people().await? {
        if person.closed.is_some() || person.role != Role::Practitioner {
            continue;
        }
        let can = person.id == this.id
            || practice
                .credentials(person.id)
                .await?
                .iter()
                .any(|credential| credential.kind != CredentialKind::Totp);
        count += usize::from(can);
    }
    Ok(count)
}

/// What was done before a page came.
pub(super) fn done(name: &str) -> Option<People> {
    Some(match name {
        "invitation" => People::DoneInvitation,
        "closed" => People::DoneClosed,
        "reopened" => People::DoneReopened,
        "name-taken" => People::DoneNameTaken,
        "too-late" => People::DoneTooLate,
        "role" => People::DoneRole,
        "last" => People::LastPractitioner,
        "opened" => People::DoneOpened,
        "shut" => People::DoneShut,
        "confirmed" => People::DoneConfirmed,
        "not-confirmed" => People::DoneNotConfirmed,
        "cancelled" => People::DoneCancelled,
        "passed" => People::DonePassed,
        "not-yours" => People::DoneNotYours,
        "sessions" => People::DoneSessions,
        _ => return None,
    })
}

/// Two letters for a person's mark: of the first name and of the last, without a title.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name
        .split_whitespace()
        .filter(|word| !TITLES.contains(&word.trim_end_matches('.').to_lowercase().as_str()))
        .collect();
    let first = words.first().and_then(|word| word.chars().next());
    let last = words
        .iter()
        .skip(1)
        .next_back()
        .and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

const TITLES: [&str; 4] = ["dr", "docteur", "pr", "me"];
