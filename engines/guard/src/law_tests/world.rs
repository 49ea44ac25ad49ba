//! The whole model: kernel, guard, copier, store; and what a trace may do.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use hygie_model::{FileId, Mono};

use super::{
    agent::{Agent, Node, Pending},
    copier::{Job, News},
    duties::Hole,
    kernel::{Act, Call, Content, Desc, Event, Inode, LeaseId, NameEvent, Part, Quiet},
};
use crate::{Ask, Found, Hold, Law, Limits};

pub(super) const BOUND: Duration = Duration::from_secs(4);
/// `fs.lease-break-time`.
pub(super) const KERNEL_BOUND: Duration = Duration::from_secs(5);

/// What differs between machines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) pre_access: bool,
    pub(super) near_first: bool,
    pub(super) leases: usize,
}

/// How a file is at the start.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    KeptLeased,
    KeptBare,
    Leased,
    Bare,
    /// A process has it open for writing.
    Open,
}

/// One step of a trace.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Create {
        process: u8,
        slot: u8,
    },
    Open {
        process: u8,
        slot: u8,
        write: bool,
        empty: bool,
        nonblock: bool,
    },
    OpenOutside {
        process: u8,
        slot: u8,
        write: bool,
        empty: bool,
    },
    Write {
        desc: u8,
        part: Part,
    },
    Map {
        desc: u8,
    },
    Store {
        desc: u8,
        part: Part,
        quiet: bool,
    },
    Read {
        desc: u8,
    },
    Close {
        desc: u8,
    },
    Truncate {
        process: u8,
        slot: u8,
        whole: bool,
    },
    Touch {
        slot: u8,
    },
    Unlink {
        slot: u8,
    },
    Rename {
        from: u8,
        to: u8,
    },
    Link {
        from: u8,
        to: u8,
    },
    MoveOut {
        from: u8,
        to: u8,
    },
    MoveIn {
        from: u8,
        to: u8,
    },
    LinkOut {
        from: u8,
        to: u8,
    },
    CreateOutside {
        slot: u8,
    },
    UnlinkOutside {
        slot: u8,
    },
    /// A call goes on by a step.
    Step {
        call: u8,
    },
    /// The guard handles an event.
    Near,
    Wide,
    Names {
        count: u8,
    },
    Signal,
    News,
    /// The kernel has counted a closed writer out.
    Settled,
    Copy {
        job: u8,
    },
    Wait {
        millis: u16,
    },
    Room {
        enough: bool,
    },
    Readable {
        yes: bool,
    },
    /// A break that nobody caused.
    Stray {
        slot: u8,
    },
    /// Everything that can happen without time passing happens.
    Calm,
}

pub(super) struct World {
    pub(super) setting: Setting,
    pub(super) now: Mono,
    pub(super) ticks: u64,
    pub(super) inodes: Vec<Inode>,
    pub(super) descs: Vec<Option<Desc>>,
    pub(super) calls: Vec<Call>,
    pub(super) near: VecDeque<Event>,
    pub(super) wide: VecDeque<Event>,
    pub(super) names: VecDeque<NameEvent>,
    pub(super) signals: VecDeque<LeaseId>,
    /// The folder outside is left out of the wide mark.
    pub(super) outside_ignored: bool,
    pub(super) law: Law,
    pub(super) agent: Agent,
    pub(super) jobs: Vec<Job>,
    pub(super) news: VecDeque<News>,
    pub(super) store: BTreeSet<Content>,
    pub(super) room: bool,
    pub(super) readable: bool,
    pub(super) holes: BTreeMap<Hole, u64>,
    /// Actions of the law so far.
    pub(super) acted: u64,
}

pub(super) fn pick(number: u8, len: usize) -> Option<usize> {
    (len > 0).then(|| usize::from(number) % len)
}

impl World {
    pub(super) fn new(setting: Setting, files: &[Start]) -> Self {
        let mut world = Self {
            setting,
            now: Mono(1_000_000_000),
            ticks: 0,
            inodes: Vec::new(),
            descs: Vec::new(),
            calls: Vec::new(),
            near: VecDeque::new(),
            wide: VecDeque::new(),
            names: VecDeque::new(),
            signals: VecDeque::new(),
            outside_ignored: false,
            law: Law::new(Limits {
                bound: BOUND,
                leases: setting.leases,
            }),
            agent: Agent::default(),
            jobs: Vec::new(),
            news: VecDeque::new(),
            store: BTreeSet::new(),
            room: true,
            readable: true,
            holes: BTreeMap::new(),
            acted: 0,
        };
        for (slot, start) in (0..).zip(files) {
            world.walk_meets(slot, *start);
        }
        world
    }

    fn walk_meets(&mut self, slot: u8, start: Start) {
        let fresh = u32::try_from(self.tick()).unwrap();
        let inode = self.inodes.len();
        self.inodes.push(Inode {
            content: [fresh, fresh],
            print: (u64::from(fresh), u64::from(fresh)),
            inside: vec![slot],
            ..Inode::default()
        });
        if matches!(start, Start::Open) {
            let act = Act::Open {
                write: true,
                empty: false,
                nonblock: false,
            };
            self.begin(1, inode, act, true);
            self.calls.last_mut().unwrap().gates.clear();
            self.step(0);
        }
        let file = self.adopt(inode);
        self.born(slot, file);
        let (found, wants_lease) = match start {
            Start::KeptLeased => (Found::Kept, true),
            Start::KeptBare => (Found::Kept, false),
            Start::Leased => (Found::NotKept, true),
            Start::Bare => (Found::NotKept, false),
            Start::Open => (Found::Open, false),
        };
        if found == Found::Kept {
            self.store.insert([fresh, fresh]);
            self.agent.nodes.get_mut(&file).unwrap().print = Some(self.inodes[inode].print);
        } else {
            self.inodes[inode].keep = true;
        }
        let mut hold = Hold::Bare;
        if wants_lease && self.law.counts().leases < self.setting.leases {
            let lease = self.ask_lease(inode).unwrap();
            self.take_lease(file, lease);
            hold = Hold::Leased;
        }
        self.found_state(inode);
        self.law.handle_found(file, found, hold, self.now);
        self.obey();
    }

    pub(super) fn knows(&self, inode: usize) -> bool {
        self.agent
            .by_inode
            .get(&inode)
            .is_some_and(|file| self.law.knows(*file))
    }

    pub(super) fn apply(&mut self, op: Op) {
        match op {
            Op::Create { process, slot } => self.create(process, slot),
            Op::Open {
                process,
                slot,
                write,
                empty,
                nonblock,
            } => {
                if let Some(inode) = self.named(slot) {
                    self.begin(
                        process,
                        inode,
                        Act::Open {
                            write,
                            empty,
                            nonblock,
                        },
                        true,
                    );
                }
            }
            Op::OpenOutside {
                process,
                slot,
                write,
                empty,
            } => {
                if let Some(inode) = self.named_outside(slot) {
                    let act = Act::Open {
                        write,
                        empty,
                        nonblock: false,
                    };
                    self.begin(process, inode, act, false);
                }
            }
            Op::Truncate {
                process,
                slot,
                whole,
            } => {
                if let Some(inode) = self.named(slot) {
                    self.begin(process, inode, Act::Truncate { whole }, true);
                }
            }
            Op::Write { .. }
            | Op::Map { .. }
            | Op::Store { .. }
            | Op::Read { .. }
            | Op::Close { .. } => {
                self.use_desc(op);
            }
            Op::Touch { .. }
            | Op::Unlink { .. }
            | Op::Rename { .. }
            | Op::Link { .. }
            | Op::MoveOut { .. }
            | Op::MoveIn { .. }
            | Op::LinkOut { .. }
            | Op::CreateOutside { .. }
            | Op::UnlinkOutside { .. } => self.rename(op),
            Op::Step { call } => {
                if let Some(at) = pick(call, self.calls.len()) {
                    self.step(at);
                }
            }
            Op::Near => self.serve_near(),
            Op::Wide => self.serve_wide(),
            Op::Names { count } => self.serve_names(count),
            Op::Signal => self.serve_signal(),
            Op::News => self.serve_news(),
            Op::Settled => {
                for inode in &mut self.inodes {
                    inode.lag = inode.lag.saturating_sub(1);
                }
            }
            Op::Copy { job } => {
                if let Some(at) = pick(job, self.jobs.len()) {
                    self.step_job(at);
                }
            }
            Op::Wait { millis } => self.wait(Duration::from_millis(u64::from(millis))),
            Op::Room { enough } => self.room = enough,
            Op::Readable { yes } => self.readable = yes,
            Op::Stray { slot } => {
                let file = self.agent.names.get(&slot).copied().unwrap_or(FileId(-1));
                self.law.handle_break(file, self.now);
                self.obey();
            }
            Op::Calm => self.calm(),
        }
        self.check_bounds();
    }

    fn use_desc(&mut self, op: Op) {
        let open: Vec<usize> = (0..self.descs.len())
            .filter(|at| self.descs[*at].is_some())
            .collect();
        let find = |number: u8| pick(number, open.len()).map(|at| open[at]);
        match op {
            Op::Write { desc, part } => {
                if let Some((desc, open)) = find(desc).and_then(|at| Some((at, self.descs[at]?)))
                    && open.write
                {
                    self.begin(open.process, open.inode, Act::Write { desc, part }, true);
                }
            }
            Op::Map { desc } => {
                if let Some((desc, open)) = find(desc).and_then(|at| Some((at, self.descs[at]?))) {
                    self.begin(open.process, open.inode, Act::Map { desc }, true);
                }
            }
            Op::Store { desc, part, quiet } => {
                if let Some(desc) = find(desc) {
                    self.store_mapped(desc, part, if quiet { Quiet::Yes } else { Quiet::No });
                }
            }
            Op::Read { desc } => {
                if let Some(open) = find(desc).and_then(|at| self.descs[at])
                    && open.gated
                    && self.inodes[open.inode].near
                {
                    self.begin(open.process, open.inode, Act::Read, true);
                }
            }
            Op::Close { desc } => {
                if let Some(desc) = find(desc) {
                    self.close(desc);
                }
            }
            _ => {}
        }
    }

    fn create(&mut self, process: u8, slot: u8) {
        let act = Act::Open {
            write: true,
            empty: true,
            nonblock: false,
        };
        if let Some(inode) = self.named(slot) {
            return self.begin(process, inode, act, true);
        }
        let inode = self.inodes.len();
        self.inodes.push(Inode {
            inside: vec![slot],
            ..Inode::default()
        });
        self.names.push_back(NameEvent::Came { slot, inode });
        self.begin(process, inode, act, true);
    }

    fn rename(&mut self, op: Op) {
        match op {
            Op::Touch { slot } => {
                if let Some(inode) = self.named(slot) {
                    self.touch(inode);
                }
            }
            Op::Unlink { slot } => {
                if let Some(inode) = self.unname(slot) {
                    self.names.push_back(NameEvent::Went { slot });
                    self.free_if_gone(inode);
                }
            }
            Op::Rename { from, to } => {
                if self.named(from) == self.named(to) {
                    return;
                }
                if let Some(inode) = self.unname(from) {
                    let over = self.unname(to);
                    self.inodes[inode].inside.push(to);
                    let (from, to) = (Some(from), Some(to));
                    self.names.push_back(NameEvent::Moved { from, to, inode });
                    if let Some(over) = over {
                        self.free_if_gone(over);
                    }
                }
            }
            Op::Link { from, to } => {
                if let (Some(inode), None) = (self.named(from), self.named(to)) {
                    self.inodes[inode].inside.push(to);
                    self.names.push_back(NameEvent::Came { slot: to, inode });
                    self.touch(inode);
                }
            }
            Op::MoveOut { from, to } => {
                if self.named_outside(to).is_none()
                    && let Some(inode) = self.unname(from)
                {
                    self.inodes[inode].outside.push(to);
                    self.names.push_back(NameEvent::Moved {
                        from: Some(from),
                        to: None,
                        inode,
                    });
                }
            }
            Op::MoveIn { from, to } => self.move_in(from, to),
            Op::LinkOut { from, to } => {
                if let (Some(inode), None) = (self.named(from), self.named_outside(to)) {
                    self.inodes[inode].outside.push(to);
                    self.touch(inode);
                }
            }
            Op::CreateOutside { slot } => {
                if self.named_outside(slot).is_none() {
                    let fresh = u32::try_from(self.tick()).unwrap();
                    self.inodes.push(Inode {
                        content: [fresh, fresh],
                        outside: vec![slot],
                        ..Inode::default()
                    });
                }
            }
            Op::UnlinkOutside { slot } => {
                if let Some(inode) = self.named_outside(slot) {
                    self.inodes[inode].outside.retain(|one| *one != slot);
                    self.free_if_gone(inode);
                }
            }
            _ => {}
        }
    }

    fn move_in(&mut self, from: u8, to: u8) {
        let Some(inode) = self
            .named_outside(from)
            .filter(|inode| self.named(to) != Some(*inode))
        else {
            return;
        };
        self.inodes[inode].outside.retain(|one| *one != from);
        let over = self.unname(to);
        self.inodes[inode].inside.push(to);
        // What comes in is a state from now on, though the guard cannot know of it yet.
        let actor = super::duties::Actor::new(0);
        self.closed_state(inode, &actor);
        self.names.push_back(NameEvent::Moved {
            from: None,
            to: Some(to),
            inode,
        });
        if let Some(over) = over {
            self.free_if_gone(over);
        }
    }

    fn unname(&mut self, slot: u8) -> Option<usize> {
        let inode = self.named(slot)?;
        self.inodes[inode].inside.retain(|one| *one != slot);
        self.touch(inode);
        Some(inode)
    }

    fn wait(&mut self, time: Duration) {
        // The loop serves its queues at once; only copies may take as long as they like.
        if time >= Duration::from_millis(50) {
            self.calm_but_copies();
        }
        let until = self.now.after(time);
        loop {
            let next = self
                .law
                .poll_timeout()
                .filter(|at| *at <= until)
                .unwrap_or(until);
            self.now = self.now.max(next);
            self.force_leases();
            self.law.handle_timeout(self.now);
            self.obey();
            assert!(
                self.law.poll_timeout().is_none_or(|at| at > self.now),
                "time stands still"
            );
            self.check_bounds();
            if time >= Duration::from_millis(50) {
                self.calm_but_copies();
            }
            if self.now >= until {
                return;
            }
        }
    }

    fn calm_but_copies(&mut self) {
        loop {
            let before = self.ticks;
            let moved = !self.near.is_empty()
                || !self.wide.is_empty()
                || !self.names.is_empty()
                || !self.signals.is_empty()
                || !self.news.is_empty();
            for _ in 0..self.calls.len() {
                for at in (0..self.calls.len()).rev() {
                    self.step(at);
                }
            }
            for inode in &mut self.inodes {
                inode.lag = 0;
            }
            self.serve_near();
            self.serve_wide();
            self.serve_names(1);
            self.serve_signal();
            self.serve_news();
            if !moved && before == self.ticks {
                return;
            }
        }
    }

    fn calm(&mut self) {
        loop {
            self.calm_but_copies();
            if self.jobs.is_empty() {
                return;
            }
            for at in (0..self.jobs.len()).rev() {
                self.step_job(at);
            }
        }
    }

    /// Everybody closes; the guard finishes its work.
    pub(super) fn end(&mut self) {
        (self.room, self.readable) = (true, true);
        for _ in 0..4 {
            self.calm();
            self.wait(KERNEL_BOUND);
            self.calm();
            for desc in 0..self.descs.len() {
                self.close(desc);
            }
        }
        assert!(self.calls.is_empty(), "{:?} wait for ever", self.calls);
        for _ in 0..40 {
            self.calm();
            let Some(at) = self.law.poll_timeout() else {
                break;
            };
            self.wait(at.since(self.now));
        }
        self.calm();
        self.check_rest();
    }

    /// Held calls are answered in time, leases let go in time.
    fn check_bounds(&self) {
        for Pending { asked, .. } in self.agent.asks.values() {
            assert!(
                self.now < asked.after(BOUND),
                "a call waits beyond the bound"
            );
        }
        for lease in self.inodes.iter().flat_map(|inode| &inode.leases) {
            if let Some(heard) = lease.heard {
                assert!(
                    self.now < heard.after(BOUND),
                    "a lease is held beyond the bound"
                );
            }
        }
    }

    /// Nothing happens any more: each file is safe and holds nothing but its lease.
    fn check_rest(&self) {
        assert_eq!(self.law.poll_timeout(), None, "something is still to come");
        assert!(self.agent.asks.is_empty());
        let counts = self.law.counts();
        assert!(counts.leases <= self.setting.leases, "{counts:?}");
        let inside = self
            .inodes
            .iter()
            .filter(|inode| !inode.inside.is_empty())
            .count() as u64;
        assert_eq!((counts.files, counts.kept), (inside, inside));
        assert_eq!(
            counts.leases,
            self.agent
                .nodes
                .values()
                .filter(|node| node.lease.is_some())
                .count()
        );
        let mut leases = 0;
        for (at, inode) in self.inodes.iter().enumerate() {
            leases += inode.leases.len();
            assert!(!inode.near && !inode.keep, "{at} is not at rest: {inode:?}");
            assert_eq!(
                inode.spared,
                !inode.leases.is_empty(),
                "{at} is held by nothing: {inode:?}"
            );
            if inode.inside.is_empty() {
                assert!(
                    !self.knows(at) && inode.leases.is_empty(),
                    "{at} was not forgotten"
                );
            } else {
                let file = self.agent.by_inode[&at];
                assert!(self.law.is_safe(file), "{at} has no copy");
                let stored = self.is_stored(inode.content);
                let excused = inode.duty.is_none_or(|duty| duty.hidden);
                assert!(stored || excused, "{at} holds an uncopied state: {inode:?}");
            }
        }
        assert_eq!(leases, counts.leases, "a lease that nobody knows of");
    }
}

/// Used by the parts below.
pub(super) type Nodes = BTreeMap<FileId, Node>;
pub(super) type Files = HashMap<usize, FileId>;
pub(super) type Asks = BTreeMap<Ask, Pending>;
