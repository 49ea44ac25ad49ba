//! Files found by a part of their path, and what is in a folder. Who may ask was decided before:
//! names of everybody's files are told.

use std::path::Path;

use hygie_vault::{Finds, Listing, Reader, Seen, SeenFolder, VaultError};

use super::{FileFound, FolderFound, Reply, Told};

pub(super) fn find(reader: &Reader, text: &str, limit: usize) -> Result<Reply, VaultError> {
    let Finds { files, more } = reader.find(text, limit.min(MOST))?;
    let files = files.into_iter().map(file).collect();
    Ok(Reply::Found { files, more })
}

pub(super) fn folder(reader: &Reader, path: &Path, from: usize) -> Result<Reply, VaultError> {
    let listing = if path.as_os_str().is_empty() {
        let mut folders = reader.roots()?;
        let more = folders.len() > from.saturating_add(MOST);
        folders = folders.into_iter().skip(from).take(MOST).collect();
        Some(Listing {
            folders,
            files: Vec::new(),
            more,
        })
    } else {
        reader.listing(path, from.min(FURTHEST), MOST)?
    };
    Ok(match listing {
        None => Reply::Unknown,
        Some(listing) => Reply::Folder {
            folders: listing.folders.into_iter().map(folder_found).collect(),
            files: listing.files.into_iter().map(file).collect(),
            more: listing.more,
        },
    })
}

fn file(seen: Seen) -> FileFound {
    FileFound {
        path: Told(seen.path),
        bytes: seen.bytes,
        changed: seen.changed,
        present: seen.present,
        versions: seen.versions,
    }
}

fn folder_found(seen: SeenFolder) -> FolderFound {
    FolderFound {
        path: Told(seen.path),
        changed: seen.changed,
        present: seen.present,
    }
}

/// As many are told at once; who looks for one among more says more of its name.
const MOST: usize = 200;
/// Nobody turns so many pages; each costs the memory of those before it.
const FURTHEST: usize = 100_000;
