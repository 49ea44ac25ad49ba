//! Writing over a file where it lies.

use rustix::fs::{OFlags, Timespec, Timestamps};

use super::Way;
use crate::report::Failure;
use crate::run::{Run, Victim, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "overwrite-whole",
        "reads a file and writes the scrambled bytes over all of it",
        1,
        whole,
    ),
    Way::each(
        "overwrite-part",
        "scrambles every second block, as fast ransomware does",
        1,
        part,
    ),
    Way::each(
        "overwrite-header",
        "scrambles the first 512 bytes only",
        1,
        header,
    ),
    Way::each(
        "overwrite-times-back",
        "overwrites all of it and puts the old times back",
        1,
        times_back,
    ),
];

/// Opens to read and write, scrambles all of it in place.
pub(super) fn whole(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let file = run.open(&victim.path, OFlags::RDWR)?;
    write_at(&file, &scrambled, 0)
}

/// Scrambles blocks 0, 2, 4 … of 4 KiB.
fn part(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let file = run.open(&victim.path, OFlags::WRONLY)?;
    for (number, block) in scrambled.chunks(BLOCK).enumerate().step_by(2) {
        write_at(&file, block, (number * BLOCK) as u64)?;
    }
    Ok(())
}

/// Scrambles what a viewer looks at first.
fn header(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let file = run.open(&victim.path, OFlags::WRONLY)?;
    write_at(&file, scrambled.get(..HEADER).unwrap_or(&scrambled), 0)
}

/// Overwrites all of it; size, access and modification time are then as before.
fn times_back(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let stat = run.arena.stat(&victim.path)?;
    let scrambled = run.scrambled(victim)?;
    let file = run.open(&victim.path, OFlags::WRONLY)?;
    write_at(&file, &scrambled, 0)?;
    let time = |seconds, nanoseconds| Timespec {
        tv_sec: seconds,
        tv_nsec: i64::try_from(nanoseconds).unwrap_or(0),
    };
    let times = Timestamps {
        last_access: time(stat.st_atime, stat.st_atime_nsec),
        last_modification: time(stat.st_mtime, stat.st_mtime_nsec),
    };
    Ok(rustix::fs::futimens(&file, &times)?)
}

const BLOCK: usize = 4096;
const HEADER: usize = 512;
