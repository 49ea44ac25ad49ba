//! What the law remembers of one file.

use std::time::Duration;

use hygie_model::Mono;

use crate::words::{Ask, Hold, Standing, State, Urgency};

/// A call that waits for a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) ask: Ask,
    pub(crate) standing: Standing,
    pub(crate) deadline: Mono,
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
    /// The newest state that has a copy; `None` before the first.
    pub(crate) kept: Option<State>,
    pub(crate) motion: Motion,
    pub(crate) hold: Hold,
    /// Whether the mark on the file system leaves this file out.
    pub(crate) ignored: bool,
    pub(crate) linked: bool,
    pub(crate) names: Names,
    pub(crate) copying: Option<(State, Urgency)>,
    pub(crate) waiting: Vec<Waiting>,
    /// Somebody waits for the lease although the state has no copy; until then.
    pub(crate) broken: Option<Mono>,
    /// When to look whether it has come to rest, and how long to wait after that.
    pub(crate) settle: Option<(Mono, Duration)>,
    /// It was told as uncovered.
    pub(crate) told: bool,
}

impl FileState {
    pub(crate) fn new(hold: Hold) -> Self {
        Self {
            state: State(1),
            kept: None,
            motion: Motion::Rest,
            hold,
            ignored: false,
            linked: false,
            names: Names::Some,
            copying: None,
            waiting: Vec::new(),
            broken: None,
            settle: None,
            told: false,
        }
    }

    /// The last closed or held state has a copy.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept == Some(self.state)
    }

    /// The content of this very moment has a copy.
    pub(crate) fn is_safe(&self) -> bool {
        self.is_kept() && self.motion == Motion::Rest
    }

    pub(crate) fn next_state(&mut self) {
        self.state = State(self.state.0 + 1);
    }
}
