//! fanotify as the guard uses it: groups, marks, events, answers.
//! Written on `libc` because no crate knows PRE_ACCESS, answers with an errno, ignore marks and
//! name records together. Layouts and numbers: linux/include/uapi/linux/fanotify.h.

mod order;

use std::{
    ffi::CString,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd},
};

use rustix::fs::FileType;

use super::{handle::Handle, process};
use crate::{
    Access, Reach,
    event::{
        Answer, Call, Caller, Event, EventBuffer, Events, FileKey, FileSight, Held, Linked, Volume,
        Want,
    },
    fanotify_bytes::{HeldRecord, held_records, name_events},
};

pub use crate::fanotify_bytes::Mask;
pub use order::ordered;

/// The kinds of group that the guard makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Holds, answered before the content exists for the caller; events carry a descriptor.
    PreContent,
    /// Names with folder and file handles; nothing is held.
    Names,
}

/// What a mark sits on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One inode.
    Inode,
    /// One mount.
    Mount,
    /// A whole file system.
    FileSystem,
}

/// What a mark does to the events of its mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Report them.
    Report,
    /// Leave them out, also after the content changed.
    Ignore,
    /// Leave them out until the inode is evicted from memory: a cache of an answer.
    IgnoreEvictable,
}

/// A fanotify group.
#[derive(Debug)]
pub struct Group {
    fd: OwnedFd,
    class: Class,
}

impl Group {
    /// Makes a group of the given class; its descriptor does not block and closes at exec.
    ///
    /// # Errors
    /// `EPERM` without `CAP_SYS_ADMIN`, `EINVAL` where the kernel lacks the class.
    pub fn new(class: Class) -> io::Result<Self> {
        const COMMON: u32 = 0x1 | 0x2 | 0x10 | 0x20; // CLOEXEC, NONBLOCK, UNLIMITED_QUEUE, _MARKS
        let flags = COMMON
            | match class {
                Class::PreContent => 0x8 | 0x100, // CLASS_PRE_CONTENT, REPORT_TID
                Class::Names => 0x200 | 0x400 | 0x800 | 0x1000, // FID, DIR_FID, NAME, TARGET_FID
            };
        // NONOTIFY is set by the kernel: reading through an event's descriptor makes no event.
        // NONBLOCK, because opening the event's file must not wait for somebody's write lease: any
        // user can hold one on his own file, and the guard would sleep in the kernel for it.
        let files = libc::O_RDONLY
            | libc::O_LARGEFILE
            | libc::O_CLOEXEC
            | libc::O_NOATIME
            | libc::O_NONBLOCK;
        // SAFETY: no memory is handed over.
        let fd = unsafe { libc::fanotify_init(flags, files.cast_unsigned()) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just given this descriptor to us alone.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        Ok(Self { fd, class })
    }

    /// A group that holds, which another process made and shared.
    ///
    /// # Errors
    /// When the descriptor is no group: bytes of anything else would name descriptors that are not ours.
    pub fn from_fd(fd: OwnedFd) -> io::Result<Self> {
        let name = format!("/proc/self/fd/{}", fd.as_raw_fd());
        if rustix::fs::readlink(name, Vec::new())?.as_bytes() != b"anon_inode:[fanotify]" {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        let class = Class::PreContent;
        Ok(Self { fd, class })
    }

    /// Adds a mark to the object that `at` is open on.
    ///
    /// # Errors
    /// `EINVAL` where the kernel does not know the event, `EOPNOTSUPP` where the file system
    /// does not offer it.
    pub fn mark(
        &self,
        scope: Scope,
        effect: Effect,
        mask: Mask,
        at: BorrowedFd<'_>,
    ) -> io::Result<()> {
        self.change(0x1, scope, effect, mask, at)
    }

    /// Takes a mark away.
    ///
    /// # Errors
    /// `ENOENT` when there was none.
    pub fn unmark(
        &self,
        scope: Scope,
        effect: Effect,
        mask: Mask,
        at: BorrowedFd<'_>,
    ) -> io::Result<()> {
        self.change(0x2, scope, effect, mask, at)
    }

    fn change(
        &self,
        verb: u32,
        scope: Scope,
        effect: Effect,
        mask: Mask,
        at: BorrowedFd<'_>,
    ) -> io::Result<()> {
        let scope = match scope {
            Scope::Inode => 0,
            Scope::Mount => 0x10,
            Scope::FileSystem => 0x100,
        };
        let effect = match effect {
            Effect::Report => 0,
            Effect::Ignore => 0x400 | 0x40, // IGNORE, IGNORED_SURV_MODIFY
            Effect::IgnoreEvictable => 0x400 | 0x40 | if verb == 0x1 { 0x200 } else { 0 },
        };
        // O_PATH descriptors are refused as such, but not as the folder of ".", nor as a name
        // below /proc/self/fd; the latter fits files as well.
        let name = CString::new(format!("/proc/self/fd/{}", at.as_raw_fd()))?;
        // SAFETY: `name` ends with NUL and outlives the call.
        let done = unsafe {
            libc::fanotify_mark(
                self.fd.as_raw_fd(),
                verb | scope | effect,
                mask.0,
                libc::AT_FDCWD,
                name.as_ptr(),
            )
        };
        if done < 0 {
            Err(io::Error::last_os_error())
        } else {
            Ok(())
        }
    }

    /// Takes all marks on inodes away; those on mounts and file systems stay.
    ///
    /// # Errors
    /// The kernel's, if the descriptor is no group.
    pub fn flush_inodes(&self) -> io::Result<()> {
        // SAFETY: FLUSH looks at neither mask nor path.
        let done = unsafe {
            libc::fanotify_mark(self.fd.as_raw_fd(), 0x80, 0, libc::AT_FDCWD, c"/".as_ptr())
        };
        if done < 0 {
            Err(io::Error::last_os_error())
        } else {
            Ok(())
        }
    }

    fn read(&self, room: &mut EventBuffer) -> io::Result<()> {
        match room.fill(|bytes| rustix::io::read(&self.fd, bytes)) {
            Ok(()) | Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Events for Group {
    type File = OwnedFd;

    // `EMFILE` when no descriptor is left: the kernel then denies that open.
    fn take(&self, room: &mut EventBuffer) -> io::Result<Vec<Event<OwnedFd>>> {
        self.read(room)?;
        Ok(match self.class {
            Class::Names => name_events(room.last()).collect(),
            Class::PreContent => held_records(room.last())
                .filter_map(|record| {
                    let file = record.descriptor.map(|number| {
                        // SAFETY: the kernel opened this descriptor for the reader of the event; these bytes were
                        // read from it just now, and each record is looked at once.
                        unsafe { OwnedFd::from_raw_fd(number) }
                    });
                    held(&record, file)
                })
                .collect(),
        })
    }

    fn look(&self, file: &OwnedFd) -> Option<FileSight> {
        let found = rustix::fs::fstat(file).ok()?;
        (FileType::from_raw_mode(found.st_mode) == FileType::RegularFile).then_some(())?;
        Some(FileSight {
            volume: Volume(found.st_dev),
            key: FileKey::new(Handle::of(file.as_fd()).ok()?.to_stored()),
            size: found.st_size.cast_unsigned(),
            linked: if found.st_nlink > 0 {
                Linked::Yes
            } else {
                Linked::No
            },
        })
    }

    fn access(&self, caller: Caller) -> Access {
        process::access(caller.0)
    }

    fn reach(&self, caller: Caller) -> Reach {
        process::reach(caller.0)
    }

    // `ENOENT` when no such event waits (any more).
    fn answer(&self, call: Call, answer: Answer) -> io::Result<()> {
        let mut bytes = [0_u8; 8];
        bytes[..4].copy_from_slice(&call.0.to_ne_bytes());
        bytes[4..].copy_from_slice(&response(answer).to_ne_bytes());
        match rustix::io::write(&self.fd, &bytes) {
            Ok(_) => Ok(()),
            // Before Linux 6.14 no error can be said.
            Err(rustix::io::Errno::INVAL) if response(answer) > DENY => {
                self.answer(call, Answer::Deny)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn held(record: &HeldRecord, file: Option<OwnedFd>) -> Option<Event<OwnedFd>> {
    if record.mask.has(Mask::OVERFLOW) {
        return Some(Event::Lost);
    }
    let file = file?;
    if record.mask.has(Mask::CLOSE_WRITE) {
        return Some(Event::Closed(file, Some(Caller(record.thread))));
    }
    let want = if record.mask.has(Mask::PRE_ACCESS) {
        Want::Content(record.range)
    } else if record.mask.has(Mask::OPEN_PERM) {
        Want::Open
    } else {
        return None;
    };
    Some(Event::Held(Held {
        call: Call(file.as_raw_fd()),
        caller: Caller(record.thread),
        want,
        file,
    }))
}

const ALLOW: u32 = 1;
const DENY: u32 = 2;

/// The kernel's answer, with `FAN_DENY_ERRNO` (Linux 6.14).
fn response(answer: Answer) -> u32 {
    let with = |errno: i32| DENY | (errno.cast_unsigned() << 24);
    match answer {
        Answer::Allow => ALLOW,
        Answer::Deny => DENY,
        Answer::DenyBusy => with(libc::EBUSY),
        Answer::DenyNoRoom => with(libc::ENOSPC),
    }
}

impl AsFd for Group {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_group_is_taken_for_one() {
        let file: OwnedFd = tempfile::tempfile().unwrap().into();
        assert!(Group::from_fd(file).is_err());
        // Without root there is no group to share.
        if let Ok(group) = Group::new(Class::PreContent) {
            let shared = group.as_fd().try_clone_to_owned().unwrap();
            assert!(Group::from_fd(shared).is_ok());
        }
    }
}
