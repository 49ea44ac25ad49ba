//! Files and folders by their number: what an undo asks, which follows things and not paths.

use std::{fs::File, path::PathBuf};

use hygie_model::{DirId, Metadata, NodeKind, Version, Wall};
use rusqlite::OptionalExtension;

use crate::{
    Reader, Stored, Trouble, VaultError, copy, history,
    index::{self, OPEN},
    reader::moment,
    recipe, sys,
};

/// What the index knows of a node, apart from its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFacts {
    /// What it is.
    pub kind: NodeKind,
    /// Its file system.
    pub fs: i64,
    /// The kernel's handle; opaque.
    pub handle: Vec<u8>,
    /// Since when it is gone.
    pub gone: Option<Wall>,
}

/// A name in a folder.
pub type InFolder = (DirId, Vec<u8>);

impl Reader {
    /// What is known of a node.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn node(&self, node: i64) -> Result<Option<NodeFacts>, VaultError> {
        self.read(|db| {
            db.prepare_cached("SELECT kind, fs, handle, gone FROM node WHERE id = ?1")?
                .query_row([node], |row| {
                    let gone: i64 = row.get(3)?;
                    Ok(NodeFacts {
                        kind: index::kind_of(row.get(0)?)?,
                        fs: row.get(1)?,
                        handle: row.get(2)?,
                        gone: (gone != OPEN).then_some(Wall(gone)),
                    })
                })
                .optional()
        })
    }

    /// The names that lead to a node at that moment.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn places(&self, node: i64, at: Option<Wall>) -> Result<Vec<InFolder>, VaultError> {
        let at = moment(at);
        self.read(|db| {
            db.prepare_cached(
                "SELECT parent, name FROM edge WHERE child = ?1 AND gone > ?2 AND born <= ?2 ORDER BY id",
            )?
            .query_map([node, at], |row| Ok((DirId(row.get(0)?), row.get(1)?)))?
            .collect()
        })
    }

    /// The name that a node had last.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn last_place(&self, node: i64) -> Result<Option<InFolder>, VaultError> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT parent, name FROM edge WHERE child = ?1 AND gone > born
                 ORDER BY gone DESC, id DESC LIMIT 1",
            )?
            .query_row([node], |row| Ok((DirId(row.get(0)?), row.get(1)?)))
            .optional()
        })
    }

    /// What a name in a folder leads to now.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn child(&self, dir: DirId, name: &[u8]) -> Result<Option<i64>, VaultError> {
        self.read(|db| crate::paths::child(db, dir.0, name, index::NOW))
    }

    /// Where a protected folder stands, by its number.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn root_path(&self, dir: DirId) -> Result<Option<PathBuf>, VaultError> {
        self.read(|db| {
            db.prepare_cached("SELECT path FROM root WHERE dir = ?1 AND gone = ?2")?
                .query_row([dir.0, OPEN], |row| {
                    row.get(0).map(|path| sys::name_from_bytes(path).into())
                })
                .optional()
        })
    }

    /// How a folder looked at that moment, where that was told.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn folder_look(
        &self,
        dir: DirId,
        at: Option<Wall>,
    ) -> Result<Option<Metadata>, VaultError> {
        self.read(|db| history::folder(db, dir.0, moment(at)))
    }

    /// The version of that number.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn numbered(&self, seq: i64) -> Result<Option<Stored>, VaultError> {
        self.read(|db| history::version(db, seq))
    }

    /// Writes a version's content into an empty file, and reads on the way whether it is the right one.
    ///
    /// # Errors
    /// [`Trouble::Gone`] and [`Trouble::Damaged`] where the store cannot give it; else what the system refused.
    pub fn write_out(&self, version: &Version, into: &File) -> Result<(), Trouble> {
        let gone = |error: std::io::Error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                Trouble::Gone
            } else {
                Trouble::System(error)
            }
        };
        let recipe = self
            .read(|db| recipe::of(db, version.name.content))
            .map_err(std::io::Error::other)?;
        let copied = match recipe {
            Some(recipe) => recipe
                .copy(&|content| self.layout.open(content), into)
                .map_err(gone)?,
            None => copy::copy(&self.layout.open(version.name.content).map_err(gone)?, into)?,
        };
        if copied.content == version.name.content {
            Ok(())
        } else {
            Err(Trouble::Damaged)
        }
    }
}
