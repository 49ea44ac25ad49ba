//! How a content is put together from parts of others.

use std::{collections::HashMap, fs::File, io};

use hygie_model::ContentHash;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    copy::{self, Copied, Walk},
    index, sys,
};

/// A content without a file of its own: what no extent covers is zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recipe {
    pub(crate) len: u64,
    pub(crate) sources: Vec<Source>,
    /// In order of their places; none overlaps another.
    pub(crate) extents: Vec<Extent>,
}

/// A content with a file, parts of which are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) content: ContentHash,
    /// Its bytes, holes not counted.
    pub(crate) stored: u64,
}

/// A stretch that is taken from a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Where it goes.
    pub(crate) at: u64,
    pub(crate) len: u64,
    /// Which of the sources.
    pub(crate) source: usize,
    /// Where it is in the source.
    pub(crate) offset: u64,
}

impl Extent {
    pub(crate) fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }

    /// The part of it that lies between two places.
    pub(crate) fn part(&self, start: u64, end: u64) -> Option<Self> {
        let (from, to) = (self.at.max(start), self.end().min(end));
        (from < to).then(|| Self {
            at: from,
            len: to - from,
            source: self.source,
            offset: self.offset + (from - self.at),
        })
    }
}

impl Recipe {
    /// That of a content which is a file.
    pub(crate) fn whole(source: Source, len: u64) -> Self {
        let extent = Extent {
            at: 0,
            len,
            source: 0,
            offset: 0,
        };
        Self {
            len,
            sources: vec![source],
            extents: vec![extent],
        }
    }

    /// Adds the next extent; one that goes on where the last one ended makes that longer.
    pub(crate) fn push(&mut self, next: Extent) {
        match self.extents.last_mut() {
            Some(last)
                if (last.source, last.end(), last.offset + last.len)
                    == (next.source, next.at, next.offset) =>
            {
                last.len += next.len;
            }
            _ => self.extents.push(next),
        }
    }

    /// The extents between two places, cut to them.
    pub(crate) fn between(&self, start: u64, end: u64) -> impl Iterator<Item = Extent> {
        let first = self.extents.partition_point(|extent| extent.end() <= start);
        self.extents[first..]
            .iter()
            .map_while(move |extent| extent.part(start, end))
    }

    /// Leaves out the sources that no extent needs.
    pub(crate) fn tidy(&mut self) {
        let mut new: HashMap<usize, usize> = HashMap::new();
        let mut sources = Vec::new();
        for extent in &mut self.extents {
            extent.source = *new.entry(extent.source).or_insert_with(|| {
                sources.push(self.sources[extent.source]);
                sources.len() - 1
            });
        }
        self.sources = sources;
    }

    /// Bytes that its sources store and it does not use.
    pub(crate) fn unused(&self) -> u64 {
        let mut used = vec![0_u64; self.sources.len()];
        for extent in &self.extents {
            used[extent.source] = used[extent.source].saturating_add(extent.len);
        }
        let sources = self.sources.iter().zip(used);
        sources
            .map(|(source, used)| source.stored.saturating_sub(used))
            .sum()
    }

    /// Writes the content into the empty `target`. A source that is too short ends it there.
    pub(crate) fn copy(&self, open: &Open<'_>, target: &File) -> io::Result<Copied> {
        let mut sources = Sources::new(open);
        let put = |bytes: &[u8], at| sys::write_all_at(target, bytes, at);
        let mut walk = Walk::new(self.len, put);
        for extent in &self.extents {
            walk.hole(extent.at.saturating_sub(walk.at()));
            let file = sources.open(self.sources[extent.source].content)?;
            let end = extent.offset.saturating_add(extent.len);
            let ended = walk.range(file, extent.offset, end)?;
            if ended < end || walk.at() != extent.end() {
                return Ok(walk.finish());
            }
        }
        walk.hole(self.len.saturating_sub(walk.at()));
        let copied = walk.finish();
        target.set_len(copied.len)?;
        Ok(copied)
    }

    /// Reads what lies at `start` into all of the buffer.
    pub(crate) fn read(
        &self,
        sources: &mut Sources<'_>,
        buffer: &mut [u8],
        start: u64,
    ) -> io::Result<()> {
        buffer.fill(0);
        for part in self.between(start, start + buffer.len() as u64) {
            let file = sources.open(self.sources[part.source].content)?;
            let into = index_of(part.at - start)..index_of(part.end() - start);
            let wanted = into.len();
            if copy::fill(file, &mut buffer[into], part.offset)? < wanted {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}

fn index_of(distance: u64) -> usize {
    usize::try_from(distance).unwrap_or(usize::MAX)
}

/// How the file of a content is opened.
pub(crate) type Open<'a> = dyn Fn(ContentHash) -> io::Result<File> + 'a;

/// Files of contents, the last few held open.
pub(crate) struct Sources<'a> {
    open: &'a Open<'a>,
    held: HashMap<ContentHash, File>,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(open: &'a Open<'a>) -> Self {
        Self {
            open,
            held: HashMap::new(),
        }
    }

    pub(crate) fn open(&mut self, content: ContentHash) -> io::Result<&File> {
        if self.held.len() >= HELD && !self.held.contains_key(&content) {
            self.held.clear();
        }
        Ok(match self.held.entry(content) {
            std::collections::hash_map::Entry::Occupied(file) => file.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => free.insert((self.open)(content)?),
        })
    }
}

/// How a content is assembled; `None`: it has a file, or is not known.
pub(crate) fn of(db: &Connection, content: ContentHash) -> rusqlite::Result<Option<Recipe>> {
    let found: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT id, len FROM object JOIN assembled ON assembled.object = id
             WHERE hash = ?1 AND kept",
        )?
        .query_row([content.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(object, len)| load(db, object, index::len_of(len)))
        .transpose()
}

fn load(db: &Connection, object: i64, len: u64) -> rusqlite::Result<Recipe> {
    let mut recipe = Recipe {
        len,
        sources: Vec::new(),
        extents: Vec::new(),
    };
    let mut known: HashMap<i64, usize> = HashMap::new();
    let mut query = db.prepare_cached(
        "SELECT at, extent.len, source, offset, hash, stored
         FROM extent JOIN object ON object.id = source WHERE object = ?1 ORDER BY at",
    )?;
    let mut rows = query.query([object])?;
    while let Some(row) = rows.next()? {
        let id = row.get(2)?;
        let source = match known.get(&id) {
            Some(source) => *source,
            None => {
                recipe.sources.push(source(row)?);
                known.insert(id, recipe.sources.len() - 1);
                recipe.sources.len() - 1
            }
        };
        recipe.extents.push(Extent {
            at: index::len_of(row.get(0)?),
            len: index::len_of(row.get(1)?),
            source,
            offset: index::len_of(row.get(3)?),
        });
    }
    Ok(recipe)
}

fn source(row: &Row<'_>) -> rusqlite::Result<Source> {
    Ok(Source {
        content: index::hash_of(row.get_ref(4)?.as_blob()?)?,
        stored: index::len_of(row.get(5)?),
    })
}

const HELD: usize = 128;
