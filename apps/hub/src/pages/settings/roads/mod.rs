//! By which roads somebody is told who is not looking at the screen: they are set, tried and removed here.
//! Roads and their secrets lie with the post; this page shows what it may know of them, and keeps nothing.

mod fields;
mod said;
mod set;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_text::{
    Args, Explained,
    console::{Roads, Settings, Shared},
};
use hygie_wire::post::{Answer, Ask, Letter, Road, Shown, Slot};
use serde::Deserialize;

use crate::{
    core::{chance, post::NoPost},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, Place, page},
        icon::Icon,
        route::Route,
        speech::Speech,
        visitor::{Visitor, see},
    },
};
use fields::{Field, Kind};
use said::Said;
use set::Slip;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/settings/alerts", Act::SeeAlertSettings, show),
        Route::post("/settings/alerts/mail", Act::ChangeAlerts, set::mail),
        Route::post("/settings/alerts/webhook", Act::ChangeAlerts, set::webhook),
        Route::post("/settings/alerts/drop", Act::ChangeAlerts, forget),
        Route::post("/settings/alerts/try", Act::TryAlert, try_road),
    ]
}

#[derive(Template)]
#[template(path = "pages/settings/roads/page.html")]
struct Page {
    frame: Frame,
    sentence: String,
    /// What to do where the post does not answer.
    silent: Option<String>,
    done: Option<String>,
    may_change: bool,
    may_try: bool,
    cards: Vec<Card>,
}

/// One of the two roads.
struct Card {
    /// As forms name it.
    slot: &'static str,
    title: String,
    about: String,
    /// What is set, and how.
    told: Option<(String, Vec<String>)>,
    /// What came of a try.
    said: Option<Explained>,
    forms: [Form; 2],
}

/// A form for one kind of road.
struct Form {
    action: &'static str,
    title: String,
    /// Shown without being asked for: something in it is not right.
    open: bool,
    fields: Vec<Field>,
}

/// What stands behind the page's address after a deed.
#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    slot: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    number: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let done = match asked.done.as_str() {
        "kept" => Some(Roads::DoneKept),
        "dropped" => Some(Roads::DoneDropped),
        _ => None,
    };
    let done = done.map(|id| visitor.speech.word(id));
    let slot = Slot::ALL.into_iter().find(|slot| word(*slot) == asked.slot);
    let said = slot.zip(Said::read(&asked.said, &asked.number));
    draw(&visitor, None, done, said).await
}

/// The roads that there are.
struct Set {
    first: Option<Shown>,
    second: Option<Shown>,
}

impl Set {
    async fn ask(visitor: &Visitor) -> Result<Self, NoPost> {
        match visitor.hub.post.ask(Ask::State {}).await? {
            Answer::State { first, second } => Ok(Self { first, second }),
            Answer::Kept {}
            | Answer::Dropped {}
            | Answer::Taken { .. }
            | Answer::NotTaken { .. }
            | Answer::Refused { .. } => Err(NoPost::Answer),
        }
    }

    const fn of(&self, slot: Slot) -> Option<&Shown> {
        match slot {
            Slot::First => self.first.as_ref(),
            Slot::Second => self.second.as_ref(),
        }
    }

    const fn sentence(&self) -> Roads {
        match (&self.first, &self.second) {
            (None, None) => Roads::None,
            (Some(_), None) => Roads::One,
            (None, Some(_)) => Roads::OnlySecond,
            (Some(_), Some(_)) => Roads::Both,
        }
    }
}

async fn draw(
    visitor: &Visitor,
    slip: Option<Slip>,
    done: Option<String>,
    said: Option<(Slot, Said)>,
) -> Result<Response, Fault> {
    let speech = &visitor.speech;
    let set = Set::ask(visitor).await;
    let (sentence, silent) = match &set {
        Ok(set) => (speech.word(set.sentence()), None),
        Err(_) => {
            let told = speech.explain(Roads::Silent, &Args::new());
            (told.what, told.to_do)
        }
    };
    let cards = set.ok().map(|set| {
        let card = |slot| {
            let slip = slip.as_ref().filter(|slip| slip.slot == slot);
            let said = said.filter(|(of, _)| *of == slot);
            card(speech, slot, set.of(slot), slip, said.map(|(_, said)| said))
        };
        Slot::ALL.map(card).into()
    });
    page(&Page {
        frame: visitor.frame(Some(Place::Settings), Roads::Title),
        sentence,
        silent,
        done,
        may_change: visitor.may(Act::ChangeAlerts),
        may_try: visitor.may(Act::TryAlert),
        cards: cards.unwrap_or_default(),
    })
}

fn card(
    speech: &Speech,
    slot: Slot,
    shown: Option<&Shown>,
    slip: Option<&Slip>,
    said: Option<Said>,
) -> Card {
    let (title, about) = match slot {
        Slot::First => (Roads::FirstTitle, Roads::FirstAbout),
        Slot::Second => (Roads::SecondTitle, Roads::SecondAbout),
    };
    Card {
        slot: word(slot),
        title: speech.word(title),
        about: speech.word(about),
        told: shown.map(|shown| told(speech, shown)),
        said: said.map(|said| said.explained(speech)),
        forms: [
            Form {
                action: "/settings/alerts/mail",
                title: speech.word(Roads::ByMail),
                open: slip.is_some_and(Slip::is_mail),
                fields: fields::mail(speech, slot, shown, slip),
            },
            Form {
                action: "/settings/alerts/webhook",
                title: speech.word(Roads::ByHook),
                open: slip.is_some_and(|slip| !slip.is_mail()),
                fields: fields::webhook(speech, slot, shown, slip),
            },
        ],
    }
}

/// A road in words: whom it reaches, and how.
fn told(speech: &Speech, shown: &Shown) -> (String, Vec<String>) {
    match &shown.road {
        Road::Mail {
            server,
            port,
            user,
            from,
            to,
            ..
        } => {
            let args = Args::new()
                .text("server", server)
                .count("port", u64::from(*port))
                .text("from", from);
            let mut how = vec![speech.say(Roads::IsMailHow, &args)];
            if let Some(user) = user {
                how.push(speech.say(Roads::IsMailUser, &Args::new().text("user", user)));
            }
            let args = Args::new().text("to", &to.join(", "));
            (speech.say(Roads::IsMail, &args), how)
        }
        Road::Webhook { url } => {
            let how = if shown.secret {
                Roads::IsHookSigned
            } else {
                Roads::IsHookBare
            };
            let args = Args::new().text("url", url);
            (speech.say(Roads::IsHook, &args), vec![speech.word(how)])
        }
    }
}

/// Which of the two a form means.
#[derive(Deserialize)]
struct Which {
    slot: Slot,
}

async fn forget(visitor: Visitor, Sent(Which { slot }): Sent<Which>) -> Result<Response, Fault> {
    let note = visitor.note()?.with("slot", word(slot));
    visitor.tell("alert.road-dropped", note).await?;
    match visitor.hub.post.ask(Ask::Drop { slot }).await? {
        Answer::Dropped {} => Ok(see("/settings/alerts?done=dropped")),
        Answer::State { .. }
        | Answer::Kept {}
        | Answer::Taken { .. }
        | Answer::NotTaken { .. }
        | Answer::Refused { .. } => Err(NoPost::Answer.into()),
    }
}

async fn try_road(visitor: Visitor, Sent(Which { slot }): Sent<Which>) -> Result<Response, Fault> {
    let note = visitor.note()?.with("slot", word(slot));
    visitor.tell("alert.road-tried", note).await?;
    let speech = &visitor.speech;
    let url = format!("https://{}:{}/", visitor.facts()?.host, visitor.hub.port);
    let args = Args::new()
        .text("who", &visitor.signed()?.person.name)
        .text("url", &url);
    let ask = Ask::Send {
        slot,
        id: chance::number()?,
        letter: Letter {
            subject: speech.word(Roads::TrySubject),
            text: speech.say(Roads::TryText, &args),
        },
    };
    let said = match visitor.hub.post.ask(ask).await? {
        Answer::Taken { left_out } => Said::taken(left_out.len()),
        Answer::NotTaken { trouble } => Said::trouble(trouble),
        Answer::State { .. } | Answer::Kept {} | Answer::Dropped {} | Answer::Refused { .. } => {
            return Err(NoPost::Answer.into());
        }
    };
    let (slot, said) = (word(slot), said.query());
    Ok(see(&format!("/settings/alerts?slot={slot}&{said}")))
}

/// As forms, addresses and the journal name it.
const fn word(slot: Slot) -> &'static str {
    match slot {
        Slot::First => "first",
        Slot::Second => "second",
    }
}
