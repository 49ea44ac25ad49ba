//! Taking blocks out of files.

use rustix::fs::{FallocateFlags, OFlags};

use super::Way;
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "punch-hole",
        "fallocate: a hole over the whole file, its size kept",
        1,
        punch_hole,
    ),
    Way::each(
        "zero-range",
        "fallocate: zeros over the whole file",
        1,
        zero_range,
    ),
    Way::each(
        "collapse-range",
        "fallocate: cuts the first block out, everything behind moves",
        BLOCK + 1,
        collapse_range,
    ),
];

fn punch_hole(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    allocate(
        run,
        victim,
        FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE,
        victim.size,
    )
}

fn zero_range(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    allocate(
        run,
        victim,
        FallocateFlags::ZERO_RANGE | FallocateFlags::KEEP_SIZE,
        victim.size,
    )
}

/// Not on btrfs (EOPNOTSUPP).
fn collapse_range(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    allocate(run, victim, FallocateFlags::COLLAPSE_RANGE, BLOCK)
}

fn allocate(
    run: &Run<'_>,
    victim: &Victim,
    mode: FallocateFlags,
    length: u64,
) -> Result<(), Failure> {
    let file = run.open(&victim.path, OFlags::RDWR)?;
    Ok(rustix::fs::fallocate(&file, mode, 0, length)?)
}

const BLOCK: u64 = 4096;
