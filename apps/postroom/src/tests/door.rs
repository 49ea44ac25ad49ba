//! The socket: who is answered, and what is no question.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_platform::{clock, linux::service::listen};
use hygie_post::Trust;
use hygie_wire::post::{Answer, Ask, Refusal};
use rustix::{
    process::{Uid, geteuid},
    thread::set_thread_res_uid,
};
use tokio::{net::UnixListener, runtime::Builder};

use crate::{
    desk::{Clock, Desk},
    door::{PLACES, serve},
    roads::Roads,
};

/// A folder that every user may look into.
pub(super) fn open_place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o777)).unwrap();
    place
}

/// A post in a thread of this process; it ends with the tests.
fn post(place: &Path, hub: u32) -> PathBuf {
    let socket = place.join("post.sock");
    let listener = listen(&socket).unwrap();
    listener.set_nonblocking(true).unwrap();
    let roads = Roads::open(&place.join("roads")).unwrap();
    std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let clock = Clock {
                wall: clock::wall,
                mono: clock::mono,
            };
            let desk = Desk::new(roads, Trust::only([]).unwrap(), clock);
            let listener = UnixListener::from_std(listener).unwrap();
            serve(listener, Arc::new(desk), hub).await;
        });
    });
    socket
}

/// One line there, one back.
pub(super) fn say(socket: &Path, text: &[u8]) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    // Whoever is refused finds the other end closed.
    let _ = stream.write_all(text);
    let mut line = String::new();
    let _ = BufReader::new(stream).read_line(&mut line);
    line
}

pub(super) fn ask(socket: &Path, ask: &Ask) -> Option<Answer> {
    let mut text = serde_json::to_vec(ask).unwrap();
    text.push(b'\n');
    let line = say(socket, &text);
    (!line.is_empty()).then(|| serde_json::from_str(&line).unwrap())
}

/// Asks as another user: a thread of its own takes his number.
pub(super) fn ask_as(uid: u32, socket: &Path, question: &Ask) -> Option<Answer> {
    let (socket, question) = (socket.to_owned(), question.clone());
    let asked = std::thread::spawn(move || {
        let uid = Uid::from_raw(uid);
        set_thread_res_uid(uid, uid, uid).unwrap();
        ask(&socket, &question)
    });
    asked.join().unwrap()
}

pub(super) const STRANGER: Option<Answer> = Some(Answer::Refused {
    why: Refusal::Stranger,
});

#[test]
fn a_stranger_is_refused_whatever_he_asks() {
    let place = open_place();
    let own = geteuid().as_raw();
    if !geteuid().is_root() {
        println!("skipped in part: needs root (to ask as others)");
        let socket = post(place.path(), own + 1);
        assert_eq!(ask(&socket, &Ask::State {}), STRANGER);
        return;
    }
    let socket = post(place.path(), 4002);
    let keep = Ask::Keep {
        slot: hygie_model::letter::Slot::First,
        road: super::hook(80),
        secret: None,
    };
    for question in [Ask::State {}, keep.clone()] {
        assert_eq!(ask_as(4003, &socket, &question), STRANGER);
    }
    let nothing = Answer::State {
        first: None,
        second: None,
    };
    assert_eq!(ask_as(4002, &socket, &Ask::State {}), Some(nothing));
    assert_eq!(ask_as(0, &socket, &keep), Some(Answer::Kept {}));
}

#[test]
fn what_is_no_question_gets_a_reason_and_harms_nobody() {
    let place = open_place();
    let socket = post(place.path(), geteuid().as_raw());
    let long = [b"{\"ask\":\"".as_slice(), &vec![b'a'; 70_000], b"\n"].concat();
    let no_end = vec![b' '; 1_000_000];
    for (text, why) in [
        (b"\n".as_slice(), "unclear"),
        (b"{}\n", "unclear"),
        (b"\xff\xfe\n", "unclear"),
        (b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "unclear"),
        (b"{\"ask\":\"secrets\"}\n", "unclear"),
        (&long, "too_long"),
        (&no_end, "too_long"),
    ] {
        let line = say(&socket, text);
        let told = format!("{{\"answer\":\"refused\",\"why\":{{\"refusal\":\"{why}\"}}}}\n");
        assert_eq!(line, told);
    }
    // Half a question is none.
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream.write_all(b"{\"ask\":\"state\"}").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, b"");
    assert!(matches!(
        ask(&socket, &Ask::State {}),
        Some(Answer::State { .. })
    ));
}

#[test]
fn a_crowd_is_told_so_and_then_goes() {
    let place = open_place();
    let socket = post(place.path(), geteuid().as_raw());
    let crowd: Vec<UnixStream> = (0..PLACES)
        .map(|_| UnixStream::connect(&socket).unwrap())
        .collect();
    // They are taken in the order in which they came, so this one finds no place.
    let why = Refusal::Busy;
    assert_eq!(ask(&socket, &Ask::State {}), Some(Answer::Refused { why }));
    drop(crowd);
    while ask(&socket, &Ask::State {}) == Some(Answer::Refused { why }) {
        std::thread::yield_now();
    }
    assert!(matches!(
        ask(&socket, &Ask::State {}),
        Some(Answer::State { .. })
    ));
}
