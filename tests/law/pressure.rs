//! Attacks on what the guard needs: room, budget, attention.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::lab::{Guard, Lab, StateOn, USER, moment, none_lost, simulator};

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

/// Hygie's own folder lies on the disk that is filled, and what is to be copied is more than root's share of
/// it: who is unknown is refused, nothing is lost, it is told, and it ends with the lack of room.
#[test]
fn filling_the_disk_that_holds_the_copies() {
    let lab = Lab::with_files_up_to(3 << 20, 1, 120, 96, StateOn::SameDisk);
    let Some(lab) = lab else { return };
    // More than there is: the disk is the limit.
    let guard = lab.budget("90 %").guard().copied();
    let arena = &guard.lab.arenas[0];
    let before = arena.snapshot().expect("a snapshot");
    let at = moment();
    let filled = simulator().run("fill-disk", arena, &[]).expect("it runs");
    let rewritten = simulator()
        .run("use-up-budget", arena, &["--rounds", "30"])
        .expect("it runs");
    println!(
        "fill-disk: {:?}\nuse-up-budget then: {:?}",
        filled.end(),
        rewritten.end()
    );
    let refused = filled.errors("ENOSPC") + rewritten.errors("ENOSPC");
    assert!(refused > 3, "who is unknown is refused");
    let status = guard.hygie.status().expect("a status");
    println!("{status}");
    // The last state of a file that was refused is the one that it still holds.
    let now = arena
        .snapshot()
        .expect("readers are not refused")
        .contents();
    let lost: Vec<_> = rewritten
        .states()
        .into_iter()
        .filter(|state| !guard.hygie.has(state) && !now.contains(*state))
        .collect();
    assert!(lost.is_empty(), "states lost on a full disk: {lost:?}");
    let missing = guard.missing(0, &before, &at);
    assert!(
        missing.is_empty(),
        "{} lost: {}",
        missing.len(),
        missing.join("\n")
    );
    assert_eq!(
        status["protection"], "protected-but",
        "no room is told: {status}"
    );
    std::fs::remove_dir_all(arena.outside()).expect("room again");
    guard.settle();
    let status = guard.hygie.status().expect("a status");
    assert_eq!(status["protection"], "protected", "{status}");
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

/// Where no version may be dropped and none has room, whoever is unknown is refused, and it is told.
#[test]
fn a_budget_that_is_too_small() {
    let Some(lab) = Lab::make(1, 60, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.budget("6 MB").guard().copied();
    let arena = &guard.lab.arenas[0];
    let before = arena.snapshot().expect("a snapshot");
    let at = moment();
    let more = ["--rounds", "60"];
    let outcome = simulator()
        .run("use-up-budget", arena, &more)
        .expect("it runs");
    println!("use-up-budget, 6 MB: {:?}", outcome.end());
    assert!(outcome.errors("ENOSPC") > 0, "{:?}", outcome.end());
    let now = arena
        .snapshot()
        .expect("readers are not refused")
        .contents();
    let states = outcome.states();
    let lost: Vec<_> = states
        .iter()
        .filter(|state| !guard.hygie.has(state) && !now.contains(**state))
        .collect();
    assert!(
        lost.is_empty(),
        "{} of {} states lost",
        lost.len(),
        states.len()
    );
    let missing = guard.missing(0, &before, &at);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let status = guard.hygie.status().expect("a status");
    assert_eq!(status["exceptions"][0]["what"], "no-room", "{status}");
    known_programs_go_on(&guard);
    guard.stop();
}

/// Out of the reserve: a program of the system's packages still gets its copies, while who is unknown does not.
fn known_programs_go_on(guard: &Guard) {
    let known = guard.lab.arenas[0].victims().join("known.bin");
    let states = rewrite(guard, Path::new("/usr/bin/sort"), &known, 4);
    assert_eq!(states.len(), 4, "a known program is not refused");
    // The last state may have no copy: nobody has wanted to change it yet.
    let lost = states[..3]
        .iter()
        .filter(|state| !guard.hygie.has(&state.to_hex()));
    assert_eq!(lost.count(), 0, "of 3 states");
    let same = guard.lab.aside("sort-of-nobody");
    std::fs::copy("/usr/bin/sort", &same).expect("a program of no package");
    let unknown = guard.lab.arenas[0].victims().join("unknown.bin");
    let states = rewrite(guard, &same, &unknown, 4);
    assert!(states.len() < 4, "who is unknown is refused");
}

/// Has a program write a file over and over, 2 MB each time; gives the states up to the first refusal.
fn rewrite(guard: &Guard, sort: &Path, path: &Path, rounds: u8) -> Vec<blake3::Hash> {
    let mut states = Vec::new();
    for round in 0..rounds {
        let source = guard.lab.aside("source");
        let name = path.as_os_str().as_encoded_bytes();
        let mut content = vec![0; 2 << 20];
        blake3::Hasher::new()
            .update(name)
            .update(&[round])
            .finalize_xof()
            .fill(&mut content);
        std::fs::write(&source, &content).expect("a source");
        std::fs::set_permissions(&source, PermissionsExt::from_mode(0o644)).expect("chmod");
        let done = Command::new(sort)
            .arg("-o")
            .args([path, &source])
            .uid(USER)
            .gid(USER)
            .output()
            .expect("it runs");
        if !done.status.success() {
            println!("round {round}: {}", String::from_utf8_lossy(&done.stderr));
            break;
        }
        states.push(blake3::hash(&std::fs::read(path).expect("read")));
    }
    states
}
