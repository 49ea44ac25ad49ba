//! Names as people type them: without capitals and accents.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Adds the folded `name`: `Éléonore Łuc.PDF` and `eleonore luc.pdf` are one text. What is no
/// UTF-8 matches nothing that could be typed.
pub(crate) fn fold_into(name: &[u8], folded: &mut String) {
    if name.is_ascii() {
        let lower = name
            .iter()
            .map(|byte| char::from(byte.to_ascii_lowercase()));
        folded.extend(lower);
        return;
    }
    let name = String::from_utf8_lossy(name);
    for one in name.nfkd().filter(|one| !is_combining_mark(*one)) {
        for lower in one.to_lowercase().filter(|one| !is_combining_mark(*one)) {
            match spelt(lower) {
                Some(plain) => folded.push_str(plain),
                None => folded.push(lower),
            }
        }
    }
}

pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text.as_bytes(), &mut folded);
    folded
}

/// Letters that Unicode does not take apart, as people without them on the keyboard write them.
const fn spelt(letter: char) -> Option<&'static str> {
    Some(match letter {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ı' => "i",
        'þ' => "th",
        // The apostrophe that word processors put in place of the typed one.
        '’' => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_accents_make_no_difference() {
        for (one, other) in [
            ("Éléonore", "eleonore"),
            // As macOS writes it, in two parts.
            ("E\u{301}le\u{301}onore", "ELEONORE"),
            ("Cœur", "coeur"),
            ("ÇA", "ca"),
            ("Łukasz Şahin Nguyễn", "lukasz sahin nguyen"),
            ("İstanbul", "istanbul"),
            ("Straße", "STRASSE"),
            ("l’ordonnance", "L'ordonnance"),
            ("ordonnance.ODT", "Ordonnance.odt"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_ne!(fold("a"), fold("b"));
        let mut bytes = String::new();
        fold_into(b"A\xffB", &mut bytes);
        assert_eq!(bytes, "a\u{fffd}b");
    }
}
