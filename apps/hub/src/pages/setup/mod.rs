//! The first start: the one-time code of the terminal, the practice's name, the console's name, and the first practitioner.
//! Reached from the machine itself only; there is no default password.

use askama::Template;
use axum::response::Response;
use hygie_identity::{
    Act,
    passkey::Site,
    secret::{Code, Purpose},
    session::Means,
};
use hygie_model::{PersonId, PracticeId, Role};
use hygie_store::{Digest, Person, PracticeFacts};
use hygie_text::{
    Args,
    console::{Setup, Shared},
};
use serde::Deserialize;

use crate::{
    core::{chance, journal::Note},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, page},
        icon::Icon,
        route::Route,
        session,
        visitor::{Visitor, see_with},
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/setup", Act::SetUp, show),
        Route::post("/setup", Act::SetUp, set_up),
    ]
}

/// What somebody typed, to be shown again where something is missing.
#[derive(Clone, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    practice: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    login: String,
}

#[derive(Template)]
#[template(path = "pages/setup/page.html")]
struct Page {
    frame: Frame,
    typed: Typed,
    /// The practice was made by a set-up that was not ended: only the code is asked.
    resumes: bool,
    wrong: Wrong,
}

/// What is missing, said beside its field.
#[derive(Default)]
struct Wrong {
    code: Option<String>,
    practice: Option<String>,
    host: Option<String>,
    name: Option<String>,
    login: Option<String>,
}

impl Wrong {
    fn any(&self) -> bool {
        [
            &self.code,
            &self.practice,
            &self.host,
            &self.name,
            &self.login,
        ]
        .into_iter()
        .any(Option::is_some)
    }
}

async fn show(visitor: Visitor) -> Result<Response, Fault> {
    open(&visitor).await?;
    let typed = Typed {
        host: SUGGESTED.to_owned(),
        ..Typed::default()
    };
    draw(&visitor, typed, Wrong::default())
}

fn draw(visitor: &Visitor, typed: Typed, wrong: Wrong) -> Result<Response, Fault> {
    page(&Page {
        frame: visitor.frame(None, Setup::Title),
        resumes: visitor.practice.is_some(),
        typed,
        wrong,
    })
}

/// The set-up serves the machine itself, until it is done.
async fn open(visitor: &Visitor) -> Result<(), Fault> {
    let setup = visitor.hub.store.setup().await?;
    let waits = setup.is_some_and(|setup| setup.done.is_none());
    if waits && visitor.is_here() {
        Ok(())
    } else {
        Err(Fault::NotFound)
    }
}

async fn set_up(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    open(&visitor).await?;
    let mut wrong = if visitor.practice.is_some() {
        Wrong::default()
    } else {
        look(&visitor, &typed)
    };
    if !wrong.any() {
        // Only now: a slip beside it must not use the code up.
        let good = match Code::parse(&typed.code) {
            Some(code) => {
                let digest = Digest(*code.digest(Purpose::SetUp).as_bytes());
                let store = &visitor.hub.store;
                store
                    .use_setup_code(digest, MOST_TRIES, visitor.now)
                    .await?
            }
            None => false,
        };
        if !good {
            wrong.code = Some(visitor.speech.word(Setup::CodeWrong));
        }
    }
    if wrong.any() {
        return draw(&visitor, typed, wrong);
    }
    let facts = match &visitor.practice {
        Some(facts) => facts.clone(),
        None => make_practice(&visitor, &typed).await?,
    };
    let practice = visitor.hub.of(&facts);
    let person = match practice.people().await?.into_iter().next() {
        Some(person) => person,
        None => {
            let person = first_person(&visitor, &typed)?;
            practice.add_person(&person).await?;
            person
        }
    };
    let note = Note::by(person.id).with("practice", facts.id.0.to_string());
    let journal = &visitor.hub.journal;
    journal
        .tell(practice, "hub.set-up", note, visitor.now)
        .await?;
    let address = visitor.address.to_string();
    let from = visitor.from(&address);
    let cookie = session::begin(practice, person.id, Means::FirstTime, &from, visitor.now).await?;
    Ok(see_with("/me", &[cookie]))
}

async fn make_practice(visitor: &Visitor, typed: &Typed) -> Result<PracticeFacts, Fault> {
    let facts = PracticeFacts {
        id: PracticeId(chance::number()?),
        name: typed.practice.trim().to_owned(),
        host: host_of(&typed.host),
        created: visitor.now,
    };
    visitor.hub.name_console(&facts).await?;
    visitor.hub.store.create_practice(&facts).await?;
    Ok(facts)
}

fn first_person(visitor: &Visitor, typed: &Typed) -> Result<Person, Fault> {
    Ok(Person {
        id: PersonId(chance::number()?),
        name: typed.name.trim().to_owned(),
        login: login_of(&typed.login),
        role: Role::Practitioner,
        address: None,
        created: visitor.now,
        until: None,
        closed: None,
    })
}

fn look(visitor: &Visitor, typed: &Typed) -> Wrong {
    let speech = &visitor.speech;
    let mut wrong = Wrong::default();
    let long = |text: &str| text.trim().is_empty() || text.trim().chars().count() > LONGEST;
    if long(&typed.practice) {
        wrong.practice = Some(speech.word(Setup::PracticeMissing));
    }
    if long(&typed.name) {
        wrong.name = Some(speech.word(Setup::NameMissing));
    }
    if !is_login(&login_of(&typed.login)) {
        wrong.login = Some(speech.word(Setup::LoginWrong));
    }
    if Site::new(&host_of(&typed.host), visitor.hub.port, "x").is_err() {
        let args = Args::new().text("example", SUGGESTED);
        wrong.host = Some(speech.say(Setup::HostWrong, &args));
    }
    wrong
}

fn host_of(typed: &str) -> String {
    typed.trim().trim_end_matches('.').to_lowercase()
}

/// What is typed to sign in, in one form: small letters.
pub(crate) fn login_of(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Two to forty letters, digits, dots and dashes.
pub(super) fn is_login(login: &str) -> bool {
    (2..=40).contains(&login.chars().count())
        && login
            .chars()
            .all(|sign| sign.is_alphanumeric() || ".-_@".contains(sign))
}

const SUGGESTED: &str = "hygie-cabinet.local";
/// Wrong codes before a new one is needed: of 2^80 codes it is no guessing, it is somebody who mixes papers up.
const MOST_TRIES: u64 = 20;
const LONGEST: usize = 80;
