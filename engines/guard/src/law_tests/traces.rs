//! Random traces: whatever programs do and however the guard's steps fall between, no state is lost
//! but through a known hole.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    deeds::Deed,
    duties::Hole,
    kernel::Part,
    world::{Op, Setting, Start, World},
};

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![Just(Part::Whole), Just(Part::First), Just(Part::Second)]
}

fn start() -> impl Strategy<Value = Start> {
    prop_oneof![
        Just(Start::KeptLeased),
        Just(Start::KeptBare),
        Just(Start::Leased),
        Just(Start::Bare),
        Just(Start::Open),
    ]
}

fn setting() -> impl Strategy<Value = Setting> {
    (any::<bool>(), any::<bool>(), 0..4_usize).prop_map(|(pre_access, near_first, leases)| {
        Setting {
            pre_access,
            near_first,
            leases,
        }
    })
}

const SLOTS: std::ops::Range<u8> = 0..3;

/// What programs do.
fn deed() -> impl Strategy<Value = Deed> {
    let process = 0..3_u8;
    let open = (
        process.clone(),
        SLOTS,
        any::<bool>(),
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.1),
    );
    let outside = (
        process.clone(),
        0..2_u8,
        any::<bool>(),
        prop::bool::weighted(0.3),
    );
    let two = (SLOTS, SLOTS);
    let out = (SLOTS, 0..2_u8);
    prop_oneof![
        2 => (process.clone(), SLOTS).prop_map(|(process, slot)| Deed::Create { process, slot }),
        6 => open.prop_map(|(process, slot, write, empty, nonblock)| {
            Deed::Open { process, slot, write, empty, nonblock }
        }),
        1 => outside.prop_map(|(process, slot, write, empty)| {
            Deed::OpenOutside { process, slot, write, empty }
        }),
        6 => (any::<u8>(), part()).prop_map(|(desc, part)| Deed::Write { desc, part }),
        1 => any::<u8>().prop_map(|desc| Deed::Map { desc }),
        2 => (any::<u8>(), part(), any::<bool>())
            .prop_map(|(desc, part, quiet)| Deed::Store { desc, part, quiet }),
        1 => any::<u8>().prop_map(|desc| Deed::Read { desc }),
        6 => any::<u8>().prop_map(|desc| Deed::Close { desc }),
        2 => (process, SLOTS, any::<bool>())
            .prop_map(|(process, slot, whole)| Deed::Truncate { process, slot, whole }),
        1 => SLOTS.prop_map(|slot| Deed::Touch { slot }),
        2 => SLOTS.prop_map(|slot| Deed::Unlink { slot }),
        2 => two.clone().prop_map(|(from, to)| Deed::Rename { from, to }),
        1 => two.prop_map(|(from, to)| Deed::Link { from, to }),
        1 => out.clone().prop_map(|(from, to)| Deed::MoveOut { from, to }),
        1 => (0..2_u8, SLOTS).prop_map(|(from, to)| Deed::MoveIn { from, to }),
        1 => out.prop_map(|(from, to)| Deed::LinkOut { from, to }),
        1 => (0..2_u8).prop_map(|slot| Deed::CreateOutside { slot }),
        1 => (0..2_u8).prop_map(|slot| Deed::UnlinkOutside { slot }),
    ]
}

/// What kernel, guard and copier do meanwhile.
fn turn() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => any::<u8>().prop_map(|call| Op::Step { call }),
        5 => Just(Op::Near),
        3 => Just(Op::Wide),
        2 => (1..4_u8).prop_map(|count| Op::Names { count }),
        3 => Just(Op::Signal),
        4 => Just(Op::News),
        2 => Just(Op::Settled),
        10 => any::<u8>().prop_map(|job| Op::Copy { job }),
        2 => (1..30_u16).prop_map(|millis| Op::Wait { millis }),
        1 => (50..6000_u16).prop_map(|millis| Op::Wait { millis }),
        1 => any::<bool>().prop_map(|enough| Op::Room { enough }),
        1 => any::<bool>().prop_map(|yes| Op::Readable { yes }),
        1 => SLOTS.prop_map(|slot| Op::Stray { slot }),
        2 => Just(Op::Calm),
    ]
}

fn trace(len: usize) -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(
        prop_oneof![2 => deed().prop_map(Op::Do), 3 => turn()],
        0..len,
    )
}

fn play(setting: Setting, files: &[Start], ops: &[Op]) -> World {
    let mut world = World::new(setting, files);
    for op in ops {
        world.apply(*op);
    }
    world.end();
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_state_is_lost(
        setting in setting(),
        files in prop::collection::vec(start(), 1..3),
        ops in trace(120),
    ) {
        play(setting, &files, &ops);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200_000, max_shrink_iters: 100_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    #[ignore = "takes minutes: cargo xtask test --heavy"]
    fn heavy_no_state_is_lost(
        setting in setting(),
        files in prop::collection::vec(start(), 1..3),
        ops in trace(160),
    ) {
        play(setting, &files, &ops);
    }
}

/// The traces are rich enough to meet the holes: what they do not lose is not kept by chance. The two
/// rare ones are in `flows`.
#[test]
fn the_known_holes_are_met() {
    let mut runner = TestRunner::deterministic();
    let traces = (setting(), prop::collection::vec(start(), 1..3), trace(160));
    let common = [
        Hole::AlreadyIn,
        Hole::Told,
        Hole::TruncatedByPath,
        Hole::NotSeenYet,
    ];
    let mut met = BTreeSet::new();
    for _ in 0..6000 {
        let tree = traces.new_tree(&mut runner).expect("nothing is rejected");
        let (setting, files, ops) = tree.current();
        met.extend(play(setting, &files, &ops).holes.into_keys());
        if common.iter().all(|hole| met.contains(hole)) {
            return;
        }
    }
    panic!("only {met:?} were met");
}
