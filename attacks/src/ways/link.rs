//! Reaching a file by another name or another door.

use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use super::{Way, overwrite};
use crate::arena::{OUTSIDE, VICTIMS};
use crate::report::Failure;
use crate::run::{Run, Victim, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "hardlink-outside",
        "links a file outside, overwrites it there, unlinks the name inside",
        1,
        hardlink,
    ),
    Way::whole(
        "symlink-folder",
        "overwrites through a symbolic link outside that points to the protected folder",
        1,
        symlink,
    ),
    Way::each(
        "reopen-by-proc",
        "opens to read, then opens /proc/self/fd/N again to write",
        1,
        by_proc,
    ),
    Way::each(
        "reopen-path-descriptor",
        "opens O_PATH, then opens /proc/self/fd/N to write and empty",
        1,
        by_path_descriptor,
    ),
];

/// The write happens under a name that no folder mark covers.
pub(super) fn hardlink(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let path = victim.outside("linked");
    run.link(&victim.path, &path)?;
    let outcome = overwrite::whole(
        run,
        &Victim {
            path,
            ..victim.clone()
        },
    );
    run.unlink(&victim.path)?;
    outcome
}

/// The only way that follows a symbolic link: its own, made to stay inside the arena.
fn symlink(run: &Run<'_>) -> Result<(), Failure> {
    let link = Path::new(OUTSIDE).join("way-in");
    let (folder, name) = run.arena.parent(&link)?;
    rustix::fs::symlinkat(Path::new("..").join(VICTIMS), &folder, name)?;
    run.each(|run, victim| {
        let scrambled = run.scrambled(victim)?;
        let rest = victim.path.strip_prefix(VICTIMS).unwrap_or(&victim.path);
        let file = run
            .arena
            .open_through_link(&link.join(rest), OFlags::WRONLY)?;
        write_at(&file, &scrambled, 0)
    });
    Ok(())
}

/// A read-open may pass unheld; the second open has no path in the protected folder.
fn by_proc(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let reader = run.open(&victim.path, OFlags::RDONLY)?;
    let door = format!("/proc/self/fd/{}", reader.as_raw_fd());
    let file = rustix::fs::open(door, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())?;
    write_at(&file, &scrambled, 0)
}

/// Opening O_PATH makes no event at all.
fn by_path_descriptor(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let handle = run.open(&victim.path, OFlags::PATH)?;
    let door = format!("/proc/self/fd/{}", handle.as_raw_fd());
    let file = rustix::fs::open(
        door,
        OFlags::WRONLY | OFlags::TRUNC | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    write_at(&file, &scrambled, 0)
}
