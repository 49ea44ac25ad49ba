//! Signing in: a passkey first, else name, password and code; once more where a gesture has weight; and out.

mod passkey;
mod password;
#[cfg(test)]
mod tests;
mod typed;

pub(crate) use passkey::handle;
pub(crate) use password::{KeptCodes, about_codes, attempt, begin, succeeded, who_may};

use askama::Template;
use axum::{extract::Query, response::Response};
use axum_extra::extract::cookie::Cookie;
use hygie_identity::{Act, session::Means};
use hygie_model::PersonId;
use hygie_text::{
    Args,
    console::{People, Shared, SignIn},
};
use serde::Deserialize;

use super::language::own_path;
use crate::{
    core::{browsers, journal::Note},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, page},
        gate::encoded,
        icon::Icon,
        route::Route,
        session,
        visitor::{Visitor, see_with},
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/signin", Act::SignIn, show),
        Route::post("/signin", Act::SignIn, password::sign_in),
        Route::get("/signin/again", Act::SignOut, again),
        Route::get("/signin/typed", Act::SignOut, typed::show),
        Route::post("/signin/passkey/start", Act::SignIn, passkey::start),
        Route::post("/signin/passkey/finish", Act::SignIn, passkey::finish),
        Route::post("/signout", Act::SignOut, out),
    ]
}

/// What the page was asked with.
#[derive(Clone, Default, Deserialize)]
struct Asked {
    /// Where to go after it.
    #[serde(default)]
    next: String,
    /// Whether the password is to be read as it is typed.
    #[serde(default)]
    readable: String,
}

#[derive(Template)]
#[template(path = "pages/sign_in/page.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    login: String,
    /// Why the last try was not taken.
    said: Option<String>,
    /// Whether passkeys work under the name that the browser asked with.
    keys: Keys,
    /// Somebody who is signed in shows once more that it is her.
    again: bool,
    /// The set-up waits.
    set_up: bool,
}

impl Page {
    fn readable(&self) -> bool {
        self.asked.readable == "1"
    }

    fn next(&self) -> &str {
        own_path(&self.asked.next)
    }

    fn query(&self) -> String {
        encoded(self.next())
    }
}

/// Whether passkeys work here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// They do.
    Here,
    /// They do under this address.
    At(String),
}

/// Whether passkeys work under the name that the browser asked with.
pub(crate) fn keys(visitor: &Visitor) -> Keys {
    match &visitor.practice {
        Some(facts) if facts.host != visitor.host => {
            Keys::At(format!("https://{}:{}/", facts.host, visitor.hub.port))
        }
        Some(_) | None => Keys::Here,
    }
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let login = String::new();
    draw(&visitor, asked, login, None).await
}

async fn again(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let login = visitor.signed()?.person.login.clone();
    draw(&visitor, asked, login, None).await
}

async fn draw(
    visitor: &Visitor,
    asked: Asked,
    login: String,
    said: Option<String>,
) -> Result<Response, Fault> {
    let set_up = visitor.is_here()
        && visitor
            .hub
            .store
            .setup()
            .await?
            .is_some_and(|setup| setup.done.is_none());
    page(&Page {
        frame: visitor.frame(None, SignIn::Title),
        again: visitor.signed.is_some(),
        keys: keys(visitor),
        asked,
        login,
        said,
        set_up,
    })
}

/// Somebody showed who she is: a session of hers from here on, and where to.
pub(crate) async fn signed_in(
    visitor: &Visitor,
    person: PersonId,
    means: Means,
) -> Result<Vec<Cookie<'static>>, Fault> {
    let practice = visitor.practice()?;
    let address = visitor.address.to_string();
    let from = visitor.from(&address);
    let again = visitor
        .signed
        .as_ref()
        .filter(|signed| signed.person.id == person);
    let kind = if again.is_some() {
        "person.proved"
    } else {
        "person.signed-in"
    };
    let note = Note::by(person)
        .with("means", serde_json::to_value(means).unwrap_or_default())
        .with("address", address.as_str());
    visitor.tell(kind, note).await?;
    let cookie = match again {
        Some(signed) => session::renew(practice, signed, means, &from, visitor.now).await?,
        None => session::begin(practice, person, means, &from, visitor.now).await?,
    };
    let known = browsers::remember(practice, person, visitor.browser, visitor.now).await?;
    Ok(std::iter::once(cookie).chain(known).collect())
}

#[derive(Deserialize)]
struct Nothing {}

async fn out(visitor: Visitor, Sent(Nothing {}): Sent<Nothing>) -> Result<Response, Fault> {
    let signed = visitor.signed()?;
    visitor
        .practice()?
        .end_session(signed.digest, visitor.now)
        .await?;
    visitor.tell("person.signed-out", visitor.note()?).await?;
    Ok(see_with("/signin", &[session::gone()]))
}

/// How long to wait, as a person reads it.
pub(crate) fn wait(visitor: &Visitor, time: std::time::Duration) -> String {
    visitor
        .speech
        .say(SignIn::Wait, &Args::new().left("time", time))
}
