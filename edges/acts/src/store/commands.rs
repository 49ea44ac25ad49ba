//! Commands from afar: each is noted before it is begun and with what came of it, so that it is done once however often it is
//! heard, whoever is killed in between.

use std::path::Path;

use hygie_model::Wall;
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use crate::ActsError;

/// The number that whoever sent it gave a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandId(pub String);

/// How far a command is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It was never heard.
    No,
    /// It was begun, and nobody knows how far it came.
    CutOff,
    /// What came of it; its owner reads it.
    Over(String),
}

impl Store {
    /// How far a command is.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn command(&self, id: &CommandId) -> Result<Begun, ActsError> {
        let row: Option<Option<String>> = self
            .db
            .query_row(
                "SELECT outcome FROM command WHERE id = ?1",
                [&id.0],
                |row| row.get(0),
            )
            .optional()
            .map_err(ActsError::db("reading commands", &self.path))?;
        Ok(match row {
            None => Begun::No,
            Some(None) => Begun::CutOff,
            Some(Some(outcome)) => Begun::Over(outcome),
        })
    }

    /// Notes that it is begun now; what was begun before `forget_before` is forgotten with it.
    ///
    /// # Errors
    /// What SQLite refused: then do not begin it.
    pub fn begin_command(
        &mut self,
        id: &CommandId,
        incident: Option<u64>,
        (now, forget_before): (Wall, Wall),
        expires: Wall,
    ) -> Result<(), ActsError> {
        let failed = ActsError::db("noting a command", &self.path);
        let tx = self.db.transaction().map_err(&failed)?;
        tx.execute("DELETE FROM command WHERE begun < ?1", [forget_before.0])
            .and_then(|_| {
                tx.execute(
                    "INSERT OR IGNORE INTO command(id, incident, begun, expires) VALUES (?1, ?2, ?3, ?4)",
                    params![id.0, incident.map(u64::cast_signed), now.0, expires.0],
                )
            })
            .map_err(&failed)?;
        tx.commit().map_err(&failed)
    }

    /// Notes what came of it. The first word stays.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn end_command(&mut self, id: &CommandId, outcome: &str) -> Result<(), ActsError> {
        self.run(
            "UPDATE command SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL",
            params![id.0, outcome],
        )
    }

    /// Commands about this incident that were cut off are over: somebody decides otherwise now, and a command of before
    /// must not go on after that.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn supersede_commands(
        &mut self,
        incident: u64,
        but: Option<&CommandId>,
        outcome: &str,
    ) -> Result<(), ActsError> {
        self.run(
            "UPDATE command SET outcome = ?3 WHERE incident = ?1 AND id <> ?2 AND outcome IS NULL",
            params![
                incident.cast_signed(),
                but.map_or("", |id| id.0.as_str()),
                outcome
            ],
        )
    }

    /// How many were begun since then.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn commands_since(&self, since: Wall) -> Result<u64, ActsError> {
        let count: i64 = self
            .db
            .query_row(
                "SELECT COUNT(*) FROM command WHERE begun > ?1",
                [since.0],
                |row| row.get(0),
            )
            .map_err(ActsError::db("counting commands", &self.path))?;
        Ok(count.cast_unsigned())
    }
}

/// A file of before this table gets it.
pub(super) fn prepare(db: &Connection, path: &Path) -> Result<(), ActsError> {
    db.execute_batch(
        "CREATE TABLE IF NOT EXISTS command (id TEXT PRIMARY KEY, incident INTEGER, begun INTEGER NOT NULL,
            expires INTEGER NOT NULL, outcome TEXT) WITHOUT ROWID;",
    )
    .map_err(ActsError::db("opening", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> CommandId {
        CommandId(name.to_owned())
    }

    #[test]
    fn a_command_is_over_once_and_outlives_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("incidents.db");
        let mut store = Store::open(&file).unwrap();
        assert_eq!(store.command(&id("a")).unwrap(), Begun::No);
        let begin = |store: &mut Store, name: &str, at: i64, expires: i64| {
            store
                .begin_command(
                    &id(name),
                    Some(7),
                    (Wall(at), Wall(at - 100)),
                    Wall(expires),
                )
                .unwrap();
        };
        begin(&mut store, "a", 10, 20);
        // As after a kill.
        let mut store = Store::open(&file).unwrap();
        assert_eq!(store.command(&id("a")).unwrap(), Begun::CutOff);
        begin(&mut store, "a", 12, 20);
        store.end_command(&id("a"), "done").unwrap();
        store.end_command(&id("a"), "failed").unwrap();
        assert_eq!(
            store.command(&id("a")).unwrap(),
            Begun::Over("done".to_owned())
        );
        assert_eq!(store.commands_since(Wall(9)).unwrap(), 1);
        assert_eq!(store.commands_since(Wall(10)).unwrap(), 0);
        // Long over, it is forgotten; its expiry refuses it from then on.
        begin(&mut store, "b", 110, 400);
        assert_ne!(store.command(&id("a")).unwrap(), Begun::No);
        begin(&mut store, "c", 111, 400);
        assert_eq!(store.command(&id("a")).unwrap(), Begun::No);
    }

    #[test]
    fn what_somebody_decides_otherwise_does_not_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("incidents.db")).unwrap();
        for (name, incident) in [("a", Some(7)), ("b", Some(7)), ("c", Some(8)), ("d", None)] {
            store
                .begin_command(&id(name), incident, (Wall(1), Wall(0)), Wall(9))
                .unwrap();
        }
        store
            .supersede_commands(7, Some(&id("b")), "partial")
            .unwrap();
        let over = Begun::Over("partial".to_owned());
        for (name, how) in [
            ("a", over),
            ("b", Begun::CutOff),
            ("c", Begun::CutOff),
            ("d", Begun::CutOff),
        ] {
            assert_eq!(store.command(&id(name)).unwrap(), how, "{name}");
        }
    }
}
