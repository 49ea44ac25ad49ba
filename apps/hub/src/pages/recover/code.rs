//! With a code of the recovery sheet: it serves once, and every try waits in the lanes of sign-ins.

use axum::response::Response;
use axum_extra::extract::cookie::Cookie;
use hygie_identity::{
    recovery::{Confirmer, Rung, RungId},
    secret::{Code, Purpose},
    session::Means,
    setup::Origin,
    throttle::Answer,
};
use hygie_model::{PersonId, Role};
use hygie_store::{Digest, Person, Practice};
use hygie_text::console::People;
use serde::Deserialize;

use super::{Wrong, draw, rung::restored};
use crate::{
    core::{chance, journal::Note, root, rungs},
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
            let cookies = signed_in(&visitor, person.id, Means::RecoverySheet).await?;
            Ok(see_with("/me", &cookies))
        }
        None if opened_by_root(&visitor, practice, (&login, &typed.code)).await? => {
            succeeded(practice, &this, &ticket, &visitor).await?;
            let person = who_may(&visitor, practice, &login).await?;
            let person = person.ok_or(Fault::broken("somebody who left meanwhile"))?;
            Ok(see_with("/me", &back(&visitor, practice, person.id).await?))
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

/// Whether it is the code that root made on this machine for this practitioner.
async fn opened_by_root(
    visitor: &Visitor,
    practice: Practice<'_>,
    (login, typed): (&str, &str),
) -> Result<bool, Fault> {
    let person = who_may(visitor, practice, login).await?;
    // Others are let back in by a practitioner.
    if person.is_none_or(|person| person.role != Role::Practitioner) {
        return Ok(false);
    }
    let from = if visitor.is_here() {
        Origin::Loopback
    } else {
        Origin::Network
    };
    let file = &visitor.hub.recovery;
    root::take(practice, file, (login, typed), (from, visitor.now)).await
}

/// The same steps as with a second person, at once: root confirms, and everybody reads it.
async fn back(
    visitor: &Visitor,
    practice: Practice<'_>,
    person: PersonId,
) -> Result<Vec<Cookie<'static>>, Fault> {
    let note = Note::default()
        .with("of", person.0.to_string())
        .with("address", visitor.address.to_string());
    visitor.tell("person.recovery-by-root", note).await?;
    for _ in 0..TRIES {
        let last = rungs::of(practice, person, visitor.now).await?;
        let id = RungId(chance::number()?);
        let mut rung = match Rung::ask(id, person, None, visitor.now) {
            Ok((rung, _)) => rung,
            Err(_) => return Err(Fault::broken("a recovery by root")),
        };
        let confirmed = rung.confirm(Confirmer::Root, visitor.now);
        if confirmed.is_err() || rung.finish(visitor.now).is_err() {
            return Err(Fault::broken("a recovery by root"));
        }
        // One that runs for her, asked for by whoever, is over with it.
        if rungs::put(practice, last.as_ref(), &rung, visitor.now).await? {
            return restored(visitor, person).await;
        }
    }
    Err(Fault::broken("a recovery that changes all the time"))
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

const TRIES: u32 = 8;
