//! Restores onto a real folder.

mod safety;

use std::{
    fs::{self, File},
    os::unix::fs::{FileExt, MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use hygie_model::{DirId, FileId, Metadata, NodeKind, Wall};
use tempfile::TempDir;

use super::{Outcome, Plan, Step};
use crate::{
    Entry, NotSet, Reader, VaultError, apply_metadata, read_metadata,
    tests::lab::{Lab, born, gone, print},
};

/// A store whose protected folder is a real one.
struct Scene {
    lab: Lab,
    place: TempDir,
}

impl Scene {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let lab = Lab::with_root(place.path());
        Self { lab, place }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.place.path().join(below)
    }

    /// Keeps what a real file holds now.
    fn keep(&mut self, file: FileId, below: &str, at: i64) {
        let source = File::open(self.path(below)).unwrap();
        // Before the copy, which is an access.
        let meta = read_metadata(&source).unwrap();
        let entry = Entry::Version {
            file,
            content: self.lab.vault.objects().take(&source).unwrap(),
            since: Wall(at),
            meta,
            fingerprint: print(0, at),
        };
        self.lab.commit(vec![entry], at);
    }

    fn plan(&self, below: &str, at: i64) -> Plan {
        self.reader()
            .plan_restore(&self.path(below), Some(Wall(at)), None)
            .unwrap()
    }

    fn restore(&self, below: &str, at: i64) -> Outcome {
        self.plan(below, at).run(&self.reader()).unwrap()
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.lab.store()).unwrap()
    }
}

fn look(path: &Path) -> Metadata {
    read_metadata(&File::open(path).unwrap()).unwrap()
}

/// user::rw-, user:1000:r--, group::r--, mask::r--, other::---
const ACL: [u8; 44] = [
    2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0xe8, 3, 0, 0, 4, 0, 4, 0, 255, 255,
    255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
];

#[test]
fn a_file_comes_back_with_all_that_belongs_to_it() {
    let mut scene = Scene::new();
    let a = scene.lab.file(scene.lab.root, "a", 2_000);
    let path = scene.path("a");
    fs::write(&path, b"healthy").unwrap();
    let root = rustix::process::geteuid().is_root();
    let owner = if root {
        1234
    } else {
        fs::metadata(&path).unwrap().uid()
    };
    let meta = Metadata {
        mode: 0o640,
        uid: owner,
        gid: fs::metadata(&path).unwrap().gid(),
        mtime_ns: 1_600_000_000_123_456_789,
        atime_ns: -1,
        xattrs: vec![
            (b"system.posix_acl_access".to_vec(), ACL.to_vec()),
            (b"user.note".to_vec(), b"\0\xff".to_vec()),
        ],
    };
    assert_eq!(apply_metadata(&File::open(&path).unwrap(), &meta), []);
    assert_eq!(look(&path), meta);
    scene.keep(a, "a", 2_001);
    fs::write(&path, b"encrypted!").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    rustix::fs::setxattr(&path, "user.ransom", b"x", rustix::fs::XattrFlags::empty()).unwrap();

    let outcome = scene.restore("a", 2_500);
    assert!(outcome.is_whole(), "{outcome:?}");
    assert_eq!((outcome.files, outcome.bytes), (1, 7));
    assert_eq!(look(&path), meta);
    assert_eq!(fs::read(&path).unwrap(), b"healthy");
    assert_eq!(
        fs::read_dir(scene.place.path()).unwrap().count(),
        1,
        "no temporary name stays"
    );
}

#[test]
fn attributes_that_it_should_not_have_go() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a");
    let file = File::create(&path).unwrap();
    let plain = read_metadata(&file).unwrap();
    rustix::fs::fsetxattr(&file, "user.x", b"1", rustix::fs::XattrFlags::empty()).unwrap();
    assert_eq!(apply_metadata(&file, &plain), []);
    assert_eq!(look(&path), plain);
    let odd = Metadata {
        xattrs: vec![(b"nowhere.x".to_vec(), vec![1])],
        ..plain
    };
    assert_eq!(
        apply_metadata(&file, &odd),
        [NotSet::Attribute(b"nowhere.x".to_vec())]
    );
}

#[test]
fn holes_come_back_as_holes() {
    let mut scene = Scene::new();
    let a = scene.lab.file(scene.lab.root, "a", 2_000);
    let path = scene.path("a");
    let file = File::create_new(&path).unwrap();
    file.set_len(20 << 20).unwrap();
    file.write_all_at(b"data", 9 << 20).unwrap();
    let whole = fs::read(&path).unwrap();
    scene.keep(a, "a", 2_001);
    fs::remove_file(&path).unwrap();
    assert!(scene.restore("a", 2_500).is_whole());
    assert_eq!(fs::read(&path).unwrap(), whole);
    assert!(fs::metadata(&path).unwrap().blocks() * 512 < 1 << 20);
}

#[test]
fn a_tree_comes_back_with_folders_links_and_names_and_removes_nothing() {
    let mut scene = Scene::new();
    let root = scene.lab.root;
    let deep = scene.lab.dir(root, "deep", 2_000);
    let sub = scene.lab.dir(deep, "sub", 2_000);
    fs::create_dir_all(scene.path("deep/sub")).unwrap();
    fs::write(scene.path("deep/sub/a"), b"a").unwrap();
    fs::hard_link(scene.path("deep/sub/a"), scene.path("deep/b")).unwrap();
    symlink("sub/a", scene.path("deep/s")).unwrap();
    fs::set_permissions(scene.path("deep/sub"), fs::Permissions::from_mode(0o2750)).unwrap();
    let a = scene.lab.file(sub, "a", 2_000);
    scene.keep(a, "deep/sub/a", 2_001);
    let s = FileId(scene.lab.node(NodeKind::Symlink, deep, "s", 2_000));
    scene.lab.version(s, b"sub/a", 2_001);
    let meta = look(&scene.path("deep/sub"));
    let folder = Entry::Meta {
        dir: sub,
        at: Wall(2_002),
        meta: meta.clone(),
    };
    scene
        .lab
        .commit(vec![born(deep, "b", a.0, 2_000), folder], 2_002);

    fs::remove_dir_all(scene.path("deep")).unwrap();
    fs::create_dir(scene.path("deep")).unwrap();
    fs::write(scene.path("deep/new"), b"later").unwrap();
    let plan = scene.plan("deep", 2_500);
    assert_eq!(plan.bytes(), 1);
    let outcome = plan.run(&scene.reader()).unwrap();
    assert!(outcome.is_whole(), "{outcome:?}");
    let counts = (
        outcome.files,
        outcome.links,
        outcome.symlinks,
        outcome.folders,
    );
    assert_eq!(counts, (1, 1, 1, 1));
    let ino = |below| fs::metadata(scene.path(below)).unwrap().ino();
    assert_eq!(ino("deep/sub/a"), ino("deep/b"));
    assert_eq!(
        fs::read_link(scene.path("deep/s")).unwrap(),
        Path::new("sub/a")
    );
    assert_eq!(fs::read(scene.path("deep/new")).unwrap(), b"later");
    let back = look(&scene.path("deep/sub"));
    assert_eq!((back.mode, back.mtime_ns), (meta.mode, meta.mtime_ns));
    assert_eq!(fs::read_dir(scene.path("deep")).unwrap().count(), 4);
}

#[test]
fn folders_above_are_made_again() {
    let mut scene = Scene::new();
    let x = scene.lab.dir(scene.lab.root, "x", 2_000);
    let y = scene.lab.dir(x, "y", 2_000);
    let a = scene.lab.file(y, "a", 2_000);
    let meta = Metadata {
        mode: 0o711,
        ..look(scene.place.path())
    };
    scene.lab.commit(
        vec![Entry::Meta {
            dir: x,
            at: Wall(2_000),
            meta,
        }],
        2_000,
    );
    scene.lab.version(a, b"back", 2_001);
    let outcome = scene.restore("x/y/a", 2_500);
    assert_eq!(outcome.folders, 2);
    assert_eq!(fs::read(scene.path("x/y/a")).unwrap(), b"back");
    let mode = |below| fs::metadata(scene.path(below)).unwrap().mode() & 0o7777;
    assert_eq!(
        (mode("x"), mode("x/y")),
        (0o711, 0o711),
        "one never told looks like the one above"
    );
}

#[test]
fn a_database_and_its_journals_are_one() {
    let mut scene = Scene::new();
    let root = scene.lab.root;
    let base = scene.lab.file(root, "x.db", 2_000);
    let wal = scene.lab.file(root, "x.db-wal", 2_000);
    scene.lab.version(base, b"base 1", 2_001);
    scene.lab.version(wal, b"wal 1", 2_001);
    scene.lab.commit(vec![gone(root, "x.db-wal", 3_000)], 3_000);
    scene.lab.version(base, b"base 2", 3_001);
    let late = scene.lab.file(root, "x.db-journal", 4_000);
    scene.lab.version(late, b"journal", 4_001);
    fs::write(scene.path("x.db"), b"now").unwrap();
    fs::write(scene.path("x.db-journal"), b"journal now").unwrap();
    fs::write(scene.path("x.db-wal"), b"wal now").unwrap();

    // By whatever member it is asked for, the group comes as of that time.
    for member in ["x.db", "x.db-wal"] {
        let plan = scene.plan(member, 2_500);
        let paths: Vec<_> = plan
            .steps
            .iter()
            .map(|step| step.path().to_str().unwrap())
            .collect();
        assert_eq!(paths, ["x.db-journal", "x.db", "x.db-wal"]);
        assert!(matches!(&plan.steps[0], Step::Aside { .. }));
    }
    let outcome = scene.restore("x.db", 2_500);
    assert!(outcome.is_whole(), "{outcome:?}");
    let read = |name| fs::read(scene.path(name)).unwrap();
    assert_eq!(
        (read("x.db"), read("x.db-wal")),
        (b"base 1".to_vec(), b"wal 1".to_vec())
    );
    assert_eq!(read("x.db-journal.hygie-aside-1"), b"journal now");
    assert!(!scene.path("x.db-journal").exists());

    let outcome = scene.restore("x.db", 3_500);
    assert_eq!(
        outcome.aside,
        [("x.db-wal".into(), "x.db-wal.hygie-aside-1".into())]
    );
    assert_eq!(fs::read(scene.path("x.db")).unwrap(), b"base 2");
}

#[test]
fn a_database_restored_elsewhere_takes_its_journals_along() {
    let mut scene = Scene::new();
    let root = scene.lab.root;
    for name in ["x.db", "x.db-wal"] {
        let file = scene.lab.file(root, name, 2_000);
        scene.lab.version(file, name.as_bytes(), 2_001);
    }
    let reader = scene.reader();
    let to = scene.path("copy.db");
    let plan = reader
        .plan_restore(&scene.path("x.db"), None, Some(&to))
        .unwrap();
    assert!(plan.run(&reader).unwrap().is_whole());
    assert_eq!(fs::read(to).unwrap(), b"x.db");
    assert_eq!(fs::read(scene.path("copy.db-wal")).unwrap(), b"x.db-wal");
    // Into a folder that is there it goes under its own name.
    fs::create_dir(scene.path("out")).unwrap();
    let to = scene.path("out");
    let plan = reader
        .plan_restore(&scene.path("x.db"), None, Some(&to))
        .unwrap();
    assert!(plan.run(&reader).unwrap().is_whole());
    assert_eq!(fs::read_dir(to).unwrap().count(), 2);
}

#[test]
fn one_version_can_be_taken_out_by_its_name() {
    let mut scene = Scene::new();
    let a = scene.lab.file(scene.lab.root, "a", 2_000);
    let first = scene.lab.version(a, b"first", 2_001);
    scene.lab.version(a, b"second", 2_001);
    fs::write(scene.path("look"), b"in the way").unwrap();
    let reader = scene.reader();
    let plan = reader.plan_version(first, &scene.path("look")).unwrap();
    assert!(plan.run(&reader).unwrap().is_whole());
    assert_eq!(fs::read(scene.path("look")).unwrap(), b"first");
    let other = hygie_model::VersionName {
        seq: first.seq + 1,
        ..first
    };
    let refused = reader.plan_version(other, &scene.path("look"));
    assert!(matches!(refused, Err(VaultError::UnknownVersion { name }) if name == other));
    let nowhere = reader.plan_version(first, Path::new("/nowhere/at/all"));
    assert!(matches!(nowhere, Err(VaultError::Target { .. })));
}

#[test]
fn many_files_come_back_in_one_run() {
    let mut scene = Scene::new();
    let many = scene.lab.dir(scene.lab.root, "many", 2_000);
    let mut batch = Vec::new();
    for i in 0..600_i64 {
        let id = scene.lab.vault.next_node();
        batch.push(crate::tests::lab::node(id, NodeKind::File));
        batch.push(born(DirId(many.0), &format!("{i}"), id, 2_000));
        batch.push(scene.lab.state(FileId(id), &i.to_le_bytes(), 2_001));
    }
    scene.lab.commit(batch, 2_001);
    let outcome = scene.restore("many", 2_500);
    assert!(outcome.is_whole());
    assert_eq!(outcome.files, 600);
    for i in 0..600_i64 {
        assert_eq!(
            fs::read(scene.path(&format!("many/{i}"))).unwrap(),
            i.to_le_bytes()
        );
    }
}
