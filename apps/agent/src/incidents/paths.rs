//! From numbers of the index to paths, for people.

use std::{
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
};

use anyhow::Result;
use hygie_acts::Place;
use hygie_model::DirId;
use hygie_vault::Reader;

/// Where a place is, or was last.
pub(super) fn path_of(reader: &Reader, place: &Place) -> Result<PathBuf> {
    let name: PathBuf = OsString::from_vec(place.name.clone()).into();
    Ok(folder(reader, place.dir, 0)?.join(name))
}

fn folder(reader: &Reader, dir: DirId, depth: usize) -> Result<PathBuf> {
    if let Some(root) = reader.root_path(dir)? {
        return Ok(root);
    }
    match above(reader, dir)? {
        Some((parent, name)) if depth < DEEPEST => {
            let name: PathBuf = OsString::from_vec(name).into();
            Ok(folder(reader, parent, depth + 1)?.join(name))
        }
        Some(_) | None => Ok(Path::new("…").to_path_buf()),
    }
}

/// The folder that a node is in, or was in last.
pub(super) fn above(reader: &Reader, dir: DirId) -> Result<Option<(DirId, Vec<u8>)>> {
    let now = reader.places(dir.0, None)?.into_iter().next();
    Ok(match now {
        Some(place) => Some(place),
        None => reader.last_place(dir.0)?,
    })
}

/// The folders from the protected one down to this one.
pub(super) fn chain(reader: &Reader, dir: DirId) -> Result<Vec<DirId>> {
    let mut chain = vec![dir];
    while let Some(last) = chain.last().copied() {
        match above(reader, last)? {
            Some((parent, _)) if reader.root_path(last)?.is_none() && chain.len() < DEEPEST => {
                chain.push(parent);
            }
            Some(_) | None => break,
        }
    }
    chain.reverse();
    Ok(chain)
}

const DEEPEST: usize = 2048;
