//! Copies of the hub's own database, in its own folder: one each day by itself, more by a button, read back whole, the newest kept.
//! Carrying one off the machine is the backup's duty.

use std::{
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_model::Wall;
use hygie_store::{PracticeFacts, StoreError};

use super::{hub::Hub, journal::Note};
use crate::web::fault::Fault;

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

/// Makes one, and lets go of the oldest beyond what is kept; `false` where one was made this minute.
///
/// # Errors
/// The folder, the journal or the database fail; what is there stays.
pub(crate) async fn make(
    hub: &Hub,
    facts: &PracticeFacts,
    note: Note,
    now: Wall,
) -> Result<bool, Fault> {
    let folder = hub.dir.join(FOLDER);
    let made = std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(&folder);
    made.map_err(|_| Fault::broken("the folder of copies"))?;
    let name = name(now);
    let to = folder.join(&name);
    if to.exists() {
        return Ok(false);
    }
    let note = note.with("file", name);
    hub.journal
        .tell(hub.of(facts), "hub.backed-up", note, now)
        .await?;
    match hub.store.backup(&to).await {
        Ok(_) => {}
        Err(StoreError::Taken { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    tokio::task::spawn_blocking(move || thin(&folder))
        .await
        .map_err(|_| Fault::broken("the copies' thread"))?
        .map_err(|_| Fault::broken("the folder of copies"))?;
    Ok(true)
}

/// Makes the day's copy where the last one is a day old.
///
/// # Errors
/// As [`make`].
pub(crate) async fn daily(hub: &Hub, facts: &PracticeFacts, now: Wall) -> Result<(), Fault> {
    let last = kept(&hub.dir).await?.last;
    if last.is_none_or(|last| last.at.after(DAY) <= now) {
        make(hub, facts, Note::default(), now).await?;
    }
    Ok(())
}

/// Only what a copy's name says is one is ever taken away.
fn thin(folder: &Path) -> io::Result<()> {
    let mut copies = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(at) = entry.file_name().to_str().and_then(made_at) {
            copies.push((at, entry.path()));
        }
    }
    copies.sort();
    for (_, path) in copies.iter().rev().skip(KEPT) {
        std::fs::remove_file(path)?;
    }
    Ok(())
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

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Two weeks of days: longer than anybody needs to notice that the database is wrong.
const KEPT: usize = 14;
const FOLDER: &str = "backups";
const BEFORE: &str = "hub-";
const AFTER: &str = "Z.sqlite";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::{Console, NOW};

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

    #[tokio::test]
    async fn each_day_makes_one_and_two_weeks_are_kept() {
        let console = Console::new().await;
        let facts = console.hub.practice().await.unwrap().unwrap();
        let day = i64::try_from(DAY.as_nanos()).unwrap();
        for number in 0..20 {
            let at = Wall(NOW.0 + number * day);
            daily(&console.hub, &facts, at).await.unwrap();
            daily(&console.hub, &facts, at.after(DAY / 2))
                .await
                .unwrap();
        }
        let kept = kept(&console.hub.dir).await.unwrap();
        assert_eq!(kept.count, 14);
        let last = kept.last.unwrap();
        assert!(last.at.after(DAY / 2) > Wall(NOW.0 + 19 * day), "{last:?}");
        // A copy is a database that the hub could be started with.
        let copy = std::fs::read(&last.path).unwrap();
        assert!(copy.starts_with(b"SQLite format 3"));
    }
}
