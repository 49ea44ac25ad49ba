//! The states of a file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use hygie_model::{ContentHash, FileId, Metadata, Version, VersionName, Wall};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    index::{self, NOW, OPEN},
    paths::{self, Bearer},
    rights,
};

/// Whether a version's content is still in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It can be restored.
    Kept,
    /// It was dropped or lost; that the file had this state then is still known.
    Dropped,
}

/// A version and whether its content is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The version.
    pub version: Version,
    /// Whether it can be restored.
    pub presence: Presence,
}

/// A version in a file's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The version.
    pub stored: Stored,
    /// The names that the file had when the state began, or the first ones after.
    pub names: Vec<PathBuf>,
    /// A moment at which it had them.
    pub named: Wall,
}

pub(crate) fn versions(db: &Connection, file: FileId) -> rusqlite::Result<Vec<Past>> {
    let all: Vec<Stored> = db
        .prepare_cached(&format!("{SELECT} WHERE file = ?1 ORDER BY seq DESC"))?
        .query_map([file.0], stored)?
        .collect::<Result<_, _>>()?;
    all.into_iter()
        .map(|stored| {
            let (names, named) = names_from(db, file, stored.version.since.0)?;
            Ok(Past {
                stored,
                names,
                named: Wall(named),
            })
        })
        .collect()
}

/// All versions that this path showed: of each file that bore it, the states it had meanwhile; of the last one also
/// those that it had under earlier names.
/// Programs that save by writing a new file and renaming it make a new file at each save.
pub(crate) fn of_path(db: &Connection, path: &Path) -> rusqlite::Result<Vec<Past>> {
    let mut found: BTreeMap<i64, Past> = BTreeMap::new();
    for bearer in tellers(db, path)? {
        // Newest first; a state ends where the next one begins.
        let mut ended = i64::MAX;
        for past in versions(db, FileId(bearer.node))? {
            let since = past.stored.version.since.0;
            if since < bearer.until && ended > bearer.from {
                found.insert(past.stored.version.name.seq, past);
            }
            ended = since;
        }
    }
    Ok(found.into_values().rev().collect())
}

/// Whose states make the history of a path, and from when to when.
pub(crate) fn tellers(db: &Connection, path: &Path) -> rusqlite::Result<Vec<Bearer>> {
    let mut bearers = paths::bearers(db, path)?;
    if let Some(last) = bearers.iter_mut().max_by_key(|one| (one.until, one.from)) {
        last.from = i64::MIN;
    }
    Ok(bearers)
}

/// The state at that moment. Of the states that began before it the one told last counts: it is
/// the latest unless the clock was set back, and then it is the true one.
pub(crate) fn state(
    db: &Connection,
    file: FileId,
    moment: i64,
) -> rusqlite::Result<Option<Stored>> {
    let born: Option<i64> = db
        .prepare_cached("SELECT min(born) FROM edge WHERE child = ?1")?
        .query_row([file.0], |row| row.get(0))?;
    if born.is_none_or(|born| born > moment) {
        return Ok(None);
    }
    let begun = db
        .prepare_cached(&format!(
            "{SELECT} WHERE file = ?1 AND since <= ?2 ORDER BY seq DESC LIMIT 1"
        ))?
        .query_row([file.0, moment], stored)
        .optional()?;
    match begun {
        Some(state) => Ok(Some(state)),
        None => db
            .prepare_cached(&format!("{SELECT} WHERE file = ?1 ORDER BY seq LIMIT 1"))?
            .query_row([file.0], stored)
            .optional(),
    }
}

/// The version of that sequence number.
pub(crate) fn version(db: &Connection, seq: i64) -> rusqlite::Result<Option<Stored>> {
    db.prepare_cached(&format!("{SELECT} WHERE seq = ?1"))?
        .query_row([seq], stored)
        .optional()
}

/// How a folder looked at that moment.
pub(crate) fn folder(db: &Connection, dir: i64, moment: i64) -> rusqlite::Result<Option<Metadata>> {
    db.prepare_cached(
        "SELECT bytes, mtime, atime FROM folder JOIN rights ON rights.id = rights
         WHERE dir = ?1 ORDER BY at <= ?2 DESC, iif(at <= ?2, -folder.id, folder.id) LIMIT 1",
    )?
    .query_row(params![dir, moment], |row| metadata(row, 0))
    .optional()
}

pub(crate) fn holders(db: &Connection, content: ContentHash) -> rusqlite::Result<Vec<PathBuf>> {
    let files: Vec<i64> = db
        .prepare_cached(
            "SELECT version.file FROM version JOIN object ON object.id = object WHERE hash = ?1
             UNION
             SELECT version.file FROM version JOIN uses ON uses.object = version.object
                                 JOIN object ON object.id = uses.file WHERE hash = ?1",
        )?
        .query_map([content.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut names = Vec::new();
    for file in files {
        names.extend(last_names(db, file)?);
    }
    names.sort();
    Ok(names)
}

/// Other files with a name of which the newest version is what this file held last.
pub(crate) fn twins(db: &Connection, file: FileId) -> rusqlite::Result<Vec<FileId>> {
    let last: Option<i64> = db
        .prepare_cached("SELECT object FROM version WHERE file = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([file.0], |row| row.get(0))
        .optional()?;
    let Some(object) = last else {
        return Ok(Vec::new());
    };
    db.prepare_cached(TWINS)?
        .query_map(params![object, file.0, OPEN], |row| row.get(0).map(FileId))?
        .collect()
}

/// The names of a node now, or those that it had last.
pub(crate) fn last_names(db: &Connection, node: i64) -> rusqlite::Result<Vec<PathBuf>> {
    Ok(last_named(db, node)?.0)
}

/// The same, with a moment at which it had them.
fn last_named(db: &Connection, node: i64) -> rusqlite::Result<(Vec<PathBuf>, i64)> {
    let now = paths::names(db, node, NOW)?;
    if !now.is_empty() {
        return Ok((now, NOW));
    }
    let gone: Option<i64> = db
        .prepare_cached("SELECT max(gone) FROM edge WHERE child = ?1 AND gone > born")?
        .query_row([node], |row| row.get(0))?;
    let Some(gone) = gone else {
        return Ok((Vec::new(), NOW));
    };
    let last = gone.min(NOW) - 1;
    Ok((paths::names(db, node, last)?, last))
}

/// The names since then, and when it had them.
fn names_from(db: &Connection, file: FileId, since: i64) -> rusqlite::Result<(Vec<PathBuf>, i64)> {
    let then = paths::names(db, file.0, since)?;
    if !then.is_empty() {
        return Ok((then, since));
    }
    let next: Option<i64> = db
        .prepare_cached("SELECT min(born) FROM edge WHERE child = ?1 AND born > ?2")?
        .query_row([file.0, since], |row| row.get(0))?;
    match next {
        Some(born) => Ok((paths::names(db, file.0, born)?, born)),
        None => last_named(db, file.0),
    }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let version = Version {
        name: VersionName {
            content: index::hash_of(row.get_ref(1)?.as_blob()?)?,
            seq: row.get(0)?,
        },
        file: FileId(row.get(2)?),
        len: index::len_of(row.get(3)?),
        since: Wall(row.get(4)?),
        kept_at: Wall(row.get(5)?),
        meta: metadata(row, 7)?,
    };
    let presence = if row.get(6)? {
        Presence::Kept
    } else {
        Presence::Dropped
    };
    Ok(Stored { version, presence })
}

/// Rights, mtime and atime from three columns.
fn metadata(row: &Row<'_>, column: usize) -> rusqlite::Result<Metadata> {
    let bytes = row.get_ref(column)?.as_blob()?;
    rights::decode(bytes, row.get(column + 1)?, row.get(column + 2)?).ok_or_else(index::corrupt)
}

/// Looks at the newest versions of one content only: there may be as many as anybody cares to make.
pub(crate) const TWINS: &str = "
    SELECT file FROM (SELECT file, seq FROM version WHERE object = ?1 ORDER BY seq DESC LIMIT 64) AS one
    WHERE file <> ?2
      AND EXISTS (SELECT 1 FROM node WHERE id = one.file AND kind = 0)
      AND EXISTS (SELECT 1 FROM edge WHERE child = one.file AND gone = ?3)
      AND NOT EXISTS (SELECT 1 FROM version WHERE file = one.file AND seq > one.seq)
    LIMIT 16";

const SELECT: &str = "SELECT seq, hash, file, len, since, kept_at, kept, bytes, mtime, atime
    FROM version JOIN object ON object.id = object JOIN rights ON rights.id = rights";
