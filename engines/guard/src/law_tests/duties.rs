//! What must never be lost, and the holes that are known: each loss is one of them or a failure.

use super::{
    kernel::{Act, Call, Content, EMPTY},
    world::World,
};

/// Why a state may be lost all the same. ARCHITECTURE.md lists the same holes in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hole {
    /// A program that was let in, or had begun, before the state came to be overwrites it unheld:
    /// two writers at once, two opens released at the same moment, a mapping.
    AlreadyIn,
    /// It was let in at the bound, or without room, and that was told.
    Told,
    /// Truncation by path of a state that has neither copy nor lease, without PRE_ACCESS.
    TruncatedByPath,
    /// The file came in by its name and was changed or removed before the guard saw that.
    NotSeenYet,
    /// It was opened through a name outside, in a folder that the wide mark leaves out, while it
    /// had neither a lease nor a mark of its own.
    NameOutside,
    /// What a held open saw was being changed by a writer that was in already.
    TornByWriter,
}

/// Who changes a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
    /// When its call, or the open that gave it the descriptor, began.
    pub(super) since: u64,
    /// It was let in without a copy, and that was told.
    pub(super) told: bool,
    pub(super) truncates: bool,
    /// No mark saw its open.
    pub(super) hidden: bool,
}

impl Actor {
    pub(super) fn new(since: u64) -> Self {
        Self {
            since,
            told: false,
            truncates: false,
            hidden: false,
        }
    }
}

/// The present content is a state that must come back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Duty {
    pub(super) since: u64,
    /// The guard knew the file when the state came to be.
    pub(super) known: bool,
    /// Its writer was seen by no mark.
    pub(super) hidden: bool,
    /// When it was told as without copy.
    pub(super) told: Option<u64>,
}

impl World {
    pub(super) fn is_stored(&self, content: Content) -> bool {
        content == EMPTY || self.store.contains(&content)
    }

    fn hole(&mut self, hole: Hole) {
        *self.holes.entry(hole).or_default() += 1;
    }

    /// The guard said that the present state has no copy.
    pub(super) fn told_state(&mut self, inode: usize) {
        let now = self.tick();
        if let Some(duty) = &mut self.inodes[inode].duty {
            duty.told = Some(now);
        }
    }

    /// The guard found the file: what it holds now is a state.
    pub(super) fn found_state(&mut self, inode: usize) {
        let since = self.tick();
        let node = &mut self.inodes[inode];
        if !node.inside.is_empty() && node.duty.is_none_or(|duty| !duty.known) {
            node.duty = Some(Duty {
                since,
                known: true,
                hidden: false,
                told: None,
            });
        }
    }

    /// A writer closed the file: what it holds now is a state, if it lies in a protected folder.
    pub(super) fn closed_state(&mut self, inode: usize, actor: &Actor) {
        let since = self.tick();
        let known = self.knows(inode);
        let node = &mut self.inodes[inode];
        if !node.inside.is_empty() && node.duty.is_none_or(|duty| !duty.known) {
            node.duty = Some(Duty {
                since,
                known,
                hidden: actor.hidden,
                told: None,
            });
        }
    }

    /// The present content is about to go: by `actor`, or with the inode.
    pub(super) fn check_loss(&mut self, inode: usize, actor: Option<&Actor>) {
        let node = &self.inodes[inode];
        let Some(duty) = node.duty else { return };
        if self.is_stored(node.content) {
            return;
        }
        let hole = match actor {
            _ if !duty.known => Some(Hole::NotSeenYet),
            _ if duty.hidden => Some(Hole::NameOutside),
            Some(actor) if duty.told.is_some_and(|told| actor.since < told) => Some(Hole::Told),
            Some(actor) if actor.since < duty.since => Some(Hole::AlreadyIn),
            Some(actor) if actor.truncates && !self.setting.pre_access => {
                Some(Hole::TruncatedByPath)
            }
            Some(actor) if actor.hidden => Some(Hole::NameOutside),
            Some(_) | None => None,
        };
        let content = node.content;
        match hole {
            Some(hole) => self.hole(hole),
            None => panic!("state {content:?} of inode {inode} lost by {actor:?}, was {duty:?}"),
        }
    }

    /// A call goes on that was held by an answer or by a lease: what the file held meanwhile has a
    /// copy, and so has the state that was there when it came.
    ///
    /// What was told as without copy excuses a known program, and whoever waited for a lease.
    pub(super) fn check_let_go(&mut self, at: usize, by: LetGo) {
        let call = &self.calls[at];
        let inode = &self.inodes[call.inode];
        let now = inode.content;
        if call.actor.told || !call.by_inside {
            return;
        }
        let told = by == LetGo::ByLease && inode.duty.is_some_and(|duty| duty.told.is_some());
        if told {
            return;
        }
        let late = inode.duty.is_some_and(|duty| {
            duty.known && !duty.hidden && duty.since < call.actor.since && !self.is_stored(now)
        });
        let excused = call.actor.truncates && !self.setting.pre_access;
        assert!(
            !late || excused,
            "{call:?} went on over the state {now:?}, which has no copy"
        );
        if is_held_open(call) && self.knows(call.inode) {
            let saved = call.seen.iter().any(|content| self.is_stored(*content));
            match call.seen.len() {
                _ if saved => {}
                1 => panic!("{call:?} went on; what it would change has no copy"),
                _ => self.hole(Hole::TornByWriter),
            }
        }
    }
}

/// What held a call that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LetGo {
    ByAnswer,
    ByLease,
}

fn is_held_open(call: &Call) -> bool {
    matches!(
        call.act,
        Act::Open { write: true, .. } | Act::Open { empty: true, .. }
    )
}
