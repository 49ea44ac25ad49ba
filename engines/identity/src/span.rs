//! Steps along the calendar, which only stores nanoseconds.
//! The wall clock can jump back: what was made "later" than now counts as made now, never as made long ago.

use std::time::Duration;

use hygie_model::Wall;

/// The moment `span` later; saturates at the end of the calendar.
pub(crate) fn after(start: Wall, span: Duration) -> Wall {
    let nanos = i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
    Wall(start.0.saturating_add(nanos))
}

/// How long from `earlier` to `now`; zero when the clock was set back meanwhile.
pub(crate) fn since(now: Wall, earlier: Wall) -> Duration {
    let nanos = now.0.saturating_sub(earlier.0);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_gives_no_age() {
        assert_eq!(since(Wall(5), Wall(9)), Duration::ZERO);
        assert_eq!(since(Wall(9), Wall(5)), Duration::from_nanos(4));
        assert_eq!(
            since(Wall(i64::MAX), Wall(i64::MIN)).as_nanos(),
            i64::MAX as u128
        );
        assert_eq!(after(Wall(i64::MAX), DAY), Wall(i64::MAX));
    }
}
