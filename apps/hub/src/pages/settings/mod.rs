//! What can be changed, and who changed it last: the practice's name, whom to call, the console, the copies of its database.

pub(crate) mod backup;
pub(crate) mod help;
pub(crate) mod messages;
mod practice;
mod roads;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_store::Setting;
use hygie_text::{
    Args,
    console::{Alerts, Ask, Messages, Roads, Settings, Shared},
};
use serde::Deserialize;

use crate::core::{
    announce::Standing,
    copies::{self, Copies},
};
use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    route::Route,
    visitor::Visitor,
};
use help::Help;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = roads::routes();
    routes.extend(messages::routes());
    routes.extend([
        Route::get("/settings", Act::SeeSettings, show),
        Route::post("/settings/practice", Act::ChangeSettings, practice::rename),
        Route::post("/settings/help", Act::ChangeSettings, help::change),
        Route::post("/settings/backup", Act::ChangeSettings, backup::make),
    ]);
    routes
}

/// What was typed and cannot be taken, with why.
#[derive(Default)]
struct Slip {
    practice: Option<(String, String)>,
    help: Option<Help>,
    help_name: Option<String>,
    help_phone: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/page.html")]
struct Page {
    frame: Frame,
    sentence: String,
    done: Option<String>,
    may_change: bool,
    may_verify: bool,
    may_see_roads: bool,
    practice: String,
    practice_changed: String,
    practice_wrong: Option<String>,
    help: Help,
    help_missing: bool,
    help_changed: String,
    help_name_wrong: Option<String>,
    help_phone_wrong: Option<String>,
    address: String,
    net: String,
    net_icon: Icon,
    fingerprint: Option<String>,
    folder: String,
    copies: Copies,
    last_copy: Option<String>,
    copies_count: String,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let done = match asked.done.as_str() {
        "practice" => Some(Settings::DonePractice),
        "help" => Some(Settings::DoneHelp),
        "backup" => Some(Settings::DoneBackup),
        "soon" => Some(Settings::DoneSoon),
        _ => None,
    };
    draw(&visitor, Slip::default(), done).await
}

async fn draw(visitor: &Visitor, slip: Slip, done: Option<Settings>) -> Result<Response, Fault> {
    let (speech, kept) = (&visitor.speech, visitor.practice()?);
    let facts = visitor.facts()?;
    let known = help::known(kept).await?;
    let help_missing = known.is_none();
    let (practice, practice_wrong) = match slip.practice {
        Some((typed, wrong)) => (typed, Some(wrong)),
        None => (facts.name.clone(), None),
    };
    let copies = copies::kept(&visitor.hub.dir).await?;
    let sentence = if help_missing {
        Settings::HelpMissing
    } else {
        Settings::AllThere
    };
    let authority = visitor.hub.authority().await.ok();
    let (net_icon, net) = network(visitor);
    page(&Page {
        frame: visitor.frame(Some(Place::Settings), Settings::Title),
        sentence: speech.word(sentence),
        done: done.map(|id| speech.word(id)),
        may_change: visitor.may(Act::ChangeSettings),
        may_verify: visitor.may(Act::VerifyJournal),
        may_see_roads: visitor.may(Act::SeeAlertSettings),
        practice,
        practice_changed: changed(visitor, kept.setting(practice::NAME).await?.as_ref()).await?,
        practice_wrong,
        help: slip.help.or(known).unwrap_or_default(),
        help_missing,
        help_changed: changed(visitor, kept.setting(help::NAME).await?.as_ref()).await?,
        help_name_wrong: slip.help_name,
        help_phone_wrong: slip.help_phone,
        address: format!("https://{}:{}/", facts.host, visitor.hub.port),
        net,
        net_icon,
        fingerprint: authority.map(|told| told.fingerprint.to_string()),
        folder: visitor.hub.dir.display().to_string(),
        last_copy: copies.last.as_ref().map(|last| {
            let args = Args::new()
                .moment("at", last.at)
                .bytes("size", last.bytes)
                .path("file", &last.path);
            speech.say(Settings::BackupLast, &args)
        }),
        copies_count: {
            let args = Args::new()
                .count("copies", copies.count)
                .bytes("size", copies.bytes);
            speech.say(Settings::BackupCount, &args)
        },
        copies,
    })
}

/// How the console's name stands on the network.
fn network(visitor: &Visitor) -> (Icon, String) {
    let speech = &visitor.speech;
    match visitor.hub.announced.now() {
        Standing::NotNeeded => (Icon::Info, speech.word(Settings::NetNotNeeded)),
        Standing::Asking => (Icon::BowlMend, speech.word(Settings::NetAsking)),
        Standing::Announced => (Icon::Check, speech.word(Settings::NetAnnounced)),
        Standing::Taken => (Icon::BowlTodo, speech.word(Settings::NetTaken)),
        Standing::Failed(reason) => {
            let args = Args::new().text("reason", &reason);
            (Icon::BowlTodo, speech.say(Settings::NetFailed, &args))
        }
    }
}

/// Who changed it last.
async fn changed(visitor: &Visitor, setting: Option<&Setting>) -> Result<String, Fault> {
    let speech = &visitor.speech;
    let Some(setting) = setting else {
        return Ok(speech.word(Settings::Unchanged));
    };
    let who = match setting.by {
        Some(id) => visitor
            .practice()?
            .person(id)
            .await?
            .map_or_else(|| speech.word(Settings::BySomebody), |person| person.name),
        None => speech.word(Settings::ByTheConsole),
    };
    let args = Args::new().text("who", &who).moment("at", setting.changed);
    Ok(speech.say(Settings::Changed, &args))
}

/// What people type, without what cannot be seen.
fn tidy(typed: &str) -> String {
    let signs = typed.chars().filter(|sign| !sign.is_control());
    signs.collect::<String>().trim().to_owned()
}

fn is_too_long(text: &str) -> bool {
    text.chars().count() > LONGEST
}

fn too_long(visitor: &Visitor) -> String {
    visitor.speech.say(
        Settings::TooLong,
        &Args::new().count("most", LONGEST as u64),
    )
}

/// Signs of a name.
const LONGEST: usize = 80;
