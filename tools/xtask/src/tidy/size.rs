//! Law: a file stays small enough to be read at one sitting.

use super::Finding;
use super::source;
use super::tree::Tree;

/// Reports files that are too long, and inline tests that want a file of their own.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    tree.texts(".rs")
        .filter_map(|(path, text)| of_file(path, text))
        .collect()
}

fn of_file(path: &str, text: &str) -> Option<Finding> {
    let all = text.lines().count();
    if all <= MOST_TEST_LINES {
        return None;
    }
    let tests = inline_test_lines(text);
    let lines = all - tests;
    if lines > HARD {
        let what = format!("{lines} lines without its inline tests, {HARD} at most: split it");
        Some(Finding::broken(path, what))
    } else if lines > WARN && !is_test_file(path) {
        Some(Finding::look(
            path,
            format!("{lines} lines without its inline tests; aim at 250"),
        ))
    } else if tests > MOST_TEST_LINES {
        Some(Finding::look(
            path,
            format!("{tests} lines of inline tests: give them a file"),
        ))
    } else {
        None
    }
}

fn inline_test_lines(text: &str) -> usize {
    let ranges = source::tokens(text)
        .map(|trees| source::test_lines(&trees))
        .unwrap_or_default();
    ranges.into_iter().map(Iterator::count).sum()
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("tests.rs") || path.split('/').any(|folder| folder == "tests")
}

const HARD: usize = 800;
const WARN: usize = 600;
const MOST_TEST_LINES: usize = 150;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::Weight;

    fn weight(path: &str, code: usize, tests: usize) -> Option<Weight> {
        let mut text = "fn f() {}\n".repeat(code);
        if tests > 0 {
            text += "#[cfg(test)]\nmod tests {\n";
            text += &"fn g() {}\n".repeat(tests - 3);
            text += "}\n";
        }
        law(&Tree::of_files(&[(path, &text)]))
            .first()
            .map(|finding| finding.weight)
    }

    #[test]
    fn small_files_are_accepted() {
        assert_eq!(weight("a/src/lib.rs", 10, 0), None);
        assert_eq!(weight("a/src/lib.rs", 600, 0), None);
        assert_eq!(weight("a/src/lib.rs", 600, 150), None);
        assert_eq!(weight("tests/law.rs", 700, 0), None);
        assert_eq!(weight("a/src/write/tests.rs", 700, 0), None);
    }

    #[test]
    fn long_files_are_pointed_at() {
        assert_eq!(weight("a/src/lib.rs", 601, 0), Some(Weight::Look));
        assert_eq!(weight("a/src/lib.rs", 800, 0), Some(Weight::Look));
        assert_eq!(weight("a/src/lib.rs", 100, 151), Some(Weight::Look));
    }

    #[test]
    fn too_long_files_are_refused() {
        assert_eq!(weight("a/src/lib.rs", 801, 0), Some(Weight::Broken));
        assert_eq!(weight("a/src/lib.rs", 801, 100), Some(Weight::Broken));
        assert_eq!(weight("tests/law.rs", 801, 0), Some(Weight::Broken));
    }
}
