//! The kernel as far as the law leans on it: inodes, names, descriptors, leases, marks, held calls.
//! Each rule is measured in the facts (linux-file-holds.md, linux-hold-costs.md).

use hygie_model::Mono;

use super::{
    duties::{Actor, Duty, LetGo},
    world::World,
};

/// Two blocks, so that a copy can be torn and a change can be partial.
pub(super) type Content = [u32; 2];
pub(super) const EMPTY: Content = [0, 0];

/// Size and times, as far as they tell a change: of content, of anything.
pub(super) type Print = (u64, u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LeaseId(pub(super) u64);

#[derive(Debug)]
pub(super) struct KernelLease {
    pub(super) id: LeaseId,
    /// Since when somebody waits for it.
    pub(super) wanted: Option<Mono>,
    /// When the guard heard of that.
    pub(super) heard: Option<Mono>,
}

#[derive(Debug, Default)]
pub(super) struct Inode {
    pub(super) content: Content,
    pub(super) print: Print,
    pub(super) inside: Vec<u8>,
    pub(super) outside: Vec<u8>,
    /// It has a name in the keep folder.
    pub(super) keep: bool,
    pub(super) near: bool,
    /// The wide mark leaves it out.
    pub(super) spared: bool,
    pub(super) leases: Vec<KernelLease>,
    /// Writers that are closed but still counted.
    pub(super) lag: usize,
    pub(super) duty: Option<Duty>,
    pub(super) freed: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Desc {
    pub(super) inode: usize,
    pub(super) process: u8,
    pub(super) write: bool,
    /// Its changes are held while there is a near mark: it was opened under one.
    pub(super) gated: bool,
    pub(super) mapped: bool,
    pub(super) actor: Actor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Near,
    Wide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    First,
    Second,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Open {
        write: bool,
        empty: bool,
        nonblock: bool,
    },
    Write {
        desc: usize,
        part: Part,
    },
    Map {
        desc: usize,
    },
    Read,
    Truncate {
        whole: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    Perm(Group),
    Lease,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    No,
    Answer,
    Lease,
}

/// A system call under way.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: u64,
    pub(super) process: u8,
    pub(super) inode: usize,
    pub(super) act: Act,
    pub(super) gates: Vec<Gate>,
    pub(super) waits: Waits,
    pub(super) actor: Actor,
    pub(super) gated: bool,
    /// What the file held while this call was held.
    pub(super) seen: Vec<Content>,
    /// It went by a name in a protected folder.
    pub(super) by_inside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Held { call: u64, inode: usize },
    Closed { process: u8, inode: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameEvent {
    Came {
        slot: u8,
        inode: usize,
    },
    Went {
        slot: u8,
    },
    Moved {
        from: Option<u8>,
        to: Option<u8>,
        inode: usize,
    },
}

impl World {
    pub(super) fn tick(&mut self) -> u64 {
        self.ticks += 1;
        self.ticks
    }

    /// Content that was nowhere before.
    pub(super) fn fresh(&mut self) -> u32 {
        u32::try_from(self.tick()).unwrap_or(u32::MAX)
    }

    pub(super) fn named(&self, slot: u8) -> Option<usize> {
        self.inodes
            .iter()
            .position(|inode| inode.inside.contains(&slot))
    }

    pub(super) fn named_outside(&self, slot: u8) -> Option<usize> {
        self.inodes
            .iter()
            .position(|inode| inode.outside.contains(&slot))
    }

    /// Open for writing, as a request for a lease sees it; a call that waits at its open counts.
    pub(super) fn has_writer(&self, inode: usize) -> bool {
        self.inodes[inode].lag > 0
            || self
                .descs
                .iter()
                .flatten()
                .any(|desc| desc.inode == inode && desc.write)
            || self.calls.iter().any(|call| {
                call.inode == inode
                    && match call.act {
                        Act::Open { write, .. } => write,
                        Act::Truncate { .. } => {
                            !call.gates.iter().any(|gate| matches!(gate, Gate::Perm(_)))
                                && call.waits != Waits::Answer
                        }
                        Act::Write { .. } | Act::Map { .. } | Act::Read => false,
                    }
            })
    }

    pub(super) fn ask_lease(&mut self, inode: usize) -> Option<LeaseId> {
        if self.has_writer(inode) || self.inodes[inode].freed {
            return None;
        }
        let id = LeaseId(self.tick());
        self.inodes[inode].leases.push(KernelLease {
            id,
            wanted: None,
            heard: None,
        });
        Some(id)
    }

    /// Whether a lease is broken, or was taken back.
    pub(super) fn is_broken(&self, id: LeaseId) -> bool {
        !self
            .inodes
            .iter()
            .flat_map(|inode| &inode.leases)
            .any(|lease| lease.id == id && lease.wanted.is_none())
    }

    pub(super) fn drop_lease(&mut self, id: LeaseId) {
        for inode in 0..self.inodes.len() {
            self.inodes[inode].leases.retain(|lease| lease.id != id);
            self.let_waiters_go(inode);
            self.free_if_gone(inode);
        }
    }

    fn let_waiters_go(&mut self, inode: usize) {
        if !self.inodes[inode].leases.is_empty() {
            return;
        }
        for at in 0..self.calls.len() {
            if self.calls[at].inode == inode && self.calls[at].waits == Waits::Lease {
                self.calls[at].waits = Waits::No;
                self.check_let_go(at, LetGo::ByLease);
            }
        }
    }

    /// The kernel waits for a broken lease only so long.
    pub(super) fn force_leases(&mut self) {
        let now = self.now;
        for inode in 0..self.inodes.len() {
            let is_over = |lease: &KernelLease| {
                lease
                    .wanted
                    .is_some_and(|at| now.since(at) >= super::world::KERNEL_BOUND)
            };
            if self.inodes[inode].leases.iter().any(is_over) {
                self.inodes[inode].leases.retain(|lease| !is_over(lease));
                self.let_waiters_go(inode);
            }
        }
    }

    pub(super) fn begin(&mut self, process: u8, inode: usize, act: Act, by_inside: bool) {
        let since = self.tick();
        let node = &self.inodes[inode];
        let mut gates = Vec::new();
        let mut actor = Actor::new(since);
        let mut gated = false;
        match act {
            Act::Open { write, .. } => {
                let hidden = !by_inside && self.outside_ignored;
                actor.hidden = hidden && !node.near && node.leases.is_empty();
                let mut asks = Vec::new();
                if !node.spared && !hidden {
                    asks.push(Gate::Perm(Group::Wide));
                }
                if node.near {
                    asks.push(Gate::Perm(Group::Near));
                    gated = self.setting.pre_access;
                }
                if self.setting.near_first {
                    asks.reverse();
                }
                gates = asks;
                if write {
                    gates.push(Gate::Lease);
                }
            }
            Act::Truncate { .. } => {
                actor.truncates = true;
                if node.near && self.setting.pre_access {
                    gates.push(Gate::Perm(Group::Near));
                }
                gates.push(Gate::Lease);
            }
            Act::Write { desc, .. } | Act::Map { desc } => {
                let Some(open) = self.descs[desc] else { return };
                if open.gated && node.near {
                    gates.push(Gate::Perm(Group::Near));
                } else {
                    actor = open.actor;
                }
            }
            Act::Read => gates.push(Gate::Perm(Group::Near)),
        }
        let call = Call {
            id: since,
            process,
            inode,
            act,
            gates,
            waits: Waits::No,
            actor,
            gated,
            seen: Vec::new(),
            by_inside,
        };
        self.calls.push(call);
    }

    /// One step of one call, if it does not wait.
    pub(super) fn step(&mut self, at: usize) {
        let Some(call) = self.calls.get_mut(at) else {
            return;
        };
        if call.waits != Waits::No {
            return;
        }
        let (id, inode) = (call.id, call.inode);
        match call.gates.first().copied() {
            Some(Gate::Perm(group)) => {
                call.gates.remove(0);
                call.waits = Waits::Answer;
                call.seen = vec![self.inodes[inode].content];
                let event = Event::Held { call: id, inode };
                match group {
                    Group::Near => self.near.push_back(event),
                    Group::Wide => self.wide.push_back(event),
                }
            }
            Some(Gate::Lease) => self.step_lease(at),
            None => {
                let call = self.calls.remove(at);
                self.act(&call);
                self.free_if_gone(inode);
            }
        }
    }

    fn step_lease(&mut self, at: usize) {
        let now = self.now;
        let call = &mut self.calls[at];
        let node = &mut self.inodes[call.inode];
        if node.leases.is_empty() {
            call.gates.remove(0);
            return;
        }
        for lease in &mut node.leases {
            if lease.wanted.is_none() {
                lease.wanted = Some(now);
                self.signals.push_back(lease.id);
            }
        }
        if matches!(call.act, Act::Open { nonblock: true, .. }) {
            let inode = call.inode;
            self.calls.remove(at);
            return self.free_if_gone(inode);
        }
        call.waits = Waits::Lease;
        call.seen = vec![node.content];
    }

    fn act(&mut self, call: &Call) {
        let inode = call.inode;
        match call.act {
            Act::Open { write, empty, .. } => {
                self.descs.push(Some(Desc {
                    inode,
                    process: call.process,
                    write,
                    gated: call.gated,
                    mapped: false,
                    actor: call.actor,
                }));
                if empty {
                    self.change(inode, EMPTY, &call.actor, Quiet::No);
                }
            }
            Act::Write { desc, part } => {
                if self.descs[desc].is_some_and(|open| open.write) {
                    let content = self.changed(inode, part);
                    self.change(inode, content, &call.actor, Quiet::No);
                }
            }
            Act::Map { desc } => {
                if let Some(open) = &mut self.descs[desc] {
                    open.mapped = true;
                }
            }
            Act::Read => {}
            Act::Truncate { whole } => {
                let was = self.inodes[inode].content;
                let content = if whole { EMPTY } else { [was[0], 0] };
                self.change(inode, content, &call.actor, Quiet::No);
            }
        }
    }

    fn changed(&mut self, inode: usize, part: Part) -> Content {
        let fresh = self.fresh();
        let was = self.inodes[inode].content;
        match part {
            Part::Whole => [fresh, fresh],
            Part::First => [fresh, was[1]],
            Part::Second => [was[0], fresh],
        }
    }

    /// A store through a mapping: held by nothing; its times may stay as they were.
    pub(super) fn store_mapped(&mut self, desc: usize, part: Part, quiet: Quiet) {
        let Some(open) = self.descs[desc].filter(|open| open.mapped && open.write) else {
            return;
        };
        let content = self.changed(open.inode, part);
        self.change(open.inode, content, &open.actor, quiet);
    }

    fn change(&mut self, inode: usize, content: Content, actor: &Actor, quiet: Quiet) {
        self.check_loss(inode, Some(actor));
        let stamp = self.tick();
        let node = &mut self.inodes[inode];
        node.content = content;
        node.duty = None;
        if quiet == Quiet::No {
            node.print = (stamp, stamp);
        }
        for call in &mut self.calls {
            if call.inode == inode && call.waits != Waits::No {
                call.seen.push(content);
            }
        }
    }

    pub(super) fn close(&mut self, desc: usize) {
        let busy = self.calls.iter().any(|call| match call.act {
            Act::Write { desc: used, .. } | Act::Map { desc: used } => used == desc,
            Act::Open { .. } | Act::Truncate { .. } | Act::Read => false,
        });
        let Some(open) = self.descs[desc].filter(|_| !busy) else {
            return;
        };
        self.descs[desc] = None;
        let inode = open.inode;
        if open.write {
            self.inodes[inode].lag += 1;
            self.closed_state(inode, &open.actor);
            let event = Event::Closed {
                process: open.process,
                inode,
            };
            // What is not read yet and of the same process is one event.
            if self.inodes[inode].near && !self.near.contains(&event) {
                self.near.push_back(event);
            }
        }
        self.free_if_gone(inode);
    }

    /// An inode ends with its last name, descriptor and user; its content is lost then.
    pub(super) fn free_if_gone(&mut self, inode: usize) {
        let node = &self.inodes[inode];
        let queued = |event: &Event| match event {
            Event::Held { inode: of, .. } | Event::Closed { inode: of, .. } => *of == inode,
        };
        let used = !node.inside.is_empty()
            || !node.outside.is_empty()
            || node.keep
            || !node.leases.is_empty()
            || self.descs.iter().flatten().any(|desc| desc.inode == inode)
            || self.calls.iter().any(|call| call.inode == inode)
            || self.near.iter().chain(&self.wide).any(queued)
            || self.jobs.iter().any(|job| job.reads(inode));
        if used || node.freed {
            return;
        }
        self.check_loss(inode, None);
        let node = &mut self.inodes[inode];
        node.freed = true;
        node.lag = 0;
        (node.near, node.spared) = (false, false);
    }

    /// Changed what is told of it, not what it holds.
    pub(super) fn touch(&mut self, inode: usize) {
        self.inodes[inode].print.1 = self.tick();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quiet {
    No,
    Yes,
}
