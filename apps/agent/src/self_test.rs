//! The trial at each start: a witness that does not release is found before anything is marked
//! (CONTRACTS.md, safety 1). It plays on one file of Hygie's own, with the real processes.

use std::{
    fs::File,
    io::ErrorKind,
    os::fd::AsFd,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use anyhow::{Context, Result};
use hygie_platform::{
    clock,
    linux::{
        fanotify::{Class, Effect, Group, Mask, Scope},
        pulse::Word,
    },
};
use rustix::process::Signal;

use crate::{
    StateDir,
    config::Attackers,
    guard::Handed,
    orders::{Changes, Named, Orders},
    supervise::{Ended, Pair},
};

/// Why nothing is marked.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    /// The witness did not release a held open while the guard was stopped.
    #[error("the witness did not release a held open while the guard was stopped")]
    NotReleased,
    /// A pair that had not answered for twice the bound was not ended.
    #[error("a group that was not answered for twice the bound stayed open")]
    NotClosed,
    /// The trial itself could not be made.
    #[error("the self-test could not be made: {0:#}")]
    Error(#[from] anyhow::Error),
}

/// The bound of the trial: short, so that a start takes about a second.
const BOUND_MS: u64 = 600;
/// How often the trial is made before it counts as failed.
const TRIALS: usize = 3;
/// How long the trial waits for what must come within the bound, on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes the trial; again where it did not succeed, for a machine that stood still meanwhile proves nothing.
///
/// # Errors
/// What did not work; nothing may be marked then.
pub fn run(state: &StateDir) -> Result<(), SelfTestError> {
    // What an earlier start left there is removed and never opened: it may still be held.
    match std::fs::remove_dir_all(state.self_test()) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(SelfTestError::Error(error.into()));
        }
        Ok(()) | Err(_) => {}
    }
    for trial in 1..TRIALS {
        match run_once(state, trial) {
            Err(SelfTestError::NotReleased | SelfTestError::NotClosed) => {}
            outcome @ (Ok(()) | Err(SelfTestError::Error(_))) => return outcome,
        }
    }
    run_once(state, TRIALS)
}

/// Each trial has a folder of its own, for one that failed may hold for ever whoever opens what is in its own.
fn run_once(state: &StateDir, trial_number: usize) -> Result<(), SelfTestError> {
    let folder = state.self_test().join(trial_number.to_string());
    std::fs::create_dir_all(&folder).context("making the trial's folder")?;
    let file = folder.join("held");
    std::fs::write(&file, b"hygie").context("making the trial's file")?;
    let orders = Orders {
        state: folder.clone(),
        folders: vec![folder],
        named: Named::Start,
        bound_ms: BOUND_MS,
        leases: None,
        budget: 0,
        reserve: 0,
        min_age_s: 0,
        large_from: u64::MAX,
        attackers: Attackers::Note,
        threads: 1,
        changes: Changes::Seen,
        trial: Some(file.clone()),
    };
    let mut pair = Pair::start(&orders)?;
    let outcome = trial(&mut pair, &file);
    pair.end_now();
    outcome
}

fn trial(pair: &mut Pair, file: &Path) -> Result<(), SelfTestError> {
    wait(|| pair.pulse().get(Word::GuardServes) == 1).ok_or(SelfTestError::NotReleased)?;
    // The guard has stopped itself; only the witness can let this open go on.
    let opened = open_aside(file.to_path_buf());
    opened
        .recv_timeout(PATIENCE)
        .map_err(|_| SelfTestError::NotReleased)?;
    wait(|| pair.pulse().get(Word::GuardServes) == 1).ok_or(SelfTestError::NotReleased)?;
    // Now the witness is stopped as well: only the dead-man timer is left.
    pair.signal(Word::WitnessProcess, Signal::STOP);
    let opened = open_aside(file.to_path_buf());
    wait(|| pair.end_if_dead() == Ended::Yes).ok_or(SelfTestError::NotClosed)?;
    opened
        .recv_timeout(PATIENCE)
        .map_err(|_| SelfTestError::NotClosed)
}

fn open_aside(file: PathBuf) -> Receiver<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let _ = File::open(file);
        let _ = sender.send(());
    });
    receiver
}

fn wait(mut come: impl FnMut() -> bool) -> Option<()> {
    let patience = clock::mono().after(PATIENCE);
    while !come() {
        if clock::mono() >= patience {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Some(())
}

/// Plays the guard that hangs: marks the trial's file, says that it serves, and stops itself.
///
/// # Errors
/// When the file cannot be marked.
pub fn play_hung_guard(handed: Handed, file: &Path) -> Result<()> {
    let opened = File::open(file).context("opening the trial's file")?;
    // As on a protected folder: a call that waits for one group pins the marks of the others, and
    // a process that dies must let go of it all the same (`fanotify::ordered`).
    let folder = File::open(file.parent().unwrap_or(file)).context("opening the trial's folder")?;
    // Dropped in this order, should a mark be refused.
    let (handed, names) = &(handed, Group::new(Class::Names)?);
    let (near, around) = (Mask::OPEN_PERM, Mask::OPEN_PERM.and(Mask::ON_CHILD));
    names.mark(Scope::Inode, Effect::Report, Mask::CREATE, folder.as_fd())?;
    let wide = &handed.wide;
    wide.mark(Scope::Inode, Effect::Report, around, folder.as_fd())?;
    handed
        .near
        .mark(Scope::Inode, Effect::Report, near, opened.as_fd())?;
    handed
        .pulse
        .set(Word::GuardProcess, u64::from(std::process::id()));
    handed.pulse.set(Word::GuardBeat, clock::mono().0);
    handed.pulse.set(Word::GuardServes, 1);
    rustix::process::kill_process(rustix::process::getpid(), Signal::STOP)?;
    Ok(())
}
