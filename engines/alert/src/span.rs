//! Steps along the calendar. The clock can jump back: what was "later" than now counts as now, never as long ago.

use std::time::Duration;

use hygie_model::Wall;

/// How long from `earlier` to `now`; nothing when the clock was set back meanwhile.
pub(crate) fn since(now: Wall, earlier: Wall) -> Duration {
    let nanos = now.0.saturating_sub(earlier.0);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

/// Twice as long for each further time, up to a bound.
pub(crate) fn doubled(base: Duration, times: u32, most: Duration) -> Duration {
    base.saturating_mul(1 << times.min(20)).min(most)
}

pub(crate) const MINUTE: Duration = minutes(1);
pub(crate) const HOUR: Duration = minutes(60);
pub(crate) const DAY: Duration = minutes(24 * 60);

pub(crate) const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}
