//! The power is cut while files change: what was safe before is there after, and nothing half is taken for whole.
//!
//! A killed QEMU loses nothing that its guest wrote, so a kill alone proves little. The disk's log gives more: the
//! disk at any earlier moment, of which only what a flush followed is sure, the rest there in part. Each such disk
//! is looked at by a second guest.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use hygie_guest::{Cut, Disk, Folder, Kernel, Log, why_not};
use hygie_testkit::Noise;

use crate::machine;

/// Seeds, one machine and one kill each; `HYGIE_POWER_SEEDS=20` for more, or `=7..8` for one.
fn seeds() -> std::ops::Range<u64> {
    let Ok(text) = std::env::var("HYGIE_POWER_SEEDS") else {
        return 0..3;
    };
    let (from, to) = text.split_once("..").unwrap_or(("0", &text));
    from.parse().expect("a number")..to.parse().expect("a number")
}

/// A state that was told to be safe, and how long the disk's log was when that was read.
struct Safe {
    hash: String,
    log: u64,
}

#[test]
#[ignore = "boots two machines a seed; takes minutes"]
fn heavy_a_power_cut_leaves_nothing_half() {
    if let Some(why) = why_not() {
        println!("{why}");
        return;
    }
    for seed in seeds() {
        let kernel = if seed % 2 == 0 {
            Kernel::Debian12
        } else {
            Kernel::Debian13
        };
        println!("seed {seed}, {kernel}");
        cut(seed, kernel);
    }
}

fn cut(seed: u64, kernel: Kernel) {
    let folder = Folder::new().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let disk = Disk::ext4(&at("disk"), DISK_MB).expect("a disk");
    let before = disk.copy(&at("before")).expect("the empty disk");
    let disk = disk.logged(&at("log")).expect("a log");
    let mut noise = Noise::new(seed);
    let (began, safe) = work(seed, kernel, &disk, &at("log"), &mut noise);
    let log = Log::read(&at("log")).expect("a log");
    let began = log.done_at(began);
    println!(
        "  {} states safe, {} requests, {began} of them before Hygie",
        safe.len(),
        log.len()
    );
    let mut guest = machine::guest(kernel)
        .within(Duration::from_secs(900))
        .memory_mb(1024);
    guest = guest.disk(&disk.copy(&at("killed")).expect("a disk"));
    guest = guest.text("/etc/expected/vda", &expected(safe.iter()));
    for (number, letter) in ('b'..).take(CUTS).enumerate() {
        let requests = u64::try_from(log.len() - began).expect("few");
        let after = began + usize::try_from(noise.below(requests + 1)).expect("few");
        let cut = Cut {
            after,
            seed: noise.word(),
        };
        let image = log
            .cut(&before, cut, &at(&format!("cut-{number}")))
            .expect("a disk");
        let done = safe
            .iter()
            .filter(|state| log.done_at(state.log) <= after && state.log > 0);
        let text = expected(done);
        println!(
            "  vd{letter}: after request {after}, {} writes in the air, {} states safe",
            log.in_the_air(after),
            text.lines().count()
        );
        guest = guest
            .disk(&image)
            .text(&format!("/etc/expected/vd{letter}"), &text);
    }
    machine::watch(machine::start(&guest, "check::inside_after_the_cut"));
}

/// Boots, works, and kills at a moment that the seed gives; what was safe, and where the log was at the beginning.
fn work(
    seed: u64,
    kernel: Kernel,
    disk: &Disk,
    log: &std::path::Path,
    noise: &mut Noise,
) -> (u64, Vec<Safe>) {
    let length = || std::fs::metadata(log).map_or(0, |found| found.len());
    let guest = machine::guest(kernel)
        .disk(disk)
        .mounted()
        .variable("SEED", &seed.to_string());
    let running = machine::start(&guest, "writer::inside_write_for_ever");
    let (mut began, mut safe, mut denied) = (0, Vec::new(), 0);
    let mut until = None;
    loop {
        let left = until.map_or(PATIENCE, |at: Instant| {
            at.saturating_duration_since(Instant::now())
        });
        let Some(line) = running.line_within(left) else {
            if until.is_none() {
                panic!("no line in time: {:?}", running.finish());
            }
            break;
        };
        match line.split_once(' ') {
            Some(("SAFE", hash)) => safe.push(Safe {
                hash: hash.to_owned(),
                log: length(),
            }),
            Some(("DENIED", _)) => denied += 1,
            _ if line == "BEGIN" => began = length(),
            _ if line == "READY" => {
                let wait = Duration::from_millis(noise.below(MOST_MS));
                until = Some(Instant::now() + wait);
            }
            _ if line.contains("panicked") => panic!("{line}\n{:?}", running.line_within(PATIENCE)),
            _ => {}
        }
    }
    let age = running.age().as_secs();
    // Lines that were on their way: safe on the disk as it is now, of earlier moments nothing is known.
    let late = running.cut_power().expect("it is killed");
    let late = late.iter().filter_map(|line| line.strip_prefix("SAFE "));
    safe.extend(late.map(|hash| Safe {
        hash: hash.to_owned(),
        log: u64::MAX,
    }));
    println!("  killed after {age} s; {denied} opens were denied");
    (began, safe)
}

fn expected<'a>(states: impl Iterator<Item = &'a Safe>) -> String {
    let hashes: BTreeSet<&str> = states.map(|state| state.hash.as_str()).collect();
    hashes.iter().fold(String::new(), |mut text, hash| {
        let _infallible = writeln!(text, "{hash}");
        text
    })
}

const DISK_MB: u64 = 192;
/// Moments of each run besides that of the kill.
const CUTS: usize = 5;
/// From `ready` to the kill, at most.
const MOST_MS: u64 = 12_000;
const PATIENCE: Duration = Duration::from_secs(120);
