//! Finding files by a part of their path, and looking into folders, now and as they were.

use std::path::Path;

use hygie_model::{DirId, FileId, Metadata, NodeKind, Wall};

use super::lab::{Lab, born, gone, node};
use crate::{Entry, Finds, Presence, Reader, find::EDGES};

fn found(lab: &Lab, text: &str, most: usize) -> Finds {
    let reader = Reader::open(&lab.store()).unwrap();
    let finds = reader.find(text, most).unwrap();
    for file in &finds.files {
        let history = reader.history(&file.path).unwrap();
        let kept = history
            .iter()
            .filter(|past| past.stored.presence == Presence::Kept);
        assert_eq!(file.versions, kept.count() as u64, "{file:?}");
        // What is told can be asked for.
        let there = reader.lookup(&file.path, None).unwrap();
        assert_eq!(there.until.is_none(), file.present, "{file:?}");
        assert_eq!(there.kind, NodeKind::File);
    }
    finds
}

/// Paths, those that are gone with a dagger.
fn names(finds: &Finds) -> Vec<String> {
    let name = |file: &crate::Seen| {
        let dagger = if file.present { "" } else { "†" };
        format!("{dagger}{}", file.path.display())
    };
    finds.files.iter().map(name).collect()
}

fn listed(lab: &Lab, path: &str, (from, most): (usize, usize)) -> Option<(Vec<String>, bool)> {
    let reader = Reader::open(&lab.store()).unwrap();
    let listing = reader.listing(Path::new(path), from, most).unwrap()?;
    let mut all: Vec<(bool, String)> = listing
        .folders
        .iter()
        .map(|folder| (folder.present, format!("{}/", folder.path.display())))
        .collect();
    let files = listing.files.iter();
    all.extend(files.map(|file| (file.present, file.path.display().to_string())));
    let shown = all.into_iter().map(|(present, path)| {
        let dagger = if present { "" } else { "†" };
        format!("{dagger}{path}")
    });
    Some((shown.collect(), listing.more))
}

#[test]
fn by_name_or_folder_without_capitals_and_accents() {
    let mut lab = Lab::new();
    let folder = lab.dir(lab.root, "Mme Éléonore Łuc", 2_000);
    let letter = lab.file(folder, "Lettre au confrère.odt", 2_010);
    lab.version(letter, b"Cher", 2_011);
    let photo = lab.file(lab.root, "photo.jpg", 2_020);
    lab.version(photo, b"....", 2_021);
    lab.node(NodeKind::Symlink, lab.root, "eleonore-lien", 2_030);
    let path = "/p/Mme Éléonore Łuc/Lettre au confrère.odt";
    for text in [
        "confrere",
        "CONFRÈRE.od",
        "eleonore",
        "  luc ",
        "luc/lettre",
        "/mme",
    ] {
        assert_eq!(names(&found(&lab, text, 9)), [path], "{text}");
    }
    // The protected folder's own path is in all of them, and so in none.
    assert!(found(&lab, "/p/", 9).files.is_empty());
    assert!(found(&lab, "rien", 9).files.is_empty());
    let all = found(&lab, "", 9);
    assert_eq!(names(&all), ["/p/photo.jpg", path]);
    assert!(!all.more);
    let seen = &all.files[1];
    assert_eq!(
        (seen.bytes, seen.changed, seen.versions),
        (4, Wall(2_011), 1)
    );
}

#[test]
fn what_is_there_first_then_what_is_gone_the_newest_first() {
    let mut lab = Lab::new();
    for (name, at) in [("a1", 2_000), ("a2", 2_100), ("a3", 2_200), ("a4", 2_300)] {
        let file = lab.file(lab.root, name, at);
        lab.version(file, name.as_bytes(), at + 1);
    }
    lab.commit(vec![gone(lab.root, "a4", 3_000)], 3_000);
    lab.commit(vec![gone(lab.root, "a1", 3_100)], 3_100);
    let all = ["/p/a3", "/p/a2", "†/p/a1", "†/p/a4"];
    for most in 0..=5 {
        let finds = found(&lab, "a", most);
        assert_eq!(names(&finds), all[..most.min(4)]);
        assert_eq!(finds.more, most < 4);
    }
    assert_eq!(found(&lab, "a", 9).files[2].changed, Wall(3_100));
}

#[test]
fn a_file_saved_by_renaming_is_one_and_a_renamed_one_is_found_by_both_names() {
    let mut lab = Lab::new();
    let first = lab.file(lab.root, "lettre", 2_000);
    lab.version(first, b"one", 2_001);
    let second = lab.file(lab.root, "lettre.tmp", 3_000);
    lab.version(second, b"two", 3_001);
    let batch = vec![
        gone(lab.root, "lettre.tmp", 3_010),
        born(lab.root, "lettre", second.0, 3_010),
    ];
    lab.commit(batch, 3_010);
    // Made and gone again before it had a copy: nothing could be given back.
    lab.file(lab.root, ".lettre.lock", 3_020);
    lab.commit(vec![gone(lab.root, ".lettre.lock", 3_030)], 3_030);
    assert_eq!(
        names(&found(&lab, "lettre", 9)),
        ["/p/lettre", "†/p/lettre.tmp"]
    );
    // As ransomware does.
    let batch = vec![
        gone(lab.root, "lettre", 4_000),
        born(lab.root, "x7f3.enc", second.0, 4_000),
    ];
    lab.commit(batch, 4_000);
    lab.version(second, b"sealed", 4_001);
    let finds = found(&lab, "lettre", 9);
    assert_eq!(names(&finds), ["†/p/lettre", "†/p/lettre.tmp"]);
    assert_eq!(finds.files[0].bytes, 3, "what it was under this name");
    assert_eq!(names(&found(&lab, "X7F3", 9)), ["/p/x7f3.enc"]);
}

#[test]
fn a_renamed_folder_takes_its_files_along_and_a_deleted_one_does_not() {
    let mut lab = Lab::new();
    let old = lab.dir(lab.root, "old", 2_000);
    let a = lab.file(old, "a.txt", 2_010);
    lab.version(a, b"one", 2_011);
    let b = lab.file(old, "b.txt", 2_020);
    lab.version(b, b"two", 2_021);
    lab.commit(vec![gone(old, "b.txt", 2_500)], 2_500);
    let moved = vec![
        gone(lab.root, "old", 3_000),
        born(lab.root, "new", old.0, 3_000),
    ];
    lab.commit(moved, 3_000);
    assert_eq!(
        names(&found(&lab, "txt", 9)),
        ["/p/new/a.txt", "†/p/old/b.txt"]
    );
    assert!(found(&lab, "old/a", 9).files.is_empty());
    // The folder first, as a walk tells it that finds it gone.
    lab.commit(vec![gone(lab.root, "new", 4_000)], 4_000);
    assert_eq!(
        names(&found(&lab, "txt", 9)),
        ["†/p/new/a.txt", "†/p/old/b.txt"]
    );
    let a_gone = Entry::NodeGone {
        id: a.0,
        at: Wall(4_001),
    };
    lab.commit(vec![a_gone], 4_001);
    let again = lab.dir(lab.root, "new", 5_000);
    let finds = found(&lab, "new/a", 9);
    assert_eq!(names(&finds), ["†/p/new/a.txt"]);
    assert_eq!(finds.files[0].changed, Wall(4_000));
    let a2 = lab.file(again, "a.txt", 5_010);
    lab.version(a2, b"three", 5_011);
    assert_eq!(names(&found(&lab, "new/a", 9)), ["/p/new/a.txt"]);
}

#[test]
fn a_folder_that_moved_as_a_whole_is_searched_where_it_stood_too() {
    let mut lab = Lab::new();
    for name in ["a", "b"] {
        let file = lab.file(lab.root, name, 2_000);
        lab.version(file, b"x", 2_001);
    }
    lab.commit(vec![gone(lab.root, "b", 2_500)], 2_500);
    let dir = lab.root;
    let root = |path: &str, at| Entry::Root {
        dir,
        fs: 1,
        path: path.into(),
        at: Wall(at),
    };
    lab.commit(vec![root("/q", 3_000)], 3_000);
    assert_eq!(names(&found(&lab, "", 9)), ["/q/a", "†/p/b"]);
    let reader = Reader::open(&lab.store()).unwrap();
    let roots = reader.roots().unwrap();
    assert_eq!(roots.len(), 1);
    assert_eq!(roots[0].path, Path::new("/q"));
    // Another folder takes its place: what stood there is protected no longer.
    let other = DirId(lab.vault.next_node());
    let batch = vec![
        node(other.0, NodeKind::Dir),
        Entry::Root {
            dir: other,
            fs: 1,
            path: "/q".into(),
            at: Wall(4_000),
        },
    ];
    lab.commit(batch, 4_000);
    assert!(found(&lab, "", 9).files.is_empty());
}

#[test]
fn folders_that_hold_each_other_by_a_wrong_clock_end_the_search() {
    let mut lab = Lab::new();
    let a = lab.dir(lab.root, "a", 2_000);
    let b = lab.dir(a, "b", 2_000);
    lab.commit(vec![born(b, "a", a.0, 2_000)], 2_000);
    let file = lab.file(b, "f", 2_010);
    lab.version(file, b"x", 2_011);
    let reader = Reader::open(&lab.store()).unwrap();
    assert_eq!(names(&reader.find("f", 9).unwrap()), ["/p/a/b/f"]);
    // Deeper than is walked: said, not hidden.
    let mut deep = lab.root;
    for _ in 0..300 {
        deep = lab.dir(deep, "d", 3_000);
    }
    lab.file(deep, "deepest", 3_010);
    let finds = found(&lab, "deepest", 9);
    assert!(finds.more && finds.files.is_empty());
}

#[test]
fn a_time_that_a_program_made_up_is_not_newer_than_the_copy() {
    let mut lab = Lab::new();
    let file = lab.file(lab.root, "f", 2_000);
    for (mtime_ns, expected) in [(9_000_000, 2_100), (1_500, 1_500)] {
        let Entry::Version {
            content,
            since,
            fingerprint,
            ..
        } = lab.state(file, &expected.to_string().into_bytes(), 2_100)
        else {
            unreachable!()
        };
        let meta = Metadata {
            mtime_ns,
            ..Metadata::default()
        };
        let entry = Entry::Version {
            file,
            content,
            since,
            meta,
            fingerprint,
        };
        lab.commit(vec![entry], 2_100);
        assert_eq!(found(&lab, "f", 1).files[0].changed, Wall(expected));
    }
}

#[test]
fn a_folder_is_listed_page_by_page() {
    let mut lab = Lab::new();
    for name in ["Été", "archives"] {
        lab.dir(lab.root, name, 2_000);
    }
    for name in ["b", "Écho", "a", "z", "y"] {
        let file = lab.file(lab.root, name, 2_000);
        lab.version(file, name.as_bytes(), 2_001);
    }
    lab.commit(vec![gone(lab.root, "z", 3_000)], 3_000);
    let again = lab.file(lab.root, "z", 3_100);
    lab.version(again, b"z again", 3_101);
    for (name, at) in [("z", 3_200), ("y", 3_300), ("archives", 3_400)] {
        lab.commit(vec![gone(lab.root, name, at)], at);
    }
    let all = [
        "/p/Été/",
        "/p/a",
        "/p/b",
        "/p/Écho",
        "†/p/archives/",
        "†/p/y",
        "†/p/z",
    ];
    for from in 0..all.len() {
        for most in 1..=all.len() {
            let until = (from + most).min(all.len());
            let (mut shown, more) = listed(&lab, "/p", (from, most)).unwrap();
            let mut expected = all[from..until].to_vec();
            // Folders and files are told apart.
            shown.sort_unstable();
            expected.sort_unstable();
            assert_eq!((shown, more), (owned(&expected), until < all.len()));
        }
    }
    let reader = Reader::open(&lab.store()).unwrap();
    let listing = reader.listing(Path::new("/p"), 0, 9).unwrap().unwrap();
    let last = listing.files.last().unwrap();
    assert_eq!(
        (last.bytes, last.changed, last.versions),
        (7, Wall(3_200), 2)
    );
    assert_eq!(listed(&lab, "/p/nothing", (0, 9)), None);
    assert_eq!(listed(&lab, "/p/a", (0, 9)), None, "no folder");
    assert_eq!(listed(&lab, "/p/Été/../a", (0, 9)), None);
    assert_eq!(listed(&lab, "/elsewhere", (0, 9)), None);
}

#[test]
fn a_folder_that_is_gone_shows_what_was_in_it() {
    let mut lab = Lab::new();
    let old = lab.dir(lab.root, "old", 2_000);
    lab.dir(old, "sub", 2_000);
    let a = lab.file(old, "a", 2_010);
    lab.version(a, b"one", 2_011);
    let moved = vec![
        gone(lab.root, "old", 3_000),
        born(lab.root, "new", old.0, 3_000),
    ];
    lab.commit(moved, 3_000);
    let (shown, _) = listed(&lab, "/p/old", (0, 9)).unwrap();
    assert_eq!(shown, ["†/p/old/sub/", "†/p/old/a"]);
    // Another one of this name is no place of what moved.
    lab.dir(lab.root, "old", 4_000);
    assert!(listed(&lab, "/p/old", (0, 9)).unwrap().0.is_empty());
    let (shown, _) = listed(&lab, "/p/new", (0, 9)).unwrap();
    assert_eq!(shown, ["/p/new/sub/", "/p/new/a"]);
}

#[test]
fn renaming_without_end_does_not_hide_what_is_there() {
    let mut lab = Lab::new();
    let dir = lab.dir(lab.root, "d0", 2_000);
    let mut batch = Vec::new();
    for number in 1..400_i64 {
        let at = 2_000 + number;
        batch.push(gone(lab.root, &format!("d{}", number - 1), at));
        batch.push(born(lab.root, &format!("d{number}"), dir.0, at));
    }
    lab.commit(batch, 2_400);
    let mut batch = Vec::new();
    for number in 0..3_000 {
        let id = lab.vault.next_node();
        batch.push(node(id, NodeKind::File));
        // Born before the renames: it was in each of the former folders.
        batch.push(born(dir, &format!("f{number}"), id, 2_000));
    }
    lab.commit(batch, 2_400);
    let finds = found(&lab, "f2999", 9);
    assert_eq!(names(&finds), ["/p/d399/f2999"]);
    assert!(finds.more, "it was not walked through to the end");
}

#[test]
fn former_names_of_a_folder_are_looked_at_within_a_bound() {
    let mut lab = Lab::new();
    let dir = lab.dir(lab.root, "d", 2_000);
    let mut batch = Vec::new();
    for number in 0..600_i64 {
        let at = 3_000 + 2 * number;
        batch.push(gone(lab.root, "d", at));
        batch.push(born(lab.root, "d", dir.0, at + 1));
    }
    // None of them was in one of the former folders: looking there is work all the same.
    for number in 0..3_000 {
        let id = lab.vault.next_node();
        batch.push(node(id, NodeKind::File));
        batch.push(born(dir, &format!("f{number:04}"), id, 5_000));
    }
    lab.commit(batch, 5_000);
    let finds = found(&lab, "f2999", 9);
    assert_eq!(names(&finds), ["/p/d/f2999"]);
    assert!(finds.more);
    let (shown, more) = listed(&lab, "/p/d", (0, 2)).unwrap();
    assert_eq!(shown, ["/p/d/f0000", "/p/d/f0001"]);
    assert!(more);
}

#[test]
fn a_search_sorts_nothing() {
    let lab = Lab::new();
    let reader = Reader::open(&lab.store()).unwrap();
    let plan: Vec<String> = reader
        .read(|db| {
            db.prepare(&format!("EXPLAIN QUERY PLAN {EDGES}"))?
                .query_map([1, 2, 3], |row| row.get(3))?
                .collect()
        })
        .unwrap();
    let plan = plan.join("; ");
    assert!(plan.contains("edge_of_parent"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
#[ignore = "200,000 names; shows how long it takes"]
fn heavy_a_large_practice_is_searched() {
    let mut lab = Lab::new();
    for folder in 0..2_000 {
        let dir = lab.dir(lab.root, &format!("Patient Éloïse {folder}"), 2_000);
        let mut batch = Vec::new();
        for number in 0..100 {
            let id = lab.vault.next_node();
            batch.push(node(id, NodeKind::File));
            batch.push(born(dir, &format!("ordonnance {number}.odt"), id, 2_001));
            if number % 10 == 0 {
                batch.push(lab.state(FileId(id), b"x", 2_002));
            }
        }
        lab.commit(batch, 2_002);
    }
    for text in ["eloise 1999/ordonnance 42", "rien de tel", "", "ordonnance"] {
        let began = std::time::Instant::now();
        let finds = found(&lab, text, 200);
        let (count, more) = (finds.files.len(), finds.more);
        println!(
            "{text:?}: {count} found, more: {more}, {:?}",
            began.elapsed()
        );
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
