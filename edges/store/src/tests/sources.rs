//! Every statement of the store, taken from its source: none may forget the practice, none may scan a table.
//! From the source, so that a statement that no case runs is held to it too.

use std::{fs, path::Path};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, sqlite::SqliteConnectOptions};

use super::lab::run;
use crate::{Store, migrations::STEPS};

/// The statements of a practice, with the file and the name of each.
fn statements() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![root.join("store.rs"), root.join("practice.rs")];
    for folder in ["verbs", "append"] {
        files.extend(
            fs::read_dir(root.join(folder))
                .unwrap()
                .map(|it| it.unwrap().path()),
        );
    }
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for part in text.split("const ").skip(1) {
            let Some((name, rest)) = part.split_once(": &str =") else {
                continue;
            };
            let sql = rest.split('"').nth(1).unwrap();
            let is_sql = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "]
                .iter()
                .any(|verb| sql.trim_start().starts_with(verb));
            if is_sql {
                let place = format!("{} {name}", file.file_name().unwrap().display());
                found.push((place, sql.to_owned()));
            }
        }
    }
    found
}

/// What is before all practices.
const BEFORE_PRACTICES: [&str; 9] = [
    "store.rs CREATE",
    "store.rs CREATE_STREAM",
    "store.rs PRACTICES",
    "store.rs OF_HOST",
    "setup.rs READ",
    "setup.rs BEGIN",
    "setup.rs USE",
    "setup.rs MISSED",
    "setup.rs FINISH",
];

#[test]
fn every_statement_names_the_practice() {
    let all = statements();
    assert!(
        all.len() > 90,
        "{} found: does this still read the source?",
        all.len()
    );
    for (place, sql) in all {
        if BEFORE_PRACTICES.contains(&place.as_str()) {
            continue;
        }
        let names = if sql.trim_start().starts_with("INSERT") {
            sql.contains("(practice, ")
                && (sql.contains("VALUES ($1, ") || sql.contains("SELECT $1, "))
        } else {
            sql.contains("practice = $1")
        };
        assert!(names, "{place} does not name the practice: {sql}");
    }
}

#[test]
fn no_statement_scans_a_table() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        let store = Store::open_sqlite(dir.path()).await.unwrap();
        let options = SqliteConnectOptions::new().filename(store.file().unwrap());
        let mut db = options.read_only(true).connect().await.unwrap();
        for (place, sql) in statements() {
            // The list of practices is read whole; UNNEST is PostgreSQL's.
            let postgres = ["insert.rs UNNEST", "insert.rs COUNT_UNNEST"];
            if place == "store.rs PRACTICES" || postgres.contains(&place.as_str()) {
                continue;
            }
            let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
                .fetch_all(&mut db)
                .await
                .unwrap_or_else(|error| panic!("{place}: {error}"));
            let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            let scans = steps
                .iter()
                .any(|step| step.starts_with("SCAN ") && step != "SCAN oldest");
            assert!(!scans, "{place}: {steps:?}");
            // A sort of what the index did not order: only short lists may.
            let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
            assert!(
                !sorts || SHORT.contains(&place.as_str()),
                "{place}: {steps:?}"
            );
        }
        store.close().await.unwrap();
    });
}

/// Lists that are as long as a practice has people, devices, keys, sessions, losses or commands that wait.
const SHORT: [&str; 7] = [
    "people.rs ALL",
    "devices.rs ALL",
    "credentials.rs OF_PERSON",
    "signals.rs LOSSES",
    "sessions.rs OF_PERSON",
    "duties.rs ALL",
    "commands.rs OPEN",
];

#[test]
fn the_schema_keeps_to_the_common_ground() {
    for step in STEPS {
        let code: String = step
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join("\n");
        for word in [
            "SERIAL",
            "AUTOINCREMENT",
            "INTEGER",
            "BOOLEAN",
            "JSONB",
            "BLOB",
            "TIMESTAMP",
            "DEFAULT",
            "ROWID",
            "[]",
            "NOW()",
        ] {
            assert!(
                !code.to_uppercase().contains(word),
                "{word} is one engine's alone"
            );
        }
        for table in code.split("CREATE TABLE ").skip(1) {
            let name = table.split_whitespace().next().unwrap();
            assert!(
                name == "setup"
                    || table.contains("PRIMARY KEY (practice")
                    || table.contains("practice UUID PRIMARY KEY"),
                "the key of {name} does not begin with the practice"
            );
        }
        for index in code.split("INDEX ").skip(1) {
            let columns = index.split_once('(').unwrap().1;
            assert!(
                columns.starts_with("practice") || columns.starts_with("host)"),
                "{index}"
            );
        }
    }
}
