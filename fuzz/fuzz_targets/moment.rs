//! Moments as people write them. Laws: no text and no present panics; a moment that is read reads as itself when
//! it is written; a time ago is never later than now.
#![no_main]

use hygie_model::Wall;
use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};
use libfuzzer_sys::fuzz_target;

#[path = "../../apps/hygie/src/when.rs"]
mod when;

fuzz_target!(|input: (i64, u8, &str)| {
    let (nanos, zone, text) = input;
    let now = present(nanos, zone);
    let Some(moment) = when::parse(text, &now) else {
        return;
    };
    let written = moment.to_rfc3339();
    assert_eq!(
        when::parse(&written, &now),
        Some(moment),
        "{text:?} as {written}"
    );
    if text.trim().ends_with("ago") || text.trim().ends_with("min") {
        assert!(moment <= Wall(nanos), "{text:?} lies ahead");
    }
});

/// Any moment of 64-bit nanoseconds, in a fixed zone or one that changes its clocks.
fn present(nanos: i64, zone: u8) -> ZonedDateTime {
    let stamp = Timestamp::from_nanosecond(i128::from(nanos)).expect("jiff reaches further");
    let zone = match zone % 4 {
        0 => TimeZone::UTC,
        1 => TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("Paris"),
        2 => TimeZone::posix("<+14>-14").expect("the first to have a day"),
        _ => TimeZone::posix("<-0930>9:30").expect("the Marquesas"),
    };
    stamp.to_zoned_datetime(zone)
}
