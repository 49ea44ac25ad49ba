//! The log of acts on disk.

use std::{
    ffi::OsString,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_model::{DirId, Wall};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, Transaction, params};

use crate::{
    Act, ActsError, BootId, Deed, Left, Logged, Place, Process, Who,
    act::{self, kind_code, kind_of},
};

/// How long acts are remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// So long.
    pub age: Duration,
    /// So many at most.
    pub rows: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            age: Duration::from_secs(14 * 24 * 3600),
            rows: 2_000_000,
        }
    }
}

/// How many acts were forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trimmed(pub u64);

/// The log, open for writing.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    db: Connection,
    boot: i64,
}

impl Log {
    /// Opens the log, making it where it is missing.
    ///
    /// # Errors
    /// What the system or SQLite refused.
    pub fn open(path: &Path, boot: &BootId) -> Result<Self, ActsError> {
        let db = open_writer(path, SCHEMA, "NORMAL")?;
        let failed = ActsError::db("opening the log of acts", path);
        db.execute("INSERT OR IGNORE INTO boot(name) VALUES (?1)", [&boot.0])
            .map_err(&failed)?;
        let boot = db
            .query_row("SELECT id FROM boot WHERE name = ?1", [&boot.0], |row| {
                row.get(0)
            })
            .map_err(&failed)?;
        Ok(Self {
            path: path.to_path_buf(),
            db,
            boot,
        })
    }

    /// Adds acts; all or none.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn append(&mut self, acts: &[Act]) -> Result<(), ActsError> {
        let failed = ActsError::db("writing acts", &self.path);
        let tx = self.db.transaction().map_err(&failed)?;
        for act in acts {
            insert(&tx, self.boot, act).map_err(&failed)?;
        }
        tx.commit().map_err(&failed)
    }

    /// Makes all that was added safe against a power cut; a kill it survives without.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn sync(&self) -> Result<(), ActsError> {
        self.db
            .query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()))
            .map_err(ActsError::db("making acts safe", &self.path))
    }

    /// When the newest act was.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn newest(&self) -> Result<Wall, ActsError> {
        self.db
            .query_row(
                "SELECT coalesce(max(at), 0) FROM act WHERE id > (SELECT max(id) FROM act) - 100",
                [],
                |row| row.get(0).map(Wall),
            )
            .map_err(ActsError::db("reading the newest act", &self.path))
    }

    /// Forgets what is too old or too much, but nothing since `keep_from`.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn trim(
        &mut self,
        bounds: Bounds,
        now: Wall,
        keep_from: Option<Wall>,
    ) -> Result<Trimmed, ActsError> {
        let failed = ActsError::db("forgetting old acts", &self.path);
        let age = i64::try_from(bounds.age.as_nanos()).unwrap_or(i64::MAX);
        let before = now.0.saturating_sub(age);
        let keep = keep_from.map_or(i64::MAX, |keep| keep.0);
        let tx = self.db.transaction().map_err(&failed)?;
        let run = || -> rusqlite::Result<usize> {
            let mut gone =
                tx.execute("DELETE FROM act WHERE at < ?1 AND at < ?2", [before, keep])?;
            let last = i64::try_from(bounds.rows).unwrap_or(i64::MAX);
            // The count is of ids: rows go at the front only, but for a clock that was set back.
            gone += tx.execute(
                "DELETE FROM act WHERE id <= (SELECT max(id) FROM act) - ?1 AND at < ?2",
                [last, keep],
            )?;
            if gone > 0 {
                tx.execute(
                    "DELETE FROM process WHERE id NOT IN (SELECT process FROM act WHERE process IS NOT NULL)",
                    [],
                )?;
            }
            Ok(gone)
        };
        let gone = run().map_err(&failed)?;
        tx.commit().map_err(&failed)?;
        Ok(Trimmed(gone as u64))
    }
}

/// The log, open for reading, beside its writer.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    db: Connection,
}

impl Reader {
    /// Opens the log.
    ///
    /// # Errors
    /// When there is none, or what SQLite refused.
    pub fn open(path: &Path) -> Result<Self, ActsError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let failed = ActsError::db("opening the log of acts", path);
        let db = Connection::open_with_flags(path, flags).map_err(&failed)?;
        db.busy_timeout(BUSY).map_err(&failed)?;
        Ok(Self {
            path: path.to_path_buf(),
            db,
        })
    }

    /// What these families did in that run of the machine since then, the first act first.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn of_families(
        &self,
        boot: &BootId,
        families: &[u64],
        from: Wall,
    ) -> Result<Vec<Logged>, ActsError> {
        let mut all = Vec::new();
        for family in families {
            all.extend(self.select(
                "boot.name = ?1 AND family = ?2 AND at >= ?3 ORDER BY act.id",
                params![boot.0, family.cast_signed(), from.0],
            )?);
        }
        all.sort_by_key(|logged| logged.id);
        Ok(all)
    }

    /// All that was done to a file since then, by anybody, the first act first.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn on_node(&self, node: i64, from: Wall) -> Result<Vec<Logged>, ActsError> {
        self.select(
            "node = ?1 AND at >= ?2 ORDER BY act.id",
            params![node, from.0],
        )
    }

    /// How many acts there are.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn count(&self) -> Result<u64, ActsError> {
        let count: i64 = self
            .db
            .query_row("SELECT count(*) FROM act", [], |row| row.get(0))
            .map_err(ActsError::db("counting acts", &self.path))?;
        Ok(count.cast_unsigned())
    }

    fn select(&self, which: &str, values: impl rusqlite::Params) -> Result<Vec<Logged>, ActsError> {
        let failed = ActsError::db("reading acts", &self.path);
        let mut query = self
            .db
            .prepare_cached(&format!("{SELECT} WHERE {which}"))
            .map_err(&failed)?;
        query
            .query_map(values, |row| Ok(logged(row)))
            .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            .map_err(&failed)?
            .into_iter()
            .collect::<rusqlite::Result<Vec<_>>>()
            .map_err(&failed)
    }
}

fn insert(tx: &Transaction<'_>, boot: i64, act: &Act) -> rusqlite::Result<()> {
    let (who, family, process) = match &act.who {
        Who::Family { family, process } => {
            let process = process
                .as_ref()
                .map(|process| process_row(tx, boot, process))
                .transpose()?;
            (0, Some(family.cast_signed()), process)
        }
        Who::Hygie => (1, None, None),
        Who::Unknown => (2, None, None),
    };
    let row = act.deed.to_row();
    let version = row.left.and_then(|left| left.version);
    let before = row.left.and_then(|left| left.before);
    tx.prepare_cached(
        "INSERT INTO act(at, boot, who, family, process, node, kind, deed, dir, name, to_dir, to_name,
                         since, seq, content, before_seq, before_content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        act.at.0,
        boot,
        who,
        family,
        process,
        act.node,
        kind_code(act.kind),
        row.deed,
        row.place.as_ref().map(|place| place.dir.0),
        row.place.as_ref().map(|place| &place.name),
        row.to.as_ref().map(|place| place.dir.0),
        row.to.as_ref().map(|place| &place.name),
        row.left.map(|left| left.since.0),
        version.map(|version| version.seq),
        version.map(|version| version.content.0),
        before.map(|before| before.seq),
        before.map(|before| before.content.0),
    ])
    .map(drop)
}

fn process_row(tx: &Transaction<'_>, boot: i64, process: &Process) -> rusqlite::Result<i64> {
    let exe = process.exe.as_os_str().as_bytes();
    let started = process.started.cast_signed();
    let known = tx
        .prepare_cached(
            "SELECT id FROM process WHERE boot = ?1 AND pid = ?2 AND started = ?3 AND uid = ?4 AND exe = ?5",
        )?
        .query_row(params![boot, process.pid, started, process.uid, exe], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    tx.prepare_cached(
        "INSERT INTO process(boot, pid, started, uid, exe) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![boot, process.pid, started, process.uid, exe])?;
    Ok(tx.last_insert_rowid())
}

fn logged(row: &Row<'_>) -> rusqlite::Result<Logged> {
    let place = |dir: Option<i64>, name: Option<Vec<u8>>| {
        Some(Place {
            dir: DirId(dir?),
            name: name?,
        })
    };
    let process = match (row.get(11)?, row.get::<_, Option<Vec<u8>>>(14)?) {
        (Some(pid), Some(exe)) => Some(Process {
            pid,
            started: row.get::<_, i64>(12)?.cast_unsigned(),
            uid: row.get(13)?,
            exe: OsString::from_vec(exe).into(),
        }),
        _ => None,
    };
    let who = match (row.get::<_, i64>(3)?, row.get::<_, Option<i64>>(4)?) {
        (0, Some(family)) => Who::Family {
            family: family.cast_unsigned(),
            process,
        },
        (1, _) => Who::Hygie,
        _ => Who::Unknown,
    };
    let left = row
        .get::<_, Option<i64>>(15)?
        .map(|since| -> rusqlite::Result<Left> {
            Ok(Left {
                since: Wall(since),
                version: act::version(row.get(16)?, row.get(17)?),
                before: act::version(row.get(19)?, row.get(20)?),
            })
        });
    let deed = Deed::from_row(act::Row {
        deed: row.get(7)?,
        place: place(row.get(8)?, row.get(9)?),
        to: place(row.get(10)?, row.get(18)?),
        left: left.transpose()?,
    });
    let corrupt = || rusqlite::Error::InvalidQuery;
    Ok(Logged {
        id: row.get(0)?,
        boot: BootId(row.get(2)?),
        act: Act {
            at: Wall(row.get(1)?),
            who,
            node: row.get(5)?,
            kind: kind_of(row.get(6)?).ok_or_else(corrupt)?,
            deed: deed.ok_or_else(corrupt)?,
        },
    })
}

/// Opens one of the two files for its one writer.
pub(crate) fn open_writer(
    path: &Path,
    schema: &str,
    synchronous: &str,
) -> Result<Connection, ActsError> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    // Made before SQLite sees it: the files beside it inherit its mode.
    options
        .mode(0o600)
        .open(path)
        .map_err(|source| ActsError::Io {
            path: path.to_path_buf(),
            source,
        })?;
    let failed = ActsError::db("opening", path);
    let db = Connection::open(path).map_err(&failed)?;
    db.busy_timeout(BUSY)
        .and_then(|()| db.pragma_update(None, "journal_mode", "WAL"))
        .and_then(|()| db.pragma_update(None, "synchronous", synchronous))
        .map_err(&failed)?;
    let format: i64 = db
        .query_row("SELECT user_version FROM pragma_user_version", [], |row| {
            row.get(0)
        })
        .map_err(&failed)?;
    match format {
        0 => db
            .execute_batch(&format!(
                "BEGIN IMMEDIATE; {schema} PRAGMA user_version = 1; COMMIT;"
            ))
            .map_err(&failed)?,
        1 => {}
        _ => {
            return Err(ActsError::Unreadable {
                path: path.to_path_buf(),
            });
        }
    }
    Ok(db)
}

const SELECT: &str =
    "SELECT act.id, at, boot.name, who, family, node, kind, deed, dir, act.name, to_dir,
    pid, started, uid, exe, since, seq, content, to_name, before_seq, before_content
    FROM act JOIN boot ON boot.id = act.boot LEFT JOIN process ON process.id = act.process";
const SCHEMA: &str = "
    CREATE TABLE boot (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE process (id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, pid INTEGER NOT NULL,
        started INTEGER NOT NULL, uid INTEGER NOT NULL, exe BLOB NOT NULL);
    CREATE INDEX process_of ON process(boot, pid, started);
    CREATE TABLE act (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, boot INTEGER NOT NULL,
        who INTEGER NOT NULL, family INTEGER, process INTEGER, node INTEGER NOT NULL, kind INTEGER NOT NULL,
        deed INTEGER NOT NULL, dir INTEGER, name BLOB, to_dir INTEGER, to_name BLOB,
        since INTEGER, seq INTEGER, content BLOB, before_seq INTEGER, before_content BLOB);
    CREATE INDEX act_of_family ON act(family, boot);
    CREATE INDEX act_on_node ON act(node);
    CREATE INDEX act_at ON act(at);";
const BUSY: Duration = Duration::from_secs(5);
