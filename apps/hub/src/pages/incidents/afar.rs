//! An incident of another device, as that device told it: counts and reasons, no name of anything. What is to be done about it
//! is asked of the device, and the page says what came of that. Names are on a page of their own, asked for each time.

use std::time::Duration;

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use hygie_acts::{Reason, State};
use hygie_agent::incidents::words;
use hygie_identity::Act;
use hygie_model::{DeviceId, Wall};
use hygie_store::{Command, Device, Incident};
use hygie_text::{
    Args,
    console::{Incidents, Shared},
    shown,
};
use hygie_wire::{Deed, Fact};
use serde::Deserialize;
use uuid::Uuid;

use super::{afar_asked, ball, known};
use crate::{
    pages::{afar, bowl::Bowl},
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        live,
        visitor::Visitor,
    },
};

/// Which incident of which device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Afar {
    pub(super) device: DeviceId,
    pub(super) number: u64,
}

/// What the hub knows of it.
pub(super) struct There {
    pub(super) device: Device,
    pub(super) incident: Incident,
    pub(super) state: State,
    /// What was asked of the device about it last: one command, or several of one click.
    pub(super) asked: Vec<(Command, Deed)>,
}

/// What can be done about it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Undo,
    UndoByOthers,
    Redo,
    /// Stop it again.
    Freeze,
    /// The device was retired.
    Gone,
    None,
}

/// Letting it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allow {
    /// She may sign.
    Here,
    /// Others may.
    ByOthers,
    No,
}

#[derive(Template)]
#[template(path = "pages/incidents/afar.html")]
struct Page {
    frame: Frame,
    part: String,
    live: String,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/incidents/afar_part.html")]
struct Part {
    frame: Frame,
    page: String,
    bowl: String,
    sentence: String,
    second: Option<String>,
    about: String,
    still: String,
    checked: String,
    asked: Option<afar_asked::Told>,
    way: Way,
    reasons: Vec<String>,
    /// Whether the names of files may be shown.
    files: bool,
    allow: Allow,
    /// It waits for a person.
    waits: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    done: String,
}

/// The address of its page.
pub(super) fn page_of(device: DeviceId, number: u64) -> String {
    format!("/incidents/on/{}.{number}", device.0)
}

impl Afar {
    /// As it stands in an address.
    pub(super) fn parse(id: &str) -> Result<Self, Fault> {
        let (device, number) = id.split_once('.').ok_or(Fault::NotFound)?;
        Ok(Self {
            device: DeviceId(Uuid::try_parse(device).map_err(|_| Fault::NotFound)?),
            number: number.parse().map_err(|_| Fault::NotFound)?,
        })
    }

    pub(super) fn page(self) -> String {
        page_of(self.device, self.number)
    }

    /// What is known of it.
    pub(super) async fn look(self, visitor: &Visitor) -> Result<There, Fault> {
        let practice = visitor.practice()?;
        let device = practice.device(self.device).await?;
        let incident = practice.incident(self.device, self.number).await?;
        let (Some(device), Some(incident)) = (device, incident) else {
            return Err(Fault::NotFound);
        };
        let newest = afar::newest(visitor, self.device).await?;
        let about = newest
            .into_iter()
            .filter(|(_, deed)| deed.about() == Some(self.number));
        let mut asked: Vec<_> = about.collect();
        let last = asked.first().map(|(command, _)| command.made);
        asked.retain(|(command, _)| Some(command.made) == last);
        Ok(There {
            // A word of a newer Hygie: somebody should look.
            state: known::state(&incident.state).unwrap_or(State::EndedEvidenceKept),
            asked,
            device,
            incident,
        })
    }
}

impl There {
    /// Whether the device was asked for something that it has not answered, and still may do.
    pub(super) fn waits(&self, now: Wall) -> bool {
        self.asked
            .iter()
            .any(|(command, _)| command.done.is_none() && command.command.expires > now)
    }

    fn way(&self, visitor: &Visitor, now: Wall) -> Way {
        let may_undo = visitor.may(Act::UndoIncident);
        match (self.state, may_undo) {
            _ if self.device.retired.is_some() => Way::Gone,
            _ if self.waits(now) => Way::None,
            (State::Stopped | State::EndedEvidenceKept, true) => Way::Undo,
            (State::Stopped | State::EndedEvidenceKept, false) => Way::UndoByOthers,
            (State::Undone, true) => Way::Redo,
            (State::Allowed, _) if visitor.may(Act::EndAllowance) => Way::Freeze,
            (State::Undone, false) | (State::Allowed, _) => Way::None,
        }
    }
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<Wish>,
) -> Result<Response, Fault> {
    let afar = Afar::parse(&id)?;
    let done = match query.done.as_str() {
        "asked" => Some(visitor.speech.word(Incidents::AfarDoneAsked)),
        "signed" => Some(visitor.speech.word(Incidents::AfarDoneSigned)),
        _ => None,
    };
    page(&Page {
        part: drawn(&visitor, afar).await?,
        frame: frame(&visitor, afar),
        live: format!("{}/live", afar.page()),
        done,
    })
}

pub(super) async fn look_on(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let afar = Afar::parse(&id)?;
    Ok(live::part(visitor.clone(), move || {
        let visitor = visitor.clone();
        async move { drawn(&visitor, afar).await }
    }))
}

async fn drawn(visitor: &Visitor, afar: Afar) -> Result<String, Fault> {
    let there = afar.look(visitor).await?;
    let (speech, now) = (&visitor.speech, visitor.hub.now());
    let (sentence, second) = match there.state {
        State::Stopped => (Incidents::Stopped, Some(Incidents::Kept)),
        State::EndedEvidenceKept => (Incidents::Ended, Some(Incidents::Kept)),
        State::Undone => (Incidents::Undone, Some(Incidents::UndoneSecond)),
        State::Allowed => (Incidents::Allowed, Some(Incidents::AllowedSecond)),
    };
    let is_open = there.state.is_open();
    let is_present = there.device.retired.is_none();
    let part = Part {
        frame: frame(visitor, afar),
        page: afar.page(),
        bowl: Bowl::Held(vec![ball(there.state)]).svg(),
        sentence: speech.word(sentence),
        second: second.map(|second| speech.word(second)),
        about: about(visitor, &there),
        still: speech.word(match there.state {
            State::Stopped => Incidents::StillStopped,
            State::EndedEvidenceKept => Incidents::StillEnded,
            State::Undone => Incidents::StillUndone,
            State::Allowed => Incidents::StillAllowed,
        }),
        checked: speech.say(Incidents::Checked, &Args::new().moment("at", now)),
        asked: afar_asked::told(visitor, &there, now),
        way: there.way(visitor, now),
        reasons: reasons(visitor, &there),
        waits: is_open,
        files: is_present && visitor.may(Act::SeeIncidents),
        allow: match (is_open && is_present, visitor.may(Act::AllowIncident)) {
            (true, true) => Allow::Here,
            (true, false) if visitor.may(Act::SeeIncidents) => Allow::ByOthers,
            (true | false, _) => Allow::No,
        },
    };
    Ok(part.render()?)
}

fn about(visitor: &Visitor, there: &There) -> String {
    let speech = &visitor.speech;
    let device = shown(&there.device.name);
    let fact = there.incident.body.get::<Fact>().ok();
    let Some(Fact::Incident {
        stopped,
        first_harm,
        files,
        ..
    }) = fact
    else {
        let args = Args::new().moment("at", there.incident.began);
        return speech.say(Incidents::AfarAbout, &args.text("device", &device));
    };
    let at = stopped.unwrap_or(there.incident.began);
    let args = Args::new().moment("at", at).text("device", &device);
    let first = speech.say(Incidents::AfarAbout, &args);
    let (Some(harm), true) = (first_harm, files > 0) else {
        return first;
    };
    let nanos = u64::try_from(at.0.saturating_sub(harm.0)).unwrap_or(0);
    let args = Args::new()
        .count("files", files)
        .spent("spent", Duration::from_nanos(nanos));
    format!("{first} {}", speech.say(Incidents::Touched, &args))
}

fn reasons(visitor: &Visitor, there: &There) -> Vec<String> {
    let Ok(Fact::Incident { reasons, .. }) = there.incident.body.get::<Fact>() else {
        return Vec::new();
    };
    let counted = reasons.into_iter().filter(|reason| reason.hundredths > 0);
    let said = counted.map(|reason| {
        let (id, args) = words::reason(&Reason {
            signal: reason.name,
            hundredths: reason.hundredths,
            points: reason.points,
        });
        visitor.speech.say(id, &args)
    });
    said.collect()
}

pub(super) fn frame(visitor: &Visitor, afar: Afar) -> Frame {
    let args = Args::new().count("number", afar.number);
    let title = visitor.speech.say(Incidents::OneTitle, &args);
    visitor.frame_named(Some(Place::Incidents), title)
}
