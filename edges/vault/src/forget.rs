//! Takes files out of the store for good.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use hygie_model::{ContentHash, FileId, NodeKind};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    Vault, VaultError, check,
    contents::{self, Uses},
    history::last_names,
    index::{self, OPEN},
    paths,
    repack::{Exposed, exposed},
};

/// What forgetting a path means; show it, then [`Vault::forget`] it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgetPlan {
    /// The files and symbolic links that the path ever led to, or that were ever below it.
    pub files: Vec<FileId>,
    /// How many versions of them go.
    pub versions: u64,
    /// The contents that go with them.
    pub contents: Vec<ContentHash>,
    /// Their bytes, holes not counted.
    pub bytes: u64,
    /// Contents that stay because other files have them, with those files' names.
    pub still_held: Vec<StillHeld>,
    /// Names under which files are there now; the store forgets, the folder does not, and a
    /// protected file that is there will be copied again.
    pub present: Vec<PathBuf>,
}

/// A content that other files have as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillHeld {
    /// The content.
    pub content: ContentHash,
    /// The other files, by their names now or the last ones.
    pub by: Vec<PathBuf>,
}

/// What the index still holds of forgotten names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traces {
    /// Nothing.
    None,
    /// Some reader was at work, so SQLite's log could not be emptied: it is overwritten as the
    /// index is written to, at the latest when the store is opened after all had closed it.
    InLog,
}

impl Vault {
    /// Plans to take out all versions of what `path` ever led to, under whatever names it has now.
    ///
    /// # Errors
    /// [`VaultError::UnknownPath`] when it never led to a file; else what SQLite refused.
    pub fn plan_forget(&self, path: &Path) -> Result<ForgetPlan, VaultError> {
        let plan = || {
            let tx = self.db.unchecked_transaction()?;
            plan(&tx, path)
        };
        let plan = plan().map_err(VaultError::index(
            "planning to forget",
            &self.layout.index(),
        ))?;
        if plan.files.is_empty() {
            return Err(VaultError::UnknownPath {
                path: path.to_path_buf(),
            });
        }
        Ok(plan)
    }

    /// Does what the plan says: contents first, so that a cut leaves rows without content rather
    /// than the reverse; then versions and past names. Where other files' versions are built from a
    /// part of such a content, that part is kept in a new file first; what the index held of them is overwritten.
    /// The disk may keep the blocks until they are used again.
    ///
    /// # Errors
    /// What the system or SQLite refused; forgetting again goes on where it stopped.
    pub fn forget(&mut self, plan: &ForgetPlan) -> Result<Traces, VaultError> {
        let failed = VaultError::index("forgetting", &self.layout.index());
        let exposed = exposed(&self.db, &plan.files).map_err(&failed)?;
        self.repack(&exposed)?;
        let files = self.only_held_by(plan).map_err(&failed)?;
        files
            .iter()
            .try_for_each(|content| check::remove(&self.layout.object(*content)))?;
        self.db
            .pragma_update(None, "secure_delete", "ON")
            .map_err(&failed)?;
        let gone = self.change("forgetting", |tx| {
            plan.files.iter().try_for_each(|file| erase(tx, *file))?;
            contents::release(tx)
        })?;
        gone.iter()
            .try_for_each(|content| check::remove(&self.layout.object(*content)))?;
        let busy: bool = self
            .db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(&failed)?;
        self.db
            .pragma_update(None, "secure_delete", "OFF")
            .map_err(&failed)?;
        Ok(if busy { Traces::InLog } else { Traces::None })
    }

    /// The files that nothing but these versions needs.
    fn only_held_by(&self, plan: &ForgetPlan) -> rusqlite::Result<Vec<ContentHash>> {
        let mut going = Vec::new();
        for content in &plan.contents {
            let held = holding(&self.db, *content)?;
            if held
                .iter()
                .all(|file| plan.files.binary_search(file).is_ok())
            {
                going.extend(object(&self.db, *content)?);
            }
        }
        let letting = Uses::load(&self.db)?.let_go(going, u64::MAX);
        Ok(letting.files.into_iter().map(|(file, _)| file).collect())
    }
}

pub(crate) fn plan(db: &Connection, path: &Path) -> rusqlite::Result<ForgetPlan> {
    let mut files = BTreeSet::new();
    let mut left = paths::bearers(db, path)?;
    while let Some(bearer) = left.pop() {
        match paths::kind(db, bearer.node)? {
            NodeKind::Dir => left.extend(paths::below(db, bearer)?),
            NodeKind::File | NodeKind::Symlink => drop(files.insert(FileId(bearer.node))),
        }
    }
    let mut plan = ForgetPlan {
        files: files.into_iter().collect(),
        versions: 0,
        contents: Vec::new(),
        bytes: 0,
        still_held: Vec::new(),
        present: Vec::new(),
    };
    let mut contents = BTreeSet::new();
    for file in &plan.files {
        plan.present.extend(paths::names(db, file.0, index::NOW)?);
        let mut query = db.prepare_cached(
            "SELECT hash, object FROM version JOIN object ON object.id = object
             WHERE file = ?1",
        )?;
        let mut rows = query.query([file.0])?;
        while let Some(row) = rows.next()? {
            plan.versions += 1;
            let content = index::hash_of(row.get_ref(0)?.as_blob()?)?;
            contents.insert((content, row.get::<_, i64>(1)?));
        }
    }
    let mut going = Vec::new();
    for (content, object) in contents {
        let mut others = holding(db, content)?;
        others.retain(|file| plan.files.binary_search(file).is_err());
        if others.is_empty() {
            plan.contents.push(content);
            going.push(object);
        } else {
            let mut by = Vec::new();
            for file in others {
                by.extend(last_names(db, file.0)?);
            }
            plan.still_held.push(StillHeld { content, by });
        }
    }
    let repacked: u64 = exposed(db, &plan.files)?.iter().map(Exposed::frees).sum();
    plan.bytes = Uses::load(db)?.let_go(going, u64::MAX).frees + repacked;
    Ok(plan)
}

fn holding(db: &Connection, content: ContentHash) -> rusqlite::Result<Vec<FileId>> {
    db.prepare_cached(
        "SELECT DISTINCT file FROM version JOIN object ON object.id = object WHERE hash = ?1",
    )?
    .query_map([content.0], |row| row.get(0).map(FileId))?
    .collect()
}

/// The row of a content that is kept.
fn object(db: &Connection, content: ContentHash) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT id FROM object WHERE hash = ?1 AND kept")?
        .query_row([content.0], |row| row.get(0))
        .optional()
}

/// The node's number stays: a batch under way may name it, and is refused whole where it does not exist.
fn erase(db: &Connection, file: FileId) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM pieces WHERE file = ?1",
        "DELETE FROM version WHERE file = ?1",
        "UPDATE node SET size = NULL, mtime = NULL, ctime = NULL WHERE id = ?1",
    ] {
        db.prepare_cached(sql)?.execute([file.0])?;
    }
    db.prepare_cached("DELETE FROM edge WHERE child = ?1 AND gone <> ?2")?
        .execute([file.0, OPEN])
        .map(drop)
}
