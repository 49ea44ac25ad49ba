//! The most common leaked passwords, carried along so that the check needs no network and tells nobody.
//! Origin and licence: `data/NOTICE.md`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::strength::plain;

/// True if the password, or what is left without the digits and signs that people put around one, is on the list.
pub(super) fn is_common(text: &str) -> bool {
    let whole = text.to_lowercase();
    let bare = plain(text);
    let core = bare.trim_matches(|sign: char| !sign.is_alphabetic());
    // A short core inside a long password is one word of it, which strength judges; here it is all of it.
    [whole.as_str(), bare.as_str()]
        .into_iter()
        .any(|form| COMMON.contains(form))
        || (core.chars().count() * 2 > bare.chars().count()
            && COMMON.contains(core)
            && core.len() >= LONG)
}

/// From this length on a leaked word with a decoration counts as the leaked one; below, strength decides.
const LONG: usize = 8;

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/common-passwords.txt")
        .lines()
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(COMMON.len(), 19_640);
        assert!(
            COMMON
                .iter()
                .all(|entry| **entry == entry.to_lowercase() && !entry.is_empty())
        );
    }

    #[test]
    fn case_and_decoration_hide_nothing() {
        for text in [
            "123456",
            "PASSWORD",
            "telechargement",
            "!Administrator2026",
            "Liverpool123",
            "justinbieber!!",
        ] {
            assert!(is_common(text), "{text}");
        }
        for text in ["tournevis girafe brume", "love", "x"] {
            assert_eq!(is_common(text), COMMON.contains(text), "{text}");
        }
    }
}
