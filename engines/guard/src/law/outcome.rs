//! What the law does when a copy is done, or could not be.

use hygie_model::{FileId, Mono};

use super::{FIRST_LOOK, Law, Room};
use crate::{
    file::{Copying, Motion, Names, Proof},
    words::{Action, CopyOutcome, Hold, Leased, Refusal, State, Told, Urgency, Verdict},
};

impl Law {
    /// A copy that was asked for as `Action::Copy(file, state, _)` came to its end.
    pub fn handle_copied(&mut self, file: FileId, state: State, outcome: CopyOutcome, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        let Some(copying) = entry.copying.take_if(|copying| copying.state == state) else {
            // Nobody asked for it; a lease that came with it is not counted on.
            if entry.hold != Hold::Leased {
                self.actions.push_back(Action::Release(file));
            }
            return;
        };
        match outcome {
            CopyOutcome::Kept(lease) => {
                if std::mem::replace(&mut self.room, Room::Enough) == Room::None {
                    self.actions.push_back(Action::Tell(Told::RoomAgain));
                }
                self.kept_state(file, copying, lease, now);
            }
            // It was asked only to look, but meanwhile somebody needs the copy.
            CopyOutcome::Busy if copying.urgency != Urgency::Settle => {
                self.copy(file, copying.urgency);
            }
            CopyOutcome::Busy => self.look_again(file, now),
            CopyOutcome::NoRoom => self.failed(file, Refusal::NoRoom, now),
            CopyOutcome::Unreadable => self.failed(file, Refusal::Busy, now),
            CopyOutcome::Vanished => {
                for one in std::mem::take(&mut entry.waiting) {
                    self.answer(one.ask, Verdict::Allow);
                    self.no_longer_waits(file, one.deadline);
                }
                self.forget(file);
            }
        }
        self.enforce_budget();
    }

    fn kept_state(&mut self, file: FileId, copying: Copying, lease: Leased, now: Mono) {
        if lease == Leased::Granted {
            self.adopt_lease(file);
        }
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        let leased = entry.hold == Hold::Leased;
        let proven = leased && (lease == Leased::Granted || copying.proof == Proof::Lease);
        self.kept -= u64::from(entry.is_kept());
        if proven {
            // Nobody has written since the copy began: it is a copy of each state numbered since.
            entry.kept = Some(entry.state);
            entry.motion = Motion::Rest;
        } else {
            entry.kept = entry.kept.max(Some(copying.state));
            entry.motion = Motion::Flux;
        }
        self.kept += u64::from(entry.is_kept());
        if leased && !proven {
            // The lease came while the copy ran: another under it will prove what is there.
            self.closed_state(file);
            return self.copy_again(file);
        }
        let let_in = self.let_waiting_in(file, now);
        self.go_on(file, let_in, now);
    }

    /// Lets those in whose state is kept now.
    fn let_waiting_in(&mut self, file: FileId, now: Mono) -> LetIn {
        let Some(entry) = self.files.get_mut(&file) else {
            return LetIn::Nobody;
        };
        let kept = entry.kept;
        let may = kept >= Some(entry.closed);
        let waits = entry.waiting.front();
        let next = may && waits.is_some_and(|one| Some(one.needs) <= kept);
        if !next && (entry.broken.is_none() || !entry.is_kept()) {
            return LetIn::Nobody;
        }
        self.let_writer_in(file, now);
        while let Some(entry) = self.files.get_mut(&file)
            && let Some(one) = entry
                .waiting
                .pop_front_if(|one| may && Some(one.needs) <= kept)
        {
            self.answer(one.ask, Verdict::Allow);
            self.no_longer_waits(file, one.deadline);
        }
        LetIn::Somebody
    }

    fn go_on(&mut self, file: FileId, let_in: LetIn, now: Mono) {
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        if !entry.is_kept() {
            return self.copy_again(file);
        }
        match (let_in, entry.names, entry.motion) {
            (LetIn::Somebody, ..) => {}
            (LetIn::Nobody, Names::Gone, _) => self.forget(file),
            (LetIn::Nobody, Names::Some, Motion::Rest) => self.rest(file),
            (LetIn::Nobody, Names::Some, Motion::Flux) => self.settle_later(file, now, FIRST_LOOK),
        }
    }

    fn copy_again(&mut self, file: FileId) {
        let awaited = self.files.get(&file).is_some_and(|one| one.is_awaited());
        self.copy(
            file,
            if awaited {
                Urgency::Held
            } else {
                Urgency::Closed
            },
        );
    }

    fn failed(&mut self, file: FileId, refusal: Refusal, now: Mono) {
        let last = self.last_pause(file);
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        match refusal {
            Refusal::NoRoom => {
                if std::mem::replace(&mut self.room, Room::None) == Room::Enough {
                    self.actions.push_back(Action::Tell(Told::NoRoom));
                }
            }
            Refusal::Busy => {
                if !std::mem::replace(&mut entry.told, true) {
                    self.actions.push_back(Action::Tell(Told::Unreadable(file)));
                }
            }
        }
        for one in std::mem::take(&mut entry.waiting) {
            self.answer_without_copy(file, one.ask, one.standing, refusal, now);
            self.no_longer_waits(file, one.deadline);
        }
        // Whoever waits for the lease cannot be refused: it waits until the bound.
        self.try_again(file, now, last);
    }
}

/// Whether a copy let a writer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LetIn {
    Nobody,
    Somebody,
}
