//! Commands that were heard: on disk until the hub knows what came of them, so that neither a kill nor a line that is down makes
//! one forgotten, or its outcome untold.

use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::{Outbox, OutboxError, tables};
use crate::{Came, Command, Told};

/// Whether a command was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is kept now.
    New,
    /// It is kept already.
    Before,
    /// So many wait that it is to be heard later.
    Full,
}

impl Outbox {
    /// Keeps a command until its outcome is told.
    ///
    /// # Errors
    /// The disk refuses: hear it again.
    pub fn hear(&mut self, command: &Command) -> Result<Known, OutboxError> {
        let body = serde_json::to_string(command).map_err(OutboxError::unreadable)?;
        let tx = self.begin()?;
        let count: i64 = tx.query_row(tables::COUNT_COMMANDS, [], |row| row.get(0))?;
        let kept = if count >= MOST {
            let known: Option<i64> = tx
                .query_row(
                    "SELECT nth FROM command WHERE id = ?1",
                    [command.id.to_string()],
                    |row| row.get(0),
                )
                .optional()?;
            known.map_or(Known::Full, |_| Known::Before)
        } else if tx.execute(tables::HEAR, (command.id.to_string(), body))? > 0 {
            Known::New
        } else {
            Known::Before
        };
        tx.commit()?;
        Ok(kept)
    }

    /// The oldest command of which nothing came yet.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn to_do(&self) -> Result<Option<Command>, OutboxError> {
        let body: Option<String> = self
            .db
            .query_row(tables::TO_DO, [], |row| row.get(0))
            .optional()?;
        body.map(|body| serde_json::from_str(&body).map_err(OutboxError::unreadable))
            .transpose()
    }

    /// Keeps what came of a command. The first word stays.
    ///
    /// # Errors
    /// The disk refuses: ask what came of it again.
    pub fn over(&mut self, told: Told) -> Result<(), OutboxError> {
        let outcome = serde_json::to_string(&told.came()).map_err(OutboxError::unreadable)?;
        self.db
            .execute(tables::OVER, (told.id.to_string(), outcome))?;
        Ok(())
    }

    /// Outcomes that the hub has to be told, in the order in which the commands were heard.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn to_tell(&self) -> Result<Vec<Told>, OutboxError> {
        let mut read = self.db.prepare_cached(tables::TO_TELL)?;
        let rows = read.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            let (id, came) = row?;
            let came: Came = serde_json::from_str(&came).map_err(OutboxError::unreadable)?;
            Ok(Told {
                id: Uuid::try_parse(&id)
                    .map_err(|error| OutboxError::Damaged(error.to_string()))?,
                outcome: came.outcome,
                count: came.count,
            })
        })
        .collect()
    }

    /// The hub knows what came of it: it goes.
    ///
    /// # Errors
    /// The disk refuses, and it is told again.
    pub fn told(&mut self, id: Uuid) -> Result<(), OutboxError> {
        self.db.execute(tables::TOLD, [id.to_string()])?;
        Ok(())
    }
}

/// No hub has so much to ask; what is beyond waits there.
const MOST: i64 = 100;

#[cfg(test)]
mod tests {
    use hygie_model::Wall;

    use super::*;
    use crate::{Count, Deed, Outcome, Room};

    fn command(id: u128) -> Command {
        Command {
            id: Uuid::from_u128(id),
            expires: Wall(9),
            by: None,
            deed: Deed::Undo { incident: 3 },
        }
    }

    fn told(id: u128, outcome: Outcome) -> Told {
        Told {
            id: Uuid::from_u128(id),
            outcome,
            count: None,
        }
    }

    #[test]
    fn a_command_stays_until_its_outcome_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("outbox.db");
        let open = || Outbox::open(&file, Room::default()).unwrap();
        let mut outbox = open();
        assert_eq!(outbox.hear(&command(2)).unwrap(), Known::New);
        assert_eq!(outbox.hear(&command(1)).unwrap(), Known::New);
        assert_eq!(outbox.hear(&command(2)).unwrap(), Known::Before);
        assert!(outbox.to_tell().unwrap().is_empty());
        drop(outbox);
        let mut outbox = open();
        assert_eq!(outbox.to_do().unwrap(), Some(command(2)));
        let count = Some(Count { done: 3, of: 3 });
        let done = Told {
            count,
            ..told(2, Outcome::Done)
        };
        outbox.over(done).unwrap();
        outbox.over(told(2, Outcome::Failed)).unwrap();
        assert_eq!(outbox.to_do().unwrap(), Some(command(1)));
        drop(outbox);
        let mut outbox = open();
        assert_eq!(outbox.to_tell().unwrap(), [done]);
        // Heard again before the hub took the outcome: known.
        assert_eq!(outbox.hear(&command(2)).unwrap(), Known::Before);
        outbox.told(Uuid::from_u128(2)).unwrap();
        // What is not over is not forgotten.
        outbox.told(Uuid::from_u128(1)).unwrap();
        assert!(outbox.to_tell().unwrap().is_empty());
        assert_eq!(outbox.to_do().unwrap(), Some(command(1)));
        outbox.count_anew().unwrap();
        assert_eq!(outbox.to_do().unwrap(), None);
    }

    #[test]
    fn so_many_wait_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let mut outbox = Outbox::open(&folder.path().join("outbox.db"), Room::default()).unwrap();
        for id in 0..100 {
            assert_eq!(outbox.hear(&command(id)).unwrap(), Known::New);
        }
        assert_eq!(outbox.hear(&command(200)).unwrap(), Known::Full);
        assert_eq!(outbox.hear(&command(7)).unwrap(), Known::Before);
        outbox.over(told(0, Outcome::Done)).unwrap();
        outbox.told(Uuid::from_u128(0)).unwrap();
        assert_eq!(outbox.hear(&command(200)).unwrap(), Known::New);
    }

    #[test]
    fn a_file_of_before_commands_gets_their_table() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("outbox.db");
        drop(Outbox::open(&file, Room::default()).unwrap());
        let db = rusqlite::Connection::open(&file).unwrap();
        db.execute_batch("DROP TABLE command").unwrap();
        drop(db);
        let mut outbox = Outbox::open(&file, Room::default()).unwrap();
        assert_eq!(outbox.hear(&command(1)).unwrap(), Known::New);
    }

    #[test]
    fn an_outcome_of_before_files_were_counted_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("outbox.db");
        let mut outbox = Outbox::open(&file, Room::default()).unwrap();
        outbox.hear(&command(1)).unwrap();
        drop(outbox);
        let db = rusqlite::Connection::open(&file).unwrap();
        db.execute("UPDATE command SET outcome = '\"partial\"'", [])
            .unwrap();
        drop(db);
        let outbox = Outbox::open(&file, Room::default()).unwrap();
        assert_eq!(outbox.to_tell().unwrap(), [told(1, Outcome::Partial)]);
    }
}
