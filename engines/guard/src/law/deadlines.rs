//! What the law does as time passes.

use std::time::Duration;

use hygie_model::{FileId, Mono};

use super::Law;
use crate::words::{Action, Refusal, Standing, Told, Urgency, Verdict};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deadline {
    Answer(FileId),
    Break(FileId),
    Settle(FileId),
}

/// How long after a writer was let in to look first whether the file has come to rest; a close is
/// reported a little before its writer is gone, so at once would be too early
/// (linux-hold-costs.md, §1: 2 to 20 ms).
pub(super) const FIRST_LOOK: Duration = Duration::from_millis(20);
/// The longest pause between two looks.
const LONGEST_LOOK: Duration = Duration::from_secs(8);
/// How long to wait before a copy that failed is tried again, at first and at most.
const TRY_AGAIN: Duration = Duration::from_secs(2);
const LONGEST_TRY: Duration = Duration::from_secs(32);

impl Law {
    /// When to call [`Law::handle_timeout`] at the latest.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        self.deadlines.first().map(|(at, _)| *at)
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
                Deadline::Break(file) => self.break_overdue(file, at, now),
                Deadline::Settle(file) => self.look(file, at),
            }
        }
        self.enforce_budget();
    }

    fn answer_overdue(&mut self, file: FileId, now: Mono) {
        while let Some(entry) = self.files.get_mut(&file)
            && let Some(one) = entry.waiting.pop_front_if(|one| one.deadline <= now)
        {
            self.answer_without_copy(file, one.ask, one.standing, Refusal::Busy, now);
        }
    }

    /// Who waits for a lease cannot be refused.
    fn break_overdue(&mut self, file: FileId, at: Mono, now: Mono) {
        if let Some(entry) = self.files.get_mut(&file)
            && entry.broken == Some(at)
        {
            entry.told = true;
            self.actions
                .push_back(Action::Tell(Told::StateWithoutCopy(file)));
            self.let_writer_in(file, now);
        }
    }

    fn look(&mut self, file: FileId, at: Mono) {
        let Some(entry) = self.files.get(&file) else {
            return;
        };
        if entry.settle.get().is_none_or(|(due, _)| due != at) || entry.copying.is_some() {
            return;
        }
        let urgency = if entry.is_awaited() {
            Urgency::Held
        } else if entry.is_kept() {
            Urgency::Settle
        } else if entry.kept.is_none() {
            Urgency::First
        } else {
            Urgency::Closed
        };
        self.copy(file, urgency);
    }

    pub(super) fn answer_without_copy(
        &mut self,
        file: FileId,
        ask: crate::Ask,
        standing: Standing,
        refusal: Refusal,
        now: Mono,
    ) {
        match standing {
            Standing::Known => {
                if let Some(entry) = self.files.get_mut(&file) {
                    entry.told = true;
                }
                self.actions
                    .push_back(Action::Tell(Told::StateWithoutCopy(file)));
                // Else it would wait for the lease next.
                self.let_writer_in(file, now);
                self.answer(ask, Verdict::Allow);
            }
            Standing::Unknown => self.answer(ask, Verdict::Deny(refusal)),
        }
    }

    pub(super) fn settle_later(&mut self, file: FileId, now: Mono, wait: Duration) {
        let Some(entry) = self.files.get_mut(&file) else {
            return;
        };
        let due = now.after(wait);
        if let Some((before, _)) = entry.settle.replace((due, wait)) {
            self.deadlines.remove(&(before, Deadline::Settle(file)));
        }
        self.deadlines.insert((due, Deadline::Settle(file)));
    }

    /// Somebody still writes: looks again, each time a little later.
    pub(super) fn look_again(&mut self, file: FileId, now: Mono) {
        let last = self.last_pause(file).unwrap_or(FIRST_LOOK);
        self.settle_later(file, now, (last * 2).min(LONGEST_LOOK));
    }

    /// The copy failed: tries again, each time a little later.
    pub(super) fn try_again(&mut self, file: FileId, now: Mono, last: Option<Duration>) {
        let awaited = self.files.get(&file).is_some_and(|one| one.is_awaited());
        let (first, longest) = if awaited {
            (FIRST_LOOK, TRY_AGAIN)
        } else {
            (TRY_AGAIN, LONGEST_TRY)
        };
        let pause = last.map_or(first, |last| last * 2);
        self.settle_later(file, now, pause.clamp(first, longest));
    }

    pub(super) fn last_pause(&self, file: FileId) -> Option<Duration> {
        self.files.get(&file)?.settle.get().map(|(_, wait)| wait)
    }

    /// Takes the deadline of a call that was answered away, unless another shares it.
    pub(super) fn no_longer_waits(&mut self, file: FileId, deadline: Mono) {
        let next = self.files.get(&file).and_then(|one| one.waiting.front());
        if next.is_none_or(|next| next.deadline != deadline) {
            self.deadlines.remove(&(deadline, Deadline::Answer(file)));
        }
    }
}
