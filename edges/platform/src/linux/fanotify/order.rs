//! In which order groups go when their last process is killed: in the wrong one the kernel never lets go.
//!
//! A call that waits for one group pins the marks of the groups that the kernel asks after it, and a group ends only
//! when its marks are free. A dying process ends its groups one after the other, that with the highest number first
//! (its descriptors are put off as task work, which runs last in, first out). So the group that is asked first must
//! have the highest number, and the one that never holds anything (names) the lowest: then nobody waits for a group
//! that is still to be ended. Otherwise callers sleep until they are killed, for nobody is left to answer them.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, AsRawFd, OwnedFd, RawFd},
    sync::mpsc::{TryRecvError, channel},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::MemfdFlags,
};

use super::{Class, Effect, Group, Mask, Scope};
use crate::event::{Answer, Event, EventBuffer, Events};

/// Two groups that hold, in the order in which the kernel asks them (by their addresses, so it is tried).
///
/// # Errors
/// As [`Group::new`]; also when the trial cannot be made.
pub fn ordered() -> io::Result<[Group; 2]> {
    let groups = [
        Group::new(Class::PreContent)?,
        Group::new(Class::PreContent)?,
    ];
    let file = rustix::fs::memfd_create("hygie-order", MemfdFlags::CLOEXEC)?;
    for group in &groups {
        group.mark(Scope::Inode, Effect::Report, Mask::OPEN_PERM, file.as_fd())?;
    }
    let (sender, opened) = channel();
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let opener = std::thread::Builder::new()
        .name("hygie-order".into())
        .spawn(move || {
            let _ = sender.send(File::open(path).map(drop));
        })?;
    let mut first = None;
    let mut buffer = EventBuffer::new();
    while let Err(TryRecvError::Empty) = opened.try_recv() {
        let mut fds = [&groups[0], &groups[1]].map(|group| PollFd::new(group, PollFlags::IN));
        let moment = Timespec {
            tv_sec: 0,
            tv_nsec: 1_000_000,
        };
        poll(&mut fds, Some(&moment))?;
        for (number, group) in groups.iter().enumerate() {
            for event in group.take(&mut buffer)? {
                first.get_or_insert(number);
                if let Event::Held(held) = event {
                    group.answer(held.call, Answer::Allow)?;
                }
            }
        }
    }
    let _ = opener.join();
    let [one, other] = groups;
    match first {
        Some(0) => Ok([one, other]),
        Some(_) => Ok([other, one]),
        None => Err(io::Error::other("no group was asked")),
    }
}

impl Group {
    /// The number of its descriptor.
    #[must_use]
    pub fn number(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// The same group with a number of at least `least`.
    ///
    /// # Errors
    /// At the limit of descriptors.
    pub fn raised(self, least: RawFd) -> io::Result<Self> {
        Ok(Self {
            fd: rustix::io::fcntl_dupfd_cloexec(&self.fd, least)?,
            class: self.class,
        })
    }

    /// A descriptor to hand over; its number is higher, so that the order of the lowest ones stays.
    ///
    /// # Errors
    /// At the limit of descriptors.
    pub fn share(&self) -> io::Result<OwnedFd> {
        Ok(rustix::io::fcntl_dupfd_cloexec(&self.fd, self.number())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_asked_first_again() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        for _ in 0..20 {
            let [first, second] = ordered().unwrap();
            let file = tempfile::NamedTempFile::new().unwrap();
            for group in [&second, &first] {
                let at = file.as_file().as_fd();
                group
                    .mark(Scope::Inode, Effect::Report, Mask::OPEN_PERM, at)
                    .unwrap();
            }
            let path = file.path().to_owned();
            let opener = std::thread::spawn(move || File::open(path).map(drop));
            let mut buffer = EventBuffer::new();
            for group in [&first, &second] {
                poll(&mut [PollFd::new(group, PollFlags::IN)], None).unwrap();
                let other = if group.number() == first.number() {
                    &second
                } else {
                    &first
                };
                assert!(other.take(&mut EventBuffer::new()).unwrap().is_empty());
                for event in group.take(&mut buffer).unwrap() {
                    if let Event::Held(held) = event {
                        group.answer(held.call, Answer::Allow).unwrap();
                    }
                }
            }
            opener.join().unwrap().unwrap();
        }
    }
}
