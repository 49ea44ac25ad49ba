//! Law: the code map of ARCHITECTURE.md names each crate exactly once, and none that is gone.

use super::Finding;
use super::tree::Tree;

/// Reports crates that the code map misses, names twice or invents.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::broken(
            FILE,
            "is missing: the code map has to name each crate",
        )];
    };
    let Some(map) = code_map(text) else {
        return vec![Finding::broken(
            FILE,
            "has no heading with the words \"code map\"",
        )];
    };
    let named: Vec<&str> = map.split('`').skip(1).step_by(2).collect();
    let names: Vec<&str> = tree.crates().iter().map(|one| one.name.as_str()).collect();
    let miscounted = names.iter().filter_map(|name| {
        let times = named.iter().filter(|word| word == &name).count();
        (times != 1).then(|| format!("the code map names `{name}` {times} times, once is right"))
    });
    let invented = named
        .iter()
        .filter(|word| word.starts_with("hygie-") && !names.contains(word))
        .map(|word| format!("the code map names `{word}`, which is no crate of the workspace"));
    miscounted
        .chain(invented)
        .map(|what| Finding::broken(FILE, what))
        .collect()
}

/// The part under the heading, up to the next heading of the same or a higher rank.
fn code_map(text: &str) -> Option<&str> {
    let (mut start, mut at, mut rank) = (None, 0, 0);
    for line in text.split_inclusive('\n') {
        let level = line.chars().take_while(|&c| c == '#').count();
        match start {
            None if level > 0 && line.to_lowercase().contains("code map") => {
                (start, rank) = (Some(at + line.len()), level);
            }
            Some(begin) if level > 0 && level <= rank => return text.get(begin..at),
            _ => {}
        }
        at += line.len();
    }
    text.get(start?..)
}

const FILE: &str = "ARCHITECTURE.md";

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<String> {
        let tree = Tree::of_files(&[(FILE, text)])
            .with_crate("hygie", "apps/hygie", &[])
            .with_crate("hygie-model", "model", &[]);
        law(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn each_crate_once_is_accepted() {
        for text in [
            "# A\n`hygie-model` and `hygie`\n## Code map\n- `model/`: `hygie-model`\n- `hygie`\n## Holes\n`hygie`\n",
            "# The code map\n### Model\n`hygie-model`\n### Apps\n`hygie`\n",
        ] {
            assert_eq!(whats(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn missed_doubled_and_invented_names_are_refused() {
        for (text, wanted) in [
            (
                "## Code map\n`hygie-model`\n## B\n`hygie`\n",
                "`hygie` 0 times",
            ),
            (
                "## Code map\n`hygie-model` `hygie` `hygie`\n",
                "`hygie` 2 times",
            ),
            (
                "## Code map\n`hygie-model` `hygie` `hygie-scan`\n",
                "`hygie-scan`, which is no crate",
            ),
            ("# Words\n`hygie-model` `hygie`\n", "no heading"),
        ] {
            let found = whats(text);
            assert!(
                found.len() == 1 && found[0].contains(wanted),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn a_missing_file_is_refused() {
        assert_eq!(law(&Tree::default()).len(), 1);
    }
}
