//! Attacks on what a guard needs: space, budget, attention.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{Way, overwrite};
use crate::arena::OUTSIDE;
use crate::noise::Noise;
use crate::report::{Failure, Moment};
use crate::run::{Run, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::whole(
        "fill-disk",
        "fills the file system with junk outside and overwrites the files meanwhile",
        1,
        fill_disk,
    ),
    Way::whole(
        "flood-opens",
        "threads open all files to read, without end, while another overwrites them",
        1,
        flood_opens,
    ),
    Way::whole(
        "use-up-budget",
        "rewrites the largest file --rounds times, so that copies eat the budget",
        1,
        use_up_budget,
    ),
];

/// Only on a small file system that is not the system's own: a full `/` harms more than an arena.
fn fill_disk(run: &Run<'_>) -> Result<(), Failure> {
    let space = rustix::fs::fstatvfs(run.arena)?;
    if run.arena.device() == rustix::fs::stat("/")?.st_dev
        || space.f_blocks.saturating_mul(space.f_frsize) > LARGEST
    {
        return Err(Failure::Refused(
            "the file system is the system's own or larger than 4 GiB",
        ));
    }
    std::thread::scope(|scope| {
        let filling = scope.spawn(|| fill(run));
        run.each(overwrite::whole);
        let filled = filling
            .join()
            .unwrap_or(Err(Failure::Refused("the filling thread failed")));
        // What was refused for lack of room is tried once more, now that none is left.
        run.each(overwrite::whole);
        filled
    })
}

/// Writes junk until the system says that it is full.
fn fill(run: &Run<'_>) -> Result<(), Failure> {
    let mut noise = Noise::new(run.limits.seed, u64::MAX);
    let mut length = CHUNK;
    for number in 0..u64::MAX {
        let file = run.open(
            &Path::new(OUTSIDE).join(format!("fill-{number}")),
            OFlags::WRONLY | OFlags::CREATE,
        );
        let outcome = file.and_then(|file| {
            (0..CHUNKS_A_FILE).try_for_each(|chunk| {
                write_at(&file, &noise.bytes(length), (chunk * length) as u64)
            })
        });
        match outcome {
            Ok(()) => {}
            Err(full @ Failure::System(Errno::NOSPC | Errno::DQUOT)) if length > 4096 => {
                run.report.failed(&full.name(), 1);
                length /= 16;
            }
            Err(Failure::System(Errno::NOSPC | Errno::DQUOT)) => return Ok(()),
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// The opens are harmless; each may cost the guard an answer.
fn flood_opens(run: &Run<'_>) -> Result<(), Failure> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _thread in 0..run.limits.threads.clamp(1, 64) {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    for victim in &run.victims {
                        if let Err(failure) = run.open(&victim.path, OFlags::RDONLY) {
                            run.report.failed(&failure.name(), 1);
                        }
                    }
                }
            });
        }
        run.each(overwrite::whole);
        done.store(true, Ordering::Relaxed);
    });
    Ok(())
}

/// Each rewrite is a state of its own, told as such.
fn use_up_budget(run: &Run<'_>) -> Result<(), Failure> {
    let Some(victim) = run.victims.iter().max_by_key(|victim| victim.size) else {
        return Ok(());
    };
    let mut noise = run.noise(victim);
    for round in 0..run.limits.rounds {
        let content = noise.bytes(usize::try_from(victim.size).unwrap_or(0));
        let hash = blake3::hash(&content);
        run.report
            .outcome(run.open(&victim.path, OFlags::WRONLY).and_then(|file| {
                write_at(&file, &content, 0)?;
                drop(file);
                run.report
                    .state(&victim.path, round + 1, Moment::Close, hash);
                Ok(())
            }));
    }
    Ok(())
}

const LARGEST: u64 = 4 << 30;
const CHUNK: usize = 1 << 20;
const CHUNKS_A_FILE: usize = 16;
