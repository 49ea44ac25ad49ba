//! `fs.lease-break-time` is one for the machine. The drill's guard takes it as it finds it and puts that back; the
//! practice's guard may have begun or ended meanwhile, and then something else is right.

use std::path::PathBuf;

use hygie_agent::{StateDir, config::Config, door::Caller};
use hygie_platform::linux::process::{lease_break_time, set_lease_break_time};

/// How it was when the drill began.
pub(crate) struct LeaseBound {
    practice: StateDir,
    before: Option<u32>,
    /// What the practice's guard, running then, will put back when it ends.
    noted: Option<u32>,
    ran: Runs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Yes,
    No,
}

impl LeaseBound {
    /// Looks, before the drill's first guard.
    pub(crate) fn look(practice: StateDir) -> Self {
        let noted = noted(&practice.former_lease_bound());
        let ran = runs(&practice);
        Self {
            before: lease_break_time().ok(),
            // A note without a guard is one that was killed: the drill leaves both as they are.
            noted: noted.filter(|_| ran == Runs::Yes),
            ran,
            practice,
        }
    }

    /// Sets what is right now, after the drill's last guard.
    pub(crate) fn put_right(&self) {
        let Some(before) = self.before else {
            return;
        };
        let runs = runs(&self.practice);
        if (self.ran, runs) == (Runs::No, Runs::Yes) {
            // It began during the drill and noted the drill's bound.
            let note = self.practice.former_lease_bound();
            if note.exists() {
                let _ = std::fs::write(note, before.to_string());
            }
        }
        let right = right(before, self.noted, self.ran, runs, || self.bound());
        if lease_break_time().ok() != Some(right) {
            let _ = set_lease_break_time(right);
        }
    }

    /// The bound that the practice's guard wants.
    fn bound(&self) -> u32 {
        let config = Config::load(&self.practice.config()).unwrap_or_default();
        u32::try_from(config.guard.bound.get().as_secs())
            .unwrap_or(u32::MAX)
            .max(1)
    }
}

fn right(before: u32, noted: Option<u32>, ran: Runs, runs: Runs, bound: impl Fn() -> u32) -> u32 {
    match (ran, runs) {
        (Runs::Yes, Runs::Yes) | (Runs::No, Runs::No) => before,
        // What it put back, the drill's guard overwrote.
        (Runs::Yes, Runs::No) => noted.unwrap_or(before),
        (Runs::No, Runs::Yes) => bound(),
    }
}

fn runs(practice: &StateDir) -> Runs {
    match Caller::knock(&practice.socket()) {
        Ok(_) => Runs::Yes,
        Err(_) => Runs::No,
    }
}

fn noted(note: &PathBuf) -> Option<u32> {
    std::fs::read_to_string(note).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_as_if_there_had_been_no_drill() {
        for (noted, ran, runs, expected) in [
            (None, Runs::No, Runs::No, 45),
            (None, Runs::No, Runs::Yes, 7),
        ] {
            assert_eq!(right(45, noted, ran, runs, || 7), expected);
        }
        for (runs, expected) in [(Runs::Yes, 7), (Runs::No, 45)] {
            assert_eq!(right(7, Some(45), Runs::Yes, runs, || 7), expected);
        }
    }
}
