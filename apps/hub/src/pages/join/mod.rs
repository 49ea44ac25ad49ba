//! Somebody who was invited: opens her link, chooses the name that she signs in with, and comes in for the first time to make
//! her keys. An IT provider waits here until the practice opens a time.

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use hygie_identity::{
    Act,
    invitation::SERVES_FOR,
    secret::{Purpose, Token},
    session::Means,
};
use hygie_model::{PersonId, Role, Wall};
use hygie_store::{Digest, Invitation, Person, StoreError};
use hygie_text::{
    Args,
    console::{People, Shared},
};
use serde::{Deserialize, Serialize};

use super::{
    setup::{is_login, login_of},
    sign_in::signed_in,
};
use crate::{
    core::{chance, journal::Note},
    web::{
        fault::Fault,
        form::Sent,
        frame::{self, Frame, page},
        icon::Icon,
        route::Route,
        session,
        visitor::{Visitor, see, see_with},
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/join/waiting", Act::TakeInvitation, waiting),
        Route::post("/join/enter", Act::TakeInvitation, enter),
        Route::get("/join/{token}", Act::TakeInvitation, show),
        Route::post("/join/{token}", Act::TakeInvitation, take),
    ]
}

#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
}

#[derive(Default)]
struct Wrong {
    name: Option<String>,
    login: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/join/page.html")]
struct Page {
    frame: Frame,
    token: String,
    about: String,
    provider: bool,
    typed: Typed,
    wrong: Wrong,
}

async fn show(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Fault> {
    let Some((_, invitation)) = found(&visitor, &token).await? else {
        return over(&visitor);
    };
    let typed = Typed {
        login: proposed(&invitation.invitation.name),
        name: invitation.invitation.name.clone(),
    };
    draw(&visitor, token, &invitation, typed, Wrong::default())
}

fn draw(
    visitor: &Visitor,
    token: String,
    invitation: &Invitation,
    typed: Typed,
    wrong: Wrong,
) -> Result<Response, Fault> {
    let role = invitation.invitation.role;
    let args = Args::new()
        .text("practice", &visitor.facts()?.name)
        .nested("role", visitor.speech.word(frame::role(role)));
    page(&Page {
        frame: visitor.frame(None, People::JoinTitle),
        token,
        about: visitor.speech.say(People::JoinAbout, &args),
        provider: role == Role::ItProvider,
        typed,
        wrong,
    })
}

async fn take(
    visitor: Visitor,
    Path(token): Path<String>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let Some((code, invitation)) = found(&visitor, &token).await? else {
        return over(&visitor);
    };
    let (name, login) = (typed.name.trim().to_owned(), login_of(&typed.login));
    let speech = &visitor.speech;
    let taken = practice.person_of_login(&login).await?.is_some();
    let wrong = Wrong {
        name: (name.is_empty() || name.chars().count() > LONGEST)
            .then(|| speech.word(People::NameMissing)),
        login: match (is_login(&login), taken) {
            (false, _) => Some(speech.word(People::JoinLoginWrong)),
            (true, true) => Some(speech.word(People::JoinLoginTaken)),
            (true, false) => None,
        },
    };
    if wrong.name.is_some() || wrong.login.is_some() {
        return draw(&visitor, token, &invitation, typed, wrong);
    }
    let person = Person {
        id: PersonId(chance::number()?),
        name,
        login,
        role: invitation.invitation.role,
        address: None,
        created: visitor.now,
        until: invitation.invitation.until,
        closed: None,
    };
    let note = Note::by(person.id)
        .with("name", person.name.as_str())
        .with(
            "role",
            serde_json::to_value(person.role).unwrap_or_default(),
        )
        .with("address", visitor.address.to_string());
    visitor.tell("person.joined", note).await?;
    match practice.accept_invitation(code, &person, visitor.now).await {
        Ok(true) => {}
        Ok(false) => return over(&visitor),
        Err(StoreError::Taken { .. }) => {
            let wrong = Wrong {
                login: Some(speech.word(People::JoinLoginTaken)),
                ..Wrong::default()
            };
            return draw(&visitor, token, &invitation, typed, wrong);
        }
        Err(error) => return Err(error.into()),
    }
    if session::may_be_in(practice, &person, visitor.now).await? {
        let cookies = signed_in(&visitor, person.id, Means::FirstTime).await?;
        return Ok(see_with("/me", &cookies));
    }
    let arrived = Arrived {
        person: person.id,
        at: visitor.now,
    };
    Ok(see_with("/join/waiting", &[arrived.cookie(&visitor)?]))
}

/// The invitation of a link. Why another link opens nothing is told to nobody here: the practice's list knows.
async fn found(visitor: &Visitor, token: &str) -> Result<Option<(Digest, Invitation)>, Fault> {
    let Some(token) = Token::parse(token) else {
        return Ok(None);
    };
    let code = Digest(*token.digest(Purpose::Invitation).as_bytes());
    let Some(_) = &visitor.practice else {
        return Ok(None);
    };
    let found = visitor.practice()?.invitation(code, visitor.now).await?;
    Ok(found.map(|invitation| (code, invitation)))
}

#[derive(Template)]
#[template(path = "pages/join/over.html")]
struct Over {
    frame: Frame,
}

fn over(visitor: &Visitor) -> Result<Response, Fault> {
    let frame = visitor.frame(None, People::OverTitle);
    Ok((StatusCode::GONE, page(&Over { frame })?).into_response())
}

/// Somebody who joined in this browser and has no key yet, while the practice has not opened a time for her.
#[derive(Serialize, Deserialize)]
struct Arrived {
    person: PersonId,
    at: Wall,
}

impl Arrived {
    fn cookie(&self, visitor: &Visitor) -> Result<Cookie<'static>, Fault> {
        let bytes = serde_json::to_vec(self).map_err(|_| Fault::broken("an arrival"))?;
        let value = visitor.hub.seal.close(ABOUT, &bytes)?;
        Ok(session::own(Cookie::new(COOKIE, value)))
    }

    /// Of this browser, where it still counts: she is there, has nothing to get in with, and her link would still serve.
    async fn of(visitor: &Visitor, headers: &HeaderMap) -> Result<Option<Person>, Fault> {
        let jar = CookieJar::from_headers(headers);
        let opened = jar
            .get(COOKIE)
            .and_then(|cookie| visitor.hub.seal.open(ABOUT, cookie.value()))
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let Some(arrived) = opened.filter(|one| visitor.now < one.at.after(SERVES_FOR)) else {
            return Ok(None);
        };
        let practice = visitor.practice()?;
        let person = practice.person(arrived.person).await?;
        let Some(person) = person.filter(|person| person.closed.is_none()) else {
            return Ok(None);
        };
        let has = !practice.credentials(person.id).await?.is_empty();
        Ok((!has).then_some(person))
    }
}

#[derive(Template)]
#[template(path = "pages/join/waiting.html")]
struct Waiting {
    frame: Frame,
    name: String,
    open: bool,
}

async fn waiting(visitor: Visitor, headers: HeaderMap) -> Result<Response, Fault> {
    let Some(person) = Arrived::of(&visitor, &headers).await? else {
        return Ok(see("/signin"));
    };
    page(&Waiting {
        frame: visitor.frame(None, People::JoinTitle),
        open: session::may_be_in(visitor.practice()?, &person, visitor.now).await?,
        name: person.name,
    })
}

#[derive(Deserialize)]
struct Nothing {}

async fn enter(
    visitor: Visitor,
    headers: HeaderMap,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let Some(person) = Arrived::of(&visitor, &headers).await? else {
        return Ok(see("/signin"));
    };
    if !session::may_be_in(visitor.practice()?, &person, visitor.now).await? {
        return Ok(see("/join/waiting"));
    }
    let mut cookies = signed_in(&visitor, person.id, Means::FirstTime).await?;
    cookies.push(session::ended(COOKIE));
    Ok(see_with("/me", &cookies))
}

/// `Sofia Roux` signs in as `sofia.roux` unless she chooses otherwise.
fn proposed(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| word.chars().filter(|sign| sign.is_alphanumeric()).collect())
        .filter(|word: &String| word.chars().count() > 2)
        .collect();
    login_of(&words.join("."))
}

const COOKIE: &str = "__Host-hygie-arrived";
const ABOUT: &str = "arrived";
const LONGEST: usize = 80;
