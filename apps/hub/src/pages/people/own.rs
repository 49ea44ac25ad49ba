//! What somebody reads of herself on her own page: that a way back is asked for in her name, and how long an IT provider's time
//! runs. Each with the one gesture that ends it.

use hygie_model::Role;
use hygie_text::{Args, console::People};

use super::{provider::until, recovery::notice};
use crate::{
    core::openings,
    web::{fault::Fault, visitor::Visitor},
};

/// A sentence, and the form that ends what it tells.
pub(crate) struct Own {
    pub(crate) says: String,
    pub(crate) to: String,
    pub(crate) go: String,
}

/// What there is to read for whoever is signed in.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn own(visitor: &Visitor) -> Result<Vec<Own>, Fault> {
    let person = &visitor.signed()?.person;
    let speech = &visitor.speech;
    let mut own = Vec::new();
    if let Some(to) = notice(visitor, person)
        .await?
        .and_then(|notice| notice.cancel)
    {
        own.push(Own {
            says: speech.word(People::OwnAsked),
            to,
            go: speech.word(People::CancelGo),
        });
    }
    if person.role == Role::ItProvider {
        let opening = openings::of(visitor.practice()?, person.id).await?;
        own.extend(until(opening.as_ref(), visitor.now).map(|until| Own {
            says: speech.say(People::OwnTime, &Args::new().moment("until", until)),
            to: format!("/people/{}/shut", person.id.0),
            go: speech.word(People::OwnTimeEnd),
        }));
    }
    Ok(own)
}
