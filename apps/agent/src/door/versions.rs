//! The versions of a file, for a user who could read and write it then and can now.

use std::{io, path::Path};

use hygie_vault::{KnownFolder, Past, Presence, Reader, User, VaultError};

use super::{
    Reply, VersionTold,
    here::{Here, passes_all},
    rights::{Need, lets},
};

/// A version, with the ways that led to it then.
struct Known {
    past: Past,
    ways: Vec<Vec<KnownFolder>>,
}

pub(super) fn tell(reader: &Reader, path: &Path, user: &User) -> Result<Reply, VaultError> {
    let Some(root) = reader.root_of(path)? else {
        return Ok(Reply::Unknown);
    };
    let all = match reader.lookup(path, None) {
        Ok(_) => known(reader, path)?,
        Err(VaultError::UnknownPath { .. }) => Vec::new(),
        Err(other) => return Err(other),
    };
    let judged = user.act(|| judge(&root, path, user, all));
    Ok(judged
        .unwrap_or(Ok(Reply::Refused))
        .unwrap_or(Reply::Refused))
}

fn known(reader: &Reader, path: &Path) -> Result<Vec<Known>, VaultError> {
    let with_ways = |past: Past| {
        let ways = ways(reader, &past)?;
        Ok(Known { past, ways })
    };
    reader.history(path)?.into_iter().map(with_ways).collect()
}

/// The folders above each name that the file had then.
pub(super) fn ways(reader: &Reader, past: &Past) -> Result<Vec<Vec<KnownFolder>>, VaultError> {
    past.names
        .iter()
        .map(|name| reader.folders_above(name, Some(past.named)))
        .collect()
}

/// In a thread of the user's: what he cannot reach now comes first, so that nobody learns from
/// the index what is in a folder that is closed to him.
fn judge(root: &Path, path: &Path, user: &User, all: Vec<Known>) -> io::Result<Reply> {
    let here = Here::enter(root)?;
    let below = path.strip_prefix(root).unwrap_or(path);
    if !here.may_have(below) {
        return Ok(Reply::Refused);
    }
    let mut versions = Vec::new();
    let (mut withheld, mut reached) = (0, 0);
    for Known { past, ways } in all {
        let passed: Vec<bool> = ways.iter().map(|way| passes_all(user, way)).collect();
        if !passed.contains(&true) {
            continue;
        }
        reached += 1;
        if lets(&past.stored.version.meta, user, Need::ReadWrite) {
            versions.push(told(&past, &passed));
        } else {
            withheld += 1;
        }
    }
    Ok(match (versions.is_empty(), reached) {
        (true, 0) => Reply::Unknown,
        (true, _) => Reply::Refused,
        (false, _) => Reply::Versions { versions, withheld },
    })
}

fn told(past: &Past, passed: &[bool]) -> VersionTold {
    let version = &past.stored.version;
    let seen = past.names.iter().zip(passed).filter(|(_, passed)| **passed);
    VersionTold {
        number: version.name.seq,
        name: version.name.to_string(),
        since: version.since,
        kept_at: version.kept_at,
        bytes: version.len,
        kept: past.stored.presence == Presence::Kept,
        names: seen
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .collect(),
    }
}
