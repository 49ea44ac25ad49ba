//! Looks whether the store still holds what the index says, and mends what can be mended.

mod read_back;

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use hygie_model::ContentHash;
use rusqlite::{Connection, params};

use crate::{Reader, Vault, VaultError, contents, index, layout::Layout, recipe};

use read_back::Checking;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Contents of versions that the index says are kept.
    pub objects: u64,
    /// Bytes read, holes counted; what several versions share is read once where that can be.
    pub bytes: u64,
    /// Contents without a file, or without one that they are built from.
    pub missing: Vec<ContentHash>,
    /// Contents whose files hold something else.
    pub damaged: Vec<ContentHash>,
    /// Files that no index row names; beside a running writer this may be a batch under way.
    pub orphans: Vec<PathBuf>,
    /// What SQLite says about the index; empty when it is sound.
    pub index: Vec<String>,
}

impl Report {
    /// Whether every version can be restored.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.missing.is_empty() && self.damaged.is_empty() && self.index.is_empty()
    }

    /// The contents that cannot be restored, for [`Vault::give_up`].
    #[must_use]
    pub fn lost(&self) -> Vec<ContentHash> {
        [&self.missing[..], &self.damaged[..]].concat()
    }
}

impl Reader {
    /// Reads every content and compares it with its name; `progress` is told the bytes read so far.
    ///
    /// # Errors
    /// [`VaultError::IndexDamaged`] when the index cannot be read at all; else what the system
    /// or SQLite refused.
    pub fn check(&self, progress: &mut dyn FnMut(u64)) -> Result<Report, VaultError> {
        // Listed before the index is read: what is committed in between is no orphan.
        let mut files = list(&self.layout)?;
        let (kept, complaints) = self.read(|db| Ok((kept(db)?, complaints(db)?)))?;
        let mut checking = Checking::new(&self.layout, progress);
        checking.report.index = complaints;
        let (assembled, whole): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|kept| kept.assembled);
        for kept in whole {
            files.remove(&self.layout.object(kept.content));
            checking.file(&kept);
        }
        for kept in assembled {
            // One that went meanwhile is no loss.
            if let Some(recipe) = self.read(|db| recipe::of(db, kept.content))? {
                checking.parts(&kept, &recipe);
            }
        }
        let mut report = checking.report;
        report.missing.sort();
        report.damaged.sort();
        report.orphans = files.into_iter().collect();
        report.orphans.sort();
        Ok(report)
    }
}

impl Vault {
    /// Notes that these contents are lost, and those that are built from them, so that their versions are told as dropped and the next
    /// copy of such a content is stored again. Files whose present state this was need that copy:
    /// their fingerprints are taken back.
    ///
    /// # Errors
    /// What the system or SQLite refused; nothing is changed then.
    pub fn give_up(&mut self, lost: &[ContentHash]) -> Result<(), VaultError> {
        let mut gone = self.change("giving up lost contents", |tx| {
            for content in lost {
                for object in built_on(tx, *content)? {
                    contents::run(tx, "UPDATE object SET kept = 0 WHERE id = ?1", [object])?;
                    contents::run(
                        tx,
                        "UPDATE node SET size = NULL, mtime = NULL, ctime = NULL
                         WHERE id IN (SELECT file FROM version WHERE object = ?1)",
                        [object],
                    )?;
                }
            }
            contents::release(tx)
        })?;
        gone.extend(lost);
        gone.iter()
            .try_for_each(|content| remove(&self.layout.object(*content)))
    }

    /// Removes the files that no index row names: what a failed commit or a cut prune left.
    /// Returns how many.
    ///
    /// # Errors
    /// What the system or SQLite refused.
    pub fn sweep(&mut self) -> Result<u64, VaultError> {
        let mut orphans = list(&self.layout)?;
        let kept = kept(&self.db).map_err(VaultError::index(
            "looking for orphans",
            &self.layout.index(),
        ))?;
        for kept in kept.iter().filter(|kept| !kept.assembled) {
            orphans.remove(&self.layout.object(kept.content));
        }
        orphans.iter().try_for_each(|path| remove(path))?;
        Ok(orphans.len() as u64)
    }

    /// A change of the index as a whole; the usage is counted anew.
    pub(crate) fn change<T>(
        &mut self,
        doing: &'static str,
        run: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        let failed = VaultError::index(doing, &self.layout.index());
        let tx = self.db.transaction().map_err(&failed)?;
        let result = run(&tx).map_err(&failed)?;
        let usage = crate::vault::usage(&tx).map_err(&failed)?;
        tx.commit().map_err(&failed)?;
        self.usage = usage;
        Ok(result)
    }
}

/// Removes an object; one that is not there is as good.
pub(crate) fn remove(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(VaultError::io("removing a copy", path)),
    }
}

/// A content that the index says is kept.
pub(crate) struct Kept {
    pub(crate) content: ContentHash,
    pub(crate) assembled: bool,
    /// Whether a version has it, and whether something is built from it.
    pub(crate) named: bool,
    pub(crate) used: bool,
}

/// In order of their coming, so that those with the same parts are near each other.
fn kept(db: &Connection) -> rusqlite::Result<Vec<Kept>> {
    db.prepare(
        "SELECT hash, EXISTS (SELECT 1 FROM assembled WHERE object = id),
                EXISTS (SELECT 1 FROM version WHERE object = id),
                EXISTS (SELECT 1 FROM uses WHERE file = id)
         FROM object WHERE kept ORDER BY id",
    )?
    .query_map([], |row| {
        Ok(Kept {
            content: index::hash_of(row.get_ref(0)?.as_blob()?)?,
            assembled: row.get(1)?,
            named: row.get(2)?,
            used: row.get(3)?,
        })
    })?
    .collect()
}

/// A content and those that are built from it.
fn built_on(db: &Connection, content: ContentHash) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(
        "SELECT id FROM object WHERE hash = ?1
         UNION SELECT uses.object FROM uses JOIN object ON id = file WHERE hash = ?1",
    )?
    .query_map([content.0], |row| row.get(0))?
    .collect()
}

fn complaints(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut said: Vec<String> = db
        .prepare("PRAGMA integrity_check")?
        .query_map(params![], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    said.retain(|line| line != "ok");
    Ok(said)
}

fn list(layout: &Layout) -> Result<HashSet<PathBuf>, VaultError> {
    let objects = layout.objects();
    let named = |path: &Path| VaultError::io("listing the objects in", path);
    let mut files = HashSet::new();
    for fan in fs::read_dir(&objects).map_err(named(&objects))? {
        let fan = fan.map_err(named(&objects))?.path();
        for file in fs::read_dir(&fan).map_err(named(&fan))? {
            files.insert(file.map_err(named(&fan))?.path());
        }
    }
    Ok(files)
}
