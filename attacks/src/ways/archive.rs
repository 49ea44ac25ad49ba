//! Taking hostages: everything into one file, then the originals go.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::Way;
use crate::arena::VICTIMS;
use crate::report::Failure;
use crate::run::{Run, Victim, write_at};

pub(super) const WAYS: &[Way] = &[Way::whole(
    "archive-and-delete",
    "packs all files, scrambled, into one new file and unlinks the originals",
    1,
    archive,
)];

/// One write-open for all; the originals are only read and unlinked.
fn archive(run: &Run<'_>) -> Result<(), Failure> {
    let path: PathBuf = Path::new(VICTIMS).join("everything.locked");
    let file = run.open(&path, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)?;
    let mut end = 0;
    let mut packed = Vec::new();
    for victim in &run.victims {
        match append(run, victim, &file, end) {
            Ok(length) => {
                end += length;
                packed.push(victim);
            }
            Err(failure) => run.report.outcome(Err(failure)),
        }
    }
    drop(file);
    for victim in packed {
        run.report.outcome(run.unlink(&victim.path));
    }
    Ok(())
}

/// One member: the name's length, the name, the content's length, the content.
fn append(
    run: &Run<'_>,
    victim: &Victim,
    file: &rustix::fd::OwnedFd,
    end: u64,
) -> Result<u64, Failure> {
    let content = run.scrambled(victim)?;
    let name = victim.path.as_os_str().as_bytes();
    let mut member = Vec::with_capacity(content.len() + name.len() + 16);
    member.extend_from_slice(&(name.len() as u64).to_le_bytes());
    member.extend_from_slice(name);
    member.extend_from_slice(&(content.len() as u64).to_le_bytes());
    member.extend_from_slice(&content);
    write_at(file, &member, end)?;
    Ok(member.len() as u64)
}
