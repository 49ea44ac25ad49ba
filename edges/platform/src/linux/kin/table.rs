//! The table itself: entries by number and by line, the dead for a while. Sees nothing, asks nobody.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use hygie_model::Mono;

use super::{Began, Image, ProcessId, Session};

/// A process, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u64);

/// What a process hands on to its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// Not found out yet.
    Unasked,
    /// Its family.
    Ordinary,
    /// Nothing: each child begins a family, and is a boundary itself until it begins another program.
    Passes,
    /// Nothing; the children are ordinary.
    Shell,
}

/// How many threads it has besides the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// So many: all were told.
    Exact(u32),
    /// Nobody counted from the beginning.
    Unknown,
}

/// Whether the first thread still runs; the process lives on without it while it has others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    Runs,
    Ended,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) pid: u32,
    /// The first of its family.
    pub(super) line: Key,
    pub(super) parent: Option<Key>,
    /// In nanoseconds since boot.
    pub(super) born: u64,
    pub(super) started: Option<u64>,
    pub(super) rank: Rank,
    pub(super) count: Count,
    pub(super) first: First,
    pub(super) programs: u32,
    /// Who began what it runs, and when; none before the first that was told.
    pub(super) began: Option<Began>,
    pub(super) image: Option<Arc<Image>>,
    pub(super) uid: Option<u32>,
    pub(super) session: Option<Session>,
    pub(super) mark: Option<u64>,
    pub(super) told: bool,
    pub(super) died: Option<Mono>,
}

impl Entry {
    /// What was known of its program no longer holds.
    pub(super) fn begin_program(&mut self, began: Option<Began>) {
        self.programs += 1;
        self.began = began;
        self.image = None;
        self.uid = None;
        self.count = Count::Exact(0);
        self.first = First::Runs;
        self.rank = Rank::Unasked;
    }
}

/// A birth.
pub(super) struct Newborn {
    pub(super) pid: u32,
    pub(super) parent: Option<Key>,
    /// The line that it stays in; none begins one.
    pub(super) line: Option<Key>,
    pub(super) born: u64,
    pub(super) started: Option<u64>,
    pub(super) rank: Rank,
    pub(super) count: Count,
}

#[derive(Debug, Default)]
struct Line {
    name: Option<ProcessId>,
    living: usize,
    entries: usize,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    entries: HashMap<Key, Entry>,
    living: HashMap<u32, Key>,
    /// The latest dead one of a number.
    buried: HashMap<u32, Key>,
    threads: HashMap<u32, Key>,
    late_threads: VecDeque<(u32, Key)>,
    lines: HashMap<Key, Line>,
    names: HashMap<ProcessId, Key>,
    /// The dead in the order of their deaths; those that somebody was told of are kept apart, so that a storm of
    /// others does not drive them out.
    dead: [VecDeque<(Mono, Key)>; 2],
    pub(super) ended: Vec<ProcessId>,
    given: u64,
}

impl Table {
    pub(super) fn size(&self) -> (usize, usize) {
        (self.living.len(), self.entries.len() - self.living.len())
    }

    pub(super) fn has(&self, key: Key) -> bool {
        self.entries.contains_key(&key)
    }

    /// Keys are handed out by the table and asked for at once, or `has` was asked first.
    pub(super) fn entry(&self, key: Key) -> &Entry {
        &self.entries[&key]
    }

    pub(super) fn entry_mut(&mut self, key: Key) -> &mut Entry {
        let entry = self.entries.get_mut(&key);
        entry.expect("keys of entries that are gone are not used")
    }

    pub(super) fn living_key(&self, pid: u32) -> Option<Key> {
        self.living.get(&pid).copied()
    }

    pub(super) fn living(&mut self, pid: u32) -> Option<&mut Entry> {
        self.entries.get_mut(self.living.get(&pid)?)
    }

    pub(super) fn all_living(&self) -> impl Iterator<Item = (u32, Key)> {
        self.living.iter().map(|(pid, key)| (*pid, *key))
    }

    pub(super) fn living_of(&self, line: Key) -> impl Iterator<Item = Key> {
        let of_line = move |key: &Key| self.entries[key].line == line;
        self.living.values().copied().filter(of_line)
    }

    /// The latest process of a number, dead or alive.
    pub(super) fn latest(&self, pid: u32) -> Option<Key> {
        self.living_key(pid)
            .or_else(|| self.buried.get(&pid).copied())
    }

    pub(super) fn of_thread(&self, thread: u32) -> Option<Key> {
        self.living_key(thread)
            .or_else(|| self.threads.get(&thread).copied())
    }

    /// That of a thread that ended a moment ago.
    pub(super) fn of_late_thread(&self, thread: u32) -> Option<Key> {
        self.latest(thread).or_else(|| {
            let late = self.late_threads.iter().rev();
            late.filter(|(late, key)| *late == thread && self.has(*key))
                .map(|(_, key)| *key)
                .next()
        })
    }

    pub(super) fn add_thread(&mut self, thread: u32, key: Key) {
        self.threads.insert(thread, key);
    }

    pub(super) fn drop_thread(&mut self, thread: u32) {
        if let Some(key) = self.threads.remove(&thread) {
            self.late_threads.push_back((thread, key));
            if self.late_threads.len() > MOST_LATE_THREADS {
                self.late_threads.pop_front();
            }
        }
    }

    /// Leaves the threads of one process out, or of all.
    pub(super) fn forget_threads(&mut self, of: Option<Key>) {
        self.threads
            .retain(|_, key| of.is_some_and(|of| *key != of));
    }

    pub(super) fn line_named(&self, name: ProcessId) -> Option<Key> {
        self.names.get(&name).copied()
    }

    pub(super) fn line_name(&self, line: Key) -> Option<ProcessId> {
        self.lines.get(&line)?.name
    }

    pub(super) fn name_line(&mut self, line: Key, name: ProcessId) {
        if let Some(found) = self.lines.get_mut(&line) {
            found.name = Some(name);
            self.names.insert(name, line);
        }
    }

    pub(super) fn add(&mut self, newborn: Newborn) -> Key {
        self.given += 1;
        let key = Key(self.given);
        let line = newborn.line.unwrap_or(key);
        let parent = newborn.parent.and_then(|parent| self.entries.get(&parent));
        let entry = Entry {
            pid: newborn.pid,
            line,
            parent: newborn.parent,
            born: newborn.born,
            started: newborn.started,
            rank: newborn.rank,
            count: newborn.count,
            first: First::Runs,
            programs: parent.map_or(0, |parent| parent.programs),
            // It runs what its parent runs until it begins something else.
            began: parent.and_then(|parent| parent.began),
            image: parent.and_then(|parent| parent.image.clone()),
            uid: None,
            session: (newborn.line.and(parent)).and_then(|parent| parent.session),
            mark: None,
            told: false,
            died: None,
        };
        self.entries.insert(key, entry);
        self.living.insert(newborn.pid, key);
        let line = self.lines.entry(line).or_default();
        line.living += 1;
        line.entries += 1;
        key
    }

    pub(super) fn bury(&mut self, key: Key, now: Mono, threads: Threads) {
        let Some(entry) = self.entries.get_mut(&key) else {
            return;
        };
        if entry.died.is_some() {
            return;
        }
        entry.died = Some(now);
        let (pid, told, line) = (entry.pid, entry.told, entry.line);
        let id = entry.started.map(|started| ProcessId { pid, started });
        self.living.remove(&pid);
        self.buried.insert(pid, key);
        if threads == Threads::MayBeLeft {
            self.forget_threads(Some(key));
        }
        let found = self.lines.get_mut(&line);
        let last = found.is_some_and(|found| {
            found.living -= 1;
            found.living == 0
        });
        if told && line != key {
            self.ended.extend(id);
        }
        if last {
            self.ended.extend(self.line_name(line));
        }
        self.dead[usize::from(told)].push_back((now, key));
        self.thin(now);
    }

    /// Forgets the dead of long ago, and the oldest where there are too many.
    pub(super) fn thin(&mut self, now: Mono) {
        for queue in 0..self.dead.len() {
            while let Some((died, key)) = self.dead[queue].front().copied()
                && (now.since(died) > KEPT || self.dead[queue].len() > MOST_DEAD)
            {
                self.dead[queue].pop_front();
                self.forget(key);
            }
        }
    }

    fn forget(&mut self, key: Key) {
        // The first of a line is named before it goes: its family is called after it.
        let Some(entry) = self.entries.get(&key) else {
            return;
        };
        let (pid, line) = (entry.pid, entry.line);
        if line == key && self.line_name(key).is_none() && self.lines[&key].entries > 1 {
            let (born, started) = (entry.born, entry.started);
            let started = started.unwrap_or(born / TICK_OF_NAMES);
            self.name_line(key, ProcessId { pid, started });
        }
        self.entries.remove(&key);
        if self.buried.get(&pid) == Some(&key) {
            self.buried.remove(&pid);
        }
        if let Some(found) = self.lines.get_mut(&line) {
            found.entries -= 1;
            if found.entries == 0 {
                let name = found.name;
                self.lines.remove(&line);
                if let Some(name) = name {
                    self.names.remove(&name);
                }
            }
        }
    }

    /// The living that `numbers` leaves out.
    pub(super) fn missing(&self, numbers: &HashSet<u32>) -> Vec<Key> {
        (self.living.iter())
            .filter(|(pid, _)| !numbers.contains(pid))
            .map(|(_, key)| *key)
            .collect()
    }
}

/// Whether threads of a dead process may still stand in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threads {
    Gone,
    MayBeLeft,
}

/// How long the dead are remembered: acts of theirs are told late.
const KEPT: Duration = Duration::from_secs(600);
/// How many of the dead, of those told and of the others; some 200 bytes each.
const MOST_DEAD: usize = 8192;
const MOST_LATE_THREADS: usize = 1024;
/// Nanoseconds of a tick, for one whose start nobody read: any number tells it apart, since nobody else was told one.
const TICK_OF_NAMES: u64 = 10_000_000;
