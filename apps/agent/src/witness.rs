//! The witness: shares the guard's groups, and answers by policy when the guard cannot.
//! Small on purpose. It opens no file while marks stand, and starts the guard anew.

use std::{
    fs::File,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    os::unix::{fs::OpenOptionsExt, process::CommandExt},
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc::{Receiver, TryRecvError, channel},
    time::Duration,
};

use anyhow::{Context, Result};
use hygie_guard::Standing;
use hygie_model::Mono;
use hygie_platform::{
    Access, clock,
    event::{Answer, Call, Event, EventBuffer, Events},
    linux::{
        fanotify::Group,
        process,
        pulse::{Fallback, Pulse, Source, Word},
        wake::inheritable,
    },
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, kill_process},
};

use crate::{StateDir, guard::Handed, orders::Orders, standing::KnownPrograms};

/// What the witness works with.
pub struct Witness {
    // Dropped in this order: see `Handed`.
    near: Group,
    wide: Group,
    pulse: Pulse,
    orders: Orders,
    known: KnownPrograms,
}

/// The descriptors by which processes of Hygie share what they hold, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The group of whole file systems.
    pub wide: i32,
    /// The group of changing files.
    pub near: i32,
    /// The shared page.
    pub pulse: i32,
}

impl Numbers {
    /// The form of a command line: three numbers with commas.
    #[must_use]
    pub fn to_argument(self) -> String {
        format!("{},{},{}", self.wide, self.near, self.pulse)
    }

    /// Reads the form of a command line.
    #[must_use]
    pub fn from_argument(text: &str) -> Option<Self> {
        let mut numbers = text.split(',').map(str::parse);
        let mut next = || numbers.next()?.ok();
        let found = Self {
            wide: next()?,
            near: next()?,
            pulse: next()?,
        };
        numbers.next().is_none().then_some(found)
    }
}

/// Starts `hygie WORD …` with the shared descriptors; it must not be called by a thread that
/// answers holds, for the start itself may be held.
///
/// # Errors
/// When the program cannot be started.
pub fn start_process(
    word: &str,
    shared: (OwnedFd, OwnedFd, OwnedFd),
    orders: &Orders,
) -> Result<std::process::Child> {
    // Opened by the starting thread, so that a held open of it holds nobody else.
    let log = File::options()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(StateDir::at(&orders.state).log());
    let numbers = Numbers {
        wide: inheritable(shared.0.as_fd())?,
        near: inheritable(shared.1.as_fd())?,
        pulse: inheritable(shared.2.as_fd())?,
    };
    let stderr = log.map_or_else(|_| Stdio::null(), Stdio::from);
    Command::new("/proc/self/exe")
        .arg(word)
        .arg("--handed")
        .arg(numbers.to_argument())
        .arg("--orders")
        .arg(orders.to_argument()?)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .with_context(|| format!("starting hygie {word}"))
}

impl Witness {
    /// A witness over groups that its starter made and shares with nobody else.
    #[must_use]
    pub fn new(handed: Handed, orders: Orders) -> Self {
        let Handed { wide, near, pulse } = handed;
        Self {
            wide,
            near,
            pulse,
            orders,
            known: KnownPrograms::load(),
        }
    }

    /// Watches until the guard ends in good order.
    ///
    /// # Errors
    /// When the shared descriptors fail.
    pub fn run(&self) -> Result<()> {
        let _ = process::lock_memory();
        // The trial at the start holds no lease, and must leave the machine as it is.
        if self.orders.trial.is_some() {
            return self.watch();
        }
        let bound = LeaseBound::set(&self.orders);
        let outcome = self.watch();
        bound.put_back();
        outcome
    }

    fn watch(&self) -> Result<()> {
        self.pulse
            .set(Word::WitnessProcess, u64::from(std::process::id()));
        let mut starting = None;
        let mut buffer = EventBuffer::new();
        let mut not_before = Mono(0);
        loop {
            let now = clock::mono();
            self.pulse.set(Word::WitnessBeat, now.0);
            if self.pulse.get(Word::Stopping) == 1 {
                return Ok(());
            }
            if !self.guard_lives() {
                self.take_over();
                if starting.is_none() && now >= not_before {
                    starting = Some(self.start_guard()?);
                    not_before = now.after(BETWEEN_STARTS);
                }
            } else if self.pulse.get(Word::GuardServes) == 1 && self.guard_is_silent(now) {
                self.kill_guard();
                self.take_over();
            }
            if let Some(ended) = &starting
                && !matches!(ended.try_recv(), Err(TryRecvError::Empty))
            {
                starting = None;
            }
            if self.pulse.get(Word::GuardServes) == 1 {
                self.sleep(&[]);
            } else {
                self.sleep(&[&self.wide, &self.near]);
                // A guard may have begun meanwhile; what woke this process up is for it to answer.
                if self.pulse.get(Word::GuardServes) == 0 {
                    self.serve(Source::Wide, &mut buffer);
                    self.serve(Source::Near, &mut buffer);
                }
            }
        }
    }

    fn sleep(&self, groups: &[&Group]) {
        let mut fds: Vec<PollFd<'_>> = groups
            .iter()
            .map(|group| PollFd::new(group, PollFlags::IN))
            .collect();
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: i64::from(BEAT.subsec_nanos()),
        };
        let _ = poll(&mut fds, Some(&timeout));
    }

    fn guard_process(&self) -> Option<Pid> {
        let number = i32::try_from(self.pulse.get(Word::GuardProcess)).ok()?;
        Pid::from_raw(number)
    }

    fn guard_lives(&self) -> bool {
        self.guard_process()
            .is_some_and(|pid| alive(pid.as_raw_nonzero().get()))
    }

    fn guard_is_silent(&self, now: Mono) -> bool {
        now.since(Mono(self.pulse.get(Word::GuardBeat))) > self.orders.bound().mul_f64(SILENCE)
    }

    fn kill_guard(&self) {
        if let Some(pid) = self.guard_process() {
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// Answers what the guard has read and will not answer, and takes off the marks that stood
    /// for its leases, which ended with it.
    fn take_over(&self) {
        if self.pulse.get(Word::GuardServes) == 0 {
            return;
        }
        self.pulse.set(Word::GuardServes, 0);
        let _ = self.wide.flush_inodes();
        let _ = self.near.flush_inodes();
        for (slot, held) in self.pulse.held() {
            let group = match held.source {
                Source::Wide => &self.wide,
                Source::Near => &self.near,
            };
            let answer = match held.fallback {
                Fallback::Allow => Answer::Allow,
                Fallback::Deny => Answer::DenyBusy,
            };
            let _ = group.answer(Call(held.event), answer);
            self.pulse.free(slot);
            self.pulse.count(Word::WitnessAnswers);
        }
        // What was read and not yet noted is known by its number only. It may be anything, so it
        // is refused: a program tries again, a lost state does not come back.
        let highest = i32::try_from(self.pulse.get(Word::HighestEvent)).unwrap_or(0);
        for number in 0..=highest.saturating_add(64) {
            for group in [&self.wide, &self.near] {
                if group.answer(Call(number), Answer::DenyBusy).is_ok() {
                    self.pulse.count(Word::WitnessAnswers);
                }
            }
        }
    }

    fn start_guard(&self) -> Result<Receiver<()>> {
        let shared = (
            self.wide.share()?,
            self.near.share()?,
            self.pulse.as_fd().try_clone_to_owned()?,
        );
        self.pulse.count(Word::Starts);
        let orders = self.orders.clone();
        let pulse = self.pulse.clone();
        let (sender, receiver) = channel();
        std::thread::Builder::new()
            .name("hygie-start".into())
            .spawn(move || {
                if let Ok(mut child) = start_process("guard", shared, &orders) {
                    pulse.set(Word::GuardProcess, u64::from(child.id()));
                    let _ = child.wait();
                }
                let _ = sender.send(());
            })?;
        Ok(receiver)
    }

    fn serve(&self, source: Source, buffer: &mut EventBuffer) {
        let group = match source {
            Source::Wide => &self.wide,
            Source::Near => &self.near,
        };
        let Ok(events) = group.take(buffer) else {
            return;
        };
        for event in events {
            if let Event::Held(held) = event {
                let answer = self.policy(&held.file, held.caller.0);
                let _ = group.answer(held.call, answer);
                self.pulse.count(Word::WitnessAnswers);
            }
        }
    }

    /// Reading goes on, and so does all that is not protected; of what would change a protected
    /// file only known programs go on.
    fn policy(&self, file: &OwnedFd, thread: i32) -> Answer {
        let protected =
            std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).is_ok_and(|path| {
                self.orders
                    .folders
                    .iter()
                    .any(|folder| path.starts_with(folder))
            }) || rustix::fs::fstat(file).is_ok_and(|found| found.st_nlink > 1);
        if !protected || process::access(thread) == Access::Read {
            return Answer::Allow;
        }
        match self.known.standing(thread) {
            Standing::Known => Answer::Allow,
            Standing::Unknown => Answer::DenyBusy,
        }
    }
}

/// The kernel's own bound for leases, set to Hygie's while it runs.
struct LeaseBound {
    former: PathBuf,
}

impl LeaseBound {
    /// What stood before is written down first, so that a later run can put it back. Where it
    /// cannot be set, the kernel's own bound holds, which is longer.
    fn set(orders: &Orders) -> Self {
        let former = StateDir::at(&orders.state).former_lease_bound();
        let seconds = u32::try_from(orders.bound().as_secs())
            .unwrap_or(u32::MAX)
            .max(1);
        // A power cut can leave the note empty: that is none.
        if Self::noted(&former).is_none()
            && let Ok(now) = process::lease_break_time()
        {
            let _ = std::fs::write(&former, now.to_string());
        }
        let _ = process::set_lease_break_time(seconds);
        Self { former }
    }

    fn noted(former: &std::path::Path) -> Option<u32> {
        std::fs::read_to_string(former).ok()?.parse().ok()
    }

    fn put_back(self) {
        if let Some(seconds) = Self::noted(&self.former)
            && process::set_lease_break_time(seconds).is_ok()
        {
            let _ = std::fs::remove_file(&self.former);
        }
    }
}

/// Whether a process exists and is no zombie.
#[must_use]
pub fn alive(process: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|text| {
        let state = text
            .rsplit(')')
            .next()
            .and_then(|rest| rest.trim_start().chars().next());
        !matches!(state, None | Some('Z' | 'X'))
    })
}

/// The witness's heart beats this often.
const BEAT: Duration = Duration::from_millis(50);
/// A guard that was silent for this part of the bound is taken for hung: enough of the bound is
/// left to answer what it held.
const SILENCE: f64 = 0.4;
/// A guard that ends at once is not started again at once.
const BETWEEN_STARTS: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back_and_nothing_else_is() {
        let numbers = Numbers {
            wide: 7,
            near: 8,
            pulse: 9,
        };
        assert_eq!(
            Numbers::from_argument(&numbers.to_argument()),
            Some(numbers)
        );
        for text in ["", "1,2", "1,2,3,4", "a,b,c"] {
            assert_eq!(Numbers::from_argument(text), None, "{text}");
        }
    }

    #[test]
    fn a_process_is_alive_until_it_is_reaped() {
        assert!(alive(std::process::id().cast_signed()));
        assert!(!alive(i32::MAX));
    }
}
