//! States that live for a moment, many of them, while other programs take the processors.

use std::process::{Child, Command};

use crate::lab::{Guard, Judged, Lab, PATIENCE, StateOn, moment, none_lost, simulator};

/// Programs that only take time; they end when this is dropped.
struct Busy(Vec<Child>);

impl Busy {
    fn start() -> Self {
        let one = || {
            Command::new("/bin/sh")
                .args(["-c", "while :; do :; done"])
                .spawn()
                .expect("a shell")
        };
        Self((0..2).map(|_| one()).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _gone_already = child.kill();
            let _status = child.wait();
        }
    }
}

/// Both ways at once, each on an arena of its own, so many runs one after the other.
fn strike(guard: &Guard, runs: usize) -> Vec<Judged> {
    let mut judged = Vec::new();
    for run in 0..runs {
        let seed = format!("{}", 1_000 + run);
        let before = WAYS.map(|way| {
            guard.lab.arenas[of(run, way)]
                .snapshot()
                .expect("a snapshot")
        });
        let at = moment();
        let mut running = WAYS.map(|way| {
            let arena = &guard.lab.arenas[of(run, way)];
            let more = ["--wait", "--seed", &seed, "--rounds", ROUNDS];
            let one = simulator()
                .within(PATIENCE)
                .start(way, arena, &more)
                .expect("it starts");
            one.wait_ready().expect("it is ready");
            one
        });
        for one in &mut running {
            one.go().expect("go");
        }
        let outcomes = running.map(|one| one.finish().expect("it ends"));
        guard.settle();
        for ((way, before), outcome) in WAYS.iter().zip(&before).zip(&outcomes) {
            judged.push(guard.judge(of(run, way), way, before, &at, outcome));
        }
    }
    judged
}

/// An arena for each run and way.
fn of(run: usize, way: &str) -> usize {
    run * WAYS.len() + usize::from(way == WAYS[1])
}

#[test]
#[ignore = "heavy: thousands of states under load"]
fn heavy_states_of_a_moment_under_load() {
    let Some(lab) =
        Lab::with_files_up_to(20_000, RUNS * WAYS.len(), FILES, 1024, StateOn::OtherDisk)
    else {
        return;
    };
    let guard = lab.guard().copied();
    let busy = Busy::start();
    let judged = strike(&guard, RUNS);
    drop(busy);
    none_lost(&judged);
    let status = guard.hygie.status().expect("a status");
    assert_eq!(status["protection"], "protected", "{status}");
    guard.stop();
}

const WAYS: [&str; 2] = ["new-and-unlink", "chain-link-outside"];
const RUNS: usize = 10;
const FILES: usize = 300;
const ROUNDS: &str = "300";
