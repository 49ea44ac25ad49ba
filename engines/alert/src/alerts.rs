//! The machine: fed words, happenings, readings and answers; asked when to wake it and what to do.

use std::{collections::BTreeSet, time::Duration};

use hygie_model::{PersonId, Wall, letter::Slot};
use serde::{Deserialize, Serialize};

use crate::{
    alert::{Alert, Leg, Number, Read},
    course::Course,
    duty::{Duty, Farewell, Heard, Known, Standing},
    letters::{Answer, IN_ONE, Letter, LetterId, Why},
    quiet::Rules,
    roads::{Pace, Road},
    span::{self, DAY, MINUTE, minutes},
    thing::{Bad, Thing, What, Who},
    urgency::{CALM, LONGEST_DOUBT, SAME, Weight, row},
};

/// All that a restart must not lose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    duties: Vec<Duty>,
    alerts: Vec<Alert>,
    letters: Vec<Letter>,
    first: Road,
    second: Road,
    next_alert: u64,
    next_letter: u64,
    looked: Option<Wall>,
    listening: Option<Wall>,
    gaps: Vec<Gap>,
}

/// A time in which nobody looked: the hub was off, or asleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// When it last looked.
    pub from: Wall,
    /// When it looked again.
    pub to: Wall,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Hand a letter about these to that road, and say what came of it.
    Send {
        /// Which letter.
        letter: LetterId,
        /// Which road.
        slot: Slot,
        /// What it tells, the most urgent first.
        alerts: Vec<Alert>,
    },
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Alerts {
    state: State,
    rules: Rules,
    changed: BTreeSet<Number>,
}

impl Alerts {
    /// Goes on where it was.
    #[must_use]
    pub const fn of(state: State, rules: Rules) -> Self {
        Self {
            state,
            rules,
            changed: BTreeSet::new(),
        }
    }

    /// What to keep.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What is not read, or may still come back.
    #[must_use]
    pub fn alerts(&self) -> &[Alert] {
        &self.state.alerts
    }

    /// When nobody looked, the newest last.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.state.gaps
    }

    /// The alerts that are other than they were kept, those that are over first.
    pub fn changed(&mut self) -> Vec<Alert> {
        let changed = std::mem::take(&mut self.changed);
        let mut alerts: Vec<Alert> = self.state.alerts.clone();
        alerts.retain(|alert| changed.contains(&alert.number));
        alerts.sort_by_key(|alert| (alert.ended.is_none(), alert.number));
        alerts
    }

    /// How a duty stands; `None` for one of which nothing was ever heard.
    #[must_use]
    pub fn standing(&self, thing: &Thing, now: Wall) -> Option<Standing> {
        let duty = self.state.duties.iter().find(|duty| duty.thing == *thing)?;
        Some(self.stands(duty, now))
    }

    /// A duty gave word.
    pub fn handle_heard(&mut self, thing: &Thing, heard: &Heard, now: Wall) {
        let heard = Heard {
            at: heard.at.min(now),
            ..heard.clone()
        };
        match self.duty(thing) {
            Some(duty) => duty.hear(&heard),
            None => self.state.duties.push(Duty::new(thing.clone(), &heard)),
        }
    }

    /// A device said that it will not be heard.
    pub fn handle_farewell(&mut self, who: &Who, how: Farewell, at: Wall, now: Wall) {
        let thing = Thing::new(What::Device, who.clone());
        if let Some(duty) = self.duty(&thing) {
            duty.leave(how, at.min(now));
        }
    }

    /// Nobody has this duty any more, or what it was about is settled.
    pub fn handle_gone(&mut self, thing: &Thing, now: Wall) {
        self.state.duties.retain(|duty| duty.thing != *thing);
        for alert in &mut self.state.alerts {
            if alert.thing == *thing && alert.ended.is_none() {
                alert.ended = Some(now);
                self.changed.insert(alert.number);
            }
        }
    }

    /// All duties of this kind that are known.
    pub fn known(&self, what: What) -> impl Iterator<Item = &Thing> {
        let things = self.state.duties.iter().map(|duty| &duty.thing);
        things.filter(move |thing| thing.what == what)
    }

    /// Something happened that is not over by itself.
    pub fn handle_happened(&mut self, thing: &Thing, at: Wall, now: Wall) {
        let at = at.min(now);
        let open = |alert: &&mut Alert| alert.thing == *thing && alert.waits();
        if let Some(alert) = self.state.alerts.iter_mut().find(open) {
            alert.times = alert.times.saturating_add(1);
            alert.last = alert.last.max(at);
            self.changed.insert(alert.number);
            return;
        }
        self.raise(thing, Bad::Trouble, (at, at, 1), now);
    }

    /// A person read an alert; whether she was the first.
    pub fn handle_read(&mut self, number: Number, by: PersonId, now: Wall) -> bool {
        let found = |alert: &&mut Alert| alert.number == number;
        let Some(alert) = self.state.alerts.iter_mut().find(found) else {
            return false;
        };
        if alert.read.is_some() {
            return false;
        }
        alert.read = Some(Read { at: now, by });
        if alert.thing.what.happens() {
            alert.ended = Some(now);
        }
        self.changed.insert(number);
        true
    }

    /// What came of a letter.
    pub fn handle_answer(&mut self, letter: LetterId, answer: Answer, now: Wall) {
        let under_way = |it: &Letter| it.id == letter;
        let Some(at) = self.state.letters.iter().position(under_way) else {
            return;
        };
        let letter = self.state.letters.remove(at);
        let road = self.road(letter.slot);
        let leg = match answer {
            Answer::Taken => {
                road.took(letter.pace, now);
                Leg::Given(now)
            }
            Answer::NotTaken(why) => {
                if !road.refused(why, now) {
                    return;
                }
                Leg::Unsent(now, why)
            }
        };
        for alert in &mut self.state.alerts {
            if letter.alerts.contains(&alert.number) {
                let own = alert.leg_mut(letter.slot);
                // It is told since when it could not be sent, not when it was last tried.
                let stays =
                    matches!((*own, leg), (Leg::Unsent(_, was), Leg::Unsent(_, is)) if was == is);
                if !stays {
                    *own = leg;
                    // The second one was tried for want of the first: it has its time again.
                    if letter.slot == Slot::First
                        && answer == Answer::Taken
                        && matches!(alert.second, Leg::Unsent(..))
                    {
                        alert.second = Leg::Waits;
                    }
                    self.changed.insert(alert.number);
                }
            }
        }
    }

    /// Somebody changed where the roads lead: what could not be sent is tried at once.
    pub fn handle_roads(&mut self) {
        self.state.first.changed();
        self.state.second.changed();
    }

    /// When to look again: within a minute, for the hub proves by it that it listens.
    #[must_use]
    pub fn poll_timeout(&self, now: Wall) -> Wall {
        self.state.looked.map_or(now, |at| at.after(MINUTE))
    }

    /// What to do. Asked until there is nothing.
    pub fn poll_action(&mut self, now: Wall) -> Option<Action> {
        self.look(now);
        Slot::ALL
            .into_iter()
            .find_map(|slot| self.letter(slot, now))
    }

    fn look(&mut self, now: Wall) {
        self.notice_gap(now);
        let attack = self.is_attack(now);
        let listening = self.state.listening.unwrap_or(now);
        for at in 0..self.state.duties.len() {
            let duty = &self.state.duties[at];
            let standing = duty.standing(self.device_of(duty, now), listening, now);
            let known = duty.known(standing, listening, now);
            let duty = &mut self.state.duties[at];
            duty.course.see(known, now);
            let (thing, course) = (duty.thing.clone(), duty.course.clone());
            if known != Known::Open {
                self.judge(&thing, &course, attack, now);
            }
        }
        self.forget(now);
    }

    /// A hub that did not look heard nobody; what it missed is not the others' silence.
    fn notice_gap(&mut self, now: Wall) {
        let state = &mut self.state;
        match state.looked {
            Some(from) if span::since(now, from) > GAP => {
                if state.gaps.len() == GAPS {
                    state.gaps.remove(0);
                }
                state.gaps.push(Gap { from, to: now });
                state.listening = Some(now);
            }
            Some(_) => {}
            None => state.listening = Some(now),
        }
        state.looked = Some(now);
    }

    /// A stopped program waits: what is lost now cannot wait for the morning.
    fn is_attack(&self, now: Wall) -> bool {
        self.state.alerts.iter().any(|alert| {
            alert.thing.what == What::Incident
                && alert.ended.is_none()
                && span::since(now, alert.raised) < DAY
        })
    }

    fn judge(&mut self, thing: &Thing, course: &Course, attack: bool, now: Wall) {
        let is_same = |alert: &&mut Alert| {
            let lately = |ended| span::since(now, ended) < SAME;
            alert.thing == *thing && alert.ended.is_none_or(lately)
        };
        let alert = self.state.alerts.iter_mut().rev().find(is_same);
        match (course.bad, alert) {
            (None, None) => {}
            (None, Some(alert)) => {
                let calm = course
                    .well
                    .filter(|well| span::since(now, *well) >= calm(thing));
                if let (Some(well), None) = (calm, alert.ended) {
                    alert.ended = Some(well);
                    self.changed.insert(alert.number);
                }
            }
            (Some((bad, since)), Some(alert)) => {
                if goes_on(alert, course, (bad, since), attack, now) {
                    self.changed.insert(alert.number);
                }
            }
            (Some((bad, since)), None) => {
                let lasts = span::since(now, since) >= row(thing.what, bad).lasts;
                if lasts || course.flaps() {
                    let count = u32::try_from(course.onsets.len()).unwrap_or(u32::MAX);
                    let began = course.onsets.first().copied().unwrap_or(since);
                    let last = course.onsets.last().copied().unwrap_or(since);
                    let told = (since.min(began), last, count.max(1));
                    self.raise(thing, bad, told, now);
                }
            }
        }
    }

    fn raise(&mut self, thing: &Thing, bad: Bad, told: (Wall, Wall, u32), now: Wall) {
        let (since, last, times) = told;
        let number = Number(self.state.next_alert);
        self.state.next_alert += 1;
        let weight = weight(thing, bad, self.is_attack(now));
        self.changed.insert(number);
        self.state.alerts.push(Alert {
            number,
            thing: thing.clone(),
            bad,
            weight,
            since,
            raised: now,
            rung: now,
            times,
            last,
            ended: None,
            read: None,
            first: Leg::Waits,
            second: Leg::Waits,
            rings: 0,
        });
    }

    /// What is read and cannot come back as the same is not needed any more; nor is, of very many, what is long over.
    fn forget(&mut self, now: Wall) {
        let alerts = &mut self.state.alerts;
        alerts.retain(|alert| {
            let long_over = alert.ended.is_some_and(|at| span::since(now, at) >= SAME);
            !(alert.read.is_some() && long_over)
        });
        while alerts.len() > MOST {
            let Some(at) = alerts.iter().position(|alert| alert.ended.is_some()) else {
                return;
            };
            alerts.remove(at);
        }
    }

    fn letter(&mut self, slot: Slot, now: Wall) -> Option<Action> {
        if let Some(at) = self.state.letters.iter().position(|it| it.slot == slot) {
            return self.again(at, now);
        }
        let road = match slot {
            Slot::First => &self.state.first,
            Slot::Second => &self.state.second,
        };
        let (for_urgent, for_usual) = (
            road.is_open(Pace::Urgent, now),
            road.is_open(Pace::Usual, now),
        );
        let mut urgent = self.due(slot, Pace::Urgent, now);
        urgent.retain(|_| for_urgent);
        let goes_with = !urgent.is_empty() || for_usual;
        let mut usual = self.due(slot, Pace::Usual, now);
        usual.retain(|_| goes_with);
        let pace = if urgent.is_empty() {
            Pace::Usual
        } else {
            Pace::Urgent
        };
        let alerts: Vec<Number> = urgent.into_iter().chain(usual).take(IN_ONE).collect();
        if alerts.is_empty() {
            return None;
        }
        let id = LetterId(self.state.next_letter);
        self.state.next_letter += 1;
        let letter = Letter {
            id,
            slot,
            pace,
            alerts,
            asked: now,
            asks: 1,
        };
        let action = self.send(&letter);
        self.state.letters.push(letter);
        Some(action)
    }

    fn due(&self, slot: Slot, pace: Pace, now: Wall) -> Vec<Number> {
        let is_due = |alert: &&Alert| alert.pace() == pace && alert.is_due(slot, &self.rules, now);
        let alerts = self.state.alerts.iter().filter(is_due);
        alerts.map(|alert| alert.number).collect()
    }

    /// One whose answer nobody heard: the same again, or given up.
    fn again(&mut self, at: usize, now: Wall) -> Option<Action> {
        let letter = &mut self.state.letters[at];
        if !letter.is_lost(now) {
            return None;
        }
        let waits =
            |alert: &Alert| alert.pace() == Pace::Usual && letter.alerts.contains(&alert.number);
        if self.rules.is_quiet(now) && self.state.alerts.iter().any(waits) {
            // It would come at night: what can wait goes with the morning's.
            let slot = self.state.letters.remove(at).slot;
            return self.letter(slot, now);
        }
        if letter.is_given_up() {
            let (id, slot) = (letter.id, letter.slot);
            self.handle_answer(id, Answer::NotTaken(Why::PostSilent), now);
            return self.letter(slot, now);
        }
        letter.asks += 1;
        letter.asked = now;
        let letter = letter.clone();
        Some(self.send(&letter))
    }

    fn send(&self, letter: &Letter) -> Action {
        let alerts = letter.alerts.iter().filter_map(|number| {
            let found = |alert: &&Alert| alert.number == *number;
            self.state.alerts.iter().find(found).cloned()
        });
        Action::Send {
            letter: letter.id,
            slot: letter.slot,
            alerts: alerts.collect(),
        }
    }

    fn duty(&mut self, thing: &Thing) -> Option<&mut Duty> {
        let duties = self.state.duties.iter_mut();
        duties.into_iter().find(|duty| duty.thing == *thing)
    }

    fn road(&mut self, slot: Slot) -> &mut Road {
        match slot {
            Slot::First => &mut self.state.first,
            Slot::Second => &mut self.state.second,
        }
    }

    fn stands(&self, duty: &Duty, now: Wall) -> Standing {
        let listening = self.state.listening.unwrap_or(now);
        duty.standing(self.device_of(duty, now), listening, now)
    }

    /// How the device stands that a duty goes with.
    fn device_of(&self, duty: &Duty, now: Wall) -> Option<Standing> {
        let device = Thing::new(What::Device, duty.with()?.clone());
        let found = self.state.duties.iter().find(|duty| duty.thing == device)?;
        Some(found.standing(None, self.state.listening.unwrap_or(now), now))
    }
}

/// An open alert whose thing is bad, or one that was over and came back: whether it is told otherwise now.
fn goes_on(
    alert: &mut Alert,
    course: &Course,
    (bad, since): (Bad, Wall),
    attack: bool,
    now: Wall,
) -> bool {
    let before = alert.clone();
    alert.bad = bad;
    alert.ended = None;
    alert.weight = alert.weight.max(weight(&alert.thing, bad, attack));
    let new = course.onsets.iter().filter(|at| **at > alert.last).count();
    alert.times = alert
        .times
        .saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
    alert.last = course
        .onsets
        .last()
        .copied()
        .unwrap_or(since)
        .max(alert.last);
    let lasts = row(alert.thing.what, bad).lasts;
    let doubt = span::doubled(lasts.max(CALM), alert.rings, LONGEST_DOUBT.max(lasts));
    if alert.read.is_some_and(|read| read.at < alert.last)
        && span::since(now, alert.last.max(since)) >= doubt
    {
        alert.ring(now);
    }
    *alert != before
}

/// A lost protection is more while somebody attacks.
fn weight(thing: &Thing, bad: Bad, attack: bool) -> Weight {
    if attack && thing.what == What::Guard {
        return Weight::Now;
    }
    row(thing.what, bad).weight
}

/// What is settled by a person is over at once.
const fn calm(thing: &Thing) -> Duration {
    match thing.what {
        What::Incident | What::Recovery => Duration::ZERO,
        What::Guard
        | What::Points
        | What::Device
        | What::NewPerson
        | What::NewKey
        | What::Guessing
        | What::Post
        | What::Signer
        | What::Database
        | What::Journal
        | What::Disk
        | What::Certificate
        | What::Copies => CALM,
    }
}

/// A hub that looks each minute was off when so long passed.
const GAP: Duration = minutes(5);
/// Of those the newest are remembered.
const GAPS: usize = 16;
/// Alerts that are remembered; what is open is never let go.
const MOST: usize = 400;
