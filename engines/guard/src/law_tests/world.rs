//! The whole model: kernel, guard, copier, store; and what a trace may do.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use hygie_model::{FileId, Mono};

use super::{
    agent::{Agent, Node, Pending},
    copier::{Job, News},
    deeds::Deed,
    duties::Hole,
    kernel::{Act, Call, Content, Desc, Event, Inode, LeaseId, NameEvent, Waits},
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
    /// A program does something.
    Do(Deed),
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
        let fresh = self.fresh();
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
            Op::Do(deed) => self.deed(deed),
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

    pub(super) fn calm_but_copies(&mut self) {
        loop {
            let before = self.progress();
            for at in (0..self.calls.len()).rev() {
                self.step(at);
            }
            for inode in &mut self.inodes {
                inode.lag = 0;
            }
            self.serve_near();
            self.serve_wide();
            self.serve_names(1);
            self.serve_signal();
            self.serve_news();
            if self.progress() == before {
                return;
            }
        }
    }

    /// Grows or changes whenever something happens.
    fn progress(&self) -> [u64; 6] {
        let gates = self.calls.iter().map(|call| 1 + call.gates.len() as u64);
        let held = self.calls.iter().filter(|call| call.waits != Waits::No);
        let queued = [&self.near, &self.wide]
            .map(VecDeque::len)
            .iter()
            .sum::<usize>();
        [
            self.ticks,
            self.acted,
            gates.sum(),
            held.count() as u64,
            (queued + self.signals.len()) as u64,
            (self.names.len() + self.news.len()) as u64,
        ]
    }

    pub(super) fn calm(&mut self) {
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
