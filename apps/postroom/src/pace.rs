//! How many letters may go out: a hub that was taken over must not become a gun of unwanted mail.

use std::{collections::VecDeque, time::Duration};

use hygie_model::Mono;
use hygie_wire::post::{LETTERS_A_DAY, LETTERS_A_MINUTE};

/// The letters of the last day.
#[derive(Debug, Default)]
pub(crate) struct Pace(VecDeque<Mono>);

impl Pace {
    /// Notes a letter, if one may go out now.
    pub(crate) fn take(&mut self, now: Mono) -> Option<()> {
        while self.0.front().is_some_and(|&at| now.since(at) >= DAY) {
            self.0.pop_front();
        }
        let lately = self.0.iter().rev();
        let lately = lately.take_while(|&&at| now.since(at) < MINUTE).count();
        if lately >= A_MINUTE || self.0.len() >= A_DAY {
            return None;
        }
        self.0.push_back(now);
        Some(())
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// As the console tells people: one number for both.
pub(crate) const A_MINUTE: usize = LETTERS_A_MINUTE as usize;
const A_DAY: usize = LETTERS_A_DAY as usize;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Mono {
        Mono(seconds * 1_000_000_000)
    }

    #[test]
    fn ten_a_minute_and_two_hundred_a_day() {
        let mut pace = Pace::default();
        for _ in 0..A_MINUTE {
            assert!(pace.take(at(100)).is_some());
        }
        assert!(pace.take(at(100)).is_none());
        assert!(pace.take(at(159)).is_none());
        // What was refused counts for nothing.
        for _ in 0..A_MINUTE {
            assert!(pace.take(at(160)).is_some());
        }
        let mut went = 2 * A_MINUTE;
        for minute in 3..=600 {
            while pace.take(at(minute * 60)).is_some() {
                went += 1;
            }
        }
        assert_eq!(went, A_DAY);
        assert!(pace.take(at(100 + 24 * 3600 - 1)).is_none());
        assert!(pace.take(at(100 + 24 * 3600)).is_some());
    }
}
