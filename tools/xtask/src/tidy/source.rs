//! Reads Rust sources as tokens: comments and strings can neither hide nor fake anything.

use std::ops::RangeInclusive;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A name as the source writes it, `use` groups spelt out: `std::fs::read`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) path: String,
    pub(super) line: usize,
}

/// The tokens of a file, or nothing if it is no Rust.
pub(super) fn tokens(text: &str) -> Option<Vec<TokenTree>> {
    text.parse::<TokenStream>()
        .ok()
        .map(|stream| stream.into_iter().collect())
}

/// Lines of the items marked `#[cfg(test)]` at the top of a file, from the mark to the end.
pub(super) fn test_lines(trees: &[TokenTree]) -> Vec<RangeInclusive<usize>> {
    let mut ranges = Vec::new();
    let mut rest = trees;
    while let [first, after @ ..] = rest {
        rest = after;
        if is_punct(Some(first), '#') && after.first().is_some_and(is_cfg_test) {
            let end = after.iter().position(ends_item).unwrap_or(after.len() - 1);
            ranges.push(first.span().start().line..=after[end].span().end().line);
            rest = &after[end + 1..];
        }
    }
    ranges
}

/// Every name and path of the tokens, also inside macro calls.
pub(super) fn names(trees: &[TokenTree]) -> Vec<Name> {
    let mut found = Vec::new();
    walk(trees, None, &mut found);
    found
}

fn walk(trees: &[TokenTree], prefix: Option<&str>, found: &mut Vec<Name>) {
    let mut at = 0;
    while let Some(tree) = trees.get(at) {
        at += 1;
        if let TokenTree::Ident(ident) = tree {
            let start =
                prefix.map_or_else(|| ident.to_string(), |prefix| format!("{prefix}::{ident}"));
            at = path(
                trees,
                at,
                Name {
                    path: start,
                    line: ident.span().start().line,
                },
                found,
            );
        } else if let TokenTree::Group(group) = tree {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            walk(&inner, None, found);
        }
    }
}

/// Follows `::segment` and `::{a, b}` after a first segment; answers where the path ends.
fn path(trees: &[TokenTree], mut at: usize, mut name: Name, found: &mut Vec<Name>) -> usize {
    while is_punct(trees.get(at), ':') && is_punct(trees.get(at + 1), ':') {
        if let Some(TokenTree::Ident(ident)) = trees.get(at + 2) {
            name.path = format!("{}::{ident}", name.path);
            at += 3;
        } else if let Some(TokenTree::Group(group)) = trees.get(at + 2)
            && group.delimiter() == Delimiter::Brace
        {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            walk(&inner, Some(&name.path), found);
            return at + 3;
        } else {
            break;
        }
    }
    found.push(name);
    at
}

fn is_punct(tree: Option<&TokenTree>, wanted: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_cfg_test(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

fn ends_item(tree: &TokenTree) -> bool {
    is_punct(Some(tree), ';')
        || matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        names(&tokens(text).expect("Rust"))
            .into_iter()
            .map(|name| name.path)
            .collect()
    }

    #[test]
    fn groups_are_spelt_out() {
        let found = paths("use std::{fs, net::{TcpStream, UdpSocket}};");
        for wanted in ["std::fs", "std::net::TcpStream", "std::net::UdpSocket"] {
            assert!(found.contains(&wanted.to_owned()), "{found:?}");
        }
    }

    #[test]
    fn macro_calls_are_read_and_words_are_not() {
        assert!(
            paths("fn f() { format!(\"{}\", std::env::var(\"A\")) }")
                .contains(&"std::env::var".to_owned())
        );
        let found = paths("/// std::fs::read\n// std::fs\nconst A: &str = \"std::fs\";");
        assert!(!found.iter().any(|path| path.contains("fs")), "{found:?}");
    }

    #[test]
    fn tests_are_found_by_their_mark() {
        let trees = tokens(
            "//! A.\nfn f() {}\n\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\n#[cfg(test)]\nuse a::b;\nfn h() {}\n",
        );
        assert_eq!(test_lines(&trees.expect("Rust")), [4..=7, 8..=9]);
        let trees = tokens("#[cfg(unix)]\nmod a {}\n#[cfg(not(test))]\nmod b {}\n");
        assert!(test_lines(&trees.expect("Rust")).is_empty());
    }

    #[test]
    fn what_is_no_rust_is_refused() {
        assert!(tokens("fn f() {").is_none());
        assert!(tokens("\"open").is_none());
    }
}
