//! Read leases: a closed file whose writers wait in the kernel until the holder lets go.
//! A granted lease proves that nobody has the file open, or mapped, for writing.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd},
};

/// The real-time signal by which the kernel tells that somebody waits for a lease.
/// Number 34 is the first that the C library leaves to programs; 35 keeps clear of its users.
pub const BREAK_SIGNAL: i32 = 35;

/// A read lease on one file. Dropping it lets whoever waits go on.
#[derive(Debug)]
pub struct Lease(OwnedFd);

/// The answer to a request for a lease.
#[derive(Debug)]
pub enum Asked {
    /// Nobody has the file open for writing.
    Granted(Lease),
    /// Somebody has; here is the descriptor back.
    Refused(OwnedFd),
}

impl Lease {
    /// Asks for a read lease on `file`, a descriptor open for reading only. When it is broken,
    /// [`BREAK_SIGNAL`] comes to this process with the descriptor's number.
    ///
    /// # Errors
    /// Anything but a plain refusal: `EACCES` without `CAP_LEASE` on another's file, `EINVAL`
    /// where the file system has no leases.
    pub fn ask(file: OwnedFd) -> io::Result<Asked> {
        let fd = file.as_raw_fd();
        // F_UNLCK clears both settings, so they are made before each lease (facts, §1).
        fcntl(fd, F_SETSIG, BREAK_SIGNAL)?;
        fcntl(fd, libc::F_SETOWN, std::process::id().cast_signed())?;
        match fcntl(fd, libc::F_SETLEASE, libc::F_RDLCK) {
            Ok(()) => Ok(Asked::Granted(Self(file))),
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Ok(Asked::Refused(file)),
            Err(error) => Err(error),
        }
    }

    /// The number by which a broken lease is reported.
    #[must_use]
    pub fn number(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Whether somebody waits for this lease. For the case that signals were lost.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        // SAFETY: F_GETLEASE takes no argument.
        unsafe { libc::fcntl(self.0.as_raw_fd(), libc::F_GETLEASE) == libc::F_UNLCK }
    }

    /// Whether somebody waits for this lease, or is on the way to: an opener for writing counts
    /// before the kernel looks for leases, and a lease asked for again is refused then.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.is_broken() || fcntl(self.0.as_raw_fd(), libc::F_SETLEASE, libc::F_RDLCK).is_err()
    }

    /// Lets go; whoever waits goes on. Gives the descriptor back.
    #[must_use]
    pub fn release(self) -> OwnedFd {
        // A failure means that the kernel has already taken it back.
        let _ = fcntl(self.0.as_raw_fd(), libc::F_SETLEASE, libc::F_UNLCK);
        self.0
    }
}

impl AsFd for Lease {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// `F_SETSIG` (asm-generic/fcntl.h), which the libc crate lacks.
const F_SETSIG: i32 = 10;

fn fcntl(fd: RawFd, command: i32, argument: i32) -> io::Result<()> {
    // SAFETY: these commands take an integer and touch no memory of ours.
    if unsafe { libc::fcntl(fd, command, argument) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{File, OpenOptions};

    use super::*;

    #[test]
    fn a_lease_is_refused_while_a_writer_is_there_and_granted_after() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let writer = OpenOptions::new().write(true).open(file.path()).unwrap();
        let reader: OwnedFd = File::open(file.path()).unwrap().into();
        let Asked::Refused(reader) = Lease::ask(reader).unwrap() else {
            panic!("granted")
        };
        drop(writer);
        let _ = reader;
        let Asked::Refused(reader) = Lease::ask(reader).unwrap() else {
            // `file` itself is open for writing, so this is where a wrong grant would show.
            panic!("granted while NamedTempFile writes")
        };
        let path = file.into_temp_path();
        let Asked::Granted(lease) = Lease::ask(reader).unwrap() else {
            panic!("refused")
        };
        assert!(!lease.is_broken());
        drop(lease.release());
        drop(path);
    }
}
