//! `hygie drill ransomware`, end to end: what it tells, and that nothing of it stays.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use hygie_testkit::{Guarded, LoopFs};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::scene::PATIENCE;

const LEASE_BOUND: &str = "/proc/sys/fs/lease-break-time";
/// The state folder on a loop image; the drill makes its disks in it.
struct Scene {
    state: PathBuf,
    bound: String,
    _disk: LoopFs,
}

impl Scene {
    fn make() -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        hygie_testkit::alone().expect("the lock");
        let disk = LoopFs::ext4(3072).expect("a loop image");
        let state = disk.path().join("state");
        std::fs::create_dir(&state).expect("a folder");
        Some(Self {
            state,
            bound: bound(),
            _disk: disk,
        })
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hygie"));
        command.arg("--state").arg(&self.state);
        command.args(["--json", "--lang", "en", "drill", "ransomware"]);
        command.args(words).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("it runs")
    }

    /// Starts one and waits until its guard is at work.
    fn start(&self) -> Child {
        let child = self
            .command(&["--all"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("it starts");
        let until = Instant::now() + PATIENCE;
        while !self.processes().iter().any(|line| line.contains("guard")) {
            assert!(Instant::now() < until, "no guard of the drill came");
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }

    /// The command lines of what works on its state.
    fn processes(&self) -> Vec<String> {
        self.seen().into_iter().map(|(_, line)| line).collect()
    }

    fn numbers(&self) -> Vec<Pid> {
        let seen = self.seen().into_iter();
        seen.filter_map(|(number, _)| Pid::from_raw(number))
            .collect()
    }

    fn seen(&self) -> Vec<(i32, String)> {
        let state = self.state.join("hygie-drill-");
        let state = state.to_string_lossy();
        let all = std::fs::read_dir("/proc").expect("processes").flatten();
        all.filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            let line = std::fs::read(entry.path().join("cmdline")).ok()?;
            Some((number, String::from_utf8_lossy(&line).replace('\0', " ")))
        })
        .filter(|(_, line)| line.contains(&*state))
        .collect()
    }

    fn leftovers(&self) -> Vec<PathBuf> {
        let inside = std::fs::read_dir(&self.state).expect("a folder").flatten();
        inside
            .map(|entry| entry.path())
            .filter(|path| path.to_string_lossy().contains("hygie-drill-"))
            .collect()
    }

    fn assert_tidy(&self) {
        assert_eq!(self.processes(), Vec::<String>::new());
        assert_eq!(self.leftovers(), Vec::<PathBuf>::new());
        assert_eq!(bound(), self.bound, "fs.lease-break-time");
        let mounts = std::fs::read_to_string("/proc/self/mounts").expect("mounts");
        assert!(!mounts.contains("hygie-drill-"), "{mounts}");
    }
}

fn bound() -> String {
    std::fs::read_to_string(LEASE_BOUND).expect("the kernel's bound")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn assert_good(output: &Output, tries: usize) {
    let lines = lines(output);
    let (sum, tried) = lines.split_last().expect("lines");
    assert_eq!(output.status.code(), Some(0), "{lines:#?}");
    assert_eq!(tried.len(), tries);
    for line in tried {
        assert_eq!(line["schema"], "hygie.drill/1");
        assert_eq!(line["result"], "stopped", "{line:#}");
        assert_eq!(line["verified"], true, "{line:#}");
        assert_eq!(line["lost"], 0);
        assert_eq!(line["restored"], line["touched"]);
    }
    assert_eq!(sum["schema"], "hygie.drill.summary/1");
    assert_eq!(sum["whole"], tries);
}

#[test]
fn what_is_tried_is_stopped_and_given_back() {
    let Some(scene) = Scene::make() else {
        return;
    };
    let words = ["encrypt-in-place", "encrypt-header", "encrypt-percent-20"];
    let words: Vec<&str> = words.iter().flat_map(|name| ["--scenario", name]).collect();
    let output = scene.run(&[&words[..], &["--keep"]].concat());
    assert_good(&output, 3);
    let kept = scene.state.join("exercice-1/encrypt-header/Patients");
    assert!(kept.is_dir(), "the files are kept");
    scene.assert_tidy();
}

#[test]
fn a_guard_of_the_practice_is_left_alone() {
    let Some(scene) = Scene::make() else {
        return;
    };
    let disk = LoopFs::ext4(128).expect("a loop image");
    let folder = disk.path().join("patients");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("lettre.txt"), "Bonjour").expect("a file");
    let config = "[guard]\nbound = \"7 s\"\n[vault]\nreserve = \"16 MB\"\n";
    std::fs::write(scene.state.join("hygie.toml"), config).expect("a configuration");
    let binary = Path::new(env!("CARGO_BIN_EXE_hygie"));
    let mut practice = Guarded::up(binary, &scene.state, &[folder]).expect("hygie up");
    practice.wait_for("copied", PATIENCE).expect("copies");
    assert_eq!(bound().trim(), "7");
    let output = scene.run(&["--scenario", "encrypt-in-place"]);
    assert_good(&output, 1);
    assert_eq!(bound().trim(), "7");
    let told = |line: &Value| line["event"] == "incident" || line["state"] == "not-protected";
    let told = practice.events().iter().filter(|line| told(line)).count();
    assert_eq!(told, 0, "{:?}", practice.events());
    practice.stop().expect("it ends well");
    scene.assert_tidy();
}

#[test]
fn an_interrupted_drill_leaves_nothing() {
    let Some(scene) = Scene::make() else {
        return;
    };
    let mut drill = scene.start();
    kill_process(Pid::from_child(&drill), Signal::INT).expect("it is there");
    let status = drill.wait().expect("it ends");
    assert_eq!(status.code(), Some(1));
    scene.assert_tidy();
}

#[test]
fn what_a_killed_drill_left_goes_at_the_next() {
    let Some(scene) = Scene::make() else {
        return;
    };
    let mut drill = scene.start();
    // All of it at once, so that nobody puts anything in order.
    drill.kill().expect("it is there");
    for _try in 0..100 {
        for pid in scene.numbers() {
            let _gone_already = kill_process(pid, Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    drill.wait().expect("it ends");
    assert_eq!(scene.processes(), Vec::<String>::new());
    assert_eq!(scene.leftovers().len(), 1);
    let mut next = scene.start();
    assert_eq!(scene.leftovers().len(), 1, "the new one's only");
    kill_process(Pid::from_child(&next), Signal::INT).expect("it is there");
    next.wait().expect("it ends");
    scene.assert_tidy();
}

/// No guard, no root: what is asked wrongly is told at once.
#[test]
fn wrong_questions_are_refused() {
    let ask = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_hygie"))
            .args(["drill", "ransomware"])
            .args(words)
            .stdin(Stdio::null())
            .output()
            .expect("it runs")
    };
    for words in [
        &["--scenario", "no-such-attack"][..],
        &["--all", "--quick"],
        &["--all", "--scenario", "encrypt-in-place"],
    ] {
        assert_eq!(ask(words).status.code(), Some(2), "{words:?}");
    }
}

/// A program beside which there are no simulators says how to get them.
#[test]
fn without_simulators_it_says_so() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let alone = folder.path().join("hygie");
    std::fs::copy(env!("CARGO_BIN_EXE_hygie"), &alone).expect("a copy");
    let output = Command::new(&alone)
        .arg("--state")
        .arg(folder.path().join("state"))
        .args(["--lang", "fr", "drill", "ransomware"])
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("cargo build --release -p hygie -p hygie-attacks"),
        "{said}"
    );
}
