//! The files that a stopped program touched on another device: asked of its guard each time somebody looks, shown, and kept
//! nowhere here. What is to be put back goes by the device's numbers of versions.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use hygie_agent::{
    door::{Reply, TouchedNow},
    incidents::words,
};
use hygie_identity::Act;
use hygie_text::{
    Args,
    console::{Incidents, Shared},
    shown,
};
use hygie_wire::{Deed, Wish};
use serde::Deserialize;

use super::{
    afar::{self, Afar, There},
    files::folder,
};
use crate::{
    pages::{
        afar::{DAY, ask, command, note, silent},
        bowl::Bowl,
    },
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

#[derive(Template)]
#[template(path = "pages/incidents/afar_files.html")]
struct Page {
    frame: Frame,
    bowl: String,
    sentence: String,
    about: String,
    of: String,
    /// The folder that all are in.
    folder: String,
    rows: Vec<Row>,
    beyond: Option<String>,
    /// All numbers that can be put back, and the words of the button.
    all: Option<(String, String)>,
    why: Option<String>,
}

struct Row {
    name: String,
    deeds: String,
    healthy: Option<String>,
    /// The version's number.
    number: Option<i64>,
}

#[derive(Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    why: String,
}

pub(super) async fn show(
    visitor: Visitor,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let afar = Afar::parse(&id)?;
    let there = afar.look(&visitor).await?;
    let speech = &visitor.speech;
    let device = shown(&there.device.name);
    let mut shown = Page {
        frame: afar::frame(&visitor, afar),
        bowl: Bowl::Unknown.svg(),
        sentence: String::new(),
        about: speech.word(Incidents::AfarFilesAbout),
        of: afar.page(),
        folder: String::new(),
        rows: Vec::new(),
        beyond: None,
        all: None,
        why: (wanted.why == "none").then(|| speech.word(Incidents::AfarFilesChoose)),
    };
    if there.device.retired.is_some() {
        shown.sentence = speech.word(Incidents::AfarRetired);
        return page(&shown);
    }
    let told = note(&visitor, &there.device)?.with("incident", afar.number);
    visitor.tell("device.files-looked", told).await?;
    let incident = afar.number;
    match ask(&visitor, afar.device, Wish::Files { incident }).await? {
        Ok(Reply::Touched { files, more }) => fill(&visitor, &mut shown, (&files, more), &device),
        Ok(Reply::Unknown) => return Err(Fault::NotFound),
        Ok(Reply::Busy) => shown.sentence = speech.word(Incidents::DoneBusy),
        // A guard of before does not know the question.
        Ok(_) => shown.sentence = speech.word(Incidents::AfarGuardSilent),
        Err(why) => shown.sentence = speech.word(silent(why)),
    }
    page(&shown)
}

fn fill(visitor: &Visitor, shown: &mut Page, (files, more): (&[TouchedNow], u64), device: &str) {
    let speech = &visitor.speech;
    let touched: Vec<_> = files.iter().map(|file| &file.file).collect();
    let folder = folder(&touched);
    let count = Args::new().count("files", files.len() as u64 + more);
    shown.bowl = Bowl::Held(Vec::new()).svg();
    shown.sentence = speech.say(Incidents::AfarFilesTitle, &count.text("device", device));
    shown.folder = hygie_text::shown(&folder.to_string_lossy());
    let row = |file: &TouchedNow| {
        let path = &file.file.path.0;
        let name = path.strip_prefix(folder).unwrap_or(path);
        let deeds = file.file.deeds.iter();
        let deeds: Vec<String> = deeds.map(|deed| speech.word(words::deed(*deed))).collect();
        Row {
            name: hygie_text::shown(&name.to_string_lossy()),
            deeds: deeds.join(", "),
            healthy: file.healthy.map(|healthy| {
                let since = Args::new().moment("since", healthy.since);
                speech.say(Incidents::HealthySince, &since)
            }),
            number: file.healthy.map(|healthy| healthy.number),
        }
    };
    shown.rows = files.iter().map(row).collect();
    if visitor.may(Act::RestoreVersion) {
        let mut numbers: Vec<i64> = shown.rows.iter().filter_map(|row| row.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let count = Args::new().count("files", numbers.len() as u64);
        let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        shown.all = (!numbers.is_empty()).then(|| {
            let words = speech.say(Incidents::AfarRestoreAll, &count);
            (numbers.join(","), words)
        });
    }
    shown.beyond = (more > 0).then(|| {
        let beyond = Args::new().count("files", more);
        speech.say(Incidents::FilesBeyond, &beyond)
    });
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    versions: String,
}

pub(super) async fn restore(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(chosen): Sent<Chosen>,
) -> Result<Response, Fault> {
    let afar = Afar::parse(&id)?;
    let there: There = afar.look(&visitor).await?;
    if there.device.retired.is_some() || there.waits(visitor.now) {
        return Ok(see(&afar.page()));
    }
    let numbers = chosen.versions.split(',').map(str::parse);
    let Ok(mut versions) = numbers.collect::<Result<Vec<i64>, _>>() else {
        return Ok(see(&format!("{}/files?why=none", afar.page())));
    };
    versions.sort_unstable();
    versions.dedup();
    versions.truncate(MOST);
    let told = note(&visitor, &there.device)?
        .with("incident", afar.number)
        .with("files", versions.len());
    visitor.tell("device.restore-asked", told).await?;
    // Few at a time: the page says how far it is.
    for some in versions.chunks(AT_A_TIME) {
        let deed = Deed::RestoreSome {
            incident: afar.number,
            versions: some.to_vec(),
        };
        command(&visitor, afar.device, &deed, DAY).await?;
    }
    Ok(see(&format!("{}?done=asked", afar.page())))
}

/// As many as the guard names.
const MOST: usize = 100;
/// Of one command. A device does 60 commands an hour at most.
const AT_A_TIME: usize = 10;
