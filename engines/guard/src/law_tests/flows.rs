//! The main flows, to be read: what a program does, and what its file goes through.

use std::time::Duration;

use super::{
    deeds::Deed,
    duties::Hole,
    kernel::{Part, Waits},
    world::{Op, Setting, Start, World},
};
use crate::{CopyOutcome, Leased, Told};

const MODERN: Setting = Setting {
    pre_access: true,
    near_first: false,
    leases: 10,
};
/// Before Linux 6.14.
const OLDER: Setting = Setting {
    pre_access: false,
    ..MODERN
};

const KNOWN: u8 = 0;
const UNKNOWN: u8 = 1;

fn open(process: u8, write: bool) -> Op {
    open_at(0, process, write)
}

fn open_at(slot: u8, process: u8, write: bool) -> Op {
    Op::Do(Deed::Open {
        process,
        slot,
        write,
        empty: false,
        nonblock: false,
    })
}

fn write(desc: u8) -> Op {
    Op::Do(Deed::Write {
        desc,
        part: Part::Whole,
    })
}

const CLOSE: Op = Op::Do(Deed::Close { desc: 0 });

/// Applies the steps; what does not need a copy happens between them.
fn after(setting: Setting, start: Start, ops: &[Op]) -> World {
    let mut world = World::new(setting, &[start]);
    for op in ops {
        world.apply(*op);
        world.calm_but_copies();
    }
    world
}

fn waits(world: &World) -> bool {
    world.calls.iter().any(|call| call.waits != Waits::No)
}

fn is_open(world: &World) -> bool {
    world.descs.iter().flatten().any(|desc| desc.write)
}

#[test]
fn a_file_at_rest_has_a_lease_and_nothing_else() {
    let world = after(MODERN, Start::KeptLeased, &[]);
    let file = &world.inodes[0];
    assert_eq!(file.leases.len(), 1);
    assert!(file.spared && !file.near && !file.keep);
}

#[test]
fn a_reader_of_a_file_at_rest_meets_nobody() {
    let world = after(MODERN, Start::KeptLeased, &[open(UNKNOWN, false)]);
    assert_eq!(world.agent.asked(), 0);
    assert_eq!(world.inodes[0].leases.len(), 1);
}

#[test]
fn a_writer_of_a_copied_file_goes_on_at_once_under_mark_and_link() {
    let world = after(MODERN, Start::KeptLeased, &[open(UNKNOWN, true)]);
    assert!(is_open(&world) && world.jobs.is_empty());
    let file = &world.inodes[0];
    assert!(file.near && file.keep && file.leases.is_empty());
}

#[test]
fn a_writer_of_an_original_waits_for_its_copy() {
    let mut world = after(MODERN, Start::Leased, &[open(UNKNOWN, true)]);
    assert!(waits(&world) && !is_open(&world));
    world.calm();
    assert!(is_open(&world));
    assert!(world.is_stored(world.inodes[0].content));
}

#[test]
fn each_close_is_a_state_and_is_copied() {
    let ops = [open(UNKNOWN, true), write(0), CLOSE];
    let mut world = after(MODERN, Start::KeptLeased, &ops);
    let closed = world.inodes[0].content;
    assert!(!world.is_stored(closed) && world.jobs.len() == 1);
    world.end();
    assert!(world.is_stored(closed));
}

#[test]
fn a_state_that_is_closed_waits_for_its_copy_before_the_next_writer() {
    let ops = [open(UNKNOWN, true), write(0), CLOSE, open(2, true)];
    let world = after(MODERN, Start::KeptLeased, &ops);
    assert!(waits(&world) && !is_open(&world));
}

#[test]
fn written_anew_and_deleted_at_once_it_is_still_copied() {
    let ops = [
        open(UNKNOWN, true),
        write(0),
        CLOSE,
        Op::Do(Deed::Unlink { slot: 0 }),
    ];
    let mut world = after(MODERN, Start::KeptLeased, &ops);
    let state = world.inodes[0].content;
    world.end();
    assert!(world.is_stored(state) && world.inodes[0].freed);
}

#[test]
fn a_new_file_has_its_link_before_its_first_byte() {
    let create = Op::Do(Deed::Create {
        process: UNKNOWN,
        slot: 1,
    });
    let mut world = after(MODERN, Start::KeptLeased, &[create]);
    assert!(is_open(&world) && world.inodes[1].keep && world.inodes[1].near);
    world.end();
    assert!(!world.inodes[1].keep);
}

#[test]
fn truncation_by_path_waits_for_the_copy() {
    let truncate = Op::Do(Deed::Truncate {
        process: UNKNOWN,
        slot: 0,
        whole: true,
    });
    let written = [open(UNKNOWN, true), write(0), CLOSE, truncate];
    let mut world = after(MODERN, Start::KeptLeased, &written);
    let state = world.inodes[0].content;
    assert!(waits(&world) && state != [0, 0]);
    world.end();
    assert!(world.is_stored(state));
    // The hole of older kernels: between a close and its lease nothing holds this.
    let world = after(OLDER, Start::KeptLeased, &written);
    assert_eq!(
        world.holes.keys().collect::<Vec<_>>(),
        [&Hole::TruncatedByPath]
    );
    // An original has its lease from the start, so there it is held all the same.
    let world = after(OLDER, Start::Leased, &[truncate]);
    assert!(waits(&world) && world.holes.is_empty());
}

#[test]
fn at_the_bound_an_unknown_program_is_refused() {
    let wait = Op::Wait { millis: 5000 };
    let world = after(MODERN, Start::Bare, &[open(UNKNOWN, true), wait]);
    assert!(!is_open(&world) && world.calls.is_empty());
    assert!(world.agent.tellings.is_empty());
}

#[test]
fn at_the_bound_a_known_program_goes_on_and_it_is_told() {
    let wait = Op::Wait { millis: 5000 };
    let mut world = after(MODERN, Start::Leased, &[open(KNOWN, true), wait]);
    assert!(is_open(&world));
    let file = world.agent.names[&0];
    assert_eq!(world.agent.tellings, [Told::StateWithoutCopy(file)]);
    world.end();
    assert_eq!(world.agent.tellings.last(), Some(&Told::Covered(file)));
}

#[test]
fn without_room_it_is_told_once_and_covered_when_there_is_room_again() {
    let none = Op::Room { enough: false };
    let ops = [none, open(UNKNOWN, true), Op::Calm, open(2, true), Op::Calm];
    let mut world = after(MODERN, Start::Bare, &ops);
    assert!(!is_open(&world) && world.calls.is_empty());
    assert_eq!(world.agent.tellings, [Told::NoRoom]);
    world.end();
    assert_eq!(world.agent.tellings, [Told::NoRoom, Told::RoomAgain]);
}

#[test]
fn beyond_the_budget_the_oldest_lease_goes_and_the_wide_mark_holds() {
    let one = Setting {
        leases: 1,
        ..MODERN
    };
    let mut world = World::new(one, &[Start::KeptLeased, Start::KeptBare]);
    let read = open_at(1, UNKNOWN, false);
    world.apply(read);
    world.calm();
    assert!(world.inodes[0].leases.is_empty() && !world.inodes[0].spared);
    assert_eq!(world.inodes[1].leases.len(), 1);
}

/// A program is past the wide mark, which left the file out, when its lease is to go for the
/// budget: the lease stays until that program's mark is set.
#[test]
fn a_lease_is_not_given_up_under_a_writer() {
    let one = Setting {
        leases: 1,
        ..MODERN
    };
    let mut world = World::new(one, &[Start::KeptLeased, Start::KeptBare]);
    world.apply(open(UNKNOWN, true));
    let read = open_at(1, 2, false);
    world.apply(read);
    world.apply(Op::Step { call: 1 });
    world.apply(Op::Wide);
    world.calm_but_copies();
    assert!(is_open(&world) && world.inodes[0].near && world.inodes[0].keep);
}

/// While one waits, another that is in closes: that state is copied too before the first goes on.
#[test]
fn who_waits_waits_for_what_is_closed_meanwhile() {
    let mut world = after(OLDER, Start::KeptLeased, &[open(UNKNOWN, true)]);
    world.apply(open(2, true));
    world.calm_but_copies();
    for op in [write(0), Op::Step { call: 1 }, CLOSE, Op::Near] {
        world.apply(op);
    }
    let closed = world.inodes[0].content;
    // The copy that was asked for at the second open ends; it may have begun before the close.
    let file = world.agent.names[&0];
    let [job] = &world.jobs[..] else {
        panic!("one copy")
    };
    let (state, kept) = (job.state(), CopyOutcome::Kept(Leased::Refused));
    world.jobs.clear();
    world.law.handle_copied(file, state, kept, world.now);
    world.obey();
    assert!(waits(&world) && !is_open(&world) && !world.is_stored(closed));
    world.calm();
    assert!(is_open(&world) && world.is_stored(closed));
}

/// A hole: what a held open saw was half overwritten by a writer that is in, while it was read.
#[test]
fn a_copy_may_be_torn_by_a_writer_that_is_in() {
    let first = [open(UNKNOWN, true), write(0)];
    let mut world = after(OLDER, Start::KeptLeased, &first);
    world.apply(open(2, true));
    world.calm_but_copies();
    let copy = Op::Copy { job: 0 };
    let step = Op::Step { call: 1 };
    for op in [copy, copy, write(0), step, copy, copy, Op::News] {
        world.apply(op);
    }
    assert_eq!(
        world.holes.keys().collect::<Vec<_>>(),
        [&Hole::TornByWriter]
    );
}

/// A hole: beyond the budget, what is written through a name outside is not seen at its close.
#[test]
fn a_name_outside_of_a_file_without_lease_is_not_seen() {
    let none = Setting {
        leases: 0,
        ..MODERN
    };
    let outside = |slot, write| {
        Op::Do(Deed::OpenOutside {
            process: UNKNOWN,
            slot,
            write,
            empty: false,
        })
    };
    let ops = [
        Op::Do(Deed::CreateOutside { slot: 1 }),
        outside(1, false),
        Op::Do(Deed::LinkOut { from: 0, to: 0 }),
        CLOSE,
        outside(0, true),
        write(0),
        CLOSE,
    ];
    let mut world = after(none, Start::KeptBare, &ops);
    assert!(world.jobs.is_empty() && world.holes.is_empty());
    for op in [outside(0, true), Op::Calm, write(0), Op::Calm] {
        world.apply(op);
    }
    assert_eq!(world.holes.keys().collect::<Vec<_>>(), [&Hole::NameOutside]);
    // The next open by a protected name finds it changed, and copies it.
    world.apply(open(2, true));
    world.end();
    assert!(world.is_stored(world.inodes[0].content));
}

/// A reader's lease comes after a writer is gone whose close is not told yet, while a copy runs
/// that read before its last write: the lease proves nothing about that copy.
#[test]
fn a_lease_that_came_later_proves_nothing_about_a_copy() {
    let mut world = after(OLDER, Start::KeptLeased, &[open(UNKNOWN, true)]);
    let step = Op::Step { call: 0 };
    for op in [open(2, true), Op::Calm, write(0), step, CLOSE, Op::Near] {
        world.apply(op);
    }
    // The close of the first is copied, but that is not told yet.
    for _ in 0..4 {
        world.apply(Op::Copy { job: 0 });
    }
    let ops = [
        open(UNKNOWN, false),
        step,
        write(0),
        Op::Step { call: 1 },
        CLOSE,
        Op::Settled,
        Op::Settled,
        Op::Near,
        Op::News,
    ];
    for op in ops {
        world.apply(op);
    }
    let file = &world.inodes[0];
    assert!(!world.is_stored(file.content) && file.leases.len() == 1);
    assert!(file.keep && file.near && world.law.counts().kept == 0);
    world.end();
    assert!(world.is_stored(world.inodes[0].content));
}

/// Looks at a file that is long open come more and more seldom; a new writer makes them quick again.
#[test]
fn looks_grow_rarer_and_begin_anew() {
    let mut world = after(MODERN, Start::KeptLeased, &[open(UNKNOWN, true)]);
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let at = world.law.poll_timeout().expect("a look is due");
        pauses.push(at.since(world.now));
        world.now = at;
        world.law.handle_timeout(at);
        world.obey();
        world.calm();
    }
    assert!(pauses.is_sorted() && pauses.last() == Some(&Duration::from_secs(8)));
    world.apply(open(2, true));
    world.calm();
    let at = world.law.poll_timeout().expect("a look is due");
    assert_eq!(at.since(world.now), Duration::from_millis(20));
}
