//! The newest version of a large file, as what the next one is built from.

use hygie_model::{ContentHash, FileId};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    Reader, VaultError, index,
    pieces::{self, Link, count},
    recipe::{self, Recipe, Source},
};

/// What [`crate::Objects::take_changed`] builds the next version of a file from.
#[derive(Clone, Debug)]
pub struct Base {
    pub(crate) content: ContentHash,
    pub(crate) recipe: Recipe,
    pub(crate) links: Vec<Link>,
}

impl Base {
    /// The content of the version. What is touched must be told from this one on.
    #[must_use]
    pub fn content(&self) -> ContentHash {
        self.content
    }

    /// Its length in bytes.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, no collection"
    )]
    pub fn len(&self) -> u64 {
        self.recipe.len
    }
}

impl Reader {
    /// The newest version of a file, to build the next one from; `None` when it was not taken as a
    /// large one, its content is not kept, or what the index holds of its pieces is damaged.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn base(&self, file: FileId) -> Result<Option<Base>, VaultError> {
        self.read(|db| base(db, file))
    }
}

fn base(db: &Connection, file: FileId) -> rusqlite::Result<Option<Base>> {
    let found: Option<(Vec<u8>, i64, i64, Vec<u8>)> = db
        .prepare_cached(
            "SELECT hash, len, stored, links FROM pieces JOIN object ON object.id = pieces.object
             WHERE pieces.file = ?1 AND kept AND pieces.object =
                 (SELECT object FROM version WHERE file = ?1 ORDER BY seq DESC LIMIT 1)",
        )?
        .query_row([file.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((hash, len, stored, links)) = found else {
        return Ok(None);
    };
    let (content, len) = (index::hash_of(&hash)?, index::len_of(len));
    let stored = index::len_of(stored);
    let recipe =
        recipe::of(db, content)?.unwrap_or_else(|| Recipe::whole(Source { content, stored }, len));
    let links = links_of(&links);
    let usable =
        links.len() as u64 == count(len) && pieces::root(&links).is_none_or(|root| root == content);
    Ok(usable.then_some(Base {
        content,
        recipe,
        links,
    }))
}

fn links_of(bytes: &[u8]) -> Vec<Link> {
    let (links, _) = bytes.as_chunks();
    links.iter().copied().map(Link).collect()
}

/// As the index stores them.
pub(crate) fn link_bytes(links: &[Link]) -> Vec<u8> {
    links.iter().flat_map(|link| link.0).collect()
}
