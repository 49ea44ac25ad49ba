//! The file systems on which an undo works: reached by handle through one mount each, with a quarantine on each.

use std::{
    collections::HashMap,
    ffi::CString,
    fs::File,
    io::{self, Write},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use hygie_platform::linux::handle::Handle;
use rustix::{
    fs::{AtFlags, Mode, OFlags, RenameFlags},
    io::Errno,
};

use super::step::Trouble;

/// What an undo can reach.
#[derive(Debug, Default)]
pub(crate) struct Ground(HashMap<i64, Space>);

#[derive(Debug)]
struct Space {
    mount: OwnedFd,
    pen: OwnedFd,
}

impl Ground {
    /// Adds a file system by its number in the index; `base` is a folder on it that only root can enter, in which the
    /// quarantine of this incident is made.
    ///
    /// # Errors
    /// What the system refused, or that somebody else's folder stands there.
    pub(crate) fn add(
        &mut self,
        fs: i64,
        mount: OwnedFd,
        base: BorrowedFd<'_>,
        incident: u64,
    ) -> io::Result<()> {
        let all = private_folder(base, QUARANTINE)?;
        let pen = private_folder(all.as_fd(), &incident.to_string())?;
        self.0.insert(fs, Space { mount, pen });
        Ok(())
    }

    pub(super) fn open(&self, fs: i64, handle: &Handle, how: OFlags) -> Result<File, Trouble> {
        let space = self.0.get(&fs).ok_or(Trouble::NotMounted)?;
        handle
            .open(space.mount.as_fd(), how | OFlags::CLOEXEC)
            .map_err(|error| match error.raw_os_error() {
                Some(code) if code == Errno::STALE.raw_os_error() => Trouble::Elsewhere,
                _ => error.into(),
            })
    }

    pub(super) fn pen(&self, fs: i64) -> Result<BorrowedFd<'_>, Trouble> {
        let space = self.0.get(&fs).ok_or(Trouble::NotMounted)?;
        Ok(space.pen.as_fd())
    }

    /// Adds a line to the list of what is in the quarantine.
    pub(super) fn note(&self, fs: i64, line: &serde_json::Value) -> Result<(), Trouble> {
        let flags = OFlags::CREATE | OFlags::APPEND | OFlags::WRONLY | OFlags::NOFOLLOW;
        let list = rustix::fs::openat(
            self.pen(fs)?,
            MANIFEST,
            flags | OFlags::CLOEXEC,
            Mode::RUSR | Mode::WUSR,
        )?;
        Ok(File::from(list).write_all(format!("{line}\n").as_bytes())?)
    }

    /// Everything done so far is on the medium.
    pub(super) fn sync(&self) -> Result<(), Trouble> {
        for space in self.0.values() {
            rustix::fs::syncfs(&space.pen)?;
        }
        Ok(())
    }
}

fn private_folder(base: BorrowedFd<'_>, name: &str) -> io::Result<OwnedFd> {
    match rustix::fs::mkdirat(base, name, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(error) => return Err(error.into()),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::openat(base, name, flags, Mode::empty())?;
    let stat = rustix::fs::fstat(&folder)?;
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    if stat.st_mode & 0o077 != 0 {
        rustix::fs::fchmod(&folder, Mode::RWXU)?;
    }
    Ok(folder)
}

/// The handle of what stands under a name; `None`: nothing.
pub(super) fn here(dir: impl AsFd, name: &[u8]) -> Result<Option<Handle>, Trouble> {
    let name = CString::new(name).map_err(|error| Trouble::System {
        said: error.to_string(),
    })?;
    match Handle::of_name(dir.as_fd(), &name) {
        Ok(handle) => Ok(Some(handle)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Renames to a name that must be free.
pub(super) fn rename_free(from: (impl AsFd, &[u8]), to: (impl AsFd, &[u8])) -> Result<(), Errno> {
    match rustix::fs::renameat_with(&from.0, from.1, &to.0, to.1, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL) if is_free(&to.0, to.1) && !can_refuse(&to.0) => {
            rustix::fs::renameat(&from.0, from.1, &to.0, to.1)
        }
        done => done,
    }
}

pub(super) fn is_free(dir: impl AsFd, name: &[u8]) -> bool {
    matches!(
        rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW),
        Err(Errno::NOENT)
    )
}

/// Whether this file system knows renames that refuse to replace: else `EINVAL` does not tell a folder that would go
/// into itself.
fn can_refuse(dir: impl AsFd) -> bool {
    let dir = dir.as_fd();
    let none: &[u8] = b".hygie-undo-none";
    rustix::fs::renameat_with(dir, none, dir, none, RenameFlags::NOREPLACE) != Err(Errno::INVAL)
}

const QUARANTINE: &str = ".quarantine";
const MANIFEST: &str = "manifest.jsonl";
