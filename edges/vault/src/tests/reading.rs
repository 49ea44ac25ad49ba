//! Looking back: paths, versions and trees as they were.

use std::path::{Path, PathBuf};

use hygie_model::{DirId, FileId, Metadata, NodeKind, Wall};

use super::lab::{Lab, born, gone};
use crate::{Entry, Presence, Reader, TreeNode, VaultError};

/// The content of a path at that moment, through lookup and state.
fn read(lab: &Lab, path: &str, at: Option<i64>) -> Option<Vec<u8>> {
    let reader = Reader::open(&lab.store()).unwrap();
    let at = at.map(Wall);
    let found = match reader.lookup(Path::new(path), at) {
        Err(VaultError::UnknownPath { .. }) => return None,
        found => found.unwrap(),
    };
    let state = reader.state_at(FileId(found.node), at).unwrap()?;
    assert_eq!(state.presence, Presence::Kept);
    Some(std::fs::read(lab.object(state.version.name.content)).unwrap())
}

#[test]
fn a_renamed_folder_carries_its_files_with_it() {
    let mut lab = Lab::new();
    let old = lab.dir(lab.root, "old", 2_000);
    let a = lab.file(old, "a", 2_010);
    lab.version(a, b"one", 2_011);
    lab.commit(
        vec![
            gone(lab.root, "old", 3_000),
            born(lab.root, "new", old.0, 3_000),
        ],
        3_000,
    );
    lab.version(a, b"two", 3_010);
    assert_eq!(read(&lab, "/p/old/a", Some(2_500)).unwrap(), b"one");
    assert_eq!(read(&lab, "/p/new/a", Some(2_500)), None);
    assert_eq!(read(&lab, "/p/old/a", Some(3_000)), None);
    assert_eq!(read(&lab, "/p/new/a", Some(3_000)).unwrap(), b"one");
    assert_eq!(read(&lab, "/p/new/a", None).unwrap(), b"two");
    assert_eq!(
        read(&lab, "/p/old/a", None).unwrap(),
        b"two",
        "the last file that had the path"
    );
    assert_eq!(read(&lab, "/p/old/b", None), None);
    let reader = Reader::open(&lab.store()).unwrap();
    let found = reader.lookup(Path::new("/p/old/a"), None).unwrap();
    assert_eq!(
        (found.node, found.until, found.kind),
        (a.0, Some(Wall(3_000)), NodeKind::File)
    );
    let names = |at| reader.names(a.0, at).unwrap();
    assert_eq!(names(Some(Wall(2_500))), [PathBuf::from("/p/old/a")]);
    assert_eq!(names(None), [PathBuf::from("/p/new/a")]);
}

#[test]
fn a_first_version_counts_from_the_birth_of_the_name() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 2_000);
    lab.version(a, b"baseline", 2_900);
    lab.version(a, b"next", 3_000);
    assert_eq!(read(&lab, "/p/a", Some(1_999)), None);
    assert_eq!(read(&lab, "/p/a", Some(2_000)).unwrap(), b"baseline");
    assert_eq!(read(&lab, "/p/a", Some(2_999)).unwrap(), b"baseline");
    assert_eq!(read(&lab, "/p/a", Some(3_000)).unwrap(), b"next");
    let reader = Reader::open(&lab.store()).unwrap();
    assert_eq!(reader.state_at(a, Some(Wall(1_999))).unwrap(), None);
}

#[test]
fn another_file_under_the_same_name_is_another_history() {
    let mut lab = Lab::new();
    let first = lab.file(lab.root, "a", 2_000);
    lab.version(first, b"first", 2_001);
    let second = lab.file(lab.root, "a", 3_000);
    lab.version(second, b"second", 3_001);
    lab.commit(
        vec![Entry::NodeGone {
            id: second.0,
            at: Wall(4_000),
        }],
        4_000,
    );
    assert_eq!(read(&lab, "/p/a", Some(2_999)).unwrap(), b"first");
    assert_eq!(read(&lab, "/p/a", Some(3_000)).unwrap(), b"second");
    assert_eq!(read(&lab, "/p/a", Some(4_000)), None);
    assert_eq!(read(&lab, "/p/a", None).unwrap(), b"second");
    let reader = Reader::open(&lab.store()).unwrap();
    let past = reader.versions(first).unwrap();
    assert_eq!(past[0].names, [PathBuf::from("/p/a")]);
}

#[test]
fn the_clock_set_back_hides_nothing_that_was_told_later() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 5_000);
    lab.version(a, b"before", 5_001);
    lab.version(a, b"after", 4_000);
    let b = lab.file(lab.root, "a", 4_500);
    lab.version(b, b"other", 4_501);
    assert_eq!(read(&lab, "/p/a", None).unwrap(), b"other");
    assert_eq!(read(&lab, "/p/a", Some(6_000)).unwrap(), b"other");
    let reader = Reader::open(&lab.store()).unwrap();
    let newest = reader.state_at(a, None).unwrap().unwrap();
    assert_eq!(newest.version.since, Wall(4_000));
}

#[test]
fn a_root_that_moved_is_found_where_it_stood() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 2_000);
    lab.version(a, b"x", 2_001);
    let root = Entry::Root {
        dir: lab.root,
        fs: 1,
        path: "/q".into(),
        at: Wall(3_000),
    };
    lab.commit(vec![root], 3_000);
    assert!(read(&lab, "/p/a", Some(2_500)).is_some());
    assert!(read(&lab, "/q/a", Some(2_500)).is_none());
    assert!(read(&lab, "/q/a", Some(3_500)).is_some());
    assert!(read(&lab, "/p/a", None).is_some());
}

#[test]
fn a_tree_is_given_as_it_was() {
    let mut lab = Lab::new();
    let sub = lab.dir(lab.root, "sub", 2_000);
    let meta = |mode| Metadata {
        mode,
        ..Metadata::default()
    };
    let folder = |dir: DirId, at, mode| Entry::Meta {
        dir,
        at: Wall(at),
        meta: meta(mode),
    };
    lab.commit(
        vec![folder(sub, 2_100, 0o750), folder(sub, 3_000, 0o700)],
        3_000,
    );
    let a = lab.file(sub, "a", 2_010);
    lab.version(a, b"x", 2_011);
    lab.commit(
        vec![born(lab.root, "link", a.0, 2_500), gone(sub, "a", 3_500)],
        3_500,
    );
    let s = FileId(lab.node(NodeKind::Symlink, sub, "s", 2_020));
    lab.version(s, b"target", 2_021);
    let unseen = lab.file(sub, "unseen", 2_030);
    let reader = Reader::open(&lab.store()).unwrap();
    let shown = |at: i64| -> Vec<(String, i64)> {
        let tree = reader.tree_at(lab.root, Some(Wall(at))).unwrap();
        let show = |item: crate::TreeItem| {
            let number = match item.what {
                TreeNode::Folder { meta, .. } => i64::from(meta.unwrap().mode),
                TreeNode::File { file, .. } | TreeNode::Symlink { file, .. } => file.0,
            };
            (item.path.to_str().unwrap().to_owned(), number)
        };
        tree.into_iter().map(show).collect()
    };
    let owned = |items: &[(&str, i64)]| -> Vec<(String, i64)> {
        items
            .iter()
            .map(|(path, number)| ((*path).to_owned(), *number))
            .collect()
    };
    let below = [("sub/a", a.0), ("sub/s", s.0), ("sub/unseen", unseen.0)];
    assert_eq!(
        shown(2_050),
        owned(&[&[("sub", 0o750)], &below[..]].concat())
    );
    assert_eq!(
        shown(2_600),
        owned(&[&[("link", a.0), ("sub", 0o750)], &below[..]].concat())
    );
    assert_eq!(
        shown(3_600),
        owned(&[&[("link", a.0), ("sub", 0o700)], &below[1..]].concat())
    );
}

#[test]
fn twins_are_live_files_that_hold_the_same_now() {
    let mut lab = Lab::new();
    let file = lab.file(lab.root, "a", 2_000);
    assert!(
        Reader::open(&lab.store())
            .unwrap()
            .twins(file)
            .unwrap()
            .is_empty()
    );
    lab.version(file, b"one", 2_001);
    let twin = lab.file(lab.root, "b", 2_002);
    lab.version(twin, b"zero", 2_003);
    lab.version(twin, b"one", 2_004);
    let changed = lab.file(lab.root, "c", 2_005);
    lab.version(changed, b"one", 2_006);
    lab.version(changed, b"two", 2_007);
    let deleted = lab.file(lab.root, "d", 2_008);
    lab.version(deleted, b"one", 2_009);
    lab.commit(vec![gone(lab.root, "d", 2_010)], 2_010);
    let link = FileId(lab.node(NodeKind::Symlink, lab.root, "e", 2_011));
    lab.version(link, b"one", 2_012);
    let reader = Reader::open(&lab.store()).unwrap();
    assert_eq!(reader.twins(file).unwrap(), [twin]);
    assert_eq!(reader.twins(twin).unwrap(), [file]);
    assert_eq!(reader.twins(deleted).unwrap(), [twin, file]);
    assert!(reader.twins(changed).unwrap().is_empty());
    // Its last name is gone, its content is what it was; then it holds something else.
    lab.commit(vec![gone(lab.root, "a", 2_013)], 2_013);
    assert_eq!(reader.twins(file).unwrap(), [twin]);
    assert!(reader.twins(twin).unwrap().is_empty());
    lab.version(twin, b"sealed", 2_014);
    assert!(reader.twins(file).unwrap().is_empty());
}

#[test]
fn of_many_twins_a_few_are_told() {
    let mut lab = Lab::new();
    let files: Vec<FileId> = (0..200)
        .map(|number| {
            let file = lab.file(lab.root, &number.to_string(), 2_000);
            lab.version(file, b"the same", 2_001);
            file
        })
        .collect();
    let reader = Reader::open(&lab.store()).unwrap();
    assert_eq!(reader.twins(files[0]).unwrap().len(), 16);
}

#[test]
fn no_store_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        Reader::open(dir.path()),
        Err(VaultError::Absent { .. })
    ));
}

#[test]
fn a_reader_works_after_the_writer_ended_and_while_it_writes() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 2_000);
    let reader = Reader::open(&lab.store()).unwrap();
    assert!(reader.versions(a).unwrap().is_empty());
    lab.version(a, b"x", 2_001);
    assert_eq!(reader.versions(a).unwrap().len(), 1);
    let (store, Lab { vault, dir, .. }) = (lab.store(), lab);
    drop((vault, reader));
    assert_eq!(Reader::open(&store).unwrap().versions(a).unwrap().len(), 1);
    drop(dir);
}

#[test]
fn a_name_has_the_history_of_all_files_that_bore_it() {
    let mut lab = Lab::new();
    let first = lab.file(lab.root, "lettre", 2_000);
    let one = lab.version(first, b"one", 2_001).seq;
    // Saved by a new file that is renamed over the old one, then renamed away itself.
    let second = lab.file(lab.root, "lettre.tmp", 3_000);
    let two = lab.version(second, b"two", 3_001).seq;
    let batch = vec![
        gone(lab.root, "lettre.tmp", 3_010),
        born(lab.root, "lettre", second.0, 3_010),
    ];
    lab.commit(batch, 3_010);
    let three = lab.version(second, b"three", 3_020).seq;
    lab.commit(vec![gone(lab.root, "lettre", 4_000)], 4_000);
    lab.commit(vec![born(lab.root, "autre", second.0, 4_000)], 4_000);
    let four = lab.version(second, b"four", 4_010).seq;
    let reader = Reader::open(&lab.store()).unwrap();
    let of = |path: &str| -> Vec<i64> {
        let history = reader.history(Path::new(path)).unwrap();
        history
            .iter()
            .map(|past| past.stored.version.name.seq)
            .collect()
    };
    assert_eq!(of("/p/lettre"), [three, two, one]);
    assert_eq!(of("/p/lettre.tmp"), [two]);
    assert_eq!(
        of("/p/autre"),
        [four, three, two],
        "names do not end a history"
    );
    assert!(of("/p/rien").is_empty());
}
