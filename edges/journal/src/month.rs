//! A month of the calendar, in UTC: the name of a segment.

use std::{fmt, str::FromStr};

use hygie_model::Wall;
use serde::{Deserialize, Serialize};

/// A month such as `2026-11`, always in UTC so that a change of zone moves no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(u32);

/// The text is not `YYYY-MM`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a month: YYYY-MM is needed")]
pub struct NotAMonth;

impl Month {
    /// The month in which `moment` lies.
    #[must_use]
    pub fn of(moment: Wall) -> Self {
        let stamp = jiff::Timestamp::from_nanosecond(i128::from(moment.0))
            .expect("64-bit nanoseconds reach from 1677 to 2262, jiff from -9999 to 9999");
        let date = jiff::tz::TimeZone::UTC.to_datetime(stamp);
        let since_year_0 = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
        Self(u32::try_from(since_year_0).expect("the year is 1677 or later"))
    }

    /// The month `months` before this one; stops at year 0.
    #[must_use]
    pub fn back(self, months: u32) -> Self {
        Self(self.0.saturating_sub(months))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let digits = text.as_bytes();
        if digits.len() != 7 || digits[4] != b'-' {
            return Err(NotAMonth);
        }
        let year = number(&digits[..4]).ok_or(NotAMonth)?;
        let month = number(&digits[5..]).ok_or(NotAMonth)?;
        if !(1..=12).contains(&month) {
            return Err(NotAMonth);
        }
        Ok(Self(year * 12 + month - 1))
    }
}

/// The value of ASCII digits; nothing else is taken, no sign either.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + u32::from(digit - b'0'))
    })
}

impl TryFrom<String> for Month {
    type Error = NotAMonth;

    fn try_from(text: String) -> Result<Self, NotAMonth> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_back_from_its_text() {
        for text in ["0000-01", "1999-12", "2026-11"] {
            assert_eq!(text.parse::<Month>().unwrap().to_string(), text);
        }
        assert_eq!(Month::of(Wall(0)).to_string(), "1970-01");
        assert_eq!(Month::of(Wall(-1)).to_string(), "1969-12");
        let january: Month = "2027-01".parse().unwrap();
        assert_eq!(january.back(12).to_string(), "2026-01");
        assert_eq!(january.back(2).to_string(), "2026-11");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", "2026", "2026-1", "2026-00", "2026-13", "+026-11", "2026/11", "20261-1", "é026-1",
        ] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }
}
