//! One person: with what she gets in, where she is signed in, what she is, and what ends it.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use hygie_identity::Act;
use hygie_model::Role;
use hygie_text::{
    Args,
    console::{People, Shared},
};
use serde::Deserialize;

use super::{
    close::{Closed, closed},
    done, found,
    invite::Form,
    means::Means,
    provider::{TIMES, until},
    recovery::{Notice, notice},
    role::ROLES,
    sessions,
};
use crate::{
    core::openings,
    web::{
        fault::Fault,
        frame::{self, Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// An IT provider's time.
struct Time {
    says: String,
    open: bool,
    may_open: bool,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "pages/people/person.html")]
struct Page {
    frame: Frame,
    done: Option<String>,
    to: String,
    sentence: String,
    about: String,
    means: String,
    weak: bool,
    last: String,
    sheet: String,
    notice: Option<Notice>,
    time: Option<Time>,
    /// `None` where it is not for this visitor.
    sessions: Option<Vec<sessions::Row>>,
    may_end_sessions: bool,
    roles: Option<Form>,
    may_close: bool,
    own: bool,
    closed: Option<Closed>,
}

impl Page {
    fn times(&self) -> [(&'static str, String); 3] {
        TIMES.map(|(word, _, says)| (word, self.frame.say(says)))
    }
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let person = found(&visitor, &id).await?;
    let practice = visitor.practice()?;
    let speech = &visitor.speech;
    let means = Means::of(&visitor, &person).await?;
    let here = person.closed.is_none();
    let named = Args::new().text("name", &person.name);
    let sentence = match (here, means.ways()) {
        (false, _) => People::IsClosed,
        (true, 0) => People::HasNothing,
        (true, _) if means.is_weak() => People::HasOne,
        (true, _) => People::HasEnough,
    };
    let opening = openings::of(practice, person.id).await?;
    let time = (here && person.role == Role::ItProvider).then(|| {
        let until = until(opening.as_ref(), visitor.now);
        Time {
            says: match until {
                Some(until) => {
                    speech.say(People::TimeOpenUntil, &named.clone().moment("until", until))
                }
                None => speech.say(People::TimeShut, &named),
            },
            open: until.is_some(),
            may_open: visitor.may(Act::OpenProvider),
            may_end: visitor.may(Act::EndProvider),
        }
    });
    let sessions = if visitor.may(Act::SeeSessions) && here {
        Some(sessions::rows(&visitor, &person).await?)
    } else {
        None
    };
    let may_role = here && visitor.may(Act::ChangeRole);
    let role_word = ROLES.iter().find(|(_, role)| *role == person.role);
    let sheet = match (&means.sheet, means.is_untested()) {
        (None, _) => People::SheetNone,
        (Some(_), true) => People::SheetUntested,
        (Some(_), false) => People::SheetTested,
    };
    let role = speech.word(frame::role(person.role));
    page(&Page {
        frame: visitor.frame_named(Some(Place::People), person.name.clone()),
        done: done(&asked.done).map(|id| speech.word(id)),
        to: format!("/people/{}", person.id.0),
        sentence: speech.say(sentence, &named),
        about: speech.say(
            People::PersonAbout,
            &Args::new()
                .nested("role", role)
                .text("login", &person.login)
                .moment("since", person.created),
        ),
        means: means.words(&visitor, person.role),
        weak: here && means.is_weak(),
        last: match means.last {
            Some(at) => speech.say(People::LastCame, &Args::new().moment("at", at)),
            None => speech.word(People::NeverCame),
        },
        sheet: speech.word(sheet),
        notice: if here {
            notice(&visitor, &person).await?
        } else {
            None
        },
        time,
        sessions,
        may_end_sessions: visitor.may(Act::EndSession),
        roles: may_role.then(|| Form {
            role: role_word
                .map(|(word, _)| (*word).to_owned())
                .unwrap_or_default(),
            ..Form::fresh()
        }),
        may_close: here && visitor.may(Act::ClosePerson),
        own: visitor.person()? == person.id,
        closed: closed(&visitor, &person).await?,
    })
}
