//! Deleting, with and without wiping first.

use std::path::Path;

use rustix::fs::{FileType, OFlags};

use super::Way;
use crate::arena::VICTIMS;
use crate::report::Failure;
use crate::run::{Run, Victim, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::each("unlink", "unlinks each file", 0, unlink),
    Way::each(
        "wipe",
        "overwrites each file with noise three times, each flushed, then unlinks it",
        1,
        wipe,
    ),
    Way::whole(
        "remove-tree",
        "removes the whole tree, links and folders too (rm -r)",
        0,
        remove_tree,
    ),
];

pub(super) fn unlink(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    run.unlink(&victim.path)
}

/// As `shred -u` does.
pub(super) fn wipe(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let mut noise = run.noise(victim);
    for _pass in 0..3 {
        let file = run.open(&victim.path, OFlags::WRONLY)?;
        let mut offset = 0;
        while offset < victim.size {
            let length = (victim.size - offset).min(CHUNK);
            write_at(
                &file,
                &noise.bytes(usize::try_from(length).unwrap_or(0)),
                offset,
            )?;
            offset += length;
        }
        rustix::fs::fdatasync(&file)?;
    }
    run.unlink(&victim.path)
}

fn remove_tree(run: &Run<'_>) -> Result<(), Failure> {
    clear(run, Path::new(VICTIMS))
}

/// Empties a folder, deepest first; what cannot go is counted and left.
fn clear(run: &Run<'_>, folder: &Path) -> Result<(), Failure> {
    for path in run.arena.names(folder)? {
        let stat = run.arena.stat(&path)?;
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            clear(run, &path)?;
            if let Err(failure) = run.remove_folder(&path) {
                run.report.outcome(Err(failure));
            }
        } else {
            run.report.outcome(run.unlink(&path));
        }
    }
    Ok(())
}

const CHUNK: u64 = 1 << 20;
