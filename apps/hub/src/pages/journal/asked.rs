//! Which lines are wanted: the form of the page, and where a further page begins.

use hygie_model::{PersonId, Wall};
use hygie_store::{JournalCursor, JournalFilter};
use hygie_text::TimeZone;
use jiff::civil::Date;
use serde::Deserialize;

/// What the form says; each may be empty.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) person: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) to: String,
    /// Of the last line of the page before: its moment and number.
    #[serde(default)]
    before: String,
}

/// The days that were understood.
pub(super) struct Days {
    pub(super) filter: JournalFilter,
    /// Whether the first, the last day cannot be read.
    pub(super) wrong: [bool; 2],
}

impl Asked {
    /// What to look for. A day that cannot be read bounds nothing.
    pub(super) fn filter(&self, zone: &TimeZone) -> Days {
        let kind = self.kind.trim();
        let (from, to) = (begin(&self.from, zone, 0), begin(&self.to, zone, 1));
        let wrong = [(&self.from, from), (&self.to, to)]
            .map(|(typed, day)| !typed.trim().is_empty() && day.is_none());
        let filter = JournalFilter {
            person: self.person.parse().ok().map(PersonId),
            kind: (!kind.is_empty()).then(|| kind.to_owned()),
            from,
            to,
        };
        Days { filter, wrong }
    }

    /// Where this page begins; `None` for the newest lines.
    pub(super) fn cursor(&self) -> Option<JournalCursor> {
        let (at, seq) = self.before.split_once('.')?;
        Some(JournalCursor {
            at: Wall(at.parse().ok()?),
            seq: seq.parse().ok()?,
        })
    }

    /// The address of the lines after these.
    pub(super) fn further(&self, next: JournalCursor) -> String {
        let before = format!("{}.{}", next.at.0, next.seq);
        let fields = [
            ("person", &self.person),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &before),
        ];
        let told: Vec<_> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        format!(
            "/journal?{}",
            serde_urlencoded::to_string(told).unwrap_or_default()
        )
    }
}

/// When a day begins, or one of the days after it.
fn begin(typed: &str, zone: &TimeZone, later: i64) -> Option<Wall> {
    let date: Date = typed.trim().parse().ok()?;
    let date = date.checked_add(jiff::Span::new().days(later)).ok()?;
    let begin = zone.to_timestamp(date.into()).ok()?;
    i64::try_from(begin.as_nanosecond()).ok().map(Wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_days(from: &str, to: &str) -> Days {
        let asked = Asked {
            from: from.to_owned(),
            to: to.to_owned(),
            ..Asked::default()
        };
        asked.filter(&TimeZone::UTC)
    }

    #[test]
    fn both_days_are_in_it() {
        let Days { filter, wrong } = of_days("2026-11-24", " 2026-11-24 ");
        assert_eq!(wrong, [false, false]);
        let day = 86_400_000_000_000;
        assert_eq!(filter.from, Some(Wall(1_795_478_400_000_000_000)));
        assert_eq!(filter.to, filter.from.map(|from| Wall(from.0 + day)));
    }

    #[test]
    fn a_day_that_is_none_is_told_and_bounds_nothing() {
        let Days { filter, wrong } = of_days("24/11/2026", "9999-12-31");
        assert_eq!(wrong, [true, true]);
        assert_eq!((filter.from, filter.to), (None, None));
        assert_eq!(of_days("", "").wrong, [false, false]);
    }

    #[test]
    fn a_further_page_keeps_what_was_asked() {
        let asked = Asked {
            kind: "person.signed-in".to_owned(),
            ..Asked::default()
        };
        let next = JournalCursor {
            at: Wall(-5),
            seq: 7,
        };
        let to = asked.further(next);
        assert_eq!(to, "/journal?kind=person.signed-in&before=-5.7");
        let again: Asked = serde_urlencoded::from_str(to.split_once('?').unwrap().1).unwrap();
        assert_eq!(
            (again.kind.as_str(), again.cursor()),
            ("person.signed-in", Some(next))
        );
        for none in ["", "1", "a.b", "1.2.3", "1.-2"] {
            let asked = Asked {
                before: none.to_owned(),
                ..Asked::default()
            };
            assert_eq!(asked.cursor(), None, "{none:?}");
        }
    }
}
