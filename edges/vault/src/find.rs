//! Finds files by a part of their name or path, those that are gone too, in the memory of the few
//! that are told: the names are walked through one by one.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use hygie_model::{FileId, NodeKind, Wall};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    Reader, VaultError,
    few::{Few, Place},
    fold::{fold, fold_into},
    history,
    index::{self, OPEN},
    paths::{self, Bearer},
    sys,
};

/// A file under a path, now or formerly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its path, from the top of the machine.
    pub path: PathBuf,
    /// Length of its newest state there.
    pub bytes: u64,
    /// When that state was written as far as is known; of one that is gone, when it went.
    pub changed: Wall,
    /// Whether a file is there now.
    pub present: bool,
    /// The states of this path that can be given back.
    pub versions: u64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finds {
    /// The files.
    pub files: Vec<Seen>,
    /// Whether there are others.
    pub more: bool,
}

impl Reader {
    /// The files whose path from the protected folder on contains `text`, capitals and accents
    /// left aside: those that are there first, then those that are gone, the newest change first,
    /// and no more than `most`. One that is gone is told by the last path that it had there, if a
    /// version of it was ever kept; a file that only moved along with a folder is not gone.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn find(&self, text: &str, most: usize) -> Result<Finds, VaultError> {
        self.read(|db| {
            let mut search = Search {
                db,
                needle: fold(text.trim()),
                few: Few::new(most),
                path: PathBuf::new(),
                folded: String::new(),
                way: Vec::new(),
                patience: Patience::new(),
            };
            for (path, folder) in roots(db)? {
                search.path = path;
                search.enter(folder)?;
            }
            search.tell()
        })
    }
}

/// The protected folders of now, where they stand and stood.
fn roots(db: &Connection) -> rusqlite::Result<Vec<(PathBuf, Bearer)>> {
    db.prepare_cached(
        "SELECT path, dir, born, gone FROM root
         WHERE dir IN (SELECT dir FROM root WHERE gone = ?1) ORDER BY gone DESC, path",
    )?
    .query_map([OPEN], |row| {
        let bearer = Bearer {
            node: row.get(1)?,
            from: row.get(2)?,
            until: row.get(3)?,
        };
        Ok((sys::name_from_bytes(row.get(0)?).into(), bearer))
    })?
    .collect()
}

/// A name in a folder, for as long as the folder carried the path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) child: Bearer,
    /// When the name itself went.
    pub(crate) gone: i64,
    pub(crate) kind: NodeKind,
}

impl Edge {
    /// From a row of [`EDGES`]; `None` where the name was there at another time.
    pub(crate) fn of(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let child = Bearer {
            node: row.get(1)?,
            from: row.get(2)?,
            until: row.get(3)?,
        };
        if child.from >= child.until {
            return Ok(None);
        }
        Ok(Some(Self {
            child,
            gone: row.get(4)?,
            kind: index::kind_of(row.get(5)?)?,
        }))
    }

    pub(crate) fn is_present(self) -> bool {
        self.child.until == OPEN
    }

    /// Whether the name went, and not a folder above it.
    pub(crate) fn ended_itself(self) -> bool {
        self.gone <= self.child.until
    }
}

/// All names that a folder ever held, cut to the time when it carried its path: ordered by the
/// index, so nothing is sorted; and none left out, so that what is looked at can be counted.
pub(crate) const EDGES: &str =
    "SELECT name, child, max(born, ?2), min(edge.gone, ?3), edge.gone, kind
    FROM edge JOIN node ON node.id = child
    WHERE parent = ?1 ORDER BY name, edge.gone, edge.id";

/// How many names of former folders may still be looked at. A program that renamed folders without
/// end must not keep an asker busy without end; names in folders that are there cost nothing of it.
pub(crate) struct Patience(u32);

impl Patience {
    pub(crate) const fn new() -> Self {
        Self(PATIENCE)
    }

    /// Whether one more name of this folder may be looked at.
    pub(crate) fn lasts(&mut self, folder: Bearer) -> bool {
        if folder.until == OPEN {
            return true;
        }
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Those that are there first, then the newest change.
type Key = (bool, Reverse<i64>);

struct Search<'a> {
    db: &'a Connection,
    needle: String,
    few: Few<Key, Bearer>,
    /// Where the search is.
    path: PathBuf,
    /// The same from the protected folder on, folded.
    folded: String,
    /// The folders on the way.
    way: Vec<i64>,
    patience: Patience,
}

impl Search<'_> {
    fn enter(&mut self, folder: Bearer) -> rusqlite::Result<()> {
        let mut query = self.db.prepare_cached(EDGES)?;
        let mut rows = query.query([folder.node, folder.from, folder.until])?;
        self.way.push(folder.node);
        while let Some(row) = rows.next()? {
            if !self.patience.lasts(folder) {
                self.few.leave_some();
                break;
            }
            let Some(edge) = Edge::of(row)? else {
                continue;
            };
            let name = row.get_ref(0)?.as_blob()?;
            let above = self.folded.len();
            self.folded.push('/');
            fold_into(name, &mut self.folded);
            match edge.kind {
                NodeKind::Dir => {
                    // What a clock set back made of folders must not turn in circles.
                    if self.way.len() >= DEEPEST {
                        self.few.leave_some();
                    } else if !self.way.contains(&edge.child.node) {
                        self.path.push(sys::name_from_bytes(name.to_vec()));
                        self.enter(edge.child)?;
                        self.path.pop();
                    }
                }
                NodeKind::File if self.folded.contains(&self.needle) => {
                    let path = self.path.join(sys::name_from_bytes(name.to_vec()));
                    self.weigh(edge, path)?;
                }
                NodeKind::File | NodeKind::Symlink => {}
            }
            self.folded.truncate(above);
        }
        self.way.pop();
        Ok(())
    }

    fn weigh(&mut self, edge: Edge, path: PathBuf) -> rusqlite::Result<()> {
        let changed = if edge.is_present() {
            changed(self.db, edge.child)?
        } else {
            edge.child.until
        };
        let key = (!edge.is_present(), Reverse(changed));
        match self.few.place(&key, &path) {
            Place::Known => {}
            Place::Beyond if self.few.has_more() => {}
            Place::Wanted | Place::Beyond if !self.counts(edge)? => {}
            Place::Wanted => self.few.put(key, path, edge.child),
            Place::Beyond => self.few.leave_some(),
        }
        Ok(())
    }

    fn counts(&self, edge: Edge) -> rusqlite::Result<bool> {
        if edge.is_present() {
            return Ok(true);
        }
        let (file, ended) = (edge.child.node, edge.child.until);
        // A folder that was renamed took it along at the same moment.
        Ok(has_version(self.db, file)?
            && (edge.ended_itself() || paths::names(self.db, file, ended)?.is_empty()))
    }

    fn tell(self) -> rusqlite::Result<Finds> {
        let (db, more) = (self.db, self.few.has_more());
        let files = self
            .few
            .into_first()
            .map(|((_, Reverse(changed)), path, bearer)| seen(db, path, bearer, changed))
            .collect::<Result<_, _>>()?;
        Ok(Finds { files, more })
    }
}

/// A file at a path, by what it was there last.
pub(crate) fn seen(
    db: &Connection,
    path: PathBuf,
    bearer: Bearer,
    changed: i64,
) -> rusqlite::Result<Seen> {
    let last = history::state(db, FileId(bearer.node), bearer.until - 1)?;
    let bytes = match last {
        Some(stored) => stored.version.len,
        None => index::len_of(size(db, bearer.node)?),
    };
    Ok(Seen {
        versions: kept(db, &path)?,
        bytes,
        changed: Wall(changed),
        present: bearer.until == OPEN,
        path,
    })
}

/// When a file that is there got its content: by its own word, but never later than it was seen.
pub(crate) fn changed(db: &Connection, file: Bearer) -> rusqlite::Result<i64> {
    let newest = db
        .prepare_cached(
            "SELECT min(since, mtime) FROM version WHERE file = ?1 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([file.node], |row| row.get(0))
        .optional()?;
    Ok(newest.unwrap_or(file.from))
}

pub(crate) fn has_version(db: &Connection, file: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM version WHERE file = ?1")?
        .exists([file])
}

/// The length of a file of which no version is known yet.
fn size(db: &Connection, file: i64) -> rusqlite::Result<i64> {
    let size: Option<i64> = db
        .prepare_cached("SELECT size FROM node WHERE id = ?1")?
        .query_row([file], |row| row.get(0))?;
    Ok(size.unwrap_or(0))
}

/// How many versions of a path's history are kept, without their names and attributes; of a path
/// that was given and taken without end, so many at least.
fn kept(db: &Connection, path: &Path) -> rusqlite::Result<u64> {
    let (mut found, mut left) = (BTreeSet::new(), MOST_COUNTED);
    for bearer in history::tellers(db, path)? {
        let mut query = db.prepare_cached(
            "SELECT seq, since, kept FROM version JOIN object ON object.id = object
             WHERE file = ?1 ORDER BY seq DESC",
        )?;
        let mut rows = query.query([bearer.node])?;
        let mut ended = i64::MAX;
        while let Some(row) = rows.next()? {
            let (seq, since, is_kept): (i64, i64, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
            left -= 1;
            if left == 0 {
                return Ok(found.len() as u64);
            }
            if is_kept && since < bearer.until && ended > bearer.from {
                found.insert(seq);
            }
            ended = since;
        }
    }
    Ok(found.len() as u64)
}

/// Folders below each other that are walked through, each in the walker's stack.
const DEEPEST: usize = 256;
/// Versions that are looked at to count those of one path.
const MOST_COUNTED: u32 = 20_000;
const PATIENCE: u32 = 1_000_000;
