//! Law: there is a message catalogue in French and one in English.

use super::Finding;
use super::tree::Tree;

/// Reports a language without sentences. That both say the same things is a test of `hygie-text`.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    LANGUAGES
        .into_iter()
        .filter(|language| {
            !tree
                .texts(".ftl")
                .any(|(path, text)| is_in(path, language) && text.contains(" ="))
        })
        .map(|language| {
            Finding::broken(
                FOLDER,
                format!("has no message in the language `{language}`"),
            )
        })
        .collect()
}

/// `…/fr.ftl`, `…/fr-FR.ftl` or `…/fr/up.ftl`.
fn is_in(path: &str, language: &str) -> bool {
    path.strip_prefix(FOLDER).is_some_and(|rest| {
        rest.split('/').any(|part| {
            let stem = part.strip_suffix(".ftl").unwrap_or(part);
            stem.split('-').next() == Some(language)
        })
    })
}

const FOLDER: &str = "edges/text/";
const LANGUAGES: [&str; 2] = ["fr", "en"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_languages_are_accepted() {
        for (french, english) in [
            ("fr.ftl", "en.ftl"),
            ("messages/fr/up.ftl", "messages/en/up.ftl"),
            ("fr-FR.ftl", "en-GB.ftl"),
        ] {
            let (french, english) = (
                format!("edges/text/{french}"),
                format!("edges/text/{english}"),
            );
            assert!(
                law(&Tree::of_files(&[
                    (&french, "up = Prêt\n"),
                    (&english, "up = Ready\n")
                ]))
                .is_empty()
            );
        }
    }

    #[test]
    fn a_missing_empty_or_misplaced_one_is_refused() {
        assert_eq!(
            law(&Tree::of_files(&[("edges/text/fr.ftl", "up = Prêt\n")])).len(),
            1
        );
        assert_eq!(
            law(&Tree::of_files(&[
                ("edges/text/fr.ftl", "# rien\n"),
                ("edges/text/en.ftl", "up = Ready\n")
            ]))
            .len(),
            1
        );
        assert_eq!(
            law(&Tree::of_files(&[
                ("apps/hygie/fr.ftl", "up = Prêt\n"),
                ("apps/hygie/en.ftl", "up = Ready\n")
            ]))
            .len(),
            2
        );
    }
}
