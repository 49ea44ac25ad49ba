//! Nobody outruns the judge: while much of what unknown programs closed is not judged yet, they wait to write again.
//! Each wait is short and ends by itself; it delays a program, and refuses nothing.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hygie_guard::{Ask, Intent, Standing};
use hygie_model::{FileId, Mono};

use super::run::Guard;
use crate::config::Attackers;

/// A close that is not judged yet, counted for as long as this lives.
#[derive(Debug)]
pub(crate) struct Unjudged(Arc<AtomicUsize>);

impl Drop for Unjudged {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Whether a call that is let in may have to wait for the judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paced {
    Yes,
    No,
}

impl Paced {
    /// Known programs never wait, and readers neither.
    pub(super) fn of(intent: Intent, standing: Standing) -> Self {
        match (intent, standing) {
            (Intent::Write, Standing::Unknown) => Self::Yes,
            (Intent::Read, _) | (_, Standing::Known) => Self::No,
        }
    }
}

/// What waits.
#[derive(Debug)]
enum Waits {
    /// A call that the law has let in.
    Call(Ask),
    /// Whoever broke a lease; who it was is not told.
    Break(FileId),
}

/// Who waits, the first one first.
#[derive(Debug)]
pub(crate) struct Pacing {
    attackers: Attackers,
    unjudged: Arc<AtomicUsize>,
    waiting: VecDeque<(Mono, Waits)>,
}

impl Pacing {
    /// Where nobody is stopped, nobody waits.
    pub(super) fn new(attackers: Attackers) -> Self {
        Self {
            attackers,
            unjudged: Arc::default(),
            waiting: VecDeque::new(),
        }
    }

    /// One more close for the judge.
    pub(super) fn count(&self) -> Unjudged {
        self.unjudged.fetch_add(1, Ordering::AcqRel);
        Unjudged(self.unjudged.clone())
    }

    pub(super) fn is_crowded(&self) -> bool {
        self.attackers == Attackers::Stop && self.unjudged.load(Ordering::Acquire) >= AT_ONCE
    }

    pub(super) fn wait(&mut self, ask: Ask, now: Mono) {
        self.waiting
            .push_back((now.after(LONGEST), Waits::Call(ask)));
    }

    pub(super) fn wait_broken(&mut self, file: FileId, now: Mono) {
        let until = now.after(LONGEST);
        self.waiting.push_back((until, Waits::Break(file)));
    }

    /// When to look again.
    pub(super) fn pause(&self) -> Option<Duration> {
        (!self.waiting.is_empty()).then_some(LOOK)
    }

    fn next(&mut self, now: Mono) -> Option<Waits> {
        let crowded = self.is_crowded();
        let due = |(until, _): &mut (Mono, Waits)| !crowded || now >= *until;
        self.waiting.pop_front_if(due).map(|(_, waits)| waits)
    }
}

impl Guard {
    /// Lets those go on for whom the judge is ready, and those who have waited long enough.
    pub(super) fn let_paced_go_on(&mut self) {
        while let Some(waits) = self.pacing.next(self.now) {
            match waits {
                Waits::Call(ask) => self.let_in(ask),
                Waits::Break(file) => self.law.handle_break(file, self.now),
            }
        }
        self.obey();
    }
}

/// So many closes may be unjudged before the next write waits.
const AT_ONCE: usize = 8;
/// The most that one write waits.
const LONGEST: Duration = Duration::from_millis(250);
/// How often it is looked whether the judge is ready.
const LOOK: Duration = Duration::from_millis(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_wait_while_much_is_unjudged_and_never_for_long() {
        let mut pacing = Pacing::new(Attackers::Stop);
        let mut closes: Vec<_> = (1..AT_ONCE).map(|_| pacing.count()).collect();
        assert!(!pacing.is_crowded());
        closes.push(pacing.count());
        assert!(pacing.is_crowded());
        pacing.wait(Ask(1), Mono(0));
        pacing.wait_broken(FileId(2), Mono(1));
        assert!(pacing.next(Mono(1)).is_none() && pacing.pause().is_some());
        // The first has waited long enough; the second goes on once the judge is ready.
        let end = Mono(0).after(LONGEST);
        assert!(matches!(pacing.next(end), Some(Waits::Call(Ask(1)))));
        assert!(pacing.next(end).is_none());
        closes.clear();
        assert!(matches!(pacing.next(end), Some(Waits::Break(FileId(2)))));
        assert!(pacing.pause().is_none());
    }

    #[test]
    fn nobody_waits_where_nobody_is_stopped() {
        let pacing = Pacing::new(Attackers::Note);
        let _closes: Vec<_> = (0..2 * AT_ONCE).map(|_| pacing.count()).collect();
        assert!(!pacing.is_crowded());
    }

    #[test]
    fn only_unknown_writers_are_paced() {
        assert_eq!(Paced::of(Intent::Write, Standing::Unknown), Paced::Yes);
        assert_eq!(Paced::of(Intent::Write, Standing::Known), Paced::No);
        assert_eq!(Paced::of(Intent::Read, Standing::Unknown), Paced::No);
    }
}
