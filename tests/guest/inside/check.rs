//! Looks at disks that a power cut left: the store as it lies there, then with Hygie started again.

use std::path::Path;

use hygie_journal::{Break, Verification};
use hygie_testkit::{Guarded, Snapshot};
use hygie_vault::{Reader, VaultError};
use rustix::mount::{UnmountFlags, unmount};

use super::{PATIENCE, hygie, is_guest, mounted};

#[test]
#[ignore = "runs in a guest"]
fn inside_after_the_cut() {
    if !is_guest() {
        return;
    }
    let mut failures = Vec::new();
    for letter in 'a'..='z' {
        let device = format!("/dev/vd{letter}");
        let Ok(expected) = std::fs::read_to_string(format!("/etc/expected/vd{letter}")) else {
            break;
        };
        let expected: Vec<&str> = expected.lines().collect();
        let disk = mounted(&device, &format!("/disk-{letter}"));
        // A disk of which something is lost must not hide what is lost on the next one.
        match std::panic::catch_unwind(|| look(&disk, &expected)) {
            Ok(told) => println!("{device}: {told}"),
            Err(_told) => failures.push(format!("{device}: see above")),
        }
        if let Err(error) = unmount(&disk, UnmountFlags::empty()) {
            println!("{device}: not unmounted: {error}");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn look(disk: &Path, expected: &[&str]) -> String {
    let state = disk.join("state");
    let lying = sound(&state, expected, "as it lies");
    let journal = journal(&state, "as it lies");
    // Started again, it protects what is there now.
    let work = disk.join("work");
    let mut guard = Guarded::up(hygie(), &state, std::slice::from_ref(&work)).expect("hygie up");
    guard.wait_for("copied", PATIENCE).expect("first copies");
    guard.settle(&work, PATIENCE).expect("it comes to rest");
    let status = guard.status().expect("a status");
    assert_ne!(status["protection"], "not-protected", "{status}");
    let present = Snapshot::of(&work).expect("a snapshot");
    let back = disk.join("back");
    let said = guard.restore(&work, None, Some(&back)).expect("it runs");
    let restored = Snapshot::of(&back).expect("a snapshot");
    let verified = guard
        .ask(&["journal".as_ref(), "verify".as_ref()])
        .expect("it runs");
    let checked = guard
        .ask(&["vault".as_ref(), "check".as_ref()])
        .expect("it runs");
    let log = guard.log();
    guard.stop().expect("it ends well");
    let again = sound(&state, expected, "started again");
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert!(
        verified.code == Some(0) || journal != "whole",
        "{verified:?}"
    );
    // What is there now has a copy, also where the kernel wrote a file's times and not its bytes.
    assert_eq!(said.code, Some(0), "{said:?}");
    present.assert_same(&restored);
    let (protection, log) = (&status["protection"], log.lines().collect::<Vec<_>>());
    format!(
        "{lying}; journal {journal}, then {:?}; {again}; {protection}; {log:?}",
        verified.code
    )
}

/// Every version can be read back, and what was safe is among them.
#[track_caller]
fn sound(state: &Path, expected: &[&str], when: &str) -> String {
    let reader = match Reader::open(&state.join("vault")) {
        Ok(reader) => reader,
        Err(VaultError::Absent { .. }) if expected.is_empty() => return "no store yet".to_owned(),
        Err(error) => panic!("{when}: {error} (state: {:?})", listed(state)),
    };
    let report = reader.check(&mut |_| {}).expect("it can be read");
    assert!(report.is_sound(), "{when}: {report:?}");
    let lost: Vec<&str> = expected
        .iter()
        .filter(|hash| !has(&reader, state, hash))
        .copied()
        .collect();
    assert!(
        lost.is_empty(),
        "{when}: {} of {} safe states are lost: {lost:?}",
        lost.len(),
        expected.len()
    );
    let (safe, orphans) = (expected.len(), report.orphans.len());
    format!(
        "{} versions whole, {safe} safe ones among them, {orphans} orphans",
        report.objects
    )
}

/// In the store byte for byte (`check` has read it), and known to the index as the state of some file.
fn has(reader: &Reader, state: &Path, hash: &str) -> bool {
    let content = hash.parse().expect("a digest");
    let (fan, rest) = hash.split_at(2);
    let object = state.join("vault/objects").join(fan).join(rest);
    object.exists() && reader.holders(content).is_ok_and(|names| !names.is_empty())
}

/// Whole, or cut in its last line, which the reader tells.
fn journal(state: &Path, when: &str) -> &'static str {
    let folder = state.join("journal");
    if !folder.exists() {
        return "not begun";
    }
    match hygie_journal::Reader::new(&folder).verify() {
        Ok(Verification::Verified(_)) => "whole",
        Ok(Verification::Broken(broken)) if broken.what == Break::Torn => "torn at its end",
        other => panic!("{when}: {other:?} {:?}", listed(&folder)),
    }
}

fn listed(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let length = entry.metadata().map_or(0, |found| found.len());
            format!("{} {length}", entry.file_name().to_string_lossy())
        })
        .collect()
}
