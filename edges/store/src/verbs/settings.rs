//! Settings of a practice: a name, a value, and who changed it last.
//! What a value may be is decided by whoever reads it.

use hygie_model::{PersonId, Wall};

use crate::{
    Json, Practice, StoreError,
    value::{Row, args},
};

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub name: String,
    /// Its value.
    pub value: Json,
    /// When it was last changed.
    pub changed: Wall,
    /// By whom; `None` for the hub itself.
    pub by: Option<PersonId>,
}

impl Practice<'_> {
    /// One setting; `None` where nobody ever set it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn setting(&self, name: &str) -> Result<Option<Setting>, StoreError> {
        let row = self.one(READING, ONE, args![name]).await?;
        row.as_ref().map(setting).transpose()
    }

    /// All that were set, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn settings(&self) -> Result<Vec<Setting>, StoreError> {
        let rows = self.rows(READING, ALL, args![]).await?;
        rows.iter().map(setting).collect()
    }

    /// Sets one; returns the value that it had.
    ///
    /// # Errors
    /// The practice is unknown.
    pub async fn set(&self, setting: &Setting) -> Result<Option<Json>, StoreError> {
        let mut tx = self.begin("keeping the setting").await?;
        let before = tx.rows(VALUE, args![&setting.name]).await?;
        let args = args![&setting.name, &setting.value, setting.changed, setting.by];
        tx.change(SET, args).await?;
        tx.commit().await?;
        before.first().map(|row| row.get(0)).transpose()
    }

    /// Puts it back to what it is when nobody sets it; whether it was set.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn unset(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self
            .change("dropping the setting", UNSET, args![name])
            .await?
            > 0)
    }
}

fn setting(row: &Row) -> Result<Setting, StoreError> {
    Ok(Setting {
        name: row.get(0)?,
        value: row.get(1)?,
        changed: row.get(2)?,
        by: row.get(3)?,
    })
}

const READING: &str = "reading settings";

const ONE: &str =
    "SELECT name, value, changed, person FROM setting WHERE practice = $1 AND name = $2";
const ALL: &str =
    "SELECT name, value, changed, person FROM setting WHERE practice = $1 ORDER BY name";
const VALUE: &str = "SELECT value FROM setting WHERE practice = $1 AND name = $2";
const SET: &str = "
    INSERT INTO setting (practice, name, value, changed, person) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (practice, name) DO UPDATE
    SET value = excluded.value, changed = excluded.changed, person = excluded.person";
const UNSET: &str = "DELETE FROM setting WHERE practice = $1 AND name = $2";
