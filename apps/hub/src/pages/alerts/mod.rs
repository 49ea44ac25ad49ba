//! Notices: what waits to be read, what became of each one before, and how what keeps watch stands itself.

mod wishes;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_alert::{Alert, Standing, Thing, What};
use hygie_identity::Act;
use hygie_model::Wall;
use hygie_store::{Alert as Row, AlertCursor};
use hygie_text::{
    Args,
    console::{Alerts, Shared},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    core::alerts::{
        self as watch,
        said::{self, Names},
    },
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        route::Route,
        visitor::Visitor,
    },
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/alerts", Act::ReadAlert, show),
        Route::get("/alerts/settings", Act::SeeAlertSettings, wishes::show),
        Route::post("/alerts/settings", Act::ChangeAlerts, wishes::change),
    ]
}

/// A notice on the page.
struct Notice {
    id: String,
    title: String,
    to_do: Option<String>,
    lines: Vec<String>,
    icon: String,
}

/// A duty on the page.
struct Duty {
    name: String,
    stands: String,
    icon: String,
}

#[derive(Template)]
#[template(path = "pages/alerts/page.html")]
struct Page {
    frame: Frame,
    sentence: String,
    done: Option<String>,
    waiting: Vec<Notice>,
    past: Vec<Notice>,
    older: Option<String>,
    duties: Vec<Duty>,
    may_see_wishes: bool,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
    before: Option<i64>,
    id: Option<Uuid>,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (practice, speech) = (visitor.practice()?, &visitor.speech);
    let names = Names::of(practice).await?;
    let unread = practice.unread_alerts(MANY).await?;
    let waiting: Vec<Notice> = unread
        .iter()
        .map(|row| notice(&visitor, &names, row))
        .collect();
    let cursor = asked.before.zip(asked.id).map(|(made, id)| AlertCursor {
        made: Wall(made),
        id,
    });
    let found = practice.alerts(cursor, A_PAGE).await?;
    let read = found.items.iter().filter(|row| row.read.is_some());
    let past: Vec<Notice> = read.map(|row| notice(&visitor, &names, row)).collect();
    let sentence = match (waiting.len() as u64, past.is_empty() && cursor.is_none()) {
        (0, true) => speech.word(Alerts::None),
        (0, false) => speech.word(Alerts::Calm),
        (alerts, _) => speech.say(Alerts::Waiting, &Args::new().count("alerts", alerts)),
    };
    page(&Page {
        frame: visitor.frame(Some(Place::Alerts), Alerts::Title),
        sentence,
        done: (asked.done == "read").then(|| speech.word(Alerts::Done)),
        waiting,
        past,
        older: found
            .next
            .map(|next| format!("/alerts?before={}&id={}", next.made.0, next.id)),
        duties: duties(&visitor, &names).await?,
        may_see_wishes: visitor.may(Act::SeeAlertSettings),
    })
}

fn notice(visitor: &Visitor, names: &Names, row: &Row) -> Notice {
    let speech = &visitor.speech;
    let icon = if row.ended.is_some() {
        Icon::BowlOk
    } else {
        Icon::BowlTodo
    };
    let (id, icon) = (row.id.to_string(), icon.svg());
    // What a newer Hygie wrote is shown by its name, never left out.
    let Ok(alert) = row.body.get::<Alert>() else {
        return Notice {
            id,
            title: row.about.clone(),
            to_do: None,
            lines: Vec::new(),
            icon,
        };
    };
    let told = said::title(speech, names, &alert);
    let mut lines = said::course(speech, &alert);
    lines.extend(said::became(speech, names, &alert));
    Notice {
        id,
        title: told.what,
        to_do: told.to_do.filter(|_| alert.waits()),
        lines,
        icon,
    }
}

async fn duties(visitor: &Visitor, names: &Names) -> Result<Vec<Duty>, Fault> {
    if !visitor.may(Act::SeeDuties) {
        return Ok(Vec::new());
    }
    let now = visitor.now;
    let watched = watch::watched(&visitor.hub, visitor.facts()?, now).await?;
    let mut duties = Vec::new();
    for what in What::ALL {
        let things: Vec<&Thing> = watched.known(what).collect();
        for thing in things {
            let name = said::duty(&visitor.speech, names, thing);
            if let (Some(name), Some(standing)) = (name, watched.standing(thing, now)) {
                duties.push(Duty {
                    name,
                    stands: said::stands(&visitor.speech, standing),
                    icon: bowl(standing).svg(),
                });
            }
        }
    }
    Ok(duties)
}

const fn bowl(standing: Standing) -> Icon {
    match standing {
        Standing::Well => Icon::BowlOk,
        Standing::Trouble { .. } => Icon::BowlTodo,
        Standing::Mending { .. } => Icon::BowlMend,
        Standing::NotKnown { .. } | Standing::Asleep { .. } => Icon::BowlIdk,
    }
}

/// All that a page can show to be read.
const MANY: u32 = 200;
const A_PAGE: u32 = 50;
