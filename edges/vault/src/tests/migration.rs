//! An index of format 1: read as it is, brought to the newest format by a writer, nothing lost.

use std::{fs, path::Path};

use hygie_model::{FileId, Wall};
use rusqlite::Connection;

use super::lab::Lab;
use crate::{Reader, Vault};

/// What a table holds, as text.
fn rows(db: &Connection, table: &str) -> Vec<String> {
    let mut query = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = query.column_count();
    query
        .query_map([], |row| {
            let cells = (0..columns).map(|column| format!("{:?}", row.get_ref(column)));
            Ok(cells.collect::<Vec<_>>().join(" "))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

const TABLES: [&str; 8] = [
    "counter", "node", "root", "edge", "object", "rights", "version", "folder",
];

/// Makes the index what a program of format 1 had left.
fn set_back(store: &Path) -> Vec<Vec<String>> {
    let db = Connection::open(store.join("index.db")).unwrap();
    let old = Connection::open(store.join("old.db")).unwrap();
    old.execute_batch(include_str!("../schema.sql")).unwrap();
    old.execute_batch("DELETE FROM counter").unwrap();
    let before: Vec<_> = TABLES.map(|table| rows(&db, table)).into();
    drop(old);
    db.execute("ATTACH ?1 AS old", [store.join("old.db").to_str().unwrap()])
        .unwrap();
    for table in TABLES {
        db.execute_batch(&format!(
            "INSERT INTO old.{table} SELECT * FROM main.{table}"
        ))
        .unwrap();
    }
    db.execute_batch("PRAGMA old.user_version = 1; DETACH old")
        .unwrap();
    drop(db);
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(store.join(format!("index.db{suffix}")));
    }
    fs::rename(store.join("old.db"), store.join("index.db")).unwrap();
    before
}

#[test]
fn all_that_was_kept_before_is_kept_after() {
    let mut lab = Lab::new();
    let a = lab.file(lab.root, "a", 2_000);
    let names = [lab.version(a, b"one", 2_001), lab.version(a, b"two", 2_002)];
    let (
        store,
        Lab {
            dir, vault, root, ..
        },
    ) = (lab.store(), lab);
    drop(vault);
    let before = set_back(&store);
    let past = |reader: &Reader| -> Vec<_> {
        let versions = reader.versions(a).unwrap();
        versions
            .iter()
            .map(|past| past.stored.version.name)
            .collect()
    };

    // A reader that comes first changes nothing.
    let reader = Reader::open(&store).unwrap();
    assert_eq!(past(&reader), [names[1], names[0]]);
    assert!(reader.check(&mut |_| {}).unwrap().is_sound());
    assert!(reader.base(a).unwrap().is_none());
    let to = dir.path().join("to");
    let plan = reader.plan_version(names[0], &to).unwrap();
    assert!(plan.run(&reader).unwrap().is_whole());
    assert_eq!(fs::read(&to).unwrap(), b"one");
    assert_eq!(
        reader.holders(names[0].content).unwrap(),
        [Path::new("/p/a")]
    );
    drop(reader);

    drop(Vault::open(&store).unwrap());
    let db = Connection::open(store.join("index.db")).unwrap();
    let format: i64 = db
        .query_row("SELECT user_version FROM pragma_user_version", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(format, 2);
    let after: Vec<_> = TABLES.map(|table| rows(&db, table)).into();
    assert_eq!(after, before);
    drop(db);
    let reader = Reader::open(&store).unwrap();
    assert_eq!(past(&reader), [names[1], names[0]]);
    assert!(reader.check(&mut |_| {}).unwrap().is_sound());
    assert_eq!(reader.tree_at(root, Some(Wall(2_003))).unwrap().len(), 1);
    assert!(reader.state_at(FileId(a.0), None).unwrap().is_some());
}
