//! A recovery by a second person, as those see it who are in: the notice, the confirmation, and stopping it.
//! How she asks and comes in is `pages/recover`.

use axum::{extract::Path, response::Response};
use hygie_identity::{
    Act,
    recovery::{Confirmer, Refused, Stage},
};
use hygie_model::Role;
use hygie_store::Person;
use hygie_text::{Args, console::People};
use serde::Deserialize;

use super::open;
use crate::{
    core::rungs::{self, is_control},
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

/// What everybody of the practice reads while somebody wants back in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What happens, in a sentence.
    pub(crate) title: String,
    /// What it means and until when.
    pub(crate) why: String,
    /// Whether a second person is to confirm.
    pub(crate) waits: bool,
    /// Whether this visitor may be that person.
    pub(crate) confirms: bool,
    /// The page where she answers, and its words.
    pub(crate) go: Option<(String, String)>,
    /// Where it is stopped, for who may.
    pub(crate) cancel: Option<String>,
}

/// All recoveries that run, as this visitor may see and answer them.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn notices(visitor: &Visitor) -> Result<Vec<Notice>, Fault> {
    let mut notices = Vec::new();
    for person in visitor.practice()?.people().await? {
        if person.closed.is_none() {
            notices.extend(notice(visitor, &person).await?);
        }
    }
    Ok(notices)
}

/// The recovery of this person, where one runs.
pub(super) async fn notice(visitor: &Visitor, person: &Person) -> Result<Option<Notice>, Fault> {
    let kept = rungs::of(visitor.practice()?, person.id, visitor.now).await?;
    let Some(kept) = kept else {
        return Ok(None);
    };
    let own = &visitor.signed()?.person;
    let speech = &visitor.speech;
    let args = Args::new().text("name", &person.name);
    let stage = kept.rung.stage(visitor.now);
    let (title, why) = match stage {
        Stage::Waits { until } => (
            speech.say(People::AskedTitle, &args),
            speech.say(People::AskedWhy, &args.moment("until", until)),
        ),
        Stage::Delayed { opens } => (
            speech.say(People::DelayedTitle, &args.clone().moment("opens", opens)),
            speech.say(People::DelayedWhy, &args),
        ),
        Stage::Open { until } => (
            speech.say(People::BackTitle, &args),
            speech.say(People::BackWhy, &args.moment("until", until)),
        ),
        Stage::Done => {
            let Some(at) = kept.rung.opened_by_root(visitor.now) else {
                return Ok(None);
            };
            return Ok(Some(Notice {
                title: speech.say(People::RootTitle, &args.clone().moment("at", at)),
                why: speech.say(People::RootWhy, &args),
                waits: false,
                confirms: false,
                go: visitor.may(Act::SeePeople).then(|| {
                    (
                        format!("/people/{}", person.id.0),
                        speech.word(People::SeePerson),
                    )
                }),
                cancel: None,
            }));
        }
        Stage::Cancelled | Stage::Lapsed => return Ok(None),
    };
    let waits = matches!(stage, Stage::Waits { .. });
    let page = format!("/people/{}", person.id.0);
    let confirms = waits && own.id != person.id && visitor.may(Act::ConfirmRecovery);
    // The engine has the last word: she herself, or a practitioner.
    let stops = own.id == person.id || own.role == Role::Practitioner;
    let go = if confirms {
        Some((page.clone(), speech.word(People::ConfirmSee)))
    } else if own.id == person.id {
        Some(("/me".to_owned(), speech.word(People::OwnAccess)))
    } else if visitor.may(Act::SeePeople) {
        Some((page.clone(), speech.word(People::SeePerson)))
    } else {
        None
    };
    Ok(Some(Notice {
        title,
        why,
        waits,
        confirms,
        go,
        cancel: stops.then(|| format!("{page}/cancel")),
    }))
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    control: String,
}

pub(super) async fn confirm(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, Fault> {
    let person = open(&visitor, &id).await?;
    let practice = visitor.practice()?;
    let Some(kept) = rungs::of(practice, person.id, visitor.now).await? else {
        return Err(Fault::NotFound);
    };
    let back = |done: &str| see(&format!("/people/{}?done={done}", person.id.0));
    if !is_control(kept.rung.id, &typed.control) {
        return Ok(back("not-confirmed"));
    }
    let own = &visitor.signed()?.person;
    let by = Confirmer::Person {
        person: own.id,
        role: own.role,
    };
    let mut rung = kept.rung.clone();
    match rung.confirm(by, visitor.now) {
        // The notice is drawn from what is kept, on everybody's next page.
        Ok(_) => {}
        Err(Refused::MayNot) => return Err(Fault::AskOther(Act::ConfirmRecovery.row())),
        Err(Refused::Oneself) => return Ok(back("not-yours")),
        Err(Refused::NotNow | Refused::Running | Refused::AskedTooSoon) => {
            return Ok(back("passed"));
        }
    }
    let note = visitor.note()?.with("of", person.id.0.to_string());
    visitor.tell("person.recovery-confirmed", note).await?;
    if !rungs::put(practice, Some(&kept), &rung, visitor.now).await? {
        return Ok(back("passed"));
    }
    Ok(back("confirmed"))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn cancel(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let person = open(&visitor, &id).await?;
    let own = &visitor.signed()?.person;
    let page = if own.id == person.id {
        "/me"
    } else {
        "/people"
    };
    let mut told = false;
    // Who stops it does so even where somebody confirmed meanwhile.
    for _ in 0..TRIES {
        let practice = visitor.practice()?;
        let Some(kept) = rungs::of(practice, person.id, visitor.now).await? else {
            return Err(Fault::NotFound);
        };
        let mut rung = kept.rung.clone();
        match rung.cancel(own.id, own.role, visitor.now) {
            Ok(_) => {}
            Err(Refused::MayNot) => return Err(Fault::NotFound),
            Err(_) => return Ok(see(&format!("{page}?done=passed"))),
        }
        if !told {
            let note = visitor.note()?.with("of", person.id.0.to_string());
            visitor.tell("person.recovery-cancelled", note).await?;
            told = true;
        }
        if rungs::put(practice, Some(&kept), &rung, visitor.now).await? {
            return Ok(see(&format!("{page}?done=cancelled")));
        }
    }
    Ok(see(&format!("{page}?done=passed")))
}

/// Stops what runs for somebody who leaves; whether something did.
pub(super) async fn stop(visitor: &Visitor, person: &Person) -> Result<bool, Fault> {
    let own = &visitor.signed()?.person;
    let practice = visitor.practice()?;
    for _ in 0..TRIES {
        let Some(kept) = rungs::of(practice, person.id, visitor.now).await? else {
            return Ok(false);
        };
        let mut rung = kept.rung.clone();
        if rung.cancel(own.id, own.role, visitor.now).is_err() {
            return Ok(false);
        }
        if rungs::put(practice, Some(&kept), &rung, visitor.now).await? {
            return Ok(true);
        }
    }
    Err(Fault::broken("a recovery that changes all the time"))
}

const TRIES: u32 = 8;
