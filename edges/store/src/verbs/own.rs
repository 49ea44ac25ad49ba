//! What the hub itself reports, beside what its devices do: a message that somebody asked about on its page.
//! It is a signal like theirs, from a device that none of them is.

use hygie_model::{DeviceId, Wall};
use uuid::Uuid;

use crate::{Arrival, Json, Practice, Seq, StoreError, append::commit::HOUR, value::args};

/// Whom the hub's own signals are from. A device's number is drawn by chance and never this one.
pub const HUB: DeviceId = DeviceId(Uuid::nil());

impl Practice<'_> {
    /// Keeps a signal of the hub's own, with the next number.
    ///
    /// # Errors
    /// The practice is unknown.
    pub async fn report(&self, kind: &str, body: &Json, now: Wall) -> Result<Seq, StoreError> {
        let doing = "keeping a signal of the hub's own";
        let mut tx = self.begin(doing).await?;
        // The lock of the appends: arrivals are counted in the order of commits.
        let rows = tx.rows(ARRIVED, args![]).await?;
        let row = rows.first().ok_or(StoreError::Unknown { doing })?;
        let arrival: Arrival = row.get(0)?;
        let rows = tx.rows(NEWEST, args![HUB]).await?;
        let newest: Option<Seq> = rows.first().map(|row| row.get(0)).transpose()?;
        let seq = Seq(newest.map_or(1, |newest| newest.0 + 1));
        let args = args![HUB, seq, arrival, now, now, kind, body.as_str()];
        tx.change(KEEP, args).await?;
        let hour = Wall(now.0.div_euclid(HOUR) * HOUR);
        tx.change(COUNT, args![hour, kind]).await?;
        tx.commit().await?;
        Ok(seq)
    }
}

const ARRIVED: &str =
    "UPDATE stream SET arrived = arrived + 1 WHERE practice = $1 RETURNING arrived";
const NEWEST: &str = "
    SELECT seq FROM signal WHERE practice = $1 AND device = $2 ORDER BY seq DESC LIMIT 1";
const KEEP: &str = "
    INSERT INTO signal (practice, device, seq, arrival, at, received, kind, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const COUNT: &str = "
    INSERT INTO signal_hour (practice, hour, kind, count) VALUES ($1, $2, $3, 1)
    ON CONFLICT (practice, hour, kind) DO UPDATE SET count = signal_hour.count + 1";
