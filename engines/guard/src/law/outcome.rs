//! What the law does when a copy is done, or could not be.

use std::time::Duration;

use hygie_model::{FileId, Mono};

use super::{FIRST_LOOK, LONGEST_LOOK, Law, Room};
use crate::{
    file::{Motion, Names},
    words::{Action, CopyOutcome, Hold, Leased, Refusal, State, Told, Urgency, Verdict},
};

/// How long to wait before a copy that failed is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(2);

impl Law {
    /// A copy that was asked for as `Action::Copy(file, state, _)` came to its end.
    pub fn handle_copied(&mut self, file: FileId, state: State, outcome: CopyOutcome, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        let urgency = entry.copying.take().map(|(_, urgency)| urgency);
        match outcome {
            CopyOutcome::Kept(lease) => {
                if self.room == Room::None {
                    self.room = Room::Enough;
                    self.actions.push_back(Action::Tell(Told::RoomAgain));
                }
                if lease == Leased::Granted {
                    self.adopt_lease(file);
                }
                self.kept_state(file, state, lease, now);
            }
            // It was asked only to look, but meanwhile somebody needs the copy.
            CopyOutcome::Busy if urgency != Some(Urgency::Settle) => {
                self.copy(file, urgency.unwrap_or(Urgency::Closed));
            }
            CopyOutcome::Busy => self.look_again(file, now),
            CopyOutcome::NoRoom => self.failed(file, Refusal::NoRoom, now),
            CopyOutcome::Unreadable => self.failed(file, Refusal::Busy, now),
            CopyOutcome::Vanished => {
                let asks = std::mem::take(&mut entry.waiting);
                for one in asks {
                    self.asked.remove(&one.ask);
                    self.actions
                        .push_back(Action::Answer(one.ask, Verdict::Allow));
                }
                self.forget(file);
            }
        }
        self.enforce_budget();
    }

    fn kept_state(&mut self, file: FileId, state: State, lease: Leased, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if entry.state != state {
            // Closed again meanwhile: that state needs its own copy.
            return self.copy_again(file);
        }
        self.kept += u64::from(!entry.is_kept());
        entry.kept = Some(state);
        // A lease now, or one held all along: nobody has written since the copy began.
        let leased = lease == Leased::Granted || entry.hold == Hold::Leased;
        entry.motion = if leased { Motion::Rest } else { Motion::Flux };
        let asks = std::mem::take(&mut entry.waiting);
        let (gone, broken) = (entry.names == Names::Gone, entry.broken.is_some());
        let writers = !asks.is_empty() || broken;
        if writers {
            self.let_writer_in(file, now);
        }
        for one in asks {
            self.asked.remove(&one.ask);
            self.actions
                .push_back(Action::Answer(one.ask, Verdict::Allow));
        }
        if writers {
            return;
        }
        if gone {
            self.forget(file);
        } else if leased {
            self.rest(file);
        } else {
            self.settle_later(file, now, FIRST_LOOK);
        }
    }

    fn copy_again(&mut self, file: FileId) {
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        let held = !entry.waiting.is_empty() || entry.broken.is_some();
        self.copy(file, if held { Urgency::Held } else { Urgency::Closed });
    }

    fn look_again(&mut self, file: FileId, now: Mono) {
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        if !entry.is_kept() {
            return self.copy_again(file);
        }
        let last = entry.settle.map_or(FIRST_LOOK, |(_, wait)| wait);
        self.settle_later(file, now, (last * 2).min(LONGEST_LOOK));
    }

    fn failed(&mut self, file: FileId, refusal: Refusal, now: Mono) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        let asks = std::mem::take(&mut entry.waiting);
        let broken = entry.broken.is_some();
        match refusal {
            Refusal::NoRoom => {
                if self.room == Room::Enough {
                    self.room = Room::None;
                    self.actions.push_back(Action::Tell(Told::NoRoom));
                }
            }
            Refusal::Busy => {
                if !std::mem::replace(&mut entry.told, true) {
                    self.actions.push_back(Action::Tell(Told::Unreadable(file)));
                }
            }
        }
        self.answer_without_copy(file, asks, refusal, now);
        // Whoever waits for the lease cannot be refused: it waits until the bound.
        let pause = if broken { FIRST_LOOK } else { TRY_AGAIN };
        self.settle_later(file, now, pause);
    }
}
