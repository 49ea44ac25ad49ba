//! The cookie of somebody signed in: found by its digest, judged by the engine, refreshed as it is used.

use std::time::Duration;

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use hygie_identity::{
    provider,
    secret::{Purpose, Token},
    session::{Browser, Means, Session, SessionId, Touched},
};
use hygie_model::{PersonId, Role, Wall};
use hygie_store::{Digest, Json, NewSession, Person, Practice};

use super::fault::Fault;
use crate::core::{chance, openings};

/// Somebody signed in.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// Who.
    pub(crate) person: Person,
    /// Her session.
    pub(crate) session: Session,
    /// What the database finds it by.
    pub(crate) digest: Digest,
}

/// Whether a request is a gesture of a person, or a page that updates itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gesture {
    /// She did something.
    Yes,
    /// A live part.
    No,
}

/// Who a request is of; `None` without a session that still holds.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn find(
    practice: Practice<'_>,
    headers: &HeaderMap,
    gesture: Gesture,
    now: Wall,
) -> Result<Option<Signed>, Fault> {
    let jar = CookieJar::from_headers(headers);
    let Some(token) = jar
        .get(COOKIE)
        .and_then(|cookie| Token::parse(cookie.value()))
    else {
        return Ok(None);
    };
    let digest = Digest(*token.digest(Purpose::Session).as_bytes());
    of(practice, digest, gesture, now).await
}

/// Who a session is of, by what the database finds it by; `None` where it holds no more.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn of(
    practice: Practice<'_>,
    digest: Digest,
    gesture: Gesture,
    now: Wall,
) -> Result<Option<Signed>, Fault> {
    let Some((kept, person)) = practice.session(digest).await? else {
        return Ok(None);
    };
    let mut session: Session = kept.session.body.get()?;
    if !may_be_in(practice, &person, now).await? {
        return Ok(None);
    }
    match gesture {
        Gesture::Yes => match session.touch(person.role, now) {
            Ok(Touched::Keep) => {
                practice
                    .note_in_session(digest, &Json::of(&session)?)
                    .await?;
                practice.touch_session(digest, STEP, now).await?;
            }
            Ok(Touched::Same) => {}
            Err(_) => return Ok(None),
        },
        Gesture::No if session.ended(person.role, now).is_some() => return Ok(None),
        Gesture::No => {}
    }
    Ok(Some(Signed {
        person,
        session,
        digest,
    }))
}

/// Whether somebody may be signed in now: asked at each sign-in and at each request, so that a session ends with her access and
/// with an IT provider's time.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn may_be_in(
    practice: Practice<'_>,
    person: &Person,
    now: Wall,
) -> Result<bool, Fault> {
    if person.closed.is_some() || person.until.is_some_and(|until| until <= now) {
        return Ok(false);
    }
    let opening = match person.role {
        Role::ItProvider => openings::of(practice, person.id).await?,
        Role::Practitioner | Role::Assistant | Role::MonitoringOperator => None,
    };
    Ok(provider::may_be_in(
        person.id,
        person.role,
        opening.as_slice(),
        now,
    ))
}

/// Signs somebody in: a new session, and the cookie that leads to it.
///
/// # Errors
/// The database, or no random bytes.
pub(crate) async fn begin(
    practice: Practice<'_>,
    person: PersonId,
    means: Means,
    from: &From<'_>,
    now: Wall,
) -> Result<Cookie<'static>, Fault> {
    let token = Token::of(chance::bytes()?);
    let browser = Browser::of(from.agent);
    let id = SessionId(chance::number()?);
    let session = Session::open(id, &token, person, means, browser, now);
    let new = NewSession {
        token: Digest(*session.digest().as_bytes()),
        person,
        address: from.address.to_owned(),
        browser: from.agent.chars().take(LONGEST_AGENT).collect(),
        body: Json::of(&session)?,
    };
    practice.begin_session(&new, now).await?;
    Ok(cookie(token.to_text().expose().to_owned()))
}

/// Shows once more who somebody is, in the session that she has: its cookie changes.
///
/// # Errors
/// The database, or the session ended meanwhile.
pub(crate) async fn renew(
    practice: Practice<'_>,
    signed: &Signed,
    means: Means,
    from: &From<'_>,
    now: Wall,
) -> Result<Cookie<'static>, Fault> {
    let cookie = begin(practice, signed.person.id, means, from, now).await?;
    practice.end_session(signed.digest, now).await?;
    Ok(cookie)
}

/// Where a sign-in comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From<'a> {
    /// The address of the connection.
    pub(crate) address: &'a str,
    /// What the browser says of itself.
    pub(crate) agent: &'a str,
}

fn cookie(value: String) -> Cookie<'static> {
    own(Cookie::new(COOKIE, value))
}

/// The cookie that ends it in the browser.
pub(crate) fn gone() -> Cookie<'static> {
    ended(COOKIE)
}

/// A cookie that ends another of that name.
pub(crate) fn ended(name: &'static str) -> Cookie<'static> {
    let mut cookie = own(Cookie::new(name, ""));
    cookie.make_removal();
    cookie
}

/// Of this host alone, over TLS alone, out of reach of scripts and of other sites' forms.
pub(crate) fn own(mut cookie: Cookie<'static>) -> Cookie<'static> {
    cookie.set_path("/");
    cookie.set_secure(true);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie
}

/// `__Host-`: browsers take it over TLS only, and from no other host of the domain.
pub(crate) const COOKIE: &str = "__Host-hygie";
const STEP: Duration = Duration::from_secs(60);
const LONGEST_AGENT: usize = 200;
