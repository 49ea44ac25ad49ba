//! Closes and copies in each order in which they can be told.

use std::io::Write as _;

use hygie_acts::Place;
use hygie_guard::harm::{self, Purpose};
use hygie_model::{DirId, VersionName, Wall};
use hygie_platform::linux::kin::ProcessId;

use super::*;

const FILE: FileId = FileId(7);
const NOW: Mono = Mono(0);

fn person(number: u32) -> Person {
    let who = ProcessId {
        pid: number,
        started: 1,
    };
    Person {
        who,
        family: who,
        process: harm::Process {
            program: harm::Program {
                id: harm::ProgramId(1),
                class: harm::Class::Unknown,
                script: None,
            },
            birth: harm::Birth::Root,
            person: harm::Person(4321),
            session: harm::Session(1),
        },
        exe: "/tmp/a".into(),
        news: false,
    }
}

fn close(state: u64, number: u32) -> Close {
    Close {
        state: State(state),
        who: Some(person(number)),
        spot: Some(Spot {
            place: Place {
                dir: DirId(1),
                name: b"lettre.odt".to_vec(),
            },
            folders: vec![DirId(1)],
            purpose: Purpose::Work,
        }),
        _unjudged: None,
    }
}

fn content(letter: u8) -> ContentHash {
    ContentHash([letter; 32])
}

fn look(letter: u8) -> Box<Look> {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&[letter; 64]).expect("room");
    Box::new(Look::of_file(&file, 64, content(letter)).expect("it can be read"))
}

/// From one content to another, both a letter.
fn copy(state: u64, from: u8, to: u8) -> Copy {
    Copy {
        state: State(state),
        left: Left {
            since: Wall(i64::from(to)),
            before: Some(VersionName {
                content: content(from),
                seq: i64::from(from),
            }),
            version: None,
        },
        is: content(to),
        before: Some(look(from)),
        after: Some(look(to)),
    }
}

/// Who changed it from which content to what, as letters and numbers of processes.
fn told(paired: &Paired) -> Vec<(Option<u32>, u8, u8)> {
    let one = |(who, left): &(Option<Person>, Left)| {
        let from = left.before.map_or(0, |was| was.content.0[0]);
        let to = u8::try_from(left.since.0).unwrap_or(0);
        (who.as_ref().map(|who| who.who.pid), from, to)
    };
    paired.changes.iter().map(one).collect()
}

fn acted(paired: &Paired) -> Option<(u32, u64, u64)> {
    let act = paired.act.as_ref()?;
    let before = act.before.as_ref().map_or(0, |look| look.facts.gist);
    Some((act.who.who.pid, before & 0xff, act.after.facts.gist & 0xff))
}

#[test]
fn a_close_and_its_copy_are_one_change() {
    let mut pairs = Pairs::default();
    let first = pairs.closed(FILE, close(2, 10), false, NOW);
    assert!(told(&first).is_empty() && pairs.is_awaited(FILE));
    let paired = pairs.copied(FILE, copy(2, b'a', b'b'), NOW);
    assert_eq!(told(&paired), [(Some(10), b'a', b'b')]);
    assert_eq!(acted(&paired), Some((10, b'a'.into(), b'b'.into())));
    assert!(paired.over && !pairs.is_awaited(FILE));
}

/// Somebody else wanted to open the file while it was written: what is copied then is nobody's before the close.
#[test]
fn a_copy_of_a_file_in_the_making_is_the_closers() {
    let mut pairs = Pairs::default();
    assert!(told(&pairs.copied(FILE, copy(2, b'a', b'm'), NOW)).is_empty());
    pairs.closed(FILE, close(3, 10), false, NOW);
    let paired = pairs.copied(FILE, copy(3, b'm', b'b'), NOW);
    let expected = [(Some(10), b'a', b'm'), (Some(10), b'm', b'b')];
    assert_eq!(told(&paired), expected);
    assert_eq!(acted(&paired), Some((10, b'a'.into(), b'b'.into())));
}

/// The copy was faster than the news of the close, under a lease that came after it.
#[test]
fn a_copy_that_is_told_before_its_close_is_paired() {
    for settled in [true, false] {
        let mut pairs = Pairs::default();
        pairs.copied(FILE, copy(2, b'a', b'b'), NOW);
        let paired = pairs.closed(FILE, close(2, 10), settled, NOW);
        assert_eq!(told(&paired), [(Some(10), b'a', b'b')], "{settled}");
        assert_eq!(acted(&paired), Some((10, b'a'.into(), b'b'.into())));
        assert!(!pairs.owes(|_| true));
    }
}

/// The copy of the first state is told when the second close is known already.
#[test]
fn each_close_goes_with_the_copy_of_its_own_state() {
    let mut pairs = Pairs::default();
    pairs.closed(FILE, close(2, 10), false, NOW);
    pairs.closed(FILE, close(3, 11), false, NOW);
    let paired = pairs.copied(FILE, copy(2, b'a', b'b'), NOW);
    assert_eq!(told(&paired), [(Some(10), b'a', b'b')]);
    assert!(!paired.over, "the second close waits for its copy");
    let paired = pairs.copied(FILE, copy(3, b'b', b'c'), NOW);
    assert_eq!(told(&paired), [(Some(11), b'b', b'c')]);
    assert!(paired.over);
}

#[test]
fn one_copy_of_two_closes_is_of_both() {
    let mut pairs = Pairs::default();
    for (state, number) in [(2, 10), (3, 10), (4, 11)] {
        pairs.closed(FILE, close(state, number), false, NOW);
    }
    let paired = pairs.copied(FILE, copy(4, b'a', b'b'), NOW);
    assert_eq!(
        told(&paired),
        [(Some(10), b'a', b'b'), (Some(11), b'a', b'b')]
    );
    assert_eq!(acted(&paired).map(|(who, ..)| who), Some(11));
}

#[test]
fn what_needs_no_copy_is_awaited_no_longer() {
    let mut pairs = Pairs::default();
    pairs.closed(FILE, close(2, 10), false, NOW);
    assert!(pairs.owes(|who| who.who.pid == 10) && !pairs.owes(|who| who.who.pid == 11));
    let paired = pairs.rested(FILE, State(2), NOW);
    assert!(told(&paired).is_empty() && paired.over);
    assert!(!pairs.owes(|_| true));
    // One that is told after that is not awaited either.
    let late = pairs.closed(FILE, close(2, 10), false, NOW);
    assert!(told(&late).is_empty() && !pairs.is_awaited(FILE));
}

/// The store had no room: the same content is copied again.
#[test]
fn a_copy_that_is_made_twice_is_one_change() {
    let mut pairs = Pairs::default();
    pairs.closed(FILE, close(2, 10), false, NOW);
    pairs.copied(FILE, copy(2, b'a', b'b'), NOW);
    assert!(told(&pairs.copied(FILE, copy(2, b'a', b'b'), NOW)).is_empty());
    let later = NOW.after(PAIRED_WITHIN);
    assert!(pairs.give_up(later).is_empty());
}

#[test]
fn a_change_that_nobody_closes_is_nobodys_in_the_end() {
    let mut pairs = Pairs::default();
    pairs.copied(FILE, copy(2, b'a', b'b'), NOW);
    assert!(pairs.give_up(NOW).is_empty());
    let given: Vec<_> = pairs.give_up(NOW.after(PAIRED_WITHIN));
    assert_eq!(given.len(), 1);
    assert!(pairs.give_up(NOW.after(PAIRED_WITHIN)).is_empty());
}
