//! An undo against a model: what only the family touched is as before, honest work is kept, and all of it can be taken
//! back; on real folders, a real vault and a real log.

mod check;
mod histories;
mod world;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::run::Way;
use world::{Act, Doer, Seen, World, act, skip};

fn trace() -> impl Strategy<Value = Vec<(Doer, Act)>> {
    let doer = prop::sample::select(vec![Doer::Them, Doer::Them, Doer::Honest]);
    prop::collection::vec((doer, act()), 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_undo_gives_back_and_is_itself_undone(before in prop::collection::vec(act(), 4..20), acts in trace()) {
        if skip() { return Ok(()); }
        let mut world = World::new(before);
        acts.into_iter().for_each(|(doer, act)| world.act(doer, act));
        let damaged = world.seen();
        let mut undo = world.undo();
        undo.go(Way::Undo, None);
        let undone = world.seen();
        world.check(&undo, &undone)?;
        undo.go(Way::Redo, None);
        prop_assert_eq!(&world.seen(), &damaged, "taken back: {}", world.story(&undo));
        undo.go(Way::Undo, None);
        prop_assert_eq!(&world.seen(), &undone, "undone again: {}", world.story(&undo));
    }

    #[test]
    fn one_that_is_cut_off_is_finished_by_the_next(
        before in prop::collection::vec(act(), 4..20), acts in trace(), cut in 0_usize..12,
    ) {
        if skip() { return Ok(()); }
        let mut world = World::new(before);
        acts.into_iter().for_each(|(doer, act)| world.act(doer, act));
        let damaged = world.seen();
        let mut undo = world.undo();
        undo.go(Way::Undo, Some(cut));
        let mut again = world.undo_again();
        again.go(Way::Undo, None);
        let undone = world.seen();
        world.check(&again, &undone)?;
        let contents = |tree: &BTreeMap<_, Seen>| {
            let mut all: Vec<_> = tree.values().filter_map(|seen| seen.content.clone()).collect();
            all.sort();
            all
        };
        again.go(Way::Redo, Some(cut));
        let mut back = world.undo_again();
        back.go(Way::Redo, None);
        prop_assert_eq!(contents(&world.seen()), contents(&damaged), "{}", world.story(&back));
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(48)
}
