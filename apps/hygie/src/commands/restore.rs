//! `hygie restore FILE|FOLDER`: first the plan, then the act.

use std::time::Instant;

use anyhow::Result;
use hygie_model::Wall;
use hygie_text::{Args, Id};
use hygie_vault::{Outcome, Plan, Step, Trouble, VaultError, Why};
use jiff::ZonedDateTime;
use serde_json::json;

use super::{Context, absolute, versions::open};
use crate::{
    cli::Restore,
    screen::{Exit, path_fields, said},
    when,
};

pub(crate) fn run(context: &Context<'_>, asked: &Restore) -> Result<Exit> {
    let path = absolute(&asked.path)?;
    let to = asked.to.as_deref().map(absolute).transpose()?;
    let at = match &asked.at {
        Some(text) => Some(
            when::parse(text, &ZonedDateTime::now())
                .ok_or_else(|| said(Id::ErrorTime, Args::new().text("text", text)))?,
        ),
        None => None,
    };
    let reader = open(context)?;
    let plan = match reader.plan_restore(&path, at, to.as_deref()) {
        Ok(plan) => plan,
        Err(VaultError::UnknownPath { .. }) => {
            let before = at.unwrap_or_else(|| Wall(i64::try_from(ZonedDateTime::now().timestamp().as_nanosecond()).unwrap_or(0)));
            let args = Args::new().path("path", &path).moment("before", before);
            return Err(said(Id::RestoreMissing, args));
        }
        Err(other) => return Err(other.into()),
    };
    show(context, &plan);
    if asked.dry_run {
        return Ok(exit_of_plan(&plan));
    }
    if !context.screen.asks(Id::RestoreAsk, context.yes) {
        context.screen.say(Id::RestoreCancelled, &Args::new());
        return Ok(Exit::Failed);
    }
    #[expect(clippy::disallowed_methods, reason = "measured for the person who waits")]
    let began = Instant::now();
    let outcome = plan.run(&reader)?;
    tell(context, &outcome, began.elapsed());
    Ok(exit_of(&outcome))
}

fn show(context: &Context<'_>, plan: &Plan) {
    let screen = context.screen;
    screen.say(Id::RestorePlanTitle, &Args::new());
    let mut files = 0;
    for step in &plan.steps {
        match step {
            Step::File { path, version } => {
                files += 1;
                // A whole folder is told by its total, not by a thousand lines.
                if files <= 20 {
                    let id = if plan.into.join(path).exists() {
                        Id::RestorePlanReplace
                    } else {
                        Id::RestorePlanRecreate
                    };
                    let args = Args::new().path("path", path).moment("since", version.since);
                    screen.say(id, &args.bytes("bytes", version.len));
                }
            }
            Step::Aside { path, .. } => {
                screen.say(Id::RestorePlanAside, &Args::new().path("path", path));
            }
            Step::Missing { path, why } => {
                let mut fields = path_fields(path);
                fields.insert("missing".into(), word(*why).into());
                screen.json("restore.missing", fields.into());
            }
            Step::Folder { .. } | Step::Symlink { .. } | Step::Link { .. } => {}
        }
    }
    screen.say(Id::RestorePlanTotal, &Args::new().count("files", files).bytes("bytes", plan.bytes()));
    screen.say(Id::RestorePlanKeeps, &Args::new());
    screen.json("restore.plan", json!({ "files": files, "bytes": plan.bytes() }));
}

fn word(why: Why) -> &'static str {
    match why {
        Why::NeverKept => "never-kept",
        Why::Dropped => "dropped",
        Why::Lost => "lost",
    }
}

fn tell(context: &Context<'_>, outcome: &Outcome, spent: std::time::Duration) {
    let screen = context.screen;
    for (_, aside) in &outcome.aside {
        screen.say(Id::RestoreMovedAside, &Args::new().path("path", aside));
    }
    for problem in &outcome.problems {
        let reason = problem.what.to_string();
        let args = Args::new().path("path", &problem.path).text("reason", &reason);
        screen.say(Id::ErrorFile, &args);
    }
    screen.say(Id::RestoreDone, &Args::new().count("files", outcome.files).spent("spent", spent));
    screen.json(
        "restore",
        json!({
            "files": outcome.files,
            "bytes": outcome.bytes,
            "folders": outcome.folders,
            "symlinks": outcome.symlinks,
            "links": outcome.links,
            "missing": outcome.missing.len(),
            "problems": outcome.problems.len(),
        }),
    );
}

fn exit_of_plan(plan: &Plan) -> Exit {
    if plan.steps.iter().any(|step| matches!(step, Step::Missing { .. })) {
        Exit::Lost
    } else {
        Exit::Good
    }
}

fn exit_of(outcome: &Outcome) -> Exit {
    let damaged = |problem: &hygie_vault::Problem| {
        matches!(problem.what, Trouble::Damaged | Trouble::Gone)
    };
    if !outcome.missing.is_empty() || outcome.problems.iter().any(damaged) {
        Exit::Lost
    } else if outcome.problems.is_empty() {
        Exit::Good
    } else {
        Exit::Partial
    }
}
