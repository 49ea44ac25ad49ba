//! Law: engines decide and touch nothing: no clock, chance, files, network, processes, async or unsafe.

use super::Finding;
use super::source::{self, Name};
use super::tree::Tree;

/// Reports what an engine's sources name and should be given instead. Their tests are free.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    tree.texts(".rs")
        .filter(|(path, _)| path.starts_with("engines/") && path.contains("/src/"))
        .filter(|(path, _)| !path.ends_with("tests.rs") && !path.contains("/tests/"))
        .flat_map(|(path, text)| of_file(path, text))
        .collect()
}

fn of_file(path: &str, text: &str) -> Vec<Finding> {
    let Some(trees) = source::tokens(text) else {
        return vec![Finding::broken(path, "cannot be read as Rust")];
    };
    let tests = source::test_lines(&trees);
    source::names(&trees)
        .into_iter()
        .filter(|name| !tests.iter().any(|lines| lines.contains(&name.line)))
        .filter(|name| touches_the_world(&name.path))
        .map(|Name { path: name, line }| {
            Finding::broken(
                format!("{path}:{line}"),
                format!("an engine may not use `{name}`: it is given facts and `now`"),
            )
        })
        .collect()
}

fn touches_the_world(path: &str) -> bool {
    let is = |banned: &str| {
        path == banned
            || path
                .strip_prefix(banned)
                .is_some_and(|rest| rest.starts_with("::"))
    };
    let is_crate = |banned: &str| {
        path.strip_prefix(banned)
            .is_some_and(|rest| rest.starts_with("::"))
    };
    let ends = |banned: &str| {
        path == banned
            || path
                .strip_suffix(banned)
                .is_some_and(|rest| rest.ends_with("::"))
    };
    MODULES.into_iter().any(is)
        || CRATES.into_iter().any(is_crate)
        || CALLS.into_iter().any(ends)
        || WORDS.contains(&path)
}

const MODULES: [&str; 6] = [
    "std::fs",
    "std::net",
    "std::os",
    "std::env",
    "std::process",
    "std::thread",
];
const CRATES: [&str; 7] = [
    "tokio",
    "libc",
    "rustix",
    "nix",
    "rand",
    "getrandom",
    "fastrand",
];
const CALLS: [&str; 4] = [
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
];
const WORDS: [&str; 3] = ["unsafe", "async", "await"];

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<String> {
        law(&Tree::of_files(&[(path, text)]))
            .into_iter()
            .map(|finding| finding.place)
            .collect()
    }

    #[test]
    fn pure_code_is_accepted() {
        for text in [
            "use std::collections::BTreeMap;\nuse std::time::Duration;\nfn f(now: Timestamp) -> Duration { now - x }",
            "/// Not `std::fs` and not `Instant::now`.\n// unsafe\nconst A: &str = \"tokio::spawn\";",
            "fn f() { self.now(); now(); process(fs); let net = libc; }",
            "use std::net_like; use crate::fs::Kind;",
            "#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn t() { Instant::now(); }\n}",
        ] {
            assert!(lines("engines/guard/src/lib.rs", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_touches_the_world_is_refused() {
        for text in [
            "use std::fs;",
            "use std::{collections::BTreeMap, fs::File};",
            "fn f() { std::net::TcpStream::connect(a) }",
            "fn f() { let now = std::time::SystemTime::now(); }",
            "use std::time::Instant; fn f() { g(Instant::now()) }",
            "fn f() { jiff::Timestamp::now() }",
            "fn f() { println!(\"{}\", std::env::var(\"A\")) }",
            "use tokio::sync::mpsc;",
            "fn f() { unsafe { g() } }",
            "async fn f() {}",
            "fn f() { rustix::fs::stat(a) }",
        ] {
            assert_eq!(
                lines("engines/guard/src/a/b.rs", text),
                ["engines/guard/src/a/b.rs:1"],
                "{text}"
            );
        }
        assert_eq!(
            lines("engines/guard/src/lib.rs", "fn f() {"),
            ["engines/guard/src/lib.rs"]
        );
    }

    #[test]
    fn other_layers_and_tests_are_free() {
        for path in [
            "edges/vault/src/lib.rs",
            "apps/agent/src/clock.rs",
            "engines/guard/tests/replay.rs",
            "engines/guard/src/tests.rs",
        ] {
            assert!(
                lines(path, "use std::fs; fn f() { Instant::now() }").is_empty(),
                "{path}"
            );
        }
    }
}
