//! Sessions on a clock that goes forward, stands and jumps.

use proptest::prelude::*;

use super::*;

const START: Wall = Wall(1_790_000_000_000_000_000);

fn at(seconds: i64) -> Wall {
    Wall(START.0 + seconds * 1_000_000_000)
}

fn session(means: Means) -> Session {
    let browser = Browser {
        family: Family::Firefox,
        system: System::Linux,
    };
    Session::open(
        SessionId(Uuid::from_u128(1)),
        &Token::of([1; 32]),
        PersonId(Uuid::from_u128(2)),
        means,
        browser,
        START,
    )
}

#[test]
fn an_idle_browser_is_signed_out_and_a_used_one_at_the_end_of_the_day() {
    let mut one = session(Means::Passkey);
    assert_eq!(one.ended(Role::Assistant, at(15 * 60 - 1)), None);
    assert_eq!(one.ended(Role::Assistant, at(15 * 60)), Some(Ended::Idle));
    assert_eq!(one.ended(Role::ItProvider, at(10 * 60)), Some(Ended::Idle));
    let mut now = 0;
    let over = loop {
        now += 300;
        if let Err(why) = one.touch(Role::Assistant, at(now)) {
            break why;
        }
    };
    assert_eq!((over, now), (Ended::Old, 8 * 3_600));
}

#[test]
fn a_session_to_make_keys_in_is_short() {
    for means in [Means::RecoverySheet, Means::SecondPerson, Means::FirstTime] {
        let mut one = session(means);
        assert_eq!(
            one.touch(Role::Practitioner, at(14 * 60)),
            Ok(Touched::Keep)
        );
        assert_eq!(
            one.touch(Role::Practitioner, at(28 * 60)),
            Ok(Touched::Keep)
        );
        assert_eq!(
            one.touch(Role::Practitioner, at(30 * 60)),
            Err(Ended::Old),
            "{means:?}"
        );
    }
}

#[test]
fn a_use_is_written_once_a_minute() {
    let mut one = session(Means::Passkey);
    assert_eq!(one.touch(Role::Assistant, at(59)), Ok(Touched::Same));
    assert_eq!(one.touch(Role::Assistant, at(60)), Ok(Touched::Keep));
    assert_eq!(one.touch(Role::Assistant, at(61)), Ok(Touched::Same));
}

#[test]
fn a_step_up_changes_the_cookie_and_is_fresh() {
    let mut one = session(Means::Passkey);
    let old = *one.digest();
    one.step_up(
        &Token::of([2; 32]),
        Means::Passkey,
        Role::Practitioner,
        at(700),
    )
    .unwrap();
    assert_ne!(one.digest(), &old);
    assert_eq!(one.digest(), &Token::of([2; 32]).digest(Purpose::Session));
    assert_eq!((one.proved(), one.created()), (at(700), START));
    assert_eq!(
        one.step_up(
            &Token::of([3; 32]),
            Means::Passkey,
            Role::Practitioner,
            at(9_000)
        ),
        Err(Ended::Idle)
    );
}

#[test]
fn the_first_reason_of_an_end_stays() {
    let mut one = session(Means::Passkey);
    one.end(Ended::FromElsewhere, at(5));
    one.end(Ended::SignedOut, at(6));
    assert_eq!(
        one.ended(Role::Practitioner, at(7)),
        Some(Ended::FromElsewhere)
    );
    assert_eq!(
        one.touch(Role::Practitioner, at(7)),
        Err(Ended::FromElsewhere)
    );
}

#[test]
fn a_clock_set_back_ends_what_nobody_can_date() {
    let one = session(Means::Passkey);
    assert_eq!(
        one.ended(Role::Practitioner, at(-200)),
        None,
        "a correction"
    );
    assert_eq!(one.ended(Role::Practitioner, at(-400)), Some(Ended::Clock));
}

#[test]
fn the_oldest_of_too_many_end() {
    let many: Vec<Session> = (0..25i64)
        .map(|n| {
            let mut one = session(Means::Passkey);
            one.id = SessionId(Uuid::from_u128(u128::from(n.unsigned_abs())));
            one.used = at(n);
            one
        })
        .collect();
    assert_eq!(too_many(&many[..19]), []);
    let ended: Vec<u128> = too_many(&many)
        .into_iter()
        .map(|id| id.0.as_u128())
        .collect();
    assert_eq!(ended, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn it_is_kept_without_its_cookie() {
    let kept = serde_json::to_string(&session(Means::Passkey)).unwrap();
    assert!(!kept.contains(Token::of([1; 32]).to_text().expose()));
    assert_eq!(
        serde_json::from_str::<Session>(&kept).unwrap(),
        session(Means::Passkey)
    );
}

proptest! {
    /// However it is used, no session outlives its limits.
    #[test]
    fn limits_hold(steps in proptest::collection::vec(0i64..1_800, 0..200), which in 0usize..4) {
        let role = Role::ALL[which];
        let limits = Limits::of(role);
        let mut one = session(Means::Passkey);
        let (mut now, mut used) = (0, 0);
        for step in steps {
            now += step;
            if one.touch(role, at(now)).is_ok() {
                prop_assert!(u64::try_from(now).unwrap() < limits.absolute.as_secs());
                prop_assert!(u64::try_from(now - used).unwrap() < limits.idle.as_secs());
                if now - used >= 60 { used = now; }
            } else {
                // Over is over: later uses do not wake it.
                prop_assert!(one.touch(role, at(now + 1)).is_err());
                break;
            }
        }
    }
}
