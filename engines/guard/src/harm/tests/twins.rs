//! Deletions of what still stands elsewhere, and who may do what with the copy that is left.

use super::{
    super::*,
    made_up::{World, encrypted, letter},
    stops,
};

const MANY: i64 = 120;
/// Copies are numbered from here on.
const COPIES: i64 = 1000;

fn content(file: i64) -> Facts {
    Facts {
        gist: 5000 + file.unsigned_abs(),
        ..letter()
    }
}

fn delete(world: &mut World, process: ProcessId, file: i64, of: i64, (purpose, twin): How) {
    let deed = Deed::Deleted(content(of), purpose, twin);
    world.act(Actor::Process(process), file, deed).tell(world);
}

type How = (Purpose, Twin);
const STANDS: How = (Purpose::Work, Twin::Stands);
const LAST: How = (Purpose::Work, Twin::None);

fn copy(world: &mut World, process: ProcessId, file: i64) {
    world.make_at(process, COPIES + file, COPIES + file, content(file));
}

fn encrypt(world: &mut World, process: ProcessId, file: i64, of: i64) {
    let before = content(of);
    let change = Change {
        before,
        ..encrypted()
    };
    world.change(process, file, change);
}

fn empty(world: &mut World, process: ProcessId, file: i64, of: i64) {
    let after = Facts {
        len: 0,
        kind: hygie_kind::Kind::Empty,
        ..letter()
    };
    let change = Change {
        before: content(of),
        after,
        ..encrypted()
    };
    world.change(process, file, change);
}

/// After how many files somebody is stopped.
fn stopped_after(world: &mut World, mut act: impl FnMut(&mut World, i64)) -> Option<i64> {
    (0..MANY).find(|file| {
        act(world, *file);
        stops(&world.verdicts()) > 0
    })
}

#[test]
fn a_deletion_of_what_still_stands_weighs_nothing() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..500 {
        delete(&mut world, program, file, file, STANDS);
    }
    assert!(world.verdicts().is_empty());
    for group in world.harm.groups() {
        assert_eq!(world.harm.figures(group), Figures::default(), "{group:?}");
    }
}

#[test]
fn the_last_copy_weighs_what_an_only_one_does() {
    let mut world = World::new();
    let program = world.unknown(7);
    let only = stopped_after(&mut world, |world, file| {
        delete(world, program, file, file, LAST);
    });
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..MANY {
        delete(&mut world, program, file, file, STANDS);
    }
    let last = stopped_after(&mut world, |world, file| {
        delete(world, program, COPIES + file, file, LAST);
    });
    assert!(only.is_some());
    assert_eq!(last, only);
}

#[test]
fn who_copied_may_not_harm_what_is_left_when_another_deleted() {
    type Harm = fn(&mut World, ProcessId, i64, i64);
    let deeds: [Harm; 3] = [encrypt, empty, |world, process, file, of| {
        delete(world, process, file, of, LAST);
    }];
    for harm in deeds {
        let mut world = World::new();
        let stranger = world.unknown(6);
        let by_stranger = stopped_after(&mut world, |world, file| {
            harm(world, stranger, file, file);
        });
        let mut world = World::new();
        let (copies, deletes) = (world.unknown(7), world.unknown(8));
        for file in 0..MANY {
            copy(&mut world, copies, file);
            delete(&mut world, deletes, file, file, STANDS);
        }
        assert!(world.verdicts().is_empty());
        let by_maker = stopped_after(&mut world, |world, file| {
            harm(world, copies, COPIES + file, file);
        });
        // Readable files made in the same folders count for half of the deleted ones, as a converter's do.
        let within = by_stranger.map_or(0, |files| files * 2);
        assert!(
            by_maker.is_some_and(|files| files <= within),
            "{by_maker:?} {by_stranger:?}"
        );
    }
}

#[test]
fn a_copy_that_is_gone_excuses_nothing() {
    type Spoil = fn(&mut World, ProcessId, i64);
    let deeds: [Spoil; 3] = [
        |world, program, file| delete(world, program, COPIES + file, file, LAST),
        |world, program, file| encrypt(world, program, COPIES + file, file),
        |world, program, file| empty(world, program, COPIES + file, file),
    ];
    for spoil in deeds {
        let mut world = World::new();
        let program = world.unknown(7);
        let stopped = stopped_after(&mut world, |world, file| {
            copy(world, program, file);
            spoil(world, program, file);
            delete(world, program, file, file, LAST);
        });
        assert!(stopped.is_some());
    }
}

#[test]
fn one_copy_excuses_one_original_and_not_itself() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..MANY {
        copy(&mut world, program, file);
        delete(&mut world, program, file, file, LAST);
    }
    assert!(world.verdicts().is_empty());
    let stopped = stopped_after(&mut world, |world, file| {
        delete(world, program, COPIES + file, file, LAST);
    });
    assert!(stopped.is_some());
}

#[test]
fn what_a_family_made_and_took_away_again_binds_nobody() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..MANY {
        world.make_at(program, file, file, content(file));
        copy(&mut world, program, file);
        delete(&mut world, program, file, file, STANDS);
        encrypt(&mut world, program, COPIES + file, file);
    }
    assert_eq!(world.score(program), 0);
}

#[test]
fn backups_that_stand_elsewhere_still_count_beside_harm() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..5 {
        delete(
            &mut world,
            program,
            COPIES + file,
            file,
            (Purpose::Backup, Twin::Stands),
        );
    }
    assert_eq!(world.score(program), 0);
    for file in 0..3 {
        encrypt(&mut world, program, file, file);
    }
    let figures = world.harm.figures(world.group(program));
    assert_eq!(figures.get(Signal::BackupsDeleted), 300, "{figures:?}");
}

#[test]
fn too_many_twins_excuse_nobody() {
    let mut twins = own::Twins::default();
    let of = |gist| Facts { gist, ..letter() };
    let noted = (0..300_000).filter(|&gist| twins.note(&of(gist))).count();
    assert_eq!(noted, 1 << 18);
    assert!(twins.note(&of(5)), "a known one takes no room");
    twins.sweep(Mono(0).after(14 * DAY));
    assert!(twins.note(&of(400_000)));
    assert!(twins.have(&of(5)));
    twins.sweep(Mono(0).after(28 * DAY));
    assert!(!twins.have(&of(5)));
}
