//! What threads tell the loop, and what the loop tells the screen; the eye on the witness.

use std::{os::fd::AsFd, time::Duration};

use hygie_guard::{CopyOutcome, Leased, Urgency};
use hygie_model::{Exception, Mono};
use hygie_platform::linux::{lease::Lease, pulse::Word};
use hygie_vault::Entry;
use rustix::process::{Pid, Signal, kill_process};

use super::{
    committer::Copied,
    keeper::Fact,
    run::{BEAT, Guard, News},
    tree::{Purse, Set},
};
use crate::witness::start_process;

impl Guard {
    pub(super) fn handle_news(&mut self, news: News) {
        match news {
            News::Copied(copied) => self.handle_copied(*copied),
            News::Halted => self.refuse_halted(),
            // In the next round, whose reads begin after this.
            News::Drain => self.draining = Set::Yes,
            News::Stand(files, reply) => {
                // One that waited for too long has gone on.
                let _ = reply.try_send(self.stand(&files));
            }
            News::Read(reading, found) => self.handle_read(reading, found),
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
            let size = copied.fingerprint.map_or(copied.bytes, |stat| stat.size);
            // Stores through a mapping leave its times as they are: only what a lease spanned
            // is known by its stat later.
            let proven = copied.lease.is_some() || node.let_go == Set::No;
            node.fingerprint = copied.fingerprint.filter(|_| proven);
            if node.fingerprint.is_none() {
                self.facts.push(Entry::Fingerprint {
                    file: copied.file,
                    fingerprint: None,
                });
            }
            self.board.copied(size);
        }
        if copied.outcome == CopyOutcome::NoRoom
            && (copied.purse, node.purse) == (Purse::Budget, Purse::Reserve)
        {
            // Since it was asked for, a known program has come to wait for it.
            return self.copy(copied.file, copied.state, Urgency::Held);
        }
        // One that was broken on the way may be gone already, and with it what it proved. It goes
        // when the law was obeyed.
        let mut lease = copied.lease.take();
        if lease.as_ref().is_some_and(Lease::is_broken) {
            copied.outcome = CopyOutcome::Kept(Leased::Refused);
        } else if node.lease.is_none()
            && let Some(lease) = lease.take()
        {
            self.take_lease(copied.file, lease);
        }
        self.law
            .handle_copied(copied.file, copied.state, copied.outcome, self.now);
        self.witness_settled(copied.file, copied.state);
        self.obey();
        self.file_rights(copied.file);
        if let Some(content) = copied.by_changes {
            self.read_whole(copied.file, content);
        }
    }

    pub(super) fn tell_progress(&mut self) {
        self.board.counted(self.law.counts(), self.usage);
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
        let pulse = self.pulse.as_fd().try_clone_to_owned();
        let (Ok(wide), Ok(near), Ok(pulse)) = (self.wide.share(), self.near.share(), pulse) else {
            return;
        };
        let former = i32::try_from(self.pulse.get(Word::WitnessProcess)).ok();
        let (orders, page) = (self.orders.clone(), self.pulse.clone());
        let spawned = std::thread::Builder::new()
            .name("hygie-witness".into())
            .spawn(move || {
                if let Some(pid) = former.and_then(Pid::from_raw) {
                    let _ = kill_process(pid, Signal::KILL);
                }
                if let Ok(mut child) = start_process("witness", (wide, near, pulse), &orders) {
                    // Before it says so itself: one that is stopped as it starts must be found too.
                    page.set(Word::WitnessProcess, u64::from(child.id()));
                    let _ = child.wait();
                }
            });
        drop(spawned);
    }
}

/// A witness that was silent for this part of the bound is taken for gone.
const WITNESS_SILENCE: f64 = 0.5;
const BETWEEN_WITNESSES: Duration = Duration::from_secs(3);
