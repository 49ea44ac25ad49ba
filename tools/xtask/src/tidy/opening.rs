//! Law: every source file opens with one `//!` line that says what it is for.

use super::Finding;
use super::tree::Tree;

/// Reports sources that open with something else.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    tree.texts(".rs")
        .filter(|(_, text)| !opens_well(text))
        .map(|(path, _)| {
            Finding::broken(path, "must open with a `//!` line that says what it is for")
        })
        .collect()
}

fn opens_well(text: &str) -> bool {
    text.lines()
        .next()
        .and_then(|line| line.strip_prefix("//!"))
        .is_some_and(|words| !words.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_words_is_accepted() {
        for text in [
            "//! What it is.\n",
            "//! What it is.\n//!\n//! More.\nfn main() {}\n",
            "//! Fuzz.\n#![no_main]\n",
        ] {
            assert!(
                law(&Tree::of_files(&[("model/src/lib.rs", text)])).is_empty(),
                "{text:?}"
            );
        }
        assert!(law(&Tree::of_files(&[("README.md", "no source")])).is_empty());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "fn main() {}\n",
            "// A comment.\n",
            "/// A doc.\nfn main() {}\n",
            "//!\n",
            "\n//! Late.\n",
            "#![no_main]\n//! Late.\n",
        ] {
            assert_eq!(
                law(&Tree::of_files(&[("model/src/lib.rs", text)])).len(),
                1,
                "{text:?}"
            );
        }
    }
}
