//! Who descends from whom: living and lately dead processes, from the kernel's events and `/proc`.
//! A family is settled at birth: what is born of a boundary (the service manager, a log-in, a desktop, a shell on a
//! terminal) begins one, all else belongs to its parent's, whatever becomes of the parent.

mod boundaries;
mod closer;
mod glance;
mod hear;
mod sight;
mod table;
pub mod text;

use std::{collections::HashSet, sync::Arc};

use hygie_model::Mono;

pub use boundaries::Boundaries;
pub use closer::{Closer, Digest, Script};
pub use glance::Began;
pub use sight::{ContentKey, Image, Owner, Proc, Sight, look, look_at_thread};

use table::{Key, Rank, Table};

/// A process for as long as the machine runs: numbers come back, start times do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId {
    /// Its number.
    pub pid: u32,
    /// When it was started, in ticks since boot (`/proc/PID/stat`, field 22).
    pub started: u64,
}

/// What a process belongs to, beyond its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Session {
    /// A log-in or a service, as the service manager groups them.
    Managed(u64),
    /// The session that its family began in; where nothing is grouped.
    Kernel(u32),
}

impl Session {
    /// As one number.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Managed(group) => group,
            Self::Kernel(leader) => u64::from(leader),
        }
    }
}

/// Whether what a process starts belongs to its own family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Ordinary,
    /// It begins a family.
    Boundary,
}

/// Whether the kernel tells what happens to processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// It does, and [`Kin::hear`] is given all of it.
    Told,
    /// It does not: each look costs some calls, births and changes between two looks are not seen.
    Mute,
}

/// What is known of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Which.
    pub id: ProcessId,
    /// The first of its family: itself, where it was born of a boundary. It may be long dead.
    pub family: ProcessId,
    /// Its parent at birth, while that one is remembered.
    pub parent: Option<ProcessId>,
    /// The real user, as of the first look since it began its program.
    pub uid: u32,
    /// Where it belongs.
    pub session: Session,
    /// What it runs; none for one that ended before anybody looked, and for the kernel's own.
    pub image: Option<Arc<Image>>,
    /// What its children are to it.
    pub standing: Standing,
    /// Counts the programs that it began: another number means another program.
    pub program: u32,
}

/// The processes of the machine.
#[derive(Debug)]
pub struct Kin<S = Proc> {
    sight: S,
    feed: Feed,
    boundaries: Boundaries,
    table: Table,
    /// Ends a family's line like pid 1, whatever it runs.
    ours: HashSet<u32>,
    /// Events are missing: everything must be looked at again.
    doubtful: bool,
    slept: u64,
    now: Mono,
    scanned: Mono,
}

impl Kin<Proc> {
    /// The machine's processes. Open [`super::forks::Forks`] first, so that none is missed between the two.
    #[must_use]
    pub fn of_machine(boundaries: Boundaries, feed: Feed, now: Mono) -> Self {
        let sight = match feed {
            Feed::Told => Proc::watching(),
            Feed::Mute => Proc::new(),
        };
        Self::new(sight, boundaries, feed, now)
    }
}

impl<S: Sight> Kin<S> {
    /// All processes that can be seen now. This one and its ancestors are boundaries.
    #[must_use]
    pub fn new(sight: S, boundaries: Boundaries, feed: Feed, now: Mono) -> Self {
        let mut kin = Self {
            slept: sight.slept(),
            sight,
            feed,
            boundaries,
            table: Table::default(),
            ours: HashSet::new(),
            doubtful: false,
            now,
            scanned: now,
        };
        kin.add_guard(std::process::id());
        kin.scan();
        kin
    }

    /// Makes a process of the guard, and its ancestors, boundaries from here on.
    pub fn add_guard(&mut self, process: u32) {
        let mut next = process;
        while next > 1 && self.ours.insert(next) {
            if let Some(entry) = self.table.living(next) {
                entry.rank = Rank::Passes;
            }
            let Some(stat) = self.sight.stat(next) else {
                return;
            };
            next = stat.parent;
        }
    }

    /// Who a thread is: the one that a held call, or a closed file, names. Hear what the kernel told first, so that
    /// a number that came back means the new process. Costs nothing but a look-up for a process that was asked for
    /// before, while the kernel tells.
    pub fn who(&mut self, thread: u32) -> Option<Who> {
        self.settle();
        let key = match self.feed {
            Feed::Told => self.find_told(thread),
            Feed::Mute => self.find_mute(thread),
        }?;
        Some(self.describe(key))
    }

    /// Living processes of a family, its first one's id given; empty for one that nobody was told of.
    pub fn members(&mut self, family: ProcessId) -> Vec<ProcessId> {
        match self.feed {
            Feed::Told => self.settle(),
            Feed::Mute => self.scan(),
        }
        let Some(line) = self.table.line_named(family) else {
            return Vec::new();
        };
        let members: Vec<Key> = self.table.living_of(line).collect();
        (members.into_iter())
            .map(|key| self.identify(key))
            .collect()
    }

    /// Those that were told ([`Who`]) and ended since the last call; the first of a family once all of it ended.
    pub fn take_ended(&mut self) -> Vec<ProcessId> {
        std::mem::take(&mut self.table.ended)
    }

    /// How many processes are remembered: living and dead.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        self.table.size()
    }

    // While the kernel tells, what the table says of a number is so, also of one that has ended and is in `/proc`
    // until its parent asks.
    fn find_told(&mut self, thread: u32) -> Option<Key> {
        if let Some(key) = self.table.of_thread(thread) {
            return Some(key);
        }
        let status = self.sight.status(thread);
        let living = status.and_then(|status| self.table.living_key(status.process));
        if living.is_none()
            && let Some(key) = self.table.of_late_thread(thread)
        {
            return Some(key);
        }
        let process = status?.process;
        let key = match living {
            Some(key) => key,
            None => self.meet(process, Depth::FIRST)?,
        };
        if thread != process {
            self.table.add_thread(thread, key);
        }
        Some(key)
    }

    fn find_mute(&mut self, thread: u32) -> Option<Key> {
        let mark = self.sight.mark(thread);
        if let Some(key) = self.table.living_key(thread)
            && self.table.entry(key).mark == mark
            && mark.is_some()
        {
            self.refresh_image(key);
            return Some(key);
        }
        let Some(status) = self.sight.status(thread) else {
            return self.table.of_late_thread(thread);
        };
        let key = self.meet(status.process, Depth::FIRST)?;
        let mark = self.sight.mark(status.process);
        self.table.entry_mut(key).mark = mark;
        self.refresh_image(key);
        Some(key)
    }

    // An exec that nobody told shows by the executable.
    fn refresh_image(&mut self, key: Key) {
        let pid = self.table.entry(key).pid;
        let image = self.sight.image(pid);
        let entry = self.table.entry_mut(key);
        let same = match (&entry.image, &image) {
            (Some(known), Some(seen)) => known.key == seen.key,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !same {
            if entry.image.is_some() {
                entry.begin_program(None);
            }
            entry.image = image.map(Arc::new);
        }
    }

    fn describe(&mut self, key: Key) -> Who {
        let id = self.identify(key);
        let line = self.table.entry(key).line;
        let family = self.name_line(line);
        let parent = self.table.entry(key).parent;
        let parent = parent
            .filter(|parent| self.table.has(*parent))
            .map(|parent| self.identify(parent));
        let standing = match self.rank(key) {
            Rank::Passes | Rank::Shell => Standing::Boundary,
            Rank::Ordinary | Rank::Unasked => Standing::Ordinary,
        };
        let image = self.image(key);
        let uid = self.uid(key);
        let session = self.session(key);
        let entry = self.table.entry_mut(key);
        entry.told = true;
        Who {
            id,
            family,
            parent,
            uid,
            session,
            image,
            standing,
            program: entry.programs,
        }
    }

    // Its start time is read once, while it lives. That of one that ended before is told by its birth, which is the
    // same but for a tick: nothing can be mistaken for it.
    fn identify(&mut self, key: Key) -> ProcessId {
        let entry = self.table.entry(key);
        let (pid, born) = (entry.pid, entry.born);
        let told = born / self.tick();
        let started = entry.started.unwrap_or_else(|| {
            let seen = (self.table.living_key(pid) == Some(key))
                .then(|| self.sight.stat(pid))
                .flatten();
            seen.map(|stat| stat.started)
                .filter(|seen| *seen <= told + SLACK)
                .unwrap_or(told)
        });
        self.table.entry_mut(key).started = Some(started);
        ProcessId { pid, started }
    }

    fn name_line(&mut self, line: Key) -> ProcessId {
        if let Some(id) = self.table.line_name(line) {
            return id;
        }
        // A line's first one is remembered until it has a name.
        let id = self.identify(line);
        self.table.name_line(line, id);
        id
    }

    fn image(&mut self, key: Key) -> Option<Arc<Image>> {
        let entry = self.table.entry(key);
        if entry.image.is_none() {
            let living = entry.died.is_none().then_some(entry.pid);
            let seen = living.and_then(|pid| self.sight.image(pid));
            let seen = seen.or_else(|| self.sight.glance(entry.began?));
            self.table.entry_mut(key).image = seen.map(Arc::new);
        }
        self.table.entry(key).image.clone()
    }

    fn uid(&mut self, key: Key) -> u32 {
        let entry = self.table.entry(key);
        if let Some(uid) = entry.uid {
            return uid;
        }
        let seen = (entry.died.is_none())
            .then(|| self.sight.status(entry.pid))
            .flatten();
        let parent = entry.parent;
        let uid = seen
            .map(|status| status.uid)
            .or_else(|| {
                let parent = parent.filter(|parent| self.table.has(*parent))?;
                self.table.entry(parent).uid
            })
            .unwrap_or(NOBODY);
        self.table.entry_mut(key).uid = Some(uid);
        uid
    }

    fn session(&mut self, key: Key) -> Session {
        let entry = self.table.entry(key);
        if let Some(session) = entry.session {
            return session;
        }
        let (pid, line) = (entry.pid, entry.line);
        let session = self.sight.session(pid).map_or_else(
            || {
                // Whoever leads a session of his own inside a family is still of the first one's.
                if line != key && self.table.has(line) {
                    return self.session(line);
                }
                let stat = self.sight.stat(pid);
                Session::Kernel(stat.map_or(pid, |stat| stat.session))
            },
            Session::Managed,
        );
        self.table.entry_mut(key).session = Some(session);
        session
    }

    // Only what was born of a boundary can be one: what a family starts stays in it.
    fn rank(&mut self, key: Key) -> Rank {
        let entry = self.table.entry(key);
        if entry.rank != Rank::Unasked {
            return entry.rank;
        }
        let (pid, own) = (entry.pid, entry.line == key);
        let rank = if pid == 1 || self.ours.contains(&pid) {
            Rank::Passes
        } else if own {
            match self.image(key) {
                Some(image) if self.boundaries.passes(&image) => Rank::Passes,
                Some(image) if self.boundaries.is_shell(&image) => self.rank_of_shell(pid),
                Some(_) | None => Rank::Ordinary,
            }
        } else {
            Rank::Ordinary
        };
        self.table.entry_mut(key).rank = rank;
        rank
    }

    fn rank_of_shell(&self, pid: u32) -> Rank {
        match self.sight.stat(pid) {
            Some(stat) if stat.session == pid && stat.terminal != 0 => Rank::Shell,
            Some(_) | None => Rank::Ordinary,
        }
    }

    fn tick(&self) -> u64 {
        1_000_000_000 / self.sight.ticks()
    }
}

/// How far a search for ancestors has gone: `/proc` changes while it is read.
#[derive(Clone, Copy, Debug)]
struct Depth(u8);

impl Depth {
    const FIRST: Self = Self(0);

    fn next(self) -> Option<Self> {
        (self.0 < 250).then_some(Self(self.0 + 1))
    }
}

/// Ticks by which the time of a birth's event and the start time may differ: the one is taken after the other, and
/// a machine that slept in between moves one of the clocks.
const SLACK: u64 = 2;
/// The user of a process that nobody saw.
const NOBODY: u32 = 65_534;

#[cfg(test)]
mod tests;
