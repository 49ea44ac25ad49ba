//! The law as a machine: no program changes a state before a copy of it is safe.
//!
//! A file rests under a lease (or under the wide hold) once its state is kept. A writer breaks the
//! lease: the file gets a mark of its own and a link, then the writer goes on. Each close is a new
//! state and is copied at once; when nobody writes any more a lease is granted and the file rests.

mod outcome;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use hygie_model::{FileId, Mono};

use crate::{
    file::{FileState, Motion, Names, Waiting},
    words::{
        Action, Ask, Found, Hold, Intent, Leased, Opening, Refusal, Seen, Standing, Told, Urgency,
        Verdict,
    },
};

/// What the machine allows.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Every held call is answered within this time.
    pub bound: Duration,
    /// How many leases may be held at once.
    pub leases: usize,
}

/// How many files, and how many of them are covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files known.
    pub files: u64,
    /// Files whose last state has a copy.
    pub kept: u64,
    /// Leases held.
    pub leases: usize,
}

/// The machine.
#[derive(Debug)]
pub struct Law {
    limits: Limits,
    files: HashMap<FileId, FileState>,
    actions: VecDeque<Action>,
    /// Leased files, the longest held first; may name files that are leased no more.
    leased: VecDeque<FileId>,
    leases: usize,
    kept: u64,
    deadlines: BTreeSet<(Mono, Deadline)>,
    asked: BTreeMap<Ask, FileId>,
    room: Room,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deadline {
    Answer(FileId),
    Break(FileId),
    Settle(FileId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Enough,
    None,
}

impl Law {
    /// A machine that knows no file yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            files: HashMap::new(),
            actions: VecDeque::new(),
            leased: VecDeque::new(),
            leases: 0,
            kept: 0,
            deadlines: BTreeSet::new(),
            asked: BTreeMap::new(),
            room: Room::Enough,
        }
    }

    /// What to do next.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When to call [`Law::handle_timeout`] at the latest.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// How far things are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            files: self.files.len() as u64,
            kept: self.kept,
            leases: self.leases,
        }
    }

    /// Whether this file is known.
    #[must_use]
    pub fn knows(&self, file: FileId) -> bool {
        self.files.contains_key(&file)
    }

    /// Whether the content of this very moment has a copy, as far as the law knows.
    #[must_use]
    pub fn is_safe(&self, file: FileId) -> bool {
        self.files.get(&file).is_some_and(FileState::is_safe)
    }

    /// A file was found in a protected folder: by the first walk, by a name event, or because
    /// somebody opens it. `hold` is what already holds it; one that is not kept has its link.
    pub fn handle_found(&mut self, file: FileId, found: Found, hold: Hold, now: Mono) {
        if self.files.contains_key(&file) {
            return;
        }
        let mut entry = FileState::new(hold);
        match found {
            Found::Kept => entry.kept = Some(entry.state),
            Found::NotKept => entry.linked = true,
            Found::Open => {
                entry.linked = true;
                entry.motion = Motion::Flux;
                entry.told = true;
                self.actions.push_back(Action::Tell(Told::OpenBefore(file)));
            }
            // Emptiness is a state that needs no copy to come back.
            Found::New => {
                entry.kept = Some(entry.state);
                entry.motion = Motion::Flux;
            }
        }
        self.kept += u64::from(entry.is_kept());
        if hold == Hold::Leased {
            self.leases += 1;
            self.leased.push_back(file);
        }
        self.files.insert(file, entry);
        match found {
            Found::Kept => self.rest(file),
            Found::NotKept => {
                if hold == Hold::Bare {
                    self.mark(file);
                }
                self.copy(file, Urgency::First);
            }
            Found::Open => {
                self.mark(file);
                self.copy(file, Urgency::Closed);
            }
            Found::New => {
                self.mark(file);
                self.link(file);
                self.settle_later(file, now, FIRST_LOOK);
            }
        }
        self.enforce_budget();
    }

    /// Somebody waits to open a file.
    pub fn handle_open(&mut self, opening: Opening, now: Mono) {
        let Some(entry) = self.files.get_mut(&opening.file) else {
            return self
                .actions
                .push_back(Action::Answer(opening.ask, Verdict::Allow));
        };
        if opening.seen == Seen::Differs && entry.is_safe() {
            entry.motion = Motion::Flux;
        }
        if opening.lease == Leased::Granted && entry.hold != Hold::Leased {
            self.adopt_lease(opening.file);
        }
        match opening.intent {
            Intent::Read => self.read_goes_on(opening.ask, opening.file),
            Intent::Write => self.write_wants_in(opening, now),
        }
        self.enforce_budget();
    }

    fn read_goes_on(&mut self, ask: Ask, file: FileId) {
        self.actions.push_back(Action::Answer(ask, Verdict::Allow));
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        if entry.hold != Hold::Leased {
            return;
        }
        if entry.is_safe() {
            return self.rest(file);
        }
        if entry.is_kept() {
            self.new_state(file);
        }
        self.copy(file, Urgency::Closed);
    }

    fn write_wants_in(&mut self, opening: Opening, now: Mono) {
        let Some(entry) = self.files.get_mut(&opening.file) else {
            return;
        };
        // What the file holds at a held open is a state of its own.
        if entry.motion == Motion::Flux && entry.is_kept() {
            self.new_state(opening.file);
        }
        self.mark(opening.file);
        self.link(opening.file);
        let Some(entry) = self.files.get_mut(&opening.file) else {
            return;
        };
        if entry.is_safe() {
            entry.motion = Motion::Flux;
            // A read-only open that empties the file gets past a lease: it must not seem at rest.
            self.release(opening.file, Hold::Marked);
            self.actions
                .push_back(Action::Answer(opening.ask, Verdict::Allow));
            self.settle_later(opening.file, now, FIRST_LOOK);
        } else {
            self.wait(opening.file, opening.ask, opening.standing, now);
        }
    }

    /// Somebody waits to change the content of a file that has a mark of its own: a truncation by
    /// path, or a write through a descriptor opened under that mark.
    pub fn handle_change(&mut self, ask: Ask, file: FileId, standing: Standing, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return self.actions.push_back(Action::Answer(ask, Verdict::Allow));
        };
        if entry.is_kept() {
            let was = entry.motion;
            entry.motion = Motion::Flux;
            self.actions.push_back(Action::Answer(ask, Verdict::Allow));
            if was == Motion::Rest {
                self.link(file);
                self.settle_later(file, now, FIRST_LOOK);
            }
        } else {
            self.link(file);
            self.wait(file, ask, standing, now);
        }
    }

    /// A descriptor that could write was closed: a new state.
    pub fn handle_closed(&mut self, file: FileId) {
        if !self.files.contains_key(&file) {
            return;
        }
        self.new_state(file);
        self.copy(file, Urgency::Closed);
    }

    /// Somebody waits for the lease of a file.
    pub fn handle_break(&mut self, file: FileId, now: Mono) {
        let bound = self.limits.bound;
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if entry.hold != Hold::Leased {
            return;
        }
        if entry.is_kept() {
            self.let_writer_in(file, now);
        } else if entry.broken.is_none() {
            let until = now.after(bound);
            entry.broken = Some(until);
            self.deadlines.insert((until, Deadline::Break(file)));
            self.link(file);
            self.copy(file, Urgency::Held);
        }
    }

    fn let_writer_in(&mut self, file: FileId, now: Mono) {
        self.mark(file);
        self.link(file);
        if let Some(entry) = self.files.get_mut(&file) {
            entry.motion = Motion::Flux;
            if let Some(until) = entry.broken.take() {
                self.deadlines.remove(&(until, Deadline::Break(file)));
            }
        }
        self.release(file, Hold::Marked);
        self.settle_later(file, now, FIRST_LOOK);
    }

    /// The last name of a file in a protected folder is gone.
    pub fn handle_gone(&mut self, file: FileId) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        entry.names = Names::Gone;
        // Names are told apart from closes: while the file is in flux a close may be yet unread.
        if entry.is_safe() && entry.waiting.is_empty() && entry.broken.is_none() {
            self.forget(file);
        } else {
            self.copy(file, Urgency::Closed);
        }
    }

    /// A file that had lost its last name has one again.
    pub fn handle_named(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file) {
            entry.names = Names::Some;
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Mono) {
        while let Some((at, deadline)) = self.deadlines.first().copied() {
            if at > now {
                break;
            }
            self.deadlines.pop_first();
            match deadline {
                Deadline::Answer(file) => self.answer_overdue(file, now),
                Deadline::Break(file) => {
                    if let Some(entry) = self.files.get_mut(&file) {
                        entry.broken = None;
                        entry.told = true;
                        self.actions
                            .push_back(Action::Tell(Told::StateWithoutCopy(file)));
                        self.let_writer_in(file, now);
                    }
                }
                Deadline::Settle(file) => {
                    let Some(entry) = self.files.get_mut(&file) else {
                        continue;
                    };
                    let settling = entry.settle.is_some_and(|(due, _)| due <= now);
                    let urgency = if entry.is_kept() {
                        Urgency::Settle
                    } else {
                        Urgency::Closed
                    };
                    if settling && entry.copying.is_none() {
                        self.copy(file, urgency);
                    }
                }
            }
        }
    }

    fn answer_overdue(&mut self, file: FileId, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        let (overdue, waiting) = std::mem::take(&mut entry.waiting)
            .into_iter()
            .partition(|one| one.deadline <= now);
        entry.waiting = waiting;
        self.answer_without_copy(file, overdue, Refusal::Busy, now);
    }

    fn answer_without_copy(
        &mut self,
        file: FileId,
        asks: Vec<Waiting>,
        refusal: Refusal,
        now: Mono,
    ) {
        for one in asks {
            self.asked.remove(&one.ask);
            match one.standing {
                Standing::Known => {
                    if let Some(entry) = self.files.get_mut(&file) {
                        entry.motion = Motion::Flux;
                        entry.told = true;
                    }
                    self.actions
                        .push_back(Action::Tell(Told::StateWithoutCopy(file)));
                    self.actions
                        .push_back(Action::Answer(one.ask, Verdict::Allow));
                    self.settle_later(file, now, FIRST_LOOK);
                }
                Standing::Unknown => {
                    self.actions
                        .push_back(Action::Answer(one.ask, Verdict::Deny(refusal)));
                }
            }
        }
    }

    fn wait(&mut self, file: FileId, ask: Ask, standing: Standing, now: Mono) {
        let deadline = now.after(self.limits.bound);
        if let Some(entry) = self.files.get_mut(&file) {
            entry.waiting.push(Waiting {
                ask,
                standing,
                deadline,
            });
        }
        self.asked.insert(ask, file);
        self.deadlines.insert((deadline, Deadline::Answer(file)));
        self.copy(file, Urgency::Held);
    }

    fn new_state(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file) {
            self.kept -= u64::from(entry.is_kept());
            entry.next_state();
        }
    }

    fn copy(&mut self, file: FileId, urgency: Urgency) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        match &mut entry.copying {
            Some((_, running)) if *running <= urgency => {}
            Some((_, running)) => {
                // A look whether it rests becomes a copy in any case, which is more than asked.
                *running = urgency;
                self.actions.push_back(Action::Hurry(file, urgency));
            }
            None => {
                entry.copying = Some((entry.state, urgency));
                self.actions
                    .push_back(Action::Copy(file, entry.state, urgency));
            }
        }
    }

    fn mark(&mut self, file: FileId) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if entry.hold == Hold::Bare {
            entry.hold = Hold::Marked;
        }
        self.actions.push_back(Action::MarkNear(file));
        if !entry.ignored {
            entry.ignored = true;
            self.actions.push_back(Action::IgnoreWide(file));
        }
    }

    fn link(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file)
            && !entry.linked
        {
            entry.linked = true;
            self.actions.push_back(Action::Link(file));
        }
    }

    fn settle_later(&mut self, file: FileId, now: Mono, wait: Duration) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if let Some((due, _)) = entry.settle {
            self.deadlines.remove(&(due, Deadline::Settle(file)));
        }
        let due = now.after(wait);
        entry.settle = Some((due, wait));
        self.deadlines.insert((due, Deadline::Settle(file)));
    }

    fn adopt_lease(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file)
            && entry.hold != Hold::Leased
        {
            entry.hold = Hold::Leased;
            self.leases += 1;
            self.leased.push_back(file);
        }
    }

    fn release(&mut self, file: FileId, next: Hold) {
        if let Some(entry) = self.files.get_mut(&file)
            && entry.hold == Hold::Leased
        {
            entry.hold = next;
            self.leases -= 1;
            self.actions.push_back(Action::Release(file));
        }
    }

    /// The file is kept and nobody writes: drop what was held only for the time of change.
    fn rest(&mut self, file: FileId) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if let Some((due, _)) = entry.settle.take() {
            self.deadlines.remove(&(due, Deadline::Settle(file)));
        }
        if entry.linked {
            entry.linked = false;
            self.actions.push_back(Action::Unlink(file));
        }
        if entry.hold == Hold::Leased && !entry.ignored {
            entry.ignored = true;
            self.actions.push_back(Action::IgnoreWide(file));
        }
        self.actions.push_back(Action::UnmarkNear(file));
        if std::mem::take(&mut entry.told) {
            self.actions.push_back(Action::Tell(Told::Covered(file)));
        }
    }

    fn forget(&mut self, file: FileId) {
        if let Some(entry) = self.files.remove(&file) {
            self.kept -= u64::from(entry.is_kept());
            self.leases -= usize::from(entry.hold == Hold::Leased);
            if let Some((due, _)) = entry.settle {
                self.deadlines.remove(&(due, Deadline::Settle(file)));
            }
            self.actions.push_back(Action::Forget(file));
        }
    }

    /// Lets the longest held leases go until the budget is kept; what they stood for is taken
    /// over by another hold first.
    fn enforce_budget(&mut self) {
        for _ in 0..self.leased.len() {
            if self.leases <= self.limits.leases {
                break;
            }
            let Some(file) = self.leased.pop_front() else {
                break;
            };
            let Some(entry) = self.files.get_mut(&file) else {
                continue;
            };
            if entry.hold != Hold::Leased {
                continue;
            }
            if entry.broken.is_some() {
                // Letting it go would let a change through before its copy.
                self.leased.push_back(file);
                continue;
            }
            if entry.is_safe() {
                entry.ignored = false;
                self.actions.push_back(Action::HeedWide(file));
                self.release(file, Hold::Bare);
            } else {
                self.mark(file);
                self.release(file, Hold::Marked);
            }
        }
        // The queue names files that lost their lease otherwise; do not let it grow for ever.
        if self.leased.len() > 2 * self.limits.leases + 1024 {
            let files = &self.files;
            self.leased.retain(|file| {
                files
                    .get(file)
                    .is_some_and(|entry| entry.hold == Hold::Leased)
            });
        }
    }
}

/// How long after a writer was let in to look first whether the file has come to rest; a close is
/// reported a little before its writer is gone, so at once would be too early
/// (linux-hold-costs.md, §1: 2 to 20 ms).
const FIRST_LOOK: Duration = Duration::from_millis(20);
/// The longest pause between two looks.
const LONGEST_LOOK: Duration = Duration::from_secs(8);
