//! A duty: who has to do what, what was last heard of it, and how it stands. Judged by whoever hears, never by its own word alone.

use std::time::Duration;

use hygie_model::Wall;
use serde::{Deserialize, Serialize};

use crate::{
    course::Course,
    span,
    thing::{Bad, Thing, Who},
    urgency::{ASLEEP, MENDING},
};

/// What a duty says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It is done.
    Well,
    /// It is not.
    Trouble,
    /// A repair, or a start, is under way.
    Mending,
}

/// When it must be heard again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rhythm {
    /// Within this time, or nobody knows how it is.
    Within(Duration),
    /// The same of a machine that sleeps when it likes: its silence is sleep.
    MaySleep(Duration),
    /// With a device: while that is not heard nobody knows, and nothing more is to be said of it.
    With(Who),
    /// Looked at by the hub itself whenever it looks: it does not fall silent.
    Looked,
}

/// A word that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When.
    pub at: Wall,
    /// What.
    pub word: Word,
    /// When the next one must come.
    pub rhythm: Rhythm,
}

/// Why a device says that it will not be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Farewell {
    /// It goes to sleep; one that did so once may do so without a word, too.
    Sleep,
    /// It is switched off.
    Off,
}

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Standing {
    /// Well.
    Well,
    /// Trouble.
    Trouble {
        /// Since when.
        since: Wall,
    },
    /// A repair is under way.
    Mending {
        /// Since when.
        since: Wall,
    },
    /// Not known since its last word.
    NotKnown {
        /// When that was.
        since: Wall,
    },
    /// Not known, and nobody need look: the device sleeps or is switched off.
    Asleep {
        /// Its last word.
        since: Wall,
        /// Until then nobody misses it.
        until: Wall,
    },
}

/// A duty as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Duty {
    pub(crate) thing: Thing,
    rhythm: Rhythm,
    heard: Wall,
    word: Word,
    /// Since when it says so.
    since: Wall,
    /// When it said good-bye; taken back by its next word.
    left: Option<Wall>,
    /// It said once that it goes to sleep.
    sleeps: bool,
    pub(crate) course: Course,
}

/// What is known of a duty at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// In order.
    Well,
    /// Not in order, since then.
    Bad(Bad, Wall),
    /// Neither: whatever was said of it stays so.
    Open,
}

impl Duty {
    pub(crate) fn new(thing: Thing, heard: &Heard) -> Self {
        Self {
            thing,
            rhythm: heard.rhythm.clone(),
            heard: heard.at,
            word: heard.word,
            since: heard.at,
            left: None,
            sleeps: false,
            course: Course::default(),
        }
    }

    /// Takes a word up; an older one than the last changes nothing.
    pub(crate) fn hear(&mut self, heard: &Heard) {
        self.rhythm = heard.rhythm.clone();
        if heard.at < self.heard {
            return;
        }
        if self.word != heard.word {
            self.since = heard.at;
        }
        self.word = heard.word;
        if heard.at > self.heard {
            self.heard = heard.at;
            // What was heard after the good-bye is awake again.
            self.left = self.left.filter(|left| *left >= heard.at);
        }
    }

    pub(crate) fn leave(&mut self, how: Farewell, at: Wall) {
        self.sleeps |= how == Farewell::Sleep;
        if at >= self.heard {
            self.left = Some(at);
        }
    }

    /// How it stands; `listening` is since when the hub hears at all, `with` how the device stands that it goes with.
    pub(crate) fn standing(&self, with: Option<Standing>, listening: Wall, now: Wall) -> Standing {
        let since = self.left.unwrap_or(self.heard);
        let (grace, sleeps) = match &self.rhythm {
            Rhythm::Looked => return self.said(),
            Rhythm::With(_) => {
                return match with {
                    Some(Standing::NotKnown { .. }) | None => Standing::NotKnown { since },
                    Some(Standing::Asleep { until, .. }) => Standing::Asleep { since, until },
                    Some(Standing::Well | Standing::Trouble { .. } | Standing::Mending { .. }) => {
                        self.said()
                    }
                };
            }
            Rhythm::Within(grace) => (*grace, self.sleeps),
            Rhythm::MaySleep(grace) => (*grace, true),
        };
        // A hub that was off heard nobody: that is its own silence.
        let from = self.heard.max(listening.min(now));
        let is_silent = span::since(now, from) > grace;
        match self.left {
            Some(left) => asleep(left, now),
            None if is_silent && sleeps => asleep(self.heard, now),
            None if is_silent => Standing::NotKnown { since },
            None => self.said(),
        }
    }

    /// What that means for alerts.
    pub(crate) fn known(&self, standing: Standing, listening: Wall, now: Wall) -> Known {
        let is_heard = match self.rhythm {
            Rhythm::Within(_) | Rhythm::MaySleep(_) => self.heard >= listening,
            Rhythm::With(_) | Rhythm::Looked => true,
        };
        match standing {
            // Its word is of before the hub was off: what it says now is still to be heard.
            Standing::Well | Standing::Trouble { .. } | Standing::Mending { .. } if !is_heard => {
                Known::Open
            }
            Standing::Well => Known::Well,
            Standing::Trouble { since } => Known::Bad(Bad::Trouble, since),
            Standing::Mending { since } if span::since(now, since) > MENDING => {
                Known::Bad(Bad::Trouble, since)
            }
            Standing::Mending { .. } => Known::Open,
            Standing::Asleep { .. } => match self.rhythm {
                // Whoever is meant to sleep is in order asleep.
                Rhythm::Within(_) | Rhythm::MaySleep(_) => Known::Well,
                Rhythm::With(_) | Rhythm::Looked => Known::Open,
            },
            Standing::NotKnown { since } => match self.rhythm {
                Rhythm::Within(_) | Rhythm::MaySleep(_) => {
                    let slept = self.left.is_some() || self.sleeps || self.may_sleep();
                    Known::Bad(if slept { Bad::Away } else { Bad::Silent }, since)
                }
                Rhythm::With(_) | Rhythm::Looked => Known::Open,
            },
        }
    }

    /// The device that it goes with.
    pub(crate) fn with(&self) -> Option<&Who> {
        match &self.rhythm {
            Rhythm::With(who) => Some(who),
            Rhythm::Within(_) | Rhythm::MaySleep(_) | Rhythm::Looked => None,
        }
    }

    fn may_sleep(&self) -> bool {
        matches!(self.rhythm, Rhythm::MaySleep(_))
    }

    fn said(&self) -> Standing {
        let since = self.since;
        match self.word {
            Word::Well => Standing::Well,
            Word::Trouble => Standing::Trouble { since },
            Word::Mending => Standing::Mending { since },
        }
    }
}

fn asleep(since: Wall, now: Wall) -> Standing {
    let until = since.after(ASLEEP);
    if now < until {
        Standing::Asleep { since, until }
    } else {
        Standing::NotKnown { since }
    }
}
