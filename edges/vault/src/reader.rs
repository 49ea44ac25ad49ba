//! The reader's side of the store: any number, beside the writer.

use std::path::{Path, PathBuf};

use hygie_model::{ContentHash, DirId, FileId, Wall};
use rusqlite::Connection;

use crate::{
    ForgetPlan, Found, KnownFolder, Past, Stored, TreeItem, Usage, VaultError, folders, forget,
    history, index, layout::Layout, paths, tree, vault,
};

/// The store, open for reading. Each answer is of one moment, whatever is written meanwhile.
#[derive(Debug)]
pub struct Reader {
    pub(crate) layout: Layout,
    db: Connection,
}

impl Reader {
    /// Opens the store in `dir`.
    ///
    /// # Errors
    /// [`VaultError::Absent`] where there is none; else what the system or SQLite refused.
    pub fn open(dir: &Path) -> Result<Self, VaultError> {
        let layout = Layout::new(dir);
        let db = index::open_reader(&layout)?;
        Ok(Self { layout, db })
    }

    /// What the absolute `path` led to at that moment, through folders as they were called then.
    /// Without a moment: what it leads to now, or else what it led to last.
    ///
    /// # Errors
    /// [`VaultError::UnknownPath`] when it led to nothing; else what SQLite refused.
    pub fn lookup(&self, path: &Path, at: Option<Wall>) -> Result<Found, VaultError> {
        self.read(|db| paths::lookup(db, path, at))?
            .ok_or_else(|| VaultError::UnknownPath {
                path: path.to_path_buf(),
            })
    }

    /// All versions of a file, the newest first.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn versions(&self, file: FileId) -> Result<Vec<Past>, VaultError> {
        self.read(|db| history::versions(db, file))
    }

    /// All versions that a path showed, the newest first: of each file that ever bore it, the
    /// states that it had meanwhile. A program that saves by renaming a new file over the old one
    /// makes a new file each time; people ask for the history of the name.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn history(&self, path: &Path) -> Result<Vec<Past>, VaultError> {
        self.read(|db| history::of_path(db, path))
    }

    /// The state of a file at that moment: the last version that began before. A file's first
    /// version counts from when its name was born, for a file that was there when protection
    /// began is copied later. `None`: no version, or not born yet.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn state_at(&self, file: FileId, at: Option<Wall>) -> Result<Option<Stored>, VaultError> {
        self.read(|db| history::state(db, file, moment(at)))
    }

    /// Some of the other files that have a name and of which the newest version has the content that this file had
    /// last: not those that changed since, nor what the index has not heard yet. The work does not grow with the store.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn twins(&self, file: FileId) -> Result<Vec<FileId>, VaultError> {
        self.read(|db| history::twins(db, file))
    }

    /// All names that led to a node at that moment.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn names(&self, node: i64, at: Option<Wall>) -> Result<Vec<PathBuf>, VaultError> {
        self.read(|db| paths::names(db, node, moment(at)))
    }

    /// What was in a folder, folders before what is in them. Two names of one file carry its number.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn tree_at(&self, dir: DirId, at: Option<Wall>) -> Result<Vec<TreeItem>, VaultError> {
        self.read(|db| tree::tree(db, dir, moment(at)))
    }

    /// The innermost protected folder, of any time, that an absolute `path` lies in; none where
    /// the path goes up by `..`.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn root_of(&self, path: &Path) -> Result<Option<PathBuf>, VaultError> {
        self.read(|db| paths::root_of(db, path))
    }

    /// The folder that `path` led to at that moment.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn folder_at(
        &self,
        path: &Path,
        at: Option<Wall>,
    ) -> Result<Option<KnownFolder>, VaultError> {
        self.read(|db| folders::at(db, path, moment(at)))
    }

    /// The folders on the way to `path` at that moment, from the protected folder to the one
    /// that it lay in; none when it was not there.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn folders_above(
        &self,
        path: &Path,
        at: Option<Wall>,
    ) -> Result<Vec<KnownFolder>, VaultError> {
        self.read(|db| folders::above(db, path, moment(at)))
    }

    /// The names, now or the last ones, of the files of which some version has this content, or is
    /// built from it.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn holders(&self, content: ContentHash) -> Result<Vec<PathBuf>, VaultError> {
        self.read(|db| history::holders(db, content))
    }

    /// What forgetting a path would take and leave, as [`crate::Vault::plan_forget`] says it.
    ///
    /// # Errors
    /// [`VaultError::UnknownPath`] when it never led to a file; else what SQLite refused.
    pub fn plan_forget(&self, path: &Path) -> Result<ForgetPlan, VaultError> {
        let plan = self.read(|db| forget::plan(db, path))?;
        if plan.files.is_empty() {
            return Err(VaultError::UnknownPath {
                path: path.to_path_buf(),
            });
        }
        Ok(plan)
    }

    /// What the store holds.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn usage(&self) -> Result<Usage, VaultError> {
        self.read(vault::usage)
    }

    /// Runs queries that see one state of the index.
    pub(crate) fn read<T>(
        &self,
        queries: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, VaultError> {
        let run = || queries(&*self.db.unchecked_transaction()?);
        run().map_err(VaultError::index("reading the index", &self.layout.index()))
    }
}

pub(crate) fn moment(at: Option<Wall>) -> i64 {
    at.map_or(index::NOW, |at| at.0.min(index::NOW))
}
