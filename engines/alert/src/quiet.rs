//! Quiet hours: by the clock of the practice, whatever the clock does twice a year.

use std::time::Duration;

use hygie_model::Wall;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::span::{self, HOUR};

/// When nobody is to be disturbed but for what cannot wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// From this minute of the day on; the same as `to` for never.
    pub from: u16,
    /// Until this one, the next day where it comes before `from`.
    pub to: u16,
    /// Sunday as a whole.
    pub sunday: bool,
}

impl Default for Quiet {
    /// 20:00 to 7:00, and Sunday.
    fn default() -> Self {
        Self {
            from: 20 * 60,
            to: 7 * 60,
            sunday: true,
        }
    }
}

/// What a practice wants.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Where it is.
    pub zone: TimeZone,
    /// When it sleeps.
    pub quiet: Quiet,
    /// So long, while people are up, an alert waits to be read before the second road is tried.
    pub second_after: Duration,
}

impl Rules {
    /// As a practice has it that changes nothing.
    #[must_use]
    pub fn usual(zone: TimeZone) -> Self {
        Self {
            zone,
            quiet: Quiet::default(),
            second_after: USUAL,
        }
    }

    /// Whether only what cannot wait goes out.
    #[must_use]
    pub fn is_quiet(&self, at: Wall) -> bool {
        let Some(there) = there(&self.zone, at) else {
            return false;
        };
        let Quiet { from, to, sunday } = self.quiet;
        let minute = u16::try_from(i32::from(there.hour()) * 60 + i32::from(there.minute()));
        let minute = minute.unwrap_or_default();
        let night = if from <= to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        };
        night || (sunday && there.weekday() == Weekday::Sunday)
    }

    /// The first moment from here on that is not quiet.
    #[must_use]
    pub fn quiet_ends(&self, at: Wall) -> Wall {
        let mut at = at;
        for _ in 0..LONGEST {
            if !self.is_quiet(at) {
                return at;
            }
            at = self.step(at);
        }
        at
    }

    /// When so much time has passed that was not quiet.
    #[must_use]
    pub(crate) fn waking_after(&self, at: Wall, mut time: Duration) -> Wall {
        let mut at = self.quiet_ends(at);
        for _ in 0..LONGEST {
            let next = self.step(at);
            let piece = span::since(next, at);
            if time <= piece {
                return at.after(time);
            }
            time -= piece;
            at = self.quiet_ends(next);
        }
        at
    }

    /// The next moment at which it may begin or end to be quiet; an hour at the most, for the clock may be put back in between.
    fn step(&self, at: Wall) -> Wall {
        let hour = at.after(HOUR);
        let Some(today) = there(&self.zone, at).map(DateTime::date) else {
            return hour;
        };
        let days = [Some(today), today.checked_add(1.day()).ok()];
        let edges = [0, self.quiet.from, self.quiet.to];
        days.into_iter()
            .flatten()
            .flat_map(|day| edges.map(|minute| moment(&self.zone, day, minute)))
            .flatten()
            .filter(|edge| *edge > at)
            .fold(hour, Wall::min)
    }
}

fn there(zone: &TimeZone, at: Wall) -> Option<DateTime> {
    let stamp = Timestamp::from_nanosecond(i128::from(at.0)).ok()?;
    Some(zone.to_datetime(stamp))
}

fn moment(zone: &TimeZone, day: Date, minute: u16) -> Option<Wall> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, minute % 60);
    let there = day.at(hour.min(23), i8::try_from(minute).ok()?, 0, 0);
    let stamp = zone.to_ambiguous_timestamp(there).compatible().ok()?;
    i64::try_from(stamp.as_nanosecond()).ok().map(Wall)
}

/// Until the second road.
const USUAL: Duration = Duration::from_secs(4 * 60 * 60);
/// Steps of an hour or less in a fortnight.
const LONGEST: usize = 14 * 27;

#[cfg(test)]
mod tests {
    use super::*;

    fn paris() -> Rules {
        Rules::usual(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
    }

    fn at(text: &str) -> Wall {
        let stamp: Timestamp = text.parse().unwrap();
        Wall(i64::try_from(stamp.as_nanosecond()).unwrap())
    }

    #[test]
    fn nights_and_sundays_are_quiet() {
        let rules = paris();
        for (moment, quiet, ends) in [
            // Tuesday.
            (
                "2026-11-24T06:30:00+01:00",
                true,
                "2026-11-24T07:00:00+01:00",
            ),
            (
                "2026-11-24T07:00:00+01:00",
                false,
                "2026-11-24T07:00:00+01:00",
            ),
            (
                "2026-11-24T19:59:59+01:00",
                false,
                "2026-11-24T19:59:59+01:00",
            ),
            (
                "2026-11-24T20:00:00+01:00",
                true,
                "2026-11-25T07:00:00+01:00",
            ),
            // Saturday evening is quiet until Monday morning.
            (
                "2026-11-28T21:00:00+01:00",
                true,
                "2026-11-30T07:00:00+01:00",
            ),
            (
                "2026-11-29T12:00:00+01:00",
                true,
                "2026-11-30T07:00:00+01:00",
            ),
            // The night in which the clock goes back.
            (
                "2026-10-25T02:30:00+02:00",
                true,
                "2026-10-26T07:00:00+01:00",
            ),
        ] {
            assert_eq!(rules.is_quiet(at(moment)), quiet, "{moment}");
            assert_eq!(rules.quiet_ends(at(moment)), at(ends), "{moment}");
        }
    }

    #[test]
    fn hours_in_which_people_sleep_do_not_count() {
        let rules = paris();
        for (from, hours, until) in [
            ("2026-11-24T08:00:00+01:00", 4, "2026-11-24T12:00:00+01:00"),
            ("2026-11-24T18:00:00+01:00", 4, "2026-11-25T09:00:00+01:00"),
            ("2026-11-24T23:00:00+01:00", 1, "2026-11-25T08:00:00+01:00"),
            ("2026-11-28T19:00:00+01:00", 4, "2026-11-30T10:00:00+01:00"),
        ] {
            let time = Duration::from_secs(hours * 3600);
            assert_eq!(rules.waking_after(at(from), time), at(until), "{from}");
        }
    }

    #[test]
    fn never_quiet_is_possible() {
        let quiet = Quiet {
            from: 0,
            to: 0,
            sunday: false,
        };
        let rules = Rules { quiet, ..paris() };
        for moment in ["2026-11-24T00:00:00Z", "2026-11-29T12:00:00Z"] {
            assert!(!rules.is_quiet(at(moment)));
        }
    }

    #[test]
    fn a_quiet_hour_in_the_hour_that_comes_twice_ends() {
        let quiet = Quiet {
            from: 2 * 60 + 30,
            to: 2 * 60 + 45,
            sunday: false,
        };
        let rules = Rules { quiet, ..paris() };
        let mut now = at("2026-10-25T00:00:00+02:00");
        for _ in 0..300 {
            let ends = rules.quiet_ends(now);
            assert!(!rules.is_quiet(ends) && span::since(ends, now) <= 2 * HOUR);
            now = now.after(span::MINUTE);
        }
    }
}
