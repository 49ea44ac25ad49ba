//! Moments of the clock and days of the calendar where the practice is, for the places in which a whole date is too long.

use hygie_model::Wall;
use hygie_text::TimeZone;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
};

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    /// Its beginning.
    pub(super) begins: Wall,
    /// When the next one begins.
    pub(super) ends: Wall,
    /// From Monday, 1, to Sunday, 7.
    pub(super) weekday: u64,
    /// Of the month.
    pub(super) number: u64,
}

impl Day {
    /// Whether it was on this day.
    pub(super) fn has(&self, at: Wall) -> bool {
        self.begins <= at && at < self.ends
    }
}

/// The last days, the present one at the end.
#[must_use]
pub(super) fn days(zone: &TimeZone, now: Wall, count: i32) -> Vec<Day> {
    let Some(today) = there(zone, now).map(DateTime::date) else {
        return Vec::new();
    };
    (0..count)
        .rev()
        .filter_map(|back| day(zone, today, back))
        .collect()
}

fn day(zone: &TimeZone, today: Date, back: i32) -> Option<Day> {
    let day = today.checked_sub(back.days()).ok()?;
    Some(Day {
        begins: midnight(zone, day)?,
        ends: midnight(zone, day.tomorrow().ok()?)?,
        weekday: u64::try_from(day.weekday().to_monday_one_offset()).unwrap_or(7),
        number: u64::try_from(day.day()).unwrap_or_default(),
    })
}

/// `08:12:03`.
#[must_use]
pub(super) fn clock(zone: &TimeZone, at: Wall) -> String {
    there(zone, at).map_or_else(String::new, |there| {
        format!(
            "{:02}:{:02}:{:02}",
            there.hour(),
            there.minute(),
            there.second()
        )
    })
}

/// For `datetime`: `2026-11-24T08:12:03Z`.
#[must_use]
pub(super) fn stamp(at: Wall) -> String {
    let second = at.0.div_euclid(SECOND) * SECOND;
    Wall(second).to_rfc3339()
}

fn there(zone: &TimeZone, at: Wall) -> Option<DateTime> {
    let stamp = Timestamp::from_nanosecond(i128::from(at.0)).ok()?;
    Some(zone.to_datetime(stamp))
}

/// Where the clock is put forward at midnight, the moment after.
fn midnight(zone: &TimeZone, day: Date) -> Option<Wall> {
    let stamp = zone
        .to_ambiguous_timestamp(day.at(0, 0, 0, 0))
        .compatible()
        .ok()?;
    i64::try_from(stamp.as_nanosecond()).ok().map(Wall)
}

const SECOND: i64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday, 28 March 2026, 23:30 in Paris; the next day has 23 hours.
    const NIGHT: Wall = Wall(1_774_737_000_000_000_000);

    #[test]
    fn days_follow_each_other_whatever_their_length() {
        let paris = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let later = Wall(NIGHT.0 + 12 * 3600 * SECOND);
        let days = days(&paris, later, 14);
        assert_eq!(days.len(), 14);
        for pair in days.windows(2) {
            assert_eq!(pair[0].ends, pair[1].begins);
        }
        let [.., saturday, short] = days[..] else {
            panic!()
        };
        assert_eq!((saturday.weekday, saturday.number), (6, 28));
        assert!(saturday.has(NIGHT) && !short.has(NIGHT));
        let last = days[13];
        assert!(last.has(later), "{last:?}");
        let lengths: Vec<i64> = days
            .iter()
            .map(|day| (day.ends.0 - day.begins.0) / (3600 * SECOND))
            .collect();
        assert_eq!(
            lengths.iter().filter(|hours| **hours == 23).count(),
            1,
            "{lengths:?}"
        );
    }

    #[test]
    fn the_clock_is_of_the_zone() {
        let paris = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        assert_eq!(clock(&paris, NIGHT), "23:30:00");
        assert_eq!(clock(&TimeZone::UTC, NIGHT), "22:30:00");
        assert_eq!(stamp(Wall(NIGHT.0 + 5)), "2026-03-28T22:30:00Z");
    }
}
