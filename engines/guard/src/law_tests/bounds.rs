//! Work and memory stay bounded, whatever is told to the law, and in whatever order.

use std::time::Duration;

use hygie_model::{FileId, Mono};
use proptest::prelude::*;

use crate::{
    Action, Ask, CopyOutcome, Found, Hold, Intent, Law, Leased, Limits, Opening, Seen, Standing,
    State, Urgency, Verdict,
};

const BOUND: Duration = Duration::from_secs(4);

/// Any call of the law, with any argument, whether it makes sense or not.
#[derive(Clone, Debug)]
enum Said {
    Found(i64, Found, Hold),
    Open(i64, Intent, Standing, Seen, Leased),
    Change(i64, Standing),
    Closed(i64),
    Break(i64),
    Gone(i64),
    Named(i64),
    Copied(i64, u64, CopyOutcome),
    Later(u16),
}

fn outcome() -> impl Strategy<Value = CopyOutcome> {
    prop_oneof![
        4 => Just(CopyOutcome::Kept(Leased::Granted)),
        4 => Just(CopyOutcome::Kept(Leased::Refused)),
        1 => Just(CopyOutcome::Busy),
        1 => Just(CopyOutcome::NoRoom),
        1 => Just(CopyOutcome::Unreadable),
        1 => Just(CopyOutcome::Vanished),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let file = || 0..3_i64;
    let standing = || prop_oneof![Just(Standing::Known), Just(Standing::Unknown)];
    let lease = prop_oneof![Just(Leased::Granted), Just(Leased::Refused)];
    let found = prop_oneof![
        Just(Found::Kept),
        Just(Found::NotKept),
        Just(Found::Open),
        Just(Found::New)
    ];
    let hold = prop_oneof![Just(Hold::Leased), Just(Hold::Bare)];
    let intent = prop_oneof![Just(Intent::Read), Just(Intent::Write)];
    let seen = prop_oneof![Just(Seen::Same), Just(Seen::Differs)];
    prop_oneof![
        (file(), found, hold).prop_map(|(file, found, hold)| Said::Found(file, found, hold)),
        (file(), intent, standing(), seen, lease).prop_map(|(file, intent, who, seen, lease)| {
            Said::Open(file, intent, who, seen, lease)
        }),
        (file(), standing()).prop_map(|(file, who)| Said::Change(file, who)),
        file().prop_map(Said::Closed),
        file().prop_map(Said::Break),
        file().prop_map(Said::Gone),
        file().prop_map(Said::Named),
        // Mostly the copy that is under way, now and then any other.
        (file(), prop_oneof![6 => Just(0), 1 => 1..40_u64], outcome())
            .prop_map(|(file, state, outcome)| Said::Copied(file, state, outcome)),
        prop_oneof![3 => 0..50_u16, 1 => 50..9000_u16].prop_map(Said::Later),
    ]
}

/// What stands outside the law: the copies under way, the calls that wait.
#[derive(Default)]
struct Outside {
    copies: Vec<(FileId, State, Urgency)>,
    waiting: Vec<(Ask, Standing, Mono)>,
    asks: u64,
    most: usize,
}

impl Outside {
    fn ask(&mut self, standing: Standing, now: Mono) -> Ask {
        self.asks += 1;
        self.waiting.push((Ask(self.asks), standing, now));
        Ask(self.asks)
    }

    /// Takes what the law says; at most one copy a file, each call answered once and in time.
    fn obey(&mut self, law: &mut Law, now: Mono) -> usize {
        let mut count = 0;
        while let Some(action) = law.poll_action() {
            count += 1;
            match action {
                Action::Copy(file, state, urgency) => {
                    assert!(self.copies.iter().all(|(other, ..)| *other != file));
                    self.copies.push((file, state, urgency));
                }
                Action::Hurry(file, urgency) => {
                    let copy = self.copies.iter_mut().find(|(other, ..)| *other == file);
                    let copy = copy.expect("what is hurried is under way");
                    assert!(urgency < copy.2, "only ever more urgent");
                    copy.2 = urgency;
                }
                Action::Answer(ask, verdict) => {
                    let at = self.waiting.iter().position(|(one, ..)| *one == ask);
                    let (_, standing, since) =
                        self.waiting.swap_remove(at.expect("it waited, and once"));
                    assert!(now.since(since) <= BOUND, "answered late");
                    let refused = matches!(verdict, Verdict::Deny(_));
                    assert!(!refused || standing == Standing::Unknown);
                }
                Action::Forget(file) => self.copies.retain(|(other, ..)| *other != file),
                Action::MarkNear(_)
                | Action::UnmarkNear(_)
                | Action::IgnoreWide(_)
                | Action::HeedWide(_)
                | Action::Link(_)
                | Action::Unlink(_)
                | Action::Release(_)
                | Action::Yield(_)
                | Action::Tell(_) => {}
            }
        }
        self.most = self.most.max(count);
        count
    }
}

fn tell(law: &mut Law, outside: &mut Outside, said: &Said, now: &mut Mono) {
    match *said {
        Said::Found(file, found, hold) => law.handle_found(FileId(file), found, hold, *now),
        Said::Open(file, intent, standing, seen, lease) => {
            let ask = outside.ask(standing, *now);
            let file = FileId(file);
            let opening = Opening {
                ask,
                file,
                intent,
                standing,
                seen,
                lease,
            };
            law.handle_open(opening, *now);
        }
        Said::Change(file, standing) => {
            let ask = outside.ask(standing, *now);
            law.handle_change(ask, FileId(file), standing, *now);
        }
        Said::Closed(file) => law.handle_closed(FileId(file)),
        Said::Break(file) => law.handle_break(FileId(file), *now),
        Said::Gone(file) => law.handle_gone(FileId(file)),
        Said::Named(file) => law.handle_named(FileId(file)),
        Said::Copied(file, state, outcome) => {
            let file = FileId(file);
            let at = outside.copies.iter().position(|(one, ..)| *one == file);
            let state = match at {
                Some(at) if state == 0 => outside.copies[at].1,
                _ => State(state),
            };
            if let Some(at) = at
                && outside.copies[at].1 == state
            {
                outside.copies.swap_remove(at);
            }
            law.handle_copied(file, state, outcome, *now);
        }
        Said::Later(millis) => {
            let until = now.after(Duration::from_millis(u64::from(millis)));
            while let Some(at) = law.poll_timeout().filter(|at| *at <= until) {
                *now = at;
                law.handle_timeout(at);
                assert!(law.poll_timeout() != Some(at), "time stands still");
                outside.obey(law, at);
            }
            *now = until;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// No order of events, however absurd, makes it panic, answer twice, copy twice at once, deny
    /// a known program, keep a call beyond the bound, or leave anything behind.
    #[test]
    fn nothing_said_confuses_it(all in prop::collection::vec(said(), 0..200)) {
        let mut law = Law::new(Limits { bound: BOUND, leases: 1 });
        let mut outside = Outside::default();
        let mut now = Mono(1);
        for one in &all {
            tell(&mut law, &mut outside, one, &mut now);
            outside.obey(&mut law, now);
        }
        for _ in 0..100 {
            now = law.poll_timeout().unwrap_or(now).max(now);
            law.handle_timeout(now);
            outside.obey(&mut law, now);
            for (file, state, _) in std::mem::take(&mut outside.copies) {
                law.handle_copied(file, state, CopyOutcome::Kept(Leased::Granted), now);
            }
            outside.obey(&mut law, now);
        }
        prop_assert!(outside.waiting.is_empty());
        prop_assert_eq!(law.poll_timeout(), None);
        prop_assert!(law.counts().leases <= 1);
        prop_assert_eq!(law.counts().files, law.counts().kept);
        for file in 0..3 {
            law.handle_gone(FileId(file));
        }
        outside.obey(&mut law, now);
        prop_assert_eq!(law.counts(), crate::Counts::default());
    }
}

fn settled(files: i64, leases: usize) -> (Law, Outside) {
    let mut law = Law::new(Limits {
        bound: BOUND,
        leases,
    });
    let mut outside = Outside::default();
    for file in 0..files {
        law.handle_found(FileId(file), Found::Kept, Hold::Leased, Mono(0));
        outside.obey(&mut law, Mono(0));
    }
    (law, outside)
}

/// A file that is broken, closed and copied over and over costs the same each time, with a budget
/// of leases or beyond it, and leaves nothing behind.
#[test]
fn each_event_costs_the_same_at_the_ten_thousandth_time() {
    let (mut law, mut outside) = settled(100, 50);
    let mut total = 0;
    for round in 0..10_000_u64 {
        let file = FileId(99);
        let now = Mono(round * 1_000_000);
        law.handle_break(file, now);
        total += outside.obey(&mut law, now);
        law.handle_closed(file);
        total += outside.obey(&mut law, now);
        for (file, state, _) in std::mem::take(&mut outside.copies) {
            law.handle_copied(file, state, CopyOutcome::Kept(Leased::Granted), now);
        }
        total += outside.obey(&mut law, now);
    }
    assert!(total <= 10_000 * 12, "{total} actions");
    assert!(outside.most <= 60, "{} actions at one event", outside.most);
    assert_eq!(law.poll_timeout(), None);
    assert!(law.counts().leases <= 50);
}

/// A flood of opens of one file is answered by a number of actions that grows with the flood, not
/// with its square; the copy is asked for once.
#[test]
fn a_flood_of_opens_is_one_copy() {
    let mut law = Law::new(Limits {
        bound: BOUND,
        leases: 1,
    });
    let mut outside = Outside::default();
    law.handle_found(FileId(1), Found::NotKept, Hold::Bare, Mono(0));
    outside.obey(&mut law, Mono(0));
    let mut total = 0;
    for at in 0..10_000 {
        let standing = Standing::Unknown;
        let said = Said::Open(1, Intent::Write, standing, Seen::Same, Leased::Refused);
        tell(&mut law, &mut outside, &said, &mut Mono(at));
        total += outside.obey(&mut law, Mono(at));
    }
    assert_eq!(outside.waiting.len(), 10_000);
    assert_eq!(outside.copies.len(), 1);
    // The copy that ran when they came may have read too early for them; the next did not.
    for _ in 0..2 {
        for (file, state, _) in std::mem::take(&mut outside.copies) {
            law.handle_copied(
                file,
                state,
                CopyOutcome::Kept(Leased::Refused),
                Mono(20_000),
            );
        }
        total += outside.obey(&mut law, Mono(20_000));
    }
    assert!(outside.waiting.is_empty());
    assert!(total <= 10_000 * 4, "{total} actions");
    assert!(law.poll_timeout() <= Some(Mono(20_000).after(Duration::from_millis(20))));
}

/// Opens that keep coming do not keep those before them waiting: each waits for two copies at most.
#[test]
fn newcomers_do_not_starve_who_waits() {
    let mut law = Law::new(Limits {
        bound: BOUND,
        leases: 1,
    });
    let mut outside = Outside::default();
    law.handle_found(FileId(1), Found::NotKept, Hold::Bare, Mono(0));
    outside.obey(&mut law, Mono(0));
    for round in 0..100 {
        let mut now = Mono(round);
        let standing = Standing::Unknown;
        let said = Said::Open(1, Intent::Write, standing, Seen::Same, Leased::Refused);
        tell(&mut law, &mut outside, &said, &mut now);
        outside.obey(&mut law, now);
        for (file, state, _) in std::mem::take(&mut outside.copies) {
            law.handle_copied(file, state, CopyOutcome::Kept(Leased::Refused), now);
        }
        outside.obey(&mut law, now);
        assert!(outside.waiting.len() <= 1, "round {round}");
    }
}
