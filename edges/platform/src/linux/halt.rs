//! Stops all of a family: signals over process descriptors, so that a number that came back is never hit, in rounds
//! until no new member appears. Never the first process, the guard, the kernel's own, or an ancestor of the guard.
//! A member asleep in a held open is not stopped before it is answered: answer it with a refusal, never with leave.

mod haste;

use std::{
    collections::{HashMap, HashSet},
    io,
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
};
use thiserror::Error;

use super::kin::{ProcessId, look, look_at_thread};

pub use haste::Haste;

/// Why a member was left alone.
#[derive(Debug, Error)]
pub enum Untouched {
    /// It had ended before.
    #[error("it is gone")]
    Gone,
    /// It is the first process of the machine, or the kernel's own.
    #[error("it belongs to the system")]
    System,
    /// It is a process of the guard.
    #[error("it belongs to the guard")]
    Guard,
    /// The guard descends from it.
    #[error("the guard descends from it")]
    Ancestor,
    /// The kernel refused.
    #[error("the kernel refuses: {0}")]
    Kernel(#[from] io::Error),
}

/// What became of the members.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The signal reached these.
    pub reached: Vec<ProcessId>,
    /// Of them, those that still did not stand still at the end: asleep in the kernel, as in a held open or a
    /// `vfork`. They stop when they wake.
    pub asleep: Vec<ProcessId>,
    /// These were left alone.
    pub untouched: Vec<(ProcessId, Untouched)>,
    /// How often new members were asked for.
    pub rounds: u32,
    /// Whether the last look found no new member, and all that can stand still did.
    pub ending: Ending,
}

/// How a stop ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// Nothing of the family runs, and nothing new of it appears.
    #[default]
    Still,
    /// Its time was up: new members may still appear. Try again.
    TimeUp,
}

/// Whether a process stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// All its threads are stopped.
    Stopped,
    /// No thread runs, but some sleep in the kernel beyond the reach of a stop.
    Asleep,
    /// It runs, or will.
    Runs,
    /// It ended.
    Gone,
}

/// Stops, resumes and ends families.
#[derive(Clone, Debug)]
pub struct Halt {
    guards: Vec<u32>,
}

impl Halt {
    /// Spares these processes (the guard, the witness, what started them), this one, and all their ancestors.
    #[must_use]
    pub fn sparing(guards: &[u32]) -> Self {
        let mut guards = guards.to_vec();
        guards.push(std::process::id());
        Self { guards }
    }

    /// Stops a family: `members` gives all of it that lives, again and again ([`super::kin::Kin::members`] after
    /// [`super::kin::Kin::hear`]). Returns after `within` at the latest.
    pub fn stop(&self, within: Duration, mut members: impl FnMut() -> Vec<ProcessId>) -> Outcome {
        let _haste = Haste::begin();
        let end = Instant::now() + within;
        let spared = self.spared();
        let mut outcome = Outcome::default();
        let mut seen = HashSet::new();
        let mut moving = Moving::default();
        loop {
            outcome.rounds += 1;
            let asked = members();
            let mut new = 0;
            for member in asked {
                if seen.insert(member) {
                    match send(&spared, member, Signal::STOP) {
                        Ok(()) => {
                            moving.add(member);
                            outcome.reached.push(member);
                            new += 1;
                        }
                        Err(Untouched::Gone) => new += 1,
                        Err(why) => outcome.untouched.push((member, why)),
                    }
                }
            }
            // Whoever is in the middle of a fork finishes it although the signal has come: its child is there only
            // once it stands still.
            if new == 0 && moving.is_empty() {
                break;
            }
            let now = Instant::now();
            if now >= end {
                outcome.ending = Ending::TimeUp;
                break;
            }
            // While members still appear, the next round must follow at once: each may be about to make another.
            if new == 0 && !moving.settle() {
                std::thread::sleep(PAUSE.min(end - now));
            }
        }
        let asleep = |member: &ProcessId| motion(*member) == Motion::Asleep;
        outcome.asleep = (outcome.reached.iter().copied()).filter(asleep).collect();
        outcome
    }

    /// Lets stopped members go on.
    #[must_use]
    pub fn resume(&self, members: &[ProcessId]) -> Outcome {
        self.signal_all(members, Signal::CONT)
    }

    /// Ends members, stopped or not. A family that may still grow is stopped first.
    #[must_use]
    pub fn end(&self, members: &[ProcessId]) -> Outcome {
        self.signal_all(members, Signal::KILL)
    }

    fn signal_all(&self, members: &[ProcessId], signal: Signal) -> Outcome {
        let spared = self.spared();
        let mut outcome = Outcome {
            rounds: 1,
            ..Outcome::default()
        };
        for member in members {
            match send(&spared, *member, signal) {
                Ok(()) => outcome.reached.push(*member),
                Err(why) => outcome.untouched.push((*member, why)),
            }
        }
        outcome
    }

    // Asked anew each time: a parent that dies makes another one the ancestor.
    fn spared(&self) -> Spared {
        let guards: HashSet<u32> = self.guards.iter().copied().collect();
        let mut ancestors = HashSet::new();
        for guard in &self.guards {
            let mut next = look(*guard).map_or(0, |stat| stat.parent);
            while next != 0 && ancestors.insert(next) {
                next = look(next).map_or(0, |stat| stat.parent);
            }
        }
        Spared { guards, ancestors }
    }
}

/// Whether a process stands still, all threads looked at.
#[must_use]
pub fn motion(process: ProcessId) -> Motion {
    match look(process.pid) {
        Some(stat) if stat.started == process.started => {
            if stat.is_over() {
                return Motion::Gone;
            }
        }
        Some(_) | None => return Motion::Gone,
    }
    let mut motion = Motion::Gone;
    for thread in threads(process.pid) {
        match look_at_thread(process.pid, thread).map(|stat| stat.state) {
            None | Some(b'Z' | b'X' | b'x') => {}
            Some(b'T' | b't') => {
                if motion == Motion::Gone {
                    motion = Motion::Stopped;
                }
            }
            Some(b'D') => motion = Motion::Asleep,
            Some(_) => return Motion::Runs,
        }
    }
    motion
}

/// Whether a process is stopped, all its threads; also one that ended does nothing any more.
#[must_use]
pub fn is_stopped(process: ProcessId) -> bool {
    matches!(motion(process), Motion::Stopped | Motion::Gone)
}

/// Whether a process is over with all its threads, so that all it had open is closed.
#[must_use]
pub fn has_ended(process: ProcessId) -> bool {
    let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) else {
        return true;
    };
    let Ok(watched) = pidfd_open(pid, PidfdFlags::empty()) else {
        return true;
    };
    if look(process.pid).is_none_or(|stat| stat.started != process.started) {
        return true;
    }
    // Readable once its last thread is gone; the zombie of the first one is not enough.
    let mut watched = [PollFd::new(&watched, PollFlags::IN)];
    poll(&mut watched, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
}

#[derive(Debug)]
struct Spared {
    guards: HashSet<u32>,
    ancestors: HashSet<u32>,
}

impl Spared {
    fn check(&self, pid: u32) -> Result<(), Untouched> {
        if pid <= 1 {
            Err(Untouched::System)
        } else if self.guards.contains(&pid) {
            Err(Untouched::Guard)
        } else if self.ancestors.contains(&pid) {
            Err(Untouched::Ancestor)
        } else {
            Ok(())
        }
    }
}

/// Members that were signalled and were not seen to stand still yet.
#[derive(Debug, Default)]
struct Moving(HashMap<ProcessId, Option<Instant>>);

impl Moving {
    fn add(&mut self, member: ProcessId) {
        self.0.insert(member, None);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    // One that sleeps in the kernel may be in a fork: it counts as still after a while only, or at once where its
    // call is another.
    // Says whether all are.
    fn settle(&mut self) -> bool {
        self.0.retain(|member, asleep_since| match motion(*member) {
            Motion::Stopped | Motion::Gone => false,
            Motion::Runs => {
                *asleep_since = None;
                true
            }
            Motion::Asleep => {
                let since = *asleep_since.get_or_insert_with(Instant::now);
                may_be_forking(member.pid) && since.elapsed() < SLEEP_IN_FORK
            }
        });
        self.0.is_empty()
    }
}

fn may_be_forking(pid: u32) -> bool {
    threads(pid).into_iter().any(|thread| {
        let call = std::fs::read_to_string(format!("/proc/{pid}/task/{thread}/syscall"));
        let number = call.ok().and_then(|call| {
            let word = call.split_ascii_whitespace().next()?;
            word.parse::<i64>().ok()
        });
        number.is_none_or(|number| FORKING.contains(&number))
    })
}

fn threads(pid: u32) -> Vec<u32> {
    let Ok(folder) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let number = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse().ok();
    folder.flatten().filter_map(number).collect()
}

// Once the descriptor is open its number means the same process for good; and the process that has the number then is
// the one that is meant if it was started when that one was.
fn send(spared: &Spared, member: ProcessId, signal: Signal) -> Result<(), Untouched> {
    spared.check(member.pid)?;
    let descriptor = open(member)?;
    pidfd_send_signal(&descriptor, signal).map_err(|error| match error {
        rustix::io::Errno::SRCH => Untouched::Gone,
        error => Untouched::Kernel(error.into()),
    })
}

fn open(member: ProcessId) -> Result<OwnedFd, Untouched> {
    let pid = i32::try_from(member.pid).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(Untouched::Gone)?;
    let descriptor = pidfd_open(pid, PidfdFlags::empty()).map_err(|error| match error {
        rustix::io::Errno::SRCH | rustix::io::Errno::INVAL => Untouched::Gone,
        error => Untouched::Kernel(error.into()),
    })?;
    let stat = look(member.pid).ok_or(Untouched::Gone)?;
    if stat.started != member.started {
        return Err(Untouched::Gone);
    }
    if stat.is_kernel() {
        return Err(Untouched::System);
    }
    Ok(descriptor)
}

/// Calls that make processes.
#[cfg(target_arch = "x86_64")]
const FORKING: [i64; 4] = [
    libc::SYS_clone,
    libc::SYS_clone3,
    libc::SYS_fork,
    libc::SYS_vfork,
];
/// Calls that make processes.
#[cfg(not(target_arch = "x86_64"))]
const FORKING: [i64; 2] = [libc::SYS_clone, libc::SYS_clone3];
/// A fork that waits for memory takes less, but on a machine that is beyond its means; whoever waits for its `vfork`
/// child waits as long as that is stopped.
const SLEEP_IN_FORK: Duration = Duration::from_millis(100);
/// Between two looks at members that have not come to rest.
const PAUSE: Duration = Duration::from_micros(300);

#[cfg(test)]
mod tests;
