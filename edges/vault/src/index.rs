//! Opens the index and reads the few values that have an encoding of their own.

use std::{path::Path, time::Duration};

use hygie_model::{ContentHash, NodeKind};
use rusqlite::{Connection, OpenFlags};

use crate::{VaultError, layout::Layout, sys};

/// The end of an interval that has not ended.
pub(crate) const OPEN: i64 = i64::MAX;
/// The moment at which only intervals without an end hold.
pub(crate) const NOW: i64 = i64::MAX - 1;

/// The writer's connection; makes the index where it is missing.
pub(crate) fn open_writer(layout: &Layout) -> Result<Connection, VaultError> {
    let path = layout.index();
    // Made before SQLite sees it: the files beside it inherit its mode.
    sys::private_file(&path).map_err(VaultError::io("opening the index", &path))?;
    let failed = VaultError::index("opening the index", &path);
    let mut db = Connection::open(&path).map_err(&failed)?;
    db.busy_timeout(BUSY)
        .and_then(|()| db.pragma_update(None, "journal_mode", "WAL"))
        .and_then(|()| db.pragma_update(None, "synchronous", "FULL"))
        .and_then(|()| db.pragma_update(None, "foreign_keys", "ON"))
        .and_then(|()| db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES))
        .map_err(&failed)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let found = format(&db, &path)?;
    if found < FORMAT {
        let tx = db.transaction().map_err(&failed)?;
        steps(found)
            .try_for_each(|step| tx.execute_batch(step))
            .and_then(|()| tx.pragma_update(None, "user_version", FORMAT))
            .and_then(|()| tx.commit())
            .map_err(&failed)?;
    }
    Ok(db)
}

/// What makes the newest format out of an older one; 0 is an empty index.
fn steps(found: i64) -> impl Iterator<Item = &'static str> {
    let done = usize::try_from(found).unwrap_or(0);
    STEPS.into_iter().skip(done)
}

/// A connection that cannot write, beside the writer's.
pub(crate) fn open_reader(layout: &Layout) -> Result<Connection, VaultError> {
    let path = layout.index();
    if !path.is_file() {
        return Err(VaultError::Absent {
            dir: layout.dir().to_path_buf(),
        });
    }
    let failed = VaultError::index("opening the index", &path);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(&path, flags).map_err(&failed)?;
    db.busy_timeout(BUSY).map_err(&failed)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    match format(&db, &path)? {
        0 => Err(VaultError::Absent {
            dir: layout.dir().to_path_buf(),
        }),
        1 => db
            .pragma_update(None, "temp_store", "MEMORY")
            .and_then(|()| db.execute_batch(EMPTY2))
            .map_err(&failed)
            .map(|()| db),
        _ => Ok(db),
    }
}

fn format(db: &Connection, path: &Path) -> Result<i64, VaultError> {
    let found = db
        .query_row("SELECT user_version FROM pragma_user_version", [], |row| {
            row.get(0)
        })
        .map_err(VaultError::index("opening the index", path))?;
    if found > FORMAT {
        return Err(VaultError::TooNew {
            found,
            known: FORMAT,
        });
    }
    Ok(found)
}

pub(crate) fn kind_code(kind: NodeKind) -> i64 {
    match kind {
        NodeKind::File => 0,
        NodeKind::Dir => 1,
        NodeKind::Symlink => 2,
    }
}

pub(crate) fn kind_of(code: i64) -> rusqlite::Result<NodeKind> {
    match code {
        0 => Ok(NodeKind::File),
        1 => Ok(NodeKind::Dir),
        2 => Ok(NodeKind::Symlink),
        _ => Err(corrupt()),
    }
}

pub(crate) fn hash_of(bytes: &[u8]) -> rusqlite::Result<ContentHash> {
    bytes.try_into().map(ContentHash).map_err(|_| corrupt())
}

/// A length as SQLite stores it.
pub(crate) fn len_code(len: u64) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

/// A length as SQLite gave it.
pub(crate) fn len_of(code: i64) -> u64 {
    u64::try_from(code).unwrap_or(0)
}

/// What stands in the index cannot have been written by us.
pub(crate) fn corrupt() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT),
        None,
    )
}

const FORMAT: i64 = 2;
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema2.sql")];
/// What a reader sees of an index that no writer has brought to format 2 yet.
const EMPTY2: &str = "
    CREATE TEMP TABLE assembled (object);
    CREATE TEMP TABLE uses (object, file);
    CREATE TEMP TABLE extent (object, at, len, source, offset);
    CREATE TEMP TABLE pieces (file, object, links);";
const CHECKPOINT_PAGES: i64 = 4000;
const STATEMENTS: usize = 64;
/// How long SQLite waits for other connections: a reader to let the log go, a writer to recover.
const BUSY: Duration = Duration::from_secs(5);
