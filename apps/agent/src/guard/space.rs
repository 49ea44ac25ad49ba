//! One file system with protected folders: the private door to it, its keep folder, its names.

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_platform::linux::{
    fanotify::{Class, Effect, Group, Mask, Scope},
    handle::Handle,
    keep::Keep,
    mounts::{PrivateMount, place},
};

/// Number of a file system within this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SpaceId(pub(crate) u16);

/// What copying threads need of a file system.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) mount: PrivateMount,
    pub(crate) keep: Keep,
    /// The keep folder itself, which is never protected even where it lies in a protected folder.
    pub(crate) keep_handle: Handle,
}

/// A file system.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) id: SpaceId,
    pub(crate) device: u64,
    /// The file system's own number (`f_fsid`), the same after each mount.
    pub(crate) fsid: i64,
    pub(crate) door: Arc<Door>,
    pub(crate) names: Group,
    /// Where its mount is seen: the protected folders' paths start so.
    pub(crate) mount_point: PathBuf,
}

/// Which holds the kernel was found to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeHold {
    /// PRE_ACCESS: truncation by path is held.
    Held,
    /// It is only seen after.
    Unheld,
}

impl Space {
    /// Opens the file system of `folder`; nothing is held on it before [`Space::arm`].
    pub(crate) fn open(id: SpaceId, folder: &Path, wide: &Group, near: &Group) -> io::Result<Self> {
        let place = place(folder)?;
        let mount = PrivateMount::of(&place.mount)?;
        for group in [wide, near] {
            let mask = Mask::OPEN_PERM;
            group.mark(Scope::Mount, Effect::Ignore, mask, mount.as_fd())?;
            let mask = mask.and(Mask::PRE_ACCESS).and(Mask::CLOSE_WRITE);
            // Refused as a whole where PRE_ACCESS is unknown; then there is none to leave out.
            let _ = group.mark(Scope::Mount, Effect::Ignore, mask, mount.as_fd());
        }
        let keep = Keep::open(&mount)?;
        let keep_handle = Handle::of(keep.as_fd())?;
        let names = Group::new(Class::Names)?;
        if names.number() > wide.number() {
            return Err(io::Error::other("too many file systems for one guard"));
        }
        let moves = Mask::CREATE
            .and(Mask::DELETE)
            .and(Mask::RENAME)
            .and(Mask::ATTRIB)
            .and(Mask::ONDIR);
        names.mark(Scope::FileSystem, Effect::Report, moves, mount.as_fd())?;
        let fsid = fsid(mount.as_fd().try_clone_to_owned()?)?;
        Ok(Self {
            id,
            device: place.device,
            fsid,
            door: Arc::new(Door {
                mount,
                keep,
                keep_handle,
            }),
            names,
            mount_point: place.mount,
        })
    }

    /// Marks the file system: from here on every open of an unknown file on it waits for the
    /// guard.
    pub(crate) fn arm(&self, wide: &Group) -> io::Result<()> {
        let mount = self.door.mount.as_fd();
        wide.mark(Scope::FileSystem, Effect::Report, Mask::OPEN_PERM, mount)
    }

    /// Takes the marks of this file system away.
    pub(crate) fn close(&self, wide: &Group) {
        let mount = self.door.mount.as_fd();
        let _ = wide.unmark(Scope::FileSystem, Effect::Report, Mask::OPEN_PERM, mount);
    }
}

fn fsid(on: OwnedFd) -> io::Result<i64> {
    let stat = rustix::fs::fstatvfs(on)?;
    Ok(stat.f_fsid.cast_signed())
}
