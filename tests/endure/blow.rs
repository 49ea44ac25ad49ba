//! What is done to Hygie's processes, and how one waits until it has recovered.

use std::time::{Duration, Instant};

use hygie_testkit::{Guarded, Noise};
use rustix::process::{Pid, Signal, kill_process};

/// Who is struck, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Blow {
    KillGuard,
    StopGuard,
    KillWitness,
    StopWitness,
    KillBoth,
    StopBoth,
    /// `up`, then the others before they could end in good order: as a power cut.
    KillUp,
}

impl Blow {
    /// Each of them, as often as its number says.
    const ALL: [(Self, u64); 7] = [
        (Self::KillGuard, 30),
        (Self::StopGuard, 15),
        (Self::KillWitness, 15),
        (Self::StopWitness, 8),
        (Self::KillBoth, 18),
        (Self::StopBoth, 4),
        (Self::KillUp, 10),
    ];

    pub(crate) fn pick(noise: &mut Noise) -> Self {
        let mut at = noise.below(Self::ALL.iter().map(|(_, weight)| weight).sum());
        for (blow, weight) in Self::ALL {
            match at.checked_sub(weight) {
                Some(rest) => at = rest,
                None => return blow,
            }
        }
        Self::KillGuard
    }

    fn struck(self) -> &'static [&'static str] {
        match self {
            Self::KillGuard | Self::StopGuard => &["guard"],
            Self::KillWitness | Self::StopWitness => &["witness"],
            // The witness first: it would start another guard.
            Self::KillBoth | Self::StopBoth => &["witness", "guard"],
            Self::KillUp => &[],
        }
    }

    fn signal(self) -> Signal {
        match self {
            Self::StopGuard | Self::StopWitness | Self::StopBoth => Signal::STOP,
            Self::KillGuard | Self::KillWitness | Self::KillBoth | Self::KillUp => Signal::KILL,
        }
    }

    /// Strikes; gives the processes that were struck.
    pub(crate) fn strike(self, hygie: &mut Guarded) -> Vec<i32> {
        if self == Self::KillUp {
            hygie.kill();
        }
        let pids = self.struck().iter().map(|word| process(hygie, word));
        let pids: Vec<i32> = pids.collect();
        for pid in &pids {
            send(*pid, self.signal());
        }
        pids
    }
}

/// The one process of that name; while one takes another's place there are two for a moment.
pub(crate) fn process(hygie: &Guarded, word: &str) -> i32 {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(pid) = hygie.pid(word) {
            return pid;
        }
        assert!(
            Instant::now() < until,
            "no {word}: {:?}; {}",
            hygie.parts(),
            hygie.log()
        );
        std::thread::sleep(LOOK);
    }
}

fn send(pid: i32, signal: Signal) {
    // It may have been replaced just now.
    let _gone_already = kill_process(Pid::from_raw(pid).expect("a number"), signal);
}

/// Kills the next guard as soon as it is there, before it says anything.
pub(crate) fn strike_the_next(hygie: &Guarded, former: &[i32]) -> i32 {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(pid) = hygie.pid("guard").filter(|pid| !former.contains(pid)) {
            send(pid, Signal::KILL);
            return pid;
        }
        assert!(
            Instant::now() < until,
            "no guard came: {:?}; {}",
            hygie.parts(),
            hygie.log()
        );
        std::thread::sleep(LOOK);
    }
}

/// Waits until others than those that were struck say that all is protected.
pub(crate) fn protected(hygie: &mut Guarded, struck: &[i32]) {
    let until = Instant::now() + PATIENCE;
    let mut looks_without_up = 0;
    loop {
        let new = ["guard", "witness"]
            .iter()
            .all(|word| hygie.pid(word).is_some_and(|pid| !struck.contains(&pid)));
        if new && says_protected(hygie) {
            return;
        }
        // `up` never gives up; one that is being started is not seen at once.
        let there = hygie.parts().iter().any(|part| part.word == "up");
        looks_without_up = if there { 0 } else { looks_without_up + 1 };
        let given_up = looks_without_up > 200;
        assert!(
            Instant::now() < until && !given_up,
            "not protected again: {:?} {:?} {:?}; {}; {:?}",
            hygie.events().to_vec(),
            hygie.parts(),
            hygie.status(),
            hygie.log(),
            stuck()
        );
        std::thread::sleep(LOOK);
    }
}

pub(crate) fn says_protected(hygie: &Guarded) -> bool {
    hygie
        .status()
        .is_ok_and(|status| status["protection"] == "protected")
}

/// Threads that sleep in the kernel for good, or are gone and not quite.
fn stuck() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|process| std::fs::read_dir(process.path().join("task")).ok())
        .flat_map(|tasks| tasks.flatten());
    let state = |task: &std::path::Path| {
        let [stat, waits] = ["stat", "wchan"]
            .map(|name| std::fs::read_to_string(task.join(name)).unwrap_or_default());
        let rest = stat.rsplit_once(") ")?.1.to_owned();
        (rest.starts_with(['D', 'Z', 'X'])).then(|| format!("{}, waits in {waits}", task.display()))
    };
    tasks.filter_map(|task| state(&task.path())).collect()
}

/// Only against a test that hangs.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(10);
