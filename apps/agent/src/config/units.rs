//! Whole numbers with a unit: read in any of its names, written in the largest that fits.

use std::time::Duration;

use super::values::NotAValue;

/// A whole number and its unit, in the smallest unit.
pub(super) fn measure(text: &str, units: &[(&str, u64)]) -> Result<u64, NotAValue> {
    let text = text.trim_matches(' ');
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .ok_or(NotAValue::Form)?;
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let known = units.iter().find(|(name, _)| *name == unit);
    let (_, scale) = known.ok_or(NotAValue::Form)?;
    let number: u64 = number.parse().map_err(|_| NotAValue::Form)?;
    Ok(number.saturating_mul(*scale))
}

/// The number in the largest unit that needs no fraction; the first name of a unit is written.
pub(super) fn written(number: u64, units: &[(&str, u64)]) -> String {
    let fits = |(_, scale): &&(&str, u64)| number >= *scale && number.is_multiple_of(*scale);
    let largest = units
        .iter()
        .filter(fits)
        .rev()
        .max_by_key(|(_, scale)| *scale);
    let (name, scale) = largest.unwrap_or(&units[0]);
    let name = if *name == "days" && number == *scale {
        "day"
    } else {
        name
    };
    format!("{} {name}", number / scale)
}

pub(super) fn within(
    value: u64,
    least: u64,
    most: u64,
    text: impl Fn(u64) -> String,
) -> Result<(), NotAValue> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let (least, most) = (text(least), text(most));
    Err(NotAValue::Range { least, most })
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(super) const MB: u64 = 1_000_000;
pub(super) const GB: u64 = 1000 * MB;
pub(super) const TB: u64 = 1000 * GB;
pub(super) const DAY: u64 = 86_400;
pub(super) const WEEK: u64 = 7 * DAY;

pub(super) const SIZES: [(&str, u64); 14] = [
    ("B", 1),
    ("kB", 1000),
    ("MB", MB),
    ("GB", GB),
    ("TB", TB),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("o", 1),
    ("ko", 1000),
    ("Mo", MB),
    ("Go", GB),
    ("To", TB),
];

pub(super) const TIMES: [(&str, u64); 8] = [
    ("ms", 1),
    ("s", 1000),
    ("min", 60_000),
    ("h", 3_600_000),
    ("days", DAY * 1000),
    ("day", DAY * 1000),
    ("jours", DAY * 1000),
    ("jour", DAY * 1000),
];
