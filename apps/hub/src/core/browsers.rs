//! Browsers in which somebody signed in before: a guess from elsewhere, even from behind the same address, must not make them
//! wait. Each carries a random cookie; kept is its digest, for each person who signed in with it, few at a time.
//! (OWASP's device cookies; the lanes are `hygie_identity::throttle`.)

use axum_extra::extract::cookie::Cookie;
use hygie_identity::{
    secret::{Digest, Purpose, Token},
    throttle::MOST_BROWSERS,
};
use hygie_model::{PersonId, Wall};
use hygie_store::{Json, Practice, Setting};
use serde::{Deserialize, Serialize};

use super::chance;
use crate::web::{fault::Fault, session};

/// A browser, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    digest: Digest,
    used: Wall,
}

/// What the cookie of a browser stands for; none for what is no cookie of ours.
pub(crate) fn digest(cookie: &str) -> Option<Digest> {
    Some(Token::parse(cookie)?.digest(Purpose::KnownBrowser))
}

/// The browser, where this person signed in with it before.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn known(
    practice: Practice<'_>,
    person: PersonId,
    browser: Option<Digest>,
) -> Result<Option<Digest>, Fault> {
    let Some(browser) = browser else {
        return Ok(None);
    };
    let all = of(practice, person).await?;
    let is_known = all.iter().any(|known| known.digest == browser);
    Ok(is_known.then_some(browser))
}

/// She signed in with it. A browser that nobody of the practice knows gets a cookie of ours: one that was put there by
/// somebody else opens no lane.
///
/// # Errors
/// The database does not answer, or no random bytes.
pub(crate) async fn remember(
    practice: Practice<'_>,
    person: PersonId,
    browser: Option<Digest>,
    now: Wall,
) -> Result<Option<Cookie<'static>>, Fault> {
    let (digest, cookie) = match browser {
        Some(browser) if is_ours(practice, browser).await? => (browser, None),
        Some(_) | None => {
            let token = Token::of(chance::bytes()?);
            let text = token.to_text().expose().to_owned();
            let mut cookie = session::own(Cookie::new(COOKIE, text));
            cookie.make_permanent();
            (token.digest(Purpose::KnownBrowser), Some(cookie))
        }
    };
    let mut all = of(practice, person).await?;
    all.retain(|known| known.digest != digest);
    all.push(Known { digest, used: now });
    let over = all.len().saturating_sub(MOST_BROWSERS);
    all.drain(..over);
    let setting = Setting {
        name: name(person),
        value: Json::of(&all)?,
        changed: now,
        by: None,
    };
    practice.set(&setting).await?;
    Ok(cookie)
}

/// What she had is lost, or somebody else's now.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn forget(practice: Practice<'_>, person: PersonId) -> Result<(), Fault> {
    practice.unset(&name(person)).await?;
    Ok(())
}

/// Several people share a machine at the desk.
async fn is_ours(practice: Practice<'_>, browser: Digest) -> Result<bool, Fault> {
    for person in practice.people().await? {
        if known(practice, person.id, Some(browser)).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The oldest use first.
async fn of(practice: Practice<'_>, person: PersonId) -> Result<Vec<Known>, Fault> {
    let setting = practice.setting(&name(person)).await?;
    let known = setting.map(|setting| setting.value.get()).transpose()?;
    Ok(known.unwrap_or_default())
}

fn name(person: PersonId) -> String {
    format!("browsers {}", person.0)
}

/// Of this host alone, as the session's.
pub(crate) const COOKIE: &str = "__Host-hygie-known";
