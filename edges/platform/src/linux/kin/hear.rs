//! How the table learns: from the kernel's events, or by looking through `/proc`.

use std::{collections::HashSet, sync::Arc, time::Duration};

use hygie_model::Mono;

use super::{
    Began, Depth, Feed, Kin, SLACK, Sight,
    sight::Image,
    table::{Count, First, Key, Newborn, Rank, Threads},
    text::Stat,
};
use crate::linux::forks::{Event, What};

impl<S: Sight> Kin<S> {
    /// Takes in what the kernel told, in its order; call it without events now and then, so that the dead are
    /// forgotten in time.
    pub fn hear(&mut self, events: &[Event], now: Mono) {
        if self.feed == Feed::Mute && now.since(self.scanned) > SCAN_EACH {
            self.now = now;
            self.scan();
        }
        self.now = now;
        self.slept = self.sight.slept();
        for event in events {
            // In nanoseconds since boot, as start times are.
            let at = event.at.saturating_add(self.slept);
            match event.what {
                What::Fork { parent, child } => self.born(parent, child, at),
                What::Thread { process, thread } => self.thread_began(process, thread),
                What::Exec { process } => {
                    let began = Began {
                        process,
                        at: event.at,
                    };
                    self.program_began(began, at);
                }
                What::Exit { process, thread } => self.thread_ended(process, thread, at),
                What::Lost => {
                    self.doubtful = true;
                    self.table.forget_threads(None);
                }
            }
        }
        self.table.thin(now);
    }

    fn born(&mut self, parent: u32, child: u32, at: u64) {
        if let Some(known) = self.table.living_key(child) {
            // Seen in /proc before its birth was told, or a later one of its number was.
            if self.table.entry(known).born + self.slack() >= at {
                return;
            }
            self.end(known, Threads::MayBeLeft);
        }
        let parent = match self.table.living_key(parent) {
            Some(parent) => Some(parent),
            None => (self.table.latest(parent)).or_else(|| self.meet(parent, Depth::FIRST)),
        };
        let (line, rank) = parent.map_or((None, Rank::Unasked), |parent| self.heritage(parent));
        self.table.add(Newborn {
            pid: child,
            parent,
            line,
            born: at,
            started: None,
            rank,
            count: Count::Exact(0),
        });
    }

    // What a child gets that runs its parent's program still.
    fn heritage(&mut self, parent: Key) -> (Option<Key>, Rank) {
        match self.rank(parent) {
            Rank::Passes => (None, Rank::Passes),
            Rank::Shell => (None, Rank::Ordinary),
            Rank::Ordinary | Rank::Unasked => (Some(self.table.entry(parent).line), Rank::Ordinary),
        }
    }

    fn thread_began(&mut self, process: u32, thread: u32) {
        let Some(key) = self.table.living_key(process) else {
            return;
        };
        self.table.add_thread(thread, key);
        let entry = self.table.entry_mut(key);
        if let Count::Exact(count) = entry.count {
            entry.count = Count::Exact(count + 1);
        }
    }

    fn program_began(&mut self, began: Began, at: u64) {
        let Some(key) = self.table.living_key(began.process) else {
            self.meet(began.process, Depth::FIRST);
            return;
        };
        if self.is_older(key, at) {
            return;
        }
        // The thread that does it takes the process's number, and no end of its own number is told.
        if self.table.entry(key).count != Count::Exact(0) {
            self.table.forget_threads(Some(key));
        }
        self.table.entry_mut(key).begin_program(Some(began));
    }

    fn thread_ended(&mut self, process: u32, thread: u32, at: u64) {
        if thread != process {
            self.table.drop_thread(thread);
        }
        let Some(key) = self.table.living_key(process) else {
            return;
        };
        if self.is_older(key, at) {
            return;
        }
        let entry = self.table.entry_mut(key);
        if thread == process {
            entry.first = First::Ended;
        } else if let Count::Exact(count) = entry.count {
            entry.count = Count::Exact(count.saturating_sub(1));
        }
        let over = match (entry.first, entry.count) {
            (First::Ended, Count::Exact(left)) => left == 0,
            (First::Runs, Count::Exact(_)) => false,
            (_, Count::Unknown) => {
                let seen = self.sight.stat(process);
                seen.is_none_or(|stat| stat.is_over() || !self.is_same(key, &stat))
            }
        };
        if over {
            let threads = match self.table.entry(key).count {
                Count::Exact(_) => Threads::Gone,
                Count::Unknown => Threads::MayBeLeft,
            };
            self.end(key, threads);
        }
    }

    // Whether an event was about an earlier process of the number.
    fn is_older(&self, key: Key, at: u64) -> bool {
        at + self.slack() < self.table.entry(key).born
    }

    fn end(&mut self, key: Key, threads: Threads) {
        self.ours.remove(&self.table.entry(key).pid);
        self.table.bury(key, self.now, threads);
    }

    /// Looks again where events were lost.
    pub(super) fn settle(&mut self) {
        if self.doubtful {
            self.scan();
            self.look_again();
            self.doubtful = false;
        }
    }

    /// Looks at all processes there are.
    pub(super) fn scan(&mut self) {
        self.scanned = self.now;
        let numbers: HashSet<u32> = self.sight.all().into_iter().collect();
        for number in &numbers {
            self.meet(*number, Depth::FIRST);
        }
        for key in self.table.missing(&numbers) {
            // It may have been born after the list was made.
            let pid = self.table.entry(key).pid;
            let seen = self.sight.stat(pid);
            if seen.is_none_or(|stat| !self.is_same(key, &stat)) {
                self.end(key, Threads::MayBeLeft);
            }
        }
    }

    // Any of them may have begun another program, or threads, without a word.
    fn look_again(&mut self) {
        let living: Vec<(u32, Key)> = self.table.all_living().collect();
        for (pid, key) in living {
            let known = self.table.entry(key).image.clone();
            let seen: Option<Image> = known.as_ref().and_then(|_| self.sight.image(pid));
            let entry = self.table.entry_mut(key);
            let same = match (known, &seen) {
                (Some(known), Some(seen)) => known.key == seen.key,
                (None, _) | (_, None) => false,
            };
            if !same {
                entry.begin_program(None);
                entry.image = seen.map(Arc::new);
            }
            entry.count = Count::Unknown;
        }
    }

    /// The process that has this number now, known or new.
    pub(super) fn meet(&mut self, pid: u32, depth: Depth) -> Option<Key> {
        let stat = self.sight.stat(pid)?;
        if let Some(key) = self.table.living_key(pid) {
            if self.is_same(key, &stat) {
                self.table.entry_mut(key).started = Some(stat.started);
                return Some(key);
            }
            self.end(key, Threads::MayBeLeft);
        }
        let parent = self.kin_of(stat.parent, &stat, depth);
        let line = match parent {
            None => None,
            Some(parent) => match self.heritage(parent) {
                (Some(line), _) => Some(line),
                (None, Rank::Passes) => self.adopted(pid, &stat, depth),
                (None, Rank::Shell | Rank::Ordinary | Rank::Unasked) => None,
            },
        };
        // Looking at the others may have met this one too.
        if let Some(key) = self.table.living_key(pid)
            && self.is_same(key, &stat)
        {
            return Some(key);
        }
        Some(self.table.add(Newborn {
            pid,
            parent,
            line,
            born: stat.started * self.tick(),
            started: Some(stat.started),
            rank: if stat.is_kernel() {
                Rank::Passes
            } else {
                Rank::Unasked
            },
            count: Count::Unknown,
        }))
    }

    // A parent that takes in orphans is no proof of birth: whoever is in the group or session of a family's member
    // came from there.
    fn adopted(&mut self, pid: u32, stat: &Stat, depth: Depth) -> Option<Key> {
        [stat.group, stat.session].into_iter().find_map(|leader| {
            let leader = (leader != pid)
                .then(|| self.kin_of(leader, stat, depth))
                .flatten()?;
            match self.rank(leader) {
                Rank::Ordinary | Rank::Unasked => Some(self.table.entry(leader).line),
                Rank::Passes | Rank::Shell => None,
            }
        })
    }

    // A process that an other one names, if it can be meant: it was there before.
    fn kin_of(&mut self, named: u32, by: &Stat, depth: Depth) -> Option<Key> {
        if named == 0 {
            return None;
        }
        let trusted = self.feed == Feed::Told && !self.doubtful;
        let known = trusted.then(|| self.table.living_key(named)).flatten();
        let key = match (known, depth.next()) {
            (Some(key), _) => key,
            (None, Some(depth)) => self
                .meet(named, depth)
                .or_else(|| self.table.latest(named))?,
            (None, None) => return None,
        };
        (self.table.entry(key).born <= by.started * self.tick() + self.slack()).then_some(key)
    }

    fn is_same(&self, key: Key, stat: &Stat) -> bool {
        let entry = self.table.entry(key);
        entry.started.map_or_else(
            || stat.started <= entry.born / self.tick() + SLACK,
            |started| started == stat.started,
        )
    }

    fn slack(&self) -> u64 {
        SLACK * self.tick()
    }
}

/// How often all processes are looked at where the kernel does not tell.
const SCAN_EACH: Duration = Duration::from_secs(5);
