//! By which index SQLite finds what each fact asks for: work that grows with the store would stop the guard.

use rusqlite::Params;

use super::lab::Lab;
use crate::{batch::SAME_NAME, history::TWINS, index::OPEN};

fn steps(query: &str, values: impl Params) -> Vec<String> {
    let lab = Lab::new();
    let mut plan = lab
        .vault
        .db
        .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
        .unwrap();
    plan.query_map(values, |row| row.get(3))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// 65,000 names of one file once kept the store busy for minutes, and every copy waited.
#[test]
fn a_name_is_looked_up_in_its_folder() {
    assert_eq!(
        steps(SAME_NAME, (1, b"name", 2, OPEN)),
        ["SEARCH edge USING INDEX edge_of_parent (parent=? AND name=? AND gone=?)"]
    );
}

/// The judge asks for each deletion.
#[test]
fn twins_are_looked_up_by_their_content() {
    let steps = steps(TWINS, (1, 2, OPEN));
    let touched = |step: &&String| step.starts_with("SEARCH") || step.starts_with("SCAN");
    let touching: Vec<&String> = steps.iter().filter(touched).collect();
    assert_eq!(
        touching,
        [
            "SEARCH version USING INDEX version_of_object (object=?)",
            "SCAN one",
            "SEARCH version USING COVERING INDEX version_of_file (file=? AND seq>?)",
            "SEARCH node EXISTS USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH edge EXISTS USING COVERING INDEX edge_of_child (child=? AND gone=?)",
        ]
    );
    assert!(
        !steps.iter().any(|step| step.contains("TEMP B-TREE")),
        "{steps:?}"
    );
}
