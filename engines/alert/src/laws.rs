//! Laws over made-up weeks: any order of words, silences, sleeps, readings, restarts, broken roads and hubs that are off.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hygie_model::{
    PersonId, Wall,
    letter::{Slot, Trouble},
};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    Action, Alerts, Answer, Farewell, Heard, Number, Rhythm, Rules, State, Thing, Weight, What,
    Who, Why, Word, row,
    span::{self, DAY, HOUR, MINUTE, minutes},
    thing::Bad,
};

#[derive(Clone, Debug)]
enum Step {
    Pass(u64),
    Off(u64),
    Say(usize, Word),
    Beats(usize, Beats),
    Happen,
    Read(usize),
    Restart,
    Roads(Reply, Reply),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beats {
    On,
    Cut,
    Leaves(Farewell),
}

/// What a road says; nothing where the hub ends before it hears.
type Reply = Option<Answer>;

const LOOKED: [What; 4] = [What::Incident, What::Guard, What::Disk, What::Copies];

fn devices() -> [Who; 2] {
    ["desk", "laptop"].map(|name| Who(name.to_owned()))
}

fn step() -> impl Strategy<Value = Step> {
    let reply = || {
        prop_oneof![
            4 => Just(Some(Answer::Taken)),
            1 => Just(Some(Answer::NotTaken(Why::Road(Trouble::NotReached)))),
            1 => Just(Some(Answer::NotTaken(Why::Road(Trouble::NoRoad)))),
            1 => Just(None),
        ]
    };
    let word = prop_oneof![Just(Word::Well), Just(Word::Trouble), Just(Word::Mending)];
    let beats = prop_oneof![
        2 => Just(Beats::On),
        1 => Just(Beats::Cut),
        1 => Just(Beats::Leaves(Farewell::Sleep)),
        1 => Just(Beats::Leaves(Farewell::Off)),
    ];
    prop_oneof![
        4 => (1_u64..30).prop_map(Step::Pass),
        2 => (30_u64..900).prop_map(Step::Pass),
        1 => (6_u64..3000).prop_map(Step::Off),
        6 => (0_usize..4, word).prop_map(|(at, word)| Step::Say(at, word)),
        4 => (0_usize..2, beats).prop_map(|(at, beats)| Step::Beats(at, beats)),
        1 => Just(Step::Happen),
        2 => (0_usize..4).prop_map(Step::Read),
        1 => Just(Step::Restart),
        1 => (reply(), reply()).prop_map(|(first, second)| Step::Roads(first, second)),
    ]
}

struct World {
    alerts: Alerts,
    now: Wall,
    listening: Wall,
    /// What was said last and when, and when it was last well.
    words: BTreeMap<What, (Word, Wall, Wall)>,
    beats: [(Beats, Wall, bool); 2],
    roads: [Reply; 2],
    taken: Vec<(Wall, Slot)>,
    told: BTreeSet<(Number, Wall, Slot)>,
}

fn rules() -> Rules {
    Rules::usual(TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
}

impl World {
    fn at(now: Wall) -> Self {
        Self {
            alerts: Alerts::of(State::default(), rules()),
            now,
            listening: now,
            words: BTreeMap::new(),
            beats: [(Beats::Cut, now, false); 2],
            roads: [Some(Answer::Taken); 2],
            taken: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    fn do_step(&mut self, step: &Step) {
        match step {
            Step::Pass(minutes) => self.pass(*minutes),
            Step::Off(time) => {
                self.restart();
                self.now = self.now.after(minutes(*time));
                self.listening = self.now;
                self.minute();
            }
            Step::Say(at, word) => {
                let what = LOOKED[*at];
                let heard = Heard {
                    at: self.now,
                    word: *word,
                    rhythm: Rhythm::Looked,
                };
                self.alerts
                    .handle_heard(&Thing::here(what), &heard, self.now);
                let said = self.words.get(&what).copied();
                if said.is_none_or(|(before, _, _)| before != *word) {
                    let left = match said {
                        Some((Word::Trouble | Word::Mending, _, left)) => left,
                        Some((Word::Well, _, _)) | None => self.now,
                    };
                    self.words.insert(what, (*word, self.now, left));
                }
                self.minute();
            }
            Step::Beats(at, beats) => self.beat(*at, *beats),
            Step::Happen => {
                let thing = Thing::new(What::NewKey, devices()[0].clone());
                self.alerts.handle_happened(&thing, self.now, self.now);
            }
            Step::Read(at) => {
                let number = self.alerts.alerts().get(*at).map(|alert| alert.number);
                if let Some(number) = number {
                    let by = PersonId(Uuid::from_u128(1));
                    self.alerts.handle_read(number, by, self.now);
                }
            }
            Step::Restart => self.restart(),
            Step::Roads(first, second) => self.roads = [*first, *second],
        }
    }

    fn beat(&mut self, at: usize, beats: Beats) {
        let thing = Thing::new(What::Device, devices()[at].clone());
        let known = self.alerts.standing(&thing, self.now).is_some();
        let was = self.beats[at];
        match beats {
            // It says good-bye, and falls silent, only while it is heard.
            Beats::Leaves(_) | Beats::Cut if was.0 != Beats::On || !known => return,
            Beats::On | Beats::Cut | Beats::Leaves(_) => {}
        }
        let mut sleeps = was.2;
        if let Beats::Leaves(how) = beats {
            sleeps |= how == Farewell::Sleep;
            self.alerts
                .handle_farewell(&devices()[at], how, self.now, self.now);
        }
        let since = if was.0 == beats { was.1 } else { self.now };
        self.beats[at] = (beats, since, sleeps);
        self.pass(1);
    }

    fn restart(&mut self) {
        let kept = serde_json::to_vec(self.alerts.state()).unwrap();
        self.alerts = Alerts::of(serde_json::from_slice(&kept).unwrap(), rules());
    }

    fn pass(&mut self, minutes: u64) {
        for _ in 0..minutes {
            self.now = self.now.after(MINUTE);
            self.minute();
        }
    }

    fn minute(&mut self) {
        for (at, who) in devices().into_iter().enumerate() {
            if self.beats[at].0 == Beats::On {
                let heard = Heard {
                    at: self.now,
                    word: Word::Well,
                    rhythm: Rhythm::Within(minutes(15)),
                };
                let thing = Thing::new(What::Device, who);
                self.alerts.handle_heard(&thing, &heard, self.now);
            }
        }
        while let Some(action) = self.alerts.poll_action(self.now) {
            self.send(action);
        }
        self.one_alert_about_one_thing();
        self.nothing_that_lasts_is_untold();
    }

    fn send(&mut self, action: Action) {
        let Action::Send {
            letter,
            slot,
            alerts,
        } = action;
        assert!(!alerts.is_empty());
        if rules().is_quiet(self.now) {
            let urgent = alerts.iter().all(|alert| alert.weight == Weight::Now);
            assert!(urgent, "a letter at night: {alerts:?}");
        }
        let Some(answer) = self.roads[usize::from(slot == Slot::Second)] else {
            return;
        };
        if answer == Answer::Taken {
            self.taken.push((self.now, slot));
            let day = self
                .taken
                .iter()
                .filter(|(at, road)| *road == slot && span::since(self.now, *at) < DAY);
            assert!(day.count() <= MOST_A_DAY);
            for alert in &alerts {
                assert!(
                    self.told.insert((alert.number, alert.rung, slot)),
                    "told twice: {alert:?}"
                );
            }
        }
        self.alerts.handle_answer(letter, answer, self.now);
    }

    fn one_alert_about_one_thing(&self) {
        let mut seen = BTreeSet::new();
        for alert in self.alerts.alerts() {
            if alert.ended.is_none() {
                assert!(seen.insert(&alert.thing), "two about {}", alert.thing);
            }
        }
    }

    fn nothing_that_lasts_is_untold(&self) {
        for (what, (word, since, left)) in &self.words {
            let bound = match word {
                Word::Well => continue,
                Word::Trouble => row(*what, Bad::Trouble).lasts,
                Word::Mending => HOUR + minutes(2) + row(*what, Bad::Trouble).lasts,
            };
            self.is_told(&Thing::here(*what), (*since, *left), bound);
        }
        for (at, who) in devices().into_iter().enumerate() {
            let (beats, since, sleeps) = self.beats[at];
            let bound = match beats {
                Beats::On => continue,
                Beats::Cut if !sleeps => minutes(15),
                Beats::Cut | Beats::Leaves(_) => 3 * DAY,
            };
            let heard = since.max(if bound < DAY { self.listening } else { since });
            let thing = Thing::new(What::Device, who);
            if self.alerts.standing(&thing, self.now).is_some() {
                self.is_told(&thing, (heard, since), bound.max(minutes(15)) + minutes(2));
            }
        }
    }

    fn is_told(&self, thing: &Thing, (since, left): (Wall, Wall), bound: Duration) {
        // After the hub was off it hears first, and tells then.
        let lasted = span::since(self.now, since);
        let heard = span::since(self.now, self.listening) > minutes(17);
        if !heard || lasted <= bound {
            return;
        }
        let found = |alert: &&crate::Alert| alert.thing == *thing && alert.ended.is_none();
        let told = self.alerts.alerts().iter().find(found);
        let told = told.unwrap_or_else(|| panic!("{thing} since {since:?}, now {:?}", self.now));
        // Whoever read it before it came back is told anew, after the longest doubt at the latest.
        let seen = span::since(self.now, since.max(self.listening));
        if seen > bound + minutes(4 * 60 + 20) {
            assert!(
                told.read.is_none_or(|read| read.at >= left),
                "{told:?} since {since:?}, {left:?}"
            );
        }
    }

    /// Nobody reads, nothing changes any more: what becomes of everything?
    fn end(&mut self, roads: [Reply; 2]) {
        self.roads = roads;
        self.alerts.handle_roads();
        self.pass(4 * 24 * 60);
        for alert in self.alerts.alerts() {
            let given = |leg| matches!(leg, crate::Leg::Given(_));
            let settled = !alert.waits()
                || alert.is_unsent()
                || given(alert.second)
                // It came up after the last night.
                || span::since(self.now, alert.rung) < 2 * DAY;
            assert!(settled, "{alert:?}");
        }
    }
}

/// By one road, whatever goes on and off.
const MOST_A_DAY: usize = 24;

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn weeks_keep_the_laws(
        begins in 0_i64..400,
        steps in prop::collection::vec(step(), 1..40),
        works in any::<[bool; 2]>(),
    ) {
        // From September 2026 on, over the night in which the clock goes back.
        let mut world = World::at(Wall((1_789_000_000 + begins * 36_000) * 1_000_000_000));
        for step in &steps {
            world.do_step(step);
        }
        let roads = works.map(|works| Some(if works {
            Answer::Taken
        } else {
            Answer::NotTaken(Why::Road(Trouble::LoginRefused))
        }));
        world.end(roads);
    }

    #[test]
    fn whatever_flaps_letters_stay_few(
        pause in 1_u64..200,
        bad in 1_u64..200,
        reads in any::<bool>(),
    ) {
        let mut world = World::at(Wall(1_795_510_800_000_000_000));
        while span::since(world.now, Wall(1_795_510_800_000_000_000)) < 3 * DAY {
            for at in 0..LOOKED.len() {
                world.do_step(&Step::Say(at, Word::Trouble));
            }
            world.pass(bad);
            for at in 0..LOOKED.len() {
                if reads {
                    world.do_step(&Step::Read(at));
                }
                world.do_step(&Step::Say(at, Word::Well));
            }
            world.pass(pause);
        }
    }
}
