//! Law: no path of the machine that built this stands in a file of the project.

use super::Finding;
use super::tree::Tree;

/// Reports lines with such a path.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, bytes) in tree.files() {
        for (number, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            if FOLDERS
                .iter()
                .any(|folder| has_root_folder(line, folder.as_bytes()))
            {
                let place = format!("{path}:{}", number + 1);
                found.push(Finding::broken(
                    place,
                    "has a path of the machine that built it",
                ));
            }
        }
    }
    found
}

/// True where the folder stands at the root of a path, not within one.
fn has_root_folder(line: &[u8], folder: &[u8]) -> bool {
    line.windows(folder.len()).enumerate().any(|(at, part)| {
        let before = at.checked_sub(1).and_then(|at| line.get(at));
        let within =
            before.is_some_and(|&byte| byte.is_ascii_alphanumeric() || b"_.*}-".contains(&byte));
        part == folder && !within
    })
}

/// Spelt so that this file does not break its own law.
const FOLDERS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/fa", "rm/")];

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> usize {
        law(&Tree::of_files(&[("docs/a.md", text)])).len()
    }

    #[test]
    fn a_path_at_the_root_is_refused() {
        for folder in FOLDERS {
            assert_eq!(lines(&format!("{folder}main")), 1);
            assert_eq!(lines(&format!("see `{folder}x`\nand \"{folder}y\"")), 2);
        }
    }

    #[test]
    fn a_folder_within_a_path_is_accepted() {
        for folder in FOLDERS {
            assert_eq!(lines(&format!("home{folder}x")), 0);
            assert_eq!(lines(&format!("..{folder}x")), 0);
        }
        assert_eq!(lines("framework, workflow, /workshop/"), 0);
    }
}
