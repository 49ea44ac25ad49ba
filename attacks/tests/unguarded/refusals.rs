//! What a simulator must not do: each refusal leaves everything as it was.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use hygie_testkit::{Arena, LoopFs, Snapshot};

use crate::ran::{arena, binary, run};

/// Runs with the nonce given and demands a refusal with exit code 2, nothing printed, nothing changed.
fn refused(arena: &Arena, nonce: &str, why: &str) {
    let before = Snapshot::of(arena.path()).expect("a snapshot");
    for way in [
        "overwrite-whole",
        "remove-tree",
        "many-processes",
        "truncate-path-zero",
        "encrypt-in-place",
        "shell-openssl",
        "trusted-7z",
    ] {
        let ran = run(way, arena, nonce, &[]);
        assert_eq!(ran.code, Some(2), "{way}");
        assert!(ran.lines.is_empty(), "{way}");
        assert!(ran.stderr.contains(why), "{way}: {}", ran.stderr);
    }
    before.assert_same(&Snapshot::of(arena.path()).expect("a snapshot"));
}

#[test]
fn a_wrong_nonce() {
    let (_folder, arena) = arena(5);
    refused(&arena, &"ab".repeat(16), "the nonce is not the one");
    refused(&arena, &arena.nonce()[..31], "32 to 128 hexadecimal");
    refused(&arena, &"zz".repeat(16), "32 to 128 hexadecimal");
}

#[test]
fn a_folder_without_a_marker() {
    let (_folder, arena) = arena(5);
    std::fs::remove_file(arena.path().join(".hygie-arena")).expect("remove");
    refused(&arena, arena.nonce(), "no readable .hygie-arena");
}

#[test]
fn a_marker_that_is_a_link_or_has_two_names_or_is_open_to_all() {
    let (_folder, arena) = arena(5);
    let marker = arena.path().join(".hygie-arena");
    let second = arena.path().join("second");
    std::fs::hard_link(&marker, &second).expect("link");
    refused(&arena, arena.nonce(), "second name");
    std::fs::remove_file(&marker).expect("remove");
    symlink("second", &marker).expect("symlink");
    refused(&arena, arena.nonce(), "no readable .hygie-arena");
    std::fs::remove_file(&marker).expect("remove");
    std::fs::rename(&second, &marker).expect("rename");
    std::fs::set_permissions(&marker, PermissionsExt::from_mode(0o666)).expect("chmod");
    refused(&arena, arena.nonce(), "others may write it");
    std::fs::set_permissions(&marker, PermissionsExt::from_mode(0o444)).expect("chmod");
    assert_eq!(
        run("overwrite-whole", &arena, arena.nonce(), &[]).code,
        Some(0),
        "it was the marker alone"
    );
}

#[test]
fn a_path_instead_of_a_descriptor() {
    let (_folder, arena) = arena(5);
    let before = Snapshot::of(arena.path()).expect("a snapshot");
    let path = arena.path().to_str().expect("text");
    for descriptor in [path, "0", "1", "2", "77", "-1"] {
        let arguments = [
            "overwrite-whole",
            "--nonce",
            arena.nonce(),
            "--arena-fd",
            descriptor,
        ];
        let output = Command::new(binary())
            .args(arguments)
            .current_dir(arena.path())
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(2), "{descriptor}");
    }
    let output = Command::new(binary())
        .args(["overwrite-whole", path])
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    before.assert_same(&Snapshot::of(arena.path()).expect("a snapshot"));
}

/// Links in the victims that lead out: to a file, to a folder, to the folder above.
#[test]
fn symbolic_links_are_not_followed() {
    let (folder, arena) = arena(5);
    let treasure = folder.path().join("treasure");
    std::fs::create_dir(&treasure).expect("folder");
    std::fs::write(treasure.join("a.txt"), "dear").expect("write");
    symlink(&treasure, arena.victims().join("aa out")).expect("symlink");
    symlink(treasure.join("a.txt"), arena.victims().join("aa.txt")).expect("symlink");
    symlink("../..", arena.victims().join("ab up")).expect("symlink");
    let before = Snapshot::of(&treasure).expect("a snapshot");
    for (_, way) in hygie_attacks::ways::all() {
        assert_eq!(
            run(way.name, &arena, arena.nonce(), &["--rounds", "2"]).code,
            Some(0),
            "{}",
            way.name
        );
        before.assert_same(&Snapshot::of(&treasure).expect("a snapshot"));
    }
}

/// The same for what runs programs of the system: a fresh arena each, so that there is something to act on.
#[test]
fn symbolic_links_are_not_followed_by_scenarios() {
    for (_, scenario) in hygie_attacks::scenarios::all() {
        let (folder, arena) = arena(3);
        let treasure = folder.path().join("treasure");
        std::fs::create_dir(&treasure).expect("folder");
        std::fs::write(treasure.join("a.txt"), "dear").expect("write");
        symlink(&treasure, arena.victims().join("aa out")).expect("symlink");
        symlink(treasure.join("a.txt"), arena.victims().join("aa.txt")).expect("symlink");
        symlink("../..", arena.victims().join("ab up")).expect("symlink");
        let linked = folder.path().join("linked.txt");
        std::fs::write(&linked, "dear").expect("write");
        std::fs::hard_link(&linked, arena.victims().join("linked.txt")).expect("link");
        let before = Snapshot::of(&treasure).expect("a snapshot");
        let ran = run(
            scenario.name,
            &arena,
            arena.nonce(),
            &["--speed-up", "60000"],
        );
        let expected = if hygie_attacks::scenarios::missing(scenario.needs).is_empty() {
            0
        } else {
            10
        };
        assert_eq!(ran.code, Some(expected), "{}", scenario.name);
        before.assert_same(&Snapshot::of(&treasure).expect("a snapshot"));
        assert_eq!(
            std::fs::read_to_string(&linked).expect("read"),
            "dear",
            "{}",
            scenario.name
        );
    }
}

#[test]
fn victims_that_are_a_link_themselves() {
    let (folder, arena) = arena(5);
    let moved = folder.path().join("moved");
    std::fs::rename(arena.victims(), &moved).expect("rename");
    symlink(&moved, arena.victims()).expect("symlink");
    let before = Snapshot::of(&moved).expect("a snapshot");
    let ran = run("overwrite-whole", &arena, arena.nonce(), &[]);
    assert_eq!(ran.end()["files_touched"], 0);
    assert!(
        ran.end()["errors"]["stopped: ELOOP"].is_number(),
        "{}",
        ran.end()
    );
    before.assert_same(&Snapshot::of(&moved).expect("a snapshot"));
}

/// A file from elsewhere that was linked into the victims after the arena was sealed.
#[test]
fn a_foreign_hard_link() {
    let (folder, arena) = arena(5);
    let treasure = folder.path().join("treasure.txt");
    std::fs::write(&treasure, "dear").expect("write");
    std::fs::hard_link(&treasure, arena.victims().join("linked.txt")).expect("link");
    let ran = run("overwrite-whole", &arena, arena.nonce(), &[]);
    assert!(
        ran.end()["errors"]["refused: has a hard link that the arena did not make"] == 1,
        "{}",
        ran.end()
    );
    assert_eq!(std::fs::read_to_string(&treasure).expect("read"), "dear");
}

/// Another file system mounted among the victims.
#[test]
fn another_device() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let other = LoopFs::ext4(16).expect("a loop image");
    std::fs::write(other.path().join("dear.txt"), "dear").expect("write");
    let (_folder, arena) = arena(5);
    let inside = arena.victims().join("mounted");
    std::fs::create_dir(&inside).expect("folder");
    rustix::mount::mount_bind(other.path(), &inside).expect("bind mount");
    let mut broke = None;
    let scenarios = hygie_attacks::scenarios::all().map(|(_, scenario)| scenario.name);
    // Scenarios first: some ways leave little of the tree.
    for name in scenarios.chain(hygie_attacks::ways::all().map(|(_, way)| way.name)) {
        let more = ["--rounds", "2", "--speed-up", "60000"];
        run(name, &arena, arena.nonce(), &more);
        let text = std::fs::read_to_string(other.path().join("dear.txt"));
        if text.ok().as_deref() != Some("dear") {
            broke = Some(name);
            break;
        }
    }
    // Wherever a way has moved it.
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").expect("mounts");
    let root = arena.path().to_str().expect("text").to_owned();
    for line in mounts.lines().filter(|line| line.contains(&root)) {
        let point = line
            .split(' ')
            .nth(4)
            .expect("a mount point")
            .replace("\\040", " ");
        rustix::mount::unmount(point, rustix::mount::UnmountFlags::empty()).expect("unmount");
    }
    assert_eq!(broke, None);
}

#[test]
fn attacking_hygie_as_root() {
    if hygie_testkit::not_root().is_none() {
        let output = Command::new(binary())
            .args(["attack-hygie", "--state", "/nonexistent", "--pid", "999999"])
            .output();
        assert_eq!(output.expect("it starts").status.code(), Some(2));
    }
}
