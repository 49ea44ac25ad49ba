//! Attacks on what the guard needs: room, budget, attention.

use crate::lab::{Guard, Lab, StateOn, none_lost};

fn lost_nothing(lab: Option<Lab>, way: &str, more: &[&str]) -> Option<Guard> {
    let guard = lab?.guard().copied();
    none_lost(&[guard.strike(0, way, more)]);
    Some(guard)
}

#[test]
fn flooding_opens() {
    let lab = Lab::make(1, 60, 256, StateOn::OtherDisk);
    if let Some(guard) = lost_nothing(lab, "flood-opens", &["--threads", "16"]) {
        guard.stop();
    }
}

#[test]
fn filling_the_victims_disk() {
    let lab = Lab::make(1, 60, 96, StateOn::OtherDisk);
    if let Some(guard) = lost_nothing(lab, "fill-disk", &[]) {
        guard.stop();
    }
}

/// Hygie's own folder lies on the disk that is filled: who is unknown is refused, nothing is lost.
#[test]
fn filling_the_disk_that_holds_the_copies() {
    let Some(lab) = Lab::make(1, 60, 96, StateOn::SameDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let arena = &guard.lab.arenas[0];
    let before = arena.snapshot().expect("a snapshot");
    let at = crate::lab::moment();
    let outcome = crate::lab::simulator()
        .run("fill-disk", arena, &[])
        .expect("it runs");
    let missing = guard.missing(0, &before, &at);
    println!("fill-disk, same disk: {:?}", outcome.end());
    println!("status: {}", guard.hygie.status().expect("a status"));
    assert!(
        missing.is_empty(),
        "{} lost: {}",
        missing.len(),
        missing.join("\n")
    );
    guard.stop();
}

/// Each rewrite is a state, and each is kept.
#[test]
fn using_up_the_budget() {
    let lab = Lab::make(1, 60, 256, StateOn::OtherDisk);
    if let Some(guard) = lost_nothing(lab, "use-up-budget", &["--rounds", "150"]) {
        guard.stop();
    }
}
