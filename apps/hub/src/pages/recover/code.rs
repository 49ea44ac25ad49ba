//! With a code of the recovery sheet: it serves once, and every try waits in the lanes of sign-ins.

use axum::response::Response;
use hygie_identity::{
    secret::{Code, Purpose},
    session::Means,
    throttle::Answer,
};
use hygie_store::{Digest, Person, Practice};
use hygie_text::console::People;
use serde::Deserialize;

use super::{Wrong, draw};
use crate::{
    core::journal::Note,
    pages::{
        me::{keep_sheet, sheet_of},
        setup::login_of,
        sign_in::{attempt, begin, signed_in, succeeded, wait, who_may},
    },
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see_with},
    },
};

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    code: String,
}

pub(super) async fn come_in(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let login = login_of(&typed.login);
    let practice = visitor.practice()?;
    let person = who_may(&visitor, practice, &login).await?;
    let this = attempt(&visitor, practice, &login, person.as_ref()).await?;
    let ticket = match begin(practice, &this, &visitor).await? {
        Answer::Go(ticket) => ticket,
        Answer::Wait(time) => {
            let code = Some(wait(&visitor, time));
            return draw(
                &visitor,
                login,
                Wrong {
                    code,
                    ..Wrong::default()
                },
            );
        }
    };
    match used(&visitor, practice, person, &typed.code).await? {
        Some(person) => {
            succeeded(practice, &this, &ticket, &visitor).await?;
            let cookie = signed_in(&visitor, person.id, Means::RecoverySheet).await?;
            Ok(see_with("/me", &[cookie]))
        }
        None => {
            let note = Note::default().with("address", visitor.address.to_string());
            visitor.tell("person.refused", note).await?;
            let code = Some(visitor.speech.word(People::RecoverWrong));
            draw(
                &visitor,
                login,
                Wrong {
                    code,
                    ..Wrong::default()
                },
            )
        }
    }
}

/// The person, where the code is one of hers that had not served: it has now.
async fn used(
    visitor: &Visitor,
    practice: Practice<'_>,
    person: Option<Person>,
    typed: &str,
) -> Result<Option<Person>, Fault> {
    let (Some(person), Some(code)) = (person, Code::parse(typed)) else {
        return Ok(None);
    };
    let digest = Digest(*code.digest(Purpose::Recovery).as_bytes());
    if !practice
        .use_recovery_code(person.id, digest, visitor.now)
        .await?
    {
        return Ok(None);
    }
    if let Some(mut sheet) = sheet_of(practice, person.id).await?
        && sheet.redeem(typed, visitor.now).is_ok()
    {
        keep_sheet(practice, person.id, &sheet, visitor.now).await?;
    }
    Ok(Some(person))
}
