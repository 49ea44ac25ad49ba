//! The guard is killed in the middle: a told gap, nothing of before is lost, and it comes back.

use std::time::{Duration, Instant};

use hygie_testkit::Guarded;
use rustix::process::{Pid, Signal, kill_process};

use crate::lab::{Guard, Lab, PATIENCE, StateOn, moment, none_lost, simulator};

fn send(hygie: &Guarded, word: &str, signal: Signal) -> i32 {
    let pid = hygie.pid(word).expect("it runs");
    kill_process(Pid::from_raw(pid).expect("a number"), signal).expect("a signal");
    pid
}

/// Waits until a guard other than `former` says that all is protected and copied.
fn protected_again(guard: &Guard, former: i32) -> Duration {
    let began = Instant::now();
    loop {
        let status = guard.hygie.status().expect("a status");
        let new = guard.hygie.pid("guard").is_some_and(|pid| pid != former);
        if new && status["protection"] == "protected" && status["copied"] == status["files"] {
            return began.elapsed();
        }
        assert!(
            began.elapsed() < PATIENCE,
            "{status}; {:?}; {}",
            guard.hygie.parts(),
            guard.hygie.log()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn killed_at_rest() {
    let Some(lab) = Lab::make(2, 60, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let before = guard.lab.arenas[0].snapshot().expect("a snapshot");
    let at = moment();
    let former = send(&guard.hygie, "guard", Signal::KILL);
    println!(
        "protected again after {:?}",
        protected_again(&guard, former)
    );
    let missing = guard.missing(0, &before, &at);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    none_lost(&[
        guard.strike(1, "overwrite-whole", &[]),
        guard.strike(0, "chain", &[]),
    ]);
    guard.stop();
}

/// States that were copied before stay; what an unknown program does in the gap is refused or copied.
#[test]
fn killed_under_attack() {
    let Some(lab) = Lab::make(3, 150, 512, StateOn::OtherDisk) else {
        return;
    };
    let mut guard = lab.guard().copied();
    let ways = ["overwrite-whole", "many-threads", "rename-then-overwrite"];
    let before: Vec<_> = guard
        .lab
        .arenas
        .iter()
        .map(|arena| arena.snapshot().expect("a snapshot"))
        .collect();
    let at = moment();
    let mut running = Guard::poised(&guard.lab, &ways);
    for one in &mut running {
        one.go().expect("go");
    }
    let former = send(&guard.hygie, "guard", Signal::KILL);
    let outcomes: Vec<_> = running
        .into_iter()
        .map(|one| one.finish().expect("it ends"))
        .collect();
    println!(
        "protected again after {:?}",
        protected_again(&guard, former)
    );
    guard.settle();
    for (number, way) in ways.iter().enumerate() {
        println!("{way}: {:?}", outcomes[number].end());
        let missing = guard.missing(number, &before[number], &at);
        assert!(
            missing.is_empty(),
            "{way}: {} lost: {}",
            missing.len(),
            missing.join("\n")
        );
    }
    let told = guard
        .hygie
        .events()
        .iter()
        .any(|event| event["event"] == "state" && event["protection"] == "not-protected");
    assert!(told, "the gap is told: {:?}", guard.hygie.events());
    guard.stop();
}

/// A guard that hangs is ended by the witness within the bound, and held calls go on.
#[test]
fn stopped_under_attack() {
    let Some(lab) = Lab::make(1, 60, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let arena = &guard.lab.arenas[0];
    let before = arena.snapshot().expect("a snapshot");
    let at = moment();
    let former = send(&guard.hygie, "guard", Signal::STOP);
    let began = Instant::now();
    let outcome = simulator()
        .run("overwrite-whole", arena, &[])
        .expect("it runs");
    println!("{:?} after {:?}", outcome.end(), began.elapsed());
    println!(
        "protected again after {:?}",
        protected_again(&guard, former)
    );
    guard.settle();
    let missing = guard.missing(0, &before, &at);
    assert!(
        missing.is_empty(),
        "{} lost: {}",
        missing.len(),
        missing.join("\n")
    );
    guard.stop();
}

/// `up` starts both anew when both are gone.
#[test]
fn both_killed() {
    let Some(lab) = Lab::make(1, 30, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let before = guard.lab.arenas[0].snapshot().expect("a snapshot");
    let at = moment();
    send(&guard.hygie, "witness", Signal::KILL);
    let former = send(&guard.hygie, "guard", Signal::KILL);
    println!(
        "protected again after {:?}",
        protected_again(&guard, former)
    );
    let missing = guard.missing(0, &before, &at);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    none_lost(&[guard.strike(0, "overwrite-whole", &[])]);
    guard.stop();
}

/// Stopped and started again: the store goes on, and what was rewritten meanwhile is a state of its own.
#[test]
fn stopped_and_started_again() {
    let Some(lab) = Lab::make(1, 60, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let before = guard.lab.arenas[0].snapshot().expect("a snapshot");
    let at = moment();
    let Guard { hygie, lab } = guard;
    hygie.stop().expect("it ends well");
    simulator()
        .run("overwrite-whole", &lab.arenas[0], &[])
        .expect("it runs");
    let between = lab.arenas[0].snapshot().expect("a snapshot");
    let guard = lab.guard().copied();
    let again = moment();
    none_lost(&[guard.strike(0, "wipe", &[])]);
    let missing = guard.missing(0, &before, &at);
    assert!(
        missing.is_empty(),
        "of the first run: {} {}",
        missing.len(),
        missing.join("\n")
    );
    let missing = guard.missing(0, &between, &again);
    assert!(
        missing.is_empty(),
        "of the second: {} {}",
        missing.len(),
        missing.join("\n")
    );
    guard.stop();
}
