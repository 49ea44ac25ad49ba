//! Did you mean: the key that a misspelt one was probably meant to be.

/// The nearest of `known`, where it is near enough to be meant.
pub(super) fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let key = key.to_lowercase().replace('-', "_");
    known
        .iter()
        .map(|known| (changes(&key, known), *known))
        .filter(|(changes, known)| *changes <= 1 + known.len() / 4)
        .min_by_key(|(changes, _)| *changes)
        .map(|(_, known)| known)
}

/// How many letters have to be put in, taken out or replaced to make `b` of `a` (Levenshtein).
fn changes(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_known_again() {
        let known = ["budget", "min_age", "reserve"];
        for (key, near) in [
            ("bugdet", Some("budget")),
            ("Budget", Some("budget")),
            ("min-age", Some("min_age")),
            ("minage", Some("min_age")),
            ("reserv", Some("reserve")),
            ("exclude", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(key, &known), near, "{key}");
        }
    }

    #[test]
    fn changes_are_counted() {
        for (a, b, count) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("é", "e", 1),
        ] {
            assert_eq!(changes(a, b), count);
            assert_eq!(changes(b, a), count);
        }
    }
}
