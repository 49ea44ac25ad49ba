//! How fast somebody may guess. Growing waits in lanes, so that who attacks an account from outside stands in a lane of
//! strangers, and the practice's own browsers and addresses stand in others: nobody is ever locked out by somebody else.
//!
//! A try is counted as failed when it begins and taken back when it succeeds: a thousand at once are a thousand. What
//! is refused costs and counts nothing. Passkeys are not guessed and do not pass here.
//!
//! PGSSI-S (5.2.3.1) wants a minute after three failures, CNIL 2022-100 a growing wait or a block. The waits here grow
//! from one second, for people mistype, and bound a day's guesses, which is what both are for.

use std::collections::BTreeMap;
use std::time::Duration;

// The type alone; `core` has no sockets.
use core::net::IpAddr;

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};

use crate::secret::Digest;
use crate::span::{self, DAY};

/// Whom somebody says that she is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// A person of the practice.
    Person(PersonId),
    /// A name that nobody has, as a digest. It waits as a person would, so that waiting does not tell who exists.
    Nobody([u8; 16]),
}

impl Account {
    /// Of a name that nobody has.
    #[must_use]
    pub fn nobody(name: &str) -> Self {
        let digest = blake3::derive_key("hygie 2026 identity throttle name", name.as_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        Self::Nobody(short)
    }
}

/// Where a try comes from: an address of IPv4, or the /64 of IPv6, which one machine has whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place([u8; 8]);

impl Place {
    /// Of the address of the connection, never of a header.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let mut place = [0; 8];
        match address.to_canonical() {
            IpAddr::V4(four) => {
                // No IPv6 network begins so: ff is multicast.
                place[..4].copy_from_slice(&[0xff; 4]);
                place[4..].copy_from_slice(&four.octets());
            }
            IpAddr::V6(six) => place.copy_from_slice(&six.octets()[..8]),
        }
        Self(place)
    }
}

/// One try to sign in by name, password and code, or by a code of the recovery sheet.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// Whom she says that she is.
    pub account: Account,
    /// Where from.
    pub place: Place,
    /// The cookie of a browser in which this account signed in before, if it is one of this account's
    /// ([`MOST_BROWSERS`] are remembered).
    pub browser: Option<Digest>,
    /// True if this account signed in from there before ([`MOST_PLACES`] are remembered), or it is the hub's own machine.
    pub known_place: KnownPlace,
}

impl Try {
    /// The lanes that it stands in: the rows that [`Throttle::of`] needs for it.
    #[must_use]
    pub fn lanes(&self) -> Vec<Lane> {
        lanes(self)
    }
}

/// Whether an account signed in from a place before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownPlace {
    /// Yes.
    Known,
    /// No.
    Strange,
}

/// How many browsers of an account the base remembers.
pub const MOST_BROWSERS: usize = 16;
/// How many places of an account the base remembers.
pub const MOST_PLACES: usize = 8;

/// Where tries queue up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// One browser in which this account signed in before.
    Browser(Account, [u8; 32]),
    /// One place from which this account signed in before.
    Known(Account, Place),
    /// Everybody else who tries this account, from wherever.
    Strangers(Account),
    /// One place that tries accounts, without a known browser.
    Place(Place),
}

impl Lane {
    /// Failures that cost no wait yet. Several people sit behind one address.
    const fn free(self) -> u32 {
        match self {
            Self::Browser(..) | Self::Known(..) | Self::Strangers(..) => 0,
            Self::Place(_) => 10,
        }
    }

    /// Lanes of persons are as many as the practice has; the others an attacker can multiply.
    const fn is_of_a_person(self) -> bool {
        match self {
            Self::Browser(account, _) | Self::Known(account, _) | Self::Strangers(account) => {
                matches!(account, Account::Person(_))
            }
            Self::Place(_) => false,
        }
    }
}

/// What a lane remembers; a row of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    failures: u32,
    last: Wall,
}

/// What comes of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Check it, and say [`Throttle::succeeded`] if it was right.
    Go(Ticket),
    /// Not now; nothing was counted.
    Wait(Duration),
}

/// A try that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket(Vec<Lane>);

/// All lanes. The base keeps the rows; [`Throttle::changes`] says which to write, or to delete.
#[derive(Clone, Debug, Default)]
pub struct Throttle {
    queues: BTreeMap<Lane, Queue>,
    changed: BTreeMap<Lane, Option<Queue>>,
}

impl Throttle {
    /// With the rows of the base.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = (Lane, Queue)>) -> Self {
        Self {
            queues: rows.into_iter().collect(),
            changed: BTreeMap::new(),
        }
    }

    /// Somebody tries.
    pub fn begin(&mut self, this: &Try, now: Wall) -> Answer {
        let lanes = lanes(this);
        let wait = lanes
            .iter()
            .map(|lane| self.wait(*lane, now))
            .max()
            .unwrap_or_default();
        if !wait.is_zero() {
            return Answer::Wait(wait);
        }
        for lane in &lanes {
            let failures = self.failures(*lane, now).saturating_add(1);
            self.keep(
                *lane,
                Some(Queue {
                    failures,
                    last: now,
                }),
            );
        }
        self.forget(now);
        Answer::Go(Ticket(lanes))
    }

    /// The try was right: its lane is free again. A place's lane only takes its own try back, or one good account
    /// would pay for guesses at others; so does the strangers' lane, for a success of a friend there says nothing
    /// of those before.
    pub fn succeeded(&mut self, ticket: &Ticket) {
        for lane in &ticket.0 {
            let Some(queue) = self.queues.get(lane).copied() else {
                continue;
            };
            let failures = match lane {
                Lane::Browser(..) | Lane::Known(..) => 0,
                Lane::Strangers(_) | Lane::Place(_) => queue.failures.saturating_sub(1),
            };
            self.keep(*lane, (failures > 0).then_some(Queue { failures, ..queue }));
        }
    }

    /// How long this one would wait, to be told beside the form.
    #[must_use]
    pub fn would_wait(&self, this: &Try, now: Wall) -> Duration {
        lanes(this)
            .into_iter()
            .map(|lane| self.wait(lane, now))
            .max()
            .unwrap_or_default()
    }

    /// Rows to write (`Some`) and to delete (`None`) since the last call.
    pub fn changes(&mut self) -> BTreeMap<Lane, Option<Queue>> {
        std::mem::take(&mut self.changed)
    }

    fn wait(&self, lane: Lane, now: Wall) -> Duration {
        let failures = self.failures(lane, now);
        let Some(queue) = self.queues.get(&lane) else {
            return Duration::ZERO;
        };
        let wait = wait_after(failures.saturating_sub(lane.free()));
        // A clock that was set back makes nobody wait longer than a wait.
        wait.saturating_sub(span::since(now, queue.last))
    }

    fn failures(&self, lane: Lane, now: Wall) -> u32 {
        let queue = self.queues.get(&lane);
        queue
            .filter(|queue| span::since(now, queue.last) < DAY)
            .map_or(0, |queue| queue.failures)
    }

    fn keep(&mut self, lane: Lane, queue: Option<Queue>) {
        match queue {
            Some(queue) => self.queues.insert(lane, queue),
            None => self.queues.remove(&lane),
        };
        self.changed.insert(lane, queue);
    }

    /// Keeps the lanes that an attacker can multiply within bounds. Out goes what is a day old, then what has failed
    /// least: flooding with new names and places pushes out new names and places, not the lane that he waits in.
    fn forget(&mut self, now: Wall) {
        let loose = self
            .queues
            .keys()
            .filter(|lane| !lane.is_of_a_person())
            .count();
        if loose <= MOST_LOOSE {
            return;
        }
        let mut out: Vec<(bool, u32, Wall, Lane)> = self
            .queues
            .iter()
            .filter(|(lane, _)| !lane.is_of_a_person())
            .map(|(lane, queue)| {
                (
                    span::since(now, queue.last) < DAY,
                    queue.failures,
                    queue.last,
                    *lane,
                )
            })
            .collect();
        out.sort_unstable();
        // A quarter at a time, so that not each try sorts.
        for (_, _, _, lane) in out.into_iter().take(MOST_LOOSE / 4) {
            self.keep(lane, None);
        }
    }
}

/// The wait after so many failures: 1, 2, 4 … 512 seconds, then 15 minutes each time.
fn wait_after(failures: u32) -> Duration {
    match failures {
        0 => Duration::ZERO,
        1..=10 => Duration::from_secs(1 << (failures - 1)),
        _ => LONGEST,
    }
}

fn lanes(this: &Try) -> Vec<Lane> {
    match (this.browser, this.known_place) {
        (Some(browser), _) => vec![Lane::Browser(this.account, *browser.as_bytes())],
        (None, KnownPlace::Known) => vec![
            Lane::Known(this.account, this.place),
            Lane::Place(this.place),
        ],
        (None, KnownPlace::Strange) => vec![Lane::Strangers(this.account), Lane::Place(this.place)],
    }
}

/// The longest wait of all.
pub const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Guesses in any 24 hours in one lane of an account: 10 in the first 17 minutes, then one each 15 minutes. Of the 10^10
/// guesses that a password withstands at least, this is one chance in 250,000 a year; and then there is the code.
pub const MAX_GUESSES_A_DAY: usize = 107;

/// Lanes of places and of names that nobody has: some 400 KB at the most.
pub const MOST_LOOSE: usize = 4_096;

#[cfg(test)]
mod tests;
