//! A guard's question and a person's answer, carried: the page shows what the guard's own challenge names, and what became of
//! it. The console decides nothing here, whether the guard is this machine's or another device's.

use std::path::PathBuf;

use askama::Template;
use axum::{
    Json as Reply,
    body::Bytes,
    response::{IntoResponse, Response},
};
use hygie_agent::{
    door::{KeysAsked, NotUnprotected, Question, Reply as Said, Told},
    keys::{Challenge, Deed, NotSigned},
};
use hygie_store::Device;
use hygie_text::{
    Args,
    console::{Incidents, Shared, Signed},
    shown,
};
use hygie_wire::Wish;
use serde::Deserialize;
use serde_json::{Value, json};

use super::told;
use crate::{
    core::{journal::Note, lane::NoWord},
    pages::{
        afar,
        bowl::{Ball, Bowl},
        files::path,
        incidents::came,
        sign_in::{Keys, keys},
    },
    web::{
        fault::Fault,
        frame::{self, Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

/// What is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Trust(String),
    Distrust(String),
    Forget(PathBuf),
    Unprotect(PathBuf),
}

/// Whose guard is to do it.
#[derive(Clone, Debug)]
pub(super) enum On {
    /// This machine's.
    Here,
    /// Another device's.
    There(Box<Device>),
}

impl On {
    /// As it stands in an address.
    pub(super) async fn there(visitor: &Visitor, id: &str) -> Result<Self, Fault> {
        Ok(Self::There(Box::new(afar::device(visitor, id).await?)))
    }
}

/// A path in an address.
#[derive(Default, Deserialize)]
pub(super) struct Of {
    #[serde(default)]
    p: String,
}

impl Of {
    pub(super) fn path(&self) -> Result<PathBuf, Fault> {
        path::from_query(&self.p).ok_or(Fault::NotFound)
    }
}

/// Why the last try did nothing.
#[derive(Default, Deserialize)]
pub(super) struct Why {
    #[serde(default)]
    why: String,
}

/// Why the guard does not ask, or does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Not {
    Signed(NotSigned),
    Unprotected(NotUnprotected),
    Unknown,
    Busy,
    /// Another device, or its guard, does not answer.
    Silent(NoWord),
}

impl Asked {
    /// The same for another device's guard.
    fn wish(&self) -> Result<Wish, Fault> {
        Ok(match self {
            Self::Trust(mark) => Wish::Trust { mark: mark.clone() },
            Self::Distrust(mark) => Wish::Distrust { mark: mark.clone() },
            Self::Unprotect(path) => Wish::Unprotect {
                folder: path::to_query(path),
            },
            // No page names a file of another device that could be forgotten.
            Self::Forget(_) => return Err(Fault::NotFound),
        })
    }

    /// What the journal is told where another device's guard is to do it.
    const fn kind_there(&self) -> &'static str {
        match self {
            Self::Trust(_) => "device.trust-asked",
            Self::Distrust(_) => "device.distrust-asked",
            Self::Unprotect(_) | Self::Forget(_) => "device.unprotect-asked",
        }
    }

    fn question(&self) -> Question {
        match self {
            Self::Trust(mark) => Question::Keys(KeysAsked::Trust { mark: mark.clone() }),
            Self::Distrust(mark) => Question::Keys(KeysAsked::Distrust { mark: mark.clone() }),
            Self::Forget(path) => Question::Forget { path: path.clone() },
            Self::Unprotect(path) => Question::Stop {
                folder: Some(Told(path.clone())),
            },
        }
    }

    const fn place(&self) -> Place {
        match self {
            Self::Trust(_) | Self::Distrust(_) => Place::People,
            Self::Forget(_) => Place::Files,
            Self::Unprotect(_) => Place::Devices,
        }
    }

    /// The address of its page: the path, and the query.
    fn here(&self, on: &On) -> (String, String) {
        let of = |path: &PathBuf| format!("?p={}", path::to_query(path));
        if let On::There(device) = on {
            let page = page_of(device);
            return match self {
                Self::Trust(mark) => (format!("{page}/{}/trust", plain(mark)), String::new()),
                Self::Distrust(mark) => (format!("{page}/{}/distrust", plain(mark)), String::new()),
                Self::Forget(path) | Self::Unprotect(path) => {
                    (format!("/devices/on/{}/unprotect", device.id.0), of(path))
                }
            };
        }
        match self {
            Self::Trust(mark) => (format!("/keys/{}/trust", plain(mark)), String::new()),
            Self::Distrust(mark) => (format!("/keys/{}/distrust", plain(mark)), String::new()),
            Self::Forget(path) => ("/files/forget".to_owned(), of(path)),
            Self::Unprotect(path) => ("/devices/unprotect".to_owned(), of(path)),
        }
    }

    fn step(&self, on: &On, step: &str) -> String {
        let (path, query) = self.here(on);
        format!("{path}/{step}{query}")
    }

    fn back(&self, on: &On) -> String {
        if let On::There(device) = on {
            return page_of(device);
        }
        match self {
            Self::Trust(_) | Self::Distrust(_) => "/keys".to_owned(),
            Self::Forget(path) => path::of_file(path),
            Self::Unprotect(_) => "/devices".to_owned(),
        }
    }

    /// What the journal is told of the question, and of the deed.
    const fn kinds(&self) -> (&'static str, &'static str) {
        match self {
            Self::Trust(_) => ("key.trust-asked", "key.trusted"),
            Self::Distrust(_) => ("key.distrust-asked", "key.distrusted"),
            Self::Forget(_) => ("file.forget-asked", "file.forgotten"),
            Self::Unprotect(_) => ("folder.unprotect-asked", "folder.unprotected"),
        }
    }

    fn note(&self, note: Note) -> Note {
        match self {
            Self::Trust(mark) | Self::Distrust(mark) => note.with("key", plain(mark)),
            Self::Forget(path) | Self::Unprotect(path) => {
                note.with("path", path.to_string_lossy().into_owned())
            }
        }
    }
}

/// The page of another device's keys and folders.
pub(super) fn page_of(device: &Device) -> String {
    format!("/keys/on/{}", device.id.0)
}

/// A mark has hexadecimal digits alone: nothing else gets into an address.
fn plain(mark: &str) -> String {
    mark.chars().filter(char::is_ascii_hexdigit).collect()
}

#[derive(Template)]
#[template(path = "pages/signed/page.html")]
struct Page {
    frame: Frame,
    bowl: String,
    sentence: String,
    about: String,
    /// On which other device.
    there: Option<String>,
    way: Way,
    here: String,
    start: String,
    finish: String,
    back: String,
    /// Whether passkeys sign under this name.
    keys: Keys,
    /// Why the last try did nothing.
    why: Option<String>,
}

/// What can be done.
enum Way {
    /// Sign.
    Sign {
        /// What would happen.
        lines: Vec<String>,
        /// What stays true whatever happens.
        rest: String,
        go: String,
    },
    /// Nothing, for this reason.
    Not(String),
    /// The guard believes none of her keys; the command that does it by hand.
    NoKey(String, Option<String>),
}

pub(super) async fn show(
    visitor: &Visitor,
    (on, asked): (On, Asked),
    why: &Why,
) -> Result<Response, Fault> {
    let speech = &visitor.speech;
    let question = match ask(visitor, (&on, &asked)).await {
        Ok(answer) => Some(answer),
        Err(Fault::NotFound) => return Err(Fault::NotFound),
        Err(fault) => {
            frame::log(&fault);
            None
        }
    };
    let (path, query) = asked.here(&on);
    let mut shown = Page {
        frame: visitor.frame(Some(asked.place()), told::title(&asked)),
        bowl: Bowl::Unknown.svg(),
        sentence: speech.word(told::title(&asked)),
        about: speech.word(told::about(&asked)),
        there: match &on {
            On::Here => None,
            On::There(device) => {
                let args = Args::new().text("device", &shown(&device.name));
                Some(speech.say(Signed::There, &args))
            }
        },
        way: Way::Not(speech.word(Signed::Silent)),
        here: format!("{}{query}", path.trim_start_matches('/')),
        start: asked.step(&on, "start"),
        finish: asked.step(&on, "finish"),
        back: asked.back(&on),
        keys: keys(visitor),
        why: said(visitor, &why.why),
    };
    match question {
        Some(Ok(challenge)) => {
            shown.bowl = Bowl::Held(vec![Ball::Wait]).svg();
            shown.sentence = told::sentence(visitor, &challenge.deed);
            shown.way = Way::Sign {
                lines: told::lines(visitor, (&on, &challenge.deed)).await?,
                rest: speech.word(told::rest(&asked)),
                go: speech.word(told::go(&asked)),
            };
        }
        Some(Err(Not::Signed(not @ (NotSigned::NoKey | NotSigned::Damaged)))) => {
            let words = sentence(visitor, Not::Signed(not));
            shown.way = Way::NoKey(words, told::by_hand(&asked));
        }
        Some(Err(Not::Unknown)) => return Err(Fault::NotFound),
        Some(Err(not)) => shown.way = Way::Not(sentence(visitor, not)),
        None => {}
    }
    page(&shown)
}

pub(super) async fn start(visitor: &Visitor, (on, asked): (On, Asked)) -> Result<Response, Fault> {
    let answer = match ask(visitor, (&on, &asked)).await? {
        Ok(challenge) => json!({ "id": challenge.id, "options": challenge.options }),
        Err(not) => again((&on, &asked), not),
    };
    Ok(Reply(answer).into_response())
}

#[derive(Deserialize)]
struct Answer {
    id: String,
    answer: Value,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
pub(super) async fn finish(
    visitor: &Visitor,
    (on, asked): (On, Asked),
    body: &Bytes,
) -> Result<Response, Fault> {
    let sent: Answer = serde_json::from_slice(body).map_err(|_| Fault::Unreadable)?;
    if let On::There(device) = &on {
        let note = afar::note(visitor, device)?;
        visitor.tell(asked.kind_there(), note).await?;
        afar::confirm(visitor, device.id, (sent.id, sent.answer), None).await?;
        let to = format!("{}?done=signed", page_of(device));
        return Ok(Reply(json!({ "go": to })).into_response());
    }
    let (asks, does) = asked.kinds();
    let note = || Ok::<_, Fault>(asked.note(visitor.note()?));
    visitor.tell(asks, note()?).await?;
    let reply = visitor.hub.guard.confirm(sent.id, sent.answer).await?;
    let done = match reply {
        Said::Key(key) => {
            let of = key.person.0.to_string();
            Some(note()?.with("of", of).with("name", key.key_name))
        }
        Said::Forgotten {
            versions, present, ..
        } => Some(
            note()?
                .with("versions", versions)
                .with("present", present.len()),
        ),
        Said::Done => Some(note()?),
        Said::NotSigned(why) => return Ok(led(&asked, Not::Signed(why))),
        Said::NotUnprotected(why) => return Ok(led(&asked, Not::Unprotected(why))),
        Said::Unknown => return Ok(led(&asked, Not::Unknown)),
        Said::Busy => return Ok(led(&asked, Not::Busy)),
        Said::Failed { .. } => return Err(Fault::GuardSaid("it could not")),
        _ => None,
    };
    let done = done.ok_or(Fault::GuardSaid("no answer to this question"))?;
    came(visitor, does, done).await;
    let to = match &asked {
        Asked::Trust(_) => "/keys?done=trusted".to_owned(),
        Asked::Distrust(_) => "/keys?done=distrusted".to_owned(),
        Asked::Forget(path) => format!("{}&done=forgotten", path::of_file(path)),
        Asked::Unprotect(_) => "/devices?done=unprotected".to_owned(),
    };
    Ok(Reply(json!({ "go": to })).into_response())
}

/// The guard's question for this person; nothing is done yet.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
async fn ask(
    visitor: &Visitor,
    (on, asked): (&On, &Asked),
) -> Result<Result<Challenge, Not>, Fault> {
    let said = match on {
        On::Here => {
            let guard = &visitor.hub.guard;
            guard.ask_for(visitor.person()?, asked.question()).await?
        }
        On::There(device) => match afar::challenge(visitor, device.id, asked.wish()?).await? {
            Ok(said) => said,
            Err(why) => return Ok(Err(Not::Silent(why))),
        },
    };
    let challenge = match said {
        Said::Challenge(challenge) => *challenge,
        Said::NotSigned(why) => return Ok(Err(Not::Signed(why))),
        Said::NotUnprotected(NotUnprotected::Unknown) | Said::Unknown => {
            return Ok(Err(Not::Unknown));
        }
        Said::NotUnprotected(why) => return Ok(Err(Not::Unprotected(why))),
        Said::Busy => return Ok(Err(Not::Busy)),
        _ => return Err(Fault::GuardSaid("no answer to this question")),
    };
    // What is shown is what is signed.
    let as_asked = match (asked, &challenge.deed) {
        (Asked::Trust(mark), Deed::Trust(key)) | (Asked::Distrust(mark), Deed::Distrust(key)) => {
            *mark == key.mark
        }
        (Asked::Forget(path), Deed::Forget(forgets)) => *path == forgets.path.0,
        (Asked::Unprotect(path), Deed::Unprotect { folder }) => *path == folder.0,
        (
            Asked::Trust(_) | Asked::Distrust(_) | Asked::Forget(_) | Asked::Unprotect(_),
            Deed::Allow { .. }
            | Deed::Trust(_)
            | Deed::Distrust(_)
            | Deed::Forget(_)
            | Deed::Unprotect { .. },
        ) => false,
    };
    if as_asked {
        Ok(Ok(challenge))
    } else {
        Err(Fault::GuardSaid("another question"))
    }
}

fn sentence(visitor: &Visitor, not: Not) -> String {
    match not {
        Not::Silent(why) => visitor.speech.word(afar::silent(why)),
        Not::Signed(_) | Not::Unprotected(_) | Not::Unknown | Not::Busy => {
            visitor.speech.word(id(not))
        }
    }
}

const fn id(not: Not) -> Signed {
    match not {
        Not::Signed(NotSigned::NoKey | NotSigned::UnknownKey) => Signed::NoKey,
        Not::Signed(NotSigned::Damaged) => Signed::Damaged,
        Not::Signed(NotSigned::Gone) => Signed::Gone,
        Not::Signed(NotSigned::Copied) => Signed::Copied,
        Not::Signed(NotSigned::Otherwise) => Signed::Otherwise,
        Not::Signed(NotSigned::Wrong | NotSigned::Broken) => Signed::Refused,
        Not::Unprotected(NotUnprotected::Last) => Signed::UnprotectLast,
        Not::Unprotected(NotUnprotected::Named) => Signed::UnprotectNamed,
        Not::Unprotected(NotUnprotected::Configuration) => Signed::UnprotectConfiguration,
        Not::Unprotected(NotUnprotected::Unknown) | Not::Unknown => Signed::Unknown,
        Not::Silent(_) => Signed::Silent,
        Not::Busy => Signed::Busy,
    }
}

fn led(asked: &Asked, not: Not) -> Response {
    Reply(again((&On::Here, asked), not)).into_response()
}

/// Back to the page, with the reason in its address.
fn again((on, asked): (&On, &Asked), because: Not) -> Value {
    let word = match because {
        Not::Silent(NoWord::Away) => "away",
        Not::Silent(NoWord::Guard) => "no-guard",
        Not::Silent(NoWord::Busy) => "busy",
        Not::Signed(_) | Not::Unprotected(_) | Not::Unknown | Not::Busy => {
            let word = WHY.iter().find(|(_, said)| *said == id(because));
            word.map_or("refused", |(word, _)| word)
        }
    };
    let (path, query) = asked.here(on);
    let joined = if query.is_empty() { "?" } else { "&" };
    json!({ "go": format!("{path}{query}{joined}why={word}") })
}

/// The sentence of a try that did nothing.
fn said(visitor: &Visitor, word: &str) -> Option<String> {
    let speech = &visitor.speech;
    match word {
        "away" => Some(speech.word(Incidents::AfarAway)),
        "no-guard" => Some(speech.word(Incidents::AfarGuardSilent)),
        _ => {
            let found = WHY.iter().find(|(known, _)| *known == word);
            found.map(|(_, said)| speech.word(*said))
        }
    }
}

const WHY: [(&str, Signed); 11] = [
    ("no-key", Signed::NoKey),
    ("damaged", Signed::Damaged),
    ("gone", Signed::Gone),
    ("copied", Signed::Copied),
    ("otherwise", Signed::Otherwise),
    ("refused", Signed::Refused),
    ("last", Signed::UnprotectLast),
    ("named", Signed::UnprotectNamed),
    ("configuration", Signed::UnprotectConfiguration),
    ("unknown", Signed::Unknown),
    ("busy", Signed::Busy),
];
