//! Addresses that stand in a plain text, as mail programs and telephones turn them into links.
//! Never follows one.

use linkify::{LinkFinder, LinkKind};

use super::bounds;
use crate::message::{Body, By, Link};

/// A plain text and the links in it.
pub(crate) fn read(text: &str) -> Body {
    let kept = bounds::beginning(text, bounds::TEXT);
    let mut body = Body {
        text: kept.replace("\r\n", "\n"),
        ..Body::default()
    };
    body.page.cut = kept.len() < text.len();
    body.links = links(&body.text, &[]);
    body
}

/// The links in a text beside those that are known already.
pub(crate) fn links(text: &str, known: &[Link]) -> Vec<Link> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(false);
    let mut found = Vec::new();
    let mut from = 0;
    for one in finder.links(text) {
        if found.len() + known.len() >= bounds::LINKS {
            break;
        }
        let (start, end) = (one.start(), one.end());
        while known.get(from).is_some_and(|link| link.end <= start) {
            from += 1;
        }
        let taken = known
            .get(from)
            .is_some_and(|link| link.start < end && start < link.end);
        if !taken && is_address(one.as_str()) {
            found.push(Link {
                target: target(one.as_str()),
                start,
                end,
                by: By::Plain,
            });
        }
    }
    found
}

/// What a program would open: no line ends, of bounded length.
pub(crate) fn target(written: &str) -> String {
    let clean: String = written
        .chars()
        .filter(|letter| !matches!(letter, '\n' | '\r' | '\t'))
        .collect();
    bounds::beginning(clean.trim(), bounds::LINK).to_owned()
}

/// `bonjour.Merci` is no address; `colis-frais.info/x` is.
fn is_address(found: &str) -> bool {
    if found.contains("://") {
        return true;
    }
    let host = found.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let ascii = host.to_ascii_lowercase();
    let Some(suffix) = psl::suffix(ascii.as_bytes()) else {
        return false;
    };
    let last_is_lower = host.rsplit('.').next().is_some_and(|last| {
        last.chars().all(char::is_lowercase) || host.chars().all(|one| !one.is_lowercase())
    });
    suffix.is_known()
        && last_is_lower
        && (found.len() > host.len() || !FILES.iter().any(|end| ascii.ends_with(end)))
}

/// Suffixes of domains that are endings of files too, or words of a sentence without its space.
const FILES: [&str; 12] = [
    ".sh", ".py", ".pl", ".rs", ".zip", ".mov", ".md", ".so", ".in", ".me", ".cc", ".to",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        read(text)
            .links
            .into_iter()
            .map(|link| link.target)
            .collect()
    }

    #[test]
    fn addresses_with_and_without_scheme_are_links() {
        assert_eq!(
            found("Réglez sur https://suivi.example/p?8841, merci."),
            ["https://suivi.example/p?8841"]
        );
        assert_eq!(
            found("ameli-carte.info/vitale avant ce soir"),
            ["ameli-carte.info/vitale"]
        );
        assert_eq!(found("go to WWW.BANK.COM now"), ["WWW.BANK.COM"]);
    }

    #[test]
    fn words_are_no_links() {
        for text in [
            "bonjour.Merci",
            "fichier.py et x.sh",
            "M. Dupont",
            "1.99 EUR",
            "a@b.com",
            "e.g. this",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn a_million_links_are_bounded() {
        let body = read(&"http://a.example ".repeat(1_000_000));
        assert_eq!(body.links.len(), bounds::LINKS);
        assert!(body.page.cut);
    }
}
