//! Starts witness and guard, and is the last to notice when both are silent.

use std::{os::fd::AsFd, process::Child, time::Duration};

use anyhow::{Context, Result};
use hygie_model::Mono;
use hygie_platform::{
    clock,
    linux::{
        fanotify::{Group, ordered},
        pulse::{Pulse, Word},
        wake::inherited,
    },
};
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    guard::Handed,
    orders::Orders,
    witness::{Numbers, start_process},
};

/// Takes what the starter handed over on the command line.
///
/// # Errors
/// When the numbers are no descriptors of this process.
pub fn take_handed(numbers: &str) -> Result<Handed> {
    let numbers = Numbers::from_argument(numbers).context("three numbers are handed over")?;
    // Should this process be the last, the kernel ends the group with the higher number first;
    // those of names have low ones (`ordered`).
    let wide = Group::from_fd(inherited(numbers.wide)?)?.raised(HIGH)?;
    let near = Group::from_fd(inherited(numbers.near)?)?.raised(wide.number() + 1)?;
    Ok(Handed {
        wide,
        near,
        pulse: Pulse::from_fd(inherited(numbers.pulse)?)?,
    })
}

/// Says on the shared page which process this is; `Ended::Yes`: the pair was ended while it was being started, and it
/// must not touch the groups.
#[must_use]
pub fn enter(pulse: &Pulse, as_word: Word) -> Ended {
    pulse.set(as_word, u64::from(std::process::id()));
    match pulse.get(Word::Condemned) {
        0 => Ended::No,
        _ => Ended::Yes,
    }
}

/// Witness and guard, as their parent sees them.
pub struct Pair {
    pulse: Pulse,
    witness: Child,
    bound: Duration,
    began: Mono,
}

/// How the pair is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// The guard answers.
    Serving,
    /// The witness answers; the guard is on its way.
    Covered,
    /// Both are silent or gone.
    Silent,
}

impl Pair {
    /// Starts the witness, which starts the guard. The groups are made here and given away whole:
    /// this process must hold none of them, or nothing would be released if the others died.
    ///
    /// # Errors
    /// Without `CAP_SYS_ADMIN`, or where the kernel has no permission events.
    pub fn start(orders: &Orders) -> Result<Self> {
        let pulse = Pulse::new().context("making the shared page")?;
        let [near, wide] = ordered().context("making the groups")?;
        let shared = (
            wide.share()?,
            near.share()?,
            pulse.as_fd().try_clone_to_owned()?,
        );
        drop((wide, near));
        let witness = start_process("witness", shared, orders)?;
        Ok(Self {
            pulse,
            witness,
            bound: orders.bound(),
            began: clock::mono(),
        })
    }

    /// How the pair is now.
    #[must_use]
    pub fn health(&self) -> Health {
        let now = clock::mono();
        let fresh = |word| now.since(Mono(self.pulse.get(word))) < self.bound;
        if self.pulse.get(Word::GuardServes) == 1 && fresh(Word::GuardBeat) {
            Health::Serving
        } else if fresh(Word::WitnessBeat) || now.since(self.began) < self.bound {
            Health::Covered
        } else {
            Health::Silent
        }
    }

    /// The dead-man timer: when neither has shown life for twice the bound, both are killed, so
    /// that the kernel lets go whatever they held. Tells whether it came to that.
    pub fn end_if_dead(&mut self) -> Ended {
        let now = clock::mono();
        let silent = [Word::GuardBeat, Word::WitnessBeat]
            .into_iter()
            .all(|word| now.since(Mono(self.pulse.get(word)).max(self.began)) >= self.bound * 2);
        // Each replaces the other, so either may be another process than at the start.
        let _ = self.witness.try_wait();
        let gone = now.since(self.began) >= self.bound
            && self.is_gone(Word::WitnessProcess)
            && self.is_gone(Word::GuardProcess);
        if silent || gone {
            self.kill();
            Ended::Yes
        } else {
            Ended::No
        }
    }

    fn is_gone(&self, process: Word) -> bool {
        let number = i32::try_from(self.pulse.get(process)).unwrap_or(0);
        number == 0 || !crate::witness::alive(number)
    }

    fn kill(&mut self) {
        // Before the numbers are read: one that is being started now finds this, or has told its number.
        self.pulse.set(Word::Condemned, 1);
        // The witness first: it would start another guard.
        for word in [Word::WitnessProcess, Word::GuardProcess] {
            if let Some(pid) = i32::try_from(self.pulse.get(word))
                .ok()
                .and_then(Pid::from_raw)
            {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        let _ = self.witness.kill();
        let _ = self.witness.wait();
    }

    /// Asks the guard to end in good order, and waits until it has.
    pub fn stop(mut self) {
        let patience = clock::mono().after(STOPPING);
        if self.is_gone(Word::GuardProcess) {
            self.pulse.set(Word::Stopping, 1);
        }
        self.signal(Word::GuardProcess, Signal::TERM);
        while clock::mono() < patience {
            let _ = self.witness.try_wait();
            if self.is_gone(Word::WitnessProcess) && self.is_gone(Word::GuardProcess) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        self.kill();
    }

    /// Ends both at once, whatever they hold.
    pub fn end_now(mut self) {
        self.kill();
    }

    /// Sends a signal to one of the two, for the self-test.
    pub fn signal(&self, word: Word, signal: Signal) {
        if let Some(pid) = i32::try_from(self.pulse.get(word))
            .ok()
            .and_then(Pid::from_raw)
        {
            let _ = kill_process(pid, signal);
        }
    }

    /// The shared page.
    #[must_use]
    pub fn pulse(&self) -> &Pulse {
        &self.pulse
    }
}

/// Whether the dead-man timer ended the pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It did.
    Yes,
    /// It did not need to.
    No,
}

/// How long a guard may take to end in good order.
const STOPPING: Duration = Duration::from_secs(15);
/// Above the descriptors that a guard opens before it marks anything.
const HIGH: std::os::fd::RawFd = 400;
const LOOK: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use std::{fs::File, sync::mpsc::channel};

    use hygie_platform::linux::fanotify::{Class, Effect, Mask, Scope};
    use rustix::event::{PollFd, PollFlags, poll};

    use super::*;

    /// A guard that was condemned while it began leaves as any program does, and may be the last that has the groups.
    #[test]
    fn a_call_that_waits_is_released_where_the_groups_are_dropped() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("held");
        let file = File::create(&path).expect("a file");
        let around = File::open(folder.path()).expect("the folder");
        let [near, wide] = ordered().expect("two groups");
        let pulse = Pulse::new().expect("a page");
        let handed = Handed { near, wide, pulse };
        let names = Group::new(Class::Names).expect("a group");
        let marks = [
            (&names, Mask::CREATE, &around),
            (&handed.wide, Mask::OPEN_PERM.and(Mask::ON_CHILD), &around),
            (&handed.near, Mask::OPEN_PERM, &file),
        ];
        for (group, mask, at) in marks {
            let marked = group.mark(Scope::Inode, Effect::Report, mask, at.as_fd());
            marked.expect("a mark");
        }
        let (sender, told) = channel();
        let (opened, dropped) = (sender.clone(), sender);
        std::thread::spawn(move || opened.send(File::open(path).is_ok()));
        let asked = poll(&mut [PollFd::new(&handed.near, PollFlags::IN)], None);
        assert_eq!(asked, Ok(1));
        std::thread::spawn(move || {
            drop((handed, names));
            dropped.send(true)
        });
        for what in ["the call", "the groups"] {
            assert_eq!(told.recv_timeout(STOPPING), Ok(true), "{what} hang");
        }
    }

    /// A machine so busy that a guard is still being started when the pair is given up: it must not take the groups.
    #[test]
    fn who_begins_after_the_end_of_the_pair_ends_at_once() {
        let pulse = Pulse::new().expect("a page");
        assert_eq!(enter(&pulse, Word::GuardProcess), Ended::No);
        let sleeper = std::process::Command::new("sleep").arg("60").spawn();
        let mut pair = Pair {
            pulse: pulse.clone(),
            witness: sleeper.expect("sleep runs"),
            bound: Duration::from_millis(1),
            began: Mono(0),
        };
        pulse.set(Word::GuardProcess, 0);
        assert_eq!(pair.end_if_dead(), Ended::Yes);
        assert_eq!(enter(&pulse, Word::GuardProcess), Ended::Yes);
        assert_eq!(enter(&pulse, Word::WitnessProcess), Ended::Yes);
    }
}
