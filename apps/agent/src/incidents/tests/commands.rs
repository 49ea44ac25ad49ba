//! Commands of a hub: once, in time, few, and harmless.

use hygie_wire::{Came, Command, Count, Deed, Outcome};
use uuid::Uuid;

use super::*;

const HOUR: i64 = 60 * 60 * 1_000_000_000;
const NOW: Wall = Wall(1_000 * HOUR);

fn command(id: u128, deed: Deed, expires: i64) -> Command {
    Command {
        id: Uuid::from_u128(id),
        expires: Wall(NOW.0 + expires),
        by: None,
        deed,
    }
}

fn undo(id: u128, incident: u64) -> Command {
    command(id, Deed::Undo { incident }, HOUR)
}

#[test]
fn a_command_is_begun_once_and_goes_on_where_it_was_cut_off() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let incidents = &scene.incidents;
    let one = undo(1, scene.id);
    for _ in 0..2 {
        // As after a kill: nothing was told of it.
        let heard = incidents.hear(&one, NOW).unwrap();
        assert!(matches!(heard, Heard::Do(_)), "{heard:?}");
    }
    // Also when its time is over by now: it was begun in it.
    let late = Wall(NOW.0 + 2 * HOUR);
    assert!(matches!(incidents.hear(&one, late), Ok(Heard::Do(_))));
    let whole = Came {
        outcome: Outcome::Done,
        count: Some(Count { done: 3, of: 3 }),
    };
    assert_eq!(incidents.over(&one, whole).unwrap(), whole);
    let later = incidents.over(&one, Outcome::Failed.into()).unwrap();
    assert_eq!(later, whole, "the first word stays");
    let again = Incidents::open(&incidents.0.state, NOW).unwrap();
    let heard = again.hear(&one, late).unwrap();
    assert!(
        matches!(
            heard,
            Heard::Over(Came {
                outcome: Outcome::Done,
                ..
            })
        ),
        "{heard:?}"
    );
}

#[test]
fn what_is_late_endless_or_too_much_is_not_begun() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let hear = |command: &Command, now| scene.incidents.hear(command, now).unwrap();
    let late = command(1, Deed::Undo { incident: 1 }, 0);
    assert!(matches!(hear(&late, NOW), Heard::NotDone(Outcome::Expired)));
    assert!(matches!(
        hear(&late, NOW),
        Heard::Over(Came {
            outcome: Outcome::Expired,
            ..
        })
    ));
    let endless = command(2, Deed::Undo { incident: 1 }, i64::MAX - NOW.0);
    let heard = hear(&endless, NOW);
    assert!(matches!(heard, Heard::NotDone(Outcome::Refused)));
    drop(heard);
    let begun = (10..200).filter(|id| matches!(hear(&undo(*id, 1), NOW), Heard::Do(_)));
    assert_eq!(
        begun.count(),
        58,
        "sixty an hour, the two of before among them"
    );
    // Later they may be.
    let later = Wall(NOW.0 + HOUR / 2 + HOUR / 2);
    let heard = hear(&command(300, Deed::Undo { incident: 1 }, 2 * HOUR), later);
    assert!(matches!(heard, Heard::Do(_)), "{heard:?}");
}

#[test]
fn what_somebody_decides_here_is_not_turned_round_by_a_command_of_before() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let incidents = &scene.incidents;
    let one = undo(1, scene.id);
    assert!(matches!(incidents.hear(&one, NOW), Ok(Heard::Do(_))));
    incidents.decide(scene.id, Some(&one)).unwrap();
    assert!(matches!(incidents.hear(&one, NOW), Ok(Heard::Do(_))));
    incidents.decide(scene.id, None).unwrap();
    let heard = incidents.hear(&one, NOW).unwrap();
    assert!(
        matches!(
            heard,
            Heard::Over(Came {
                outcome: Outcome::Partial,
                ..
            })
        ),
        "{heard:?}"
    );
}

#[test]
fn a_freeze_takes_back_what_was_allowed_and_stops_again() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let incidents = &scene.incidents;
    let time = (Duration::from_secs(60), Wall(200));
    let given = incidents.allow(&scene.reader(), scene.id, time).unwrap();
    assert!(!given.unwrap().is_empty());
    assert_eq!(scene.state(), State::Allowed);
    drop(incidents.wishes());
    assert_eq!(incidents.freeze(scene.id, Wall(300)).unwrap(), Ok(()));
    assert_eq!(scene.state(), State::Stopped);
    assert!(incidents.allowed(Wall(201)).unwrap().is_empty());
    let wishes = incidents.wishes();
    assert!(
        matches!(wishes.last(), Some(Wish::Stop { families, .. }) if *families == [5]),
        "{wishes:?}"
    );
    // One that is stopped stays so, and nothing is wished.
    assert_eq!(incidents.freeze(scene.id, Wall(301)).unwrap(), Ok(()));
    assert!(incidents.wishes().is_empty());
    assert_eq!(incidents.freeze(99, NOW).unwrap(), Err(Refused::Unknown));
}
