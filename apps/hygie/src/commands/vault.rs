//! `hygie vault check|forget`: reads every version back; takes a file out for good.

use std::{path::Path, time::Duration};

use anyhow::Result;
use hygie_text::{Args, Id};
use hygie_vault::{Vault as Store, VaultError};
use serde_json::json;

use super::{Context, absolute, versions::open};
use crate::{
    cli::Vault,
    screen::{Exit, said},
};

pub(crate) fn run(context: &Context<'_>, verb: Vault) -> Result<Exit> {
    match verb {
        Vault::Check => check(context),
        Vault::Forget { file } => forget(context, &file),
    }
}

fn check(context: &Context<'_>) -> Result<Exit> {
    let screen = context.screen;
    let reader = open(context)?;
    let began = hygie_platform::clock::mono();
    let report = reader.check(&mut |_| {})?;
    let spent = hygie_platform::clock::mono().since(began);
    let (missing, damaged) = (report.missing.len() as u64, report.damaged.len() as u64);
    if report.is_sound() {
        let args = Args::new()
            .count("versions", report.objects)
            .bytes("bytes", report.bytes);
        screen.say(Id::VaultGood, &args.spent("spent", spent));
    }
    if missing > 0 {
        screen.say(Id::VaultMissing, &Args::new().count("versions", missing));
    }
    if damaged > 0 {
        screen.say(Id::VaultChanged, &Args::new().count("versions", damaged));
    }
    screen.json(
        "vault.check",
        json!({
            "objects": report.objects,
            "bytes": report.bytes,
            "missing": report.missing,
            "damaged": report.damaged,
            "orphans": report.orphans.len(),
            "index": report.index,
        }),
    );
    Ok(if report.is_sound() {
        Exit::Good
    } else {
        Exit::Lost
    })
}

/// What was forgotten.
struct Forgotten {
    versions: u64,
    bytes: u64,
    still_held: Vec<std::path::PathBuf>,
    present: Vec<std::path::PathBuf>,
}

fn forget(context: &Context<'_>, file: &Path) -> Result<Exit> {
    let screen = context.screen;
    let path = absolute(file)?;
    let unknown = || said(Id::ForgetUnknown, Args::new().path("path", &path));
    let reader = open(context)?;
    let found = reader.lookup(&path, None).map_err(|error| {
        if matches!(error, VaultError::UnknownPath { .. }) {
            unknown()
        } else {
            error.into()
        }
    })?;
    let versions = reader.versions(hygie_model::FileId(found.node))?;
    let bytes = versions.iter().map(|past| past.stored.version.len).sum();
    let args = Args::new()
        .path("path", &path)
        .count("versions", versions.len() as u64);
    screen.say(Id::ForgetPlan, &args.bytes("bytes", bytes));
    if !screen.asks(Id::ForgetAsk, context.yes) {
        screen.say(Id::RestoreCancelled, &Args::new());
        return Ok(Exit::Failed);
    }
    drop(reader);
    let gone = by_guard(context, &path)?.map_or_else(|| directly(context, &path), Ok)?;
    let args = Args::new()
        .path("path", &path)
        .count("versions", gone.versions);
    screen.say(Id::ForgetDone, &args.bytes("bytes", gone.bytes));
    for holder in gone.still_held.iter().chain(&gone.present) {
        let place = screen
            .catalog()
            .say(Id::ForgetHeldByLink, &Args::new().path("path", holder));
        screen.say(Id::ForgetStillHeld, &Args::new().nested("where", place));
    }
    let holders = gone.still_held.len() + gone.present.len();
    screen.json(
        "vault.forget",
        json!({ "versions": gone.versions, "bytes": gone.bytes, "still_held": holders }),
    );
    Ok(if holders == 0 {
        Exit::Good
    } else {
        Exit::Partial
    })
}

/// A guard that runs has the store open, so it does it. `None` when there is no guard.
#[cfg(target_os = "linux")]
fn by_guard(context: &Context<'_>, path: &Path) -> Result<Option<Forgotten>> {
    use hygie_agent::door::{Caller, Question, Reply};
    let Ok(mut caller) = Caller::knock(&context.state().socket()) else {
        return Ok(None);
    };
    caller.waits(Duration::from_secs(90))?;
    let question = Question::Forget {
        path: path.to_path_buf(),
    };
    let reply = super::asked::put(&mut caller, &question)?;
    if let Reply::Failed { reason } = &reply {
        let args = Args::new().path("path", path).text("reason", reason);
        return Err(said(Id::ErrorVault, args));
    }
    let Reply::Forgotten {
        versions,
        bytes,
        still_held,
        present,
    } = reply
    else {
        let refused = said(Id::ErrorNeedsRoot, Args::new());
        return Err(super::asked::no_answer(reply, refused));
    };
    Ok(Some(Forgotten {
        versions,
        bytes,
        still_held,
        present,
    }))
}

#[cfg(not(target_os = "linux"))]
fn by_guard(_context: &Context<'_>, _path: &Path) -> Result<Option<Forgotten>> {
    let _ = Duration::ZERO;
    Ok(None)
}

/// No guard runs: the store is ours for the moment.
fn directly(context: &Context<'_>, path: &Path) -> Result<Forgotten> {
    let mut store = Store::open(&context.state().vault())?;
    let plan = store.plan_forget(path)?;
    store.forget(&plan)?;
    super::journal::note_forgotten(context, path, plan.versions)?;
    Ok(Forgotten {
        versions: plan.versions,
        bytes: plan.bytes,
        still_held: plan
            .still_held
            .into_iter()
            .flat_map(|held| held.by)
            .collect(),
        present: plan.present,
    })
}
