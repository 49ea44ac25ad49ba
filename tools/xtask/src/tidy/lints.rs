//! Law: every crate takes the lints of the workspace, and the engines' clippy.toml repeats the root's.

use super::Finding;
use super::tree::Tree;

/// Reports crates without the lints, and lines of the root's clippy.toml that the engines miss.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    let manifests = tree.crates().iter().filter_map(|one| {
        let path = format!("{}/Cargo.toml", one.folder);
        let text = tree.text(&path)?;
        (!takes_lints(&one.folder, text))
            .then(|| Finding::broken(path, "must say `[lints] workspace = true`"))
    });
    manifests.chain(missed_by_engines(tree)).collect()
}

/// Two crates hold unsafe code, so they carry a table of their own.
fn takes_lints(folder: &str, manifest: &str) -> bool {
    let lines: Vec<&str> = manifest.lines().map(str::trim).collect();
    let shared = lines
        .windows(2)
        .any(|pair| pair == ["[lints]", "workspace = true"]);
    shared || (WITH_UNSAFE.contains(&folder) && manifest.contains("undocumented_unsafe_blocks"))
}

/// Clippy reads the nearest file alone: it does not merge them.
fn missed_by_engines(tree: &Tree) -> Vec<Finding> {
    let (Some(root), Some(engines)) = (tree.text("clippy.toml"), tree.text(ENGINES)) else {
        return vec![Finding::broken(
            ENGINES,
            "is missing, or the clippy.toml at the root is",
        )];
    };
    root.lines()
        .filter(|line| line.contains(" = ") && !line.starts_with('#'))
        .filter(|line| !engines.lines().any(|other| other == *line))
        .map(|line| Finding::broken(ENGINES, format!("must repeat `{line}` of the root's")))
        .collect()
}

const ENGINES: &str = "engines/clippy.toml";
const WITH_UNSAFE: [&str; 2] = ["edges/platform", "attacks"];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &str, manifest: &str, engines: &str) -> usize {
        let path = format!("{folder}/Cargo.toml");
        let tree = Tree::of_files(&[
            (&path, manifest),
            ("clippy.toml", "# why\na = 1\nb = true\n"),
            (ENGINES, engines),
        ]);
        law(&tree.with_crate("c", folder, &[])).len()
    }

    #[test]
    fn shared_tables_and_the_two_exceptions_are_accepted() {
        assert_eq!(
            found(
                "model",
                "[lints]\nworkspace = true\n",
                "a = 1\nb = true\nc = []\n"
            ),
            0
        );
        let own = "[lints.clippy]\nundocumented_unsafe_blocks = \"deny\"\n";
        assert_eq!(found("edges/platform", own, "a = 1\nb = true\n"), 0);
        assert_eq!(found("attacks", own, "a = 1\nb = true\n"), 0);
    }

    #[test]
    fn missing_tables_and_lines_are_refused() {
        assert_eq!(found("model", "[package]\n", "a = 1\nb = true\n"), 1);
        assert_eq!(
            found(
                "edges/vault",
                "[lints.clippy]\nundocumented_unsafe_blocks = \"deny\"\n",
                "a = 1\nb = true\n"
            ),
            1
        );
        assert_eq!(found("attacks", "[lints.rust]\n", "a = 1\nb = true\n"), 1);
        assert_eq!(found("model", "[lints]\nworkspace = true\n", "a = 2\n"), 2);
        assert_eq!(law(&Tree::default()).len(), 1);
    }
}
