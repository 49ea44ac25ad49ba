//! Writes the facts of one batch into the index.

use hygie_model::{ContentHash, FileId, Metadata, VersionName, Wall};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Entry, Fingerprint, Pending, Usage,
    base::link_bytes,
    contents,
    index::{self, OPEN},
    objects::Fresh,
    pieces::Link,
    rights, sys,
};

/// A batch under way, in a transaction of the caller's.
pub(crate) struct Batch<'a> {
    db: &'a Connection,
    now: Wall,
    done: Done,
}

/// What a batch gave.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) names: Vec<VersionName>,
    pub(crate) added: Usage,
}

/// Why a batch cannot be taken.
pub(crate) enum Refused {
    Index(rusqlite::Error),
    /// A copy of this file was built on what is not kept any more.
    BaseGone(FileId),
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Index(error)
    }
}

/// A state as the caller describes it.
struct State {
    file: FileId,
    since: Wall,
    meta: Metadata,
    fingerprint: Fingerprint,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(db: &'a Connection, now: Wall) -> Self {
        Self {
            db,
            now,
            done: Done::default(),
        }
    }

    /// Gives back a file that the store does not have yet.
    pub(crate) fn apply(&mut self, entry: Entry) -> Result<Option<Fresh>, Refused> {
        match entry {
            Entry::Root { dir, fs, path, at } => {
                let path = sys::name_bytes(path.as_os_str());
                self.root(dir.0, fs, &path, at)?;
            }
            Entry::Node {
                id,
                kind,
                fs,
                handle,
            } => self.run(
                "INSERT INTO node(id, kind, fs, handle) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT(id) DO UPDATE SET kind = ?2, fs = ?3, handle = ?4, gone = ?5",
                params![id, index::kind_code(kind), fs, handle, OPEN],
            )?,
            Entry::NameBorn {
                parent,
                name,
                child,
                at,
            } => {
                self.name_born(parent.0, &name, child, at)?;
            }
            Entry::NameGone { parent, name, at } => self.name_gone(parent.0, &name, at)?,
            Entry::Version {
                file,
                content,
                since,
                meta,
                fingerprint,
            } => {
                let state = State {
                    file,
                    since,
                    meta,
                    fingerprint,
                };
                return self.version(&state, content);
            }
            Entry::Attributes {
                file,
                since,
                meta,
                fingerprint,
            } => self.attributes(&State {
                file,
                since,
                meta,
                fingerprint,
            })?,
            Entry::Meta { dir, at, meta } => self.folder(dir.0, at, &meta)?,
            Entry::Fingerprint { file, fingerprint } => self.fingerprint(file, fingerprint)?,
            Entry::NodeGone { id, at } => {
                self.run(
                    "UPDATE edge SET gone = max(born, ?2) WHERE child = ?1 AND gone = ?3",
                    params![id, at.0, OPEN],
                )?;
                self.run("UPDATE node SET gone = ?2 WHERE id = ?1", params![id, at.0])?;
            }
        }
        Ok(None)
    }

    /// Writes the counters down.
    pub(crate) fn finish(self, next_node: i64) -> rusqlite::Result<Done> {
        self.run(
            "UPDATE counter SET value = ?1 WHERE name = 'node' AND value < ?1",
            params![next_node],
        )?;
        Ok(self.done)
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
        self.db.prepare_cached(sql)?.execute(values).map(drop)
    }

    fn root(&self, dir: i64, fs: i64, path: &[u8], at: Wall) -> rusqlite::Result<()> {
        let same = self
            .db
            .prepare_cached(
                "SELECT 1 FROM root WHERE gone = ?4 AND dir = ?1 AND fs = ?2 AND path = ?3",
            )?
            .exists(params![dir, fs, path, OPEN])?;
        if same {
            return Ok(());
        }
        self.run(
            "UPDATE root SET gone = max(born, ?3) WHERE gone = ?4 AND (dir = ?1 OR path = ?2)",
            params![dir, path, at.0, OPEN],
        )?;
        self.run(
            "INSERT INTO root(dir, fs, path, born) VALUES (?1, ?2, ?3, ?4)",
            params![dir, fs, path, at.0],
        )
    }

    fn name_born(&self, parent: i64, name: &[u8], child: i64, at: Wall) -> rusqlite::Result<()> {
        let same = self
            .db
            .prepare_cached(SAME_NAME)?
            .exists(params![parent, name, child, OPEN])?;
        if same {
            return Ok(());
        }
        self.name_gone(parent, name, at)?;
        self.run(
            "UPDATE node SET gone = ?2 WHERE id = ?1 AND gone <> ?2",
            params![child, OPEN],
        )?;
        self.run(
            "INSERT INTO edge(parent, name, child, born) VALUES (?1, ?2, ?3, ?4)",
            params![parent, name, child, at.0],
        )
    }

    fn name_gone(&self, parent: i64, name: &[u8], at: Wall) -> rusqlite::Result<()> {
        self.run(
            "UPDATE edge SET gone = max(born, ?3) WHERE parent = ?1 AND name = ?2 AND gone = ?4",
            params![parent, name, at.0, OPEN],
        )
    }

    fn version(&mut self, state: &State, copy: Pending) -> Result<Option<Fresh>, Refused> {
        self.fingerprint(state.file, Some(state.fingerprint))?;
        let rights = self.rights(&state.meta)?;
        let Pending {
            content,
            len,
            links,
            body,
        } = copy;
        if let Some((seq, object)) = self.newest_if_same(state, content, rights)? {
            self.pieces(state.file, object, links.as_deref())?;
            self.done.names.push(VersionName { content, seq });
            return Ok(None);
        }
        let (object, fresh) =
            contents::take_in(self.db, &mut self.done.added, (content, len), body)?
                .ok_or(Refused::BaseGone(state.file))?;
        let seq = self.next_version()?;
        self.insert(seq, state, object, rights)?;
        self.pieces(state.file, object, links.as_deref())?;
        self.done.names.push(VersionName { content, seq });
        Ok(fresh)
    }

    /// A state whose content is that of the newest version.
    fn attributes(&self, state: &State) -> rusqlite::Result<()> {
        let rights = self.rights(&state.meta)?;
        let newest = self
            .db
            .prepare_cached(
                "SELECT object, rights, mtime FROM version WHERE file = ?1
                 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([state.file.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((object, was, mtime)): Option<(i64, i64, i64)> = newest else {
            return Ok(());
        };
        self.fingerprint(state.file, Some(state.fingerprint))?;
        if (was, mtime) == (rights, state.meta.mtime_ns) {
            return Ok(());
        }
        self.insert(self.next_version()?, state, object, rights)
    }

    fn insert(&self, seq: i64, state: &State, object: i64, rights: i64) -> rusqlite::Result<()> {
        self.run(
            "INSERT INTO version(seq, file, object, since, kept_at, rights, mtime, atime)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                seq,
                state.file.0,
                object,
                state.since.0,
                self.now.0,
                rights,
                state.meta.mtime_ns,
                state.meta.atime_ns
            ],
        )
    }

    /// The newest version and its object.
    fn newest_if_same(
        &self,
        state: &State,
        content: ContentHash,
        rights: i64,
    ) -> rusqlite::Result<Option<(i64, i64)>> {
        let newest = self
            .db
            .prepare_cached(
                "SELECT seq, hash, kept, rights, mtime, object FROM version
                 JOIN object ON object.id = object
                 WHERE file = ?1 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([state.file.0], |row| {
                let same = row.get::<_, Vec<u8>>(1)? == content.0
                    && row.get::<_, bool>(2)?
                    && row.get::<_, i64>(3)? == rights
                    && row.get::<_, i64>(4)? == state.meta.mtime_ns;
                Ok(same.then_some((row.get(0)?, row.get(5)?)))
            })
            .optional()?;
        Ok(newest.flatten())
    }

    /// Notes what the next version of a large file can be built on.
    fn pieces(&self, file: FileId, object: i64, links: Option<&[Link]>) -> rusqlite::Result<()> {
        self.run(
            "DELETE FROM pieces WHERE file = ?1 AND object <> ?2",
            [file.0, object],
        )?;
        let Some(links) = links else {
            return Ok(());
        };
        self.run(
            "INSERT INTO pieces(file, object, links) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![file.0, object, link_bytes(links)],
        )
    }

    fn next_version(&self) -> rusqlite::Result<i64> {
        self.db
            .prepare_cached(
                "UPDATE counter SET value = value + 1 WHERE name = 'version' RETURNING value",
            )?
            .query_row([], |row| row.get(0))
    }

    fn folder(&self, dir: i64, at: Wall, meta: &Metadata) -> rusqlite::Result<()> {
        let rights = self.rights(meta)?;
        let same = self
            .db
            .prepare_cached(
                "SELECT 1 FROM (SELECT rights, mtime FROM folder WHERE dir = ?1
                                ORDER BY id DESC LIMIT 1)
                 WHERE rights = ?2 AND mtime = ?3",
            )?
            .exists(params![dir, rights, meta.mtime_ns])?;
        if same {
            return Ok(());
        }
        self.run(
            "INSERT INTO folder(dir, at, rights, mtime, atime) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![dir, at.0, rights, meta.mtime_ns, meta.atime_ns],
        )
    }

    fn rights(&self, meta: &Metadata) -> rusqlite::Result<i64> {
        let bytes = rights::encode(meta);
        let known = self
            .db
            .prepare_cached("SELECT id FROM rights WHERE bytes = ?1")?
            .query_row([&bytes], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        self.run("INSERT INTO rights(bytes) VALUES (?1)", [&bytes])?;
        Ok(self.db.last_insert_rowid())
    }

    fn fingerprint(&self, file: FileId, print: Option<Fingerprint>) -> rusqlite::Result<()> {
        self.run(
            "UPDATE node SET size = ?2, mtime = ?3, ctime = ?4 WHERE id = ?1",
            params![
                file.0,
                print.map(|print| index::len_code(print.size)),
                print.map(|print| print.mtime_ns),
                print.map(|print| print.ctime_ns)
            ],
        )
    }
}

/// By the folder: a file may have tens of thousands of names (`+` keeps SQLite from looking through those).
pub(crate) const SAME_NAME: &str =
    "SELECT 1 FROM edge WHERE parent = ?1 AND name = ?2 AND +child = ?3 AND gone = ?4";
