//! How the outbox lies on disk: two tables in a SQLite file, of which each change is synced before it counts.

use hygie_model::Wall;
use rusqlite::{Connection, OptionalExtension};

use super::{OutboxError, Room};

/// All but the signals themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The newest number that was given.
    pub(super) newest: u64,
    /// Bytes of what waits.
    pub(super) bytes: u64,
    /// Where the reader stands.
    pub(super) cursor: String,
    /// What found no room.
    pub(super) left: Option<Left>,
    /// Signals that wait; counted when it is read.
    pub(super) waiting: u64,
}

/// Facts that found no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) count: u64,
    pub(super) first: Wall,
    pub(super) last: Wall,
}

impl Row {
    pub(super) fn has_room(&self, room: Room, bytes: usize) -> bool {
        self.waiting < room.signals && self.bytes + bytes as u64 <= room.bytes
    }

    pub(super) fn left_out(&mut self, at: Wall) {
        let left = self.left.get_or_insert(Left {
            count: 0,
            first: at,
            last: at,
        });
        left.count += 1;
        left.last = at;
    }
}

/// Makes the file what it has to be, or says that it is something else.
pub(super) fn prepare(db: &Connection) -> Result<(), OutboxError> {
    // Before anything is read: whoever comes second sees that the file is taken, and no shared memory is needed.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    // The courier is shut in with its own folder alone: a file in the system's one for such would be refused.
    db.pragma_update(None, "temp_store", "MEMORY")?;
    let format: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match format {
        0 => db.execute_batch(BEGIN)?,
        FORMAT => {}
        _ => return Err(OutboxError::Newer),
    }
    // Later than the format: a file of before gets it, a program of before passes it by.
    db.execute_batch(COMMANDS)?;
    let whole: String = db.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if whole != "ok" {
        return Err(OutboxError::Damaged(whole));
    }
    read(db).map(drop)
}

pub(super) fn read(db: &Connection) -> Result<Row, OutboxError> {
    let mut row = db.prepare_cached(READ)?.query_row([], |row| {
        let count = unsigned(row.get(3)?);
        let left = Left {
            count,
            first: Wall(row.get(4)?),
            last: Wall(row.get(5)?),
        };
        Ok(Row {
            newest: unsigned(row.get(0)?),
            bytes: unsigned(row.get(1)?),
            cursor: row.get(2)?,
            left: (count > 0).then_some(left),
            waiting: 0,
        })
    })?;
    row.waiting = oldest(db)?.map_or(0, |oldest| (row.newest + 1).saturating_sub(oldest));
    Ok(row)
}

pub(super) fn write(db: &Connection, row: &Row) -> Result<(), OutboxError> {
    let (count, first, last) = row
        .left
        .map_or((0, 0, 0), |left| (left.count, left.first.0, left.last.0));
    db.prepare_cached(WRITE)?.execute((
        signed(row.newest),
        signed(row.bytes),
        &row.cursor,
        signed(count),
        first,
        last,
    ))?;
    Ok(())
}

pub(super) fn oldest(db: &Connection) -> Result<Option<u64>, OutboxError> {
    let oldest: Option<i64> = db
        .prepare_cached(FIRST)?
        .query_row([], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(oldest.map(unsigned))
}

/// SQLite counts with a sign; no device lives to see the end of it.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

const FORMAT: u32 = 1;

const BEGIN: &str = "
    BEGIN IMMEDIATE;
    CREATE TABLE signal (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, fact TEXT NOT NULL) STRICT;
    CREATE TABLE outbox (one INTEGER PRIMARY KEY CHECK (one = 1), newest INTEGER NOT NULL,
        bytes INTEGER NOT NULL, cursor TEXT NOT NULL, left_out INTEGER NOT NULL,
        left_first INTEGER NOT NULL, left_last INTEGER NOT NULL) STRICT;
    INSERT INTO outbox VALUES (1, 0, 0, '', 0, 0, 0);
    PRAGMA user_version = 1;
    COMMIT;";
const COMMANDS: &str = "
    CREATE TABLE IF NOT EXISTS command (id TEXT PRIMARY KEY, nth INTEGER NOT NULL, body TEXT NOT NULL,
        outcome TEXT) STRICT;";
const READ: &str =
    "SELECT newest, bytes, cursor, left_out, left_first, left_last FROM outbox WHERE one = 1";
const WRITE: &str = "
    UPDATE outbox SET newest = ?1, bytes = ?2, cursor = ?3, left_out = ?4, left_first = ?5, left_last = ?6
    WHERE one = 1";
const FIRST: &str = "SELECT MIN(seq) FROM signal";
pub(super) const ADD: &str = "INSERT INTO signal (seq, at, fact) VALUES (?1, ?2, ?3)";
pub(super) const OLDEST: &str = "SELECT seq, at, fact FROM signal ORDER BY seq LIMIT ?1";
/// In bytes, as they were counted when they came.
pub(super) const WEIGH: &str = "SELECT SUM(LENGTH(CAST(fact AS BLOB))) FROM signal WHERE seq <= ?1";
pub(super) const FORGET: &str = "DELETE FROM signal WHERE seq <= ?1";
pub(super) const SHIFT: &str = "UPDATE signal SET seq = -(seq + ?1)";
pub(super) const TURN: &str = "UPDATE signal SET seq = -seq WHERE seq < 0";
pub(super) const NO_COMMAND: &str = "DELETE FROM command";
pub(super) const COUNT_COMMANDS: &str = "SELECT COUNT(*) FROM command";
pub(super) const HEAR: &str = "
    INSERT OR IGNORE INTO command (id, nth, body)
    VALUES (?1, (SELECT COALESCE(MAX(nth), 0) + 1 FROM command), ?2)";
pub(super) const TO_DO: &str =
    "SELECT body FROM command WHERE outcome IS NULL ORDER BY nth LIMIT 1";
pub(super) const OVER: &str = "UPDATE command SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL";
pub(super) const TO_TELL: &str =
    "SELECT id, outcome FROM command WHERE outcome IS NOT NULL ORDER BY nth";
pub(super) const TOLD: &str = "DELETE FROM command WHERE id = ?1 AND outcome IS NOT NULL";
