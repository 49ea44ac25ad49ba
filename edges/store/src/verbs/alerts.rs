//! Alerts: what somebody has to be told, and whether anybody read it.
//! Sent is not told: an alert counts as given when a person has read it.

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Json, Page, Practice, StoreError,
    practice::known,
    value::{Row, args},
};

/// An alert to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlert {
    /// Which.
    pub id: Uuid,
    /// About what: one open alert about one thing, so that what goes on and off does not ring twice.
    pub about: String,
    /// All of it; never patient data.
    pub body: Json,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What it says.
    pub alert: NewAlert,
    /// Since when.
    pub made: Wall,
    /// When the first path took it.
    pub given: Option<Wall>,
    /// When the second path took it.
    pub second: Option<Wall>,
    /// Why it could not be sent, as the last try said.
    pub trouble: Option<Json>,
    /// When a person read it.
    pub read: Option<Wall>,
    /// Who did.
    pub reader: Option<PersonId>,
    /// When what it is about was over.
    pub ended: Option<Wall>,
}

/// Where the next page of alerts begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertCursor {
    /// When the last one shown was made.
    pub made: Wall,
    /// Its number.
    pub id: Uuid,
}

impl Practice<'_> {
    /// Raises an alert; `false` where one about the same is open.
    ///
    /// # Errors
    /// The practice is unknown, the number is taken.
    pub async fn raise_alert(&self, new: &NewAlert, now: Wall) -> Result<bool, StoreError> {
        let args = args![new.id, &new.about, now, &new.body];
        Ok(self.change("raising the alert", RAISE, args).await? > 0)
    }

    /// The first path took it.
    ///
    /// # Errors
    /// It is unknown.
    pub async fn alert_given(&self, id: Uuid, now: Wall) -> Result<(), StoreError> {
        known(self.change(NOTING, GIVEN, args![id, now]).await?, NOTING)
    }

    /// The second path took it.
    ///
    /// # Errors
    /// It is unknown.
    pub async fn alert_given_second(&self, id: Uuid, now: Wall) -> Result<(), StoreError> {
        known(self.change(NOTING, SECOND, args![id, now]).await?, NOTING)
    }

    /// A path did not take it.
    ///
    /// # Errors
    /// It is unknown.
    pub async fn alert_failed(&self, id: Uuid, why: &Json) -> Result<(), StoreError> {
        known(self.change(NOTING, FAILED, args![id, why]).await?, NOTING)
    }

    /// A person read it. Read twice, the first reader stays; whether this is the first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn alert_read(
        &self,
        id: Uuid,
        reader: PersonId,
        now: Wall,
    ) -> Result<bool, StoreError> {
        Ok(self.change(NOTING, READ, args![id, now, reader]).await? > 0)
    }

    /// What it is about is over: the next trouble rings again. Whether one was open.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_alert(&self, about: &str, now: Wall) -> Result<bool, StoreError> {
        Ok(self.change(NOTING, END, args![about, now]).await? > 0)
    }

    /// What nobody has read, the oldest first: for the second path, and for the next screen.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn unread_alerts(&self, limit: u32) -> Result<Vec<Alert>, StoreError> {
        let args = args![i64::from(limit)];
        let rows = self.rows(READING, UNREAD, args).await?;
        rows.iter().map(alert).collect()
    }

    /// All alerts, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn alerts(
        &self,
        after: Option<AlertCursor>,
        limit: u32,
    ) -> Result<Page<Alert, AlertCursor>, StoreError> {
        let after = after.unwrap_or(AlertCursor {
            made: Wall(i64::MAX),
            id: Uuid::max(),
        });
        let args = args![after.made, after.id, i64::from(limit) + 1];
        let rows = self.rows(READING, ALL, args).await?;
        let alerts = rows.iter().map(alert).collect::<Result<_, _>>()?;
        Ok(Page::cut(alerts, limit, |it: &Alert| AlertCursor {
            made: it.made,
            id: it.alert.id,
        }))
    }
}

fn alert(row: &Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        alert: NewAlert {
            id: row.get(0)?,
            about: row.get(1)?,
            body: row.get(2)?,
        },
        made: row.get(3)?,
        given: row.get(4)?,
        second: row.get(5)?,
        trouble: row.get(6)?,
        read: row.get(7)?,
        reader: row.get(8)?,
        ended: row.get(9)?,
    })
}

const READING: &str = "reading alerts";
const NOTING: &str = "noting what came of the alert";

const RAISE: &str = "
    INSERT INTO alert (practice, alert, about, made, body) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (practice, about) WHERE ended IS NULL DO NOTHING";
const GIVEN: &str =
    "UPDATE alert SET given = $3, trouble = NULL WHERE practice = $1 AND alert = $2";
const SECOND: &str =
    "UPDATE alert SET second = $3, trouble = NULL WHERE practice = $1 AND alert = $2";
const FAILED: &str = "UPDATE alert SET trouble = $3 WHERE practice = $1 AND alert = $2";
const READ: &str = "
    UPDATE alert SET read_at = $3, reader = $4
    WHERE practice = $1 AND alert = $2 AND read_at IS NULL";
const END: &str = "
    UPDATE alert SET ended = $3 WHERE practice = $1 AND about = $2 AND ended IS NULL";
const UNREAD: &str = "
    SELECT alert, about, body, made, given, second, trouble, read_at, reader, ended FROM alert
    WHERE practice = $1 AND read_at IS NULL ORDER BY made LIMIT $2";
const ALL: &str = "
    SELECT alert, about, body, made, given, second, trouble, read_at, reader, ended FROM alert
    WHERE practice = $1 AND (made, alert) < ($2, $3) ORDER BY made DESC, alert DESC LIMIT $4";
