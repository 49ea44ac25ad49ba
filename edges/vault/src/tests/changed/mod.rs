//! Large files whose next state is built from what changed.

mod disk;
mod model;

use std::{
    fs::{self, File},
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_model::{FileId, Metadata, VersionName, Wall};

use super::lab::{Lab, print};
use crate::{Entry, Pending, Reader, Touched, VaultError, pieces::PIECE};

/// A file on disk, and what was done to it since its newest version.
struct Living {
    path: PathBuf,
    file: File,
    id: FileId,
    touched: Touched,
}

impl Living {
    fn new(lab: &mut Lab, name: &str) -> Self {
        let path = lab.dir.path().join(name);
        let file = File::options()
            .create_new(true)
            .read(true)
            .write(true)
            .open(&path)
            .unwrap();
        let id = lab.file(lab.root, name, 2_000);
        let touched = Touched::nothing();
        Self {
            path,
            file,
            id,
            touched,
        }
    }

    fn write(&mut self, at: u64, bytes: &[u8]) {
        self.file.write_all_at(bytes, at).unwrap();
        self.touched.add(at, bytes.len() as u64);
    }

    fn set_len(&mut self, len: u64) {
        if len < self.file.metadata().unwrap().len() {
            self.touched.add_from(len);
        }
        self.file.set_len(len).unwrap();
    }

    /// As the agent does.
    fn take(&mut self, lab: &Lab) -> Pending {
        let objects = lab.vault.objects();
        let base = Reader::open(&lab.store()).unwrap().base(self.id).unwrap();
        let touched = std::mem::take(&mut self.touched);
        match base {
            Some(base) => objects.take_changed(&self.file, &base, &touched).unwrap(),
            None => objects.take_large(&self.file).unwrap(),
        }
    }

    fn keep(&mut self, lab: &mut Lab, at: i64) -> VersionName {
        let content = self.take(lab);
        let state = state(self.id, content, at);
        lab.commit(vec![state], at).pop().unwrap()
    }
}

fn state(file: FileId, content: Pending, at: i64) -> Entry {
    let len = content.len();
    Entry::Version {
        file,
        content,
        since: Wall(at),
        meta: Metadata {
            mode: 0o600,
            mtime_ns: at,
            ..Metadata::default()
        },
        fingerprint: print(len, at),
    }
}

/// Bytes that nothing else has.
fn bytes(seed: u64, len: u64) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(len).unwrap()];
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

fn restored(lab: &Lab, name: VersionName) -> Vec<u8> {
    let reader = Reader::open(&lab.store()).unwrap();
    let to = lab.dir.path().join("restored");
    let plan = reader.plan_version(name, &to).unwrap();
    let outcome = plan.run(&reader).unwrap();
    assert_eq!(outcome.files, 1, "{outcome:?}");
    let bytes = fs::read(&to).unwrap();
    fs::remove_file(&to).unwrap();
    bytes
}

fn sound(lab: &Lab) -> crate::Report {
    let reader = Reader::open(&lab.store()).unwrap();
    let report = reader.check(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.orphans, Vec::<PathBuf>::new());
    report
}

const MIB: u64 = 1 << 20;

#[test]
fn a_small_write_into_a_large_file_stores_little() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    let whole = bytes(1, 64 * MIB);
    a.write(0, &whole);
    let first = a.keep(&mut lab, 2_001);
    assert_eq!(lab.vault.usage().bytes, 64 * MIB);
    let mut seen = whole.clone();
    for (i, at) in (0..).zip([5 * PIECE, 9 * PIECE - 1, 64 * MIB - 4096, 0]) {
        let written = bytes(2 + i, 4096.min(64 * MIB - at));
        a.write(at, &written);
        let at = usize::try_from(at).unwrap();
        seen[at..at + written.len()].copy_from_slice(&written);
        let before = lab.vault.usage();
        let pending = a.take(&lab);
        assert!(pending.stored() <= 2 * PIECE, "{}", pending.stored());
        assert_eq!(pending.len(), 64 * MIB);
        assert_eq!(pending.content().0, *blake3::hash(&seen).as_bytes());
        let stored = pending.stored();
        let now = 2_002 + i64::try_from(i).unwrap();
        let name = lab.commit(vec![state(a.id, pending, now)], now)[0];
        assert_eq!(lab.vault.usage().bytes, before.bytes + stored);
        assert!(!lab.object(name.content).exists());
        assert!(restored(&lab, name) == seen);
    }
    assert!(restored(&lab, first) == whole);
    let report = sound(&lab);
    assert_eq!(report.objects, 5);
    // What the versions share is read once.
    assert!(report.bytes < 66 * MIB, "{}", report.bytes);
    assert_eq!(lab.reopen().vault.usage().bytes, 64 * MIB + 5 * PIECE);
}

#[test]
fn what_is_written_as_it_was_stores_nothing() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    let whole = bytes(1, 9 * PIECE + 5);
    a.write(0, &whole);
    let first = a.keep(&mut lab, 2_001);
    a.write(PIECE, &whole[usize::try_from(PIECE).unwrap()..][..5000]);
    let pending = a.take(&lab);
    assert_eq!((pending.content(), pending.stored()), (first.content, 0));
    lab.commit(vec![state(a.id, pending, 2_002)], 2_002);
    // One that stays, one that changes.
    a.write(2 * PIECE, &bytes(7, 10));
    a.touched.add(5 * PIECE, PIECE);
    let pending = a.take(&lab);
    assert_eq!(pending.stored(), PIECE);
    lab.commit(vec![state(a.id, pending, 2_003)], 2_003);
    assert_eq!(lab.vault.usage().bytes, 10 * PIECE + 5);
    sound(&lab);
}

#[test]
fn what_was_touched_unseen_is_found_by_comparing() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 9 * PIECE + 5));
    a.keep(&mut lab, 2_001);
    let base = |lab: &Lab| {
        let reader = Reader::open(&lab.store()).unwrap();
        reader.base(a.id).unwrap().unwrap()
    };
    a.file.write_all_at(&bytes(2, 10), 3 * PIECE - 5).unwrap();
    a.file.set_len(10 * PIECE).unwrap();
    let objects = lab.vault.objects();
    let pending = objects.take_compared(&a.file, &base(&lab)).unwrap();
    assert_eq!(pending.stored(), 3 * PIECE);
    let name = lab.commit(vec![state(a.id, pending, 2_002)], 2_002)[0];
    assert!(restored(&lab, name) == fs::read(&a.path).unwrap());
    // More than half of it is another one.
    a.file.write_all_at(&bytes(3, 6 * PIECE), 0).unwrap();
    let pending = objects.take_compared(&a.file, &base(&lab)).unwrap();
    assert!(pending.stored() > 9 * PIECE);
    sound(&lab);
}

#[test]
fn zeros_and_holes_stay_holes() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 8 * PIECE));
    a.keep(&mut lab, 2_001);
    a.write(2 * PIECE, &vec![0; usize::try_from(PIECE).unwrap()]);
    a.set_len(64 * PIECE);
    let pending = a.take(&lab);
    assert_eq!(pending.stored(), 0);
    let name = lab.commit(vec![state(a.id, pending, 2_002)], 2_002)[0];
    let reader = Reader::open(&lab.store()).unwrap();
    let to = lab.dir.path().join("to");
    let plan = reader.plan_version(name, &to).unwrap();
    assert!(plan.run(&reader).unwrap().is_whole());
    assert!(fs::read(&to).unwrap() == fs::read(&a.path).unwrap());
    let blocks = fs::metadata(&to).unwrap().blocks() * 512;
    assert!(blocks <= 8 * PIECE, "{blocks}");
    sound(&lab);
}

#[test]
fn what_does_not_pay_is_copied_whole() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 8 * PIECE));
    a.keep(&mut lab, 2_001);
    let whole = |lab: &Lab, name: VersionName| lab.object(name.content).exists();
    // The first one leaves seven pieces unused, the second would leave six more.
    let mut seen = Vec::new();
    for i in 0..4 {
        a.write(0, &bytes(10 + i, (7 - i % 2) * PIECE));
        let name = a.keep(&mut lab, 2_002 + i64::try_from(i).unwrap());
        seen.push(whole(&lab, name));
        assert!(restored(&lab, name) == fs::read(&a.path).unwrap());
    }
    assert_eq!(seen, [false, true, false, true]);
    // Cut to what one piece holds, to nothing, and grown from there.
    for len in [PIECE, 0, 1, 3 * PIECE] {
        a.set_len(len);
        let name = a.keep(&mut lab, 3_000 + i64::try_from(len).unwrap());
        assert!(restored(&lab, name) == fs::read(&a.path).unwrap(), "{len}");
    }
    a.touched = Touched::everything();
    a.file.write_all_at(b"x", 0).unwrap();
    let name = a.keep(&mut lab, 9_000_000);
    assert!(whole(&lab, name));
    sound(&lab);
}

#[test]
fn a_base_is_that_of_the_newest_version_or_none() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    let base = |lab: &Lab| Reader::open(&lab.store()).unwrap().base(a.id).unwrap();
    assert!(base(&lab).is_none());
    a.file.write_all_at(&bytes(1, 3 * PIECE), 0).unwrap();
    let small = lab.vault.objects().take(&a.file).unwrap();
    lab.commit(vec![state(a.id, small, 2_001)], 2_001);
    assert!(base(&lab).is_none(), "not taken as a large one");
    // The same content, taken as a large one.
    let large = lab.vault.objects().take_large(&a.file).unwrap();
    let content = large.content();
    lab.commit(vec![state(a.id, large, 2_001)], 2_001);
    let found = base(&lab).unwrap();
    assert_eq!((found.content(), found.len()), (content, 3 * PIECE));
    let attributes = Entry::Attributes {
        file: a.id,
        since: Wall(2_002),
        meta: Metadata::default(),
        fingerprint: print(3 * PIECE, 2_002),
    };
    lab.commit(vec![attributes], 2_002);
    assert_eq!(base(&lab).unwrap().content(), content);
    lab.vault.give_up(&[content]).unwrap();
    assert!(base(&lab).is_none());
    let large = lab.vault.objects().take_large(&a.file).unwrap();
    lab.commit(vec![state(a.id, large, 2_003)], 2_003);
    assert!(base(&lab).is_some());
    lab.version(a.id, b"small", 2_004);
    assert!(base(&lab).is_none());
    a.touched = Touched::nothing();
}

#[test]
fn a_base_whose_pieces_are_damaged_is_none() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 3 * PIECE));
    a.keep(&mut lab, 2_001);
    let db = rusqlite::Connection::open(lab.store().join("index.db")).unwrap();
    let base = || Reader::open(&lab.store()).unwrap().base(a.id).unwrap();
    assert!(base().is_some());
    for damage in ["substr(links, 33)", "zeroblob(96)", "x''"] {
        db.execute(&format!("UPDATE pieces SET links = {damage}"), [])
            .unwrap();
        assert!(base().is_none(), "{damage}");
    }
}

#[test]
fn a_file_that_is_cut_while_it_is_read_ends_there() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    let whole = bytes(1, 40 * PIECE);
    a.write(0, &whole);
    a.keep(&mut lab, 2_001);
    let base = Reader::open(&lab.store()).unwrap().base(a.id).unwrap();
    let objects = lab.vault.objects();
    let mut touched = Touched::nothing();
    (0..40).for_each(|piece| touched.add(piece * 3 * PIECE, 1));
    for round in 0..40 {
        a.file.write_all_at(&whole, 0).unwrap();
        let pending = std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_micros(round * 100));
                a.file.set_len(20 * PIECE + round).unwrap();
            });
            objects.take_changed(&a.file, base.as_ref().unwrap(), &touched)
        });
        let pending = pending.unwrap();
        let seen = &whole[..usize::try_from(pending.len()).unwrap()];
        assert_eq!(pending.content().0, *blake3::hash(seen).as_bytes());
    }
}

#[test]
fn a_copy_that_was_built_on_what_went_is_refused_whole() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 4 * PIECE));
    let first = a.keep(&mut lab, 2_001);
    a.write(0, &bytes(2, 10));
    let pending = a.take(&lab);
    let can_take = |lab: &Lab, pending| lab.vault.can_take(pending).unwrap();
    assert!(can_take(&lab, &pending));
    lab.vault.give_up(&[first.content]).unwrap();
    assert!(!can_take(&lab, &pending));
    assert!(can_take(&lab, &lab.vault.objects().take(&a.file).unwrap()));
    let other = lab.file(lab.root, "other", 2_001);
    let batch = vec![
        lab.state(other, b"other", 2_002),
        state(a.id, pending, 2_002),
    ];
    let refused = lab.vault.commit(batch, Wall(2_002));
    assert!(
        matches!(refused, Err(VaultError::BaseGone { file }) if file == a.id),
        "{refused:?}"
    );
    assert!(lab.objects().is_empty());
    a.touched = Touched::everything();
    let name = a.keep(&mut lab, 2_003);
    assert!(restored(&lab, name) == fs::read(&a.path).unwrap());
    sound(&lab);
}

#[test]
fn damage_of_a_part_is_damage_of_all_that_is_built_from_it() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 6 * PIECE));
    let first = a.keep(&mut lab, 2_001);
    a.write(PIECE, &bytes(2, 10));
    let second = a.keep(&mut lab, 2_002);
    let patch = lab
        .objects()
        .into_iter()
        .find(|path| *path != lab.object(first.content))
        .unwrap();
    a.write(3 * PIECE, &bytes(3, 10));
    let third = a.keep(&mut lab, 2_003);
    let mut lost = [second.content, third.content];
    lost.sort();

    let good = fs::read(&patch).unwrap();
    fs::write(&patch, &good[..good.len() - 1]).unwrap();
    let reader = Reader::open(&lab.store()).unwrap();
    let report = reader.check(&mut |_| {}).unwrap();
    assert_eq!((&report.damaged[..], report.objects), (&lost[..], 3));
    assert!(report.missing.is_empty());
    let to = lab.dir.path().join("to");
    let outcome = reader
        .plan_version(second, &to)
        .unwrap()
        .run(&reader)
        .unwrap();
    assert!(
        matches!(outcome.problems[0].what, crate::Trouble::Damaged),
        "{outcome:?}"
    );
    assert!(!to.exists());

    fs::remove_file(&patch).unwrap();
    let report = reader.check(&mut |_| {}).unwrap();
    assert_eq!(report.missing, lost);
    let plan = reader.plan_version(second, &to).unwrap();
    assert!(matches!(
        plan.steps[..],
        [crate::Step::Missing {
            why: crate::Why::Lost,
            ..
        }]
    ));
    let holders = reader.holders(third.content).unwrap();
    assert_eq!(holders, [Path::new("/p/a")]);

    lab.vault.give_up(&report.lost()).unwrap();
    assert_eq!(lab.vault.sweep().unwrap(), 0);
    assert_eq!(lab.objects(), [lab.object(first.content)]);
    assert_eq!(lab.vault.usage().bytes, 6 * PIECE);
    sound(&lab);
    // The damage of the first one's file is that of all.
    a.touched = Touched::everything();
    a.keep(&mut lab, 2_004);
    lab.vault.give_up(&[first.content]).unwrap();
    sound(&lab);
}

#[test]
fn a_prune_frees_what_no_kept_version_is_built_from() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 8 * PIECE));
    let mut names = vec![a.keep(&mut lab, 2_000)];
    for i in 1..=3 {
        a.write(PIECE, &bytes(1 + i, 10));
        names.push(a.keep(&mut lab, 2_000 + i64::try_from(i).unwrap()));
    }
    let none = std::collections::HashSet::new();
    let plan = |lab: &Lab, budget| {
        let vault = &lab.vault;
        vault
            .plan_prune(budget, Duration::ZERO, Wall(9_000), &none)
            .unwrap()
    };
    // The first one is needed by the newest, so only the patches of the two after it go.
    let all = plan(&lab, 0);
    assert_eq!(all.contents, [names[1].content, names[2].content]);
    assert_eq!((all.frees, all.over), (2 * PIECE, 9 * PIECE));
    let one = plan(&lab, 10 * PIECE);
    assert_eq!((one.contents.len(), one.over), (1, 0));
    assert_eq!(lab.vault.prune(&all).unwrap(), 2 * PIECE);
    assert_eq!(lab.objects().len(), 2);
    assert!(restored(&lab, names[0]) == bytes(1, 8 * PIECE));
    assert!(restored(&lab, names[3]) == fs::read(&a.path).unwrap());
    sound(&lab);
    // After a whole copy all before it may go.
    a.touched = Touched::everything();
    a.file.write_all_at(b"x", 0).unwrap();
    let last = a.keep(&mut lab, 3_000);
    let all = plan(&lab, 0);
    assert_eq!(lab.vault.prune(&all).unwrap(), 9 * PIECE);
    assert_eq!(lab.objects(), [lab.object(last.content)]);
    sound(&lab);
}

#[test]
fn all_of_a_file_that_is_gone_can_be_pruned() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 8 * PIECE));
    a.keep(&mut lab, 2_000);
    a.write(PIECE, &bytes(2, 10));
    a.keep(&mut lab, 2_001);
    let gone = Entry::NodeGone {
        id: a.id.0,
        at: Wall(2_002),
    };
    lab.commit(vec![gone], 2_002);
    let none = std::collections::HashSet::new();
    let plan = lab
        .vault
        .plan_prune(0, Duration::ZERO, Wall(9_000), &none)
        .unwrap();
    assert_eq!((plan.contents.len(), plan.over), (2, 0));
    assert_eq!(lab.vault.prune(&plan).unwrap(), 9 * PIECE);
    assert!(lab.objects().is_empty());
    assert_eq!(lab.vault.usage().objects, 0);
    sound(&lab);
    let reader = Reader::open(&lab.store()).unwrap();
    assert!(reader.base(a.id).unwrap().is_none());
}

#[test]
fn a_prune_spares_what_is_built_on_since_the_plan() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    let old = bytes(1, 8 * PIECE);
    a.write(0, &old);
    a.keep(&mut lab, 2_000);
    a.write(0, &bytes(2, 10));
    let second = a.keep(&mut lab, 2_001);
    a.touched = Touched::everything();
    a.file.write_all_at(&bytes(3, 8 * PIECE), 0).unwrap();
    a.keep(&mut lab, 2_002);
    let none = std::collections::HashSet::new();
    let plan = lab
        .vault
        .plan_prune(0, Duration::ZERO, Wall(9_000), &none)
        .unwrap();
    assert_eq!((plan.contents.len(), plan.frees), (2, 9 * PIECE));
    // The second state is back: what it is built from must stay, and so the first one can.
    a.touched = Touched::everything();
    a.file.write_all_at(&old, 0).unwrap();
    a.file.write_all_at(&bytes(2, 10), 0).unwrap();
    assert_eq!(a.keep(&mut lab, 2_003).content, second.content);
    assert_eq!(lab.vault.prune(&plan).unwrap(), 0);
    sound(&lab);
}

#[test]
fn what_is_forgotten_does_not_stay_in_what_others_are_built_from() {
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    let mut b = Living::new(&mut lab, "b");
    let secret = bytes(1, PIECE);
    a.write(0, &bytes(2, 6 * PIECE));
    a.write(2 * PIECE, &secret);
    let first = a.keep(&mut lab, 2_001);
    a.write(2 * PIECE, &bytes(3, PIECE));
    let clean = a.keep(&mut lab, 2_002);
    a.write(5 * PIECE, &bytes(4, 10));
    let patched = a.keep(&mut lab, 2_003);
    // The other file came to the second state by itself.
    b.write(0, &fs::read(&a.path).unwrap());
    b.write(
        5 * PIECE,
        &bytes(2, 6 * PIECE)[usize::try_from(5 * PIECE).unwrap()..],
    );
    let same = b.keep(&mut lab, 2_004);
    assert_eq!(same.content, clean.content);
    b.write(0, &bytes(5, 10));
    let last = b.keep(&mut lab, 2_005);

    let plan = lab.vault.plan_forget(Path::new("/p/a")).unwrap();
    assert_eq!(plan.versions, 3);
    let mut going = [first.content, patched.content];
    going.sort();
    assert_eq!(plan.contents, going);
    // The patch of the third state, and the piece of the first one that nobody else has.
    assert_eq!(plan.bytes, 2 * PIECE);
    assert_eq!(plan.still_held[0].content, clean.content);
    let before = lab.vault.usage().bytes;
    lab.vault.forget(&plan).unwrap();
    assert_eq!(before - lab.vault.usage().bytes, plan.bytes);
    for object in lab.objects() {
        let bytes = fs::read(object).unwrap();
        assert!(!bytes.windows(64).any(|part| part == &secret[..64]));
    }
    assert!(restored(&lab, last) == fs::read(&b.path).unwrap());
    assert_eq!(
        blake3::hash(&restored(&lab, same)).as_bytes(),
        &same.content.0
    );
    sound(&lab);
    // And goes on from there.
    b.write(PIECE, &bytes(6, 10));
    let next = b.keep(&mut lab, 2_006);
    assert!(!lab.object(next.content).exists());
    assert!(restored(&lab, next) == fs::read(&b.path).unwrap());
    let plan = lab.vault.plan_forget(Path::new("/p/b")).unwrap();
    lab.vault.forget(&plan).unwrap();
    assert!(lab.objects().is_empty());
    assert_eq!(lab.vault.usage().bytes, 0);
}

#[test]
fn a_content_is_a_file_where_something_is_to_be_built_from_it() {
    let mut lab = Lab::new();
    let (mut a, mut b) = (Living::new(&mut lab, "a"), Living::new(&mut lab, "b"));
    // Of a the second state is assembled; the same bytes are b's patch.
    let (one, two) = (bytes(1, PIECE), bytes(2, PIECE));
    a.write(0, &one);
    a.write(PIECE, &bytes(3, PIECE));
    a.keep(&mut lab, 2_001);
    a.write(PIECE, &two);
    let assembled = a.keep(&mut lab, 2_002);
    assert!(!lab.object(assembled.content).exists());
    b.write(0, &bytes(4, 8 * PIECE));
    b.keep(&mut lab, 2_003);
    b.write(3 * PIECE, &one);
    b.write(6 * PIECE, &two);
    let built = b.keep(&mut lab, 2_004);
    assert!(lab.object(assembled.content).exists());
    assert!(!lab.object(built.content).exists());
    assert!(restored(&lab, assembled) == [one, two].concat());
    assert!(restored(&lab, built) == fs::read(&b.path).unwrap());
    assert_eq!(lab.vault.usage().bytes, (2 + 1 + 8 + 2) * PIECE);
    sound(&lab);
    assert_eq!(lab.reopen().vault.usage().bytes, 13 * PIECE);
}

#[test]
fn a_restore_with_a_users_rights_reads_parts() {
    if hygie_testkit::not_root().is_some() {
        println!("skipped: needs root");
        return;
    }
    let mut lab = Lab::new();
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 4 * PIECE));
    a.keep(&mut lab, 2_001);
    a.write(PIECE, &bytes(2, 10));
    let name = a.keep(&mut lab, 2_002);
    let place = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(place.path(), Some(65534), Some(65534)).unwrap();
    let reader = Reader::open(&lab.store()).unwrap();
    let user = crate::User {
        uid: 65534,
        gid: 65534,
        groups: Vec::new(),
    };
    let plan = reader.plan_version(name, &place.path().join("a")).unwrap();
    let outcome = plan.run_as(&reader, &user).unwrap();
    assert_eq!(outcome.files, 1, "{outcome:?}");
    assert!(fs::read(place.path().join("a")).unwrap() == fs::read(&a.path).unwrap());
}
