//! Files that are kept by their changes: the same law, the same ways of damage, and what a change costs.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;

use crate::lab::{Guard, Lab, StateOn, hygie, moment, none_lost, strike_all};
use hygie_testkit::Snapshot;

const MB: u64 = 1 << 20;

/// From the least size on that can be set.
fn lab(arenas: usize, files: usize) -> Option<Lab> {
    let lab = Lab::with_files_up_to(12_000_000, arenas, files, 768, StateOn::OtherDisk)?;
    Some(lab.vault("budget = \"90 %\"\nlarge_from = \"1 MB\""))
}

/// Some files of each arena are large; a way acts on all.
fn all(ways: &[&str]) {
    let Some(lab) = lab(ways.len(), 16) else {
        return;
    };
    strike_all(lab, ways, &[]);
}

#[test]
fn large_files_overwritten_and_truncated() {
    all(&[
        "overwrite-whole",
        "overwrite-part",
        "overwrite-header",
        "overwrite-times-back",
        "truncate-path-zero",
        "truncate-path-half",
        "open-truncate",
        "open-read-truncate",
        "ftruncate",
        "punch-hole",
        "zero-range",
        "collapse-range",
    ]);
}

#[test]
fn large_files_mapped_copied_and_moved() {
    all(&[
        "mmap-write",
        "mprotect-later",
        "copy-file-range",
        "sendfile",
        "splice",
        "uring-write",
        "move-out-overwrite-back",
        "hardlink-outside",
        "reopen-by-proc",
        "many-threads",
        "many-processes",
        "wipe",
    ]);
}

/// Two rounds on the same files, so that changes of changes are kept.
#[test]
fn large_files_changed_again_and_again() {
    const WAYS: [&str; 8] = [
        "overwrite-part",
        "punch-hole",
        "overwrite-header",
        "mmap-write",
        "copy-file-range",
        "overwrite-part",
        "truncate-path-half",
        "ftruncate",
    ];
    let Some(lab) = lab(1, 24) else { return };
    let guard = lab.guard().copied();
    let judged: Vec<_> = WAYS
        .iter()
        .map(|way| {
            guard.lab.arenas[0].seal().expect("a seal");
            guard.settle();
            guard.strike(0, way, &[])
        })
        .collect();
    none_lost(&judged);
    guard.stop();
}

/// A file of so many megabytes, none of which is like another.
fn big(path: &Path, megabytes: u64) -> File {
    let file = File::create_new(path).expect("a file");
    let mut noise = blake3::Hasher::new()
        .update(path.as_os_str().as_encoded_bytes())
        .finalize_xof();
    let mut block = vec![0; 1 << 20];
    for number in 0..megabytes {
        noise.fill(&mut block);
        file.write_all_at(&block, number * MB).expect("written");
    }
    file
}

/// Bytes of all objects in the store.
fn stored(guard: &Guard) -> u64 {
    guard.settle();
    let list = |folder: &Path| std::fs::read_dir(folder).expect("a folder").flatten();
    list(&guard.lab.state().join("vault/objects"))
        .flat_map(|fan| list(&fan.path()))
        .map(|object| object.metadata().expect("a stat").len())
        .sum()
}

/// What is written to a large file is what its next version costs, not the file.
#[test]
fn a_small_change_of_a_large_file_costs_little() {
    let Some(lab) = lab(0, 0) else { return };
    let guard = lab.guard().copied();
    let path = guard.quiet().join("Base de données.db");
    drop(big(&path, 64));
    let whole = stored(&guard);
    let mut expected = Vec::new();
    for round in 0..5_u64 {
        let at = moment();
        let state = std::fs::read(&path).expect("it is read");
        expected.push((at, blake3::hash(&state).to_hex().to_string()));
        let before = stored(&guard);
        let file = OpenOptions::new().write(true).open(&path).expect("opened");
        file.write_all_at(b"un rendez-vous de plus", round * 11 * MB + 4090)
            .expect("written");
        drop(file);
        let after = stored(&guard);
        // The marks that settle are a few bytes each.
        let cost = after - before;
        assert!(cost <= 2 * 128 * 1024 + 1000, "round {round}: {cost} bytes");
    }
    assert!(stored(&guard) < whole + 2 * MB);
    for (at, hash) in expected {
        assert!(guard.hygie.has(&hash), "the state at {at}");
        let to = guard.lab.aside("back");
        let said = guard
            .hygie
            .restore(&path, Some(&at), Some(&to))
            .expect("it runs");
        assert_eq!(said.code, Some(0), "{said:?}");
        let back = if to.is_dir() {
            to.join(path.file_name().expect("a name"))
        } else {
            to.clone()
        };
        let found = blake3::hash(&std::fs::read(back).expect("restored"));
        assert_eq!(found.to_hex().as_str(), hash, "the state at {at}");
        drop(std::fs::remove_dir_all(&to).or_else(|_| std::fs::remove_file(&to)));
    }
    let said = guard
        .hygie
        .ask(&["vault".as_ref(), "check".as_ref()])
        .expect("it runs");
    assert_eq!(said.code, Some(0), "{said:?}");
    guard.stop();
}

/// A database at work: each state between two transactions comes back.
#[test]
fn a_database_at_work() {
    let Some(lab) = lab(0, 0) else { return };
    let guard = lab.guard().copied();
    let path = guard.quiet().join("cabinet.db");
    let open = || {
        let db = rusqlite::Connection::open(&path).expect("a database");
        db.pragma_update(None, "cache_size", 50).expect("a setting");
        db
    };
    open()
        .execute_batch(
            "CREATE TABLE patient (id INTEGER PRIMARY KEY, note TEXT, bulk BLOB);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
             INSERT INTO patient SELECT i, 'note ' || i, randomblob(4000) FROM n;",
        )
        .expect("a table");
    let full = stored(&guard);
    let mut states = Vec::new();
    for round in 0..12_i64 {
        states.push(blake3::hash(&std::fs::read(&path).expect("read")));
        let db = open();
        db.execute(
            "UPDATE patient SET note = note || ?1 WHERE id % 500 = ?1",
            [round],
        )
        .expect("an update");
        if round % 4 == 3 {
            db.execute("DELETE FROM patient WHERE id % 700 = ?1", [round])
                .expect("a deletion");
            db.execute_batch("VACUUM").expect("a vacuum");
        }
        drop(db);
        guard.settle();
    }
    let lost = states
        .iter()
        .filter(|state| !guard.hygie.has(&state.to_hex()))
        .count();
    assert_eq!(lost, 0, "of {} states", states.len());
    let status = guard.hygie.status().expect("a status");
    println!(
        "12 MB database, 12 rounds of which 3 with VACUUM: {full} bytes kept before, then {status}"
    );
    guard.stop();
}

/// What is written to a file by the kernel itself, here through a loop device, is told by nothing but the close.
#[test]
fn a_change_that_is_not_told() {
    let Some(lab) = lab(0, 0) else { return };
    let guard = lab.guard().copied();
    let path = guard.quiet().join("conteneur.img");
    drop(big(&path, 8));
    guard.settle();
    let run = |words: &[&str]| {
        let (program, words) = words.split_first().expect("a program");
        let done = Command::new(program).args(words).output().expect("it runs");
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).expect("text")
    };
    let image = path.to_str().expect("a path");
    let device = run(&["losetup", "--find", "--show", image]);
    let device = device.trim();
    let raw = OpenOptions::new().write(true).open(device).expect("opened");
    raw.write_all_at(&[7; 4096], 3 * MB).expect("written");
    raw.sync_all().expect("on disk");
    drop(raw);
    run(&["losetup", "--detach", device]);
    let hash = blake3::hash(&std::fs::read(&path).expect("read"));
    guard
        .hygie
        .wait_for_content(&hash.to_hex(), crate::lab::PATIENCE)
        .expect("the change is found");
    guard.stop();
}

/// The store outlives a guard: changes go on from what the last one kept.
#[test]
fn changes_go_on_after_a_restart() {
    let Some(lab) = lab(0, 0) else { return };
    let guard = lab.guard().copied();
    let path = guard.quiet().join("grand.db");
    drop(big(&path, 24));
    let first = stored(&guard);
    let change = |at: u64| {
        let file = OpenOptions::new().write(true).open(&path).expect("opened");
        file.write_all_at(b"change", at).expect("written");
    };
    change(MB);
    guard.settle();
    let Guard { hygie: up, lab } = guard;
    let (state, quiet) = (lab.state(), path.parent().expect("a folder").to_owned());
    up.stop().expect("it ends well");
    let up = hygie_testkit::Guarded::up(hygie(), &state, &[quiet]).expect("hygie up");
    let mut guard = Guard { hygie: up, lab };
    guard
        .hygie
        .wait_for("copied", crate::lab::PATIENCE)
        .expect("kept as it was");
    let before = Snapshot::of(&guard.quiet()).expect("a snapshot");
    let at = moment();
    change(9 * MB);
    let last = stored(&guard);
    assert!(
        last < first + MB,
        "{first} bytes, and {last} two changes later"
    );
    let to = guard.lab.aside("back");
    let said = guard
        .hygie
        .restore(&guard.quiet(), Some(&at), Some(&to))
        .expect("it runs");
    assert_eq!(said.code, Some(0), "{said:?}");
    before.assert_same(&Snapshot::of(&to).expect("a snapshot"));
    guard.stop();
}
