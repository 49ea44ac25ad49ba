//! How urgent what is, as a table with its reasons: how long it must last, what cannot wait for the morning, when the second road
//! is taken. `URGENCY.md` is made from it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    span::{DAY, HOUR, minutes},
    thing::{Bad, What},
};

/// How soon somebody has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// In the next days; not at night, and late by the second road.
    Mild,
    /// Today; not at night.
    Soon,
    /// Whatever the hour.
    Now,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// How soon somebody has to know.
    pub weight: Weight,
    /// How long it must last before it is told.
    pub lasts: Duration,
    /// Why so.
    pub why: &'static str,
}

/// The row of a thing that is so.
#[must_use]
pub const fn row(what: What, bad: Bad) -> Row {
    let (weight, lasts, why) = match (what, bad) {
        (What::Incident, _) => (
            Weight::Now,
            Duration::ZERO,
            "A stopped program waits for a person, and whoever started it may still be there",
        ),
        (What::Guard, Bad::Trouble | Bad::Away) => (
            Weight::Soon,
            minutes(5),
            "Nothing holds changes; a restart or an update of Hygie is over by then. While a stopped program waits it is told whatever the hour",
        ),
        (What::Guard, Bad::Silent) => (
            Weight::Soon,
            minutes(5),
            "Nobody knows whether anything holds changes; its silence is judged after its own bound. While a stopped program waits it is told whatever the hour",
        ),
        (What::Points, _) => (
            Weight::Mild,
            HOUR,
            "The rest is protected; most points go by themselves when a program closes its file",
        ),
        (What::Device, Bad::Trouble | Bad::Silent) => (
            Weight::Soon,
            minutes(15),
            "A device that is switched off says so; one that falls silent without a word had its network, its power or its courier taken",
        ),
        (What::Device, Bad::Away) => (
            Weight::Mild,
            Duration::ZERO,
            "Three days asleep are a holiday or a lost laptop; nobody need get up for it",
        ),
        (What::Recovery, _) => (
            Weight::Soon,
            Duration::ZERO,
            "Everybody is told when somebody wants back in without a key: who did not ask must be able to say so before it opens",
        ),
        (What::NewPerson | What::NewKey, _) => (
            Weight::Soon,
            Duration::ZERO,
            "A way in that nobody ordered is how somebody stays; whoever made it knows of it, and the others should",
        ),
        (What::Guessing, _) => (
            Weight::Soon,
            Duration::ZERO,
            "Many wrong tries are already slowed down; somebody should know, nobody need get up",
        ),
        (What::Post, _) => (
            Weight::Soon,
            minutes(10),
            "Without it no alert leaves: every page says so meanwhile; a restart is over by then",
        ),
        (What::Signer, _) => (
            Weight::Soon,
            minutes(30),
            "No device can be added or shut out meanwhile; certificates hold for days",
        ),
        (What::Database, _) => (
            Weight::Soon,
            Duration::ZERO,
            "A damaged database does not heal, and a copy made today is worth more than one made tomorrow",
        ),
        (What::Journal, _) => (
            Weight::Soon,
            Duration::ZERO,
            "A chain that does not hold was changed by somebody or by a disk; neither heals",
        ),
        (What::Disk, _) => (
            Weight::Soon,
            HOUR,
            "Big files come and go; what stays an hour fills the disk, and a full one keeps nothing more",
        ),
        (What::Certificate, _) => (
            Weight::Mild,
            HOUR,
            "It is renewed by itself long before; that it was not leaves days to look why",
        ),
        (What::Copies, _) => (
            Weight::Mild,
            HOUR,
            "The database is there; only its copies are old",
        ),
    };
    Row { weight, lasts, why }
}

impl Weight {
    /// When nobody has read it, how long until the second road: in hours in which people are up, but for what cannot wait.
    pub(crate) const fn patience(self, usual: Duration) -> Patience {
        match self {
            Self::Now => Patience::ByTheClock(minutes(15)),
            Self::Soon => Patience::WhileUp(usual),
            Self::Mild => Patience::WhileUp(usual.saturating_mul(3)),
        }
    }
}

/// How long somebody is given to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Day and night.
    ByTheClock(Duration),
    /// Quiet hours do not count.
    WhileUp(Duration),
}

/// How long something must be in order again before its alert is over: shorter pauses are the same trouble.
pub(crate) const CALM: Duration = minutes(10);
/// What comes back within this time is the same alert.
pub(crate) const SAME: Duration = DAY;
/// Begun so often within [`SAME`], it is told even if it never lasted.
pub(crate) const FLAPS: usize = 4;
/// What comes back after it was read is told again once it lasted, each time twice as long as before, and this long at the most.
pub(crate) const LONGEST_DOUBT: Duration = minutes(4 * 60);
/// A repair that takes longer is trouble.
pub(crate) const MENDING: Duration = HOUR;
/// A device that said good-bye, or is known to sleep, is not missed for so long.
pub(crate) const ASLEEP: Duration = minutes(3 * 24 * 60);
