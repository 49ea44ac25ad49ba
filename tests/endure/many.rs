//! As many files as anybody has: found, linked and copied to the end, changed, given back, and found again.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hygie_platform::clock;
use hygie_testkit::{Guarded, LoopFs, Noise};

#[test]
fn two_thousand_files_are_kept_and_found_again() {
    many(2_000, 40, Spare::Much);
}

#[test]
#[ignore = "heavy: takes minutes"]
fn heavy_a_hundred_thousand_files() {
    many(100_000, 100, Spare::Little);
}

#[test]
#[ignore = "heavy: takes most of an hour and 12 GB under /tmp"]
fn heavy_a_million_files() {
    many(1_000_000, 200, Spare::Much);
}

/// Inodes that the file system has beyond those in use.
#[derive(Clone, Copy)]
enum Spare {
    Little,
    Much,
}

fn many(files: u64, sampled: u64, spare: Spare) {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let inodes = match spare {
        Spare::Little => files + files / FOLDER + 2_000,
        Spare::Much => 3 * files + 20_000,
    };
    // A block a file, and the file system's own.
    let size_mb = 512 + files * 5 / 1024 + inodes / 2048;
    let disk = LoopFs::ext4_for(size_mb, inodes).expect("a loop image");
    // A content a file, and its budget is a part of it.
    let other = LoopFs::ext4_for(2 * size_mb + 2048, 2 * files + 20_000).expect("another");
    let (folder, quiet) = (disk.path().join("practice"), disk.path().join("quiet"));
    fs::create_dir(&quiet).expect("a folder");
    let began = Instant::now();
    (0..files).for_each(|number| make(&folder, number));
    println!("{files} files made in {:?}", began.elapsed());
    let state = other.path().join("state");
    fs::create_dir(&state).expect("a folder");
    fs::write(state.join("hygie.toml"), "[vault]\nbudget = \"80 %\"\n").expect("a configuration");
    let up = || {
        let hygie = Path::new(env!("CARGO_BIN_EXE_hygie"));
        let began = Instant::now();
        let folders = [folder.clone(), quiet.clone()];
        let mut hygie = Guarded::up(hygie, &state, &folders).expect("hygie up");
        let ready = hygie.wait_for("ready", PATIENCE).expect("links");
        let linked = began.elapsed();
        hygie.wait_for("copied", PATIENCE).expect("first copies");
        println!(
            "linked after {linked:?}, copied after {:?}; {}",
            began.elapsed(),
            memory(&hygie)
        );
        assert_eq!(ready["files"], files, "{ready}");
        hygie
    };
    let hygie = up();
    truthful(&hygie, files);
    let before = clock::wall().to_rfc3339();
    // The kernel's clock of files ticks every few milliseconds.
    std::thread::sleep(Duration::from_millis(25));
    let mut noise = Noise::new(files);
    // Each once: what it held before is what it held at first.
    let chosen: std::collections::BTreeSet<u64> =
        (0..sampled).map(|_| noise.below(files)).collect();
    let samples: Vec<(PathBuf, Vec<u8>, Vec<u8>)> = chosen
        .into_iter()
        .map(|number| change(&folder, number, &mut noise))
        .collect();
    hygie.settle(&quiet, PATIENCE).expect("it comes to rest");
    for (path, was, now) in &samples {
        for content in [was, now] {
            let hash = blake3::hash(content).to_hex();
            assert!(hygie.has(&hash), "{} lacks {hash}", path.display());
        }
    }
    let to = other.path().join("back");
    for (path, was, _) in samples.iter().take(20) {
        let said = hygie
            .restore(path, Some(&before), Some(&to))
            .expect("it runs");
        assert_eq!(said.code, Some(0), "{said:?}");
        let back = found(&to).expect("a file came back");
        assert_eq!(
            &fs::read(back).expect("it can be read"),
            was,
            "{}",
            path.display()
        );
        let removed = if to.is_dir() {
            fs::remove_dir_all(&to)
        } else {
            fs::remove_file(&to)
        };
        removed.expect("remove what came back");
    }
    truthful(&hygie, files);
    let versions = hygie.status().expect("a status")["versions"].clone();
    hygie.stop().expect("it ends well");
    let hygie = up();
    truthful(&hygie, files);
    let status = hygie.status().expect("a status");
    assert_eq!(
        status["copied_bytes"], 0,
        "nothing is copied twice: {status}"
    );
    assert_eq!(status["versions"], versions, "{status}");
    hygie.stop().expect("it ends well");
}

/// Status says what is there, and that all of it is kept.
fn truthful(hygie: &Guarded, files: u64) {
    let status = hygie.status().expect("a status");
    println!("{status}");
    assert_eq!(status["files"], files, "{status}");
    assert_eq!(status["copied"], files, "{status}");
    assert_eq!(status["protection"], "protected", "{status}");
}

fn place(folder: &Path, number: u64) -> PathBuf {
    let (outer, inner) = (number / FOLDER / 100, number / FOLDER % 100);
    folder.join(format!("{outer}/{inner}/letter-{number}.txt"))
}

/// From 1 to 4 KB, no two alike.
fn make(folder: &Path, number: u64) {
    let path = place(folder, number);
    if number.is_multiple_of(FOLDER) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    }
    let mut noise = Noise::new(number);
    let length = usize::try_from(1_024 + noise.below(3_000)).expect("small");
    fs::write(path, noise.bytes(length)).expect("a file");
}

/// Rewrites a file in place; gives what it held and what it holds.
fn change(folder: &Path, number: u64, noise: &mut Noise) -> (PathBuf, Vec<u8>, Vec<u8>) {
    let path = place(folder, number);
    let was = fs::read(&path).expect("a file");
    let now = noise.bytes(was.len());
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("it opens");
    file.write_all(&now).expect("it is written");
    (path, was, now)
}

/// The one file below a folder, or the folder itself if it is one.
fn found(at: &Path) -> Option<PathBuf> {
    if at.is_file() {
        return Some(at.to_owned());
    }
    let entries = fs::read_dir(at).ok()?.flatten();
    entries.filter_map(|entry| found(&entry.path())).next()
}

/// What the guard holds of the machine's memory.
fn memory(hygie: &Guarded) -> String {
    let of = |pid: i32, file: &str, key: &str| {
        let text = fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or("?").trim().to_owned()
    };
    hygie.pid("guard").map_or_else(
        || "no guard".to_owned(),
        |pid| {
            format!(
                "guard: PSS {}, at most {}",
                of(pid, "smaps_rollup", "Pss:"),
                of(pid, "status", "VmHWM:")
            )
        },
    )
}

const FOLDER: u64 = 250;
/// Only against a test that hangs.
const PATIENCE: Duration = Duration::from_secs(3_500);
