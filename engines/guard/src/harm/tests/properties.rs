//! Laws that hold for any acts: more harm is never less suspicious, splitting it over processes never pays,
//! and what one family does changes nothing for another.

use std::time::Duration;

use hygie_kind::{Form, Kind, Name};
use proptest::{collection::vec, prelude::*};

use super::{
    super::*,
    made_up::{World, encrypted, letter, saved, sealed},
};

/// One act on one file.
#[derive(Clone, Copy, Debug)]
enum Step {
    Encrypt,
    Empty,
    Tear,
    Delete,
    Mask,
    Save,
    Seal,
    Wait,
}

fn deed(step: Step) -> Option<Deed> {
    let empty = Facts {
        len: 0,
        kind: Kind::Empty,
        form: Form::Whole,
        ..letter()
    };
    let torn = Facts {
        form: Form::Torn,
        ..letter()
    };
    Some(match step {
        Step::Encrypt => Deed::Changed(encrypted()),
        Step::Empty => Deed::Changed(Change {
            after: empty,
            ..saved()
        }),
        Step::Tear => Deed::Changed(Change {
            after: torn,
            ..saved()
        }),
        Step::Delete => Deed::Deleted(letter(), Purpose::Work, Twin::None),
        Step::Mask => Deed::Renamed {
            to: Name::of(b"k7Gq2ZpX9vTf"),
            what: letter(),
            over: None,
        },
        Step::Save => Deed::Changed(saved()),
        Step::Seal => Deed::Made(sealed()),
        Step::Wait => return None,
    })
}

fn harmful() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Encrypt),
        Just(Step::Empty),
        Just(Step::Tear),
        Just(Step::Delete),
        Just(Step::Mask),
        Just(Step::Wait)
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![harmful(), Just(Step::Save), Just(Step::Seal)]
}

fn play(world: &mut World, process: ProcessId, file: i64, step: Step) {
    match deed(step) {
        Some(deed) => world.act(Actor::Process(process), file, deed).tell(world),
        None => world.pass(Duration::from_secs(5)),
    }
}

proptest! {
    #[test]
    fn more_harm_never_lowers_a_score(steps in vec((harmful(), 0_i64..40), 1..80)) {
        let mut world = World::new();
        let process = world.unknown(7);
        let mut score = 0;
        for (step, file) in steps {
            play(&mut world, process, file, step);
            let new = world.score(process);
            prop_assert!(new >= score, "{step:?} of {file}: {score} to {new}");
            score = new;
        }
    }

    #[test]
    fn splitting_acts_over_a_family_changes_nothing(steps in vec((any_step(), 0_i64..40, 0_usize..12), 1..80)) {
        let mut alone = World::new();
        let one = alone.unknown(7);
        let mut many = World::new();
        let mut family = vec![many.unknown(7)];
        for (number, (step, file, who)) in steps.into_iter().enumerate() {
            play(&mut alone, one, file, step);
            let child = many.child(family[number % family.len()], 7);
            family.push(child);
            let actor = family[who % family.len()];
            play(&mut many, actor, file, step);
        }
        prop_assert_eq!(alone.score(one), many.score(family[0]));
    }

    #[test]
    fn unrelated_families_do_not_touch_each_other(
        ones in vec((any_step(), 0_i64..40), 1..40),
        others in vec((any_step(), 100_i64..140), 1..40),
        order in vec(any::<bool>(), 80),
    ) {
        let mut alone = World::new();
        let process = alone.unknown(7);
        for (step, file) in ones.iter().filter(|(step, _)| !matches!(step, Step::Wait)) {
            play(&mut alone, process, *file, *step);
        }
        let mut both = World::new();
        let (one, two) = (both.unknown(7), both.unknown(8));
        let (mut ones, mut others) = (ones.iter(), others.iter());
        for first in order {
            let next = if first { ones.next().map(|step| (one, step)) } else { others.next().map(|step| (two, step)) };
            if let Some((who, (step, file))) = next && !matches!(step, Step::Wait) {
                play(&mut both, who, *file, *step);
            }
        }
        for (step, file) in ones.filter(|(step, _)| !matches!(step, Step::Wait)) {
            play(&mut both, one, *file, *step);
        }
        prop_assert_eq!(alone.score(process), both.score(one));
    }

    #[test]
    fn points_are_the_reasons_sum(figures: [u16; 20]) {
        let figures = Figures(figures.map(u32::from));
        let weights = Weights::default();
        let sum: u32 = weights.reasons(&figures).iter().map(|reason| reason.points).sum();
        prop_assert_eq!(sum, weights.score(&figures));
    }
}
