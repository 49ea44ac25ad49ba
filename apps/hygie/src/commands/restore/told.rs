//! What a restore will do and did, on the screen: the same for root and for whoever asks the guard.

use std::{path::PathBuf, time::Duration};

use hygie_model::Wall;
use hygie_text::{Args, Id};
use hygie_vault::{Outcome, Plan, Step, Trouble, Why};
use serde_json::json;

use crate::{
    commands::Context,
    screen::{Exit, path_fields},
};

/// What it will do.
#[derive(Default)]
pub(super) struct Planned {
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// The first files: a whole folder is told by its total, not by a thousand lines.
    pub(super) first: Vec<Written>,
    pub(super) aside: Vec<PathBuf>,
    pub(super) missing: Vec<(PathBuf, &'static str)>,
    /// What is not for whoever asks.
    pub(super) refused: Vec<PathBuf>,
}

/// A file that it will write.
pub(super) struct Written {
    pub(super) path: PathBuf,
    pub(super) since: Wall,
    pub(super) bytes: u64,
    pub(super) replaces: bool,
}

/// What it did.
#[derive(Default)]
pub(super) struct Done {
    pub(super) files: u64,
    pub(super) bytes: u64,
    pub(super) folders: u64,
    pub(super) symlinks: u64,
    pub(super) links: u64,
    pub(super) missing: u64,
    /// The names that what stood in the way has now.
    pub(super) aside: Vec<PathBuf>,
    pub(super) problems: Vec<Went>,
    pub(super) refused: Vec<PathBuf>,
}

/// Something that went wrong.
pub(super) struct Went {
    pub(super) path: PathBuf,
    pub(super) reason: String,
    pub(super) lost: bool,
}

impl Planned {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut planned = Self {
            bytes: plan.bytes(),
            ..Self::default()
        };
        for step in &plan.steps {
            match step {
                Step::File { path, version } => {
                    planned.files += 1;
                    if planned.first.len() < FIRST {
                        planned.first.push(Written {
                            path: path.clone(),
                            since: version.since,
                            bytes: version.len,
                            replaces: plan.into.join(path).exists(),
                        });
                    }
                }
                Step::Aside { path, .. } => planned.aside.push(path.clone()),
                Step::Missing { path, why } => planned.missing.push((path.clone(), word(*why))),
                Step::Folder { .. } | Step::Symlink { .. } | Step::Link { .. } => {}
            }
        }
        planned
    }

    pub(super) fn show(&self, context: &Context<'_>) {
        let screen = context.screen;
        screen.say(Id::RestorePlanTitle, &Args::new());
        for path in &self.aside {
            screen.say(Id::RestorePlanAside, &Args::new().path("path", path));
        }
        for file in &self.first {
            let id = if file.replaces {
                Id::RestorePlanReplace
            } else {
                Id::RestorePlanRecreate
            };
            let args = Args::new()
                .path("path", &file.path)
                .moment("since", file.since);
            screen.say(id, &args.bytes("bytes", file.bytes));
        }
        for (path, why) in &self.missing {
            let mut fields = path_fields(path);
            fields.insert("missing".into(), (*why).into());
            screen.json("restore.missing", fields.into());
        }
        tell_refused(context, &self.refused);
        let args = Args::new().count("files", self.files);
        screen.say(Id::RestorePlanTotal, &args.bytes("bytes", self.bytes));
        screen.say(Id::RestorePlanKeeps, &Args::new());
        screen.json(
            "restore.plan",
            json!({ "files": self.files, "bytes": self.bytes, "refused": self.refused.len() }),
        );
    }

    pub(super) fn exit(&self) -> Exit {
        if !self.missing.is_empty() {
            Exit::Lost
        } else if self.refused.is_empty() {
            Exit::Good
        } else {
            Exit::Partial
        }
    }
}

fn tell_refused(context: &Context<'_>, refused: &[PathBuf]) {
    for path in refused {
        let screen = context.screen;
        screen.say(Id::RestoreRefused, &Args::new().path("path", path));
        screen.json("restore.refused", path_fields(path).into());
    }
}

fn word(why: Why) -> &'static str {
    match why {
        Why::NeverKept => "never-kept",
        Why::Dropped => "dropped",
        Why::Lost => "lost",
    }
}

impl From<Outcome> for Done {
    fn from(outcome: Outcome) -> Self {
        let went = |problem: hygie_vault::Problem| Went {
            reason: problem.what.to_string(),
            lost: matches!(problem.what, Trouble::Damaged | Trouble::Gone),
            path: problem.path,
        };
        Self {
            files: outcome.files,
            bytes: outcome.bytes,
            folders: outcome.folders,
            symlinks: outcome.symlinks,
            links: outcome.links,
            missing: outcome.missing.len() as u64,
            aside: outcome.aside.into_iter().map(|(_, aside)| aside).collect(),
            problems: outcome.problems.into_iter().map(went).collect(),
            refused: Vec::new(),
        }
    }
}

impl Done {
    pub(super) fn tell(&self, context: &Context<'_>, spent: Duration) {
        let screen = context.screen;
        for aside in &self.aside {
            screen.say(Id::RestoreMovedAside, &Args::new().path("path", aside));
        }
        for problem in &self.problems {
            let args = Args::new()
                .path("path", &problem.path)
                .text("reason", &problem.reason);
            screen.say(Id::ErrorFile, &args);
        }
        tell_refused(context, &self.refused);
        let args = Args::new().count("files", self.files).spent("spent", spent);
        screen.say(Id::RestoreDone, &args);
        screen.json(
            "restore",
            json!({
                "files": self.files,
                "bytes": self.bytes,
                "folders": self.folders,
                "symlinks": self.symlinks,
                "links": self.links,
                "missing": self.missing,
                "problems": self.problems.len(),
                "refused": self.refused.len(),
            }),
        );
    }

    pub(super) fn exit(&self) -> Exit {
        if self.missing > 0 || self.problems.iter().any(|problem| problem.lost) {
            Exit::Lost
        } else if self.problems.is_empty() && self.refused.is_empty() {
            Exit::Good
        } else {
            Exit::Partial
        }
    }
}

const FIRST: usize = 20;
