//! Attacks that begin right after `ready`, while the first copies are still under way: the law holds from there.

use crate::lab::{Guard, Judged, Lab, PATIENCE, StateOn, moment, none_lost};

/// One arena a way; all strike at once, at the moment of `ready`.
fn all(ways: &[&str], files: usize) {
    none_lost(&strike(ways, files));
}

fn strike(ways: &[&str], files: usize) -> Vec<Judged> {
    let Some(lab) = Lab::make(ways.len(), files, 1024, StateOn::OtherDisk) else {
        return Vec::new();
    };
    let before: Vec<_> = lab
        .arenas
        .iter()
        .map(|arena| arena.snapshot().expect("a snapshot"))
        .collect();
    let running = Guard::poised(&lab, ways);
    let mut guard = lab.guard();
    guard.hygie.wait_for("ready", PATIENCE).expect("links");
    let at = moment();
    let status = guard.hygie.status().expect("a status");
    let outcomes: Vec<_> = running
        .into_iter()
        .map(|mut one| {
            one.go().expect("go");
            one
        })
        .collect::<Vec<_>>()
        .into_iter()
        .map(|one| one.finish().expect("it ends"))
        .collect();
    println!(
        "copied when it began: {} of {}",
        status["copied"], status["files"]
    );
    assert!(
        status["copied"].as_u64() < status["files"].as_u64(),
        "all was copied already, which proves nothing: {status}"
    );
    guard.settle();
    let judged: Vec<Judged> = ways
        .iter()
        .enumerate()
        .map(|(number, way)| guard.judge(number, way, &before[number], &at, &outcomes[number]))
        .collect();
    guard.stop();
    judged
}

#[test]
fn overwriting_while_copies_are_made() {
    all(
        &[
            "overwrite-whole",
            "overwrite-part",
            "overwrite-times-back",
            "new-then-delete",
            "new-then-rename-over",
            "exchange",
        ],
        500,
    );
}

#[test]
fn moving_while_copies_are_made() {
    all(
        &[
            "rename-then-overwrite",
            "move-out-overwrite-back",
            "move-folder-out-and-leave",
            "move-protected-folder",
            "hardlink-outside",
            "reopen-path-descriptor",
        ],
        500,
    );
}

#[test]
fn truncating_while_copies_are_made() {
    all(
        &[
            "truncate-path-zero",
            "truncate-path-half",
            "open-truncate",
            "open-read-truncate",
            "punch-hole",
            "collapse-range",
        ],
        500,
    );
}

#[test]
fn mapping_and_crowds_while_copies_are_made() {
    all(
        &[
            "mmap-write",
            "mprotect-later",
            "copy-file-range",
            "uring-write",
            "many-threads",
            "many-processes",
        ],
        500,
    );
}

#[test]
fn removing_while_copies_are_made() {
    all(
        &[
            "unlink",
            "uring-unlink",
            "wipe",
            "remove-tree",
            "archive-and-delete",
            "scramble-names",
        ],
        500,
    );
}

#[test]
fn chains_while_copies_are_made() {
    all(
        &[
            "chain",
            "chain-truncate",
            "chain-mmap",
            "new-and-unlink",
            "new-folder-overwrite",
        ],
        600,
    );
}

/// The walk notes rights and times, so those that change before the first copy come back as well.
#[test]
fn rights_that_change_before_the_first_copy_come_back() {
    let judged = strike(&["change-mode", "change-times"], 1_000);
    let lost: Vec<_> = judged.iter().flat_map(|one| &one.lost).collect();
    assert!(lost.is_empty(), "{lost:?}");
}
