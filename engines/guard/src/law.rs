//! The law as a machine: no program changes a state before a copy of it is safe.
//!
//! A file rests under a lease (or under the wide hold) once its state is kept. A writer breaks the
//! lease: the file gets a mark of its own and a link, then the writer goes on. Each close is a new
//! state and is copied at once; when nobody writes any more a lease is granted and the file rests.

mod deadlines;
mod leases;
mod outcome;
mod steps;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use hygie_model::{FileId, Mono};

use self::{
    deadlines::{Deadline, FIRST_LOOK},
    leases::Leases,
};
use crate::{
    file::{FileState, Motion, Names},
    words::{
        Action, Ask, Found, Hold, Intent, Leased, Opening, Seen, Standing, State, Told, Urgency,
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
    leases: Leases,
    kept: u64,
    /// States numbered so far, of all files: a number never comes back.
    numbered: u64,
    deadlines: BTreeSet<(Mono, Deadline)>,
    room: Room,
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
            leases: Leases::default(),
            kept: 0,
            numbered: 0,
            deadlines: BTreeSet::new(),
            room: Room::Enough,
        }
    }

    /// What to do next.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// How far things are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            files: self.files.len() as u64,
            kept: self.kept,
            leases: self.leases.held(),
        }
    }

    /// Whether this file is known.
    #[must_use]
    pub fn knows(&self, file: FileId) -> bool {
        self.files.contains_key(&file)
    }

    /// The number of what a file holds.
    #[must_use]
    pub fn state(&self, file: FileId) -> Option<State> {
        self.files.get(&file).map(|entry| entry.state)
    }

    /// Whether the content of this very moment has a copy, as far as the law knows.
    #[must_use]
    pub fn is_safe(&self, file: FileId) -> bool {
        self.files.get(&file).is_some_and(FileState::is_safe)
    }

    /// Whether one more lease fits into the budget: there is room, or a file at rest will give
    /// its own. Leases of files without a copy never go for the budget's sake.
    #[must_use]
    pub fn may_lease(&self) -> bool {
        self.leases.have_room(self.limits.leases)
    }

    /// A file was found in a protected folder: by the first walk, by a name event, or because
    /// somebody opens it. `hold` is what already holds it (a lease or nothing); one that is not
    /// kept has its link.
    pub fn handle_found(&mut self, file: FileId, found: Found, hold: Hold, now: Mono) {
        if self.files.contains_key(&file) {
            return self.handle_named(file);
        }
        self.numbered += 1;
        let mut entry = FileState::new(State(self.numbered));
        match found {
            // Emptiness is a state that needs no copy to come back.
            Found::Kept | Found::New => entry.kept = Some(entry.state),
            Found::NotKept | Found::Open => entry.linked = true,
        }
        let is_at_rest = found == Found::Kept || hold == Hold::Leased;
        if found == Found::New || found == Found::Open || !is_at_rest {
            entry.motion = Motion::Flux;
        }
        entry.told = found == Found::Open;
        self.kept += u64::from(entry.is_kept());
        self.files.insert(file, entry);
        if hold == Hold::Leased {
            self.adopt_lease(file);
        }
        match found {
            Found::Kept => self.rest(file),
            Found::NotKept => {
                // A lease alone lets a read-only open empty the file, and the wide mark leaves out
                // what is opened through some folders.
                self.mark(file);
                self.copy(file, Urgency::First);
            }
            Found::Open => {
                self.actions.push_back(Action::Tell(Told::OpenBefore(file)));
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
            return self.answer(opening.ask, Verdict::Allow);
        };
        if opening.seen == Seen::Differs && entry.is_safe() {
            entry.motion = Motion::Flux;
        }
        if opening.lease == Leased::Granted {
            self.adopt_lease(opening.file);
        }
        match opening.intent {
            Intent::Read => {
                self.answer(opening.ask, Verdict::Allow);
                self.is_read(opening.file);
            }
            Intent::Write => self.write_wants_in(opening, now),
        }
        self.enforce_budget();
    }

    /// A reader is there; what its open brought to light is used.
    fn is_read(&mut self, file: FileId) {
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        let leased = entry.hold == Hold::Leased;
        if leased && entry.is_safe() {
            return self.rest(file);
        }
        let moved = entry.is_kept() && entry.motion == Motion::Flux;
        // A marked file is looked at as it settles, and a copy that failed is tried when it is due.
        if entry.hold == Hold::Marked || (!moved && entry.copying.is_none()) {
            return;
        }
        if moved {
            self.closed_state(file);
            self.mark(file);
            self.link(file);
        }
        self.copy(file, Urgency::Closed);
    }

    fn write_wants_in(&mut self, opening: Opening, now: Mono) {
        let Opening {
            ask,
            file,
            standing,
            ..
        } = opening;
        // What the file holds at a held open is a state of its own.
        if self.files.get(&file).is_some_and(FileState::may_have_moved) {
            self.new_state(file);
        }
        if self.is_safe(file) {
            // A read-only open that empties the file gets past a lease: it must not seem at rest.
            self.let_writer_in(file, now);
            self.answer(ask, Verdict::Allow);
        } else {
            self.mark(file);
            self.link(file);
            self.wait(file, ask, standing, now);
        }
    }

    /// Somebody waits to change the content of a file that has a mark of its own: a truncation by
    /// path, or a write through a descriptor opened under that mark.
    pub fn handle_change(&mut self, ask: Ask, file: FileId, standing: Standing, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return self.answer(ask, Verdict::Allow);
        };
        if !entry.is_kept() {
            self.link(file);
            return self.wait(file, ask, standing, now);
        }
        // Under a lease nobody changes anything before it is broken.
        let begins = entry.hold != Hold::Leased
            && std::mem::replace(&mut entry.motion, Motion::Flux) == Motion::Rest;
        if begins {
            self.mark(file);
            self.link(file);
            self.settle_later(file, now, FIRST_LOOK);
        }
        self.answer(ask, Verdict::Allow);
    }

    /// A descriptor that could write was closed: a new state. Under a lease it is no news: the
    /// lease was granted after that writer was gone.
    pub fn handle_closed(&mut self, file: FileId) {
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        if entry.hold != Hold::Leased {
            self.closed_state(file);
        } else if entry.is_safe() {
            return;
        }
        self.copy(file, Urgency::Closed);
    }

    /// Somebody waits for the lease of a file.
    pub fn handle_break(&mut self, file: FileId, now: Mono) {
        let bound = self.limits.bound;
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if entry.is_safe() {
            // Also when the lease was to be given up: somebody was faster.
            self.let_writer_in(file, now);
        } else if entry.hold != Hold::Leased {
            self.actions.push_back(Action::Release(file));
        } else if entry.broken.is_none() {
            let until = now.after(bound);
            entry.broken = Some(until);
            if let Some(lease) = entry.lease {
                self.leases.moves(lease);
            }
            self.deadlines.insert((until, Deadline::Break(file)));
            self.mark(file);
            self.link(file);
            self.copy(file, Urgency::Held);
        }
    }

    /// What a file at rest holds is found to be something else than its copy says: a change of which nothing told.
    pub fn handle_differs(&mut self, file: FileId) {
        if self.is_safe(file) {
            self.closed_state(file);
            self.mark(file);
            self.link(file);
            self.copy(file, Urgency::Closed);
        }
    }

    /// The last name of a file in a protected folder is gone.
    pub fn handle_gone(&mut self, file: FileId) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        entry.names = Names::Gone;
        if entry.is_safe() && !entry.is_awaited() {
            return self.forget(file);
        }
        // Names are told apart from closes: in flux a close may be unread yet.
        if entry.may_have_moved() {
            self.closed_state(file);
        }
        self.copy(file, Urgency::Closed);
    }

    /// A file that had lost its last name has one again.
    pub fn handle_named(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file) {
            entry.names = Names::Some;
        }
    }
}
