//! A machine that is made up: processes, their threads, numbers that come back, and what the kernel tells.

use std::{cell::RefCell, collections::BTreeMap, path::PathBuf, rc::Rc};

use hygie_model::Mono;
use proptest::prelude::*;

use super::super::{Began, ContentKey, Image, Owner, ProcessId, Sight, text::Stat, text::Status};
use crate::linux::forks::{Event, What};

#[derive(Clone, Debug)]
pub(super) struct World(Rc<RefCell<Inner>>);

#[derive(Debug)]
struct Inner {
    processes: BTreeMap<u32, Process>,
    told: Vec<Event>,
    now: u64,
    next: u32,
    numbers: u32,
    images: u64,
    marks: u64,
}

#[derive(Clone, Debug)]
struct Process {
    stat: Stat,
    threads: Vec<u32>,
    image: Option<Image>,
    family: Family,
    mark: u64,
}

/// The number and the start of the first of a family.
type Family = (u32, u64);

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Fork(u8),
    Exit(u8),
    Exec(u8),
    Thread(u8),
    EndThread(u8, u8),
    Detach(u8),
    Hear,
}

/// Any deed.
pub(super) fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => any::<u8>().prop_map(Deed::Fork),
        2 => any::<u8>().prop_map(Deed::Exit),
        1 => any::<u8>().prop_map(Deed::Exec),
        1 => any::<u8>().prop_map(Deed::Thread),
        1 => any::<(u8, u8)>().prop_map(|(one, two)| Deed::EndThread(one, two)),
        1 => any::<u8>().prop_map(Deed::Detach),
        2 => Just(Deed::Hear),
    ]
}

pub(super) fn seconds(seconds: u64) -> Mono {
    Mono(seconds * 1_000_000_000)
}

impl World {
    pub(super) fn new() -> Self {
        let world = Self(Rc::new(RefCell::new(Inner {
            processes: BTreeMap::new(),
            told: Vec::new(),
            now: 1000 * TICK,
            next: 1,
            numbers: 1 << 22,
            images: 0,
            marks: 0,
        })));
        world.insert(0);
        world.exec(1, "/usr/lib/systemd/systemd", Owner::System);
        let _before_anybody_listens = world.told();
        world
    }

    /// With so few numbers that they come back.
    pub(super) fn with_numbers(self, numbers: u32) -> Self {
        self.0.borrow_mut().numbers = numbers;
        self
    }

    /// The next process gets this number.
    pub(super) fn reuse(&self, number: u32) {
        self.0.borrow_mut().next = number;
    }

    pub(super) fn told(&self) -> Vec<Event> {
        std::mem::take(&mut self.0.borrow_mut().told)
    }

    pub(super) fn fork(&self, parent: u32) -> u32 {
        let child = self.insert(parent);
        self.tell(What::Fork { parent, child });
        child
    }

    /// What the service manager starts.
    pub(super) fn start(&self, path: &str) -> u32 {
        let child = self.fork(1);
        self.exec(child, path, Owner::Anyone);
        child
    }

    fn insert(&self, parent: u32) -> u32 {
        let mut inner = self.0.borrow_mut();
        inner.now += 5 * TICK;
        inner.marks += 1;
        let number = inner.free_number().expect("not all numbers are taken");
        inner.next = number + 1;
        let of = inner.processes.get(&parent).filter(|_| parent != 1);
        let stat = Stat {
            state: b'S',
            parent,
            group: of.map_or(number, |of| of.stat.group),
            session: of.map_or(number, |of| of.stat.session),
            terminal: 0,
            flags: 0,
            threads: 1,
            started: inner.now / TICK,
        };
        let process = Process {
            stat,
            threads: vec![number],
            family: of.map_or((number, stat.started), |of| of.family),
            image: inner.processes.get(&parent).and_then(|of| of.image.clone()),
            mark: inner.marks,
        };
        inner.processes.insert(number, process);
        number
    }

    pub(super) fn exec(&self, pid: u32, path: &str, owner: Owner) {
        // Its other threads end; one that is not the first takes the first one's number.
        let mut others = self.0.borrow().processes[&pid].threads.clone();
        others.pop();
        for thread in others {
            let process = pid;
            self.tell(What::Exit { process, thread });
        }
        self.change(|inner| {
            inner.images += 1;
            let key = ContentKey {
                device: (0, 1),
                inode: inner.images,
                size: 1,
                mtime: (0, 0),
                ctime: (0, 0),
            };
            let path = PathBuf::from(path);
            let process = inner.process(pid);
            process.image = Some(Image { path, key, owner });
            process.threads = vec![pid];
            process.stat.state = b'S';
            process.stat.threads = 1;
        });
        self.tell(What::Exec { process: pid });
    }

    pub(super) fn thread(&self, process: u32) -> u32 {
        let thread = self.change(|inner| {
            let thread = inner.free_number().expect("not all numbers are taken");
            inner.next = thread + 1;
            let process = inner.process(process);
            process.threads.push(thread);
            process.stat.threads += 1;
            thread
        });
        self.tell(What::Thread { process, thread });
        thread
    }

    pub(super) fn end_thread(&self, pid: u32, thread: u32) {
        self.tell(What::Exit {
            process: pid,
            thread,
        });
        self.change(|inner| {
            let process = inner.process(pid);
            process.threads.retain(|other| *other != thread);
            if thread == pid {
                process.stat.state = b'Z';
            } else {
                process.stat.threads -= 1;
            }
            if process.threads.is_empty() {
                inner.processes.remove(&pid);
                for orphan in inner.processes.values_mut() {
                    if orphan.stat.parent == pid {
                        orphan.stat.parent = 1;
                    }
                }
            }
        });
    }

    pub(super) fn exit(&self, pid: u32) {
        let threads = self.0.borrow().processes[&pid].threads.clone();
        for thread in threads {
            self.end_thread(pid, thread);
        }
    }

    /// `setsid`.
    pub(super) fn detach(&self, pid: u32) {
        self.change(|inner| {
            let stat = &mut inner.process(pid).stat;
            (stat.group, stat.session) = (pid, pid);
        });
    }

    pub(super) fn lead_terminal(&self, pid: u32) {
        self.detach(pid);
        self.change(|inner| inner.process(pid).stat.terminal = 34816);
    }

    /// Thread, process, its start, and its family: of all that can act.
    pub(super) fn living(&self) -> Vec<(u32, u32, u64, Family)> {
        let inner = self.0.borrow();
        let of = |(pid, process): (&u32, &Process)| {
            let (pid, process) = (*pid, process.clone());
            let started = process.stat.started;
            (process.threads.into_iter())
                .map(move |thread| (thread, pid, started, process.family))
                .collect::<Vec<_>>()
        };
        inner.processes.iter().flat_map(of).collect()
    }

    pub(super) fn lives(&self, id: ProcessId) -> bool {
        let inner = self.0.borrow();
        let process = inner.processes.get(&id.pid);
        process.is_some_and(|process| process.stat.started == id.started)
    }

    pub(super) fn perform(&self, deed: Deed) {
        let room = self.0.borrow().free_number().is_some();
        let pick = |choice: u8| {
            let inner = self.0.borrow();
            let nth = usize::from(choice) % inner.processes.len();
            *inner.processes.keys().nth(nth).expect("some live")
        };
        match deed {
            Deed::Fork(choice) if room => {
                let parent = pick(choice);
                let child = self.fork(parent);
                if parent == 1 {
                    self.exec(child, "/srv/program", Owner::Anyone);
                }
            }
            Deed::Thread(choice) if room && pick(choice) != 1 => {
                self.thread(pick(choice));
            }
            Deed::Exit(choice) if pick(choice) != 1 => self.exit(pick(choice)),
            Deed::Exec(choice) if pick(choice) != 1 => {
                self.exec(pick(choice), "/srv/program", Owner::Anyone);
            }
            Deed::EndThread(choice, thread) if pick(choice) != 1 => {
                let pid = pick(choice);
                let threads = self.0.borrow().processes[&pid].threads.clone();
                self.end_thread(pid, threads[usize::from(thread) % threads.len()]);
            }
            Deed::Detach(choice) if pick(choice) != 1 => self.detach(pick(choice)),
            Deed::Fork(_)
            | Deed::Thread(_)
            | Deed::Exit(_)
            | Deed::Exec(_)
            | Deed::EndThread(..)
            | Deed::Detach(_)
            | Deed::Hear => {}
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.0.borrow_mut())
    }

    fn tell(&self, what: What) {
        self.change(|inner| {
            let at = inner.now;
            inner.told.push(Event { at, what });
        });
    }
}

impl Inner {
    fn process(&mut self, pid: u32) -> &mut Process {
        self.processes.get_mut(&pid).expect("it lives")
    }

    // Numbers are handed out in turn, and none that a thread, a group or a session still has.
    fn free_number(&self) -> Option<u32> {
        let taken = |number: &u32| {
            self.processes.contains_key(number)
                || self.numbers < 1000
                    && self.processes.values().any(|process| {
                        process.threads.contains(number)
                            || process.stat.group == *number
                            || process.stat.session == *number
                    })
        };
        (self.next..=self.numbers)
            .chain(1..self.next)
            .find(|number| !taken(number))
    }
}

impl Sight for World {
    fn all(&self) -> Vec<u32> {
        self.0.borrow().processes.keys().copied().collect()
    }

    fn stat(&self, process: u32) -> Option<Stat> {
        Some(self.0.borrow().processes.get(&process)?.stat)
    }

    fn status(&self, thread: u32) -> Option<Status> {
        let inner = self.0.borrow();
        let (pid, _) =
            (inner.processes.iter()).find(|(_, process)| process.threads.contains(&thread))?;
        Some(Status {
            process: *pid,
            uid: 1000,
        })
    }

    fn image(&self, process: u32) -> Option<Image> {
        self.0.borrow().processes.get(&process)?.image.clone()
    }

    fn glance(&self, _began: Began) -> Option<Image> {
        None
    }

    fn session(&self, _process: u32) -> Option<u64> {
        None
    }

    fn mark(&self, number: u32) -> Option<u64> {
        Some(self.0.borrow().processes.get(&number)?.mark)
    }

    fn slept(&self) -> u64 {
        0
    }

    fn ticks(&self) -> u64 {
        100
    }
}

const TICK: u64 = 10_000_000;
