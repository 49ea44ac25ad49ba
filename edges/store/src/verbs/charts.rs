//! Numbers over time, for charts: how many signals of a kind, how much a device holds.
//! Both are kept while signals come in; no chart reads the signals.

use hygie_model::{DeviceId, Wall};

use crate::{Day, Practice, StoreError, append::commit::HOUR, value::args};

/// How many signals of a kind one hour had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// Its beginning.
    pub hour: Wall,
    /// What kind.
    pub kind: String,
    /// How many.
    pub count: u64,
}

/// How much of something a device held at a day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// The day.
    pub day: Day,
    /// The device.
    pub device: DeviceId,
    /// How much.
    pub value: i64,
}

impl Practice<'_> {
    /// Signals by hour and kind, from one moment to before another (both whole hours), by the devices' clocks.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn hour_counts(&self, from: Wall, to: Wall) -> Result<Vec<HourCount>, StoreError> {
        let rows = self.rows(READING, HOURS, args![from, to]).await?;
        rows.iter()
            .map(|row| {
                Ok(HourCount {
                    hour: row.get(0)?,
                    kind: row.get(1)?,
                    count: row.get(2)?,
                })
            })
            .collect()
    }

    /// Signals of one kind a day. `days` are the days' beginnings where the practice is, and the end of the last one:
    /// one number fewer comes back. Only the caller knows a time zone; a day that begins within an hour counts that
    /// hour to the day before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn day_counts(&self, kind: &str, days: &[Wall]) -> Result<Vec<u64>, StoreError> {
        let (Some(&from), Some(&to)) = (days.first(), days.last()) else {
            return Ok(Vec::new());
        };
        let args = args![Wall(from.0.div_euclid(HOUR) * HOUR), to, kind];
        let rows = self.rows(READING, KIND_HOURS, args).await?;
        let mut counts = vec![0; days.len() - 1];
        for row in rows {
            let (hour, count): (Wall, u64) = (row.get(0)?, row.get(1)?);
            let day = days.partition_point(|&begin| begin <= hour);
            if let Some(of_day) = counts.get_mut(day.saturating_sub(1)) {
                *of_day += count;
            }
        }
        Ok(counts)
    }

    /// What devices held, by day, from one day to before another.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn gauges(&self, name: &str, from: Day, to: Day) -> Result<Vec<Gauge>, StoreError> {
        let rows = self
            .rows(READING, GAUGES, args![name, from.0, to.0])
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Gauge {
                    day: Day(row.get(0)?),
                    device: row.get(1)?,
                    value: row.get(2)?,
                })
            })
            .collect()
    }
}

const READING: &str = "reading counts";

const HOURS: &str = "
    SELECT hour, kind, count FROM signal_hour
    WHERE practice = $1 AND hour >= $2 AND hour < $3 ORDER BY hour, kind";
const KIND_HOURS: &str = "
    SELECT hour, count FROM signal_hour
    WHERE practice = $1 AND hour >= $2 AND hour < $3 AND kind = $4 ORDER BY hour";
const GAUGES: &str = "
    SELECT day, device, value FROM gauge
    WHERE practice = $1 AND name = $2 AND day >= $3 AND day < $4 ORDER BY day, device";
