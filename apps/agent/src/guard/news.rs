//! What threads tell the loop, and what the loop tells the screen; the eye on the witness.

use std::{os::fd::AsFd, time::Duration};

use hygie_guard::CopyOutcome;
use hygie_model::{Exception, Mono};
use hygie_platform::linux::pulse::Word;
use rustix::process::{Pid, Signal, kill_process};

use super::{
    committer::Copied,
    keeper::Fact,
    run::{BEAT, Guard, News},
};
use crate::witness::start_process;

impl Guard {
    pub(super) fn handle_news(&mut self, news: News) {
        match news {
            News::Copied(copied) => self.handle_copied(*copied),
            News::Stored(usage) => self.usage = usage,
            News::StoreFailed(said) => {
                self.keeper
                    .tell(Fact::StoreFailed, [("reason", said.as_str().into())]);
                self.board.store_failed(&said);
            }
        }
        self.obey();
    }

    fn handle_copied(&mut self, mut copied: Copied) {
        self.queue.arrived();
        let Some(node) = self.tree.files.get_mut(&copied.file) else {
            return;
        };
        if matches!(copied.outcome, CopyOutcome::Kept(_)) {
            node.fingerprint = copied.fingerprint;
            self.board
                .copied(copied.fingerprint.map_or(0, |stat| stat.size));
        }
        if let Some(lease) = copied.lease.take()
            && node.lease.is_none()
        {
            self.take_lease(copied.file, lease);
        }
        self.law
            .handle_copied(copied.file, copied.state, copied.outcome, self.now);
    }

    pub(super) fn tell_progress(&mut self) {
        if self.now.since(self.told_progress) >= BEAT {
            self.told_progress = self.now;
            self.board
                .progress(self.wall, self.law.counts(), self.usage);
            if let Some(state) = self.board.take_change() {
                let told = serde_json::to_value(&state).unwrap_or_default();
                self.keeper.tell(Fact::State, [("state", told)]);
            }
        }
    }

    /// The witness looks at the guard, and the guard at the witness: one that is silent or gone
    /// is replaced, in a thread of its own, since a start may be held.
    pub(super) fn look_at_witness(&mut self) {
        let silence = self.now.since(Mono(self.pulse.get(Word::WitnessBeat)));
        if silence < self.orders.bound().mul_f64(WITNESS_SILENCE) {
            self.board.no_longer(&Exception::WitnessSilent);
            return;
        }
        if self.now.since(self.witness_replaced) < BETWEEN_WITNESSES {
            return;
        }
        self.witness_replaced = self.now;
        self.board.general(Exception::WitnessSilent);
        self.keeper.tell(Fact::WitnessReplaced, []);
        let shared = [self.wide.as_fd(), self.near.as_fd(), self.pulse.as_fd()]
            .map(|fd| fd.try_clone_to_owned());
        let [Ok(wide), Ok(near), Ok(pulse)] = shared else {
            return;
        };
        let former = i32::try_from(self.pulse.get(Word::WitnessProcess)).ok();
        let orders = self.orders.clone();
        let spawned = std::thread::Builder::new()
            .name("hygie-witness".into())
            .spawn(move || {
                if let Some(pid) = former.and_then(Pid::from_raw) {
                    let _ = kill_process(pid, Signal::KILL);
                }
                if let Ok(mut child) = start_process("witness", (wide, near, pulse), &orders) {
                    let _ = child.wait();
                }
            });
        drop(spawned);
    }
}

/// A witness that was silent for this part of the bound is taken for gone.
const WITNESS_SILENCE: f64 = 0.5;
const BETWEEN_WITNESSES: Duration = Duration::from_secs(3);
