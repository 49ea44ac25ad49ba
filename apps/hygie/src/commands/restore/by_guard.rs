//! A restore by the guard, for somebody who is not root: asked for twice, as a plan and as an act.

use std::{path::Path, time::Duration};

use anyhow::Result;
use hygie_agent::door::{Caller, OutcomeTold, Pick, PlanTold, Question, Reply, Told, WhyTold};
use hygie_text::{Args, Id};

use super::{
    Wanted,
    told::{Done, Planned, Went, Written},
};
use crate::{commands::asked, screen::said};

pub(super) fn plan(caller: &mut Caller, path: &Path, wanted: Wanted) -> Result<Planned> {
    let question = Question::Plan {
        path: path.into(),
        pick: pick(wanted),
    };
    let reply = asked::put(caller, &question)?;
    if let Reply::Plan(plan) = reply {
        return Ok((*plan).into());
    }
    Err(no_answer(reply, path, wanted))
}

pub(super) fn run(caller: &mut Caller, path: &Path, wanted: Wanted) -> Result<Done> {
    let question = Question::Restore {
        path: path.into(),
        pick: pick(wanted),
    };
    caller.waits(PATIENCE)?;
    let reply = asked::put(caller, &question)?;
    if let Reply::Restored(done) = reply {
        return Ok((*done).into());
    }
    Err(no_answer(reply, path, wanted))
}

fn pick(wanted: Wanted) -> Pick {
    match wanted {
        Wanted::Newest => Pick::Newest,
        Wanted::At(at) => Pick::At { at },
        Wanted::Number(number) => Pick::Number { number },
    }
}

fn no_answer(reply: Reply, path: &Path, wanted: Wanted) -> anyhow::Error {
    if reply == Reply::Unknown {
        return wanted.unknown(path);
    }
    let refused = said(Id::ErrorNotAllowed, Args::new().path("path", path));
    asked::no_answer(reply, refused)
}

impl From<PlanTold> for Planned {
    fn from(told: PlanTold) -> Self {
        let written = told.first.into_iter().map(|file| Written {
            path: file.path.0,
            since: file.since,
            bytes: file.bytes,
            replaces: file.replaces,
        });
        let missing = told.missing.into_iter().map(|missing| {
            let why = match missing.why {
                WhyTold::NeverKept => "never-kept",
                WhyTold::Dropped => "dropped",
                WhyTold::Lost => "lost",
            };
            (missing.path.0, why)
        });
        Self {
            files: told.files,
            bytes: told.bytes,
            first: written.collect(),
            aside: paths(told.aside),
            missing: missing.collect(),
            refused: paths(told.refused),
        }
    }
}

impl From<OutcomeTold> for Done {
    fn from(told: OutcomeTold) -> Self {
        let went = told.problems.into_iter().map(|problem| Went {
            path: problem.path.0,
            reason: problem.reason,
            lost: problem.lost,
        });
        Self {
            files: told.files,
            bytes: told.bytes,
            folders: told.folders,
            symlinks: told.symlinks,
            links: told.links,
            missing: told.missing,
            aside: paths(told.aside),
            problems: went.collect(),
            refused: paths(told.refused),
        }
    }
}

fn paths(told: Vec<Told>) -> Vec<std::path::PathBuf> {
    told.into_iter().map(|path| path.0).collect()
}

/// A restore of a whole practice takes its time; when the guard ends, this is known at once.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
