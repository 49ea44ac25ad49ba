//! By which index SQLite finds what each fact asks for: work that grows with the store would stop the guard.

use super::lab::Lab;
use crate::{batch::SAME_NAME, index::OPEN};

/// 65,000 names of one file once kept the store busy for minutes, and every copy waited.
#[test]
fn a_name_is_looked_up_in_its_folder() {
    let lab = Lab::new();
    let mut plan = lab
        .vault
        .db
        .prepare(&format!("EXPLAIN QUERY PLAN {SAME_NAME}"))
        .unwrap();
    let steps: Vec<String> = plan
        .query_map((1, b"name", 2, OPEN), |row| row.get(3))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        steps,
        ["SEARCH edge USING INDEX edge_of_parent (parent=? AND name=? AND gone=?)"]
    );
}
