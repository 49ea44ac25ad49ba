//! Lets a stopped program go on, here or on another device: shows exactly what that changes, and has a passkey sign what the guard
//! itself asks. The console carries question and answer; it decides nothing.

use askama::Template;
use axum::{
    Json as Reply,
    body::Bytes,
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
use hygie_wire::Wish;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    afar::{Afar, There},
    known, undo,
};
use crate::{
    core::lane::NoWord,
    pages::{
        afar,
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
    /// The incident's page, and its number on its device.
    of: String,
    id: u64,
    /// On which other device.
    device: Option<String>,
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
    /// Another device does not answer.
    Away,
    /// Its guard does not.
    Silent,
}

/// Where the program was stopped.
enum On {
    Here(u64),
    There(Afar, Box<There>),
}

impl On {
    async fn there(visitor: &Visitor, id: &str) -> Result<Self, Fault> {
        let afar = Afar::parse(id)?;
        Ok(Self::There(afar, Box::new(afar.look(visitor).await?)))
    }

    const fn number(&self) -> u64 {
        match self {
            Self::Here(id) => *id,
            Self::There(afar, _) => afar.number,
        }
    }

    /// The incident's page.
    fn page(&self) -> String {
        match self {
            Self::Here(id) => format!("/incidents/{id}"),
            Self::There(afar, _) => afar.page(),
        }
    }
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
    let on = On::Here(undo::number(&id)?);
    let mut shown = blank(&visitor, &on, &asked);
    let Some((incidents, _)) = known::ask(&visitor).await? else {
        return page(&shown);
    };
    let incident = incidents.iter().find(|incident| incident.id == on.number());
    let incident = incident.ok_or(Fault::NotFound)?;
    if let Some(program) = words::program(incident) {
        let args = Args::new().text("program", program);
        shown.sentence = visitor.speech.say(Incidents::AllowSentence, &args);
    }
    fill(&visitor, &on, &mut shown, incident.state.is_open()).await?;
    page(&shown)
}

pub(super) async fn show_there(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &id).await?;
    let mut shown = blank(&visitor, &on, &asked);
    if let On::There(_, there) = &on {
        let device = hygie_text::shown(&there.device.name);
        shown.sentence = visitor.speech.say(
            Incidents::AllowTitleOn,
            &Args::new().text("device", &device),
        );
        shown.device = Some(device);
        let is_open = there.state.is_open() && there.device.retired.is_none();
        fill(&visitor, &on, &mut shown, is_open).await?;
    }
    page(&shown)
}

fn blank(visitor: &Visitor, on: &On, asked: &Asked) -> Page {
    let speech = &visitor.speech;
    Page {
        frame: visitor.frame(Some(Place::Incidents), Incidents::AllowTitle),
        of: on.page(),
        id: on.number(),
        device: None,
        bowl: Bowl::Unknown.svg(),
        sentence: speech.word(Incidents::AllowTitle),
        way: Way::Not(speech.word(Incidents::AllowSilent)),
        keys: keys(visitor),
        why: why(&asked.why).map(|id| speech.word(id)),
    }
}

/// What can be done, by the guard's own word.
async fn fill(visitor: &Visitor, on: &On, shown: &mut Page, is_open: bool) -> Result<(), Fault> {
    let speech = &visitor.speech;
    let ball = if is_open { Ball::Now } else { Ball::Calm };
    shown.bowl = Bowl::Held(vec![ball]).svg();
    if !is_open {
        shown.way = Way::Not(speech.word(Incidents::AllowSettled));
        return Ok(());
    }
    match ask(visitor, on, Time::Hours).await {
        Ok(Ok((_, allowed))) => {
            if let (Some(device), Some(first)) = (&shown.device, allowed.first()) {
                let args = Args::new().text("program", &first.exe);
                let args = args.text("device", device);
                shown.sentence = speech.say(Incidents::AllowSentenceOn, &args);
            }
            shown.way = Way::Sign(lines(visitor, &allowed));
        }
        Ok(Err(why)) => shown.way = way(visitor, &why),
        Err(Fault::NotFound) => return Err(Fault::NotFound),
        Err(fault) => frame::log(&fault),
    }
    Ok(())
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
    begin(&visitor, &On::Here(undo::number(&id)?), &body).await
}

pub(super) async fn start_there(
    visitor: Visitor,
    Path(id): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    begin(&visitor, &On::there(&visitor, &id).await?, &body).await
}

async fn begin(visitor: &Visitor, on: &On, body: &Bytes) -> Result<Response, Fault> {
    let sent: Started = serde_json::from_slice(body).map_err(|_| Fault::Unreadable)?;
    let answer = match ask(visitor, on, sent.time).await? {
        Ok((challenge, _)) => json!({ "id": challenge.id, "options": challenge.options }),
        Err(why) => again(on, &why),
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
    let on = On::Here(id);
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
        Said::NotSigned(why) => again(&on, &Why::NotSigned(why)),
        Said::NotAllowed(why) => again(&on, &Why::NotAllowed(why)),
        Said::Busy => again(&on, &Why::Busy),
        Said::Failed { .. } => return Err(Fault::GuardSaid("it could not")),
        _ => return Err(Fault::GuardSaid("no answer to this question")),
    };
    Ok(Reply(answer).into_response())
}

/// What was signed goes to the device as it is, whose guard alone says what it is worth. The page says what came of it.
pub(super) async fn finish_there(
    visitor: Visitor,
    Path(id): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &id).await?;
    let sent: Signed = serde_json::from_slice(&body).map_err(|_| Fault::Unreadable)?;
    if let On::There(afar, there) = &on {
        let number = afar.number;
        let note = afar::note(&visitor, &there.device)?.with("incident", number);
        visitor.tell("device.allow-asked", note).await?;
        afar::confirm(&visitor, afar.device, (sent.id, sent.answer), Some(number)).await?;
    }
    let to = format!("{}?done=signed", on.page());
    Ok(Reply(json!({ "go": to })).into_response())
}

/// The guard's question for this person; nothing is done yet.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other reply is no answer to this question"
)]
async fn ask(
    visitor: &Visitor,
    on: &On,
    time: Time,
) -> Result<Result<(Challenge, Vec<Allowed>), Why>, Fault> {
    let (id, seconds) = (on.number(), time.seconds());
    let said = match on {
        On::Here(id) => {
            let question = Question::Allow { id: *id, seconds };
            let guard = &visitor.hub.guard;
            guard.ask_for(visitor.person()?, question).await?
        }
        On::There(afar, _) => {
            let incident = afar.number;
            let wish = Wish::Allow { incident, seconds };
            match afar::challenge(visitor, afar.device, wish).await? {
                Ok(said) => said,
                Err(NoWord::Away) => return Ok(Err(Why::Away)),
                Err(NoWord::Guard) => return Ok(Err(Why::Silent)),
                Err(NoWord::Busy) => return Ok(Err(Why::Busy)),
            }
        }
    };
    match said {
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
        Why::NotAllowed(_) | Why::NotSigned(_) | Why::Busy | Why::Away | Why::Silent => {
            (sentence(why), Args::new())
        }
    };
    let said = visitor.speech.say(id, &args);
    match why {
        Why::NotSigned(NotSigned::NoKey | NotSigned::Damaged) => Way::NoKey(said),
        Why::NotSigned(_) | Why::NotAllowed(_) | Why::Busy | Why::Away | Why::Silent => {
            Way::Not(said)
        }
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
        Why::Away => Incidents::AfarAway,
        Why::Silent => Incidents::AfarGuardSilent,
    }
}

/// Back to the page, with the reason in its address.
fn again(on: &On, because: &Why) -> Value {
    let word = WHY.iter().find(|(_, said)| *said == sentence(because));
    let word = word.map_or("refused", |(word, _)| word);
    json!({ "go": format!("{}/allow?why={word}", on.page()) })
}

/// The sentence of a try that did nothing.
fn why(word: &str) -> Option<Incidents> {
    let found = WHY.iter().find(|(known, _)| *known == word);
    found.map(|(_, said)| *said)
}

const WHY: [(&str, Incidents); 11] = [
    ("settled", Incidents::AllowSettled),
    ("no-program", Incidents::AllowNoProgram),
    ("no-key", Incidents::AllowNoKey),
    ("damaged", Incidents::AllowDamaged),
    ("gone", Incidents::AllowGone),
    ("copied", Incidents::AllowCopied),
    ("otherwise", Incidents::AllowOtherwise),
    ("refused", Incidents::AllowRefused),
    ("busy", Incidents::DoneBusy),
    ("away", Incidents::AfarAway),
    ("silent", Incidents::AfarGuardSilent),
];
