//! Checking, forgetting, making room.

use std::{collections::HashSet, fs, path::Path, time::Duration};

use hygie_model::{FileId, Wall};

use super::lab::{Lab, born, gone, node};
use crate::{Entry, Presence, Reader, VaultError};

fn check(lab: &Lab) -> crate::Report {
    Reader::open(&lab.store())
        .unwrap()
        .check(&mut |_| {})
        .unwrap()
}

#[test]
fn a_check_names_what_is_missing_damaged_and_orphaned_and_a_new_copy_mends() {
    let mut lab = Lab::new();
    let files: Vec<FileId> = ["a", "b", "c"]
        .iter()
        .map(|name| lab.file(lab.root, name, 10))
        .collect();
    let names: Vec<_> = [&b"aaaa"[..], b"bbbb", b"cccc"]
        .iter()
        .zip(&files)
        .map(|(bytes, file)| lab.version(*file, bytes, 11))
        .collect();
    assert!(check(&lab).is_sound());
    fs::remove_file(lab.object(names[0].content)).unwrap();
    fs::write(lab.object(names[1].content), b"bbb").unwrap();
    let orphan = lab.store().join("objects/00").join("0".repeat(62));
    fs::write(&orphan, b"orphan").unwrap();
    let report = check(&lab);
    assert_eq!((report.objects, report.is_sound()), (3, false));
    assert_eq!(report.missing, [names[0].content]);
    assert_eq!(report.damaged, [names[1].content]);
    assert_eq!(report.orphans, [orphan]);

    lab.vault.give_up(&report.lost()).unwrap();
    assert_eq!(lab.vault.sweep().unwrap(), 1);
    assert_eq!(lab.vault.usage().bytes, 4);
    let mut known = Vec::new();
    lab.vault
        .load_nodes(&mut |node| known.push((node.newest, node.fingerprint.is_some())))
        .unwrap();
    assert_eq!(
        known[1..],
        [(None, false), (None, false), (Some(names[2]), true)]
    );
    let again = lab.version(files[0], b"aaaa", 11);
    assert_eq!(again.content, names[0].content);
    let report = check(&lab);
    assert!(report.is_sound());
    assert_eq!((report.objects, report.orphans.len()), (2, 0));
}

#[test]
fn a_damaged_page_is_told_as_such() {
    use std::os::unix::fs::FileExt;
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 10);
    let mut batch = Vec::new();
    for i in 0..2_000_i64 {
        let id = lab.vault.next_node();
        batch.push(node(id, hygie_model::NodeKind::File));
        batch.push(born(lab.root, &format!("file number {i}"), id, 10));
    }
    lab.commit(batch, 11);
    lab.version(a, b"x", 12);
    let (store, Lab { vault, dir, .. }) = (lab.store(), lab);
    drop(vault);
    let index = fs::File::options()
        .write(true)
        .open(store.join("index.db"))
        .unwrap();
    let pages = index.metadata().unwrap().len() / 4096;
    for page in pages / 2..pages {
        index.write_all_at(&[0xff; 4096], page * 4096).unwrap();
    }
    let reader = Reader::open(&store).unwrap();
    match reader.check(&mut |_| {}) {
        Ok(report) => assert!(!report.index.is_empty()),
        Err(error) => assert!(
            matches!(error, VaultError::IndexDamaged { .. }),
            "{error:?}"
        ),
    }
    let mut seen = 0;
    let loaded = crate::Vault::open(&store).and_then(|vault| vault.load_names(&mut |_| seen += 1));
    assert!(
        matches!(loaded, Err(VaultError::IndexDamaged { .. })),
        "{loaded:?} after {seen}"
    );
    drop(dir);
}

#[test]
fn a_forgotten_file_leaves_no_content_no_version_and_no_name() {
    let mut lab = Lab::new();
    let secret = lab.file(lab.root, "Dupont Jean.txt", 2_000);
    lab.version(secret, b"only here", 2_001);
    lab.version(secret, b"elsewhere too", 2_002);
    let other = lab.file(lab.root, "other", 2_000);
    let kept = lab.version(other, b"elsewhere too", 2_003);
    // It moved, and another file took the name.
    let rename = vec![
        gone(lab.root, "Dupont Jean.txt", 3_000),
        born(lab.root, "moved", secret.0, 3_000),
    ];
    lab.commit(rename, 3_000);
    let second = lab.file(lab.root, "Dupont Jean.txt", 3_001);
    lab.version(second, b"second", 3_002);
    lab.commit(
        vec![Entry::NodeGone {
            id: second.0,
            at: Wall(4_000),
        }],
        4_000,
    );

    let path = Path::new("/p/Dupont Jean.txt");
    let plan = lab.vault.plan_forget(path).unwrap();
    assert_eq!((&plan.files[..], plan.versions), (&[secret, second][..], 3));
    assert_eq!((plan.contents.len(), plan.bytes), (2, 15));
    assert_eq!(plan.still_held[0].content, kept.content);
    assert_eq!(plan.still_held[0].by, [Path::new("/p/other")]);
    assert_eq!(plan.present, [Path::new("/p/moved")]);
    assert_eq!(lab.vault.forget(&plan).unwrap(), crate::Traces::None);

    assert_eq!(lab.objects(), [lab.object(kept.content)]);
    assert_eq!(lab.vault.usage().bytes, 13);
    let reader = Reader::open(&lab.store()).unwrap();
    assert!(reader.versions(secret).unwrap().is_empty());
    assert!(matches!(
        reader.lookup(path, None),
        Err(VaultError::UnknownPath { .. })
    ));
    assert_eq!(
        reader.lookup(Path::new("/p/moved"), None).unwrap().node,
        secret.0
    );
    assert!(check(&lab).is_sound());
    assert!(matches!(
        lab.vault.plan_forget(path),
        Err(VaultError::UnknownPath { .. })
    ));
    for file in ["index.db", "index.db-wal"] {
        let bytes = fs::read(lab.store().join(file)).unwrap();
        let name = b"Dupont Jean";
        assert!(
            !bytes.windows(name.len()).any(|part| part == name),
            "{file} still has the name"
        );
    }
    // A batch that was under way is not refused for it.
    let late = lab.state(second, b"late", 5_000);
    assert_eq!(lab.commit(vec![late], 5_000).len(), 1);
    // What is there can be kept anew, and numbers of versions are not given twice.
    assert!(lab.version(secret, b"anew", 5_000).seq > kept.seq);
}

#[test]
fn forgetting_a_folder_means_what_was_ever_in_it() {
    let mut lab = Lab::new();
    let sub = lab.dir(lab.root, "sub", 2_000);
    let a = lab.file(sub, "a", 2_000);
    let b = lab.file(lab.root, "b", 2_000);
    lab.version(a, b"a", 2_001);
    lab.version(b, b"b", 2_001);
    lab.commit(
        vec![gone(sub, "a", 3_000), born(lab.root, "a", a.0, 3_000)],
        3_000,
    );
    let plan = lab.vault.plan_forget(Path::new("/p/sub")).unwrap();
    assert_eq!(plan.files, [a]);
}

const DAY: i64 = 24 * 3_600 * 1_000_000_000;

/// What a prune at that day with a week's minimum age would drop, as sequence numbers.
fn pruned(lab: &Lab, budget: u64, day: i64, protected: &[FileId]) -> (Vec<i64>, u64) {
    let protected: HashSet<FileId> = protected.iter().copied().collect();
    let plan = lab
        .vault
        .plan_prune(budget, crate::MIN_AGE, Wall(day * DAY), &protected)
        .unwrap();
    (
        plan.versions.iter().map(|name| name.seq).collect(),
        plan.over,
    )
}

#[test]
fn pruning_takes_the_oldest_ended_state_and_never_what_may_be_needed() {
    let mut lab = Lab::new();
    let (a, b) = (lab.file(lab.root, "a", DAY), lab.file(lab.root, "b", DAY));
    lab.version(a, b"a1..", DAY); // 1: ends on day 10
    lab.version(b, b"b1..", 2 * DAY); // 2: ends on day 3
    lab.version(b, b"b2..", 3 * DAY); // 3: the newest
    lab.version(a, b"a2..", 10 * DAY); // 4: the newest
    assert_eq!(
        pruned(&lab, 0, 9, &[]),
        (vec![], 16),
        "nothing ended a week ago"
    );
    assert_eq!(pruned(&lab, 0, 10, &[]), (vec![2], 12));
    assert_eq!(
        pruned(&lab, 0, 16, &[]),
        (vec![2], 12),
        "an old copy of a state that ended lately"
    );
    assert_eq!(pruned(&lab, 0, 17, &[]), (vec![2, 1], 8));
    assert_eq!(
        pruned(&lab, 12, 17, &[]),
        (vec![2], 0),
        "no more than needed"
    );
    assert_eq!(pruned(&lab, 16, 17, &[]), (vec![], 0));
    assert_eq!(pruned(&lab, 0, 17, &[b]), (vec![1], 12));
    // A deleted file's last version goes a week after it went.
    lab.commit(
        vec![Entry::NodeGone {
            id: a.0,
            at: Wall(20 * DAY),
        }],
        20 * DAY,
    );
    assert_eq!(pruned(&lab, 0, 26, &[]).0, [2, 1]);
    assert_eq!(pruned(&lab, 0, 27, &[]).0, [2, 1, 4]);
}

#[test]
fn a_content_that_somebody_needs_keeps_all_its_versions() {
    let mut lab = Lab::new();
    let (a, b) = (lab.file(lab.root, "a", DAY), lab.file(lab.root, "b", DAY));
    lab.version(a, b"shared", DAY);
    lab.version(a, b"next", 2 * DAY);
    lab.version(b, b"shared", 3 * DAY);
    assert_eq!(pruned(&lab, 0, 100, &[]), (vec![], 10));
}

#[test]
fn what_was_pruned_is_told_as_dropped_and_not_as_another_state() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", DAY);
    for (day, bytes) in [(1, b"1111"), (2, b"2222"), (3, b"3333")] {
        lab.version(a, bytes, day * DAY);
    }
    let none = HashSet::new();
    let plan = lab
        .vault
        .plan_prune(0, Duration::ZERO, Wall(9 * DAY), &none)
        .unwrap();
    assert_eq!(lab.vault.prune(&plan).unwrap(), 8);
    assert_eq!((lab.vault.usage().objects, lab.vault.usage().bytes), (1, 4));
    assert_eq!(lab.objects().len(), 1);
    let reader = Reader::open(&lab.store()).unwrap();
    let state = |day| reader.state_at(a, Some(Wall(day * DAY))).unwrap().unwrap();
    assert_eq!(state(1).presence, Presence::Dropped);
    assert_eq!(state(2).presence, Presence::Dropped);
    assert_eq!(state(3).presence, Presence::Kept);
    assert!(check(&lab).is_sound());
}

#[test]
fn a_prune_does_not_take_what_came_back_since_the_plan() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", DAY);
    lab.version(a, b"old", DAY);
    lab.version(a, b"new", 2 * DAY);
    let none = HashSet::new();
    let plan = lab
        .vault
        .plan_prune(0, Duration::ZERO, Wall(9 * DAY), &none)
        .unwrap();
    assert_eq!(plan.versions.len(), 1);
    lab.version(a, b"old", 10 * DAY);
    assert_eq!(lab.vault.prune(&plan).unwrap(), 0);
    assert!(check(&lab).is_sound());

    // A deleted file that is back.
    let b = lab.file(lab.root, "b", DAY);
    lab.version(b, b"b", DAY);
    lab.commit(
        vec![Entry::NodeGone {
            id: b.0,
            at: Wall(2 * DAY),
        }],
        2 * DAY,
    );
    let plan = lab
        .vault
        .plan_prune(6, Duration::ZERO, Wall(9 * DAY), &none)
        .unwrap();
    assert_eq!(plan.versions.len(), 1);
    lab.commit(
        vec![
            node(b.0, hygie_model::NodeKind::File),
            born(lab.root, "b", b.0, 9 * DAY),
        ],
        9 * DAY,
    );
    assert_eq!(lab.vault.prune(&plan).unwrap(), 0);
}

#[test]
fn a_node_that_gets_a_name_again_is_not_pruned_as_gone() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", DAY);
    lab.version(a, b"only", DAY);
    lab.commit(
        vec![Entry::NodeGone {
            id: a.0,
            at: Wall(2 * DAY),
        }],
        2 * DAY,
    );
    lab.commit(vec![born(lab.root, "b", a.0, 3 * DAY)], 3 * DAY);
    assert_eq!(pruned(&lab, 0, 100, &[]), (vec![], 4));
}
