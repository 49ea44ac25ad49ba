//! The outbox: facts on disk until the hub has them. At least once, in order, through any kill; bounded, and honest about it.
//! What was taken in is not lost; what finds no room is counted, and told as a loss once there is room again.

mod commands;
mod error;
mod tables;
#[cfg(test)]
mod tests;

use std::path::Path;

use hygie_model::Wall;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

pub use commands::Known;
pub use error::OutboxError;

use crate::{Fact, LONGEST_FACT, Signal};
use tables::Row;

/// Facts on disk. One process has it.
#[derive(Debug)]
pub struct Outbox {
    db: Connection,
    room: Room,
}

/// How much may wait; a quarter more of incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Signals.
    pub signals: u64,
    /// Bytes of their facts.
    pub bytes: u64,
}

/// Up to where whoever fills the outbox has read: kept with the facts, so that none is taken in twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor(pub String);

/// What became of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put {
    /// So many wait for the hub, durably.
    pub kept: u64,
    /// So many found no room: counted, and gone.
    pub left_out: u64,
}

/// How the outbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The oldest number that can still be sent.
    pub oldest: u64,
    /// The newest one that was given.
    pub newest: u64,
    /// Signals that wait.
    pub waiting: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Facts that found no room and were not yet told as a loss.
    pub left_out: u64,
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The oldest number that can still be sent.
    pub oldest: u64,
    /// In their order, without a gap.
    pub signals: Vec<Signal>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            signals: 200_000,
            bytes: 64 * 1024 * 1024,
        }
    }
}

impl Outbox {
    /// Opens the outbox of a folder, or begins one.
    ///
    /// # Errors
    /// Another process has it, it is damaged, or the disk refuses.
    pub fn open(file: &Path, room: Room) -> Result<Self, OutboxError> {
        let db = Connection::open(file)?;
        tables::prepare(&db)?;
        Ok(Self { db, room })
    }

    /// Takes facts in, and notes with them up to where they were read: all of it, or on an error none of it.
    ///
    /// # Errors
    /// The disk is full or refuses: nothing was taken in, the cursor stands where it stood.
    pub fn put(&mut self, facts: &[(Wall, Fact)], cursor: &Cursor) -> Result<Put, OutboxError> {
        let room = self.room;
        let tx = self.begin()?;
        let mut row = tables::read(&tx)?;
        let mut put = Put {
            kept: 0,
            left_out: 0,
        };
        for (at, fact) in facts {
            let text = serde_json::to_string(fact).map_err(OutboxError::unreadable)?;
            let own = room_for(fact, room);
            // What matters most does not wait until the losses of all else are told.
            if text.len() <= LONGEST_FACT
                && (has_told_losses(&tx, room, &mut row, *at)? || own != room)
                && row.has_room(own, text.len())
            {
                add(&tx, &mut row, *at, &text)?;
                put.kept += 1;
            } else {
                row.left_out(*at);
                put.left_out += 1;
            }
        }
        row.cursor.clone_from(&cursor.0);
        tables::write(&tx, &row)?;
        tx.commit()?;
        Ok(put)
    }

    /// Up to where whoever fills it has read; empty at the beginning.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn cursor(&self) -> Result<Cursor, OutboxError> {
        Ok(Cursor(tables::read(&self.db)?.cursor))
    }

    /// The oldest signals, `most` of them at most, and `bytes` of facts but for the first.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn batch(&self, most: usize, bytes: usize) -> Result<Batch, OutboxError> {
        let mut signals = Vec::new();
        let mut sum = 0;
        let mut read = self.db.prepare_cached(tables::OLDEST)?;
        let most_rows = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = read.query([most_rows])?;
        while let Some(row) = rows.next()? {
            let fact: String = row.get(2)?;
            sum += fact.len() + AROUND;
            if sum > bytes && !signals.is_empty() {
                break;
            }
            signals.push(Signal {
                seq: tables::unsigned(row.get(0)?),
                at: Wall(row.get(1)?),
                fact: serde_json::from_str(&fact).map_err(OutboxError::unreadable)?,
            });
        }
        drop(rows);
        let oldest = match signals.first() {
            Some(signal) => signal.seq,
            None => tables::read(&self.db)?.newest + 1,
        };
        Ok(Batch { oldest, signals })
    }

    /// The hub has everything up to this number: it goes. One that was never given is an error, and nothing goes.
    ///
    /// # Errors
    /// As said; or the disk refuses, and it is sent again.
    pub fn forget(&mut self, upto: u64) -> Result<(), OutboxError> {
        let tx = self.begin()?;
        let mut row = tables::read(&tx)?;
        if upto > row.newest {
            return Err(OutboxError::Ahead {
                upto,
                newest: row.newest,
            });
        }
        let gone: Option<i64> = tx
            .query_row(tables::WEIGH, [tables::signed(upto)], |it| it.get(0))
            .optional()?
            .flatten();
        tx.execute(tables::FORGET, [tables::signed(upto)])?;
        row.bytes = row
            .bytes
            .saturating_sub(tables::unsigned(gone.unwrap_or(0)));
        tables::write(&tx, &row)?;
        tx.commit()?;
        Ok(())
    }

    /// The hub has other signals under these numbers (this outbox is a new one, or was set back to an older image):
    /// what waits is numbered on from there.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn count_on_from(&mut self, upto: u64) -> Result<(), OutboxError> {
        let tx = self.begin()?;
        let mut row = tables::read(&tx)?;
        let oldest = tables::oldest(&tx)?.unwrap_or(row.newest + 1);
        if oldest <= upto {
            let further = upto + 1 - oldest;
            // In two steps: no number may be there twice, even for a moment.
            tx.execute(tables::SHIFT, [tables::signed(further)])?;
            tx.execute(tables::TURN, [])?;
            row.newest += further;
            tables::write(&tx, &row)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The device has a new number at the hub, under which it counts from 1: so does what waits.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn count_anew(&mut self) -> Result<(), OutboxError> {
        let tx = self.begin()?;
        let mut row = tables::read(&tx)?;
        let before = tables::oldest(&tx)?.unwrap_or(row.newest + 1) - 1;
        tx.execute(tables::SHIFT, [-tables::signed(before)])?;
        tx.execute(tables::TURN, [])?;
        row.newest -= before;
        tables::write(&tx, &row)?;
        // They were of the hub of before.
        tx.execute(tables::NO_COMMAND, [])?;
        tx.commit()?;
        Ok(())
    }

    /// How it stands.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn state(&self) -> Result<State, OutboxError> {
        let row = tables::read(&self.db)?;
        let oldest = tables::oldest(&self.db)?.unwrap_or(row.newest + 1);
        Ok(State {
            oldest,
            newest: row.newest,
            waiting: row.newest + 1 - oldest,
            bytes: row.bytes,
            left_out: row.left.map_or(0, |left| left.count),
        })
    }

    fn begin(&mut self) -> Result<Transaction<'_>, OutboxError> {
        Ok(self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// A quarter more is for stopped programs alone: a week of a state that comes and goes does not push one out.
fn room_for(fact: &Fact, room: Room) -> Room {
    match fact {
        Fact::Incident { .. } => Room {
            signals: room.signals + room.signals / 4,
            bytes: room.bytes + room.bytes / 4,
        },
        Fact::State { .. } | Fact::Counts { .. } | Fact::Judged { .. } | Fact::Loss { .. } => room,
    }
}

/// Whether nothing is left untold: what was left out is told first, once an eighth of the room is free again.
fn has_told_losses(
    tx: &Transaction<'_>,
    room: Room,
    row: &mut Row,
    at: Wall,
) -> Result<bool, OutboxError> {
    let Some(left) = row.left else {
        return Ok(true);
    };
    row.waiting = waiting(tx, row)?;
    let calm = Room {
        signals: room.signals - room.signals / 8,
        bytes: room.bytes - room.bytes / 8,
    };
    let fact = Fact::Loss {
        count: left.count,
        first: left.first,
        last: left.last,
    };
    let text = serde_json::to_string(&fact).map_err(OutboxError::unreadable)?;
    if !row.has_room(calm, text.len()) {
        return Ok(false);
    }
    row.left = None;
    add(tx, row, at, &text)?;
    Ok(true)
}

fn add(tx: &Transaction<'_>, row: &mut Row, at: Wall, text: &str) -> Result<(), OutboxError> {
    row.newest += 1;
    row.waiting += 1;
    row.bytes += text.len() as u64;
    let mut add = tx.prepare_cached(tables::ADD)?;
    add.execute((tables::signed(row.newest), at.0, text))?;
    Ok(())
}

fn waiting(tx: &Transaction<'_>, row: &Row) -> Result<u64, OutboxError> {
    Ok(tables::oldest(tx)?.map_or(0, |oldest| row.newest + 1 - oldest))
}

/// What stands around a fact in a batch: its number, its moment.
const AROUND: usize = 80;
