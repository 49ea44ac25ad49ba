//! fanotify as the guard uses it: groups, marks, events, answers.
//! Written on `libc` because no crate knows PRE_ACCESS, answers with an errno, ignore marks and
//! name records together. Layouts and numbers: linux/include/uapi/linux/fanotify.h.

mod parse;

use std::{
    ffi::CString,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd},
};

pub use parse::{
    Attributes, HeldEvent, HeldRecord, NameEvent, NameKind, NameRecord, OnFolder, held_events,
    held_records, name_events,
};

/// What a group waits for or leaves out. Values of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask(pub u64);

impl Mask {
    /// Hold each open.
    pub const OPEN_PERM: Self = Self(0x0001_0000);
    /// Hold each access to the content, with its range (Linux 6.14).
    pub const PRE_ACCESS: Self = Self(0x0010_0000);
    /// A descriptor that could write was closed for the last time.
    pub const CLOSE_WRITE: Self = Self(0x0000_0008);
    /// A name appeared.
    pub const CREATE: Self = Self(0x0000_0100);
    /// A name went.
    pub const DELETE: Self = Self(0x0000_0200);
    /// Owner, mode, times, attributes or the number of names changed.
    pub const ATTRIB: Self = Self(0x0000_0004);
    /// A name left its folder.
    pub const MOVED_FROM: Self = Self(0x0000_0040);
    /// A name came into a folder.
    pub const MOVED_TO: Self = Self(0x0000_0080);
    /// A name moved: both places in one event (Linux 5.17).
    pub const RENAME: Self = Self(0x1000_0000);
    /// Folders too.
    pub const ONDIR: Self = Self(0x4000_0000);
    /// The folder's children.
    pub const ON_CHILD: Self = Self(0x0800_0000);
    /// Events were lost.
    pub const OVERFLOW: Self = Self(0x0000_4000);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

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

/// The answer to a held event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Allow,
    /// Fail with `EPERM`.
    Deny,
    /// Fail with this error where the kernel can say so.
    DenyWith(i32),
}

impl Answer {
    fn response(self) -> u32 {
        match self {
            Self::Allow => 1,
            Self::Deny => 2,
            // FAN_DENY_ERRNO(err), Linux 6.14.
            Self::DenyWith(errno) => 2 | (u32::from(errno.to_le_bytes()[0]) << 24),
        }
    }
}

/// A fanotify group.
#[derive(Debug)]
pub struct Group(OwnedFd);

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
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// A group that another process made and shared.
    #[must_use]
    pub fn from_fd(fd: OwnedFd) -> Self {
        Self(fd)
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
                self.0.as_raw_fd(),
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
            libc::fanotify_mark(self.0.as_raw_fd(), 0x80, 0, libc::AT_FDCWD, c"/".as_ptr())
        };
        if done < 0 {
            Err(io::Error::last_os_error())
        } else {
            Ok(())
        }
    }

    /// Reads what is queued, as much as fits; empty when nothing is.
    ///
    /// # Errors
    /// `EMFILE` when no descriptor is left: the kernel then denies that open.
    pub fn read<'a>(&self, buffer: &'a mut EventBuffer) -> io::Result<&'a [u8]> {
        match rustix::io::read(&self.0, &mut buffer.0[..]) {
            Ok(length) => Ok(&buffer.0[..length]),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => Ok(&[]),
            Err(error) => Err(error.into()),
        }
    }

    /// Answers the held event that came with the descriptor number `event`, as the process that
    /// read it counts descriptors: any process that shares the group may answer.
    ///
    /// # Errors
    /// `ENOENT` when no such event waits (any more); `EINVAL` for an errno that may not be said.
    pub fn answer(&self, event: RawFd, answer: Answer) -> io::Result<()> {
        let mut bytes = [0_u8; 8];
        bytes[..4].copy_from_slice(&event.to_ne_bytes());
        bytes[4..].copy_from_slice(&answer.response().to_ne_bytes());
        match rustix::io::write(&self.0, &bytes) {
            Ok(_) => Ok(()),
            Err(rustix::io::Errno::INVAL) if matches!(answer, Answer::DenyWith(_)) => {
                self.answer(event, Answer::Deny)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl AsFd for Group {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Room for the events of one read.
pub struct EventBuffer(Box<[u8; 64 * 1024]>);

impl EventBuffer {
    /// An empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self(Box::new([0; 64 * 1024]))
    }
}

impl Default for EventBuffer {
    fn default() -> Self {
        Self::new()
    }
}
