//! What Hygie knows of the practice when it judges a message: its own addresses, its mail servers, and whether the domain name
//! system may be asked who signed a mail. Who wrote before is learnt on the machine itself, and only counted here.

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_post::sender::{Name, Server};
use hygie_store::{Json, Practice, Setting};
use hygie_text::{
    Args,
    console::{Messages, Settings, Shared},
};
use serde::{Deserialize, Serialize};

use crate::{
    core::senders::{self, Known},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, Place, page},
        icon::Icon,
        route::Route,
        visitor::{Visitor, see},
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/settings/messages", Act::SeeSettings, show),
        Route::post("/settings/messages", Act::ChangeSettings, change),
    ]
}

/// The setting's name.
pub(crate) const NAME: &str = "messages";

/// What the practice said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wishes {
    /// Addresses and domains of its own.
    pub(crate) own: Vec<String>,
    /// Mail servers whose results are believed.
    pub(crate) servers: Vec<Server>,
    /// Whether the domain name system may be asked. Nobody is, until somebody said so: on the page no one typed a command.
    pub(crate) asks: bool,
}

/// What was said; nothing where nobody ever did.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn wishes(practice: Practice<'_>) -> Result<Wishes, Fault> {
    let setting = practice.setting(NAME).await?;
    let kept = setting.map(|setting| setting.value.get()).transpose()?;
    Ok(kept.unwrap_or_default())
}

/// The form, as it was filled in.
#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    own: String,
    #[serde(default)]
    servers: String,
    #[serde(default)]
    asks: String,
}

impl From<Wishes> for Typed {
    fn from(wishes: Wishes) -> Self {
        let servers: Vec<&str> = wishes.servers.iter().map(Server::as_str).collect();
        Self {
            own: wishes.own.join("\n"),
            servers: servers.join("\n"),
            asks: if wishes.asks { "yes" } else { "" }.to_owned(),
        }
    }
}

/// What was typed and cannot be taken.
#[derive(Default)]
struct Slip {
    own: Option<String>,
    servers: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/messages/page.html")]
struct Page {
    frame: Frame,
    done: Option<String>,
    may_change: bool,
    typed: Typed,
    own_wrong: Option<String>,
    servers_wrong: Option<String>,
    changed: String,
    known: String,
    known_icon: Icon,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let typed = wishes(visitor.practice()?).await?.into();
    let done = (asked.done == "kept").then(|| visitor.speech.word(Messages::Done));
    draw(&visitor, typed, Slip::default(), done).await
}

async fn draw(
    visitor: &Visitor,
    typed: Typed,
    slip: Slip,
    done: Option<String>,
) -> Result<Response, Fault> {
    let path = visitor.hub.senders.clone();
    let known = tokio::task::spawn_blocking(move || senders::known(&path)).await;
    let speech = &visitor.speech;
    let (known_icon, known) = match known.map_err(|_| Fault::Broken("the memory of senders"))? {
        Known::Nothing | Known::Addresses(0) => (Icon::Info, speech.word(Messages::KnownNobody)),
        Known::Addresses(count) => {
            let args = Args::new().count("people", count as u64);
            (Icon::Check, speech.say(Messages::KnownPeople, &args))
        }
        Known::Unreadable => (Icon::BowlTodo, speech.word(Messages::KnownUnread)),
    };
    let setting = visitor.practice()?.setting(NAME).await?;
    page(&Page {
        frame: visitor.frame(Some(Place::Settings), Messages::Title),
        done,
        may_change: visitor.may(Act::ChangeSettings),
        typed,
        own_wrong: slip.own,
        servers_wrong: slip.servers,
        changed: super::changed(visitor, setting.as_ref()).await?,
        known,
        known_icon,
    })
}

async fn change(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let wrong = |id: Messages, text: &str| {
        let args = Args::new().text("text", &text.chars().take(LONGEST).collect::<String>());
        visitor.speech.say(id, &args)
    };
    let own = each(&typed.own, own_of);
    let servers = each(&typed.servers, Server::of);
    let (own, servers) = match (own, servers) {
        (Ok(own), Ok(servers)) => (own, servers),
        (own, servers) => {
            let slip = Slip {
                own: own.err().map(|text| wrong(Messages::OwnWrong, text)),
                servers: servers
                    .err()
                    .map(|text| wrong(Messages::ServersWrong, text)),
            };
            return draw(&visitor, typed, slip, None).await;
        }
    };
    let wishes = Wishes {
        own,
        servers,
        asks: typed.asks == "yes",
    };
    let note = visitor
        .note()?
        .with("own", wishes.own.len() as u64)
        .with("servers", wishes.servers.len() as u64)
        .with("asks", if wishes.asks { "yes" } else { "no" });
    visitor.tell("setting.messages", note).await?;
    let setting = Setting {
        name: NAME.to_owned(),
        value: Json::of(&wishes)?,
        changed: visitor.now,
        by: Some(visitor.person()?),
    };
    visitor.practice()?.set(&setting).await?;
    Ok(see("/settings/messages?done=kept"))
}

/// Each line, or the first that is none; the same twice is once.
fn each<T: PartialEq>(typed: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, &str> {
    let mut all = Vec::new();
    let lines = typed.split(['\n', ',', ';', ' ']).map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        let one = read(line).filter(|_| all.len() < MOST).ok_or(line)?;
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Ok(all)
}

/// A domain, or an address in one.
fn own_of(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let (person, place) = match text.split_once('@') {
        Some((person, place)) => (Some(person), place),
        None => (None, &text[..]),
    };
    Name::of(place).filter(|_| person.is_none_or(is_person))?;
    Some(text)
}

fn is_person(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|sign| sign.is_ascii_graphic() && sign != b'@')
}

/// Addresses of one practice, or servers.
const MOST: usize = 50;
/// Of what is said back, in signs.
const LONGEST: usize = 80;
