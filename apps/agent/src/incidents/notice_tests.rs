//! What people see, and that a name of a program cannot steer their terminal or their desktop.

use std::{os::unix::net::UnixListener, thread};

use hygie_acts::{BootId, Class, Counts, Fate, Member, Opening, State};
use hygie_model::Wall;

use super::*;

fn incident(command: &str) -> Incident {
    Incident {
        id: 7,
        state: State::Stopped,
        state_at: Wall(0),
        opening: Opening {
            boot: BootId("one".into()),
            group: "family".into(),
            families: vec![1],
            members: vec![Member {
                pid: 1,
                started: 1,
                uid: 1000,
                exe: "/tmp/x".into(),
                command: command.into(),
                program: "ab".into(),
                class: Class::Unknown,
                script: None,
                fate: Fate::Frozen,
            }],
            reasons: Vec::new(),
            score: 0,
            bound: 0,
            first_harm: Wall(0),
            stopped_at: Wall(0),
            counts: Counts::default(),
        },
    }
}

#[test]
fn it_says_what_was_stopped_that_nothing_is_lost_and_whom_to_call() {
    let catalog = Catalog::new(Language::Fr, TimeZone::UTC);
    let notice = words(
        &catalog,
        &incident("crypt\u{1b}[2J"),
        Some("Mme Roux, 01 23 45 67 89"),
    );
    assert!(notice.title.contains("crypt\\u{1b}[2J"), "{}", notice.title);
    assert!(
        notice.body.contains("Mme Roux, 01 23 45 67 89"),
        "{}",
        notice.body
    );
    assert!(notice.body.contains('7'));
    let nobody = words(&catalog, &incident("x"), None);
    assert_eq!(nobody.body.lines().count(), 3);
}

#[test]
fn nothing_moves_the_cursor_of_a_terminal() {
    assert_eq!(clean("a\u{1b}[2J\u{7}b\nc\u{9b}d"), "a?[2J?b\r\nc?d");
}

#[test]
fn only_terminals_of_this_user_are_written_to() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("tty1"), "").unwrap();
    let notice = HandedNotice {
        title: "t".into(),
        body: "b".into(),
    };
    let uid = rustix::process::geteuid().as_raw();
    assert_eq!(on_terminals(dir.path(), uid, &notice), 0, "no terminal");
    assert_eq!(std::fs::read(dir.path().join("tty1")).unwrap(), b"");
}

#[test]
fn the_call_is_what_the_bus_expects() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bus");
    let listener = UnixListener::bind(&path).unwrap();
    let bus = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        let got = stream.read(&mut buffer).unwrap();
        let auth = buffer[..got].to_vec();
        stream.write_all(b"OK 1234\r\n").unwrap();
        let mut all = Vec::new();
        while !String::from_utf8_lossy(&all).contains("urgency") {
            let got = stream.read(&mut buffer).unwrap();
            all.extend(&buffer[..got]);
        }
        (auth, all)
    });
    let notice = HandedNotice {
        title: "Un programme".into(),
        body: "<b>a & b".into(),
    };
    on_desktop(&path, 1000, &notice).unwrap();
    let (auth, all) = bus.join().unwrap();
    assert_eq!(auth, b"\0AUTH EXTERNAL 31303030\r\n");
    let messages = all.strip_prefix(b"BEGIN\r\n").unwrap();
    let said = String::from_utf8_lossy(messages).into_owned();
    for part in [
        "Hello",
        "Notify",
        "susssasa{sv}i",
        "Un programme",
        "&lt;b&gt;a &amp; b",
    ] {
        assert!(said.contains(part), "{part} in {said:?}");
    }
    // Each message is as long as its own head says.
    let word = |at: usize| {
        usize::try_from(u32::from_le_bytes(messages[at..at + 4].try_into().unwrap())).unwrap()
    };
    let first = (16 + word(12)).next_multiple_of(8) + word(4);
    assert_eq!(&messages[first..first + 4], b"l\x01\0\x01");
    let second = (16 + word(first + 12)).next_multiple_of(8) + word(first + 4);
    assert_eq!(first + second, messages.len());
}
