//! What stands where a restore by root writes is kept first.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::Result;
use hygie_model::FileId;
use hygie_platform::clock;
use hygie_text::{Args, Id};
use hygie_vault::{Entry, Fingerprint, Plan, Reader, Step, Vault, VaultError, read_metadata};

use crate::commands::Context;

/// Keeps what stands where the plan writes. A guard that runs does so by itself: it holds the
/// restore like any other program; without one it is done here. What the index does not know
/// (a place outside the protected folders) is moved aside instead.
pub(super) fn keep_present(context: &Context<'_>, reader: &Reader, plan: &Plan) -> Result<u64> {
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
