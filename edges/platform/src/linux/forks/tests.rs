//! The kernel's own events, of children of this test.

use std::process::Command;

use super::*;

/// None where the kernel does not tell: said aloud, not passed over.
fn open(room: usize) -> Option<Forks> {
    match Forks::open_with(room) {
        Ok(forks) => Some(forks),
        Err(why) => {
            println!("skipped: {why}");
            None
        }
    }
}

fn all(forks: &mut Forks) -> Vec<Event> {
    let mut found = Vec::new();
    while forks.drain(&mut found).unwrap() == Drained::Part {}
    found
}

#[test]
fn a_child_is_told_from_birth_to_death() {
    let Some(mut forks) = open(ROOM_FOR_EVENTS) else {
        return;
    };
    let mut child = Command::new("/bin/true").spawn().unwrap();
    let number = child.id();
    child.wait().unwrap();
    let told: Vec<What> = (all(&mut forks).into_iter())
        .map(|event| event.what)
        .filter(|what| {
            matches!(what, What::Fork { child, .. } if *child == number)
                || matches!(what, What::Exec { process } if *process == number)
                || matches!(what, What::Exit { process, .. } if *process == number)
        })
        .collect();
    let wanted = [
        What::Fork {
            parent: std::process::id(),
            child: number,
        },
        What::Exec { process: number },
        What::Exit {
            process: number,
            thread: number,
        },
    ];
    assert_eq!(told, wanted);
}

#[test]
fn threads_and_times_are_told() {
    let Some(mut forks) = open(ROOM_FOR_EVENTS) else {
        return;
    };
    let before = crate::clock::mono().0;
    let thread = std::thread::spawn(|| rustix::thread::gettid().as_raw_nonzero().get())
        .join()
        .unwrap();
    let thread = u32::try_from(thread).unwrap();
    let process = std::process::id();
    let after = crate::clock::mono().0;
    let events = all(&mut forks);
    let began = What::Thread { process, thread };
    let event = events.iter().find(|event| event.what == began).unwrap();
    assert!((before..=after).contains(&event.at));
}

#[test]
fn a_loss_is_told_and_the_rest_goes_on() {
    let Some(mut forks) = open(8192) else {
        return;
    };
    for _ in 0..60 {
        Command::new("/bin/true").status().unwrap();
    }
    let events = all(&mut forks);
    assert!(events.contains(&Event::LOST), "{}", events.len());
    // So little room is soon full again on a busy machine.
    let is_told = (0..200).any(|_| {
        let mut child = Command::new("/bin/true").spawn().unwrap();
        child.wait().unwrap();
        let process = child.id();
        let ran = |event: &Event| event.what == What::Exec { process };
        all(&mut forks).iter().any(ran)
    });
    assert!(is_told);
}

#[test]
fn no_event_of_another_kind_comes_where_the_kernel_leaves_them_out() {
    let Some(mut forks) = open(ROOM_FOR_EVENTS) else {
        return;
    };
    let status = Command::new("setsid").args(["--fork", "true"]).status();
    assert!(status.unwrap().success());
    // Some come from others of this machine: all must be whole.
    for event in all(&mut forks) {
        assert!(event.at > 0, "{event:?}");
    }
}
