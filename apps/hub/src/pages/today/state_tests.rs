//! The state of things by tables: each state of protection with incidents, alerts and the rest.

use hygie_acts::State as Stands;

use super::*;

const SINCE: Wall = Wall(1_795_507_920_000_000_000);

fn incident(number: u64, state: Stands) -> Known {
    Known {
        number,
        device: None,
        page: String::new(),
        program: None,
        state,
        at: SINCE,
    }
}

fn alert() -> Alert {
    Alert {
        id: Uuid::from_u128(7),
        title: "Un avis".to_owned(),
        why: Vec::new(),
        is_now: false,
    }
}

fn calm(guard: Guard) -> Facts {
    Facts {
        guard,
        incidents: Vec::new(),
        devices: Vec::new(),
        access: Weak::default(),
        returns: Vec::new(),
        alerts: Vec::new(),
    }
}

fn but(exceptions: Vec<Exception>) -> Guard {
    Guard::Says(Protection::ProtectedBut { exceptions })
}

fn gone(cause: Cause) -> Guard {
    Guard::Says(Protection::NotProtected {
        since: SINCE,
        cause,
    })
}

fn guards() -> Vec<(Guard, Opening, usize)> {
    let path = || "/srv/a.odt".to_owned();
    let mut all = vec![
        (Guard::Says(Protection::Protected), Opening::Protected, 0),
        (but(vec![]), Opening::Protected, 0),
        (
            but(vec![Exception::TruncateAtClose]),
            Opening::ProtectedBut(1),
            0,
        ),
        (
            but(vec![Exception::TruncateUnheld]),
            Opening::ProtectedBut(1),
            0,
        ),
        (
            but(vec![
                Exception::OpenBefore { path: path() },
                Exception::TruncateAtClose,
            ]),
            Opening::ProtectedBut(2),
            1,
        ),
        (
            but(vec![Exception::NoRoom, Exception::WitnessSilent]),
            Opening::ProtectedBut(2),
            1,
        ),
        (
            but(vec![Exception::StateWithoutCopy { path: path() }]),
            Opening::ProtectedBut(1),
            1,
        ),
        (
            but(vec![Exception::Unreadable { path: path() }]),
            Opening::ProtectedBut(1),
            1,
        ),
        (
            but(vec![Exception::FolderUnwatched { path: path() }]),
            Opening::ProtectedBut(1),
            1,
        ),
        (
            but(vec![Exception::JournalSilent]),
            Opening::ProtectedBut(1),
            1,
        ),
        (gone(Cause::Starting), Opening::Starting, 0),
        (Guard::Silent { since: None }, Opening::NotKnown, 1),
        (Guard::Silent { since: Some(SINCE) }, Opening::NotKnown, 1),
    ];
    for cause in [
        Cause::NotStarted,
        Cause::Stopped,
        Cause::GuardGone,
        Cause::NoRights,
        Cause::Unsupported,
        Cause::SelfTestFailed,
    ] {
        all.push((gone(cause), Opening::NotProtected(SINCE), 1));
    }
    all
}

#[test]
fn each_state_of_protection_with_incidents_and_alerts() {
    for (guard, opening, waiting) in guards() {
        for incidents in 0..3_u64 {
            for alerts in 0..3_usize {
                let facts = Facts {
                    incidents: (1..=incidents)
                        .map(|number| incident(number, Stands::Stopped))
                        .collect(),
                    alerts: vec![alert(); alerts],
                    ..calm(guard.clone())
                };
                let state = state(facts);
                let told = format!("{guard:?} {incidents} {alerts}");
                assert_eq!(state.opening, opening, "{told}");
                assert_eq!(state.incidents, incidents, "{told}");
                let waits = usize::try_from(incidents).unwrap() + waiting + alerts;
                assert_eq!(state.waits.len(), waits, "{told}");
                let first = state.waits.first();
                match (incidents, waiting, alerts) {
                    (0, 0, 0) => assert_eq!(first, None, "{told}"),
                    (0, 0, _) => assert!(matches!(first, Some(Wait::Alert(_))), "{told}"),
                    (0, _, _) => assert!(
                        matches!(
                            first,
                            Some(Wait::Protection(_) | Wait::Silent | Wait::Exceptions(_))
                        ),
                        "{told}"
                    ),
                    (_, _, _) => assert!(matches!(first, Some(Wait::Incident(_))), "{told}"),
                }
                hides_nothing(&state);
            }
        }
    }
}

/// What is not protected or not known is never drawn as held.
fn hides_nothing(state: &State) {
    let seen = match state.opening {
        Opening::Protected | Opening::ProtectedBut(_) => matches!(state.bowl, Bowl::Held(_)),
        Opening::Starting => state.bowl == Bowl::Mending,
        Opening::NotProtected(_) => state.bowl == Bowl::Gone,
        Opening::NotKnown => state.bowl == Bowl::Unknown,
    };
    assert!(seen, "{state:?}");
    if let Bowl::Held(balls) = &state.bowl {
        let calm = *balls == [Ball::Calm];
        assert_eq!(calm, state.waits.is_empty(), "{state:?}");
    }
}

#[test]
fn an_incident_is_now_while_its_program_is_stopped_and_waits_when_it_has_ended() {
    for (stands, ball) in [
        (Stands::Stopped, Ball::Now),
        (Stands::EndedEvidenceKept, Ball::Wait),
    ] {
        let facts = Facts {
            incidents: vec![incident(3, stands)],
            ..calm(Guard::Says(Protection::Protected))
        };
        assert_eq!(state(facts).bowl, Bowl::Held(vec![ball]));
    }
}

#[test]
fn what_waits_comes_in_the_order_of_its_weight() {
    let device = Device {
        name: "Accueil".into(),
        trouble: Trouble::Silent(SINCE),
    };
    let facts = Facts {
        incidents: vec![
            incident(2, Stands::Stopped),
            incident(1, Stands::EndedEvidenceKept),
        ],
        devices: vec![device.clone()],
        access: Weak {
            means: Some(Me::OneKey),
            sheet: Some(SheetWaits::Untested),
        },
        alerts: vec![alert()],
        ..calm(gone(Cause::GuardGone))
    };
    let protection = Protection::NotProtected {
        since: SINCE,
        cause: Cause::GuardGone,
    };
    let order = [
        Wait::Incident(incident(2, Stands::Stopped)),
        Wait::Incident(incident(1, Stands::EndedEvidenceKept)),
        Wait::Protection(protection),
        Wait::Device(device),
        Wait::Access(Me::OneKey),
        Wait::Sheet(SheetWaits::Untested),
        Wait::Alert(alert()),
    ];
    assert_eq!(state(facts).waits, order);
}

#[test]
fn what_nobody_can_do_anything_about_is_told_and_does_not_wait() {
    let state = state(calm(but(vec![Exception::TruncateAtClose])));
    assert_eq!(state.noted, [Exception::TruncateAtClose]);
    assert_eq!(state.bowl, Bowl::Held(vec![Ball::Calm]));
}
