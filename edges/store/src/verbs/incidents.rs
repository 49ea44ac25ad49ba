//! Incidents as the hub knows them: the newest word of each device about each of its incidents.
//! They change only with a signal ([`crate::Change::Incident`]).

use hygie_model::{DeviceId, Wall};
use serde::{Deserialize, Serialize};

use crate::{
    Json, Page, Practice, Seq, StoreError,
    value::{Row, args, int},
};

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// On which device.
    pub device: DeviceId,
    /// The device's number of it.
    pub number: u64,
    /// Where it stands.
    pub state: String,
    /// When the hub heard of it first, by the device's clock.
    pub began: Wall,
    /// When it last changed.
    pub changed: Wall,
    /// The signal that said so.
    pub seq: Seq,
    /// All that is known of it.
    pub body: Json,
}

/// Where the next page of incidents begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentCursor {
    /// When the last one shown began.
    pub began: Wall,
    /// Its device.
    pub device: DeviceId,
    /// Its number.
    pub number: u64,
}

impl Practice<'_> {
    /// One incident.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn incident(
        &self,
        device: DeviceId,
        number: u64,
    ) -> Result<Option<Incident>, StoreError> {
        let row = self.one(READING, ONE, args![device, number]).await?;
        row.as_ref().map(incident).transpose()
    }

    /// Incidents, the newest first, all or those in one state.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn incidents(
        &self,
        state: Option<&str>,
        after: Option<IncidentCursor>,
        limit: u32,
    ) -> Result<Page<Incident, IncidentCursor>, StoreError> {
        let after = after.unwrap_or(IncidentCursor {
            began: Wall(i64::MAX),
            device: DeviceId(uuid::Uuid::max()),
            number: u64::MAX,
        });
        let (began, number) = (after.began, int(after.number));
        let most = i64::from(limit) + 1;
        let rows = match state {
            Some(state) => {
                let args = args![began, after.device, number, most, state];
                self.rows(READING, IN_STATE, args).await?
            }
            None => {
                let args = args![began, after.device, number, most];
                self.rows(READING, ALL, args).await?
            }
        };
        let incidents = rows.iter().map(incident).collect::<Result<_, _>>()?;
        Ok(Page::cut(incidents, limit, |it: &Incident| {
            IncidentCursor {
                began: it.began,
                device: it.device,
                number: it.number,
            }
        }))
    }
}

fn incident(row: &Row) -> Result<Incident, StoreError> {
    Ok(Incident {
        device: row.get(0)?,
        number: row.get(1)?,
        state: row.get(2)?,
        began: row.get(3)?,
        changed: row.get(4)?,
        seq: row.get(5)?,
        body: row.get(6)?,
    })
}

const READING: &str = "reading incidents";

const ONE: &str = "
    SELECT device, number, state, began, changed, seq, body FROM incident
    WHERE practice = $1 AND device = $2 AND number = $3";
const ALL: &str = "
    SELECT device, number, state, began, changed, seq, body FROM incident
    WHERE practice = $1 AND (began, device, number) < ($2, $3, $4)
    ORDER BY began DESC, device DESC, number DESC LIMIT $5";
const IN_STATE: &str = "
    SELECT device, number, state, began, changed, seq, body FROM incident
    WHERE practice = $1 AND state = $6 AND (began, device, number) < ($2, $3, $4)
    ORDER BY began DESC, device DESC, number DESC LIMIT $5";
