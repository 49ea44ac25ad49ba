//! Taking in: what is kept, what is kept once, what a fault leaves.

use std::{
    fs::{self, File},
    io::{Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, MetadataExt, PermissionsExt},
};

use crate::{Entry, Vault, VaultError};
use hygie_model::{FileId, NodeKind, Wall};

use super::lab::{Lab, born, node, print};

#[test]
fn equal_contents_are_stored_once_and_counted_once() {
    let mut lab = Lab::new();
    let (a, b) = (lab.file(lab.root, "a", 10), lab.file(lab.root, "b", 10));
    let batch = vec![lab.state(a, b"same", 11), lab.state(b, b"same", 12)];
    let names = lab.commit(batch, 13);
    assert_eq!(names[0].content, names[1].content);
    assert_eq!(names[1].seq, names[0].seq + 1);
    assert_eq!(lab.objects().len(), 1);
    assert_eq!(fs::read(&lab.objects()[0]).unwrap(), b"same");
    assert_eq!((lab.vault.usage().objects, lab.vault.usage().bytes), (1, 4));
    assert_eq!(lab.reopen().vault.usage().bytes, 4);
}

#[test]
fn the_newest_state_seen_again_keeps_its_name() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 10);
    let first = lab.version(a, b"x", 11);
    assert_eq!(lab.version(a, b"x", 11), first);
    let mut lab = lab.reopen();
    assert_eq!(lab.version(a, b"x", 11), first);
    // The same content with another time of change is another state, and so is a return to it.
    let touched = lab.version(a, b"x", 12);
    assert_eq!(
        (touched.content, touched.seq),
        (first.content, first.seq + 1)
    );
    let other = lab.version(a, b"y", 13);
    assert_eq!(lab.version(a, b"x", 14).seq, other.seq + 1);
    assert_eq!(lab.objects().len(), 2);
}

#[test]
fn what_is_known_is_loaded_at_the_start() {
    let mut lab = Lab::new();
    let (a, b) = (lab.file(lab.root, "a", 10), lab.file(lab.root, "b", 10));
    let kept = lab.version(a, b"x", 11);
    let gone_file = lab.file(lab.root, "c", 10);
    lab.commit(
        vec![
            Entry::Fingerprint {
                file: a,
                fingerprint: None,
            },
            Entry::Fingerprint {
                file: b,
                fingerprint: Some(print(7, 8)),
            },
            Entry::NodeGone {
                id: gone_file.0,
                at: Wall(12),
            },
        ],
        12,
    );
    let mut lab = lab.reopen();
    let (mut nodes, mut names, mut roots) = (Vec::new(), Vec::new(), Vec::new());
    lab.vault.load_nodes(&mut |node| nodes.push(node)).unwrap();
    lab.vault
        .load_names(&mut |name| names.push((name.parent, name.child)))
        .unwrap();
    lab.vault
        .load_roots(&mut |root| roots.push((root.dir, root.path)))
        .unwrap();
    assert_eq!(nodes.len(), 3);
    assert_eq!(
        (nodes[1].id, nodes[1].newest, nodes[1].fingerprint),
        (a.0, Some(kept), None)
    );
    assert_eq!(
        (nodes[2].newest, nodes[2].fingerprint),
        (None, Some(print(7, 8)))
    );
    assert_eq!(
        (nodes[0].kind, nodes[2].kind),
        (NodeKind::Dir, NodeKind::File)
    );
    assert_eq!(nodes[2].handle, b.0.to_le_bytes());
    assert_eq!(names, [(lab.root, a.0), (lab.root, b.0)]);
    assert_eq!(roots, [(lab.root, "/p".into())]);
    assert_eq!(lab.vault.next_node(), gone_file.0 + 1);
}

#[test]
fn only_the_owner_can_look_in() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 10);
    lab.version(a, b"x", 11);
    let mut left = vec![lab.store()];
    while let Some(path) = left.pop() {
        let meta = fs::metadata(&path).unwrap();
        let mode = meta.permissions().mode() & 0o777;
        assert_eq!(
            mode,
            if meta.is_dir() { 0o700 } else { 0o600 },
            "{}",
            path.display()
        );
        if meta.is_dir() {
            left.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|found| found.unwrap().path()),
            );
        }
    }
}

#[test]
fn a_second_writer_is_refused_until_the_first_ends() {
    let lab = Lab::new();
    let store = lab.store();
    assert!(matches!(Vault::open(&store), Err(VaultError::Busy { dir }) if dir == store));
    lab.reopen();
}

#[test]
fn half_written_leftovers_go_and_are_never_taken_for_whole() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 10);
    let name = lab
        .vault
        .objects()
        .take_bytes(b"whole")
        .unwrap()
        .content()
        .to_string();
    // As after a power cut between the link and the sync of an object: the name, half the bytes.
    let object = lab
        .store()
        .join("objects")
        .join(&name[..2])
        .join(&name[2..]);
    fs::write(&object, b"who").unwrap();
    let leftover = lab.store().join("tmp/left");
    fs::write(&leftover, b"over").unwrap();
    let mut lab = lab.reopen();
    assert!(!leftover.exists());
    lab.version(a, b"whole", 11);
    assert_eq!(fs::read(&object).unwrap(), b"whole");
}

#[test]
fn a_dropped_copy_leaves_nothing() {
    let lab = Lab::new();
    let pending = lab.vault.objects().take_bytes(b"x").unwrap();
    drop(pending);
    assert_eq!(fs::read_dir(lab.store().join("tmp")).unwrap().count(), 0);
    assert!(lab.objects().is_empty());
}

#[test]
fn a_refused_batch_leaves_nothing() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 10);
    let batch = vec![lab.state(a, b"x", 11), lab.state(FileId(99), b"y", 11)];
    let refused = lab.vault.commit(batch, Wall(12));
    assert!(
        matches!(refused, Err(VaultError::UnknownNode)),
        "{refused:?}"
    );
    assert!(lab.objects().is_empty());
    assert_eq!(lab.vault.usage().objects, 0);
    assert_eq!(lab.version(a, b"x", 11).seq, 1);
}

#[test]
fn many_objects_in_one_batch_are_all_there() {
    let mut lab = Lab::new();
    let mut batch = Vec::new();
    for i in 0..40_i64 {
        let id = lab.vault.next_node();
        batch.push(node(id, NodeKind::File));
        batch.push(born(lab.root, &format!("f{i}"), id, 10));
        batch.push(lab.state(FileId(id), &i.to_le_bytes(), 11));
    }
    let names = lab.commit(batch, 12);
    assert_eq!(
        names.iter().map(|name| name.seq).collect::<Vec<_>>(),
        (1..=40).collect::<Vec<_>>()
    );
    assert_eq!(lab.objects().len(), 40);
}

#[test]
fn holes_stay_holes_and_count_in_the_digest() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 10);
    let path = lab.dir.path().join("sparse");
    let mut source = File::create_new(&path).unwrap();
    source.set_len(9 << 20).unwrap();
    source.write_all_at(b"middle", 5 << 20).unwrap();
    let mut source = {
        source.flush().unwrap();
        File::open(&path).unwrap()
    };
    source.seek(SeekFrom::Start(3)).unwrap();
    let content = lab.vault.objects().take(&source).unwrap();
    assert_eq!(source.stream_position().unwrap(), 3, "the cursor stays");
    let whole = fs::read(&path).unwrap();
    assert_eq!(content.content().0, *blake3::hash(&whole).as_bytes());
    assert_eq!(content.len(), 9 << 20);
    let state = Entry::Version {
        file: a,
        content,
        since: Wall(11),
        meta: hygie_model::Metadata::default(),
        fingerprint: print(9 << 20, 11),
    };
    lab.commit(vec![state], 12);
    let object = &lab.objects()[0];
    assert_eq!(fs::read(object).unwrap(), whole);
    let blocks = fs::metadata(object).unwrap().blocks();
    assert!(blocks * 512 < 1 << 20, "{blocks} blocks");
    assert!(lab.vault.usage().bytes < 1 << 20);
}

#[test]
fn a_long_file_is_copied_whole_and_an_empty_one_too() {
    let lab = Lab::new();
    for len in [0_usize, 1, 4095, (1 << 20) - 1, 1 << 20, (3 << 20) + 17] {
        let bytes: Vec<u8> = (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let path = lab.dir.path().join("long");
        fs::write(&path, &bytes).unwrap();
        let pending = lab
            .vault
            .objects()
            .take(&File::open(&path).unwrap())
            .unwrap();
        assert_eq!(pending.len(), len as u64);
        assert_eq!(pending.content().0, *blake3::hash(&bytes).as_bytes());
    }
}

#[test]
fn a_file_shorter_than_it_said_is_copied_to_its_end() {
    // sysfs says 4096 bytes for each of its files.
    let source = File::open("/sys/kernel/uevent_seqnum").unwrap();
    assert_eq!(source.metadata().unwrap().len(), 4096);
    let pending = Lab::new().vault.objects().take(&source).unwrap();
    assert!((1..64).contains(&pending.len()), "{}", pending.len());
}

#[test]
fn many_threads_bring_copies_in() {
    let mut lab = Lab::new();
    let file = lab.file(lab.root, "a", 10);
    let objects = lab.vault.objects();
    let pending: Vec<_> = std::thread::scope(|scope| {
        let copying: Vec<_> = (0..8_u8)
            .map(|i| {
                let objects = objects.clone();
                scope.spawn(move || objects.take_bytes(&[i; 1000]).unwrap())
            })
            .collect();
        copying
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let state = |(content, at): (_, i64)| Entry::Version {
        file,
        content,
        since: Wall(at),
        meta: hygie_model::Metadata::default(),
        fingerprint: print(1000, at),
    };
    lab.commit(pending.into_iter().zip(11..).map(state).collect(), 20);
    assert_eq!(lab.objects().len(), 8);
}

#[test]
fn a_damaged_index_is_named() {
    let lab = Lab::new();
    let (store, Lab { dir, vault, .. }) = (lab.store(), lab);
    drop(vault);
    let index = store.join("index.db");
    let file = File::options().write(true).open(&index).unwrap();
    file.write_all_at(&[0x5a; 4096], 0).unwrap();
    assert!(matches!(Vault::open(&store), Err(VaultError::IndexDamaged { path }) if path == index));
    drop(dir);
}

#[test]
fn a_later_format_is_refused() {
    let lab = Lab::new();
    let (store, Lab { dir, vault, .. }) = (lab.store(), lab);
    drop(vault);
    let db = rusqlite::Connection::open(store.join("index.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert!(matches!(
        Vault::open(&store),
        Err(VaultError::TooNew {
            found: 99,
            known: 2
        })
    ));
    drop(dir);
}
