//! A road: how it answered of late, when it is tried again, and how many letters it took.

use std::time::Duration;

use hygie_model::Wall;
use serde::{Deserialize, Serialize};

use crate::{
    letters::Why,
    span::{self, DAY, HOUR, MINUTE, minutes},
};

/// One road, and what is under way on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Road {
    /// Tries since it last took a letter.
    tries: u32,
    /// When it was last tried.
    tried: Option<Wall>,
    /// Not again before.
    next: Option<Wall>,
    /// Letters that it took within a day.
    took: Vec<Took>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Took {
    at: Wall,
    pace: Pace,
}

/// Letters of what cannot wait go faster than the others; neither goes as often as something flaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Pace {
    /// What cannot wait is in it.
    Urgent,
    /// Nothing of that kind is.
    Usual,
}

impl Road {
    /// Whether a letter of this pace may be tried now.
    pub(crate) fn is_open(&self, pace: Pace, now: Wall) -> bool {
        let may_try = match (pace, self.tried, self.next) {
            // A road that is being waited for is tried for what cannot wait, once a minute at most.
            (Pace::Urgent, Some(tried), Some(_)) => span::since(now, tried) >= MINUTE,
            (Pace::Usual, _, Some(next)) => next <= now,
            (_, None, _) | (_, _, None) => true,
        };
        may_try && self.is_time(pace, now)
    }

    /// Each letter of a day makes the next one wait twice as long; what comes meanwhile goes with that.
    fn is_time(&self, pace: Pace, now: Wall) -> bool {
        let own = |took: &&Took| took.pace == pace && span::since(now, took.at) < DAY;
        let count = self.took.iter().filter(own).count();
        let Some(last) = self.took.iter().filter(own).map(|took| took.at).max() else {
            return true;
        };
        let (base, most) = match pace {
            Pace::Urgent => URGENT,
            Pace::Usual => USUAL,
        };
        let wait = span::doubled(base, u32::try_from(count - 1).unwrap_or(u32::MAX), most);
        span::since(now, last) >= wait
    }

    /// It took a letter.
    pub(crate) fn took(&mut self, pace: Pace, now: Wall) {
        self.took.retain(|took| span::since(now, took.at) < DAY);
        self.took.push(Took { at: now, pace });
        (self.tries, self.tried, self.next) = (0, Some(now), None);
    }

    /// It did not take one; whether that was once too often.
    pub(crate) fn refused(&mut self, why: Why, now: Wall) -> bool {
        self.tries = self.tries.saturating_add(1);
        self.tried = Some(now);
        self.next = Some(now.after(span::doubled(MINUTE, self.tries - 1, HOUR)));
        self.tries >= TRIES || why.is_for_good()
    }

    /// Somebody changed it: tried anew.
    pub(crate) fn changed(&mut self) {
        (self.tries, self.tried, self.next) = (0, None, None);
    }
}

/// After so many tries a letter counts as one that cannot be sent: after half an hour. It is tried each hour from then on.
const TRIES: u32 = 6;
/// The wait after the first letter of what cannot wait, and the longest one.
const URGENT: (Duration, Duration) = (minutes(2), minutes(3 * 60));
/// After the others.
const USUAL: (Duration, Duration) = (minutes(30), minutes(6 * 60));
