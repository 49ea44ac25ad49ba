//! Every way of damage after the first copies: each on an arena of its own, one after the other.

use crate::lab::{Guard, Lab, StateOn, moment, none_lost, simulator, strike_all};
use hygie_testkit::Snapshot;

fn all(ways: &[&str], more: &[&str]) {
    let Some(lab) = Lab::make(ways.len(), 50, 512, StateOn::OtherDisk) else {
        return;
    };
    strike_all(lab, ways, more);
}

#[test]
fn overwriting_and_replacing() {
    all(
        &[
            "overwrite-whole",
            "overwrite-part",
            "overwrite-header",
            "overwrite-times-back",
            "new-then-delete",
            "new-then-rename-over",
            "exchange",
        ],
        &[],
    );
}

#[test]
fn renaming_and_linking() {
    all(
        &[
            "rename-then-overwrite",
            "move-out-overwrite-back",
            "move-folder-out-and-back",
            "move-folder-out-and-leave",
            "move-protected-folder",
            "scramble-names",
            "hardlink-outside",
            "symlink-folder",
            "reopen-by-proc",
            "reopen-path-descriptor",
        ],
        &[],
    );
}

#[test]
fn truncating_and_allocating() {
    all(
        &[
            "truncate-path-zero",
            "truncate-path-half",
            "open-truncate",
            "open-read-truncate",
            "ftruncate",
            "punch-hole",
            "zero-range",
            "collapse-range",
        ],
        &[],
    );
}

#[test]
fn mapping_copying_and_io_uring() {
    all(
        &[
            "mmap-write",
            "mprotect-later",
            "copy-file-range",
            "sendfile",
            "splice",
            "uring-write",
            "uring-unlink",
        ],
        &[],
    );
}

#[test]
fn crowds_archives_and_removal() {
    all(
        &[
            "many-threads",
            "many-processes",
            "archive-and-delete",
            "unlink",
            "wipe",
            "remove-tree",
        ],
        &[],
    );
}

#[test]
fn attributes() {
    all(
        &[
            "change-mode",
            "change-owner",
            "change-xattr",
            "change-times",
        ],
        &[],
    );
}

#[test]
fn files_that_live_for_a_moment() {
    all(
        &["new-and-unlink", "new-folder-overwrite"],
        &["--rounds", "200"],
    );
}

#[test]
fn each_chain_alone() {
    all(
        &[
            "chain-truncate",
            "chain-open-truncate",
            "chain-in-place",
            "chain-read-truncate",
            "chain-mmap",
            "chain-second-opener",
            "chain-new-file",
            "chain-new-folder",
            "chain-rename-over",
            "chain-link-outside",
            "chain-punch",
        ],
        &[],
    );
}

/// Eleven chains in parallel, each round on files of its own: 27 states a round and file group.
#[test]
fn chains_all_at_once() {
    const ROUNDS: usize = 5;
    let Some(lab) = Lab::make(ROUNDS, 110, 512, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let judged: Vec<_> = (0..ROUNDS)
        .map(|round| guard.strike(round, "chain", &["--seed", &format!("{}", 7 + round)]))
        .collect();
    none_lost(&judged);
    guard.stop();
}

/// Descriptors opened under the guard, used much later.
#[test]
fn a_descriptor_held_open() {
    let Some(lab) = Lab::make(1, 50, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let before = guard.lab.arenas[0].snapshot().expect("a snapshot");
    let at = moment();
    let mut running = simulator()
        .start("held-descriptor", &guard.lab.arenas[0], &[])
        .expect("it starts");
    running.wait_ready().expect("all are open");
    guard.settle();
    running.go().expect("go");
    let outcome = running.finish().expect("it ends");
    guard.settle();
    none_lost(&[guard.judge(0, "held-descriptor", &before, &at, &outcome)]);
    guard.stop();
}

/// Descriptors older than the guard: copied first, told by name, and no state of before is lost.
#[test]
fn a_descriptor_older_than_the_guard() {
    let Some(lab) = Lab::make(1, 50, 256, StateOn::OtherDisk) else {
        return;
    };
    let before = lab.arenas[0].snapshot().expect("a snapshot");
    let mut running = Guard::poised(&lab, &["held-descriptor"]).remove(0);
    let guard = lab.guard().copied();
    let status = guard.hygie.status().expect("a status");
    assert_eq!(status["protection"], "protected-but", "{status}");
    assert_eq!(status["exceptions"][0]["what"], "open-before", "{status}");
    let at = moment();
    running.go().expect("go");
    let outcome = running.finish().expect("it ends");
    guard.settle();
    none_lost(&[guard.judge(0, "held-descriptor, older", &before, &at, &outcome)]);
    let status = guard.hygie.status().expect("a status");
    assert_eq!(
        status["protection"], "protected",
        "the writers are gone: {status}"
    );
    guard.stop();
}

/// In place, into a tree that the attack emptied.
#[test]
fn an_emptied_folder_comes_back_in_place() {
    let Some(lab) = Lab::make(1, 50, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let arena = &guard.lab.arenas[0];
    let before = arena.snapshot().expect("a snapshot");
    let at = moment();
    simulator().run("remove-tree", arena, &[]).expect("it runs");
    guard.settle();
    assert!(arena.snapshot().expect("a snapshot").contents().is_empty());
    let said = guard
        .hygie
        .restore(&arena.victims(), Some(&at), None)
        .expect("it runs");
    assert_eq!(said.code, Some(0), "{said:?}");
    before.assert_same(&Snapshot::of(&arena.victims()).expect("a snapshot"));
    // What came back is protected again; its rights are another matter (`rights_changed_after…`).
    guard.settle();
    arena.seal().expect("a seal");
    let mut again = guard.strike(0, "overwrite-whole", &[]);
    again
        .lost
        .retain(|line| line.contains("content:") || !line.starts_with('~'));
    none_lost(&[again]);
    guard.stop();
}

/// Rights and times that change without a write are states of their own, of files and of folders.
#[test]
fn rights_changed_after_the_copy_come_back() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let Some(lab) = Lab::make(1, 30, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let arena = &guard.lab.arenas[0];
    let (file, folder) = (
        arena.victims().join("rights.txt"),
        arena.victims().join("rights"),
    );
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(&file, "content").expect("a file");
    guard.settle();
    for path in [&file, &folder] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o700)).expect("chmod");
        chown(path, Some(4321), Some(4321)).expect("chown");
    }
    guard.settle();
    let before = arena.snapshot().expect("a snapshot");
    let at = moment();
    for path in [&file, &folder] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).expect("chmod");
    }
    simulator().run("remove-tree", arena, &[]).expect("it runs");
    guard.settle();
    let missing = guard.missing(0, &before, &at);
    assert!(missing.is_empty(), "{missing:?}");
    guard.stop();
}
