//! Through a second person: asked for here, confirmed by somebody who is in, and after the delay she comes in, in this browser.

use axum::{http::HeaderMap, response::Response};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use hygie_identity::{
    recovery::{Rung, RungId, Stage, WAIT_FOR_CONFIRMATION},
    session::Means,
    throttle::Answer,
};
use hygie_model::{PersonId, Wall};
use hygie_store::Practice;
use hygie_text::{Args, console::People};
use serde::{Deserialize, Serialize};

use super::{Wrong, draw, standing};
use crate::{
    core::{browsers, chance, journal::Note, rungs, withdrawals},
    pages::{
        me::forget_sheet,
        setup::login_of,
        sign_in::{attempt, begin, signed_in, wait, who_may},
    },
    web::{
        fault::Fault,
        form::Sent,
        session,
        visitor::{Visitor, see_with},
    },
};

/// What this browser asked for. Of a name that nobody has it stands just the same, and waits for ever.
#[derive(Serialize, Deserialize)]
struct Asked {
    rung: RungId,
    person: PersonId,
    at: Wall,
}

impl Asked {
    fn cookie(&self, visitor: &Visitor) -> Result<Cookie<'static>, Fault> {
        let bytes = serde_json::to_vec(self).map_err(|_| Fault::broken("a request"))?;
        let value = visitor.hub.seal.close(ABOUT, &bytes)?;
        let mut cookie = session::own(Cookie::new(COOKIE, value));
        // A day goes by before it is needed; what is in it says itself when it is over.
        cookie.make_permanent();
        Ok(cookie)
    }

    fn of(visitor: &Visitor, headers: &HeaderMap) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        let opened = visitor.hub.seal.open(ABOUT, jar.get(COOKIE)?.value())?;
        serde_json::from_slice(&opened).ok()
    }
}

/// How it stands, for who asked.
pub(super) struct Waits {
    pub(super) title: String,
    pub(super) why: String,
    /// What she tells the second person.
    pub(super) control: Option<String>,
    /// She can come in.
    pub(super) open: bool,
    /// It is over: the form stands below.
    pub(super) over: bool,
}

/// How what this browser asked for stands; none where it asked for nothing.
pub(super) async fn waits(visitor: &Visitor, headers: &HeaderMap) -> Result<Option<Waits>, Fault> {
    let Some(asked) = Asked::of(visitor, headers) else {
        return Ok(None);
    };
    let kept = rungs::of(visitor.practice()?, asked.person, visitor.now).await?;
    let own = kept.filter(|kept| kept.rung.id == asked.rung);
    let stage = match own {
        Some(kept) => kept.rung.stage(visitor.now),
        None => unknown(&asked, visitor.now),
    };
    let speech = &visitor.speech;
    let (title, why) = match stage {
        Stage::Waits { until } => (
            speech.word(People::RecoverAskedTitle),
            speech.say(People::RecoverAskedWhy, &Args::new().moment("until", until)),
        ),
        Stage::Delayed { opens } => (
            speech.word(People::RecoverDelayedTitle),
            speech.say(
                People::RecoverDelayedWhy,
                &Args::new().moment("opens", opens),
            ),
        ),
        Stage::Open { until } => (
            speech.word(People::RecoverOpenTitle),
            speech.say(People::RecoverOpenWhy, &Args::new().moment("until", until)),
        ),
        Stage::Done | Stage::Cancelled | Stage::Lapsed => (
            speech.word(People::RecoverOverTitle),
            speech.word(People::RecoverOverWhy),
        ),
    };
    Ok(Some(Waits {
        title,
        why,
        control: matches!(stage, Stage::Waits { .. }).then(|| rungs::control(asked.rung)),
        open: matches!(stage, Stage::Open { .. }),
        over: matches!(stage, Stage::Done | Stage::Cancelled | Stage::Lapsed),
    }))
}

/// Of a name that nobody has, or while another request of hers runs: it waits as hers would.
fn unknown(asked: &Asked, now: Wall) -> Stage {
    let until = asked.at.after(WAIT_FOR_CONFIRMATION);
    if now <= until {
        Stage::Waits { until }
    } else {
        Stage::Lapsed
    }
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    login: String,
}

pub(super) async fn ask(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let login = login_of(&typed.login);
    if login.is_empty() {
        let ask = Some(visitor.speech.word(People::RecoverLoginMissing));
        return draw(
            &visitor,
            login,
            Wrong {
                ask,
                ..Wrong::default()
            },
        );
    }
    let practice = visitor.practice()?;
    let person = who_may(&visitor, practice, &login).await?;
    // A request rings at everybody's: it costs as much as a wrong password.
    let this = attempt(&visitor, practice, &login, person.as_ref()).await?;
    if let Answer::Wait(time) = begin(practice, &this, &visitor).await? {
        let ask = Some(wait(&visitor, time));
        return draw(
            &visitor,
            login,
            Wrong {
                ask,
                ..Wrong::default()
            },
        );
    }
    let rung = RungId(chance::number()?);
    let asked = Asked {
        rung,
        person: match &person {
            Some(person) => person.id,
            None => PersonId(chance::number()?),
        },
        at: visitor.now,
    };
    if let Some(person) = person {
        begin_rung(&visitor, practice, rung, person.id).await?;
    }
    Ok(see_with("/signin/recover", &[asked.cookie(&visitor)?]))
}

/// Begins it where the engine lets it begin.
async fn begin_rung(
    visitor: &Visitor,
    practice: Practice<'_>,
    id: RungId,
    person: PersonId,
) -> Result<(), Fault> {
    let last = rungs::of(practice, person, visitor.now).await?;
    let before = last.as_ref().map(|kept| &kept.rung);
    let Ok((rung, _)) = Rung::ask(id, person, before, visitor.now) else {
        return Ok(());
    };
    let note = Note::default()
        .with("of", person.0.to_string())
        .with("address", visitor.address.to_string());
    visitor.tell("person.recovery-asked", note).await?;
    // Where another request was faster, that one runs.
    rungs::put(practice, last.as_ref(), &rung, visitor.now).await?;
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn finish(
    visitor: Visitor,
    headers: HeaderMap,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let Some(asked) = Asked::of(&visitor, &headers) else {
        return standing(&visitor, &headers).await;
    };
    let practice = visitor.practice()?;
    let kept = rungs::of(practice, asked.person, visitor.now).await?;
    let Some(kept) = kept.filter(|kept| kept.rung.id == asked.rung) else {
        return standing(&visitor, &headers).await;
    };
    let Some(person) = practice.person(asked.person).await? else {
        return standing(&visitor, &headers).await;
    };
    if !session::may_be_in(practice, &person, visitor.now).await? {
        return standing(&visitor, &headers).await;
    }
    let mut rung = kept.rung.clone();
    let Ok((back, _)) = rung.finish(visitor.now) else {
        return standing(&visitor, &headers).await;
    };
    visitor
        .tell("person.recovery-finished", Note::by(back.person))
        .await?;
    if !rungs::put(practice, Some(&kept), &rung, visitor.now).await? {
        return standing(&visitor, &headers).await;
    }
    let mut cookies = restored(&visitor, back.person).await?;
    cookies.push(session::ended(COOKIE));
    Ok(see_with("/me", &cookies))
}

/// She is back: what she had is lost, or somebody else's now; she makes new means in a short session.
pub(super) async fn restored(
    visitor: &Visitor,
    person: PersonId,
) -> Result<Vec<Cookie<'static>>, Fault> {
    let practice = visitor.practice()?;
    practice.end_sessions(person, None, visitor.now).await?;
    let lost = practice.credentials(person).await?;
    withdrawals::note(practice, &lost, visitor.now).await?;
    for credential in lost {
        practice.remove_credential(credential.id).await?;
    }
    practice
        .set_recovery_codes(person, &[], visitor.now)
        .await?;
    forget_sheet(practice, person).await?;
    browsers::forget(practice, person).await?;
    withdrawals::settle(&visitor.hub, practice).await?;
    signed_in(visitor, person, Means::SecondPerson).await
}

const COOKIE: &str = "__Host-hygie-back";
const ABOUT: &str = "asked to come back";
