//! Which device is not protected, or silent, and since when: this machine by its guard's own word, the enrolled ones by what
//! they told last.

mod change;
mod enrol;
mod here;
mod others;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_agent::guard::Status;
use hygie_identity::Act;
use hygie_text::{
    Args, Explained,
    console::{Devices, Shared, Signed},
    shown,
};
use serde::Deserialize;

use crate::pages::files::path;
use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    live,
    route::Route,
    visitor::Visitor,
};
use others::Managed;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/devices", Act::SeeDevices, show),
        Route::get("/devices/live", Act::SeeDevices, states_live),
        Route::get("/devices/sentence/live", Act::SeeDevices, sentence_live),
        Route::get("/devices/enrol", Act::EnrolDevice, enrol::show),
        Route::post("/devices/enrol", Act::EnrolDevice, enrol::make),
        Route::post("/devices/rename", Act::RenameDevice, change::rename),
        Route::post("/devices/retire", Act::RetireDevice, change::retire),
    ]
}

/// How a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Ok,
    But,
    Not,
    Mending,
    Idk,
    Silent,
}

impl Standing {
    /// The bowl in a list.
    fn bowl(self) -> String {
        let (icon, class) = match self {
            Self::Ok => (Icon::BowlOk, "ok-c"),
            Self::But => (Icon::BowlPart, "todo"),
            Self::Not => (Icon::BowlTodo, "now"),
            Self::Mending => (Icon::BowlMend, "mend"),
            Self::Idk | Self::Silent => (Icon::BowlIdk, "idk"),
        };
        icon.svg()
            .replacen("class=\"icon\"", &format!("class=\"bowl-s {class}\""), 1)
    }

    const fn tag(self) -> &'static str {
        match self {
            Self::Ok => "tag--ok",
            Self::But => "tag--part",
            Self::Not => "tag--now",
            Self::Mending => "tag--mend",
            Self::Idk | Self::Silent => "tag--idk",
        }
    }

    /// Whether a person should look at it.
    const fn waits(self) -> bool {
        !matches!(self, Self::Ok | Self::Mending)
    }
}

/// A device in the list of states.
struct Row {
    name: String,
    standing: Standing,
    /// The state in a word or two.
    state: String,
    /// What was seen, and what to do.
    seen: Vec<Explained>,
    /// The proof.
    proof: Vec<String>,
}

/// All that the page shows of states.
struct Look {
    /// The guard's word; `None` where it does not answer.
    status: Option<Box<Status>>,
    rows: Vec<Row>,
    sentence: String,
}

async fn look(visitor: &Visitor) -> Result<Look, Fault> {
    let (status, here) = here::look(visitor).await?;
    let devices = visitor.practice()?.devices().await?;
    let others = others::rows(visitor, &devices);
    let waiting = others.iter().filter(|row| row.standing.waits()).count();
    let exceptions = here::exceptions(status.as_deref());
    let sentence = sentence(visitor, here.standing, exceptions, waiting);
    let rows = std::iter::once(here).chain(others).collect();
    Ok(Look {
        status,
        rows,
        sentence,
    })
}

/// This machine first: the page is on it.
fn sentence(visitor: &Visitor, here: Standing, exceptions: u64, waiting: usize) -> String {
    let own = match here {
        Standing::Ok => Devices::HereOk,
        Standing::But => Devices::HereBut,
        Standing::Not => Devices::HereNot,
        Standing::Mending => Devices::HereMending,
        Standing::Idk | Standing::Silent => Devices::HereSilent,
    };
    let own = visitor
        .speech
        .say(own, &Args::new().count("exceptions", exceptions));
    if waiting == 0 {
        return own;
    }
    let args = Args::new().count("devices", waiting as u64);
    format!("{own} {}", visitor.speech.say(Devices::OthersWait, &args))
}

/// The part of the page that is sent anew when it changes.
#[derive(Template)]
#[template(path = "pages/devices/states.html")]
struct States {
    rows: Vec<Row>,
}

/// The answer, sent anew by itself: that is what is read aloud.
#[derive(Template)]
#[template(source = "<h1>{{ sentence }}</h1>", ext = "html")]
struct Sentence {
    sentence: String,
}

#[derive(Template)]
#[template(path = "pages/devices/page.html")]
struct Page {
    frame: Frame,
    sentence: String,
    states: String,
    /// The protected folders; `None` where they are not known.
    folders: Option<Vec<(String, String)>>,
    may_unprotect: bool,
    may_see_protection: bool,
    may_enrol: bool,
    may_rename: bool,
    may_retire: bool,
    managed: Vec<Managed>,
    retired: Vec<(String, String)>,
    done: Option<String>,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let speech = &visitor.speech;
    let done = match asked.done.as_str() {
        "rename" => Some(speech.word(Devices::DoneRename)),
        "retire" => Some(speech.word(Devices::DoneRetire)),
        "unprotected" => Some(speech.word(Signed::DoneUnprotected)),
        _ => None,
    };
    draw(&visitor, None, done).await
}

/// The page; with what was typed for a device and cannot be taken.
async fn draw(
    visitor: &Visitor,
    slip: Option<change::Slip>,
    done: Option<String>,
) -> Result<Response, Fault> {
    let look = look(visitor).await?;
    let devices = visitor.practice()?.devices().await?;
    let folders = look.status.map(|status| {
        let folders = status.folders.iter();
        let page = |folder: &String| {
            let of = path::to_query(std::path::Path::new(folder));
            (shown(folder), format!("/devices/unprotect?p={of}"))
        };
        folders.map(page).collect()
    });
    page(&Page {
        frame: visitor.frame(Some(Place::Devices), Devices::Title),
        sentence: look.sentence,
        states: States { rows: look.rows }.render()?,
        folders,
        may_see_protection: visitor.may(Act::SeeProtection),
        may_unprotect: visitor.may(Act::UnprotectFolder),
        may_enrol: visitor.may(Act::EnrolDevice),
        may_rename: visitor.may(Act::RenameDevice),
        may_retire: visitor.may(Act::RetireDevice),
        managed: others::managed(&devices, slip.as_ref()),
        retired: others::retired(visitor, &devices),
        done,
    })
}

async fn states_live(visitor: Visitor) -> Result<Response, Fault> {
    Ok(live::part(visitor.clone(), move || {
        let visitor = visitor.clone();
        async move {
            let look = look(&visitor).await?;
            Ok(States { rows: look.rows }.render()?)
        }
    }))
}

async fn sentence_live(visitor: Visitor) -> Result<Response, Fault> {
    Ok(live::part(visitor.clone(), move || {
        let visitor = visitor.clone();
        async move {
            let sentence = look(&visitor).await?.sentence;
            Ok(Sentence { sentence }.render()?)
        }
    }))
}
