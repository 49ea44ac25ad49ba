//! The time for which an IT provider is let in, as the engine made it: kept by her number, the last one only.
//! The person's own `until` follows it, so that lists and the database see the same end.

use hygie_identity::provider::Opening;
use hygie_model::{PersonId, Wall};
use hygie_store::{Json, Person, Practice, Setting};

use crate::web::fault::Fault;

/// Her last opening; whether it is open, the engine says.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn of(
    practice: Practice<'_>,
    provider: PersonId,
) -> Result<Option<Opening>, Fault> {
    let setting = practice.setting(&name(provider)).await?;
    Ok(setting.map(|setting| setting.value.get()).transpose()?)
}

/// Keeps an opening as it is now.
///
/// # Errors
/// The database does not answer, or the person left.
pub(crate) async fn keep(
    practice: Practice<'_>,
    provider: &Person,
    opening: &Opening,
    by: Option<PersonId>,
    now: Wall,
) -> Result<(), Fault> {
    let setting = Setting {
        name: name(provider.id),
        value: Json::of(opening)?,
        changed: now,
        by,
    };
    practice.set(&setting).await?;
    let person = Person {
        until: Some(opening.until()),
        ..provider.clone()
    };
    Ok(practice.change_person(&person).await?)
}

/// Forgets it: she is no IT provider any more, or left.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn forget(practice: Practice<'_>, provider: PersonId) -> Result<(), Fault> {
    practice.unset(&name(provider)).await?;
    Ok(())
}

fn name(provider: PersonId) -> String {
    format!("opening {}", provider.0)
}
