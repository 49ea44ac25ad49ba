//! Junk and crowds at the door.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use hygie_agent::door::{Caller, Question, Reply};

use crate::scene::{ANNE, PAUL, STRANGER, Scene, user};

#[test]
fn junk_is_answered_as_such_and_harms_nobody() {
    let Some(scene) = Scene::open() else { return };
    let before = scene.hygie.pid("guard");
    let long = [
        b"{\"ask\":\"versions\",\"path\":\"/".as_slice(),
        &[b'a'; 9_000],
        b"\"}\n",
    ]
    .concat();
    let junk: [&[u8]; 8] = [
        b"\n",
        b"\0\0\0\0\n",
        b"\xff\xfe\n",
        b"{}\n",
        b"{\"ask\":\"stop\"\n",
        b"{\"ask\":\"restore\",\"path\":[300],\"pick\":{\"pick\":\"newest\"}}\n",
        &[b'['; 4_000],
        &long,
    ];
    let socket = scene.socket();
    for bytes in junk {
        let answer = user(STRANGER).act(|| {
            let mut stream = UnixStream::connect(&socket).unwrap();
            let _closed_early = stream.write_all(bytes);
            let _closed_early = stream.shutdown(std::net::Shutdown::Write);
            let mut answer = Vec::new();
            let _closed_early = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        });
        let answer = answer.unwrap();
        for line in answer.lines() {
            assert_eq!(line, "{\"reply\":\"unclear\"}");
        }
    }
    // Two questions in one breath are two answers.
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream
        .write_all(b"{\"ask\":\"status\"}\n{\"ask\":\"events\",\"from\":0}\n")
        .unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer.lines().count(), 2, "{answer}");
    assert_eq!(scene.hygie.pid("guard"), before);
    scene.hygie.stop().unwrap();
}

#[test]
fn a_crowd_of_one_user_keeps_nobody_out() {
    let Some(scene) = Scene::open() else { return };
    let socket = scene.socket();
    let crowd: Vec<UnixStream> = user(STRANGER)
        .act(|| {
            let knocks = (0..100).map(|_| UnixStream::connect(&socket).unwrap());
            knocks.collect()
        })
        .unwrap();
    let patience = Some(Duration::from_millis(500));
    let stays = |mut stream: &UnixStream| {
        stream.set_read_timeout(patience).unwrap();
        // A place is kept open and silent; who got none reads the end.
        stream.read(&mut [0; 1]).is_err()
    };
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(crowd.iter().filter(|stream| stays(stream)).count(), 4);
    let began = Instant::now();
    assert!(matches!(scene.ask(0, &Question::Status), Reply::Status(_)));
    assert!(matches!(
        scene.versions(ANNE, "anne/a.txt"),
        Reply::Versions { .. }
    ));
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(crowd);
    scene.hygie.stop().unwrap();
}

#[test]
fn crowds_of_many_users_leave_root_its_places() {
    let Some(scene) = Scene::open() else { return };
    let socket = scene.socket();
    let crowds: Vec<Vec<UnixStream>> = (6_000..6_010)
        .map(|uid| {
            user(uid)
                .act(|| {
                    let knocks = (0..6).map(|_| UnixStream::connect(&socket).unwrap());
                    knocks.collect()
                })
                .unwrap()
        })
        .collect();
    let status = scene.hygie.status().unwrap();
    assert_eq!(status["protection"], "protected", "{status}");
    drop(crowds);
    // The places are free again soon.
    let began = Instant::now();
    let free = || {
        let ask = || Caller::knock(&socket)?.ask(&Question::Status);
        matches!(user(PAUL).act(ask).unwrap(), Ok(Reply::Refused))
    };
    while !free() {
        assert!(began.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(20));
    }
    scene.hygie.stop().unwrap();
}
