//! Looks whether the store still holds what the index says, and mends what can be mended.

use std::{
    collections::HashSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use hygie_model::ContentHash;
use rusqlite::{Connection, params};

use crate::{Reader, Vault, VaultError, copy, index, layout::Layout};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Contents that the index says are kept.
    pub objects: u64,
    /// Bytes read, holes counted.
    pub bytes: u64,
    /// Contents without a file.
    pub missing: Vec<ContentHash>,
    /// Contents whose file holds something else.
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
    /// Reads every object and compares it with its name; `progress` is told the bytes read so far.
    ///
    /// # Errors
    /// [`VaultError::IndexDamaged`] when the index cannot be read at all; else what the system
    /// or SQLite refused.
    pub fn check(&self, progress: &mut dyn FnMut(u64)) -> Result<Report, VaultError> {
        // Listed before the index is read: what is committed in between is no orphan.
        let mut files = list(&self.layout)?;
        let (kept, complaints) = self.read(|db| Ok((kept(db)?, complaints(db)?)))?;
        let mut report = Report {
            objects: kept.len() as u64,
            index: complaints,
            ..Report::default()
        };
        for content in kept {
            let path = self.layout.object(content);
            files.remove(&path);
            match File::open(&path).and_then(|file| copy::hash(&file)) {
                Ok(found) => {
                    report.bytes += found.len;
                    if found.content != content {
                        report.damaged.push(content);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    report.missing.push(content);
                }
                // A sector that cannot be read is damage, too.
                Err(_) => report.damaged.push(content),
            }
            progress(report.bytes);
        }
        report.orphans = files.into_iter().collect();
        report.orphans.sort();
        Ok(report)
    }
}

impl Vault {
    /// Notes that these contents are lost, so that their versions are told as dropped and the next
    /// copy of such a content is stored again. Files whose present state this was need that copy:
    /// their fingerprints are taken back.
    ///
    /// # Errors
    /// What the system or SQLite refused; nothing is changed then.
    pub fn give_up(&mut self, lost: &[ContentHash]) -> Result<(), VaultError> {
        self.change("giving up lost contents", |tx| {
            for content in lost {
                tx.execute("UPDATE object SET kept = 0 WHERE hash = ?1", [content.0])?;
                tx.execute(
                    "UPDATE node SET size = NULL, mtime = NULL, ctime = NULL
                     WHERE id IN (SELECT file FROM version JOIN object ON object.id = object
                                  WHERE hash = ?1)",
                    [content.0],
                )?;
            }
            Ok(())
        })?;
        lost.iter()
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
        for content in kept {
            orphans.remove(&self.layout.object(content));
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

fn kept(db: &Connection) -> rusqlite::Result<Vec<ContentHash>> {
    db.prepare("SELECT hash FROM object WHERE kept ORDER BY hash")?
        .query_map([], |row| index::hash_of(row.get_ref(0)?.as_blob()?))?
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
