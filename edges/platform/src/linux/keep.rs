//! The keep folder: second names that keep a file's content while its own names come and go.
//! One a file system, at the root of its mount, for root alone.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
};

use rustix::fs::{AtFlags, Dir, Mode, OFlags};

use super::{handle::Handle, mounts::PrivateMount};

/// Name of the keep folder at the root of a mount.
pub const KEEP_NAME: &str = ".hygie-keep";

/// The keep folder of one file system, reached through the guard's private mount.
#[derive(Debug)]
pub struct Keep(OwnedFd);

/// Whether a second name was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is there now, or was already.
    Linked,
    /// The file has no name any more, so it cannot get one.
    Nameless,
}

impl Keep {
    /// Opens the keep folder, and makes it where it is missing.
    ///
    /// # Errors
    /// When it cannot be made (read-only file system), or when what stands there is not this
    /// user's folder: somebody else's trap is not used.
    pub fn open(mount: &PrivateMount) -> io::Result<Self> {
        match rustix::fs::mkdirat(mount, KEEP_NAME, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let folder = mount.folder(Path::new(KEEP_NAME))?;
        let stat = rustix::fs::fstat(&folder)?;
        if stat.st_uid != rustix::process::geteuid().as_raw() {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{KEEP_NAME} at the root of this file system belongs to somebody else"),
            ));
        }
        if stat.st_mode & 0o077 != 0 {
            // Somebody changed the rights of everything: what is ours is closed again.
            rustix::fs::fchmod(&folder, Mode::RWXU)?;
        }
        Ok(Self(folder))
    }

    /// Gives `file` (open through the private mount, or by an event) a second name.
    ///
    /// # Errors
    /// `EMLINK` at the file system's limit, `EXDEV` across btrfs subvolumes or project quotas,
    /// `EPERM` for an immutable file (which needs none).
    pub fn link(
        &self,
        file: BorrowedFd<'_>,
        handle: &Handle,
        mount: &PrivateMount,
    ) -> io::Result<Kept> {
        let name = handle.to_name();
        match link_descriptor(file, self.0.as_fd(), &name) {
            // The event came through another mount of the same file system: go by the handle.
            Err(rustix::io::Errno::XDEV) => {
                let again = handle.open(mount.as_fd(), OFlags::PATH)?;
                into_kept(link_descriptor(again.as_fd(), self.0.as_fd(), &name))
            }
            other => into_kept(other),
        }
    }

    /// Takes the second name away; that it is not there is no error.
    ///
    /// # Errors
    /// As `unlinkat`.
    pub fn unlink(&self, handle: &Handle) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.0, handle.to_name(), AtFlags::empty()) {
            Ok(()) | Err(rustix::io::Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The handles of all files kept here.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<Handle>> {
        let mut found = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            if entry.file_name().to_bytes().starts_with(b".") {
                continue;
            }
            found.push(Handle::of_name(self.0.as_fd(), entry.file_name())?);
        }
        Ok(found)
    }
}

impl AsFd for Keep {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn link_descriptor(
    file: BorrowedFd<'_>,
    keep: BorrowedFd<'_>,
    name: &str,
) -> rustix::io::Result<()> {
    rustix::fs::linkat(file, "", keep, name, AtFlags::EMPTY_PATH)
}

fn into_kept(outcome: rustix::io::Result<()>) -> io::Result<Kept> {
    match outcome {
        Ok(()) | Err(rustix::io::Errno::EXIST) => Ok(Kept::Linked),
        Err(rustix::io::Errno::NOENT) => Ok(Kept::Nameless),
        Err(error) => Err(error.into()),
    }
}
