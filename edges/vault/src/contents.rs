//! The rows of contents: taken in, and let go when nothing uses them any more.

use std::collections::{HashMap, HashSet};

use hygie_model::ContentHash;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Pending, Usage, index,
    objects::{Body, Fresh},
    recipe::{Recipe, Source},
};

/// A content that is kept.
struct Known {
    id: i64,
    assembled: bool,
}

/// The row of a content, and the file that the store does not have yet. `None`: something that the
/// content is built from is not there as a file.
pub(crate) fn take_in(
    db: &Connection,
    added: &mut Usage,
    (content, len): (ContentHash, u64),
    body: Body,
) -> rusqlite::Result<Option<(i64, Option<Fresh>)>> {
    if let Some(known) = known(db, content)? {
        return Ok(Some((known.id, None)));
    }
    match body {
        Body::Whole(fresh) => {
            let id = keep(db, added, (content, len), fresh.stored)?;
            Ok(Some((id, Some(fresh))))
        }
        Body::Built { recipe, patch } => {
            let patch = match patch {
                Some(patch) => take_file(db, added, patch)?.1,
                None => None,
            };
            let Some(sources) = sources(db, &recipe.sources)? else {
                return Ok(None);
            };
            let id = keep(db, added, (content, len), 0)?;
            assemble(db, id, &recipe, &sources)?;
            Ok(Some((id, patch)))
        }
    }
}

/// Whether [`take_in`] would find all that the content is built from.
pub(crate) fn can_take(db: &Connection, copy: &Pending) -> rusqlite::Result<bool> {
    match &copy.body {
        Body::Whole(_) => Ok(true),
        Body::Built { recipe, patch } => {
            let patch = patch.as_ref().map(|patch| patch.content);
            let mut old = recipe.sources.clone();
            old.retain(|source| Some(source.content) != patch);
            Ok(known(db, copy.content)?.is_some() || sources(db, &old)?.is_some())
        }
    }
}

/// As [`take_in`], for a content that must be a file.
pub(crate) fn take_file(
    db: &Connection,
    added: &mut Usage,
    fresh: Fresh,
) -> rusqlite::Result<(i64, Option<Fresh>)> {
    match known(db, fresh.content)? {
        Some(known) if known.assembled => {
            run(db, "DELETE FROM assembled WHERE object = ?1", [known.id])?;
            run(
                db,
                "UPDATE object SET stored = ?2 WHERE id = ?1",
                params![known.id, index::len_code(fresh.stored)],
            )?;
            added.bytes += fresh.stored;
            Ok((known.id, Some(fresh)))
        }
        Some(known) => Ok((known.id, None)),
        None => {
            let id = keep(db, added, (fresh.content, fresh.len), fresh.stored)?;
            Ok((id, Some(fresh)))
        }
    }
}

fn known(db: &Connection, content: ContentHash) -> rusqlite::Result<Option<Known>> {
    db.prepare_cached(
        "SELECT id, EXISTS (SELECT 1 FROM assembled WHERE object = id) FROM object
         WHERE hash = ?1 AND kept",
    )?
    .query_row([content.0], |row| {
        Ok(Known {
            id: row.get(0)?,
            assembled: row.get(1)?,
        })
    })
    .optional()
}

fn keep(
    db: &Connection,
    added: &mut Usage,
    (content, len): (ContentHash, u64),
    stored: u64,
) -> rusqlite::Result<i64> {
    added.objects += 1;
    added.bytes += stored;
    db.prepare_cached(
        "INSERT INTO object(hash, len, stored) VALUES (?1, ?2, ?3)
         ON CONFLICT(hash) DO UPDATE SET kept = 1, stored = ?3 RETURNING id",
    )?
    .query_row(
        params![content.0, index::len_code(len), index::len_code(stored)],
        |row| row.get(0),
    )
}

fn sources(db: &Connection, sources: &[Source]) -> rusqlite::Result<Option<Vec<i64>>> {
    sources
        .iter()
        .map(|source| {
            let known = known(db, source.content)?;
            Ok(known.filter(|known| !known.assembled).map(|known| known.id))
        })
        .collect()
}

fn assemble(
    db: &Connection,
    object: i64,
    recipe: &Recipe,
    sources: &[i64],
) -> rusqlite::Result<()> {
    run(db, "INSERT INTO assembled(object) VALUES (?1)", [object])?;
    for source in sources {
        run(
            db,
            "INSERT INTO uses(object, file) VALUES (?1, ?2)",
            [object, *source],
        )?;
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO extent(object, at, len, source, offset) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for extent in &recipe.extents {
        insert.execute(params![
            object,
            index::len_code(extent.at),
            index::len_code(extent.len),
            sources[extent.source],
            index::len_code(extent.offset)
        ])?;
    }
    Ok(())
}

pub(crate) fn run(
    db: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<()> {
    db.prepare_cached(sql)?.execute(values).map(drop)
}

/// Takes out the rows that no version needs, be it through other contents; gives the contents
/// whose files go by that.
pub(crate) fn release(db: &Connection) -> rusqlite::Result<Vec<ContentHash>> {
    db.execute_batch(
        "DELETE FROM assembled WHERE object NOT IN
             (SELECT object FROM version JOIN object ON object.id = object WHERE kept);
         DELETE FROM pieces WHERE object IN (SELECT id FROM object WHERE NOT kept);",
    )?;
    let gone = db
        .prepare_cached(
            "DELETE FROM object WHERE id NOT IN (SELECT object FROM version)
                                  AND id NOT IN (SELECT file FROM uses)
             RETURNING hash, kept",
        )?
        .query_map([], |row| {
            let hash = index::hash_of(row.get_ref(0)?.as_blob()?)?;
            Ok(row.get::<_, bool>(1)?.then_some(hash))
        })?
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    db.execute_batch(
        "DELETE FROM rights WHERE id NOT IN (SELECT rights FROM version)
                              AND id NOT IN (SELECT rights FROM folder);",
    )?;
    Ok(gone)
}

/// Which files the kept contents of versions need, and how many contents need each file.
pub(crate) struct Uses {
    /// Of contents that are assembled; another one needs its own file.
    parts: HashMap<i64, Vec<i64>>,
    files: HashMap<i64, Needed>,
}

struct Needed {
    content: ContentHash,
    stored: u64,
    by: u64,
}

/// What lets files go.
pub(crate) struct Letting {
    /// The contents without which some bytes come free, in the order in which they were given.
    pub(crate) contents: Vec<i64>,
    /// The files that nothing needs any more, with their bytes, holes not counted.
    pub(crate) files: Vec<(ContentHash, u64)>,
    /// The sum of those bytes.
    pub(crate) frees: u64,
}

impl Uses {
    pub(crate) fn load(db: &Connection) -> rusqlite::Result<Self> {
        let mut uses = Self {
            parts: HashMap::new(),
            files: HashMap::new(),
        };
        let mut query = db.prepare_cached(
            "SELECT id, hash, stored, EXISTS (SELECT 1 FROM version WHERE object = id) FROM object
             WHERE kept AND NOT EXISTS (SELECT 1 FROM assembled WHERE object = id)",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let needed = Needed {
                content: index::hash_of(row.get_ref(1)?.as_blob()?)?,
                stored: index::len_of(row.get(2)?),
                by: u64::from(row.get::<_, bool>(3)?),
            };
            uses.files.insert(row.get(0)?, needed);
        }
        let mut query = db.prepare_cached("SELECT object, file FROM uses")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let file = row.get(1)?;
            uses.parts.entry(row.get(0)?).or_default().push(file);
            if let Some(needed) = uses.files.get_mut(&file) {
                needed.by += 1;
            }
        }
        Ok(uses)
    }

    /// Lets contents go in that order until so many bytes are free. Those without whose going the
    /// same comes free are spared.
    pub(crate) fn let_go(
        mut self,
        contents: impl IntoIterator<Item = i64>,
        wanted: u64,
    ) -> Letting {
        let unneeded = self.files.values().filter(|needed| needed.by == 0);
        let files: Vec<_> = unneeded
            .map(|needed| (needed.content, needed.stored))
            .collect();
        let mut letting = Letting {
            contents: Vec::new(),
            frees: files.iter().map(|(_, stored)| stored).sum(),
            files,
        };
        let mut freeing = HashSet::new();
        for content in contents {
            if letting.frees >= wanted {
                break;
            }
            let own = [content];
            for file in self.parts.get(&content).map_or(&own[..], |parts| parts) {
                let Some(needed) = self.files.get_mut(file) else {
                    continue;
                };
                needed.by = needed.by.saturating_sub(1);
                if needed.by == 0 {
                    letting.files.push((needed.content, needed.stored));
                    letting.frees += needed.stored;
                    if needed.stored > 0 {
                        freeing.insert(*file);
                    }
                }
            }
            letting.contents.push(content);
        }
        letting.contents.retain(|content| {
            let own = [*content];
            let files = self.parts.get(content).map_or(&own[..], |parts| parts);
            files.iter().any(|file| freeing.contains(file))
        });
        letting
    }
}
