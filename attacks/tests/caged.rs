//! The simulators in their cage: another user, own PID namespace, limits, a clock. Needs root.

#[path = "unguarded/decoyed.rs"]
mod decoyed;

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use hygie_testkit::{Arena, Fs, LoopFs, SealedTree, Sight, Simulator, Snapshot, leftovers};

const USER: u32 = 4321;

fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_hygie-attacks")
}

fn prepared(size_mb: u64, files: usize) -> Option<(LoopFs, Arena)> {
    if let Some(why) = hygie_testkit::not_root() {
        eprintln!("{why}");
        return None;
    }
    let image = LoopFs::ext4(size_mb).expect("a loop image");
    let tree = SealedTree::new(3).files(files).largest(200_000);
    let arena = Arena::make(&image.path(), USER, &tree).expect("an arena");
    Some((image, arena))
}

#[test]
fn a_way_runs_as_the_user() {
    let Some((_image, arena)) = prepared(64, 20) else {
        return;
    };
    let before = arena.snapshot().expect("a snapshot");
    let outcome = Simulator::new(binary())
        .as_user(USER)
        .run("overwrite-whole", &arena, &[])
        .expect("it runs");
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(outcome.end().expect("an end")["files_touched"].as_u64() > Some(20));
    let after = arena.snapshot().expect("a snapshot");
    assert_eq!(before.contents().intersection(&after.contents()).count(), 0);
}

#[test]
fn another_user_is_denied_and_that_is_counted() {
    let Some((_image, arena)) = prepared(64, 20) else {
        return;
    };
    let before = arena.snapshot().expect("a snapshot");
    let outcome = Simulator::new(binary())
        .run("overwrite-whole", &arena, &[])
        .expect("it runs");
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(outcome.errors("EACCES") > 20, "{:?}", outcome.end());
    before.assert_same(&arena.snapshot().expect("a snapshot"));
}

#[test]
fn a_held_descriptor_waits_for_its_go() {
    let Some((_image, arena)) = prepared(64, 10) else {
        return;
    };
    let before = arena.snapshot().expect("a snapshot");
    let mut running = Simulator::new(binary())
        .as_user(USER)
        .start("held-descriptor", &arena, &[])
        .expect("it starts");
    running.wait_ready().expect("ready");
    before.assert_same(&arena.snapshot().expect("a snapshot"));
    running.go().expect("go");
    let outcome = running.finish().expect("it ends");
    assert!(outcome.end().expect("an end")["files_touched"].as_u64() > Some(10));
    assert_ne!(before, arena.snapshot().expect("a snapshot"));
}

#[test]
fn the_clock_and_a_drop_end_all_of_it() {
    let Some((_image, arena)) = prepared(64, 10) else {
        return;
    };
    let before = arena.snapshot().expect("a snapshot");
    let cage = Simulator::new(binary())
        .as_user(USER)
        .within(Duration::from_secs(1));
    let begin = Instant::now();
    let mut running = cage
        .start("overwrite-whole", &arena, &["--wait"])
        .expect("it starts");
    running.wait_ready().expect("ready");
    let folder = running.cgroup().map(std::path::Path::to_owned);
    let members = folder
        .as_ref()
        .map(|folder| std::fs::read_to_string(folder.join("cgroup.procs")).expect("procs"));
    assert!(
        members.is_none_or(|members| members.lines().count() >= 2),
        "the whole cage is in its cgroup"
    );
    running.kill();
    drop(running);
    assert!(
        folder.is_none_or(|folder| !folder.exists()),
        "the cgroup is gone"
    );
    let endless = cage
        .start("flood-opens", &arena, &["--wait"])
        .expect("it starts");
    let outcome = endless.finish().expect("it ends");
    assert!(
        !outcome.timed_out,
        "the end of its input is a no: {:?}",
        outcome.lines
    );
    before.assert_same(&arena.snapshot().expect("a snapshot"));
    let busy = cage
        .run("use-up-budget", &arena, &["--rounds", "100000000"])
        .expect("it ends");
    assert!(
        busy.timed_out && busy.code.is_none_or(|code| code != 0),
        "{:?}",
        busy.code
    );
    assert!(begin.elapsed() < Duration::from_secs(20));
}

/// A test that was killed left its cage and what runs in it.
#[test]
fn an_orphaned_cage_is_cleaned() {
    let Some((_image, arena)) = prepared(64, 3) else {
        return;
    };
    let cage = Simulator::new(binary()).as_user(USER);
    let running = cage
        .start("overwrite-whole", &arena, &["--wait"])
        .expect("it starts");
    running.wait_ready().expect("ready");
    let Some(folder) = running.cgroup().map(std::path::Path::to_owned) else {
        return;
    };
    let registry = std::fs::read_dir(leftovers::REGISTRY)
        .expect("a registry")
        .flatten();
    let ours = registry.map(|entry| entry.path()).find(|line| {
        std::fs::read_to_string(line).is_ok_and(|path| std::path::Path::new(&path) == folder)
    });
    let ours = ours.expect("it is registered");
    let name = ours.file_name().expect("a name").to_str().expect("text");
    let number = name.rsplit('-').next().expect("a number");
    // Another start time: the process of this number is not the one that made it.
    std::fs::rename(
        &ours,
        ours.with_file_name(format!("cage-{}-1-{number}", std::process::id())),
    )
    .expect("rename");
    let gone = leftovers::clean(leftovers::Which::Orphans).expect("clean");
    assert!(
        gone.iter()
            .any(|line| line.contains("cage") && line.ends_with(folder.to_str().expect("text"))),
        "{gone:?}"
    );
    assert!(!folder.exists());
    let outcome = running.finish().expect("it ended");
    assert!(outcome.end().is_none(), "it was killed while it waited");
}

#[test]
fn detached_processes_stay_in_the_cage() {
    let Some((_image, arena)) = prepared(64, 30) else {
        return;
    };
    let before = arena.snapshot().expect("a snapshot");
    let outcome = Simulator::new(binary())
        .as_user(USER)
        .run("many-processes", &arena, &["--procs", "6"])
        .expect("it runs");
    assert!(
        outcome.end().expect("an end")["errors"]
            .as_object()
            .expect("errors")
            .is_empty(),
        "{:?}",
        outcome.end()
    );
    let after = arena.snapshot().expect("a snapshot");
    assert_eq!(before.contents().intersection(&after.contents()).count(), 0);
}

#[test]
fn fill_disk_fills_a_small_disk_and_overwrites() {
    let Some((image, arena)) = prepared(32, 10) else {
        return;
    };
    let before = arena.snapshot().expect("a snapshot");
    let outcome = Simulator::new(binary())
        .as_user(USER)
        .run("fill-disk", &arena, &[])
        .expect("it runs");
    assert!(
        outcome.errors("ENOSPC") > 0,
        "{:?} {}",
        outcome.end(),
        outcome.stderr
    );
    let space = rustix::fs::statvfs(image.path()).expect("statvfs");
    assert!(
        space.f_bavail * space.f_frsize < 64 << 10,
        "{} blocks are left",
        space.f_bavail
    );
    let left = Snapshot::of(&arena.victims())
        .expect("a snapshot")
        .contents();
    assert_eq!(before.contents().intersection(&left).count(), 0);
}

#[test]
fn hygie_itself_denied_and_open() {
    let Some((image, _arena)) = prepared(64, 1) else {
        return;
    };
    let state = image.path().join("state");
    std::fs::create_dir(&state).expect("a folder");
    std::fs::write(state.join("index.sqlite"), "dear").expect("write");
    std::fs::set_permissions(&state, PermissionsExt::from_mode(0o700)).expect("chmod");
    let mut guard = std::process::Command::new("sleep")
        .arg("60")
        .spawn()
        .expect("a stand-in for the guard");
    let (path, pid) = (state.to_str().expect("text"), guard.id().to_string());
    let cage = Simulator::new(binary())
        .as_user(USER)
        .seeing(Sight::Machine);
    let attack = || {
        cage.start_bare(&["attack-hygie", "--state", path, "--pid", &pid])?
            .finish()
    };
    let outcome = attack().expect("it runs");
    let got_through: Vec<_> = outcome
        .lines
        .iter()
        .filter(|line| line["succeeded"] == true)
        .collect();
    assert!(
        outcome.code == Some(0) && got_through.is_empty(),
        "{got_through:?} {}",
        outcome.stderr
    );
    assert!(outcome.lines.len() > 30, "{} attempts", outcome.lines.len());
    assert_eq!(
        std::fs::read_to_string(state.join("index.sqlite")).expect("read"),
        "dear"
    );

    std::fs::set_permissions(&state, PermissionsExt::from_mode(0o777)).expect("chmod");
    let outcome = attack().expect("it runs");
    assert_eq!(outcome.code, Some(20), "an open folder is found out");
    let said = outcome
        .lines
        .iter()
        .any(|line| line["attempt"] == "unlink" && line["succeeded"] == true);
    assert!(said, "{:?}", outcome.lines);
    assert!(
        guard.try_wait().expect("status").is_none(),
        "the stand-in lives"
    );
    guard.kill().expect("end the stand-in");
    guard.wait().expect("end the stand-in");
}

/// Every way, as an ordinary user, on each file system that is here: none lacks a right that a secretary's
/// program has.
#[test]
fn every_way_works_for_an_ordinary_user_on_every_file_system() {
    for (fs, size_mb) in [(Fs::Ext4, 64), (Fs::Xfs, 320), (Fs::Btrfs, 256)] {
        if hygie_testkit::not_root().is_some() || !fs.is_here() {
            eprintln!("skipped: {fs:?} is not here, or not root");
            continue;
        }
        let image = LoopFs::with(fs, size_mb).expect("a loop image");
        let cage = Simulator::new(binary()).as_user(USER);
        for (_, way) in hygie_attacks::ways::all().filter(|(_, way)| way.name != "fill-disk") {
            let tree = SealedTree::new(9).files(12).largest(50_000);
            let arena = Arena::make(&image.path(), USER, &tree).expect("an arena");
            let mut running = cage
                .start(way.name, &arena, &["--rounds", "5"])
                .expect("it starts");
            running.go().expect("go");
            let outcome = running.finish().expect("it ends");
            let end = outcome
                .end()
                .unwrap_or_else(|| panic!("{}: {}", way.name, outcome.stderr));
            let errors = end["errors"].as_object().expect("errors");
            // An ordinary user gives no file away; btrfs has no collapse.
            let expected = match way.name {
                "change-owner" => Some("EPERM"),
                "collapse-range" if fs == Fs::Btrfs => Some("EOPNOTSUPP"),
                _ => None,
            };
            assert_eq!(
                errors.keys().next().map(String::as_str),
                expected,
                "{fs:?} {}: {end}",
                way.name
            );
            let touched = end["files_touched"].as_u64() > Some(0);
            assert!(touched || expected.is_some(), "{fs:?} {}: {end}", way.name);
            arena.remove().expect("remove");
        }
    }
}

/// Every scenario, in the cage and as an ordinary user: no program of the system lacks anything there.
#[test]
fn every_scenario_works_for_an_ordinary_user() {
    if let Some(why) = hygie_testkit::not_root() {
        eprintln!("{why}");
        return;
    }
    let image = LoopFs::ext4(128).expect("a loop image");
    let cage = Simulator::new(binary()).as_user(USER);
    for (_, scenario) in hygie_attacks::scenarios::all() {
        let (arena, originals) = decoyed::decoyed(&image.path(), USER, 20);
        let outcome = cage
            .run(scenario.name, &arena, &["--speed-up", "60000"])
            .expect("it runs");
        if hygie_attacks::scenarios::missing(scenario.needs).is_empty() {
            let end = outcome
                .end()
                .unwrap_or_else(|| panic!("{}: {}", scenario.name, outcome.stderr));
            let errors = end["errors"].as_object().expect("errors");
            assert!(errors.is_empty(), "{}: {end}", scenario.name);
            assert_eq!(end["files_touched"], originals.len(), "{}", scenario.name);
            assert_eq!(outcome.code, Some(0), "{}", scenario.name);
        } else {
            assert_eq!(outcome.code, Some(10), "{}", scenario.name);
        }
        arena.remove().expect("remove");
    }
}
