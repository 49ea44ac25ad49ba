//! Signals as pages read them: on from where the last look ended, or a device's newest first.
//! What a device lost is told beside what it sent.

use hygie_model::{DeviceId, Wall};

use crate::{
    Arrival, Json, Page, Practice, Seq, StoreError,
    value::{Row, args},
};

/// A signal as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Its place among all signals of the practice.
    pub arrival: Arrival,
    /// Which device sent it.
    pub device: DeviceId,
    /// The device's number of it.
    pub seq: Seq,
    /// When it was, by the device's clock.
    pub at: Wall,
    /// When it came in, by the hub's.
    pub received: Wall,
    /// What kind.
    pub kind: String,
    /// All of it.
    pub body: Json,
}

/// Signals that a device no longer had when the hub asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which device.
    pub device: DeviceId,
    /// The first one lost.
    pub first: Seq,
    /// The last one.
    pub last: Seq,
    /// When the device said so.
    pub told: Wall,
}

impl Practice<'_> {
    /// The signals that came in after this one, in their order: what a live page reads on with.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn signals_after(
        &self,
        after: Arrival,
        limit: u32,
    ) -> Result<Vec<Signal>, StoreError> {
        let args = args![after, i64::from(limit)];
        let rows = self.rows(READING, AFTER, args).await?;
        rows.iter().map(signal).collect()
    }

    /// The place of the newest signal: where a live page begins.
    ///
    /// # Errors
    /// The practice is unknown.
    pub async fn newest_arrival(&self) -> Result<Arrival, StoreError> {
        let row = self.one(READING, NEWEST, args![]).await?;
        row.map_or(Err(StoreError::Unknown { doing: READING }), |row| {
            row.get(0)
        })
    }

    /// All signals, the newest first, from before this one on.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn signals_before(
        &self,
        before: Option<Arrival>,
        limit: u32,
    ) -> Result<Page<Signal, Arrival>, StoreError> {
        let args = args![
            before.map_or(i64::MAX, |it| crate::value::int(it.0)),
            i64::from(limit) + 1
        ];
        let rows = self.rows(READING, BEFORE, args).await?;
        let signals = rows.iter().map(signal).collect::<Result<_, _>>()?;
        Ok(Page::cut(signals, limit, |signal: &Signal| signal.arrival))
    }

    /// One device's signals, the newest first, from before this one on.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn signals_of(
        &self,
        device: DeviceId,
        before: Option<Seq>,
        limit: u32,
    ) -> Result<Page<Signal, Seq>, StoreError> {
        let before = before.map_or(i64::MAX, |it| crate::value::int(it.0));
        let args = args![device, before, i64::from(limit) + 1];
        let rows = self.rows(READING, OF_DEVICE, args).await?;
        let signals = rows.iter().map(signal).collect::<Result<_, _>>()?;
        Ok(Page::cut(signals, limit, |signal: &Signal| signal.seq))
    }

    /// A device says that it has nothing before `oldest` any more (its disk broke, or this database was put back from
    /// a backup). What is missing up to there is noted as lost, and its next signals are taken again. `None` where
    /// nothing is missing.
    ///
    /// # Errors
    /// The device is unknown.
    pub async fn give_up_before(
        &self,
        device: DeviceId,
        oldest: Seq,
        now: Wall,
    ) -> Result<Option<Loss>, StoreError> {
        let doing = "noting lost signals";
        let mut tx = self.begin(doing).await?;
        // The lock of the appends: none of this device may come in between.
        tx.rows(LOCK, args![]).await?;
        let rows = tx.rows(SEQ, args![device]).await?;
        let row = rows.first().ok_or(StoreError::Unknown { doing })?;
        let kept: Seq = row.get(0)?;
        let loss = Loss {
            device,
            first: Seq(kept.0 + 1),
            last: Seq(oldest.0.saturating_sub(1)),
            told: now,
        };
        if loss.last < loss.first {
            return Ok(None);
        }
        let args = args![device, loss.first, loss.last, now];
        tx.change(LOSE, args).await?;
        tx.change(SKIP, args![device, loss.last]).await?;
        tx.commit().await?;
        Ok(Some(loss))
    }

    /// What devices lost, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        let rows = self.rows(READING, LOSSES, args![]).await?;
        rows.iter()
            .map(|row| {
                Ok(Loss {
                    device: row.get(0)?,
                    first: row.get(1)?,
                    last: row.get(2)?,
                    told: row.get(3)?,
                })
            })
            .collect()
    }

    /// Removes the oldest signals that came in before this moment, `limit` at most, so that no one waits for long.
    /// Returns how many went: call again until none does.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget_signals(&self, before: Wall, limit: u32) -> Result<u64, StoreError> {
        let doing = "forgetting old signals";
        let args = args![i64::from(limit)];
        let Some(row) = self.one(doing, OLDEST, args).await? else {
            return Ok(0);
        };
        let (Some(first), Some(last)): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?)
        else {
            return Ok(0);
        };
        self.change(doing, FORGET, args![first, last, before]).await
    }
}

fn signal(row: &Row) -> Result<Signal, StoreError> {
    Ok(Signal {
        arrival: row.get(0)?,
        device: row.get(1)?,
        seq: row.get(2)?,
        at: row.get(3)?,
        received: row.get(4)?,
        kind: row.get(5)?,
        body: row.get(6)?,
    })
}

const READING: &str = "reading signals";

const AFTER: &str = "
    SELECT arrival, device, seq, at, received, kind, body FROM signal
    WHERE practice = $1 AND arrival > $2 ORDER BY arrival LIMIT $3";
const BEFORE: &str = "
    SELECT arrival, device, seq, at, received, kind, body FROM signal
    WHERE practice = $1 AND arrival < $2 ORDER BY arrival DESC LIMIT $3";
const OF_DEVICE: &str = "
    SELECT arrival, device, seq, at, received, kind, body FROM signal
    WHERE practice = $1 AND device = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";
const NEWEST: &str = "SELECT arrived FROM stream WHERE practice = $1";
const LOCK: &str = "UPDATE stream SET arrived = arrived WHERE practice = $1 RETURNING arrived";
const SEQ: &str = "SELECT seq FROM device WHERE practice = $1 AND device = $2";
const LOSE: &str =
    "INSERT INTO lost (practice, device, first, last, told) VALUES ($1, $2, $3, $4, $5)";
const SKIP: &str = "UPDATE device SET seq = $3 WHERE practice = $1 AND device = $2";
const LOSSES: &str = "
    SELECT device, first, last, told FROM lost
    WHERE practice = $1 ORDER BY told DESC, device, first DESC";
const OLDEST: &str = "
    SELECT MIN(arrival), MAX(arrival) FROM
    (SELECT arrival FROM signal WHERE practice = $1 ORDER BY arrival LIMIT $2) AS oldest";
const FORGET: &str = "
    DELETE FROM signal
    WHERE practice = $1 AND arrival >= $2 AND arrival <= $3 AND received < $4";
