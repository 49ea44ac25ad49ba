//! Many at once: threads of one process, and processes that belong to nobody.

use std::io::Read;
use std::os::fd::OwnedFd;

use rustix::io::Errno;

use super::{Act, Way, copy, link, mapping, overwrite, remove, rename, replace, truncate};
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::whole(
        "many-threads",
        "--threads threads at once, each file in one of twelve ways",
        1,
        threads,
    ),
    Way::whole(
        "many-processes",
        "a detached process for each file (double fork, setsid), --procs at a time",
        1,
        processes,
    ),
];

/// The mix: the twelve patterns of the kernel trials, as far as one file is enough for them.
const MIX: &[Act] = &[
    Act::Each(overwrite::whole),
    Act::Each(replace::then_delete),
    Act::Each(rename::then_overwrite),
    Act::Each(truncate::path_zero),
    Act::Each(mapping::write),
    Act::Each(rename::out_and_back),
    Act::Each(link::hardlink),
    Act::Each(replace::then_rename),
    Act::Each(truncate::open_truncate),
    Act::Each(remove::unlink),
    Act::Each(copy::copy_file_range),
    Act::Each(remove::wipe),
];

/// Names of one inode go to one thread, so that no two ways meet on one file.
fn threads(run: &Run<'_>) -> Result<(), Failure> {
    let threads = run.limits.threads.clamp(1, MOST_THREADS) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for victim in run
                    .victims
                    .iter()
                    .filter(|victim| victim.inode % threads == thread)
                {
                    run.report.outcome(mixed(run, victim));
                }
            });
        }
    });
    Ok(())
}

fn mixed(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let way = usize::try_from(run.noise(victim).next() % MIX.len() as u64).unwrap_or(0);
    match MIX.get(way) {
        Some(Act::Each(act)) => act(run, victim),
        Some(Act::Whole(_)) | None => Ok(()),
    }
}

/// Each process leaves its parent and session at once; a pipe tells what became of it.
fn processes(run: &Run<'_>) -> Result<(), Failure> {
    let at_once = run.limits.procs.clamp(1, MOST_PROCESSES);
    for batch in run.victims.chunks(at_once) {
        let (outlet, inlet) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
        for victim in batch {
            if let Err(failure) = detach(run, victim, &inlet) {
                run.report.outcome(Err(failure));
            }
        }
        drop(inlet);
        collect(run, outlet, batch.len());
    }
    Ok(())
}

/// Forks twice. The grandchild belongs to init, damages one file, writes its outcome and ends.
#[expect(unsafe_code, reason = "no safe crate offers fork")]
fn detach(run: &Run<'_>, victim: &Victim, inlet: &OwnedFd) -> Result<(), Failure> {
    // SAFETY: this program has a single thread here, so the child may run any code.
    match unsafe { libc::fork() } {
        -1 => Err(Errno::from_io_error(&std::io::Error::last_os_error())
            .unwrap_or(Errno::AGAIN)
            .into()),
        0 => {
            let _leader = rustix::process::setsid();
            // SAFETY: as above; the child too has a single thread.
            if unsafe { libc::fork() } == 0 {
                let record = match overwrite::whole(run, victim) {
                    Ok(()) => "ok\n".to_owned(),
                    Err(failure) => failure.name() + "\n",
                };
                let _gone = rustix::io::write(inlet, record.as_bytes());
            }
            // SAFETY: ends this process at once; nothing of the parent's is flushed or dropped twice.
            unsafe { libc::_exit(0) }
        }
        child => {
            let child = rustix::process::Pid::from_raw(child);
            rustix::process::waitpid(child, rustix::process::WaitOptions::empty())?;
            Ok(())
        }
    }
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

const MOST_THREADS: usize = 64;
const MOST_PROCESSES: usize = 64;
