//! Moments as people write them: a date and time, a time of today, RFC 3339, or "10 min" ago.

use hygie_model::Wall;
use jiff::{SignedDuration, Timestamp, ZonedDateTime, civil::DateTime, civil::Time};

/// Reads a moment; `now` is the present in the local zone. `None` when it is none of the forms.
/// A local time that a clock change makes ambiguous is the earlier one.
pub(crate) fn parse(text: &str, now: &ZonedDateTime) -> Option<Wall> {
    let text = text.trim();
    let stamp = if let Ok(stamp) = text.parse::<Timestamp>() {
        stamp
    } else if let Ok(local) = text.parse::<DateTime>() {
        local
            .to_zoned_datetime(now.time_zone().clone())
            .ok()?
            .timestamp()
    } else if let Ok(time) = text.parse::<Time>() {
        now.date()
            .to_datetime(time)
            .to_zoned_datetime(now.time_zone().clone())
            .ok()?
            .timestamp()
    } else {
        let ago: SignedDuration = text.parse().ok()?;
        // Not `abs`: the longest negative time has no positive one.
        now.timestamp().checked_sub(ago.unsigned_abs()).ok()?
    };
    i64::try_from(stamp.as_nanosecond()).ok().map(Wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_the_local_zone() {
        let now: ZonedDateTime = "2026-11-24T10:00:00+01:00[+01:00]".parse().unwrap();
        let at = |text| parse(text, &now).map(Wall::to_rfc3339);
        assert_eq!(
            at("2026-11-24T08:12:00Z").as_deref(),
            Some("2026-11-24T08:12:00Z")
        );
        assert_eq!(
            at("2026-11-24 08:12").as_deref(),
            Some("2026-11-24T07:12:00Z")
        );
        assert_eq!(
            at("2026-11-24T08:12:03").as_deref(),
            Some("2026-11-24T07:12:03Z")
        );
        assert_eq!(at("08:12").as_deref(), Some("2026-11-24T07:12:00Z"));
        assert_eq!(at("10 min").as_deref(), Some("2026-11-24T08:50:00Z"));
        let longest = "9223372036854775808 s ago";
        for wrong in ["", "hier", "2026-13-01 10:00", "25:00", longest] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }
}
