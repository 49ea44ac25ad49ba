//! The folders on the way to something: who could pass them then.

use std::path::{Path, PathBuf};

use hygie_model::{Metadata, NodeKind, Wall};
use rusqlite::Connection;

use crate::{history, paths};

/// A folder as the index knows it at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFolder {
    /// Where it stood.
    pub path: PathBuf,
    /// The kernel's handle; opaque.
    pub handle: Vec<u8>,
    /// How it looked, where that was told.
    pub meta: Option<Metadata>,
}

pub(crate) fn at(
    db: &Connection,
    path: &Path,
    moment: i64,
) -> rusqlite::Result<Option<KnownFolder>> {
    let found = paths::lookup(db, path, Some(Wall(moment)))?;
    let Some(found) = found.filter(|found| found.kind == NodeKind::Dir) else {
        return Ok(None);
    };
    known(db, path, found.node, moment).map(Some)
}

pub(crate) fn above(
    db: &Connection,
    path: &Path,
    moment: i64,
) -> rusqlite::Result<Vec<KnownFolder>> {
    let Some(found) = paths::lookup(db, path, Some(Wall(moment)))? else {
        return Ok(Vec::new());
    };
    let mut folders = Vec::new();
    for folder in path.ancestors().skip(1) {
        if !folder.starts_with(&found.root) {
            break;
        }
        folders.extend(at(db, folder, moment)?);
    }
    folders.reverse();
    Ok(folders)
}

fn known(db: &Connection, path: &Path, node: i64, moment: i64) -> rusqlite::Result<KnownFolder> {
    let handle = db
        .prepare_cached("SELECT handle FROM node WHERE id = ?1")?
        .query_row([node], |row| row.get(0))?;
    Ok(KnownFolder {
        path: path.to_path_buf(),
        handle,
        meta: history::folder(db, node, moment)?,
    })
}
