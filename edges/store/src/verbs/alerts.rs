//! Alerts: what somebody has to be told, and whether anybody read it. What the engine knows and the alerts that it changed are kept
//! together or not at all, and only from what was judged: neither a restart nor a second hub tells something twice or never.

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Json, Page, Practice, StoreError,
    value::{Row, args},
};

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Which.
    pub id: Uuid,
    /// About what: one open alert about one thing, so that what goes on and off does not ring twice.
    pub about: String,
    /// All of it; never patient data.
    pub body: Json,
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
    /// What the alerts' engine knows; `None` before it ever looked.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn alerting(&self, now: Wall) -> Result<Option<Vec<u8>>, StoreError> {
        self.passing(STATE, now).await
    }

    /// Keeps what the engine knows now, and the alerts that it changed, those that are over first; `false`, and nothing is
    /// kept, where another request was faster: judge again.
    ///
    /// # Errors
    /// The practice is unknown; two open alerts are about the same.
    pub async fn keep_alerting(
        &self,
        judged: Option<&[u8]>,
        next: &[u8],
        alerts: &[Alert],
        now: Wall,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin("keeping alerts").await?;
        let changed = match judged {
            Some(judged) => {
                let args = args![STATE, judged, next, NEVER];
                tx.change(super::passing::SWAP, args).await?
            }
            None => {
                let args = args![STATE, next, NEVER, now];
                tx.change(super::passing::ADD, args).await?
            }
        };
        if changed == 0 {
            return Ok(false);
        }
        for alert in alerts {
            let args = args![
                alert.id,
                &alert.about,
                alert.made,
                &alert.body,
                alert.given,
                alert.second,
                alert.trouble.as_ref(),
                alert.read,
                alert.reader,
                alert.ended,
            ];
            tx.change(KEEP, args).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// A person read an alert that the engine does not know any more. Read twice, the first reader stays; whether this is
    /// the first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn alert_read(
        &self,
        id: Uuid,
        reader: PersonId,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let args = args![id, now, reader];
        let changed = self.change("noting that an alert was read", READ, args);
        Ok(changed.await? > 0)
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
            id: it.id,
        }))
    }
}

fn alert(row: &Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: row.get(0)?,
        about: row.get(1)?,
        body: row.get(2)?,
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
/// Under which what the engine knows is kept, for good.
const STATE: &str = "alerting";
const NEVER: Wall = Wall(i64::MAX);

const KEEP: &str = "
    INSERT INTO alert (practice, alert, about, made, body, given, second, trouble, read_at, reader, ended)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (practice, alert) DO UPDATE
    SET body = excluded.body, given = excluded.given, second = excluded.second, trouble = excluded.trouble,
        read_at = excluded.read_at, reader = excluded.reader, ended = excluded.ended";
const READ: &str = "
    UPDATE alert SET read_at = $3, reader = $4
    WHERE practice = $1 AND alert = $2 AND read_at IS NULL";
const UNREAD: &str = "
    SELECT alert, about, body, made, given, second, trouble, read_at, reader, ended FROM alert
    WHERE practice = $1 AND read_at IS NULL ORDER BY made LIMIT $2";
const ALL: &str = "
    SELECT alert, about, body, made, given, second, trouble, read_at, reader, ended FROM alert
    WHERE practice = $1 AND (made, alert) < ($2, $3) ORDER BY made DESC, alert DESC LIMIT $4";
