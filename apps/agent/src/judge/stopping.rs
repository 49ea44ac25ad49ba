//! Stops a family, writes it down, tells it; and does with stopped ones what people want.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, SyncSender},
    },
    time::{Duration, Instant},
};

use hygie_acts as acts;
use hygie_guard::harm::{self, Class, FamilyId, Suspicion, Twin};
use hygie_model::{FileId, IncidentState, Mono, UpEvent};
use hygie_platform::{
    clock,
    linux::{
        halt::{Halt, has_ended},
        kin::ProcessId,
        process,
    },
};

use super::{
    Deeds, Judge,
    people::{self, People, Person},
};
use crate::{
    config::Attackers,
    guard::{Board, Fact, Inbox, Keeper, Work},
    incidents::{Wish, group_word, opening, reasons, tell, to_rule},
};

/// Processes that are stopped: what they wait for in the kernel is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Halted(Arc<(AtomicBool, Mutex<HashSet<u32>>)>);

impl Halted {
    /// Whether a thread is one of a stopped process. Costs nothing while nobody is stopped.
    pub(crate) fn holds(&self, thread: i32) -> bool {
        if !self.0.0.load(Ordering::Acquire) {
            return false;
        }
        let set = self.0.1.lock().unwrap_or_else(PoisonError::into_inner);
        process::of_thread(thread).is_some_and(|process| set.contains(&process))
    }

    fn change(&self, act: impl FnOnce(&mut HashSet<u32>)) {
        let mut set = self.0.1.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut set);
        self.0.0.store(!set.is_empty(), Ordering::Release);
    }
}

/// What the judge needs of the guard.
pub(crate) struct Stopper {
    pub(crate) halted: Halted,
    pub(crate) inbox: Inbox,
    pub(crate) store: Sender<Work>,
    pub(crate) board: Board,
    pub(crate) keeper: Keeper,
    /// Processes of Hygie's.
    pub(crate) guards: Vec<u32>,
    /// Whether it is to stop anybody.
    pub(crate) attackers: Attackers,
}

/// Families that are stopped.
pub(super) struct Stopping {
    halt: Halt,
    stopper: Stopper,
    /// The first process of each family that the engine numbered.
    lines: HashMap<FamilyId, ProcessId>,
    /// Those of which nobody is left.
    ended: HashSet<ProcessId>,
    /// Open incidents whose families are stopped.
    open: HashMap<u64, Open>,
    rules: HashMap<acts::AllowedId, harm::RuleId>,
    ending: Vec<Ending>,
}

/// Families that were killed. What they had open is closed with them, and each close is a state of theirs that an undo
/// must know of.
struct Ending {
    families: Vec<u64>,
    /// Whether the kernel has told all that they did.
    told: Told,
    until: Mono,
    done: SyncSender<()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    All,
    Some,
}

struct Open {
    lines: Vec<ProcessId>,
    members: HashSet<ProcessId>,
}

impl Stopping {
    pub(super) fn new(stopper: Stopper) -> Self {
        Self {
            halt: Halt::sparing(&stopper.guards),
            stopper,
            lines: HashMap::new(),
            ended: HashSet::new(),
            open: HashMap::new(),
            rules: HashMap::new(),
            ending: Vec::new(),
        }
    }

    pub(super) fn knows(&mut self, family: FamilyId, line: ProcessId) {
        self.lines.insert(family, line);
    }

    pub(super) fn has_ended(&mut self, line: ProcessId) {
        self.ended.insert(line);
    }

    /// Forgets families of which nobody is left and that `keep` does not name.
    pub(super) fn forget(&mut self, keep: impl Fn(FamilyId) -> bool) {
        if self.ended.is_empty() {
            return;
        }
        let ended = &self.ended;
        self.lines
            .retain(|family, line| !ended.contains(line) || keep(*family));
        let left: HashSet<ProcessId> = self.lines.values().copied().collect();
        self.ended.retain(|line| left.contains(line));
    }

    pub(super) fn line(&self, family: FamilyId) -> Option<ProcessId> {
        self.lines.get(&family).copied()
    }

    /// Whether one of these files has a name and rests as its newest version.
    pub(super) fn stand(&self, files: Vec<FileId>) -> Twin {
        self.stopper.inbox.stand(files)
    }

    /// Whether whoever harms is stopped.
    pub(super) fn stops(&self) -> bool {
        self.stopper.attackers == Attackers::Stop
    }

    /// Worth a line in the journal.
    pub(super) fn note(&self, suspicion: &Suspicion) {
        self.stopper.keeper.tell(
            Fact::Suspected,
            [
                ("group", group_word(suspicion.group).into()),
                ("score", suspicion.score.into()),
                ("bound", suspicion.bound.into()),
                (
                    "reasons",
                    serde_json::to_value(reasons(suspicion)).unwrap_or_default(),
                ),
            ],
        );
    }

    /// Stops all that lives of these families; gives those who were not stopped before.
    fn halt(&self, people: &mut People, lines: &[ProcessId]) -> Vec<ProcessId> {
        let mut reached = Vec::new();
        for line in lines {
            let outcome = self.halt.stop(AT_ONCE, || {
                people.hear(clock::mono());
                people.members(*line)
            });
            reached.extend(outcome.reached);
        }
        self.stopper
            .halted
            .change(|set| set.extend(reached.iter().map(|member| member.pid)));
        self.stopper.inbox.halted();
        reached
    }

    /// The kernel has told all that it had to tell.
    pub(super) fn drained(&mut self) {
        for ending in &mut self.ending {
            ending.told = Told::All;
        }
    }

    fn announce(&self, id: u64, state: IncidentState) {
        self.stopper.board.incident(UpEvent::Incident {
            at: clock::wall(),
            id,
            state,
        });
    }
}

impl Judge {
    /// What an earlier guard of this run of the machine had stopped stays so; what people allowed counts.
    pub(super) fn take_up(&mut self) {
        let (wall, now) = (clock::wall(), clock::mono());
        for incident in self.incidents.still_stopped().unwrap_or_default() {
            self.open(incident.id, &incident.opening.families);
        }
        for allowed in self.incidents.allowed(wall).unwrap_or_default() {
            self.allow(&allowed, now);
        }
        self.look_after_the_stopped();
    }

    fn open(&mut self, incident: u64, families: &[u64]) {
        let lines = families.iter().map(|number| people::first(*number));
        let open = Open {
            lines: lines.collect(),
            members: HashSet::new(),
        };
        self.stopping.open.insert(incident, open);
    }

    /// A family that was let go; where nobody of it is left, that is told.
    fn stop_again(&mut self, incident: u64, families: &[u64]) {
        self.open(incident, families);
        self.look_after_the_stopped();
    }

    /// The engine is sure. Stopped first and then written down, because each millisecond is a file; a guard that is
    /// killed in between leaves stopped processes, which do nothing.
    pub(super) fn stop(&mut self, suspicion: &Suspicion) {
        let lines = self.lines(&suspicion.families);
        let reached = self.stopping.halt(&mut self.people, &lines);
        let mut touched = HashSet::new();
        let mut sum = Deeds::default();
        for family in &suspicion.families {
            let Some(deeds) = self.deeds.get(family) else {
                continue;
            };
            touched.extend(deeds.files.iter().copied());
            sum.first = sum.first.min(deeds.first).or(sum.first).or(deeds.first);
            sum.counts.changed += deeds.counts.changed;
            sum.counts.deleted += deeds.counts.deleted;
            sum.counts.renamed += deeds.counts.renamed;
            sum.counts.made += deeds.counts.made;
            for (hand, done) in &deeds.hands {
                *sum.hands.entry(*hand).or_default() += done;
            }
        }
        let stopped_at = clock::wall();
        let members = the_harmful_first(self.members(&reached), &sum.hands);
        let harm = (sum.first.unwrap_or(stopped_at), stopped_at);
        let boot = self.incidents.boot();
        let opening = acts::Opening {
            families: lines.iter().map(|line| people::number(*line)).collect(),
            ..opening(suspicion, boot, members, harm, sum.counts)
        };
        let programs: Vec<String> = opening.members.iter().map(|one| one.exe.clone()).collect();
        match self.incidents.begin(opening, touched) {
            Ok(incident) => {
                self.stopping.open.insert(
                    incident.id,
                    Open {
                        lines,
                        members: reached.into_iter().collect(),
                    },
                );
                let stopper = &self.stopping.stopper;
                tell(&stopper.board, &stopper.keeper, &incident, stopped_at);
                let incidents = self.incidents.clone();
                let told = std::thread::Builder::new()
                    .name("hygie-notice".into())
                    .spawn(move || incidents.tell_people(&incident));
                drop(told);
            }
            // It is stopped all the same; the journal has it where it can be written.
            Err(error) => self.stopping.stopper.keeper.tell(
                Fact::IncidentStopped,
                [
                    ("programs", programs.into()),
                    ("unwritten", error.to_string().into()),
                ],
            ),
        }
    }

    fn members(&mut self, reached: &[ProcessId]) -> Vec<acts::Member> {
        let mut members = Vec::new();
        for one in reached {
            let Ok(thread) = i32::try_from(one.pid) else {
                continue;
            };
            if let Some(person) = self.people.who(thread) {
                members.push(member(&person, process::command(thread)));
            }
        }
        members
    }

    /// Stops newcomers of stopped families, and notes families of which nobody is left.
    pub(super) fn look_after_the_stopped(&mut self) {
        let ids: Vec<u64> = self.stopping.open.keys().copied().collect();
        for id in ids {
            let Some(lines) = self.stopping.open.get(&id).map(|open| open.lines.clone()) else {
                continue;
            };
            let living: HashSet<ProcessId> = lines
                .iter()
                .flat_map(|line| self.people.members(*line))
                .collect();
            if living.is_empty() {
                self.over(id);
                continue;
            }
            let known = self.stopping.open.get(&id).map(|open| &open.members);
            if known.is_some_and(|known| living.is_subset(known)) {
                continue;
            }
            let reached = self.stopping.halt(&mut self.people, &lines);
            if let Some(open) = self.stopping.open.get_mut(&id) {
                open.members.extend(reached);
            }
        }
    }

    /// Nobody of an incident's families is left.
    fn over(&mut self, id: u64) {
        let Some(open) = self.stopping.open.remove(&id) else {
            return;
        };
        self.thaw(&open);
        if self.incidents.ended(id, clock::wall()).is_ok() {
            self.stopping
                .stopper
                .keeper
                .tell(Fact::IncidentEnded, [("incident", id.into())]);
            self.stopping.announce(id, IncidentState::EndedEvidenceKept);
        }
    }

    fn thaw(&self, open: &Open) {
        self.stopping.stopper.halted.change(|set| {
            for member in &open.members {
                set.remove(&member.pid);
            }
        });
    }

    /// Does what people asked for.
    pub(super) fn grant_wishes(&mut self, now: Mono) {
        for wish in self.incidents.wishes() {
            match wish {
                Wish::End {
                    incident,
                    families,
                    members,
                    done,
                } => {
                    let members = members.iter().map(|member| ProcessId {
                        pid: member.pid,
                        started: member.started,
                    });
                    self.end(&families, members.collect());
                    if let Some(open) = self.stopping.open.remove(&incident) {
                        self.thaw(&open);
                    }
                    self.stopping.ending.push(Ending {
                        families,
                        told: Told::Some,
                        until: now.after(ENDING),
                        done,
                    });
                    // What a process had open is closed before its death is told.
                    self.stopping.stopper.inbox.drain();
                }
                Wish::Settle { families } => {
                    let families = self.numbered(&families);
                    self.harm.settle(&families);
                }
                Wish::LetGo { incident, families } => {
                    let families = self.numbered(&families);
                    self.harm.forgive(&families);
                    if let Some(open) = self.stopping.open.remove(&incident) {
                        self.thaw(&open);
                        let members: Vec<_> = open.members.into_iter().collect();
                        let _gone_by_now = self.stopping.halt.resume(&members);
                    }
                }
                Wish::Stop { incident, families } => self.stop_again(incident, &families),
                Wish::Allow(allowed) => self.allow(&allowed, now),
                Wish::Revoke(id) => {
                    if let Some(rule) = self.stopping.rules.remove(&id) {
                        self.harm.revoke(rule);
                    }
                }
            }
        }
    }

    /// Says that families are over, once the copies of what they closed last are known, and in the store.
    pub(super) fn say_who_is_over(&mut self, now: Mono) {
        let pairs = &self.pairs;
        let store = &self.stopping.stopper.store;
        self.stopping.ending.retain(|ending| {
            let owes = ending.told == Told::Some
                || pairs.owes(|who| ending.families.contains(&people::number(who.family)));
            let waits = owes && now < ending.until;
            if !waits {
                // Whoever asked has given up by now, or hears it.
                let _ = store.send(Work::Flush(ending.done.clone()));
            }
            waits
        });
    }

    fn allow(&mut self, allowed: &acts::Allowed, now: Mono) {
        let rule = to_rule(allowed, clock::wall(), now);
        if let Some(Ok(rule)) = rule.map(|rule| self.harm.allow(rule, now)) {
            self.stopping.rules.insert(allowed.id, rule);
        }
    }

    /// Kills every member until none is left, and waits for the end of each: one that sleeps in a held call dies when
    /// that is refused.
    fn end(&mut self, families: &[u64], mut dying: HashSet<ProcessId>) {
        let lines: Vec<ProcessId> = families.iter().map(|one| people::first(*one)).collect();
        let until = Instant::now() + ENDING;
        loop {
            self.people.hear(clock::mono());
            let living: Vec<ProcessId> = lines
                .iter()
                .flat_map(|line| self.people.members(*line))
                .collect();
            dying.extend(living.iter().copied());
            dying.retain(|member| !has_ended(*member));
            if (living.is_empty() && dying.is_empty()) || Instant::now() >= until {
                return;
            }
            let _looked_at_again = self.stopping.halt.end(&living);
            self.stopping.stopper.inbox.halted();
            std::thread::sleep(BETWEEN_KILLS);
        }
    }

    fn numbered(&self, families: &[u64]) -> Vec<FamilyId> {
        let wanted: HashSet<ProcessId> = families.iter().map(|one| people::first(*one)).collect();
        let lines = self.stopping.lines.iter();
        lines
            .filter(|(_, line)| wanted.contains(*line))
            .map(|(family, _)| *family)
            .collect()
    }
}

/// The program that people are told of is the first: who did most with its own hands, and among those of whom nothing is
/// known (their children did it, and are gone) what is no mere helper of the system's, such as `timeout` or `nice`.
fn the_harmful_first(
    mut members: Vec<acts::Member>,
    hands: &HashMap<ProcessId, u64>,
) -> Vec<acts::Member> {
    members.sort_by_cached_key(|member| {
        let process = ProcessId {
            pid: member.pid,
            started: member.started,
        };
        let weight = match (member.class, &member.script) {
            (acts::Class::Unknown, _) | (acts::Class::Interpreter, Some(_)) => 0,
            (acts::Class::Archiver, _) => 1,
            (acts::Class::Interpreter, None) => 2,
            (acts::Class::Packaged, _) => 3,
        };
        (Reverse(hands.get(&process).copied().unwrap_or(0)), weight)
    });
    members
}

fn member(person: &Person, command: String) -> acts::Member {
    let program = person.process.program;
    acts::Member {
        pid: person.who.pid,
        started: person.who.started,
        uid: person.process.person.0,
        exe: person.exe.clone(),
        command,
        program: format!("{:032x}", program.id.0),
        class: match program.class {
            Class::Packaged => acts::Class::Packaged,
            Class::Interpreter => acts::Class::Interpreter,
            Class::Archiver => acts::Class::Archiver,
            Class::Unknown => acts::Class::Unknown,
        },
        script: program.script.map(|script| format!("{:032x}", script.0)),
        fate: acts::Fate::Frozen,
    }
}

/// How long a stop may take before the judge goes on listening; newcomers are looked for again and again.
const AT_ONCE: Duration = Duration::from_millis(300);
const ENDING: Duration = Duration::from_secs(10);
const BETWEEN_KILLS: Duration = Duration::from_millis(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn one(pid: u32, class: acts::Class, script: Option<&str>) -> acts::Member {
        acts::Member {
            pid,
            started: u64::from(pid),
            uid: 1000,
            exe: String::new(),
            command: String::new(),
            program: String::new(),
            class,
            script: script.map(str::to_owned),
            fate: acts::Fate::Frozen,
        }
    }

    #[test]
    fn who_did_it_is_named_and_not_who_started_it() {
        let family = vec![
            one(1, acts::Class::Packaged, None),
            one(2, acts::Class::Interpreter, Some("abc")),
            one(3, acts::Class::Archiver, None),
            one(4, acts::Class::Interpreter, None),
        ];
        let order = |hands: &[(u32, u64)]| -> Vec<u32> {
            let done = |(pid, done): &(u32, u64)| {
                let process = ProcessId {
                    pid: *pid,
                    started: u64::from(*pid),
                };
                (process, *done)
            };
            let hands = hands.iter().map(done).collect();
            let named = the_harmful_first(family.clone(), &hands);
            named.iter().map(|member| member.pid).collect()
        };
        // Its children did it, and are gone: the script is named, not `timeout`.
        assert_eq!(order(&[(99, 7)]), [2, 3, 4, 1]);
        // A trusted program that did most itself is named all the same.
        assert_eq!(order(&[(1, 7), (3, 2)]), [1, 3, 2, 4]);
    }
}
