//! Two clocks that must not be mixed: the calendar's and the one that only goes forward.
//! Code that decides gets them as arguments and never reads a clock.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point of the calendar: nanoseconds since 1970-01-01T00:00:00Z, before it negative.
/// What the index stores and what people see; it can jump back when the clock is set.
/// In JSON it is an RFC 3339 text in UTC (CONTRACTS.md).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wall(pub i64);

impl Wall {
    /// So much later; the end of the calendar at the most.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        let nanos = i64::try_from(wait.as_nanos()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(nanos))
    }

    /// RFC 3339 in UTC with nanoseconds as far as needed, the form of every `--json` output.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        jiff::Timestamp::from_nanosecond(i128::from(self.0))
            .expect("64-bit nanoseconds reach from 1677 to 2262, jiff from -9999 to 9999")
            .to_string()
    }
}

impl Serialize for Wall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Wall {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stamp: jiff::Timestamp = String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)?;
        i64::try_from(stamp.as_nanosecond())
            .map(Self)
            .map_err(de::Error::custom)
    }
}

/// A reading of the monotonic clock in nanoseconds. Deadlines and waits use this one only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(pub u64);

impl Mono {
    /// The moment `wait` later; saturates at the end of the clock.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(nanos))
    }

    /// How long from `earlier` to here; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_back_from_its_json() {
        for nanos in [0, 1, -1, 1_790_000_000_123_456_789, i64::MIN, i64::MAX] {
            let json = serde_json::to_string(&Wall(nanos)).unwrap();
            assert_eq!(
                serde_json::from_str::<Wall>(&json).unwrap(),
                Wall(nanos),
                "{json}"
            );
        }
        assert_eq!(Wall(1_500_000_000).to_rfc3339(), "1970-01-01T00:00:01.5Z");
    }
}
