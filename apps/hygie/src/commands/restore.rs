//! `hygie restore FILE|FOLDER`: first the plan, then the act.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::Result;
use hygie_model::FileId;
use hygie_platform::clock;
use hygie_text::{Args, Id};
use hygie_vault::{
    Entry, Fingerprint, Outcome, Plan, Reader, Step, Trouble, Vault, VaultError, Why, read_metadata,
};
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
    let planned = match asked.version {
        Some(number) => plan_number(&reader, &path, number, to.as_deref())?,
        None => reader.plan_restore(&path, at, to.as_deref()),
    };
    let plan = match planned {
        Ok(plan) => plan,
        Err(VaultError::UnknownPath { .. }) => {
            let before = at.unwrap_or_else(clock::wall);
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
    let present = keep_present(context, &reader, &plan)?;
    if present > 0 {
        context.screen.say(
            Id::RestoreKeptPresent,
            &Args::new().count("versions", present),
        );
    }
    let began = clock::mono();
    let outcome = plan.run(&reader)?;
    tell(context, &outcome, clock::mono().since(began));
    Ok(exit_of(&outcome))
}

/// The plan for one version of a file, by its number.
fn plan_number(
    reader: &Reader,
    path: &Path,
    number: i64,
    to: Option<&Path>,
) -> Result<Result<Plan, VaultError>> {
    let found = match reader.lookup(path, None) {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let versions = reader.versions(FileId(found.node))?;
    let name = versions
        .iter()
        .map(|past| past.stored.version.name)
        .find(|name| name.seq == number)
        .ok_or_else(|| {
            let args = Args::new()
                .text("version", &number.to_string())
                .path("path", path);
            said(Id::ErrorVersion, args)
        })?;
    Ok(reader.plan_version(name, to.unwrap_or(path)))
}

/// Keeps what stands where the plan writes. A guard that runs does so by itself: it holds the
/// restore like any other program; without one it is done here. What the index does not know
/// (a place outside the protected folders) is moved aside instead.
fn keep_present(context: &Context<'_>, reader: &Reader, plan: &Plan) -> Result<u64> {
    let guarded = is_guarded(context);
    let mut entries = Vec::new();
    let mut store = None;
    for step in &plan.steps {
        let Step::File { path, .. } = step else {
            continue;
        };
        let target = plan.into.join(path);
        let Ok(file) = File::open(&target) else {
            continue;
        };
        match reader.lookup(&target, None) {
            Ok(found) if found.until.is_none() => {
                if guarded {
                    continue;
                }
                if store.is_none() {
                    store = Some(Vault::open(&context.state().vault())?);
                }
                let Some(store) = &store else { continue };
                entries.push(present_version(store, FileId(found.node), &file)?);
            }
            Ok(_) | Err(VaultError::UnknownPath { .. }) => {
                let aside = aside(&target);
                std::fs::rename(&target, &aside)?;
                context
                    .screen
                    .say(Id::RestoreMovedAside, &Args::new().path("path", &aside));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let count = entries.len() as u64;
    if let Some(mut store) = store {
        store.commit(entries, clock::wall())?;
    }
    Ok(count)
}

fn present_version(store: &Vault, file: FileId, source: &File) -> Result<Entry> {
    let meta = read_metadata(source)?;
    let content = store.objects().take(source)?;
    let now = clock::wall();
    // No fingerprint that a guard could take for the file's present state: it is about to go.
    let fingerprint = Fingerprint {
        size: content.len(),
        mtime_ns: meta.mtime_ns,
        ctime_ns: 0,
    };
    Ok(Entry::Version {
        file,
        content,
        since: now,
        meta,
        fingerprint,
    })
}

/// A name beside `path` that nothing has yet.
fn aside(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    (1_u32..)
        .map(|number| path.with_file_name(format!("{name}.avant-{number}")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| path.to_path_buf())
}

#[cfg(target_os = "linux")]
fn is_guarded(context: &Context<'_>) -> bool {
    hygie_agent::door::Caller::knock(&context.state().socket()).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn is_guarded(_context: &Context<'_>) -> bool {
    false
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
                    let args = Args::new()
                        .path("path", path)
                        .moment("since", version.since);
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
    screen.say(
        Id::RestorePlanTotal,
        &Args::new()
            .count("files", files)
            .bytes("bytes", plan.bytes()),
    );
    screen.say(Id::RestorePlanKeeps, &Args::new());
    screen.json(
        "restore.plan",
        json!({ "files": files, "bytes": plan.bytes() }),
    );
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
        let args = Args::new()
            .path("path", &problem.path)
            .text("reason", &reason);
        screen.say(Id::ErrorFile, &args);
    }
    screen.say(
        Id::RestoreDone,
        &Args::new()
            .count("files", outcome.files)
            .spent("spent", spent),
    );
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
    if plan
        .steps
        .iter()
        .any(|step| matches!(step, Step::Missing { .. }))
    {
        Exit::Lost
    } else {
        Exit::Good
    }
}

fn exit_of(outcome: &Outcome) -> Exit {
    let damaged =
        |problem: &hygie_vault::Problem| matches!(problem.what, Trouble::Damaged | Trouble::Gone);
    if !outcome.missing.is_empty() || outcome.problems.iter().any(damaged) {
        Exit::Lost
    } else if outcome.problems.is_empty() {
        Exit::Good
    } else {
        Exit::Partial
    }
}
