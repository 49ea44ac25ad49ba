//! Arenas under a guard that stops whoever harms.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hygie_testkit::{Arena, Guarded, LoopFs, Running, SealedTree, Simulator};
use serde_json::Value;

pub(crate) const USER: u32 = 4321;
/// Only against a test that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How an attack ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// In this incident.
    Stopped(u64),
    /// By itself.
    Over,
}

/// What drops first stands first.
pub(crate) struct Scene {
    pub(crate) hygie: Guarded,
    pub(crate) arenas: Vec<Arena>,
    _state: LoopFs,
    _disk: LoopFs,
}

pub(crate) fn simulator() -> Simulator {
    let hygie = Path::new(env!("CARGO_BIN_EXE_hygie"));
    let binary = hygie.with_file_name("hygie-attacks");
    assert!(
        binary.exists(),
        "{} is missing: cargo build -p hygie-attacks",
        binary.display()
    );
    Simulator::new(binary).as_user(USER)
}

impl Scene {
    /// So many arenas with so many files each, first copies done; `None` where a test cannot be made (not root).
    pub(crate) fn make(arenas: usize, files: usize) -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        let disk = LoopFs::ext4(512).expect("a loop image");
        let other = LoopFs::ext4(1024).expect("another loop image");
        let arenas: Vec<Arena> = (0..arenas)
            .map(|number| {
                let tree = SealedTree::new(700 + number as u64)
                    .files(files)
                    .largest(300_000);
                Arena::make(&disk.path(), USER, &tree).expect("an arena")
            })
            .collect();
        let quiet = disk.path().join("quiet");
        std::fs::create_dir(&quiet).expect("a folder");
        let state = other.path().join("state");
        std::fs::create_dir_all(&state).expect("the state folder");
        std::fs::write(state.join("hygie.toml"), "[guard]\nattackers = \"stop\"\n")
            .expect("a configuration");
        let folders: Vec<PathBuf> = arenas.iter().map(Arena::victims).chain([quiet]).collect();
        let binary = Path::new(env!("CARGO_BIN_EXE_hygie"));
        let mut hygie = Guarded::up(binary, &state, &folders).expect("hygie up");
        hygie.wait_for("copied", PATIENCE).expect("first copies");
        Some(Self {
            hygie,
            arenas,
            _state: other,
            _disk: disk,
        })
    }

    pub(crate) fn start(&self, number: usize, way: &str, more: &[&str]) -> Running {
        simulator()
            .start(way, &self.arenas[number], more)
            .expect("it starts")
    }

    /// Waits until somebody is stopped, or the attack is over.
    pub(crate) fn stopped_or_over(&mut self, running: &Running) -> End {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let stopped = self
                .hygie
                .events()
                .iter()
                .find(|line| line["event"] == "incident" && line["state"] == "stopped");
            if let Some(told) = stopped {
                return End::Stopped(told["id"].as_u64().expect("a number"));
            }
            if running.has_ended() {
                // What it did last is judged once it is copied.
                self.settle();
                let last = self
                    .hygie
                    .events()
                    .iter()
                    .find(|line| line["event"] == "incident" && line["state"] == "stopped");
                return last.map_or(End::Over, |told| {
                    End::Stopped(told["id"].as_u64().expect("a number"))
                });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        End::Over
    }

    /// Waits until all that happened is dealt with.
    pub(crate) fn settle(&self) {
        let quiet = self.arenas[0].path().with_file_name("quiet");
        self.hygie
            .settle(&quiet, PATIENCE)
            .expect("it comes to rest");
    }

    /// The journal once it tells this: it is written by a thread of its own.
    pub(crate) fn journal_with(&self, kind: &str, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            let journal = self.ask(&["journal", "show"], 0);
            let told = |line: &Value| line["kind"] == kind && is_it(&line["fields"]);
            if journal.iter().any(told) {
                return journal;
            }
            assert!(Instant::now() < until, "no {kind} in {journal:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a verb and expects this exit code.
    pub(crate) fn ask(&self, words: &[&str], code: i32) -> Vec<Value> {
        let words: Vec<&std::ffi::OsStr> = words.iter().map(|word| (*word).as_ref()).collect();
        let said = self.hygie.ask(&words).expect("it runs");
        assert_eq!(said.code, Some(code), "{words:?}: {said:?}");
        said.lines
    }
}
