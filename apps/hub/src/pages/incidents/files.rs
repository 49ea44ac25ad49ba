//! The touched files: what happened to each, since when it has its healthy version, and what becomes of it.

use std::path::Path;

use hygie_acts::{Incident, State};
use hygie_agent::incidents::{DeedTold, TouchedTold, UndoTold, words};
use hygie_model::Wall;
use hygie_text::{Args, console::Incidents, shown};

use super::details::{Details, Shown};
use crate::web::{icon::Icon, visitor::Visitor};

/// The touched files.
pub(super) struct Files {
    pub(super) title: String,
    /// The folder that all shown files are in.
    pub(super) folder: String,
    pub(super) rows: Vec<FileRow>,
    /// To the other choice of how many, with its words.
    pub(super) other: Option<(&'static str, String)>,
    pub(super) beyond: Option<String>,
}

/// One file.
pub(super) struct FileRow {
    pub(super) name: String,
    pub(super) deeds: String,
    pub(super) healthy: Option<String>,
    pub(super) tag: &'static str,
    pub(super) icon: String,
    pub(super) word: String,
}

/// The list; nothing where files are not told.
pub(super) fn files(
    visitor: &Visitor,
    (incident, details): (&Incident, &Details),
    shown_files: Shown,
) -> Option<Files> {
    let speech = &visitor.speech;
    let told = details.told.as_ref()?;
    let named = told.files.len();
    let visible = told.files.get(..shown_files.files().min(named))?;
    let folder = folder(&visible.iter().collect::<Vec<_>>());
    let all = named as u64 + told.more;
    let count = Args::new().count("files", all);
    let title = if visible.len() as u64 == all {
        speech.say(Incidents::FilesAllTitle, &count)
    } else {
        let count = count.count("shown", visible.len() as u64);
        speech.say(Incidents::FilesTitle, &count)
    };
    let count = Args::new().count("files", named as u64);
    let other = match shown_files {
        Shown::First if visible.len() < named => {
            Some(("?all=1", speech.say(Incidents::FilesAll, &count)))
        }
        Shown::All if named > Shown::First.files() => Some(("", speech.word(Incidents::FilesFew))),
        Shown::First | Shown::All => None,
    };
    let rows = visible.iter().enumerate().map(|(at, file)| {
        let healthy = details.healthy.get(at).copied().flatten();
        row(visitor, (incident, details), (file, healthy), folder)
    });
    Some(Files {
        title,
        rows: rows.collect(),
        folder: shown(&folder.to_string_lossy()),
        other,
        beyond: (told.more > 0).then(|| {
            speech.say(
                Incidents::FilesBeyond,
                &Args::new().count("files", told.more),
            )
        }),
    })
}

fn row(
    visitor: &Visitor,
    (incident, details): (&Incident, &Details),
    (file, healthy): (&TouchedTold, Option<Wall>),
    folder: &Path,
) -> FileRow {
    let speech = &visitor.speech;
    let path = &file.path.0;
    let name = path.strip_prefix(folder).unwrap_or(path);
    let deeds: Vec<String> = file
        .deeds
        .iter()
        .map(|deed| speech.word(words::deed(*deed)))
        .collect();
    let becomes = becomes(incident.state, details.plan.as_ref(), file, healthy);
    let (tag, icon, word) = match becomes {
        Becomes::Kept => ("tag--ok", Icon::BowlOk, Incidents::FileKept),
        Becomes::Back => ("tag--ok", Icon::BowlOk, Incidents::FileBack),
        Becomes::Not => ("tag--now", Icon::BowlTodo, Incidents::FileNot),
        Becomes::Made => ("tag--idk", Icon::BowlIdk, Incidents::FileMade),
        Becomes::Unknown => ("tag--idk", Icon::BowlIdk, Incidents::FileUnknown),
    };
    // What the program made itself has no state of before.
    let healthy = healthy.filter(|_| !matches!(becomes, Becomes::Made | Becomes::Not));
    FileRow {
        name: shown(&name.to_string_lossy()),
        deeds: deeds.join(", "),
        healthy: healthy
            .map(|since| speech.say(Incidents::HealthySince, &Args::new().moment("since", since))),
        tag,
        icon: icon.svg(),
        word: speech.word(word),
    }
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    /// Its state of before can be had back.
    Kept,
    /// It has it back.
    Back,
    /// It will not get it back, or did not.
    Not,
    /// There was none.
    Made,
    /// Nobody can say.
    Unknown,
}

/// The guard's plan knows best.
fn becomes(
    state: State,
    plan: Option<&UndoTold>,
    file: &TouchedTold,
    healthy: Option<Wall>,
) -> Becomes {
    if file.deeds.first() == Some(&DeedTold::Made) {
        return Becomes::Made;
    }
    let fails = plan.is_some_and(|plan| plan.problems.iter().any(|side| side.path == file.path));
    match (state, plan) {
        (State::Stopped | State::EndedEvidenceKept | State::Undone, _) if fails => Becomes::Not,
        (State::Undone, Some(_)) => Becomes::Back,
        (State::Stopped | State::EndedEvidenceKept, Some(_)) => Becomes::Kept,
        (_, _) if healthy.is_some() => Becomes::Kept,
        (_, _) => Becomes::Unknown,
    }
}

/// The folder that all of them are in.
pub(super) fn folder<'a>(files: &[&'a TouchedTold]) -> &'a Path {
    let mut folders = files.iter().filter_map(|file| file.path.0.parent());
    let Some(mut common) = folders.next() else {
        return Path::new("");
    };
    for folder in folders {
        while !folder.starts_with(common) {
            common = common.parent().unwrap_or(Path::new(""));
        }
    }
    common
}
