//! Copies of the hub's own database, in its own folder: made by a button, read back whole. Carrying one off the machine is
//! the backup's duty, and the page says so.

use std::{
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use axum::response::Response;
use hygie_model::Wall;
use hygie_store::StoreError;
use serde::Deserialize;

use crate::web::{
    fault::Fault,
    form::Sent,
    visitor::{Visitor, see},
};

/// The copies that lie there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Copies {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
    pub(crate) last: Option<Kept>,
}

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) at: Wall,
    pub(crate) bytes: u64,
    pub(crate) path: PathBuf,
}

/// Looks in the hub's folder.
///
/// # Errors
/// The folder cannot be read.
pub(crate) async fn kept(dir: &Path) -> Result<Copies, Fault> {
    let folder = dir.join(FOLDER);
    tokio::task::spawn_blocking(move || look(&folder))
        .await
        .map_err(|_| Fault::broken("the copies' thread"))?
        .map_err(|_| Fault::broken("the folder of copies"))
}

fn look(folder: &Path) -> io::Result<Copies> {
    let mut copies = Copies::default();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(copies),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let Some(at) = entry.file_name().to_str().and_then(made_at) else {
            continue;
        };
        let bytes = entry.metadata()?.len();
        copies.count += 1;
        copies.bytes += bytes;
        if copies.last.as_ref().is_none_or(|last| last.at < at) {
            let path = entry.path();
            copies.last = Some(Kept { at, bytes, path });
        }
    }
    Ok(copies)
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn make(
    visitor: Visitor,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let folder = visitor.hub.dir.join(FOLDER);
    let made = std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(&folder);
    made.map_err(|_| Fault::broken("the folder of copies"))?;
    let name = name(visitor.now);
    let to = folder.join(&name);
    if to.exists() {
        return Ok(see("/settings?done=soon"));
    }
    visitor
        .tell("hub.backed-up", visitor.note()?.with("file", name))
        .await?;
    match visitor.hub.store.backup(&to).await {
        Ok(_) => Ok(see("/settings?done=backup")),
        Err(StoreError::Taken { .. }) => Ok(see("/settings?done=soon")),
        Err(error) => Err(error.into()),
    }
}

/// To the minute, in UTC: `hub-2026-11-24T08-12Z.sqlite`.
fn name(now: Wall) -> String {
    let minute = Wall(now.0 - now.0.rem_euclid(60_000_000_000)).to_rfc3339();
    let minute = minute.trim_end_matches(":00Z").replace(':', "-");
    format!("{BEFORE}{minute}{AFTER}")
}

fn made_at(name: &str) -> Option<Wall> {
    let minute = name.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let (day, time) = minute.split_once('T')?;
    let text = format!("{day}T{}:00Z", time.replace('-', ":"));
    serde_json::from_value(text.into()).ok()
}

const FOLDER: &str = "backups";
const BEFORE: &str = "hub-";
const AFTER: &str = "Z.sqlite";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_says_by_its_name_when_it_was_made() {
        let at = Wall(1_795_507_979_123_456_789);
        assert_eq!(name(at), "hub-2026-11-24T08-12Z.sqlite");
        assert_eq!(made_at(&name(at)), Some(Wall(1_795_507_920_000_000_000)));
        let midnight = Wall(1_795_478_400_000_000_000);
        assert_eq!(made_at(&name(midnight)), Some(midnight));
        for other in [
            "",
            "hub-.sqlite",
            "hub-2026-11-24T08-12Z.sqlite.part",
            "hub-TZ.sqlite",
            "x",
        ] {
            assert_eq!(made_at(other), None, "{other:?}");
        }
    }
}
