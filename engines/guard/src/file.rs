//! What the law remembers of one file.

use std::{collections::VecDeque, time::Duration};

use hygie_model::Mono;

use crate::words::{Ask, Hold, Standing, State, Urgency};

/// A call that waits for a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) ask: Ask,
    pub(crate) standing: Standing,
    pub(crate) deadline: Mono,
    /// The copy of this state, or of a later one, begins after the call was held.
    pub(crate) needs: State,
}

/// A copy that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Copying {
    pub(crate) state: State,
    pub(crate) urgency: Urgency,
    /// The lease is held since before the copy began: nobody writes meanwhile.
    pub(crate) proof: Proof,
}

/// Whether a lease that the guard holds spans a copy from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It does.
    Lease,
    /// It does not, or was let go since.
    None,
}

/// Whether the content may have moved on since the present state was numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motion {
    /// It is as it was.
    Rest,
    /// Somebody may be writing.
    Flux,
}

/// Whether the file still has a name in a protected folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// It has.
    Some,
    /// The last is gone.
    Gone,
}

#[derive(Debug)]
pub(crate) struct FileState {
    pub(crate) state: State,
    /// The newest state that no writer may pass before it is kept: a close, or what was found.
    /// States numbered after it are what held opens see.
    pub(crate) closed: State,
    /// The newest state that has a copy; `None` before the first.
    pub(crate) kept: Option<State>,
    pub(crate) motion: Motion,
    pub(crate) hold: Hold,
    /// The number of its lease, while the law counts one.
    pub(crate) lease: Option<u64>,
    /// Whether the mark on the file system leaves this file out.
    pub(crate) ignored: bool,
    pub(crate) linked: bool,
    pub(crate) names: Names,
    pub(crate) copying: Option<Copying>,
    /// In the order in which they came, which is that of their deadlines and needs.
    pub(crate) waiting: VecDeque<Waiting>,
    /// Somebody waits for the lease although the state has no copy; until then.
    pub(crate) broken: Option<Mono>,
    /// When to look whether it has come to rest, and how long that pause was.
    pub(crate) settle: Option<(Mono, Duration)>,
    /// It was told as uncovered.
    pub(crate) told: bool,
}

impl FileState {
    pub(crate) fn new(state: State) -> Self {
        Self {
            state,
            closed: state,
            kept: None,
            motion: Motion::Rest,
            hold: Hold::Bare,
            lease: None,
            ignored: false,
            linked: false,
            names: Names::Some,
            copying: None,
            waiting: VecDeque::new(),
            broken: None,
            settle: None,
            told: false,
        }
    }

    /// The last numbered state has a copy.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept == Some(self.state)
    }

    /// The content of this very moment has a copy.
    pub(crate) fn is_safe(&self) -> bool {
        self.is_kept() && self.motion == Motion::Rest
    }

    /// A copy under way may have read what was there before this moment.
    pub(crate) fn may_have_moved(&self) -> bool {
        self.motion == Motion::Flux
            && self
                .copying
                .map_or(self.is_kept(), |copying| copying.state == self.state)
    }

    /// Somebody waits for a copy.
    pub(crate) fn is_awaited(&self) -> bool {
        !self.waiting.is_empty() || self.broken.is_some()
    }
}
