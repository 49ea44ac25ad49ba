//! The present folder as one user sees it. Only for a thread that has taken on that user's rights:
//! the kernel decides here, and no symbolic link is followed.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    path::{Path, PathBuf},
};

use hygie_platform::linux::handle::Handle;
use hygie_vault::{KnownFolder, User};
use rustix::{
    fs::{Access, AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, accessat, fstat, openat2},
    io::Errno,
};

use super::rights::{Need, lets};

/// A protected folder, entered.
#[derive(Debug)]
pub(super) struct Here {
    path: PathBuf,
    root: OwnedFd,
}

/// What stands at a path.
#[derive(Debug)]
pub(super) enum There {
    Nothing,
    File(OwnedFd),
    Folder(OwnedFd),
    /// A link, a pipe, a device.
    Other,
    /// This user may not know, or it lies on another file system.
    Hidden,
}

impl Here {
    /// Enters a protected folder.
    pub(super) fn enter(path: &Path) -> io::Result<Self> {
        let resolve = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = openat2(CWD, path, flags, Mode::empty(), resolve)?;
        let path = path.to_path_buf();
        Ok(Self { path, root })
    }

    /// What stands at a relative path.
    pub(super) fn there(&self, path: &Path) -> There {
        match self.open(path) {
            Ok((opened, FileType::RegularFile)) => There::File(opened),
            Ok((opened, FileType::Directory)) => There::Folder(opened),
            Ok(_) => There::Other,
            // The last two: something on the way is no folder, so nothing is beneath it.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => There::Nothing,
            Err(_) => There::Hidden,
        }
    }

    fn open(&self, path: &Path) -> Result<(OwnedFd, FileType), Errno> {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let resolve = ResolveFlags::BENEATH
            | ResolveFlags::NO_SYMLINKS
            | ResolveFlags::NO_MAGICLINKS
            | ResolveFlags::NO_XDEV;
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut tries = 0;
        let opened = loop {
            match openat2(&self.root, path, flags, Mode::empty(), resolve) {
                // Something was renamed during the walk.
                Err(Errno::AGAIN) if tries < TRIES => tries += 1,
                opened => break opened?,
            }
        };
        let kind = FileType::from_raw_mode(fstat(&opened)?.st_mode);
        Ok((opened, kind))
    }

    /// Whether the user can read and write what is there now as a file, or else put one there.
    pub(super) fn may_have(&self, path: &Path) -> bool {
        match self.there(path) {
            There::File(file) => may(&file, Access::READ_OK | Access::WRITE_OK),
            There::Hidden => false,
            There::Nothing | There::Folder(_) | There::Other => self.may_put(path),
        }
    }

    /// Whether he can enter what is there now as a folder, or else make one there.
    pub(super) fn may_fill(&self, path: &Path) -> bool {
        match self.there(path) {
            There::Folder(folder) => may(&folder, Access::EXEC_OK),
            There::Hidden => false,
            There::Nothing | There::File(_) | There::Other => self.may_put(path),
        }
    }

    /// Whether he can write to the folder that would receive it: the nearest one that is there.
    fn may_put(&self, path: &Path) -> bool {
        for folder in path.ancestors().skip(1) {
            match self.there(folder) {
                There::Folder(folder) => return may(&folder, Access::WRITE_OK | Access::EXEC_OK),
                There::Hidden => return false,
                There::Nothing | There::File(_) | There::Other => {}
            }
        }
        false
    }

    /// Whether he can pass a folder of former times. If it is still the same one, by what it
    /// allows now, whatever was noted of it; else by what was noted, for another in its place
    /// says nothing of it.
    pub(super) fn passes(&self, user: &User, known: &KnownFolder, need: Need) -> bool {
        let Ok(path) = known.path.strip_prefix(&self.path) else {
            return false;
        };
        let then = || {
            known
                .meta
                .as_ref()
                .is_some_and(|meta| lets(meta, user, need))
        };
        match self.there(path) {
            There::Folder(folder) if is_same(&folder, known) => may(&folder, needed(need)),
            There::Folder(folder) => then() && may(&folder, Access::EXEC_OK),
            There::Nothing | There::File(_) | There::Other => then(),
            There::Hidden => false,
        }
    }
}

/// Whether a user can pass all folders on a former way, the protected folder first.
pub(super) fn passes_all(user: &User, way: &[KnownFolder]) -> bool {
    let Some(root) = way.first() else {
        return false;
    };
    Here::enter(&root.path)
        .is_ok_and(|here| way.iter().all(|one| here.passes(user, one, Need::Pass)))
}

fn is_same(folder: &OwnedFd, known: &KnownFolder) -> bool {
    Handle::of(folder.as_fd()).is_ok_and(|handle| handle.to_stored() == known.handle)
}

fn needed(need: Need) -> Access {
    match need {
        Need::ReadWrite => Access::READ_OK | Access::WRITE_OK,
        Need::Pass => Access::EXEC_OK,
        Need::List => Access::READ_OK | Access::EXEC_OK,
    }
}

/// Asks the kernel about the very file that was opened, whatever its name leads to by now.
fn may(opened: &OwnedFd, access: Access) -> bool {
    let own = format!("/proc/self/fd/{}", opened.as_raw_fd());
    accessat(CWD, own, access, AtFlags::EACCESS).is_ok()
}

const TRIES: u32 = 1000;
