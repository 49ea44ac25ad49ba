//! Each scenario, on a practice that nobody guards, does what it says, tells it, and can be taken back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hygie_attacks::cipher::{self, Pattern};
use hygie_attacks::scenarios::{self, Order, Plan};
use hygie_attacks::{Harm, Scenario};
use hygie_testkit::{Arena, Snapshot};
use serde_json::Value;

use crate::decoyed::{Originals, decoyed};
use crate::ran::{Ran, binary, run};

const SEED: u64 = 77;

struct Struck {
    _folder: tempfile::TempDir,
    arena: Arena,
    originals: Originals,
    ran: Ran,
}

fn strike(name: &str, files: usize, more: &[&str]) -> Struck {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let uid = rustix::process::geteuid().as_raw();
    let (arena, originals) = decoyed(folder.path(), uid, files);
    let more = [&["--seed", "77"], more].concat();
    let ran = run(name, &arena, arena.nonce(), &more);
    Struck {
        _folder: folder,
        arena,
        originals,
        ran,
    }
}

fn acts(ran: &Ran) -> Vec<&Value> {
    let lines = ran.lines.iter();
    lines
        .filter(|line| line["schema"] == "hygie.attack-act/1")
        .collect()
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {value}"))
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn every_scenario_of(family: &str) {
    let mut checked = 0;
    for (_, scenario) in scenarios::all().filter(|(of, _)| *of == family) {
        check(scenario);
        checked += 1;
    }
    assert!(checked > 0, "no family {family}");
}

fn check(scenario: &Scenario) {
    let name = scenario.name;
    let struck = strike(name, 45, &["--speed-up", "60000", "--procs", "6"]);
    let missing = scenarios::missing(scenario.needs);
    if !missing.is_empty() {
        eprintln!("{name}: not here, for want of {missing:?}");
        assert_not_here(&struck, &missing);
        return;
    }
    let (ran, originals) = (&struck.ran, &struck.originals);
    assert_eq!(
        ran.code,
        Some(0),
        "{name}: {} {:?}",
        ran.stderr,
        ran.lines.last()
    );
    let end = ran.end();
    assert!(
        end["errors"].as_object().expect("errors").is_empty(),
        "{name}: {end}"
    );
    assert_eq!(end["files_touched"], originals.len(), "{name}");
    let (notes, harmed): (Vec<_>, Vec<_>) = acts(ran)
        .into_iter()
        .partition(|act| act["how"] == "create");
    let paths: BTreeSet<PathBuf> = harmed.iter().map(|act| text(act, "acted").into()).collect();
    assert_eq!(harmed.len(), originals.len(), "{name}: each file once");
    assert_eq!(paths, originals.keys().cloned().collect(), "{name}");
    for act in &harmed {
        check_act(scenario, &struck, act);
    }
    for note in &notes {
        let content = std::fs::read(struck.arena.path().join(text(note, "acted"))).expect("a note");
        assert_eq!(text(note, "after"), hash(&content), "{name}");
    }
    let after = Snapshot::of(struck.arena.path())
        .expect("a snapshot")
        .contents();
    let left = originals
        .values()
        .filter(|bytes| after.contains(&hash(bytes)))
        .count();
    let expected = if scenario.harm == Harm::Names {
        originals.len()
    } else {
        0
    };
    assert_eq!(left, expected, "{name}");
    assert_taken_back(scenario, &struck, &harmed);
    assert_nobody_stays(&struck.arena, name);
}

/// What a line says of a file is so.
fn check_act(scenario: &Scenario, struck: &Struck, act: &Value) {
    let name = scenario.name;
    let path = Path::new(text(act, "acted"));
    assert_eq!(
        text(act, "before"),
        hash(struck.originals[path]),
        "{name}: {act}"
    );
    assert_eq!(text(act, "class"), scenarios::class_of(path), "{name}");
    assert!(
        act["at_ms"].as_i64() > Some(1_700_000_000_000),
        "{name}: {act}"
    );
    let here = struck.arena.path().join(path);
    let how = text(act, "how");
    let kept = matches!(how, "overwrite" | "append") || how == "replace";
    assert_eq!(here.exists(), kept && act["to"].is_null(), "{name}: {act}");
    let outcome = act["to"].as_str().unwrap_or(text(act, "acted"));
    match std::fs::read(struck.arena.path().join(outcome)) {
        Ok(content) => assert_eq!(text(act, "after"), hash(&content), "{name}: {act}"),
        Err(_gone) => assert!(how == "delete" && act["to"].is_null(), "{name}: {act}"),
    }
}

/// With the seed alone every file comes back, except what was only deleted.
fn assert_taken_back(scenario: &Scenario, struck: &Struck, harmed: &[&Value]) {
    let arena = &struck.arena;
    if matches!(
        scenario.name,
        "python-encrypt" | "trusted-sed" | "trusted-perl"
    ) {
        let again = run(scenario.name, arena, arena.nonce(), &["--seed", "77"]);
        assert_eq!(again.code, Some(0));
    }
    let pattern = match scenario.plan {
        Plan::InPlace(_, pattern) => pattern,
        Plan::Each(..) | Plan::Whole(_) => Pattern::Whole,
    };
    for act in harmed {
        let path = Path::new(text(act, "acted"));
        let outcome = arena
            .path()
            .join(act["to"].as_str().unwrap_or(text(act, "acted")));
        let (original, password) = (struck.originals[path], cipher::password(SEED));
        let mut content = match std::fs::read(&outcome) {
            Ok(content) => content,
            Err(_deleted) => continue,
        };
        let back = match scenario.name {
            "rename-meaningless" | "python-encrypt" | "trusted-sed" | "trusted-perl" => content,
            "append-footer" => content[..content.len() - 1024].to_vec(),
            "shell-openssl" | "shell-openssl-cat" => {
                let pass = format!("pass:{password}");
                let words = [
                    "enc",
                    "-d",
                    "-aes-256-cbc",
                    "-pbkdf2",
                    "-iter",
                    "1000",
                    "-pass",
                    &pass,
                ];
                said_by(Command::new("openssl").args(words).arg("-in").arg(&outcome))
            }
            "shell-gpg" => {
                let home = arena.outside().join("gnupg");
                let words = [
                    "--batch",
                    "--quiet",
                    "--no-autostart",
                    "--pinentry-mode",
                    "loopback",
                ];
                let mut gpg = Command::new("gpg");
                gpg.arg("--homedir")
                    .arg(home)
                    .args(words)
                    .args(["--passphrase", &password, "-d"]);
                said_by(gpg.arg(&outcome))
            }
            "trusted-zip" => {
                let member = path.strip_prefix("victims").expect("a victim");
                let mut unzip = Command::new("unzip");
                // Brackets and the like would be patterns; no decoy has any.
                said_by(
                    unzip
                        .args(["-p", "-P", &password])
                        .arg(&outcome)
                        .arg(member),
                )
            }
            "trusted-7z" => {
                let program = if Path::new("/usr/bin/7z").exists() {
                    "7z"
                } else {
                    "7zz"
                };
                // It keeps no folders of names that are given one by one.
                let (member, pass) = (path.file_name().expect("a name"), format!("-p{password}"));
                said_by(
                    Command::new(program)
                        .args(["x", "-so", &pass])
                        .arg(&outcome)
                        .arg(member),
                )
            }
            "encrypt-base64" => {
                let mut content = STANDARD.decode(&content).expect("base64");
                cipher::apply(SEED, path, Pattern::Whole, &mut content);
                content
            }
            _ => {
                cipher::apply(SEED, path, pattern, &mut content);
                content
            }
        };
        assert!(back == original, "{}: {}", scenario.name, path.display());
    }
}

fn said_by(command: &mut Command) -> Vec<u8> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{command:?}");
    output.stdout
}

/// No process works in the arena any more.
fn assert_nobody_stays(arena: &Arena, name: &str) {
    for process in std::fs::read_dir("/proc").expect("processes").flatten() {
        let folder = std::fs::read_link(process.path().join("cwd"));
        let inside = folder.is_ok_and(|folder| folder.starts_with(arena.path()));
        assert!(!inside, "{name}: {} stays", process.path().display());
    }
}

fn assert_not_here(struck: &Struck, missing: &[&str]) {
    assert_eq!(struck.ran.code, Some(10));
    let [line] = &struck.ran.lines[..] else {
        panic!("one line: {:?}", struck.ran.lines);
    };
    assert_eq!(line["schema"], "hygie.attack-absent/1");
    assert_eq!(line["missing"], serde_json::json!(missing));
    for (path, original) in &struck.originals {
        assert!(std::fs::read(struck.arena.path().join(path)).expect("it is there") == *original);
    }
}

macro_rules! families {
    ($($test:ident $name:literal;)*) => {
        $(#[test] fn $test() { every_scenario_of($name); })*

        #[test]
        fn no_family_goes_untested() {
            let tested = BTreeSet::from([$($name),*]);
            let all: BTreeSet<_> = scenarios::all().map(|(family, _)| family).collect();
            assert_eq!(tested, all);
        }
    };
}

families! {
    content "content"; orders "order"; names "names"; interpreters "interpreter"; trusted "trusted"; crews "crew";
}

/// The times told are those of the acts: one process, one after the other.
#[test]
fn slow_waits_as_long_as_it_says() {
    let struck = strike("slow", 6, &["--speed-up", "300"]);
    let times: Vec<i64> = acts(&struck.ran)
        .iter()
        .map(|act| act["at_ms"].as_i64().expect("a time"))
        .collect();
    assert_eq!(times.len(), 6);
    for pair in times.windows(2) {
        assert!((190..5_000).contains(&(pair[1] - pair[0])), "{times:?}");
    }
}

#[test]
fn orders_are_kept() {
    for (name, order) in [
        ("largest-first", Order::Largest),
        ("smallest-first", Order::Smallest),
        ("newest-first", Order::Newest),
        ("random-order", Order::Random),
        ("by-class", Order::Class),
    ] {
        let struck = strike(name, 30, &[]);
        let mut told: Vec<&str> = acts(&struck.ran)
            .iter()
            .map(|act| text(act, "acted"))
            .collect();
        let size = |path: &&str| struck.originals[Path::new(path)].len();
        let classes: Vec<&str> = acts(&struck.ran)
            .iter()
            .map(|act| text(act, "class"))
            .collect();
        match order {
            Order::Largest => assert!(told.is_sorted_by_key(|path| std::cmp::Reverse(size(path)))),
            Order::Smallest => assert!(told.is_sorted_by_key(size)),
            Order::Class => {
                assert_eq!(classes[0], "database");
                let mut runs = classes.clone();
                runs.dedup();
                assert_eq!(runs.len(), BTreeSet::from_iter(classes).len());
            }
            Order::Newest | Order::Random | Order::Walk => {
                let first = told.clone();
                told.sort_unstable();
                assert_ne!(first, told, "{name}");
            }
        }
    }
}

#[test]
fn nothing_touched_is_no_success() {
    let struck = strike("encrypt-in-place", 0, &[]);
    assert_eq!(struck.ran.code, Some(1));
    assert_eq!(struck.ran.end()["files_touched"], 0);
}

#[test]
fn wrong_speed_is_refused() {
    for speed in ["0", "-1", "fast"] {
        assert_eq!(
            strike("slow", 1, &["--speed-up", speed]).ran.code,
            Some(2),
            "{speed}"
        );
    }
}

#[test]
fn the_list_names_each_with_what_it_needs() {
    let output = Command::new(binary())
        .args(["list", "--json"])
        .output()
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let listed = |schema: &str| lines.iter().filter(|line| line["schema"] == schema).count();
    assert_eq!(
        listed("hygie.attack-way/1"),
        hygie_attacks::ways::all().count()
    );
    assert_eq!(listed("hygie.attack-scenario/1"), scenarios::all().count());
    let gpg = lines
        .iter()
        .find(|line| line["name"] == "shell-gpg")
        .expect("it is listed");
    assert_eq!(gpg["needs"], serde_json::json!(["sh", "gpg", "rm"]));
    assert_eq!(gpg["family"], "interpreter");
    assert_eq!(gpg["harm"], "content");
    assert_eq!(gpg["signals"][0], "entropy");
    assert!(gpg["missing"].is_array() && gpg["does"].is_string());
}
