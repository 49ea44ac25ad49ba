//! Lets a stopped program go on: shows exactly what that changes, and has a passkey sign what the guard itself asks. The console
//! carries question and answer; it decides nothing.

use askama::Template;
use axum::{
    Json as Reply,
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use hygie_acts::Allowed;
use hygie_agent::{
    door::{Question, Reply as Said},
    incidents::{NotAllowed, words},
    keys::{Challenge, Deed, NotSigned},
};
use hygie_text::{
    Args,
    console::{Incidents, Shared},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{known, undo};
use crate::{
    pages::{
        bowl::{Ball, Bowl},
        sign_in::{Keys, keys},
    },
    web::{
        fault::Fault,
        form::Answered,
        frame::{self, Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

#[derive(Template)]
#[template(path = "pages/incidents/allow.html")]
struct Page {
    frame: Frame,
    id: u64,
    bowl: String,
    sentence: String,
    way: Way,
    /// Whether passkeys sign under this name.
    keys: Keys,
    /// Why the last try did nothing.
    why: Option<String>,
}

/// What can be done.
enum Way {
    /// Sign; what would be allowed.
    Sign(Vec<String>),
    /// Nothing, for this reason.
    Not(String),
    /// The guard believes none of her keys.
    NoKey(String),
}

/// Why the guard does not ask, or does not believe.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    NotAllowed(NotAllowed),
    NotSigned(NotSigned),
    Busy,
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    why: String,
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id = undo::number(&id)?;
    let speech = &visitor.speech;
    let title = visitor.frame(Some(Place::Incidents), Incidents::AllowTitle);
    let mut shown = Page {
        frame: title,
        id,
        bowl: Bowl::Unknown.svg(),
        sentence: speech.word(Incidents::AllowTitle),
        way: Way::Not(speech.word(Incidents::AllowSilent)),
        keys: keys(&visitor),
        why: why(&asked.why).map(|id| speech.word(id)),
    };
    let Some((incidents, _)) = known::ask(&visitor).await? else {
        return page(&shown);
    };
    let incident = incidents.iter().find(|incident| incident.id == id);
    let incident = incident.ok_or(Fault::NotFound)?;
    let ball = if incident.state.is_open() {
        Ball::Now
    } else {
        Ball::Calm
    };
    shown.bowl = Bowl::Held(vec![ball]).svg();
    if let Some(program) = words::program(incident) {
        let args = Args::new().text("program", program);
        shown.sentence = speech.say(Incidents::AllowSentence, &args);
    }
    shown.way = if incident.state.is_open() {
        match ask(&visitor, id, Time::Hours).await {
            Ok(Ok((_, allowed))) => Way::Sign(lines(&visitor, &allowed)),
            Ok(Err(why)) => way(&visitor, &why),
            Err(fault) => {
                frame::log(&fault);
                shown.way
            }
        }
    } else {
        Way::Not(speech.word(Incidents::AllowSettled))
    };
    page(&shown)
}

/// For how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Time {
    /// A working day.
    #[default]
    Hours,
    /// A month.
    Days,
}

impl Time {
    const fn seconds(self) -> u64 {
        match self {
            Self::Hours => 8 * 3600,
            Self::Days => 30 * 24 * 3600,
        }
    }
}

#[derive(Default, Deserialize)]
struct Started {
    #[serde(default)]
    time: Time,
}

pub(super) async fn start(
    visitor: Visitor,
    Path(id): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    let id = undo::number(&id)?;
    let sent: Started = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
    let answer = match ask(&visitor, id, sent.time).await? {
        Ok((challenge, _)) => json!({ "id": challenge.id, "options": challenge.options }),
        Err(why) => again(id, &why),
    };
    Ok(Reply(answer).into_response())
}

#[derive(Deserialize)]
struct Signed {
    id: String,
    answer: Value,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
pub(super) async fn finish(
    visitor: Visitor,
    Path(id): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    let id = undo::number(&id)?;
    let sent: Signed = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
    let note = || Ok::<_, Fault>(visitor.note()?.with("incident", id));
    visitor.tell("incident.allow-asked", note()?).await?;
    let reply = visitor.hub.guard.confirm(sent.id, sent.answer).await?;
    let answer = match reply {
        Said::Allowed { allowed } => {
            let until = allowed.first().map(|one| one.until.to_rfc3339());
            let note = note()?
                .with("permissions", allowed.len())
                .with("until", until.unwrap_or_default());
            undo::came(&visitor, "incident.allowed", note).await;
            json!({ "go": format!("/incidents/{id}?done=let-go") })
        }
        Said::NotSigned(why) => again(id, &Why::NotSigned(why)),
        Said::NotAllowed(why) => again(id, &Why::NotAllowed(why)),
        Said::Busy => again(id, &Why::Busy),
        Said::Failed { .. } => return Err(Fault::GuardSaid("it could not")),
        _ => return Err(Fault::GuardSaid("no answer to this question")),
    };
    Ok(Reply(answer).into_response())
}

/// The guard's question for this person; nothing is done yet.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
async fn ask(
    visitor: &Visitor,
    id: u64,
    time: Time,
) -> Result<Result<(Challenge, Vec<Allowed>), Why>, Fault> {
    let seconds = time.seconds();
    let question = Question::Allow { id, seconds };
    let guard = &visitor.hub.guard;
    match guard.ask_for(visitor.person()?, question).await? {
        Said::Challenge(challenge) => match challenge.deed.clone() {
            Deed::Allow { incident, allowed } if incident == id => Ok(Ok((*challenge, allowed))),
            Deed::Allow { .. }
            | Deed::Trust(_)
            | Deed::Distrust(_)
            | Deed::Forget(_)
            | Deed::Unprotect { .. } => Err(Fault::GuardSaid("another question")),
        },
        Said::NotSigned(why) => Ok(Err(Why::NotSigned(why))),
        Said::NotAllowed(NotAllowed::Unknown) => Err(Fault::NotFound),
        Said::NotAllowed(why) => Ok(Err(Why::NotAllowed(why))),
        Said::Busy => Ok(Err(Why::Busy)),
        _ => Err(Fault::GuardSaid("no answer to this question")),
    }
}

/// Each permission once: by program, folder and kind of act.
fn lines(visitor: &Visitor, allowed: &[Allowed]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for one in allowed {
        let doing = visitor.speech.word(words::doing(one.doing));
        let args = Args::new()
            .text("program", &one.exe)
            .nested("doing", doing)
            .path("path", &one.path);
        let line = visitor.speech.say(Incidents::AllowLine, &args);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn way(visitor: &Visitor, why: &Why) -> Way {
    let program = |exe: &str| Args::new().text("program", exe);
    let (id, args) = match why {
        Why::NotAllowed(NotAllowed::Interpreter { exe }) => {
            (Incidents::AllowInterpreter, program(exe))
        }
        Why::NotAllowed(NotAllowed::Archiver { exe }) => (Incidents::AllowArchiver, program(exe)),
        Why::NotAllowed(_) | Why::NotSigned(_) | Why::Busy => (sentence(why), Args::new()),
    };
    let said = visitor.speech.say(id, &args);
    match why {
        Why::NotSigned(NotSigned::NoKey | NotSigned::Damaged) => Way::NoKey(said),
        Why::NotSigned(_) | Why::NotAllowed(_) | Why::Busy => Way::Not(said),
    }
}

const fn sentence(why: &Why) -> Incidents {
    match why {
        Why::NotAllowed(NotAllowed::Unknown | NotAllowed::Undone) => Incidents::AllowSettled,
        Why::NotAllowed(
            NotAllowed::NoProgram | NotAllowed::Interpreter { .. } | NotAllowed::Archiver { .. },
        ) => Incidents::AllowNoProgram,
        Why::NotSigned(NotSigned::NoKey | NotSigned::UnknownKey) => Incidents::AllowNoKey,
        Why::NotSigned(NotSigned::Damaged) => Incidents::AllowDamaged,
        Why::NotSigned(NotSigned::Gone) => Incidents::AllowGone,
        Why::NotSigned(NotSigned::Copied) => Incidents::AllowCopied,
        Why::NotSigned(NotSigned::Otherwise) => Incidents::AllowOtherwise,
        Why::NotSigned(NotSigned::Wrong | NotSigned::Broken) => Incidents::AllowRefused,
        Why::Busy => Incidents::DoneBusy,
    }
}

/// Back to the page, with the reason in its address.
fn again(id: u64, because: &Why) -> Value {
    let word = WHY.iter().find(|(_, said)| *said == sentence(because));
    let word = word.map_or("refused", |(word, _)| word);
    json!({ "go": format!("/incidents/{id}/allow?why={word}") })
}

/// The sentence of a try that did nothing.
fn why(word: &str) -> Option<Incidents> {
    let found = WHY.iter().find(|(known, _)| *known == word);
    found.map(|(_, said)| *said)
}

const WHY: [(&str, Incidents); 9] = [
    ("settled", Incidents::AllowSettled),
    ("no-program", Incidents::AllowNoProgram),
    ("no-key", Incidents::AllowNoKey),
    ("damaged", Incidents::AllowDamaged),
    ("gone", Incidents::AllowGone),
    ("copied", Incidents::AllowCopied),
    ("otherwise", Incidents::AllowOtherwise),
    ("refused", Incidents::AllowRefused),
    ("busy", Incidents::DoneBusy),
];
