//! The practice tree is what it claims, and a snapshot sees every change.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use hygie_testkit::{Arena, Difference, Kind, SealedTree, Snapshot};

fn made(seed: u64, files: usize) -> (tempfile::TempDir, Snapshot) {
    let folder = tempfile::tempdir().expect("a folder");
    SealedTree::new(seed)
        .files(files)
        .make(folder.path())
        .expect("a tree");
    let snapshot = Snapshot::of(folder.path()).expect("a snapshot");
    (folder, snapshot)
}

#[test]
fn a_seed_makes_the_same_tree() {
    let (first, second, other) = (made(5, 40), made(5, 40), made(6, 40));
    first.1.assert_same(&second.1);
    assert_ne!(first.1.contents(), other.1.contents());
}

#[test]
fn it_has_what_real_disks_have() {
    let (folder, snapshot) = made(5, 40);
    let entries = snapshot.entries();
    let files: Vec<_> = entries
        .iter()
        .filter(|(_, entry)| entry.kind == Kind::File)
        .collect();
    assert!(files.len() > 50);
    assert!(files.iter().any(|(_, entry)| entry.size == 0));
    assert!(files.iter().all(|(_, entry)| entry.size <= 1_200_000));
    assert!(
        files.iter().any(|(path, _)| path.to_str().is_none()),
        "a name that is not UTF-8"
    );
    assert!(
        files
            .iter()
            .any(|(path, _)| path.as_os_str().as_bytes().contains(&b'\n'))
    );
    assert_eq!(
        files
            .iter()
            .filter(|(_, entry)| entry.same_as.is_some())
            .count(),
        3
    );
    assert_eq!(
        entries
            .values()
            .filter(|entry| entry.kind == Kind::Link)
            .count(),
        2
    );
    assert!(
        entries
            .values()
            .any(|entry| entry.xattrs.contains_key("user.octets"))
    );
    use std::os::unix::fs::MetadataExt;
    let sparse = folder
        .path()
        .join("Divers/creux.img")
        .metadata()
        .expect("the sparse file");
    assert!(sparse.blocks() * 512 < sparse.len());
}

#[test]
fn files_begin_as_their_kind_does() {
    let (folder, snapshot) = made(5, 40);
    let magic: &[(&str, &[u8])] = &[
        ("pdf", b"%PDF-1.4"),
        ("png", b"\x89PNG\r\n\x1a\n"),
        ("jpg", b"\xff\xd8\xff\xe0"),
        ("docx", b"PK\x03\x04"),
        ("db", b"SQLite format 3\0"),
        ("rtf", b"{\\rtf1"),
        ("html", b"<!DOCTYPE html>"),
    ];
    for path in snapshot.entries().keys() {
        let ending = path.extension().unwrap_or_default();
        let whole = folder.path().join(path);
        if let Some((_, start)) = magic.iter().find(|(known, _)| *known == ending) {
            assert!(
                std::fs::read(&whole).expect("read").starts_with(start),
                "{}",
                path.display()
            );
        }
        if ending == "dcm" {
            assert_eq!(
                std::fs::read(&whole).expect("read").get(128..132),
                Some(&b"DICM"[..])
            );
        }
        if ending == "db" {
            let open = rusqlite::Connection::open(&whole).expect("open");
            let fine: String = open
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .expect("check");
            assert_eq!(fine, "ok");
        }
    }
}

#[test]
fn a_snapshot_names_each_change() {
    let (folder, before) = made(5, 3);
    let at = |name: &str| folder.path().join("Divers").join(name);
    std::fs::write(at("un octet"), "y").expect("write");
    std::fs::remove_file(at("un bloc.bin")).expect("remove");
    std::fs::write(at("neuf"), "").expect("write");
    std::fs::set_permissions(at("vide.txt"), PermissionsExt::from_mode(0o600)).expect("chmod");
    rustix::fs::setxattr(
        at("étiqueté.txt"),
        "user.octets",
        b"other",
        rustix::fs::XattrFlags::empty(),
    )
    .expect("xattr");
    std::fs::remove_file(at("deux noms (bis).txt")).expect("remove");
    std::fs::copy(at("deux noms.txt"), at("deux noms (bis).txt")).expect("copy");
    std::fs::remove_file(at("raccourci rompu")).expect("remove");
    std::os::unix::fs::symlink("ailleurs", at("raccourci rompu")).expect("symlink");
    let differences = before.diff(&Snapshot::of(folder.path()).expect("a snapshot"));
    let text: Vec<String> = differences.iter().map(ToString::to_string).collect();
    let has = |start: &str, field: &str| {
        text.iter()
            .any(|line| line.starts_with(start) && line.contains(field))
    };
    assert!(has("~ Divers/un octet", "content: "), "{text:#?}");
    assert!(has("- Divers/un bloc.bin", ""), "{text:#?}");
    assert!(has("+ Divers/neuf", ""), "{text:#?}");
    assert!(has("~ Divers/vide.txt", "mode: 0644 -> 0600"), "{text:#?}");
    assert!(has("~ Divers/étiqueté.txt", "xattrs: "), "{text:#?}");
    assert!(
        has("~ Divers/deux noms (bis).txt", "same file as: "),
        "{text:#?}"
    );
    assert!(has("~ Divers/raccourci rompu", "target: "), "{text:#?}");
    assert!(
        differences
            .iter()
            .all(|line| !matches!(line, Difference::Changed(_, fields) if fields.is_empty()))
    );
    before.assert_same(&before);
}

#[test]
fn an_arena_has_its_parts_and_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let uid = rustix::process::geteuid().as_raw();
    let arena = Arena::make(folder.path(), uid, &SealedTree::new(2).files(4)).expect("an arena");
    assert_eq!(
        std::fs::read_to_string(arena.path().join(".hygie-arena")).expect("a marker"),
        arena.nonce()
    );
    assert_eq!(arena.nonce().len(), 32);
    assert!(arena.outside().is_dir());
    assert!(!arena.snapshot().expect("a snapshot").entries().is_empty());
    let path = arena.path().to_owned();
    arena.remove().expect("remove");
    assert!(!Path::new(&path).exists());
}
