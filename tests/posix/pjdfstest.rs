//! pjdfstest: what each file system call does and refuses, test by test.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::accepted::accepted;
use crate::ground::Ground;
use crate::programs::PJDFSTEST;

#[test]
#[ignore = "heavy: several hundred tests, twice"]
fn heavy_calls_do_and_refuse_the_same() {
    let program = PJDFSTEST.have();
    let Some(ground) = Ground::make() else {
        return;
    };
    let bare = run(&program, &ground.bare(), &ground.elsewhere());
    let guarded = run(&program, &ground.guarded(), &ground.elsewhere());
    let passed = bare.values().filter(|one| one.result == "ok").count();
    println!(
        "pjdfstest: {} tests, {passed} pass on the bare folder",
        bare.len()
    );
    assert!(passed > 200, "so few prove nothing: {bare:#?}");
    let differences = differences(&bare, &guarded);
    println!(
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(
        differences.is_empty(),
        "{} differences, see above",
        differences.len()
    );
    ground.stop();
}

/// How a test went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Went {
    /// `ok`, `FAILED` or `skipped`.
    pub(crate) result: String,
    /// What it said besides.
    pub(crate) why: String,
}

fn run(program: &Path, folder: &Path, elsewhere: &Path) -> BTreeMap<String, Went> {
    let file = elsewhere.with_file_name("pjdfstest.toml");
    std::fs::write(&file, CONFIGURATION).expect("a configuration");
    let said = Command::new(program)
        .env("NO_COLOR", "1")
        .args([
            "-c".as_ref(),
            file.as_os_str(),
            "-p".as_ref(),
            folder.as_os_str(),
        ])
        .args(["-s".as_ref(), elsewhere.as_os_str()])
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let results = results(&text);
    let total = text
        .lines()
        .rev()
        .find_map(|line| line.strip_suffix(" total")?.rsplit(' ').next());
    assert_eq!(
        total,
        Some(results.len().to_string().as_str()),
        "it did not come to its end: {text}{}",
        String::from_utf8_lossy(&said.stderr)
    );
    results
}

/// A line a test, then indented ones with its reasons.
fn results(text: &str) -> BTreeMap<String, Went> {
    let mut found: BTreeMap<String, Went> = BTreeMap::new();
    let mut last = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (line.strip_prefix('\t'), words.as_slice()) {
            (None, [name, result @ ("ok" | "FAILED" | "skipped")]) => {
                let (result, why) = ((*result).to_owned(), String::new());
                found.insert((*name).to_owned(), Went { result, why });
                last = Some((*name).to_owned());
            }
            (Some(reason), _) => {
                if let Some(went) = last.as_ref().and_then(|name| found.get_mut(name)) {
                    went.why = format!("{} {}", went.why, reason.trim());
                }
            }
            (None, _) => {}
        }
    }
    found
}

fn differences(bare: &BTreeMap<String, Went>, guarded: &BTreeMap<String, Went>) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, there) in bare {
        let Some(here) = guarded.get(name) else {
            differences.push(format!("{name} did not run under guard"));
            continue;
        };
        if here.result == there.result {
            continue;
        }
        match accepted(name, there, here) {
            Some(one) => println!("{name} differs as accepted: {}", one.why),
            None => differences.push(format!("{name}: bare {there:?}, guarded {here:?}")),
        }
    }
    differences
}

/// What Linux and ext4 offer, and two users that every Debian has.
const CONFIGURATION: &str = r#"
[features]
posix_fallocate = {}
rename_ctime = {}
utime_now = {}
utimensat = {}

[settings]
naptime = 0.02
allow_remount = true

[dummy_auth]
entries = [["nobody", "nogroup"], ["daemon", "daemon"]]
"#;

#[test]
fn results_are_read() {
    let text = "chmod::a      ok\nchmod::b   FAILED\n\tleft: 1\n\tright: 2\nopen::c  skipped\n\twhy\n\nSummary: 1\n";
    let found = results(text);
    let short: Vec<_> = found
        .iter()
        .map(|(name, went)| (name.as_str(), went.result.as_str()))
        .collect();
    assert_eq!(
        short,
        [
            ("chmod::a", "ok"),
            ("chmod::b", "FAILED"),
            ("open::c", "skipped")
        ]
    );
    assert_eq!(found["chmod::b"].why, " left: 1 right: 2");
    let mut other = found.clone();
    other.insert(
        "chmod::a".into(),
        Went {
            result: "FAILED".into(),
            why: "x".into(),
        },
    );
    other.remove("open::c");
    assert_eq!(differences(&found, &other).len(), 2);
    let linked = "unlink::open_file_not_freed".to_owned();
    for (says, wanted) in [("assertion `left == right` failed", 0), ("EIO", 1)] {
        let went = |result: &str, why: &str| Went {
            result: result.into(),
            why: why.into(),
        };
        let bare = BTreeMap::from([(linked.clone(), went("ok", ""))]);
        let guarded = BTreeMap::from([(linked.clone(), went("FAILED", says))]);
        assert_eq!(differences(&bare, &guarded).len(), wanted, "{says}");
    }
}
