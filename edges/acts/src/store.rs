//! Incidents, permissions and the steps of undos on disk. Each change is on the medium when its call returns.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use hygie_model::{FileId, Wall};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{ActsError, Allowed, AllowedId, Incident, Opening, State, log::open_writer};

mod commands;

pub use commands::{Begun, CommandId};

/// The file of incidents. Several may have it open: SQLite orders them.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    db: Connection,
}

/// A step of an undo as it was planned, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredStep {
    /// Its number within the undo.
    pub number: i64,
    /// What is to be done; the owner of the plan reads it.
    pub body: String,
    /// What the owner of the plan noted of how it went.
    pub note: Option<String>,
}

impl Store {
    /// Opens the file, making it where it is missing.
    ///
    /// # Errors
    /// What the system or SQLite refused.
    pub fn open(path: &Path) -> Result<Self, ActsError> {
        let db = open_writer(path, SCHEMA, "FULL")?;
        commands::prepare(&db, path)?;
        Ok(Self {
            path: path.to_path_buf(),
            db,
        })
    }

    /// Writes a new incident down, before anything is done about it.
    ///
    /// # Errors
    /// What SQLite refused; then there is none.
    pub fn begin(&mut self, opening: Opening) -> Result<Incident, ActsError> {
        let failed = ActsError::db("writing an incident", &self.path);
        let body = to_json(&opening);
        self.db
            .execute(
                "INSERT INTO incident(state, state_at, body) VALUES (?1, ?2, ?3)",
                params![word(State::Stopped), opening.stopped_at.0, body],
            )
            .map_err(&failed)?;
        Ok(Incident {
            id: self.db.last_insert_rowid().cast_unsigned(),
            state: State::Stopped,
            state_at: opening.stopped_at,
            opening,
        })
    }

    /// Writes down what is known by now: more members, other counts.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn update(&mut self, id: u64, opening: &Opening) -> Result<(), ActsError> {
        self.run(
            "UPDATE incident SET body = ?2 WHERE id = ?1",
            params![id.cast_signed(), to_json(opening)],
        )
    }

    /// Writes down where it stands now.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn set_state(&mut self, id: u64, state: State, now: Wall) -> Result<(), ActsError> {
        self.run(
            "UPDATE incident SET state = ?2, state_at = ?3 WHERE id = ?1",
            params![id.cast_signed(), word(state), now.0],
        )
    }

    /// All incidents, the newest first.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn incidents(&self) -> Result<Vec<Incident>, ActsError> {
        self.rows(
            "SELECT id, state, state_at, body FROM incident ORDER BY id DESC",
            [],
        )
    }

    /// One incident.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn incident(&self, id: u64) -> Result<Option<Incident>, ActsError> {
        let found = self.rows(
            "SELECT id, state, state_at, body FROM incident WHERE id = ?1",
            [id.cast_signed()],
        )?;
        Ok(found.into_iter().next())
    }

    /// Notes files that an incident touched: while it is open no version of them is dropped.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn touch(
        &mut self,
        id: u64,
        files: impl IntoIterator<Item = FileId>,
    ) -> Result<(), ActsError> {
        let failed = ActsError::db("noting what was touched", &self.path);
        let tx = self.db.transaction().map_err(&failed)?;
        for file in files {
            tx.execute(
                "INSERT OR IGNORE INTO touched(incident, file) VALUES (?1, ?2)",
                params![id.cast_signed(), file.0],
            )
            .map_err(&failed)?;
        }
        tx.commit().map_err(&failed)
    }

    /// The files that open incidents touched.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn protected(&self) -> Result<HashSet<FileId>, ActsError> {
        let failed = ActsError::db("reading what is protected", &self.path);
        self.db
            .prepare(
                "SELECT DISTINCT file FROM touched JOIN incident ON incident.id = incident
                 WHERE state IN (?1, ?2)",
            )
            .and_then(|mut query| {
                query
                    .query_map(
                        [word(State::Stopped), word(State::EndedEvidenceKept)],
                        |row| row.get(0).map(FileId),
                    )?
                    .collect()
            })
            .map_err(&failed)
    }

    /// Keeps the plan of an undo, before its first step is done. One that is there stays.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn keep_plan(&mut self, id: u64, bodies: &[String]) -> Result<(), ActsError> {
        let failed = ActsError::db("keeping a plan", &self.path);
        let tx = self.db.transaction().map_err(&failed)?;
        for (number, body) in (0_i64..).zip(bodies) {
            tx.execute(
                "INSERT OR IGNORE INTO step(incident, number, body) VALUES (?1, ?2, ?3)",
                params![id.cast_signed(), number, body],
            )
            .map_err(&failed)?;
        }
        tx.commit().map_err(&failed)
    }

    /// The kept plan of an undo; empty where none was begun.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn plan(&self, id: u64) -> Result<Vec<StoredStep>, ActsError> {
        self.db
            .prepare("SELECT number, body, note FROM step WHERE incident = ?1 ORDER BY number")
            .and_then(|mut query| {
                query
                    .query_map([id.cast_signed()], |row| {
                        Ok(StoredStep {
                            number: row.get(0)?,
                            body: row.get(1)?,
                            note: row.get(2)?,
                        })
                    })?
                    .collect()
            })
            .map_err(ActsError::db("reading a plan", &self.path))
    }

    /// Notes how a step went.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn note_step(&mut self, id: u64, number: i64, note: &str) -> Result<(), ActsError> {
        self.run(
            "UPDATE step SET note = ?3 WHERE incident = ?1 AND number = ?2",
            params![id.cast_signed(), number, note],
        )
    }

    /// Writes a permission down; `id` is ignored, the given one is returned.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn allow(&mut self, allowed: Allowed) -> Result<Allowed, ActsError> {
        self.run(
            "INSERT INTO allowed(incident, until, body) VALUES (?1, ?2, ?3)",
            params![
                allowed.incident.cast_signed(),
                allowed.until.0,
                to_json(&allowed)
            ],
        )?;
        let id = AllowedId(self.db.last_insert_rowid());
        Ok(Allowed { id, ..allowed })
    }

    /// Takes the permissions of an incident back; gives those that were in force.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn revoke(&mut self, incident: u64, now: Wall) -> Result<Vec<Allowed>, ActsError> {
        let mut all = self.allowed(now)?;
        all.retain(|allowed| allowed.incident == incident);
        self.run(
            "UPDATE allowed SET revoked = ?2 WHERE incident = ?1 AND revoked IS NULL",
            params![incident.cast_signed(), now.0],
        )?;
        Ok(all)
    }

    /// The permissions in force.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn allowed(&self, now: Wall) -> Result<Vec<Allowed>, ActsError> {
        let rows: Vec<(i64, String)> = self
            .db
            .prepare(
                "SELECT id, body FROM allowed WHERE revoked IS NULL AND until > ?1 ORDER BY id",
            )
            .and_then(|mut query| {
                query
                    .query_map([now.0], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            })
            .map_err(ActsError::db("reading permissions", &self.path))?;
        rows.into_iter()
            .map(|(id, body)| {
                let allowed: Allowed = self.read(&body)?;
                Ok(Allowed {
                    id: AllowedId(id),
                    ..allowed
                })
            })
            .collect()
    }

    /// The number of the incident begun last; 0 where there was none.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn last(&self) -> Result<u64, ActsError> {
        let last: Option<i64> = self
            .db
            .query_row("SELECT max(id) FROM incident", [], |row| row.get(0))
            .optional()
            .map_err(ActsError::db("reading incidents", &self.path))?
            .flatten();
        Ok(last.unwrap_or(0).cast_unsigned())
    }

    fn rows(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Incident>, ActsError> {
        let rows: Vec<(i64, String, i64, String)> = self
            .db
            .prepare(sql)
            .and_then(|mut query| {
                query
                    .query_map(values, |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                    })?
                    .collect()
            })
            .map_err(ActsError::db("reading incidents", &self.path))?;
        rows.into_iter()
            .map(|(id, state, at, body)| {
                Ok(Incident {
                    id: id.cast_unsigned(),
                    state: self.read(&format!("\"{state}\""))?,
                    state_at: Wall(at),
                    opening: self.read(&body)?,
                })
            })
            .collect()
    }

    fn read<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, ActsError> {
        serde_json::from_str(text).map_err(|_| ActsError::Unreadable {
            path: self.path.clone(),
        })
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), ActsError> {
        self.db
            .execute(sql, values)
            .map(drop)
            .map_err(ActsError::db("writing an incident", &self.path))
    }
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain structs without maps are JSON")
}

fn word(state: State) -> &'static str {
    match state {
        State::Stopped => "stopped",
        State::EndedEvidenceKept => "ended-evidence-kept",
        State::Undone => "undone",
        State::Allowed => "allowed",
    }
}

const SCHEMA: &str = "
    CREATE TABLE incident (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL,
        state_at INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE TABLE touched (incident INTEGER NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (incident, file))
        WITHOUT ROWID;
    CREATE TABLE step (incident INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, note TEXT,
        PRIMARY KEY (incident, number)) WITHOUT ROWID;
    CREATE TABLE allowed (id INTEGER PRIMARY KEY AUTOINCREMENT, incident INTEGER NOT NULL,
        until INTEGER NOT NULL, revoked INTEGER, body TEXT NOT NULL);";
