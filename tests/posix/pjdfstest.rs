//! pjdfstest: what each file system call does and refuses, test by test.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

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
    let on_bare = |names: &[&str]| run(&program, &ground.bare(), &ground.elsewhere(), names);
    let under_guard = |names: &[&str]| {
        let results = run(&program, &ground.guarded(), &ground.elsewhere(), names);
        ground.settle();
        results
    };
    let mut bare = on_bare(&[]);
    again_where_busy(&mut bare, on_bare);
    // One that fails leaves its program running in a file without a name, and nobody could remount that file
    // system: those come last, else they would spoil the tests of a read-only one.
    let (last, first): (Vec<&str>, Vec<&str>) = bare
        .keys()
        .map(String::as_str)
        .partition(|name| name.contains("::etxtbsy"));
    let mut guarded = under_guard(&first);
    again_where_busy(&mut guarded, under_guard);
    guarded.extend(under_guard(&last));
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

/// Runs the tests of these names, or all where none is given; nothing that they start lives on.
fn run(program: &Path, folder: &Path, elsewhere: &Path, names: &[&str]) -> BTreeMap<String, Went> {
    let file = elsewhere.with_file_name("pjdfstest.toml");
    std::fs::write(&file, CONFIGURATION).expect("a configuration");
    let running = Command::new(program)
        .env("NO_COLOR", "1")
        .args([
            "-c".as_ref(),
            file.as_os_str(),
            "-p".as_ref(),
            folder.as_os_str(),
        ])
        .args(["-s".as_ref(), elsewhere.as_os_str()])
        .arg("--exact")
        .args(names.iter().map(|name| format!("pjdfstest::tests::{name}")))
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let group = Pid::from_child(&running);
    let said = running.wait_with_output().expect("it ends");
    let _nothing_left = kill_process_group(group, Signal::KILL);
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

/// A line a test, then those with its reasons, then perhaps a backtrace.
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
            (None, ["Backtrace:" | "Stack", ..]) => last = None,
            (_, words) => {
                if let Some(went) = last.as_ref().and_then(|name| found.get_mut(name)) {
                    went.why = format!("{} {}", went.why, words.join(" "))
                        .trim_end()
                        .to_owned();
                }
            }
        }
    }
    found
}

/// No file system is remounted read-only while somebody writes to it, and the guard makes and takes away links.
/// One that stays busy at rest is a difference.
fn again_where_busy(
    results: &mut BTreeMap<String, Went>,
    run: impl Fn(&[&str]) -> BTreeMap<String, Went>,
) {
    for _try in 0..TRIES {
        let busy: Vec<String> = results
            .iter()
            .filter(|(_, went)| went.result == "FAILED" && went.why.contains(BUSY))
            .map(|(name, _)| name.clone())
            .collect();
        if busy.is_empty() {
            return;
        }
        println!("somebody wrote to the file system just then, so again: {busy:?}");
        let names: Vec<&str> = busy.iter().map(String::as_str).collect();
        results.extend(run(&names));
    }
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

/// What a person would do as well: try again.
const TRIES: usize = 5;
const BUSY: &str = "mount point is busy";

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
    let text = "chmod::a      ok\nchmod::b   FAILED\n\tsaid\n  left: 1\n right: 2\nBacktrace:\n   0: main\n\n\
                open::c  skipped\n\twhy\n\nSummary: 1\n";
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
    assert_eq!(found["chmod::b"].why, " said left: 1 right: 2");
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
