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

/// Calls in the order in which they came; hardly any file has one.
#[derive(Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "nearly always nobody waits, and then it is a quarter of the size"
)]
pub(crate) struct Line(Option<Box<VecDeque<Waiting>>>);

impl Line {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn front(&self) -> Option<&Waiting> {
        self.0.as_ref()?.front()
    }

    pub(crate) fn push_back(&mut self, one: Waiting) {
        self.0.get_or_insert_default().push_back(one);
    }

    pub(crate) fn pop_front_if(
        &mut self,
        pleases: impl FnOnce(&mut Waiting) -> bool,
    ) -> Option<Waiting> {
        let line = self.0.as_mut()?;
        let first = line.pop_front_if(pleases);
        if line.is_empty() {
            self.0 = None;
        }
        first
    }
}

impl IntoIterator for Line {
    type Item = Waiting;
    type IntoIter = std::collections::vec_deque::IntoIter<Waiting>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.map_or_else(VecDeque::new, |line| *line).into_iter()
    }
}

/// What few files have at a time, kept apart so that the others do not make room for it.
#[derive(Debug)]
pub(crate) struct Rare<T>(Option<Box<T>>);

impl<T: Copy> Rare<T> {
    pub(crate) fn get(&self) -> Option<T> {
        self.0.as_deref().copied()
    }

    pub(crate) fn take(&mut self) -> Option<T> {
        self.0.take().map(|boxed| *boxed)
    }

    pub(crate) fn replace(&mut self, with: T) -> Option<T> {
        self.0.replace(Box::new(with)).map(|boxed| *boxed)
    }
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
    pub(crate) waiting: Line,
    /// Somebody waits for the lease although the state has no copy; until then.
    pub(crate) broken: Option<Mono>,
    /// When to look whether it has come to rest, and how long that pause was.
    pub(crate) settle: Rare<(Mono, Duration)>,
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
            waiting: Line::default(),
            broken: None,
            settle: Rare(None),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A guard remembers one of these a file: hundreds of thousands.
    #[test]
    fn a_file_takes_little_room() {
        assert!(size_of::<FileState>() <= 112, "{}", size_of::<FileState>());
    }
}
