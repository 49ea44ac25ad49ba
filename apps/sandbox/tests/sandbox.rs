//! The sandbox as processes, on the real kernel: what is refused to a worker, and that nothing breaks but the worker.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::{
    fs,
    io::{self, Read},
    os::unix::{
        fs::{PermissionsExt, chown},
        net::UnixStream,
        process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use hygie_sandbox::{
    NoAnswer, Nursery, Sandbox,
    message::Received,
    preview::{Preview, Shown, Why},
};
use image::{DynamicImage, ImageFormat};
use rustix::process::Signal;

const TRIES: &str = env!("CARGO_BIN_EXE_sandbox-tries");
/// `nobody`, where root runs the tests.
const NOBODY: u32 = 65534;
const SIGSYS: i32 = Signal::SYS.as_raw();

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Runs something as nobody in particular, as far as this user may.
fn as_nobody(program: &Path) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.stdin(Stdio::null());
    command
}

fn tried(name: &str) -> Output {
    as_nobody(Path::new(TRIES))
        .args(["try", name])
        .output()
        .unwrap()
}

/// A keeper of its own.
struct Kept {
    child: Child,
    sandbox: Sandbox,
    dir: tempfile::TempDir,
}

impl Kept {
    /// Under another name the tests' program misbehaves.
    fn named(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let program = dir.path().join(name);
        fs::copy(TRIES, &program).unwrap();
        let own = dir.path().join("own");
        fs::create_dir(&own).unwrap();
        if is_root() {
            chown(&own, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let socket = own.join("sandbox.sock");
        let uid = rustix::process::geteuid().as_raw().to_string();
        let child = as_nobody(&program)
            .arg("keep")
            .arg(&socket)
            .arg(uid)
            .spawn()
            .unwrap();
        while UnixStream::connect(&socket).is_err() {
            std::thread::yield_now();
        }
        Self {
            child,
            sandbox: Sandbox::at(&socket),
            dir,
        }
    }

    fn preview(&self, bytes: &[u8]) -> Result<Shown, NoAnswer> {
        self.sandbox.ask(Preview {}, (bytes, bytes.len() as u64))
    }

    fn is_well(&self) {
        let shown = self.preview("Bonjour é\n".as_bytes()).unwrap();
        assert!(matches!(&shown, Shown::Text { text, all: true, .. } if text == "Bonjour é"));
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn who_is_shut_in_still_works_and_ends() {
    let done = tried("nothing");
    assert!(done.status.success(), "{done:?}");
    let walls = String::from_utf8(done.stdout).unwrap();
    // Which of them is the kernel's; that Landlock refuses by itself is tested in `hygie-platform`.
    assert!(["Both\n", "OlderLandlock\n", "FilterAlone\n"].contains(&walls.as_str()));
    let done = tried("little memory");
    assert!(String::from_utf8_lossy(&done.stdout).ends_with("given\n"));
}

#[test]
fn files_networks_and_processes_end_it_at_once() {
    for name in [
        "open", "make", "connect", "bind", "pair", "fork", "thread", "kill",
    ] {
        let done = tried(name);
        let said = String::from_utf8_lossy(&done.stdout);
        assert_eq!(done.status.signal(), Some(SIGSYS), "{name}: {done:?}");
        assert!(!said.contains("OUT") && !said.is_empty(), "{name}: {said}");
    }
    assert!(!Path::new("/tmp/hygie-out").exists());
}

#[test]
fn more_memory_is_not_given() {
    let done = tried("memory");
    assert!(done.status.success(), "{done:?}");
    assert!(String::from_utf8_lossy(&done.stdout).ends_with("refused\n"));
}

#[test]
fn who_works_without_end_is_ended() {
    let done = tried("loop");
    let ends = [Signal::XCPU, Signal::KILL].map(|signal| Some(signal.as_raw()));
    assert!(ends.contains(&done.status.signal()), "{done:?}");
}

#[test]
fn a_worker_that_breaks_or_works_without_end_is_told_as_such() {
    let kept = Kept::named("aborts");
    let reply = kept.preview(b"text");
    assert!(matches!(reply, Err(NoAnswer::Broke)), "{reply:?}");
    // The keeper goes on.
    assert!(matches!(kept.preview(b"text"), Err(NoAnswer::Broke)));
    let kept = Kept::named("loops");
    let reply = kept.preview(b"text");
    assert!(matches!(reply, Err(NoAnswer::TooLong)), "{reply:?}");
}

/// What a program of that name says of an SMS that it has read by a worker of its own.
fn own(name: &str) -> String {
    said_by(name, "own", "Bonjour")
}

#[test]
fn who_may_ask_no_keeper_starts_workers_of_their_own() {
    assert_eq!(own("reads"), "read: Bonjour\n");
    assert_eq!(own("aborts"), "Broke\n");
    assert_eq!(own("loops"), "TooLong\n");
}

/// What a program of that name says of this verb and this argument.
fn said_by(name: &str, verb: &str, argument: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = dir.path().join(name);
    fs::copy(TRIES, &program).unwrap();
    let done = as_nobody(&program).args([verb, argument]).output();
    String::from_utf8(done.unwrap().stdout).unwrap()
}

#[test]
fn a_nursery_serves_some_hundreds_and_is_replaced() {
    // A process for each, and one that loads what they need for every five hundred.
    assert_eq!(said_by("reads", "many", "3"), "1\n");
    assert_eq!(said_by("reads", "many", "1001"), "3\n");
    assert_eq!(Nursery::MOST, 500);
}

#[test]
fn whom_a_nursery_makes_can_do_no_more_than_a_worker() {
    for name in [
        "open", "make", "connect", "bind", "pair", "fork", "thread", "kill", "meddle",
    ] {
        // It is ended; the next one, of another nursery, is read, and answers for itself.
        let said = said_by("tries", "nursed", name);
        assert_eq!(said, "Broke\nread: nothing 0\n2\n", "{name}");
    }
    assert!(!Path::new("/tmp/hygie-out").exists());
    let said = said_by("tries", "nursed", "loop");
    assert_eq!(said, "TooLong\nread: nothing 0\n2\n");
    // Of what one writes into memory the next one of the same nursery sees nothing.
    let said = said_by("tries", "nursed", "nothing");
    assert_eq!(said, "read: nothing 0\nread: nothing 0\n1\n");
}

#[test]
fn a_nursery_that_is_not_there_reads_nothing() {
    let said = said_by("aborts", "nursed", "nothing");
    assert!(said.starts_with("NotStarted("), "{said}");
}

#[test]
fn messages_are_read_by_the_keeper_s_workers_too() {
    let kept = Kept::named("keeps");
    let raw = b"From: Ana <ana@labo.example>\r\nSubject: R\r\n\r\nBonjour\r\n";
    let handed = (&raw[..], raw.len() as u64);
    let message = kept.sandbox.ask(Received::Mail {}, handed).unwrap();
    assert_eq!(message.shown().trim(), "Bonjour");
}

/// Takes the keeper's whole patience; run it when that is what was changed.
#[test]
#[ignore = "waits until the keeper's patience is over: twelve seconds"]
fn a_worker_that_only_waits_is_ended_as_well() {
    let kept = Kept::named("sleeps");
    let reply = kept.preview(b"text");
    assert!(matches!(reply, Err(NoAnswer::TooLong)), "{reply:?}");
}

#[test]
fn hostile_files_are_refused_plainly_and_the_next_one_is_read() {
    let kept = Kept::named("keeps");
    kept.is_well();
    let mut picture = Vec::new();
    DynamicImage::new_rgb8(3000, 20)
        .write_to(&mut io::Cursor::new(&mut picture), ImageFormat::Png)
        .unwrap();
    let shown = kept.preview(&picture).unwrap();
    let Shown::Picture { png, width, .. } = shown else {
        panic!("{shown:?}")
    };
    assert_eq!((png.width(), png.height(), width), (1000, 7, 3000));
    // It says that it has 65,535 points a side; and then a hundred megabytes that begin like a picture.
    let sides = 65_535_u32.to_be_bytes();
    let mut bomb = picture.clone();
    bomb[16..20].copy_from_slice(&sides);
    bomb[20..24].copy_from_slice(&sides);
    let refused = |why| Shown::Nothing { why };
    // The sum over the header is wrong now; a right one is in the unit tests.
    assert!(matches!(
        kept.preview(&bomb).unwrap(),
        Shown::Nothing {
            why: Why::Unreadable | Why::TooLarge
        }
    ));
    let long = (picture.as_slice().chain(io::repeat(0)), 100 << 20);
    let shown = kept.sandbox.ask(Preview {}, long).unwrap();
    assert_eq!(shown, refused(Why::TooLarge));
    for cut in [9, 30, picture.len() / 2, picture.len() - 13] {
        let shown = kept.preview(&picture[..cut]).unwrap();
        assert!(matches!(shown, Shown::Nothing { .. }), "{cut}: {shown:?}");
    }
    assert_eq!(kept.preview(b"").unwrap(), refused(Why::Empty));
    kept.is_well();
}

#[test]
fn a_content_that_cannot_be_read_is_no_answer_of_the_sandbox() {
    let kept = Kept::named("keeps");
    let short = kept.sandbox.ask(Preview {}, (&b"abc"[..], 4));
    assert!(matches!(short, Err(NoAnswer::Content(_))), "{short:?}");
    kept.is_well();
}

#[test]
fn only_who_may_ask_is_answered() {
    if !is_root() {
        println!("skipped: only root can be two users");
        return;
    }
    let kept = Kept::named("keeps");
    let socket = kept.dir.path().join("own/sandbox.sock");
    // Whoever can reach the socket, such as another process of the same user, is not served.
    let ask = Command::new("/usr/bin/python3")
        .args(["-c", ASK])
        .arg(&socket)
        .uid(NOBODY)
        .gid(NOBODY)
        .output();
    match ask {
        Ok(asked) => assert_eq!(String::from_utf8_lossy(&asked.stdout), "[]", "{asked:?}"),
        Err(error) => println!("skipped: no python3: {error}"),
    }
    kept.is_well();
}

const ASK: &str = r#"
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
try:
    s.sendall(b'{"work":"preview","follow":1,"of":1}\nx'); got = s.recv(9)
except (BrokenPipeError, ConnectionResetError):
    got = b""
print(list(got), end="")
"#;

#[test]
fn without_a_sandbox_nothing_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let absent = Sandbox::at(&dir.path().join("sandbox.sock"));
    let reply = absent.ask(Preview {}, (&b"abc"[..], 3));
    assert!(matches!(reply, Err(NoAnswer::Absent(_))), "{reply:?}");
}
