//! Heartbeats of duties: who has to do what, and when that was last well.
//! A silent duty keeps its last word; whoever reads it judges by `heard`, never by the word alone.

use hygie_model::Wall;

use crate::{
    Json, Practice, StoreError,
    value::{Row, args},
};

/// What was last heard of a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Who has it: a device's number, `hub`, `post`.
    pub who: String,
    /// What: `guard`, `backup`, `alerts`.
    pub what: String,
    /// In which state it was.
    pub state: String,
    /// Since when in this state.
    pub since: Wall,
    /// When it was last well.
    pub well: Option<Wall>,
    /// When it was last heard.
    pub heard: Wall,
    /// What else was said.
    pub body: Json,
}

impl Practice<'_> {
    /// Keeps a heartbeat; an older one than the last changes nothing. `since` stays while the state does.
    ///
    /// # Errors
    /// The practice is unknown.
    pub async fn hear_duty(&self, duty: &Duty) -> Result<(), StoreError> {
        let args = args![
            &duty.who,
            &duty.what,
            &duty.state,
            duty.since,
            duty.well,
            duty.heard,
            &duty.body,
        ];
        self.change("keeping a heartbeat", HEAR, args)
            .await
            .map(drop)
    }

    /// All duties, by who has them.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn duties(&self) -> Result<Vec<Duty>, StoreError> {
        let rows = self.rows("reading heartbeats", ALL, args![]).await?;
        rows.iter().map(duty).collect()
    }

    /// One duty; `None` where nothing was ever heard of it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn duty(&self, who: &str, what: &str) -> Result<Option<Duty>, StoreError> {
        let row = self
            .one("reading a heartbeat", ONE, args![who, what])
            .await?;
        row.as_ref().map(duty).transpose()
    }

    /// A duty that nobody has any more goes; whether it was there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn drop_duty(&self, who: &str, what: &str) -> Result<bool, StoreError> {
        let gone = self
            .change("dropping a duty", DROP, args![who, what])
            .await?;
        Ok(gone > 0)
    }
}

fn duty(row: &Row) -> Result<Duty, StoreError> {
    Ok(Duty {
        who: row.get(0)?,
        what: row.get(1)?,
        state: row.get(2)?,
        since: row.get(3)?,
        well: row.get(4)?,
        heard: row.get(5)?,
        body: row.get(6)?,
    })
}

const HEAR: &str = "
    INSERT INTO duty (practice, who, what, state, since, well, heard, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (practice, who, what) DO UPDATE
    SET since = CASE WHEN duty.state = excluded.state THEN duty.since ELSE excluded.since END,
        state = excluded.state,
        well = COALESCE(excluded.well, duty.well),
        heard = excluded.heard,
        body = excluded.body
    WHERE duty.heard <= excluded.heard";
const ALL: &str = "
    SELECT who, what, state, since, well, heard, body FROM duty
    WHERE practice = $1 ORDER BY who, what";
const ONE: &str = "
    SELECT who, what, state, since, well, heard, body FROM duty
    WHERE practice = $1 AND who = $2 AND what = $3";
const DROP: &str = "DELETE FROM duty WHERE practice = $1 AND who = $2 AND what = $3";
