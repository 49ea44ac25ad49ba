//! Cutting files short.

use std::ffi::CString;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{FileType, OFlags};
use rustix::io::Errno;

use super::Way;
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "truncate-path-zero",
        "truncate(2) by path to nothing: no open happens",
        1,
        path_zero,
    ),
    Way::each(
        "truncate-path-half",
        "truncate(2) by path to half",
        2,
        path_half,
    ),
    Way::each(
        "open-truncate",
        "opens O_WRONLY|O_TRUNC and closes",
        1,
        open_truncate,
    ),
    Way::each(
        "open-read-truncate",
        "opens O_RDONLY|O_TRUNC: looks like a reader, empties the file",
        1,
        open_read_truncate,
    ),
    Way::each(
        "ftruncate",
        "opens to write, ftruncate to nothing",
        1,
        ftruncate,
    ),
];

/// truncate(2) to 0.
pub(super) fn path_zero(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    truncate(run, &victim.path, 0)
}

fn path_half(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    truncate(run, &victim.path, victim.size / 2)
}

pub(super) fn open_truncate(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    run.open(&victim.path, OFlags::WRONLY | OFlags::TRUNC)
        .map(drop)
}

fn open_read_truncate(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    run.open(&victim.path, OFlags::RDONLY | OFlags::TRUNC)
        .map(drop)
}

fn ftruncate(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let file = run.open(&victim.path, OFlags::WRONLY)?;
    Ok(rustix::fs::ftruncate(&file, 0)?)
}

/// truncate(2) by path. There is no `truncateat`: the path leads through the descriptor of the folder that
/// openat2 opened beneath the arena, and its last name was looked at just before.
#[expect(unsafe_code, reason = "no safe crate wraps truncate(2) by path")]
pub(super) fn truncate(run: &Run<'_>, path: &Path, length: u64) -> Result<(), Failure> {
    let stat = run.arena.stat(path)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile
        || stat.st_dev != run.arena.device()
    {
        return Err(Failure::Refused("something else took the file's place"));
    }
    let (folder, name) = run.arena.parent(path)?;
    let mut door = format!("/proc/self/fd/{}/", folder.as_raw_fd()).into_bytes();
    door.extend_from_slice(name.as_bytes());
    let door = CString::new(door).map_err(|_zero| Failure::Refused("a zero byte in a name"))?;
    let length = i64::try_from(length).map_err(|_long| Failure::System(Errno::FBIG))?;
    // SAFETY: `door` is a zero-terminated string that lives until after the call.
    match unsafe { libc::truncate(door.as_ptr(), length) } {
        0 => Ok(()),
        _ => Err(Failure::System(last_errno())),
    }
}

fn last_errno() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}
