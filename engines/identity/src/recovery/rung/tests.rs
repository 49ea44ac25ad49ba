//! Recoveries in every order of events, and on a clock that jumps.

use super::*;
use crate::span::{DAY, HOUR};
use proptest::prelude::*;

const NOW: Wall = Wall(1_790_000_000_000_000_000);
const CLAIRE: PersonId = PersonId(Uuid::from_u128(1));
const SOFIA: PersonId = PersonId(Uuid::from_u128(2));
const BY_SOFIA: Confirmer = Confirmer::Person {
    person: SOFIA,
    role: Role::Assistant,
};

fn asked() -> Rung {
    Rung::ask(RungId(Uuid::from_u128(7)), CLAIRE, None, NOW)
        .unwrap()
        .0
}

fn at(span: Duration) -> Wall {
    span::after(NOW, span)
}

#[test]
fn a_second_person_a_day_and_a_notice_let_her_back_in() {
    let (mut one, notice) = Rung::ask(RungId(Uuid::from_u128(7)), CLAIRE, None, NOW).unwrap();
    assert_eq!(notice, Notice::Asked { person: CLAIRE });
    assert_eq!(one.finish(NOW), Err(Refused::NotNow));
    let notice = one.confirm(BY_SOFIA, at(HOUR)).unwrap();
    assert_eq!(
        notice,
        Notice::Confirmed {
            person: CLAIRE,
            by: BY_SOFIA,
            opens: at(25 * HOUR)
        }
    );
    assert_eq!(
        one.stage(at(2 * HOUR)),
        Stage::Delayed {
            opens: at(25 * HOUR)
        }
    );
    assert_eq!(one.finish(at(24 * HOUR)), Err(Refused::NotNow));
    assert_eq!(
        one.finish(at(25 * HOUR)).unwrap().0,
        Restored { person: CLAIRE }
    );
    assert_eq!(one.finish(at(25 * HOUR)), Err(Refused::NotNow));
    assert!(
        Rung::ask(one.id, CLAIRE, Some(&one), at(26 * HOUR)).is_ok(),
        "and once more, should she need it"
    );
}

#[test]
fn nobody_confirms_herself_nor_does_who_comes_from_outside() {
    let mut one = asked();
    let own = Confirmer::Person {
        person: CLAIRE,
        role: Role::Practitioner,
    };
    assert_eq!(one.confirm(own, NOW), Err(Refused::Oneself));
    for role in [Role::ItProvider, Role::MonitoringOperator] {
        assert_eq!(
            one.confirm(
                Confirmer::Person {
                    person: SOFIA,
                    role
                },
                NOW
            ),
            Err(Refused::MayNot)
        );
    }
    assert_eq!(one.stage(NOW), Stage::Waits { until: at(7 * DAY) });
}

#[test]
fn she_or_a_practitioner_stops_it_until_the_last_moment() {
    for (by, role, stopped) in [
        (CLAIRE, Role::Assistant, true),
        (SOFIA, Role::Practitioner, true),
        (SOFIA, Role::Assistant, false),
        (SOFIA, Role::ItProvider, false),
    ] {
        let mut one = asked();
        one.confirm(BY_SOFIA, NOW).unwrap();
        assert_eq!(
            one.cancel(by, role, at(30 * HOUR)).is_ok(),
            stopped,
            "{role:?}"
        );
        assert_eq!(one.finish(at(30 * HOUR)).is_ok(), !stopped);
    }
    let mut one = asked();
    let Cancelled(notice) = one.cancel(CLAIRE, Role::Practitioner, at(HOUR)).unwrap();
    assert_eq!(
        notice,
        Notice::Cancelled {
            person: CLAIRE,
            by: CLAIRE
        }
    );
    assert_eq!(
        Rung::ask(one.id, CLAIRE, Some(&one), at(2 * HOUR)).unwrap_err(),
        Refused::AskedTooSoon
    );
    assert!(Rung::ask(one.id, CLAIRE, Some(&one), at(25 * HOUR)).is_ok());
}

#[test]
fn what_nobody_goes_on_with_lapses() {
    let mut one = asked();
    assert_eq!(
        Rung::ask(one.id, CLAIRE, Some(&one), at(DAY)).unwrap_err(),
        Refused::Running
    );
    assert_eq!(one.stage(at(8 * DAY)), Stage::Lapsed);
    assert_eq!(one.confirm(BY_SOFIA, at(8 * DAY)), Err(Refused::NotNow));
    assert!(Rung::ask(one.id, CLAIRE, Some(&one), at(8 * DAY)).is_ok());
    one.confirm(BY_SOFIA, at(DAY)).unwrap();
    assert_eq!(one.stage(at(2 * DAY)), Stage::Open { until: at(5 * DAY) });
    assert_eq!(one.stage(at(6 * DAY)), Stage::Lapsed);
    assert_eq!(one.finish(at(6 * DAY)), Err(Refused::NotNow));
}

#[test]
fn who_works_alone_has_root() {
    let mut one = asked();
    let notice = one.confirm(Confirmer::Root, NOW).unwrap();
    assert_eq!(
        notice,
        Notice::Confirmed {
            person: CLAIRE,
            by: Confirmer::Root,
            opens: NOW
        }
    );
    assert!(one.finish(NOW).is_ok());
}

#[test]
fn it_is_kept_as_it_stands() {
    let mut one = asked();
    one.confirm(BY_SOFIA, NOW).unwrap();
    assert_eq!(
        serde_json::from_str::<Rung>(&serde_json::to_string(&one).unwrap()).unwrap(),
        one
    );
}

proptest! {
    /// Whatever happens in whatever order, wherever the clock jumps: nobody comes in without a confirmation that
    /// is a day old, and never after somebody entitled stopped it.
    #[test]
    fn no_way_in_is_short(steps in proptest::collection::vec((0u8..5, -20i64..60), 1..25)) {
        let mut one = asked();
        let mut now = NOW;
        let (mut confirmed, mut stopped) = (None, false);
        for (step, hours) in steps {
            now = Wall(now.0 + hours * 3_600_000_000_000);
            match step {
                0 => if one.confirm(BY_SOFIA, now).is_ok() { confirmed = Some(now) },
                1 => { let own = Confirmer::Person { person: CLAIRE, role: Role::Assistant }; prop_assert!(one.confirm(own, now).is_err()) }
                2 => { let _ = one.cancel(SOFIA, Role::Assistant, now); }
                3 => stopped |= one.cancel(CLAIRE, Role::Assistant, now).is_ok(),
                _ => if one.finish(now).is_ok() {
                    let since = confirmed.map(|at| span::since(now, at));
                    prop_assert!(!stopped && since >= Some(DELAY));
                    break;
                },
            }
        }
    }
}

#[test]
fn what_root_opened_is_told_for_a_month() {
    let (mut rung, _) = Rung::ask(RungId(Uuid::from_u128(1)), CLAIRE, None, NOW).unwrap();
    rung.confirm(Confirmer::Root, NOW).unwrap();
    assert_eq!(rung.opened_by_root(NOW), None, "not yet in");
    let _ = rung.finish(NOW).unwrap();
    let last = NOW.after(TOLD_FOR);
    assert_eq!(rung.opened_by_root(last), Some(NOW));
    assert_eq!(rung.opened_by_root(Wall(last.0 + 1)), None);
    let kept = serde_json::to_string(&rung).unwrap();
    assert_eq!(serde_json::from_str::<Rung>(&kept).unwrap(), rung);
}
