//! The steps that the law's answers are made of.

use hygie_model::{FileId, Mono};

use super::{
    Law,
    deadlines::{Deadline, FIRST_LOOK},
};
use crate::{
    file::{Copying, Motion, Proof, Waiting},
    words::{Action, Ask, Hold, Standing, State, Told, Urgency, Verdict},
};

impl Law {
    pub(super) fn answer(&mut self, ask: Ask, verdict: Verdict) {
        self.actions.push_back(Action::Answer(ask, verdict));
    }

    pub(super) fn wait(&mut self, file: FileId, ask: Ask, standing: Standing, now: Mono) {
        let deadline = now.after(self.limits.bound);
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        entry.waiting.push_back(Waiting {
            ask,
            standing,
            deadline,
            needs: entry.state,
        });
        self.deadlines.insert((deadline, Deadline::Answer(file)));
        self.copy(file, Urgency::Held);
    }

    /// What the file holds now is a state of its own, and has no copy yet.
    pub(super) fn new_state(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file) {
            self.kept -= u64::from(entry.is_kept());
            self.numbered += 1;
            entry.state = State(self.numbered);
            if let Some(lease) = entry.lease {
                self.leases.moves(lease);
            }
        }
    }

    /// As [`Law::new_state`]; and no writer may pass before it has one.
    pub(super) fn closed_state(&mut self, file: FileId) {
        self.new_state(file);
        if let Some(entry) = self.files.get_mut(&file) {
            entry.closed = entry.state;
        }
    }

    pub(super) fn copy(&mut self, file: FileId, urgency: Urgency) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        match &mut entry.copying {
            Some(copying) if copying.urgency <= urgency => {}
            Some(copying) => {
                // A look whether it rests becomes a copy in any case, which is more than asked.
                copying.urgency = urgency;
                self.actions.push_back(Action::Hurry(file, urgency));
            }
            None => {
                let state = entry.state;
                let proof = if entry.hold == Hold::Leased {
                    Proof::Lease
                } else {
                    Proof::None
                };
                entry.copying = Some(Copying {
                    state,
                    urgency,
                    proof,
                });
                self.actions.push_back(Action::Copy(file, state, urgency));
            }
        }
    }

    pub(super) fn mark(&mut self, file: FileId) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if entry.hold == Hold::Bare {
            entry.hold = Hold::Marked;
        }
        self.actions.push_back(Action::MarkNear(file));
        if !std::mem::replace(&mut entry.ignored, true) {
            self.actions.push_back(Action::IgnoreWide(file));
        }
    }

    pub(super) fn link(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file)
            && !std::mem::replace(&mut entry.linked, true)
        {
            self.actions.push_back(Action::Link(file));
        }
    }

    /// From here on somebody may write: the mark and the link are there before the lease goes.
    pub(super) fn let_writer_in(&mut self, file: FileId, now: Mono) {
        self.mark(file);
        self.link(file);
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        entry.motion = Motion::Flux;
        entry.hold = Hold::Marked;
        if let Some(copying) = &mut entry.copying {
            copying.proof = Proof::None;
        }
        if let Some(until) = entry.broken.take() {
            self.deadlines.remove(&(until, Deadline::Break(file)));
        }
        if let Some(lease) = entry.lease.take() {
            self.leases.end(lease);
        }
        self.actions.push_back(Action::Release(file));
        self.settle_later(file, now, FIRST_LOOK);
    }

    pub(super) fn adopt_lease(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file)
            && entry.hold != Hold::Leased
        {
            entry.hold = Hold::Leased;
            entry.lease = Some(self.leases.grant());
        }
    }

    /// The file is kept and nobody writes: drop what was held only for the time of change.
    pub(super) fn rest(&mut self, file: FileId) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        if let Some((due, _)) = entry.settle.take() {
            self.deadlines.remove(&(due, Deadline::Settle(file)));
        }
        if let Some(lease) = entry.lease {
            self.leases.rests(lease, file);
            if !std::mem::replace(&mut entry.ignored, true) {
                self.actions.push_back(Action::IgnoreWide(file));
            }
        }
        if std::mem::take(&mut entry.linked) {
            self.actions.push_back(Action::Unlink(file));
        }
        self.actions.push_back(Action::UnmarkNear(file));
        if std::mem::take(&mut entry.told) {
            self.actions.push_back(Action::Tell(Told::Covered(file)));
        }
    }

    pub(super) fn forget(&mut self, file: FileId) {
        let Some(entry) = self.files.remove(&file) else {
            return;
        };
        self.kept -= u64::from(entry.is_kept());
        if let Some(lease) = entry.lease {
            self.leases.end(lease);
        }
        if let Some((due, _)) = entry.settle.get() {
            self.deadlines.remove(&(due, Deadline::Settle(file)));
        }
        if let Some(until) = entry.broken {
            self.deadlines.remove(&(until, Deadline::Break(file)));
        }
        self.actions.push_back(Action::Forget(file));
    }

    /// Gives up the leases held longest until the budget is kept; the wide mark, which holds each
    /// open of such a file, takes over before.
    pub(super) fn enforce_budget(&mut self) {
        while let Some(file) = self.leases.excess(self.limits.leases)
            && let Some(entry) = self.files.get_mut(&file)
            && let Some(lease) = entry.lease.take()
        {
            self.leases.end(lease);
            entry.hold = Hold::Bare;
            entry.ignored = false;
            self.actions.push_back(Action::HeedWide(file));
            self.actions.push_back(Action::Yield(file));
        }
    }
}
