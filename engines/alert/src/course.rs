//! How a thing went on: since when it is bad, since when well again, and how often of late. What goes on and off is seen here.

use hygie_model::Wall;
use serde::{Deserialize, Serialize};

use crate::{
    duty::Known,
    span,
    thing::Bad,
    urgency::{FLAPS, SAME},
};

/// The course of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Course {
    /// How it is bad, and since when.
    pub(crate) bad: Option<(Bad, Wall)>,
    /// Since when it is in order.
    pub(crate) well: Option<Wall>,
    /// When it went bad, of late: the newest ones.
    pub(crate) onsets: Vec<Wall>,
}

impl Course {
    /// Takes up how it is.
    pub(crate) fn see(&mut self, known: Known, now: Wall) {
        self.onsets.retain(|at| span::since(now, *at) < SAME);
        match known {
            Known::Open => {}
            Known::Well => {
                if self.bad.take().is_some() || self.well.is_none() {
                    self.well = Some(now);
                }
            }
            Known::Bad(bad, since) => {
                let since = match self.bad {
                    // Another way of being bad is the same trouble.
                    Some((_, since)) => since,
                    None => {
                        self.well = None;
                        if self.onsets.len() == MOST {
                            self.onsets.remove(0);
                        }
                        self.onsets.push(now);
                        since.min(now)
                    }
                };
                self.bad = Some((bad, since));
            }
        }
    }

    /// Whether it goes on and off.
    pub(crate) fn flaps(&self) -> bool {
        self.onsets.len() >= FLAPS
    }
}

/// Onsets that are remembered.
const MOST: usize = 8;
