//! The same acts asked of the kernel's own workers, where no system call of the process shows them.

use std::ffi::CString;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use io_uring::{IoUring, opcode, squeue, types};
use rustix::fs::ResolveFlags;
use rustix::io::Errno;

use super::Way;
use crate::report::Failure;
use crate::run::Run;

pub(super) const WAYS: &[Way] = &[
    Way::whole(
        "uring-write",
        "opens, overwrites and closes through io_uring",
        1,
        write,
    ),
    Way::whole("uring-unlink", "unlinks through io_uring", 0, unlink),
];

fn write(run: &Run<'_>) -> Result<(), Failure> {
    let mut ring = ring()?;
    for victim in &run.victims {
        let outcome = run
            .scrambled(victim)
            .and_then(|content| overwrite(run, &mut ring, &victim.path, &content));
        run.report.outcome(outcome);
    }
    Ok(())
}

fn unlink(run: &Run<'_>) -> Result<(), Failure> {
    let mut ring = ring()?;
    for victim in &run.victims {
        run.report.outcome(unlink_one(run, &mut ring, &victim.path));
    }
    Ok(())
}

#[expect(unsafe_code, reason = "a descriptor that the ring opened")]
fn overwrite(
    run: &Run<'_>,
    ring: &mut IoUring,
    path: &Path,
    content: &[u8],
) -> Result<(), Failure> {
    let name = c_string(path)?;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    let flags = (libc::O_WRONLY | libc::O_CLOEXEC).cast_unsigned();
    let how = types::OpenHow::new()
        .flags(u64::from(flags))
        .resolve(resolve.bits());
    let folder = types::Fd(rustix::fd::AsFd::as_fd(run.arena).as_raw_fd());
    let opened = ask(
        ring,
        &opcode::OpenAt2::new(folder, name.as_ptr(), &raw const how).build(),
    )?;
    // SAFETY: the kernel has just returned this descriptor for us; nobody else has it.
    let file = unsafe { OwnedFd::from_raw_fd(opened) };
    let mut offset = 0;
    while let Some(rest) = content.get(offset..).filter(|rest| !rest.is_empty()) {
        let length = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        let write = opcode::Write::new(types::Fd(file.as_raw_fd()), rest.as_ptr(), length);
        let written = ask(ring, &write.offset(offset as u64).build())?;
        offset += usize::try_from(written)
            .ok()
            .filter(|&written| written > 0)
            .ok_or(Errno::IO)?;
    }
    Ok(())
}

/// The folder is opened beneath the arena first; the ring gets its descriptor and the last name.
fn unlink_one(run: &Run<'_>, ring: &mut IoUring, path: &Path) -> Result<(), Failure> {
    let (folder, name) = run.arena.parent(path)?;
    let name = c_string(Path::new(name))?;
    ask(
        ring,
        &opcode::UnlinkAt::new(types::Fd(folder.as_raw_fd()), name.as_ptr()).build(),
    )?;
    Ok(())
}

/// Submits one request and waits for its answer, so that whatever it points to outlives it.
#[expect(unsafe_code, reason = "the ring's queue takes raw pointers")]
fn ask(ring: &mut IoUring, request: &squeue::Entry) -> Result<i32, Failure> {
    // SAFETY: the caller's buffers outlive this call, and it does not return before the request is complete.
    let pushed = unsafe { ring.submission().push(request) };
    pushed.map_err(|_full| Failure::System(Errno::BUSY))?;
    loop {
        match ring.submit_and_wait(1) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Errno::from_io_error(&error).unwrap_or(Errno::IO).into()),
            Ok(_) => {}
        }
        if let Some(answer) = ring.completion().next() {
            let result = answer.result();
            return if result < 0 {
                Err(Errno::from_raw_os_error(-result).into())
            } else {
                Ok(result)
            };
        }
    }
}

fn ring() -> Result<IoUring, Failure> {
    IoUring::new(8).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::NOSYS).into())
}

fn c_string(path: &Path) -> Result<CString, Failure> {
    CString::new(path.as_os_str().as_bytes())
        .map_err(|_zero| Failure::Refused("a zero byte in a name"))
}
