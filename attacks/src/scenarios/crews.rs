//! Many processes or threads that share the work, or pass it on.

use std::cell::RefCell;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::panic::AssertUnwindSafe;

use rustix::io::Errno;
use rustix::pipe::PipeFlags;
use rustix::process::{Pid, WaitOptions};

use super::Signal::{Breadth, Dissimilarity, Entropy, FileType, Pace};
use super::{Plan, Scenario, content, count, tell};
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "crew-60-processes",
        "60 processes at once, each encrypts four files",
        &[Entropy, FileType, Breadth, Pace],
        Plan::Whole(sixty),
    ),
    Scenario::new(
        "crew-detached",
        "a process for each file that leaves its parent and session first (double fork, setsid), --procs at a time",
        &[Entropy, FileType, Dissimilarity],
        Plan::Whole(detached),
    ),
    Scenario::new(
        "crew-fork-storm",
        "a short process for each file among many that do nothing, --procs at a time",
        &[Entropy, FileType, Pace],
        Plan::Whole(storm),
    ),
    Scenario::new(
        "crew-relay",
        "each process encrypts one file, starts the next process and ends: no parent outlives its work",
        &[Entropy, FileType, Dissimilarity],
        Plan::Whole(relay),
    ),
    Scenario::new(
        "crew-threads",
        "--threads threads of one process encrypt at once",
        &[Entropy, FileType, Pace],
        Plan::Whole(threads),
    ),
];

/// How the work is shared.
struct Crew {
    /// Processes at one time.
    at_once: usize,
    /// Victims for each.
    files: usize,
    /// Processes without work beside each.
    idle: usize,
    tie: Tie,
    start: Start,
}

/// What becomes of a process before it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    Child,
    Detached,
}

/// When a process begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    AtOnce,
    /// When all of them are there.
    Together,
}

fn sixty(run: &Run<'_>) -> Result<(), Failure> {
    Crew {
        at_once: 60,
        files: 4,
        idle: 0,
        tie: Tie::Child,
        start: Start::Together,
    }
    .work(run)
}

fn detached(run: &Run<'_>) -> Result<(), Failure> {
    let at_once = run.limits.procs.clamp(1, MOST);
    Crew {
        at_once,
        files: 1,
        idle: 0,
        tie: Tie::Detached,
        start: Start::AtOnce,
    }
    .work(run)
}

fn storm(run: &Run<'_>) -> Result<(), Failure> {
    let at_once = run.limits.procs.clamp(1, MOST);
    Crew {
        at_once,
        files: 1,
        idle: 3,
        tie: Tie::Child,
        start: Start::AtOnce,
    }
    .work(run)
}

impl Crew {
    fn work(&self, run: &Run<'_>) -> Result<(), Failure> {
        for batch in run.victims.chunks(self.at_once * self.files) {
            let (outlet, inlet) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC)?;
            let gate = Gate::new()?;
            let mut children = Vec::new();
            for group in batch.chunks(self.files) {
                let job = || {
                    if self.start == Start::Together {
                        gate.pass();
                    }
                    group.iter().for_each(|victim| take(run, victim, &inlet));
                };
                let child = match self.tie {
                    Tie::Child => fork(job),
                    Tie::Detached => fork(|| {
                        let _leader = rustix::process::setsid();
                        let _grandchild = fork(job);
                    }),
                };
                children.extend(kept(run, child));
                children.extend((0..self.idle).filter_map(|_| kept(run, fork(|| ()))));
            }
            drop((inlet, gate));
            collect(run, outlet, batch.len());
            children.into_iter().try_for_each(wait)?;
        }
        Ok(())
    }
}

/// A pipe that nobody writes into: its end is the sign to begin. Each process closes its own copy of the sender.
struct Gate {
    closed: OwnedFd,
    sender: RefCell<Option<OwnedFd>>,
}

impl Gate {
    fn new() -> Result<Self, Failure> {
        let (closed, sender) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC)?;
        let sender = RefCell::new(Some(sender));
        Ok(Self { closed, sender })
    }

    /// Waits until the process that made it, and all before this one, have closed theirs.
    fn pass(&self) {
        drop(self.sender.take());
        let _end = rustix::io::read(&self.closed, &mut [0]);
    }
}

/// Recursion by fork: as many generations as victims, one alive at a time.
fn relay(run: &Run<'_>) -> Result<(), Failure> {
    let (outlet, inlet) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC)?;
    let first = fork(|| {
        let _leader = rustix::process::setsid();
        pass_on(run, &run.victims, &inlet);
    })?;
    drop(inlet);
    collect(run, outlet, run.victims.len());
    wait(first)
}

fn pass_on(run: &Run<'_>, victims: &[Victim], inlet: &OwnedFd) {
    if let [victim, rest @ ..] = victims {
        take(run, victim, inlet);
        let _next = fork(|| pass_on(run, rest, inlet));
    }
}

/// Names of one inode go to one thread, so that no two meet on one file.
fn threads(run: &Run<'_>) -> Result<(), Failure> {
    let threads = run.limits.threads.clamp(1, MOST) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let mine = |victim: &&Victim| victim.inode % threads == thread;
                for victim in run.victims.iter().filter(mine) {
                    count(run, victim, content::whole(run, victim));
                }
            });
        }
    });
    Ok(())
}

/// In a process of the crew: its own counts end with it, so a pipe brings the outcome home.
fn take(run: &Run<'_>, victim: &Victim, inlet: &OwnedFd) {
    let record = match tell(run, victim, content::whole(run, victim)) {
        Ok(()) => "ok\n".to_owned(),
        Err(failure) => failure.name() + "\n",
    };
    let _gone = rustix::io::write(inlet, record.as_bytes());
}

/// Reads outcomes until the last process has closed the pipe; one that was killed left none.
fn collect(run: &Run<'_>, outlet: OwnedFd, expected: usize) {
    let mut records = String::new();
    let _partial = std::fs::File::from(outlet).read_to_string(&mut records);
    for record in records.lines() {
        match record {
            "ok" => run.report.outcome(Ok(())),
            name => run.report.failed(name, 1),
        }
    }
    let silent = expected.saturating_sub(records.lines().count());
    if silent > 0 {
        run.report.failed("killed or never started", silent as u64);
    }
}

fn kept(run: &Run<'_>, child: Result<Pid, Failure>) -> Option<Pid> {
    child
        .map_err(|failure| run.report.failed(&failure.name(), 1))
        .ok()
}

fn wait(child: Pid) -> Result<(), Failure> {
    rustix::process::waitpid(Some(child), WaitOptions::empty())?;
    Ok(())
}

/// Does a job in a new process, which ends with it.
#[expect(unsafe_code, reason = "no safe crate offers fork")]
fn fork(job: impl FnOnce()) -> Result<Pid, Failure> {
    // SAFETY: this program has a single thread in all of this file but `threads`, so the child may run any code.
    match unsafe { libc::fork() } {
        -1 => Err(Errno::from_io_error(&std::io::Error::last_os_error())
            .unwrap_or(Errno::AGAIN)
            .into()),
        0 => {
            // A panic must not climb into the parent's work, done twice then.
            let _told = std::panic::catch_unwind(AssertUnwindSafe(job));
            // SAFETY: ends this process at once; nothing of the parent's is flushed or dropped twice.
            unsafe { libc::_exit(0) }
        }
        child => Pid::from_raw(child).ok_or(Failure::System(Errno::SRCH)),
    }
}

const MOST: usize = 64;
