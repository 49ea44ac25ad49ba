//! Pairs the closes of a file with the copies of what they left: the kernel tells who closed, the copy what it became.
//! Copies and closes overtake each other; both carry the law's number of the state, and that decides.

use std::{collections::HashMap, time::Duration};

use hygie_acts::Left;
use hygie_guard::State;
use hygie_model::{ContentHash, FileId, Mono};

use super::{Look, Spot, people::Person};
use crate::guard::Unjudged;

/// A writable descriptor was closed.
pub(super) struct Close {
    /// The number that this gave to what the file holds.
    pub(super) state: State,
    pub(super) who: Option<Person>,
    /// Where the file had a name.
    pub(super) spot: Option<Spot>,
    /// Counts until it is paired.
    pub(super) _unjudged: Option<Unjudged>,
}

/// A state was copied.
#[derive(Debug)]
pub(crate) struct Copy {
    /// It holds what was closed under this number and all lower ones.
    pub(crate) state: State,
    pub(crate) left: Left,
    pub(crate) is: ContentHash,
    /// How the state before looked, and how this one looks; `None`: there is none, or it could not be read.
    pub(crate) before: Option<Box<Look>>,
    pub(crate) after: Option<Box<Look>>,
}

impl Copy {
    fn is_news(&self) -> bool {
        self.left.before.is_none_or(|was| was.content != self.is)
    }
}

/// What is known of a file once a copy and its closes are together.
#[derive(Default)]
pub(super) struct Paired {
    /// The changes, the earliest first; of nobody known where `None`.
    pub(super) changes: Vec<(Option<Person>, Left)>,
    /// The same for the engine: by whom, where, from what to what.
    pub(super) act: Option<Act>,
    /// Nothing is awaited of this file any more.
    pub(super) over: bool,
}

pub(super) struct Act {
    pub(super) who: Person,
    pub(super) spot: Spot,
    pub(super) before: Option<Box<Look>>,
    pub(super) after: Box<Look>,
}

/// All files of which a close or a copy waits for the other.
#[derive(Default)]
pub(super) struct Pairs(HashMap<FileId, Pair>);

#[derive(Default)]
struct Pair {
    closes: Vec<Close>,
    /// Copies of what nobody has closed yet: somebody else wanted to open the file, or the close is told later.
    orphans: Vec<Copy>,
    /// The content of the copy that was told last: one that the store could not take is made again.
    latest: Option<ContentHash>,
    /// Up to this state it is copied, or needs no copy.
    copied: Option<State>,
    touched: Mono,
}

impl Pairs {
    /// A close; `settled`: what it left has a copy already.
    pub(super) fn closed(
        &mut self,
        file: FileId,
        close: Close,
        settled: bool,
        now: Mono,
    ) -> Paired {
        let pair = self.0.entry(file).or_default();
        pair.touched = now;
        if !settled && pair.copied < Some(close.state) {
            if pair.closes.len() >= MOST_CLOSES {
                pair.closes.pop();
            }
            pair.closes.push(close);
            return Paired::default();
        }
        pair.settle(vec![close], None)
    }

    /// A copy.
    pub(super) fn copied(&mut self, file: FileId, copy: Copy, now: Mono) -> Paired {
        let pair = self.0.entry(file).or_default();
        pair.touched = now;
        let again = pair.latest.replace(copy.is) == Some(copy.is);
        let closes = pair.reached(copy.state);
        if !closes.is_empty() {
            return pair.settle(closes, Some(copy));
        }
        if !again && copy.is_news() {
            pair.orphans.push(copy);
        }
        Paired {
            over: pair.closes.is_empty(),
            ..Paired::default()
        }
    }

    /// The file rests, or is gone, and what was closed under this number brought nothing to copy.
    pub(super) fn rested(&mut self, file: FileId, state: State, now: Mono) -> Paired {
        let Some(pair) = self.0.get_mut(&file) else {
            return Paired::default();
        };
        pair.touched = now;
        let closes = pair.reached(state);
        if closes.is_empty() {
            return Paired::default();
        }
        pair.settle(closes, None)
    }

    /// Whether a copy of what was closed is still to come.
    pub(super) fn is_awaited(&self, file: FileId) -> bool {
        self.0
            .get(&file)
            .is_some_and(|pair| !pair.closes.is_empty())
    }

    /// Whether a copy of something is still to come that one of these closed.
    pub(super) fn owes(&self, mut is_theirs: impl FnMut(&Person) -> bool) -> bool {
        let mut closes = self.0.values().flat_map(|pair| &pair.closes);
        closes.any(|close| close.who.as_ref().is_some_and(&mut is_theirs))
    }

    /// Gives up on what has waited for too long: changes of nobody known.
    pub(super) fn give_up(&mut self, now: Mono) -> Vec<(FileId, Left)> {
        let mut nobodys = Vec::new();
        self.0.retain(|file, pair| {
            let keep = now.since(pair.touched) < PAIRED_WITHIN;
            if !keep {
                nobodys.extend(pair.orphans.drain(..).map(|copy| (*file, copy.left)));
            }
            keep
        });
        nobodys
    }
}

impl Pair {
    /// The closes that wait for no copy any more.
    fn reached(&mut self, up_to: State) -> Vec<Close> {
        self.copied = self.copied.max(Some(up_to));
        let (ready, rest) = std::mem::take(&mut self.closes)
            .into_iter()
            .partition(|close| close.state <= up_to);
        self.closes = rest;
        ready
    }

    /// These closes left what was copied: this copy, and those before of which nobody had told.
    fn settle(&mut self, closes: Vec<Close>, copy: Option<Copy>) -> Paired {
        let orphans = std::mem::take(&mut self.orphans);
        let over = self.closes.is_empty();
        let mut changes = Vec::new();
        let first = closes.first().and_then(|close| close.who.clone());
        changes.extend(orphans.iter().map(|orphan| (first.clone(), orphan.left)));
        if let Some(copy) = &copy {
            let mut last = None;
            for close in &closes {
                let family = close.who.as_ref().map(|who| who.family);
                if last.replace(family) != Some(family) {
                    changes.push((close.who.clone(), copy.left));
                }
            }
        }
        let mut copies = orphans.into_iter().chain(copy);
        let looks = copies.next().map(|first| match copies.last() {
            Some(last) => (first.before, last.after),
            None => (first.before, first.after),
        });
        let closer = closes.into_iter().next_back();
        let act = match (looks, closer) {
            (
                Some((before, Some(after))),
                Some(Close {
                    who: Some(who),
                    spot: Some(spot),
                    ..
                }),
            ) => Some(Act {
                who,
                spot,
                before,
                after,
            }),
            _ => None,
        };
        Paired { changes, act, over }
    }
}

/// Closes of one file that wait for one copy; of more, the first ones and the last one count.
const MOST_CLOSES: usize = 64;
/// A close without a copy, for so long, brought no new state; a copy without a close is nobody's.
const PAIRED_WITHIN: Duration = Duration::from_secs(120);

#[cfg(test)]
mod tests;
