//! Attackers and people who mistype, on a virtual clock.

use core::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::secret::{Purpose, Token};

const START: Wall = Wall(1_790_000_000_000_000_000);
const CLAIRE: Account = Account::Person(PersonId(Uuid::from_u128(1)));

fn at(seconds: u64) -> Wall {
    span::after(START, Duration::from_secs(seconds))
}

fn place(n: u32) -> Place {
    Place::of(IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + n)))
}

fn stranger(n: u32) -> Try {
    Try {
        account: CLAIRE,
        place: place(n),
        browser: None,
        known_place: KnownPlace::Strange,
    }
}

fn friend() -> Try {
    let browser = Token::of([4; 32]).digest(Purpose::KnownBrowser);
    Try {
        account: CLAIRE,
        place: place(0),
        browser: Some(browser),
        known_place: KnownPlace::Known,
    }
}

/// Tries as soon as it may, from now until `end`; returns the times of what went on.
fn hammer(throttle: &mut Throttle, this: &Try, start: u64, end: u64) -> Vec<u64> {
    let (mut now, mut tries) = (start, Vec::new());
    while now < end {
        match throttle.begin(this, at(now)) {
            Answer::Go(_) => tries.push(now),
            Answer::Wait(wait) => now += wait.as_secs() + u64::from(wait.subsec_nanos() > 0),
        }
    }
    tries
}

#[test]
fn who_mistypes_five_times_gets_in_within_a_minute() {
    for this in [
        friend(),
        stranger(7),
        Try {
            known_place: KnownPlace::Known,
            ..stranger(7)
        },
    ] {
        let mut throttle = Throttle::default();
        let tries = hammer(&mut throttle, &this, 0, 40);
        assert_eq!(tries, [0, 1, 3, 7, 15, 31]);
    }
}

#[test]
fn a_success_frees_ones_own_lane_only() {
    let mut throttle = Throttle::default();
    hammer(&mut throttle, &friend(), 0, 10);
    let Answer::Go(ticket) = throttle.begin(&friend(), at(20)) else {
        panic!("she may by now")
    };
    throttle.succeeded(&ticket);
    assert_eq!(throttle.would_wait(&friend(), at(20)), Duration::ZERO);

    hammer(&mut throttle, &stranger(1), 0, 1_000);
    let before = throttle.would_wait(&stranger(2), at(1_000));
    let Answer::Go(ticket) = throttle.begin(&friend(), at(1_000)) else {
        panic!("her lane is free")
    };
    throttle.succeeded(&ticket);
    assert_eq!(throttle.would_wait(&stranger(2), at(1_000)), before);
}

#[test]
fn one_place_that_tries_many_accounts_waits() {
    let mut throttle = Throttle::default();
    let mut went = 0;
    for n in 0..1_000u32 {
        let this = Try {
            account: Account::nobody(&format!("user{n}")),
            ..stranger(3)
        };
        went += usize::from(matches!(
            throttle.begin(&this, at(u64::from(n) / 100)),
            Answer::Go(_)
        ));
    }
    assert!(went <= 14, "{went}");
    // Others are not concerned, nor is a known browser in the same place.
    assert_eq!(throttle.would_wait(&stranger(4), at(10)), Duration::ZERO);
    assert_eq!(
        throttle.would_wait(
            &Try {
                place: place(3),
                ..friend()
            },
            at(10)
        ),
        Duration::ZERO
    );
}

#[test]
fn a_thousand_at_once_are_a_thousand() {
    let mut throttle = Throttle::default();
    let went = (0..1_000)
        .filter(|n| matches!(throttle.begin(&stranger(*n), START), Answer::Go(_)))
        .count();
    assert_eq!(went, 1);
}

#[test]
fn names_that_nobody_has_wait_as_persons_do() {
    let mut one = Throttle::default();
    let mut two = Throttle::default();
    let nobody = Try {
        account: Account::nobody("zoe"),
        ..stranger(5)
    };
    assert_eq!(
        hammer(&mut one, &nobody, 0, 5_000),
        hammer(&mut two, &stranger(5), 0, 5_000)
    );
}

#[test]
fn a_day_of_guesses_is_bounded_with_and_without_rest() {
    let mut throttle = Throttle::default();
    let tries = hammer(&mut throttle, &stranger(5), 0, 3 * 86_400);
    let most = |tries: &[u64]| {
        tries
            .iter()
            .map(|start| {
                tries
                    .iter()
                    .filter(|at| (*start..start + 86_400).contains(at))
                    .count()
            })
            .max()
    };
    assert!(
        most(&tries) <= Some(MAX_GUESSES_A_DAY),
        "{:?}",
        most(&tries)
    );
    // Who rests a day begins anew, and has not gained by it.
    let mut rested = tries.clone();
    rested.extend(hammer(&mut throttle, &stranger(5), 4 * 86_400, 6 * 86_400));
    assert!(
        most(&rested) <= Some(MAX_GUESSES_A_DAY),
        "{:?}",
        most(&rested)
    );
}

#[test]
fn a_flood_of_names_does_not_free_an_account_and_is_bounded() {
    let mut throttle = Throttle::default();
    hammer(&mut throttle, &stranger(1), 0, 2_000);
    let wait = throttle.would_wait(&stranger(2), at(2_000));
    for n in 0..20_000u32 {
        let flood = Try {
            account: Account::nobody(&n.to_string()),
            ..stranger(1_000 + n)
        };
        throttle.begin(&flood, at(2_000));
        assert!(throttle.queues.len() <= MOST_LOOSE + 3);
    }
    assert_eq!(throttle.would_wait(&stranger(2), at(2_000)), wait);
    assert!(throttle.would_wait(&stranger(1), at(2_000)) >= wait);
}

#[test]
fn a_restart_forgets_nothing() {
    let mut throttle = Throttle::default();
    let mut base = BTreeMap::new();
    for now in 0..50u64 {
        throttle.begin(&stranger(u32::try_from(now).unwrap() % 3), at(now));
        for (lane, queue) in throttle.changes() {
            match queue {
                Some(queue) => base.insert(lane, queue),
                None => base.remove(&lane),
            };
        }
    }
    let rows: Vec<(Lane, Queue)> = serde_json::from_str(
        &serde_json::to_string(&base.into_iter().collect::<Vec<_>>()).unwrap(),
    )
    .unwrap();
    assert_eq!(Throttle::of(rows).queues, throttle.queues);
}

#[test]
fn a_machine_has_one_place() {
    let six = |low: u16| {
        Place::of(IpAddr::V6(Ipv6Addr::new(
            0x2001, 0xdb8, 1, 2, low, low, low, low,
        )))
    };
    assert_eq!(six(1), six(2));
    let mapped = IpAddr::V6(Ipv4Addr::new(10, 0, 0, 1).to_ipv6_mapped());
    assert_eq!(Place::of(mapped), place(1));
    assert_ne!(place(1), place(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// From however many addresses, in whatever rhythm: a day's guesses at one account stay under one lane's bound.
    #[test]
    fn addresses_buy_no_guesses(addresses in 1u32..500, pauses in proptest::collection::vec(0u64..600, 1..400)) {
        let mut throttle = Throttle::default();
        let (mut now, mut tries) = (0, Vec::new());
        for pause in pauses.iter().cycle().take(4_000) {
            now += pause / 8;
            let from = u32::try_from(now % u64::from(addresses)).unwrap();
            if let Answer::Go(_) = throttle.begin(&stranger(from), at(now)) {
                tries.push(now);
            }
        }
        let most = tries.iter().map(|start| tries.iter().filter(|at| (*start..start + 86_400).contains(at)).count()).max();
        prop_assert!(most.unwrap_or(0) <= MAX_GUESSES_A_DAY);
    }

    /// Whatever strangers do, her own browser gets in: five mistakes, then right, within a minute.
    #[test]
    fn a_known_browser_is_never_locked_out(
        noise in proptest::collection::vec((0u64..3, 0u32..300), 0..600),
        start in 0u64..500,
    ) {
        let mut throttle = Throttle::default();
        let mut events = noise.iter().scan(0, |now, (step, from)| { *now += step; Some((*now, *from)) }).peekable();
        let (mut now, mut mistakes) = (start, 0);
        loop {
            while let Some((when, from)) = events.next_if(|(when, _)| *when <= now) {
                throttle.begin(&stranger(from), at(when));
                throttle.begin(&Try { known_place: KnownPlace::Known, ..stranger(from) }, at(when));
            }
            match throttle.begin(&friend(), at(now)) {
                Answer::Go(ticket) if mistakes == 5 => { throttle.succeeded(&ticket); break }
                Answer::Go(_) => mistakes += 1,
                Answer::Wait(wait) => now += wait.as_secs().max(1),
            }
        }
        prop_assert!(now - start <= 60);
    }

    /// No wait is longer than the longest, wherever the clock jumps.
    #[test]
    fn waits_are_bounded(jumps in proptest::collection::vec(-100_000_000i64..100_000_000, 1..60)) {
        let mut throttle = Throttle::default();
        let mut now = START;
        for jump in jumps {
            now = Wall(now.0 + jump * 1_000_000);
            for _ in 0..3 {
                throttle.begin(&stranger(1), now);
            }
            prop_assert!(throttle.would_wait(&stranger(1), now) <= LONGEST);
        }
    }
}
