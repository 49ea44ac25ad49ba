//! A file system with arenas under a guard, and the judge that counts lost states.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hygie_platform::clock;
use hygie_testkit::{Arena, Guarded, LoopFs, Outcome, Running, SealedTree, Simulator, Snapshot};

/// The ordinary user as whom everything is attacked.
pub(crate) const USER: u32 = 4321;
/// Only a guard against a test that hangs; nothing waits for it otherwise.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Where Hygie's state lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StateOn {
    /// An image of its own.
    OtherDisk,
    /// The image with the victims.
    SameDisk,
}

/// Arenas on one image, not yet guarded. What drops first stands first.
pub(crate) struct Lab {
    pub(crate) arenas: Vec<Arena>,
    other: LoopFs,
    disk: LoopFs,
    state_on: StateOn,
    _alone: MutexGuard<'static, ()>,
}

/// The same with a guard.
pub(crate) struct Guard {
    pub(crate) hygie: Guarded,
    pub(crate) lab: Lab,
}

/// How one way went.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) way: String,
    pub(crate) touched: u64,
    pub(crate) states: usize,
    pub(crate) errors: String,
    pub(crate) lost: Vec<String>,
}

/// The kernel has one bound for leases, so one guard runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

pub(crate) fn hygie() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hygie"))
}

/// The simulators' program lies beside Hygie's.
pub(crate) fn simulator() -> Simulator {
    let binary = hygie().with_file_name("hygie-attacks");
    assert!(
        binary.exists(),
        "{} is missing: cargo build -p hygie-attacks",
        binary.display()
    );
    Simulator::new(binary).as_user(USER)
}

impl Lab {
    /// So many arenas with so many files each; `None` where a test cannot be made (not root).
    pub(crate) fn make(
        arenas: usize,
        files: usize,
        size_mb: u64,
        state_on: StateOn,
    ) -> Option<Self> {
        Self::with_files_up_to(300_000, arenas, files, size_mb, state_on)
    }

    /// The same with larger files.
    pub(crate) fn with_files_up_to(
        largest: usize,
        arenas: usize,
        files: usize,
        size_mb: u64,
        state_on: StateOn,
    ) -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = LoopFs::ext4(size_mb).expect("a loop image");
        let other = LoopFs::ext4(1024).expect("another loop image");
        let arenas = (0..arenas)
            .map(|number| {
                // No two arenas share a content: one must not stand in for another.
                let tree = SealedTree::new(100 + number as u64)
                    .files(files)
                    .largest(largest);
                Arena::make(&disk.path(), USER, &tree).expect("an arena")
            })
            .collect();
        Some(Self {
            arenas,
            other,
            disk,
            state_on,
            _alone: alone,
        })
    }

    /// With another room for versions than the configuration's.
    pub(crate) fn budget(self, words: &str) -> Self {
        self.vault(&format!("budget = \"{words}\""))
    }

    /// With another setting of the vault.
    pub(crate) fn vault(self, line: &str) -> Self {
        let text = format!("[vault]\n{line}\n");
        std::fs::create_dir_all(self.state()).expect("the state folder");
        std::fs::write(self.state().join("hygie.toml"), text).expect("a configuration");
        self
    }

    pub(crate) fn state(&self) -> PathBuf {
        match self.state_on {
            StateOn::OtherDisk => self.other.path().join("state"),
            StateOn::SameDisk => self.disk.path().join("state"),
        }
    }

    /// A place that nobody guards.
    pub(crate) fn aside(&self, name: &str) -> PathBuf {
        self.other.path().join(name)
    }

    pub(crate) fn keep(&self) -> PathBuf {
        self.disk.path().join(".hygie-keep")
    }

    /// Protects every arena's victims; returns at once.
    pub(crate) fn guard(self) -> Guard {
        let quiet = self.disk.path().join("quiet");
        std::fs::create_dir_all(&quiet).expect("a folder");
        let folders: Vec<_> = self
            .arenas
            .iter()
            .map(Arena::victims)
            .chain([quiet])
            .collect();
        let hygie = Guarded::up(hygie(), &self.state(), &folders).expect("hygie up");
        Guard { hygie, lab: self }
    }
}

impl Guard {
    /// Waits until the first copies are done.
    pub(crate) fn copied(mut self) -> Self {
        self.hygie
            .wait_for("copied", PATIENCE)
            .expect("first copies");
        self
    }

    /// The protected folder that nobody attacks.
    pub(crate) fn quiet(&self) -> PathBuf {
        self.lab.disk.path().join("quiet")
    }

    /// Waits until all that happened is dealt with.
    pub(crate) fn settle(&self) {
        self.hygie
            .settle(&self.quiet(), PATIENCE)
            .expect("it comes to rest");
    }

    /// Runs a way on an arena and judges it.
    pub(crate) fn strike(&self, number: usize, way: &str, more: &[&str]) -> Judged {
        let arena = &self.lab.arenas[number];
        let before = arena.snapshot().expect("a snapshot");
        let at = moment();
        let outcome = simulator().run(way, arena, more).expect("it runs");
        self.settle();
        self.judge(number, way, &before, &at, &outcome)
    }

    /// Counts what cannot be had back: files as they were at `at`, and states that the way told.
    pub(crate) fn judge(
        &self,
        number: usize,
        way: &str,
        before: &Snapshot,
        at: &str,
        outcome: &Outcome,
    ) -> Judged {
        let mut lost = self.missing(number, before, at);
        let states = outcome.states();
        for state in outcome
            .lines
            .iter()
            .filter(|line| line["schema"] == "hygie.attack-state/1")
        {
            let hash = state["blake3"].as_str().unwrap_or_default();
            // A file whose last name in the folder is gone is protected no longer.
            let inside = state["path"]
                .as_str()
                .is_some_and(|path| path.starts_with("victims/"));
            if inside && !self.hygie.has(hash) {
                lost.push(format!(
                    "state {} of {}, {}",
                    state["state_no"], state["path"], state["at"]
                ));
            }
        }
        let end = outcome.end();
        Judged {
            way: way.to_owned(),
            touched: end
                .and_then(|end| end["files_touched"].as_u64())
                .unwrap_or(0),
            states: states.len(),
            errors: end.map_or_else(
                || format!("no end: {:?} {}", outcome.code, outcome.stderr),
                |end| end["errors"].to_string(),
            ),
            lost,
        }
    }

    /// What of an arena's victims does not come back as it was at a moment.
    pub(crate) fn missing(&self, number: usize, before: &Snapshot, at: &str) -> Vec<String> {
        let arena = &self.lab.arenas[number];
        let to = self.lab.aside(&format!("back-{number}"));
        let said = self
            .hygie
            .restore(&arena.victims(), Some(at), Some(&to))
            .expect("it runs");
        let mut lost = Vec::new();
        if said.code != Some(0) {
            let told = said
                .lines
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n   ");
            lost.push(format!(
                "restore ended with {:?}: {} {told}",
                said.code,
                said.stderr.trim()
            ));
        }
        if to.exists() {
            let after = Snapshot::of(&to).expect("a snapshot");
            lost.extend(before.diff(&after).iter().map(ToString::to_string));
            std::fs::remove_dir_all(&to).expect("remove what was restored");
        }
        lost
    }

    /// Starts ways that wait for their byte, one an arena.
    pub(crate) fn poised(lab: &Lab, ways: &[&str]) -> Vec<Running> {
        ways.iter()
            .zip(&lab.arenas)
            .map(|(way, arena)| {
                let more: &[&str] = if *way == "held-descriptor" {
                    &[]
                } else {
                    &["--wait"]
                };
                let running = simulator().start(way, arena, more).expect("it starts");
                running.wait_ready().expect("it is ready");
                running
            })
            .collect()
    }

    /// Ends it as a person would.
    pub(crate) fn stop(self) {
        let Self { hygie, lab } = self;
        hygie.stop().expect("it ends well");
        drop(lab);
    }
}

/// A moment to come back to. The kernel stamps files with a clock that ticks every few milliseconds, so
/// nothing may happen before its next tick.
pub(crate) fn moment() -> String {
    let at = clock::wall();
    std::thread::sleep(Duration::from_millis(25));
    at.to_rfc3339()
}

/// Runs the ways under one guard, an arena each; nothing may be lost, and the guard must be whole afterwards.
pub(crate) fn strike_all(lab: Lab, ways: &[&str], more: &[&str]) {
    let guard = lab.guard().copied();
    let judged: Vec<Judged> = ways
        .iter()
        .enumerate()
        .map(|(number, way)| guard.strike(number, way, more))
        .collect();
    let status = guard.hygie.status().expect("a status");
    none_lost(&judged);
    assert_eq!(status["protection"], "protected", "{status}");
    guard.stop();
}

/// Prints the table, then demands that nothing was lost.
#[track_caller]
pub(crate) fn none_lost(judged: &[Judged]) {
    for one in judged {
        println!(
            "{:28}{:6} acts{:6} states told{:5} lost   {}",
            one.way,
            one.touched,
            one.states,
            one.lost.len(),
            one.errors
        );
    }
    let mut failures = Vec::new();
    for one in judged {
        if !one.lost.is_empty() {
            let shown: Vec<_> = one.lost.iter().take(8).map(String::as_str).collect();
            failures.push(format!(
                "{}: {} lost\n  {}",
                one.way,
                one.lost.len(),
                shown.join("\n  ")
            ));
        }
        // Giving a file away needs root, and a user without groups has none to give it to.
        if one.touched == 0 && one.way != "change-owner" {
            failures.push(format!(
                "{}: it did nothing, which proves nothing: {}",
                one.way, one.errors
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
