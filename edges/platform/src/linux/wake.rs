//! What wakes a loop besides fanotify: signals as descriptors, and a bell between threads.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd},
    sync::Arc,
};

use rustix::event::{EventfdFlags, eventfd};

use super::lease::BREAK_SIGNAL;

/// A signal as the loop sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Somebody waits for the lease on this descriptor.
    LeaseBroken(RawFd),
    /// Lease signals were lost: every lease must be looked at.
    LeaseOverflow,
    /// The process shall end.
    End,
}

/// The signals of this process, read in place of handled.
#[derive(Debug)]
pub struct Signals(OwnedFd);

impl Signals {
    /// Blocks the signals in this thread, and in those that it starts from here on, and opens
    /// their descriptor. Call it before any other thread exists.
    ///
    /// # Errors
    /// The kernel's, at its limits.
    pub fn take_over() -> io::Result<Self> {
        // SAFETY: the set is made whole by sigemptyset before use; the calls keep no pointer.
        let fd = unsafe {
            let mut set = std::mem::MaybeUninit::<libc::sigset_t>::zeroed().assume_init();
            libc::sigemptyset(&raw mut set);
            for signal in [
                BREAK_SIGNAL,
                libc::SIGIO,
                libc::SIGTERM,
                libc::SIGINT,
                libc::SIGHUP,
            ] {
                libc::sigaddset(&raw mut set, signal);
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
            libc::signalfd(-1, &raw const set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK)
        };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just given this descriptor to us alone.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// What came since the last call.
    #[must_use]
    pub fn drain(&self) -> Vec<Signal> {
        const SIZE: usize = size_of::<libc::signalfd_siginfo>();
        let mut found = Vec::new();
        let mut buffer = [0_u8; SIZE * 64];
        while let Ok(length) = rustix::io::read(&self.0, &mut buffer) {
            for info in buffer[..length].chunks_exact(SIZE) {
                // `ssi_signo` is the first word, `ssi_fd` the sixth (signalfd(2)).
                let word = |at: usize| {
                    i32::from_ne_bytes([info[at], info[at + 1], info[at + 2], info[at + 3]])
                };
                found.push(match word(0) {
                    BREAK_SIGNAL => Signal::LeaseBroken(word(20)),
                    libc::SIGIO => Signal::LeaseOverflow,
                    _ => Signal::End,
                });
            }
            if length < buffer.len() {
                break;
            }
        }
        found
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Lets one thread wake another that waits in `poll`.
#[derive(Clone, Debug)]
pub struct Bell(Arc<OwnedFd>);

impl Bell {
    /// A bell that has not rung.
    ///
    /// # Errors
    /// At the limit of descriptors.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(eventfd(
            0,
            EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK,
        )?)))
    }

    /// Rings. Never blocks: a bell that rings already keeps ringing.
    pub fn ring(&self) {
        let _ = rustix::io::write(&*self.0, &1_u64.to_ne_bytes());
    }

    /// Silences it.
    pub fn hush(&self) {
        let _ = rustix::io::read(&*self.0, &mut [0; 8]);
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Lets a child inherit a descriptor: clears close-on-exec. Give the child nothing else.
///
/// # Errors
/// When the descriptor is closed.
pub fn inheritable(fd: BorrowedFd<'_>) -> io::Result<RawFd> {
    rustix::io::fcntl_setfd(fd, rustix::io::FdFlags::empty())?;
    Ok(fd.as_raw_fd())
}

/// Takes a descriptor that the parent handed over by number, and closes it at the next exec.
///
/// # Errors
/// When there is no such descriptor.
pub fn inherited(number: RawFd) -> io::Result<OwnedFd> {
    if number < 3 {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    // SAFETY: fcntl with a wrong number fails with EBADF, which is returned.
    if unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is open, and the parent's word is that it was handed to this process alone.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}
