//! Numbers, sizes, times and dates as each language writes them.
//! What was measured is cut, never rounded up; a time still to come is rounded up.

use std::time::Duration;

use hygie_model::Wall;
use jiff::{civil::DateTime, tz::TimeZone};

use crate::{
    Language,
    typography::{FULL, NARROW},
};

/// A whole number with its thousands apart: `1 204`, `1,204`.
#[must_use]
pub fn count(language: Language, number: u64) -> String {
    let apart = match language {
        Language::Fr => NARROW,
        Language::En => ',',
    };
    let digits = number.to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(apart);
        }
        written.push(digit);
    }
    written
}

/// A size in units of a thousand: `1,2 Mo`, `1.2 MB`.
#[must_use]
pub fn bytes(language: Language, bytes: u64) -> String {
    let units = match language {
        Language::Fr => ["o", "ko", "Mo", "Go", "To", "Po"],
        Language::En => ["B", "kB", "MB", "GB", "TB", "PB"],
    };
    let mut unit = 0;
    let mut scale: u64 = 1;
    while unit + 1 < units.len() && bytes / scale >= 1000 {
        scale *= 1000;
        unit += 1;
    }
    let tenths = u64::try_from(u128::from(bytes) * 10 / u128::from(scale)).unwrap_or(u64::MAX);
    let number = if tenths < 1000 {
        decimal(language, tenths)
    } else {
        count(language, tenths / 10)
    };
    format!("{number}{FULL}{}", units[unit])
}

/// A time that was measured: `45 ms`, `0,3 s`, `2 min 5 s`, `3 h`.
#[must_use]
pub fn spent(language: Language, time: Duration) -> String {
    match time.as_millis() {
        0..100 => format!("{}{FULL}ms", time.as_millis()),
        100..10_000 => {
            let tenths = u64::try_from(time.as_millis() / 100).unwrap_or(u64::MAX);
            format!("{}{FULL}s", decimal(language, tenths))
        }
        _ => two_units(language, time.as_secs()),
    }
}

/// A time still to come: `40 s`, `2 min`, `1 h 5 min`.
#[must_use]
pub fn left(language: Language, time: Duration) -> String {
    let seconds = time
        .as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
        .max(1);
    let step = match seconds {
        0..10 => 1,
        10..60 => 5,
        60..86_400 => 60,
        _ => 3600,
    };
    two_units(language, seconds.div_ceil(step).saturating_mul(step))
}

/// A point of the calendar in a zone: `24 novembre 2026 à 08:12`, `24 November 2026 at 08:12`.
#[must_use]
pub fn moment(language: Language, moment: Wall, zone: &TimeZone) -> String {
    let at = match language {
        Language::Fr => "à",
        Language::En => "at",
    };
    let (day, hour) = (day(language, moment, zone), hour(moment, zone));
    format!("{day} {at} {hour}")
}

/// The day of a moment in a zone: `24 novembre 2026`, `24 November 2026`.
#[must_use]
pub fn day(language: Language, moment: Wall, zone: &TimeZone) -> String {
    let there = there(moment, zone);
    let (months, day) = match language {
        Language::Fr if there.day() == 1 => (MOIS, "1er".to_owned()),
        Language::Fr => (MOIS, there.day().to_string()),
        Language::En => (MONTHS, there.day().to_string()),
    };
    let month = usize::try_from(there.month() - 1).unwrap_or(0);
    format!("{day}{FULL}{} {}", months[month], there.year())
}

/// The hour of a moment in a zone: `08:12`.
#[must_use]
pub fn hour(moment: Wall, zone: &TimeZone) -> String {
    let there = there(moment, zone);
    format!("{:02}:{:02}", there.hour(), there.minute())
}

fn there(moment: Wall, zone: &TimeZone) -> DateTime {
    let stamp = jiff::Timestamp::from_nanosecond(i128::from(moment.0))
        .expect("64-bit nanoseconds reach from 1677 to 2262, jiff from -9999 to 9999");
    zone.to_datetime(stamp)
}

fn decimal(language: Language, tenths: u64) -> String {
    let point = match language {
        Language::Fr => ',',
        Language::En => '.',
    };
    match tenths % 10 {
        0 => count(language, tenths / 10),
        tenth => format!("{}{point}{tenth}", count(language, tenths / 10)),
    }
}

/// The largest unit and, where it is not nothing, the next one.
fn two_units(language: Language, seconds: u64) -> String {
    let days = match (language, seconds / 86_400) {
        (Language::Fr, 0..2) => "jour",
        (Language::Fr, _) => "jours",
        (Language::En, 1) => "day",
        (Language::En, _) => "days",
    };
    let units = [(86_400, days), (3600, "h"), (60, "min"), (1, "s")];
    let first = units
        .iter()
        .position(|(size, _)| seconds >= *size)
        .unwrap_or(3);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in units.into_iter().skip(first).take(2) {
        if rest >= size || parts.is_empty() {
            parts.push(format!("{}{FULL}{unit}", count(language, rest / size)));
        }
        rest %= size;
    }
    parts.join(&FULL.to_string())
}

const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
