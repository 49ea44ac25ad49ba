//! One incident: what was stopped, whether anything is lost, and the way back.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use hygie_acts::{Allowed, Incident};
use hygie_text::{
    Args,
    console::{Incidents, Shared},
};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{
    details::{Details, Shown, details},
    known,
    told::{Told, Wanted, Way, told},
    undo,
};
use crate::{
    pages::{
        bowl::Bowl,
        call::{Call, call},
    },
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        live,
        visitor::Visitor,
    },
};

#[derive(Template)]
#[template(path = "pages/incidents/one.html")]
struct Page {
    frame: Frame,
    part: String,
    /// The live part's address.
    live: String,
    /// What was done before this page came.
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/incidents/one_part.html")]
struct Part {
    frame: Frame,
    id: u64,
    told: Told,
    checked: String,
    call: Option<Call>,
}

/// The guard does not answer.
#[derive(Template)]
#[template(path = "pages/incidents/one_silent.html")]
struct Silent {
    frame: Frame,
    id: u64,
    bowl: String,
    checked: String,
    call: Option<Call>,
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    all: String,
}

impl Asked {
    fn shown(&self) -> Shown {
        match self.all.as_str() {
            "1" => Shown::All,
            _ => Shown::First,
        }
    }
}

/// What was told of the incident last; while it stays as it is, nothing is asked again.
type Last = Arc<Mutex<Option<(Incident, Details)>>>;

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id = undo::number(&id)?;
    let shown = asked.shown();
    let query = match shown {
        Shown::All => "?all=1",
        Shown::First => "",
    };
    page(&Page {
        part: drawn(&visitor, id, shown, &Last::default()).await?,
        frame: frame(&visitor, id),
        live: format!("/incidents/{id}/live{query}"),
        done: undo::done(&asked.done).map(|id| visitor.speech.word(id)),
    })
}

pub(super) async fn look_on(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let id = undo::number(&id)?;
    let (shown, last) = (asked.shown(), Last::default());
    Ok(live::part(visitor.clone(), move || {
        let (visitor, last) = (visitor.clone(), last.clone());
        async move { drawn(&visitor, id, shown, &last).await }
    }))
}

async fn drawn(visitor: &Visitor, id: u64, shown: Shown, last: &Last) -> Result<String, Fault> {
    let frame = frame(visitor, id);
    let checked = Args::new().moment("at", visitor.hub.now());
    let checked = visitor.speech.say(Incidents::Checked, &checked);
    let Some((incidents, allowed)) = known::ask(visitor).await? else {
        let part = Silent {
            frame,
            id,
            bowl: Bowl::Unknown.svg(),
            checked,
            call: call(visitor).await?,
        };
        return Ok(part.render()?);
    };
    let incident = incidents.into_iter().find(|incident| incident.id == id);
    let incident = incident.ok_or(Fault::NotFound)?;
    let mut last = last.lock().await;
    let known = last.take().filter(|(told, _)| *told == incident);
    let details = match known {
        Some((_, details)) => details,
        None => details(visitor, &incident, shown).await?,
    };
    let told = told(visitor, (&incident, &details), allows(&allowed, id), shown);
    *last = Some((incident, details));
    let part = Part {
        frame,
        id,
        call: if told.waits {
            call(visitor).await?
        } else {
            None
        },
        told,
        checked,
    };
    Ok(part.render()?)
}

fn allows(allowed: &[Allowed], id: u64) -> bool {
    allowed.iter().any(|one| one.incident == id)
}

fn frame(visitor: &Visitor, id: u64) -> Frame {
    let title = visitor
        .speech
        .say(Incidents::OneTitle, &Args::new().count("number", id));
    visitor.frame_named(Some(Place::Incidents), title)
}
