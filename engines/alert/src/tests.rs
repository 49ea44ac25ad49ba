//! What is told of a practice's days, on a virtual clock.

use std::time::Duration;

use hygie_model::{
    PersonId, Wall,
    letter::{self, Slot},
};
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{
    Action, Alert, Alerts, Answer, Bad, Farewell, Heard, LetterId, Rhythm, Rules, Standing, State,
    Thing, Weight, What, Who, Why, row,
    span::{DAY, HOUR, MINUTE, minutes},
};

/// Tuesday, 24 November 2026, 9:00.
pub(crate) const MORNING: Wall = Wall(1_795_510_800_000_000_000);

fn reader() -> PersonId {
    PersonId(Uuid::from_u128(1))
}

fn laptop() -> Who {
    Who("laptop".to_owned())
}

/// A practice whose letters are answered as a test says.
struct World {
    alerts: Alerts,
    now: Wall,
    roads: [Answer; 2],
    sent: Vec<(Wall, Slot, Vec<Alert>)>,
    tries: usize,
    /// Devices that beat each minute.
    beating: Vec<Who>,
}

impl World {
    fn new() -> Self {
        Self {
            alerts: Alerts::of(State::default(), Rules::usual(TimeZone::UTC)),
            now: MORNING,
            roads: [Answer::Taken; 2],
            sent: Vec::new(),
            tries: 0,
            beating: Vec::new(),
        }
    }

    fn say(&mut self, thing: &Thing, word: crate::Word) {
        let heard = Heard {
            at: self.now,
            word,
            rhythm: Rhythm::Looked,
        };
        self.alerts.handle_heard(thing, &heard, self.now);
    }

    fn beat(&mut self) {
        for who in self.beating.clone() {
            let heard = Heard {
                at: self.now,
                word: crate::Word::Well,
                rhythm: Rhythm::Within(minutes(15)),
            };
            let thing = Thing::new(What::Device, who);
            self.alerts.handle_heard(&thing, &heard, self.now);
        }
    }

    fn work(&mut self) {
        while let Some(Action::Send {
            letter,
            slot,
            alerts,
        }) = self.alerts.poll_action(self.now)
        {
            self.tries += 1;
            let answer = self.roads[usize::from(slot == Slot::Second)];
            if answer == Answer::Taken {
                self.sent.push((self.now, slot, alerts));
            }
            self.alerts.handle_answer(letter, answer, self.now);
        }
    }

    /// Minute by minute, as the hub does it.
    fn pass(&mut self, time: Duration) {
        for _ in 0..time.as_secs() / 60 {
            self.beat();
            self.work();
            self.now = self.now.after(MINUTE);
        }
        self.beat();
        self.work();
    }

    fn restart(&mut self) {
        let kept = serde_json::to_string(self.alerts.state()).unwrap();
        let state: State = serde_json::from_str(&kept).unwrap();
        assert_eq!(state, *self.alerts.state());
        self.alerts = Alerts::of(state, Rules::usual(TimeZone::UTC));
    }

    fn one(&self) -> &Alert {
        let [alert] = self.alerts.alerts() else {
            panic!("{:?}", self.alerts.alerts());
        };
        alert
    }

    fn read(&mut self) {
        let number = self.one().number;
        assert!(self.alerts.handle_read(number, reader(), self.now));
    }
}

use crate::Word::{Mending, Trouble, Well};

fn guard() -> Thing {
    Thing::here(What::Guard)
}

#[test]
fn the_table_is_written_beside_the_crate() {
    let mut written = String::from(
        "# How urgent what is\n\nMade from `src/urgency.rs` by its test. What cannot wait goes out whatever the hour; the rest not in quiet hours.\n\n\
         | what | how | told | how soon | why |\n|---|---|---|---|---|\n",
    );
    for what in What::ALL {
        let ways: &[Bad] = if what == What::Device {
            &[Bad::Silent, Bad::Away]
        } else if what == What::Guard {
            &[Bad::Trouble, Bad::Silent]
        } else {
            &[Bad::Trouble]
        };
        for bad in ways {
            let row = row(what, *bad);
            let lasts = match row.lasts.as_secs() / 60 {
                0 => "at once".to_owned(),
                minutes => format!("after {minutes} minutes"),
            };
            let bad = format!("{bad:?}").to_lowercase();
            let weight = format!("{:?}", row.weight).to_lowercase();
            written.push_str(&format!(
                "| {} | {bad} | {lasts} | {weight} | {} |\n",
                what.name(),
                row.why
            ));
        }
    }
    let kept = include_str!("../URGENCY.md");
    if written != kept {
        let place = std::env::temp_dir().join("URGENCY.md");
        std::fs::write(&place, &written).unwrap();
        panic!(
            "URGENCY.md is of another table; the right one is {}",
            place.display()
        );
    }
}

#[test]
fn names_are_those_of_what_is_kept() {
    for what in What::ALL {
        assert_eq!(serde_json::to_value(what).unwrap(), what.name());
    }
    assert_eq!(guard().to_string(), "guard here");
}

#[test]
fn a_stopped_program_is_told_at_once_and_at_night() {
    let mut world = World::new();
    world.now = world.now.after(13 * HOUR);
    world.say(&Thing::here(What::Incident), Trouble);
    world.work();
    let (_, slot, alerts) = &world.sent[0];
    assert_eq!((*slot, alerts.len()), (Slot::First, 1));
    // Nobody reads it: the second road, a quarter of an hour later.
    world.pass(minutes(20));
    assert_eq!(world.sent.len(), 2);
    assert_eq!(world.sent[1].1, Slot::Second);
    // Both took it: no third letter.
    world.pass(DAY);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn what_lasts_is_told_and_what_does_not_is_not() {
    let mut world = World::new();
    world.say(&guard(), Well);
    world.work();
    world.say(&guard(), Trouble);
    world.pass(minutes(4));
    world.say(&guard(), Well);
    world.pass(HOUR);
    assert!(world.alerts.alerts().is_empty());
    world.say(&guard(), Trouble);
    world.pass(minutes(6));
    assert_eq!(world.sent.len(), 1);
    assert_eq!(world.one().weight, Weight::Soon);
}

#[test]
fn a_repair_has_an_hour() {
    let mut world = World::new();
    world.say(&guard(), Mending);
    world.pass(minutes(59));
    assert!(world.alerts.alerts().is_empty());
    world.pass(minutes(10));
    assert_eq!(world.one().bad, Bad::Trouble);
}

#[test]
fn a_silent_device_is_told_and_one_that_said_good_bye_is_not() {
    let mut world = World::new();
    world.beating = vec![laptop(), Who("desk".to_owned())];
    world.pass(HOUR);
    world
        .alerts
        .handle_farewell(&laptop(), Farewell::Off, world.now, world.now);
    world.beating.clear();
    world.pass(minutes(20));
    assert_eq!(world.one().thing.who.0, "desk");
    assert_eq!(world.one().bad, Bad::Silent);
    let device = Thing::new(What::Device, laptop());
    assert!(matches!(
        world.alerts.standing(&device, world.now),
        Some(Standing::Asleep { .. })
    ));
}

#[test]
fn sleep_has_a_bound_and_its_end_is_told_mildly() {
    let mut world = World::new();
    world.beating = vec![laptop()];
    world.pass(HOUR);
    world
        .alerts
        .handle_farewell(&laptop(), Farewell::Sleep, world.now, world.now);
    world.beating.clear();
    world.pass(3 * DAY - HOUR);
    assert!(world.sent.is_empty());
    world.pass(2 * HOUR);
    assert_eq!(
        (world.one().bad, world.one().weight),
        (Bad::Away, Weight::Mild)
    );
    assert_eq!(world.sent.len(), 1);
    // It is back: over by itself.
    world.beating = vec![laptop()];
    world.pass(HOUR);
    assert!(world.one().ended.is_some());
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn one_that_slept_once_may_do_so_without_a_word() {
    let mut world = World::new();
    world.beating = vec![laptop()];
    world.pass(HOUR);
    let now = world.now;
    world
        .alerts
        .handle_farewell(&laptop(), Farewell::Sleep, now, now);
    world.pass(HOUR);
    world.beating.clear();
    world.pass(DAY);
    assert!(world.alerts.alerts().is_empty());
}

#[test]
fn nothing_is_said_of_the_guard_of_a_device_that_is_not_heard() {
    let mut world = World::new();
    world.beating = vec![laptop()];
    let thing = Thing::new(What::Guard, laptop());
    let heard = Heard {
        at: world.now,
        word: Well,
        rhythm: Rhythm::With(laptop()),
    };
    world.alerts.handle_heard(&thing, &heard, world.now);
    world.pass(HOUR);
    world.beating.clear();
    world.pass(HOUR);
    assert_eq!(world.one().thing.what, What::Device);
    assert!(matches!(
        world.alerts.standing(&thing, world.now),
        Some(Standing::NotKnown { .. })
    ));
}

#[test]
fn what_goes_on_and_off_is_one_alert() {
    let mut world = World::new();
    for _ in 0..20 {
        world.say(&guard(), Trouble);
        world.pass(minutes(2));
        world.say(&guard(), Well);
        world.pass(minutes(3));
    }
    assert!(world.one().times >= 15, "{:?}", world.one());
    assert_eq!(world.sent.len(), 1);
    // An hour of calm between, all day long: still the same one.
    for _ in 0..6 {
        world.say(&guard(), Trouble);
        world.pass(minutes(20));
        world.say(&guard(), Well);
        world.pass(HOUR);
    }
    assert_eq!(world.one().number.0, 0);
}

#[test]
fn what_comes_back_after_it_was_read_is_told_again_ever_more_slowly() {
    let mut world = World::new();
    for round in 0_u64..12 {
        world.say(&guard(), Trouble);
        world.pass(HOUR);
        if world.one().read.is_none() {
            world.read();
        }
        world.say(&guard(), Well);
        world.pass(minutes(15));
        assert!(world.sent.len() <= 4, "{round}");
    }
    assert!(world.sent.len() >= 2);
    assert_eq!(world.one().number.0, 0);
    // One that stays is told, whatever was before.
    world.say(&guard(), Trouble);
    world.pass(5 * HOUR);
    assert_eq!(world.one().read, None);
}

#[test]
fn what_healed_at_night_is_told_once_in_the_morning() {
    let mut world = World::new();
    world.now = world.now.after(14 * HOUR);
    world.say(&guard(), Trouble);
    world.say(&Thing::here(What::Disk), Trouble);
    world.pass(2 * HOUR);
    world.say(&guard(), Well);
    assert!(world.sent.is_empty());
    world.pass(2 * DAY);
    let [(at, Slot::First, alerts), rest @ ..] = &world.sent[..] else {
        panic!("{:?}", world.sent);
    };
    assert_eq!(at.0, MORNING.0 + 22 * 3600 * 1_000_000_000);
    assert_eq!(alerts.len(), 2, "one letter for both");
    let healed = |alerts: &[Alert]| alerts.iter().any(|alert| alert.thing == guard());
    assert!(alerts.iter().any(|it| it.ended.is_some()) && healed(alerts));
    assert!(rest.iter().all(|(_, _, alerts)| !healed(alerts)));
}

#[test]
fn a_lost_guard_at_night_is_told_while_a_stopped_program_waits() {
    let mut world = World::new();
    world.now = world.now.after(14 * HOUR);
    world.say(&guard(), Trouble);
    world.pass(HOUR);
    assert!(world.sent.is_empty());
    world.say(&Thing::here(What::Incident), Trouble);
    world.pass(minutes(10));
    let told = world.sent.iter().flat_map(|(_, _, alerts)| alerts);
    let guard = told.filter(|alert| alert.thing == guard());
    assert!(guard.count() >= 1);
}

#[test]
fn who_reads_ends_it() {
    let mut world = World::new();
    let key = Thing::new(What::NewKey, laptop());
    world.alerts.handle_happened(&key, world.now, world.now);
    world.alerts.handle_happened(&key, world.now, world.now);
    world.work();
    assert_eq!(world.one().times, 2);
    let number = world.one().number;
    world.read();
    assert!(!world.alerts.handle_read(number, reader(), world.now));
    assert!(world.one().ended.is_some());
    world.pass(2 * DAY);
    assert!(world.alerts.alerts().is_empty() && world.sent.len() == 1);
}

#[test]
fn what_no_road_takes_is_told_on_the_screen_and_tried_on() {
    let mut world = World::new();
    world.roads = [
        Answer::NotTaken(Why::Road(letter::Trouble::NotReached)),
        Answer::NotTaken(Why::Road(letter::Trouble::NoRoad)),
    ];
    world.say(&guard(), Trouble);
    world.pass(minutes(20));
    assert!(!world.one().is_unsent());
    world.pass(minutes(60));
    assert!(world.one().is_unsent());
    let tries = world.tries;
    world.pass(3 * HOUR);
    assert!(
        (1..=8).contains(&(world.tries - tries)),
        "{tries} {}",
        world.tries
    );
    // Somebody sets the road right.
    world.roads[0] = Answer::Taken;
    world.alerts.handle_roads();
    world.work();
    assert!(!world.one().is_unsent());
    assert_eq!(world.sent.len(), 1);
}

#[test]
fn a_letter_under_way_at_a_restart_goes_again_under_its_number() {
    let mut world = World::new();
    world.say(&Thing::here(What::Incident), Trouble);
    let Some(Action::Send { letter, .. }) = world.alerts.poll_action(world.now) else {
        panic!();
    };
    world.restart();
    assert_eq!(world.alerts.poll_action(world.now), None);
    world.now = world.now.after(minutes(5));
    let Some(Action::Send { letter: again, .. }) = world.alerts.poll_action(world.now) else {
        panic!();
    };
    assert_eq!(letter, again);
    world.alerts.handle_answer(again, Answer::Taken, world.now);
    world
        .alerts
        .handle_answer(LetterId(99), Answer::Taken, world.now);
    world.pass(minutes(5));
    assert!(world.sent.is_empty());
}

#[test]
fn a_hub_that_was_off_does_not_take_its_own_silence_for_the_others() {
    let mut world = World::new();
    world.beating = vec![laptop()];
    world.pass(HOUR);
    world.restart();
    world.now = world.now.after(DAY);
    world.work();
    assert_eq!(world.alerts.gaps().len(), 1);
    world.pass(HOUR);
    assert!(world.alerts.alerts().is_empty());
    // One that was off as well, and stays so, is told after its time.
    world.now = world.now.after(DAY);
    world.beating.clear();
    world.pass(minutes(10));
    assert!(world.alerts.alerts().is_empty());
    world.pass(minutes(10));
    assert_eq!(world.one().bad, Bad::Silent);
    // Nor does the next silence of the hub make it well.
    world.now = world.now.after(DAY);
    world.pass(minutes(14));
    assert_eq!(world.one().ended, None);
}

#[test]
fn a_clock_that_is_set_back_sends_nothing_twice() {
    let mut world = World::new();
    world.say(&guard(), Trouble);
    world.pass(minutes(10));
    world.now = Wall(world.now.0 - 3 * 3600 * 1_000_000_000);
    world.pass(HOUR);
    assert_eq!(world.sent.len(), 1);
}
