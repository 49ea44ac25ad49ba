//! What `clean` would do on made-up machines.

use super::*;

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn entry(name: &str, thing: Thing) -> Entry {
    let file = PathBuf::from("/run/hygie-test").join(name);
    Entry {
        file,
        thing,
        is_alive: false,
    }
}

fn left_behind() -> Seen {
    Seen {
        entries: vec![
            entry("loop-1-2-0", Thing::Folder("/tmp/hygie-test-a".to_owned())),
            entry(
                "cage-1-2-1",
                Thing::Cgroup(PathBuf::from("/sys/fs/cgroup/hygie-test-a")),
            ),
        ],
        processes: vec![
            Process {
                pid: 10,
                words: strings(&["/x/hygie", "guard", "--state", "/tmp/hygie-test-a/state"]),
            },
            Process {
                pid: 11,
                words: strings(&["hygie", "witness", "HYGIE_STATE=/tmp/hygie-test-a/state"]),
            },
        ],
        mounts: strings(&["/", "/tmp/hygie-test-a/mnt", "/tmp/hygie-test-a/mnt/inner"]),
        loops: vec![(
            "/dev/loop7".to_owned(),
            "/tmp/hygie-test-a/image".to_owned(),
        )],
        cgroups: vec![PathBuf::from("/sys/fs/cgroup/hygie-test-a")],
        folders: strings(&["/tmp/hygie-test-a", "/tmp/other"]),
        lease_break_time: Some((
            "45".to_owned(),
            PathBuf::from("/run/hygie-test/lease-break-time"),
        )),
    }
}

fn shown(seen: &Seen, scope: Scope) -> Vec<String> {
    plan(seen, scope).iter().map(ToString::to_string).collect()
}

#[test]
fn a_killed_run_is_taken_apart_in_order() {
    assert_eq!(
        shown(&left_behind(), Scope::Strays),
        [
            "end process 10: /x/hygie guard --state /tmp/hygie-test-a/state",
            "end process 11: hygie witness HYGIE_STATE=/tmp/hygie-test-a/state",
            "empty and remove the control group /sys/fs/cgroup/hygie-test-a",
            "unmount /tmp/hygie-test-a/mnt/inner",
            "unmount /tmp/hygie-test-a/mnt",
            "detach /dev/loop7",
            "remove /tmp/hygie-test-a",
            "put fs.lease-break-time back to 45",
            "forget /run/hygie-test/lease-break-time",
            "forget /run/hygie-test/loop-1-2-0",
            "forget /run/hygie-test/cage-1-2-1",
        ]
    );
}

#[test]
fn a_running_test_is_left_alone_unless_all_is_to_go() {
    let mut seen = left_behind();
    seen.entries
        .iter_mut()
        .for_each(|entry| entry.is_alive = true);
    assert_eq!(shown(&seen, Scope::Strays), Vec::<String>::new());
    assert_eq!(
        shown(&seen, Scope::All),
        shown(&left_behind(), Scope::Strays)
    );
}

#[test]
fn a_practice_at_work_is_never_touched() {
    let seen = Seen {
        entries: [
            "/",
            "/srv",
            "/tmp",
            "/tmp/hygie-test-",
            "/tmp/hygie-test-a/../../srv",
        ]
        .map(|path| entry("loop-1-2-0", Thing::Folder(path.to_owned())))
        .to_vec(),
        processes: vec![
            Process {
                pid: 10,
                words: strings(&["/usr/bin/hygie", "guard", "--state", "/var/lib/hygie"]),
            },
            Process {
                pid: 11,
                words: strings(&["/usr/bin/hygie", "up", "/srv"]),
            },
            Process {
                pid: 12,
                words: strings(&["vi", "/tmp/hygie-test-a/notes"]),
            },
            Process {
                pid: 13,
                words: strings(&["/usr/bin/hygie", "restore", "/tmp/hygie-test-a/../../srv"]),
            },
        ],
        mounts: strings(&["/", "/srv", "/tmp", "/mnt/tmp/hygie-test-a"]),
        loops: vec![("/dev/loop0".to_owned(), "/srv/image".to_owned())],
        folders: strings(&["/tmp/hygie-test-a/../..", "/srv", "/"]),
        ..Seen::default()
    };
    assert_eq!(
        shown(&seen, Scope::All),
        ["forget /run/hygie-test/loop-1-2-0"; 5]
    );
}

#[test]
fn what_was_never_registered_is_found_by_its_path() {
    let seen = Seen {
        entries: Vec::new(),
        lease_break_time: None,
        ..left_behind()
    };
    let acts = shown(&seen, Scope::Strays);
    assert!(acts.contains(&"detach /dev/loop7".to_owned()), "{acts:?}");
    assert!(
        !acts.contains(&"remove /tmp/hygie-test-a".to_owned()),
        "{acts:?}"
    );
    assert!(shown(&seen, Scope::All).contains(&"remove /tmp/hygie-test-a".to_owned()));
}

#[test]
fn a_marker_without_a_number_is_not_written_to_the_kernel() {
    let marker = PathBuf::from("/run/hygie-test/lease-break-time");
    let seen = Seen {
        lease_break_time: Some(("; rm".to_owned(), marker)),
        ..Seen::default()
    };
    assert_eq!(
        shown(&seen, Scope::Strays),
        ["forget /run/hygie-test/lease-break-time"]
    );
}

#[test]
fn a_guest_ends_before_its_folder_goes() {
    let folder = "/tmp/hygie-test-g";
    let qemu = |pid, cwd: &str| Process {
        pid,
        words: strings(&["qemu-system-x86_64", "-m", "768", cwd]),
    };
    let seen = Seen {
        entries: vec![entry("guest-1-2-0", Thing::Guest(folder.to_owned()))],
        processes: vec![qemu(10, "cwd=/tmp/hygie-test-g"), qemu(11, "cwd=/root")],
        folders: strings(&[folder]),
        ..Seen::default()
    };
    assert_eq!(
        shown(&seen, Scope::Strays),
        [
            "end process 10: qemu-system-x86_64 -m 768 cwd=/tmp/hygie-test-g",
            "remove /tmp/hygie-test-g",
            "forget /run/hygie-test/guest-1-2-0",
        ]
    );
}
