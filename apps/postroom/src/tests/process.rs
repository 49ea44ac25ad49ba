//! The process: with which rights it runs, and what is known of a letter when it dies in the middle.

use std::{
    fs,
    io::Write,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use hygie_model::letter::{Road, Security, Slot, Trouble};
use hygie_post::Trust;
use hygie_wire::post::{Answer, Ask};
use rustix::process::geteuid;

use super::{
    door::{STRANGER, ask, ask_as, open_place},
    heard, hook, letter, number, receiver, say_well,
};
use crate::process::{Options, room, run_with};

/// Not a test of its own: the process that the others start.
#[test]
fn inner_process() {
    let Some(place) = std::env::var_os(PLACE) else {
        return;
    };
    let place = PathBuf::from(place);
    let options = Options {
        folder: place.join("roads"),
        socket: place.join("post.sock"),
        hub: std::env::var(HUB).unwrap().parse().unwrap(),
    };
    run_with(&options, Trust::only([]).unwrap()).unwrap();
}

/// Not a test of its own: the process that the next one starts.
#[test]
fn inner_taken_over() {
    hygie_testkit::taken_over(room);
}

#[test]
fn a_post_that_was_taken_over_reads_no_other_file_and_starts_nothing() {
    let through = hygie_testkit::tried("tests::process::inner_taken_over").unwrap();
    // Where people have their servers, it is for them to say.
    through.are(&["connect"]);
}

struct Running(Child);

impl Running {
    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn start(place: &Path, own: u32, hub: u32) -> Running {
    // By the kernel's link: another user may not come to the build folder by its path.
    let mut command = Command::new("/proc/self/exe");
    command
        .args(["--exact", INNER, "--nocapture"])
        .env(PLACE, place)
        .env(HUB, hub.to_string())
        .stdout(Stdio::null());
    if geteuid().is_root() {
        command.uid(own).gid(own);
    }
    let child = Running(command.spawn().unwrap());
    let socket = place.join("post.sock");
    let begun = Instant::now();
    // An ended one's socket is there and leads nowhere.
    while std::os::unix::net::UnixStream::connect(&socket).is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it did not start"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

#[test]
fn the_process_has_given_up_its_rights_and_still_works() {
    let place = open_place();
    let (own, hub) = if geteuid().is_root() {
        (4011, 4012)
    } else {
        println!("skipped in part: needs root (to run and ask as others)");
        (geteuid().as_raw(), geteuid().as_raw())
    };
    let child = start(place.path(), own, hub);
    let socket = place.path().join("post.sock");
    let ask = |question: &Ask| {
        if geteuid().is_root() {
            ask_as(hub, &socket, question).unwrap()
        } else {
            ask(&socket, question).unwrap()
        }
    };
    assert!(matches!(ask(&Ask::State {}), Answer::State { .. }));
    // It can ask for a name, which takes a thread, though no thread may begin any more.
    for (server, trouble) in [
        ("localhost", Trouble::NotReached),
        ("no-such-server.invalid", Trouble::NameUnknown),
    ] {
        let (_, port) = receiver();
        let keep = Ask::Keep {
            slot: Slot::First,
            road: Road::Mail {
                server: server.to_owned(),
                port,
                security: Security::Tls,
                user: None,
                from: "hygie@cabinet.example".to_owned(),
                to: vec!["dr@cabinet.example".to_owned()],
            },
            secret: None,
        };
        assert_eq!(ask(&keep), Answer::Kept {});
        let send = Ask::Send {
            slot: Slot::First,
            id: number(1),
            letter: letter(),
        };
        assert_eq!(ask(&send), Answer::NotTaken { trouble });
    }
    // The threads that serve; the test's own around them does nothing.
    let threads = format!("/proc/{}/task", child.0.id());
    let serving: Vec<String> = fs::read_dir(threads)
        .unwrap()
        .map(|thread| fs::read_to_string(thread.unwrap().path().join("status")).unwrap())
        .filter(|status| status.contains("NoNewPrivs:\t1"))
        .collect();
    assert_eq!(serving.len(), 1 + crate::desk::AT_ONCE);
    for status in serving {
        assert!(status.contains("Seccomp:\t2"), "{status}");
        for none in ["CapEff", "CapPrm", "CapInh", "CapAmb"] {
            assert!(
                status.contains(&format!("{none}:\t0000000000000000")),
                "{status}"
            );
        }
        assert!(status.contains(&format!("Uid:\t{own}\t{own}\t{own}\t{own}")));
    }
    // Nobody of the same user looks into its memory: the kernel gives its files to root.
    let memory = fs::metadata(format!("/proc/{}/mem", child.0.id())).unwrap();
    assert_eq!(memory.uid(), 0);
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.0.id())).unwrap();
    for name in ["Max core file size", "Max processes"] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let words: Vec<&str> = line[name.len()..].split_whitespace().collect();
        assert_eq!(words[..2], ["0", "0"], "{line}");
    }
    if geteuid().is_root() {
        for uid in [own, 4013] {
            assert_eq!(ask_as(uid, &socket, &Ask::State {}), STRANGER);
        }
    }
}

#[test]
fn a_letter_that_was_cut_off_is_sent_again_under_the_same_number() {
    let place = open_place();
    let own = geteuid().as_raw();
    let mut child = start(place.path(), own, own);
    let socket = place.path().join("post.sock");
    let (listener, port) = receiver();
    let keep = Ask::Keep {
        slot: Slot::First,
        road: hook(port),
        secret: None,
    };
    assert_eq!(ask(&socket, &keep), Some(Answer::Kept {}));
    let send = Ask::Send {
        slot: Slot::First,
        id: number(7),
        letter: letter(),
    };
    // The receiver has it, and the process dies before anybody knows.
    let asked = std::thread::spawn({
        let (socket, send) = (socket.clone(), send.clone());
        move || ask(&socket, &send)
    });
    let (first, _, line) = heard(&listener);
    child.kill();
    assert_eq!(asked.join().unwrap(), None, "no answer is no yes");
    // It is gone to the last: the receiver's answer finds nobody.
    let _ = (&line).write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    drop(line);
    // The next one knows the road, and the receiver the letter.
    let _next = start(place.path(), own, own);
    let asked = std::thread::spawn(move || ask(&socket, &send));
    let (second, _, line) = heard(&listener);
    say_well(&line);
    let left_out = Vec::new();
    assert_eq!(asked.join().unwrap(), Some(Answer::Taken { left_out }));
    assert_eq!(first, second);
    assert_eq!(first, number(7).to_string());
}

const PLACE: &str = "HYGIE_TEST_POST_PLACE";
const HUB: &str = "HYGIE_TEST_POST_HUB";
const INNER: &str = "tests::process::inner_process";
