//! The guard's loop. This thread opens no file by a public path: its own mark could hold it.

use std::{
    collections::{HashMap, HashSet},
    os::fd::{AsFd, BorrowedFd, RawFd},
    path::PathBuf,
    sync::{
        Arc,
        atomic::AtomicUsize,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use hygie_guard::{Ask, Law, Limits, harm::Twin};
use hygie_model::{Cause, Exception, FileId, Mono, Wall};
use hygie_platform::{
    clock,
    event::{Answer, EventBuffer},
    linux::{
        fanotify::Group,
        lease::Lease,
        process,
        pulse::{Pulse, Source, Word},
        wake::{Bell, Signal, Signals},
    },
};
use hygie_vault::{Entry, Objects, Usage, Vault, VaultError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{
    StateDir,
    hub_word::HubWord,
    incidents::Incidents,
    judge::{Halted, What, Witnessed},
    orders::{Changes, Orders},
    standing::KnownPrograms,
};

use super::{
    actions::Pending,
    committer::{self, Copied, Work},
    copier::{self, Copier, Queue},
    keeper::{Fact, Keeper},
    large::{Reading, Readings, Same},
    pacing::Pacing,
    reserve::Reserve,
    scan::{KeptFiles, Walked, Walker},
    space::{ChangeHold, Space},
    status::Board,
    tree::{Name, Node, Set, Tree},
};

/// What the witness hands to each guard that it starts.
///
/// Dropped by the last process that has them, the group that the kernel asks first must go first: a call that waits for
/// it pins the marks of the other, which would wait for that call, in a process that closes nothing more
/// (`hygie_platform::linux::fanotify::ordered`). Fields are dropped in their order.
pub struct Handed {
    /// The group marked on changing files; asked first.
    pub near: Group,
    /// The group marked on whole file systems.
    pub wide: Group,
    /// The shared page.
    pub pulse: Pulse,
}

/// What threads tell the loop.
pub(crate) enum News {
    Copied(Box<Copied>),
    Read(Reading, Same),
    /// Processes were stopped: what they wait for is refused.
    Halted,
    /// The judge wants to hear when the kernel has no more to tell.
    Drain,
    /// The judge wants to know whether one of these files has a name, and rests as its newest version.
    Stand(Vec<FileId>, SyncSender<Twin>),
    Stored(Usage),
    StoreFailed(String),
}

/// Where threads put what they tell.
#[derive(Clone)]
pub(crate) struct Inbox {
    sender: Sender<News>,
    bell: Bell,
}

impl Inbox {
    pub(crate) fn send(&self, news: News) {
        // When the loop is gone there is nobody to tell.
        let _ = self.sender.send(news);
        self.bell.ring();
    }

    pub(crate) fn halted(&self) {
        self.send(News::Halted);
    }

    /// Asks for [`crate::judge::What::Drained`].
    pub(crate) fn drain(&self) {
        self.send(News::Drain);
    }

    /// Whether one of these files has a name in a protected folder and rests as its newest version, by what the loop has
    /// heard so far; no, where it does not answer in time. Never for the loop itself.
    pub(crate) fn stand(&self, files: Vec<FileId>) -> Twin {
        let (reply, answer) = sync_channel(1);
        self.send(News::Stand(files, reply));
        answer.recv_timeout(ANSWER).unwrap_or(Twin::None)
    }
}

/// The guard.
pub(crate) struct Guard {
    // Dropped in this order, and before the groups of names: see `Handed`.
    pub(crate) near: Group,
    pub(crate) wide: Group,
    pub(crate) spaces: Vec<Space>,
    pub(crate) law: Law,
    pub(crate) tree: Tree,
    pub(crate) pulse: Pulse,
    pub(crate) queue: Arc<Queue>,
    pub(crate) store: Sender<Work>,
    pub(crate) facts: Vec<Entry>,
    pub(crate) asks: HashMap<Ask, Pending>,
    pub(crate) next_ask: u64,
    pub(crate) next_node: i64,
    pub(crate) leases: HashMap<RawFd, FileId>,
    pub(crate) leases_budget: usize,
    /// Leases that were broken before the guard had them in its book.
    pub(super) broken: Vec<FileId>,
    /// Walks under way, and the names that went since the first of them began.
    pub(crate) walks: usize,
    pub(crate) went_meanwhile: HashSet<Name>,
    /// Nodes that lost a name in the events at hand.
    pub(crate) lost: Vec<Node>,
    pub(crate) known: KnownPrograms,
    pub(crate) board: Board,
    pub(crate) keeper: Keeper,
    pub(crate) walker: Walker,
    pub(crate) change_hold: ChangeHold,
    pub(crate) now: Mono,
    pub(crate) wall: Wall,
    pub(super) usage: Usage,
    pub(super) told_progress: Mono,
    /// The last moment at which an earlier guard was known to hold.
    pub(super) gap_since: Option<Wall>,
    pub(super) orders: Orders,
    /// Large files that are read whole.
    pub(super) readings: Readings,
    /// The judge's ear, and whom it has stopped.
    pub(super) witnessed: Witnessed,
    pub(super) halted: Halted,
    pub(super) pacing: Pacing,
    /// Whether the judge waits to hear that the kernel has no more to tell.
    pub(super) draining: Set,
    /// When a silent witness was last replaced.
    pub(super) witness_replaced: Mono,
}

/// What the guard's door needs.
#[derive(Clone)]
pub struct Inside {
    /// How things are.
    pub board: Board,
    /// The shared page.
    pub pulse: Pulse,
    /// Where the store is, to be read.
    pub(crate) vault: PathBuf,
    pub(crate) store: Sender<Work>,
    pub(crate) keeper: Keeper,
    pub(crate) hub: HubWord,
}

/// Runs until told to stop; `serve` opens the door, before anything is held.
///
/// # Errors
/// When a folder's file system cannot be guarded, or the store cannot be opened.
pub fn run(
    handed: Handed,
    orders: &Orders,
    incidents: &Incidents,
    serve: impl FnOnce(Inside),
) -> Result<()> {
    let signals = Signals::take_over().context("taking over the signals")?;
    let budget = lease_budget(orders.leases);
    let vault = open_store(&StateDir::at(&orders.state).vault())
        .context("opening the store of versions")?;
    let objects = vault.objects();
    let bell = Bell::new()?;
    let (news_sender, news) = channel();
    let (walked_sender, walked) = sync_channel(8);
    let inbox = Inbox {
        sender: news_sender,
        bell: bell.clone(),
    };
    let folders = orders
        .folders
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let board = Board::new(clock::wall(), folders);
    let state = StateDir::at(&orders.state);
    let keeper = Keeper::start(&state, board.clone());
    let mut guard = Guard {
        law: Law::new(Limits {
            bound: orders.bound().mul_f64(0.8),
            leases: budget,
        }),
        tree: Tree::default(),
        spaces: Vec::new(),
        wide: handed.wide,
        near: handed.near,
        pulse: handed.pulse,
        queue: Arc::new(Queue::default()),
        store: channel().0,
        facts: Vec::new(),
        asks: HashMap::new(),
        next_ask: 0,
        next_node: 0,
        leases: HashMap::new(),
        leases_budget: budget,
        broken: Vec::new(),
        walks: 0,
        went_meanwhile: HashSet::new(),
        lost: Vec::new(),
        known: KnownPrograms::load(),
        board,
        keeper,
        walker: Walker {
            kept: Arc::new(KeptFiles::new()),
            leases: Arc::new(AtomicUsize::new(budget)),
            out: walked_sender,
            bell: bell.clone(),
        },
        change_hold: match orders.changes {
            Changes::Held => ChangeHold::Held,
            Changes::Seen => ChangeHold::Unheld,
        },
        now: clock::mono(),
        wall: clock::wall(),
        usage: vault.usage(),
        told_progress: Mono(0),
        gap_since: state.last_known_protected(),
        orders: orders.clone(),
        readings: Readings::start(inbox.clone()),
        witnessed: Witnessed::nobody(),
        halted: Halted::default(),
        pacing: Pacing::new(orders.attackers),
        draining: Set::No,
        witness_replaced: clock::mono(),
    };
    let vault = guard.open_spaces(orders, vault)?;
    let reserve = Reserve::keep(state.reserve(), orders.reserve);
    let judging = inbox.clone();
    let (store, storing) = committer::start(
        vault,
        inbox,
        (guard.keeper.clone(), reserve.clone(), incidents.clone()),
        orders.room(),
    );
    guard.store = store;
    guard.let_judge(incidents, judging)?;
    serve(Inside {
        hub: HubWord::start(&state, guard.board.clone(), guard.keeper.clone()),
        board: guard.board.clone(),
        pulse: guard.pulse.clone(),
        vault: state.vault(),
        store: guard.store.clone(),
        keeper: guard.keeper.clone(),
    });
    if orders.changes == Changes::Seen {
        guard.board.general(Exception::TruncateUnheld);
    }
    guard.let_copy(objects, reserve);
    // Locked memory is a help against being swapped out while others wait; not a condition.
    let _ = process::lock_memory();
    guard.arm()?;
    guard.walk_again();
    guard.serve(&signals, &bell, &news, &walked);
    // The threads of door, store and journal end with the process: what had to be safe was
    // flushed.
    drop(storing);
    guard.stop();
    Ok(())
}

impl Guard {
    /// Starts the copying threads.
    fn let_copy(&self, objects: Objects, reserve: Reserve) {
        let copier = Copier::new(
            objects,
            StateDir::at(&self.orders.state).vault(),
            self.orders.large_from,
            (reserve, self.witnessed.clone()),
        );
        for _ in 0..self.orders.threads.max(1) {
            copier::start(self.queue.clone(), copier.another(), self.store.clone());
        }
    }
}

/// Opens the store; waits for a guard that was killed and still has it: the kernel takes its marks
/// away first, which can take seconds.
fn open_store(path: &std::path::Path) -> Result<Vault, VaultError> {
    let until = clock::mono().after(DYING);
    loop {
        match Vault::open(path) {
            Err(VaultError::Busy { .. }) if clock::mono() < until => std::thread::sleep(BEAT),
            opened => return opened,
        }
    }
}

const DYING: Duration = Duration::from_secs(30);

/// Descriptors that are not for leases: events, copies, the store, sockets.
const SPARE_DESCRIPTORS: u64 = 4_000;

fn lease_budget(wanted: Option<usize>) -> usize {
    let wanted = wanted.unwrap_or(200_000);
    let limit = process::raise_descriptors(wanted as u64 + SPARE_DESCRIPTORS);
    wanted.min(usize::try_from(limit.saturating_sub(SPARE_DESCRIPTORS)).unwrap_or(0))
}

impl Guard {
    fn serve(
        &mut self,
        signals: &Signals,
        bell: &Bell,
        news: &Receiver<News>,
        walked: &Receiver<Walked>,
    ) {
        let mut buffer = EventBuffer::new();
        loop {
            self.flush_facts();
            self.wait(signals.as_fd(), bell.as_fd());
            self.beat();
            // Closes before opens, so that a state is numbered before somebody asks for it.
            let mut seen = self.serve_group(Source::Near, &mut buffer);
            seen += self.serve_group(Source::Wide, &mut buffer);
            for space in 0..self.spaces.len() {
                seen += self.serve_names(self.spaces[space].id, &mut buffer);
            }
            if seen > 0 {
                self.board.touched(self.wall);
            } else if std::mem::replace(&mut self.draining, Set::No) == Set::Yes {
                self.witness(What::Drained);
            }
            bell.hush();
            while let Ok(told) = news.try_recv() {
                self.handle_news(told);
            }
            // A little at a time: holds come first.
            for _ in 0..4 {
                let Ok(told) = walked.try_recv() else { break };
                self.handle_walked(told);
                bell.ring();
            }
            if self.handle_signals(signals) == Told::End {
                return;
            }
            self.let_paced_go_on();
            self.law.handle_timeout(self.now);
            self.obey();
            self.tell_progress();
            self.look_at_witness();
        }
    }

    pub(super) fn beat(&mut self) {
        self.now = clock::mono();
        self.wall = clock::wall();
        self.pulse.set(Word::GuardBeat, self.now.0);
    }

    fn wait(&self, signals: BorrowedFd<'_>, bell: BorrowedFd<'_>) {
        let mut fds: Vec<PollFd<'_>> = [self.near.as_fd(), self.wide.as_fd(), signals, bell]
            .into_iter()
            .chain(self.spaces.iter().map(|space| space.names.as_fd()))
            .map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN))
            .collect();
        let until = self
            .law
            .poll_timeout()
            .map_or(BEAT, |at| at.since(clock::mono()).min(BEAT));
        let until = self.pacing.pause().map_or(until, |pause| until.min(pause));
        let timeout = Timespec {
            tv_sec: i64::try_from(until.as_secs()).unwrap_or(0),
            tv_nsec: i64::from(until.subsec_nanos()),
        };
        let _ = poll(&mut fds, Some(&timeout));
    }

    fn handle_signals(&mut self, signals: &Signals) -> Told {
        for signal in signals.drain() {
            match signal {
                Signal::LeaseBroken(number) => {
                    // The number may have become another lease's since.
                    if let Some(file) = self.leases.get(&number)
                        && let Some(node) = self.tree.files.get(file)
                        && node.lease.as_ref().is_some_and(Lease::is_broken)
                    {
                        self.broken.push(*file);
                    }
                }
                Signal::LeaseOverflow => self.look_at_all_leases(),
                Signal::End => return Told::End,
            }
        }
        for file in std::mem::take(&mut self.broken) {
            // Who opens a followed file is asked before he gets to the lease: this is a truncation by path.
            self.no_longer_followed(file);
            if self.pacing.is_crowded() {
                self.pacing.wait_broken(file, self.now);
            } else {
                self.law.handle_break(file, self.now);
            }
        }
        self.obey();
        Told::GoOn
    }

    fn look_at_all_leases(&mut self) {
        let broken: Vec<FileId> = self
            .tree
            .files
            .iter()
            .filter(|(_, node)| node.lease.as_ref().is_some_and(Lease::is_broken))
            .map(|(file, _)| *file)
            .collect();
        self.broken.extend(broken);
    }

    /// Enters a lease into the book. One that was broken before is noticed here, since its
    /// signal came for a number that nobody knew.
    pub(crate) fn take_lease(&mut self, file: FileId, lease: Lease) {
        if lease.is_broken() {
            self.broken.push(file);
        }
        if let Some(node) = self.tree.files.get_mut(&file) {
            self.leases.insert(lease.number(), file);
            node.lease = Some(lease);
        }
    }

    /// Facts go before the copies that build on them.
    pub(crate) fn flush_facts(&mut self) {
        if !self.facts.is_empty() {
            let _ = self
                .store
                .send(Work::Facts(std::mem::take(&mut self.facts)));
        }
    }

    /// Ends in good order: nothing waits, what is not copied keeps its link.
    fn stop(&mut self) {
        self.pulse.set(Word::Stopping, 1);
        for space in &self.spaces {
            space.close(&self.wide);
        }
        let _ = self.near.flush_inodes();
        let _ = self.wide.flush_inodes();
        for pending in std::mem::take(&mut self.asks).into_values() {
            self.respond(pending.source, pending.call, Answer::Allow);
            if let Some(slot) = pending.slot {
                self.pulse.free(slot);
            }
        }
        self.queue.close();
        self.flush_facts();
        let (bell, rung) = sync_channel(1);
        if self.store.send(Work::Flush(bell)).is_ok() {
            let _ = rung.recv_timeout(Duration::from_secs(10));
        }
        self.board.over(clock::wall(), Cause::Stopped);
        self.keeper.tell(Fact::Stopped, []);
        self.keeper.flush();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    GoOn,
    End,
}

/// How long the judge waits for the loop, which answers in its next round.
const ANSWER: Duration = Duration::from_secs(1);
/// The guard's heart beats at least this often.
pub(crate) const BEAT: Duration = Duration::from_millis(200);
