//! Which file system and mount a path lies on, and a private door to it.

use std::{
    ffi::CString,
    io,
    os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd},
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use procfs::process::Process;

/// Where a folder lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the file system's device (`st_dev`).
    pub device: u64,
    /// Type of the file system: `ext4`, `xfs`, …
    pub kind: String,
    /// Where the mount that holds the folder is seen.
    pub mount: PathBuf,
    /// The folder's path below that mount; empty for the mount's root.
    pub below: PathBuf,
}

/// Finds the mount of `folder` (an absolute path without symbolic links).
///
/// # Errors
/// When the path cannot be looked at or the mount table cannot be read.
pub fn place(folder: &Path) -> io::Result<Place> {
    let device = std::fs::metadata(folder)?.dev();
    let mounts = Process::myself()
        .and_then(|me| me.mountinfo())
        .map_err(|error| io::Error::other(error.to_string()))?;
    let mount = mounts
        .0
        .into_iter()
        .filter(|mount| folder.starts_with(&mount.mount_point))
        .max_by_key(|mount| (mount.mount_point.as_os_str().len(), mount.mnt_id))
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let below = folder
        .strip_prefix(&mount.mount_point)
        .unwrap_or(folder)
        .to_path_buf();
    Ok(Place {
        device,
        kind: mount.fs_type,
        mount: mount.mount_point,
        below,
    })
}

/// Mounts that lie below any of the folders: other file systems, which a mark on the folder's own
/// does not cover.
///
/// # Errors
/// When the mount table cannot be read.
pub fn mounts_below(folders: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mounts = Process::myself()
        .and_then(|me| me.mountinfo())
        .map_err(|error| io::Error::other(error.to_string()))?;
    let below = |point: &PathBuf| {
        folders
            .iter()
            .any(|folder| point.starts_with(folder) && point != folder)
    };
    Ok(mounts
        .0
        .into_iter()
        .map(|mount| mount.mount_point)
        .filter(below)
        .collect())
}

/// Gives this process, and those that it starts from here on, mounts of their own: what is mounted from now on is seen
/// by nobody else, and is gone with the last of them. Call it before any other thread exists.
///
/// # Errors
/// `EPERM` without `CAP_SYS_ADMIN`.
pub fn own() -> io::Result<()> {
    // SAFETY: the call takes a number; descriptors stay shared as they are.
    if unsafe { libc::unshare(libc::CLONE_NEWNS) } < 0 {
        return Err(io::Error::last_os_error());
    }
    use rustix::mount::{MountPropagationFlags, mount_change};
    let flags = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    Ok(mount_change("/", flags)?)
}

/// A detached copy of a mount: the guard's own way to a file system. Marks on it concern nobody
/// else, and holding it open does not keep the public mount from being unmounted.
#[derive(Debug)]
pub struct PrivateMount(OwnedFd);

impl PrivateMount {
    /// Clones the mount that is seen at `mount`, itself only.
    ///
    /// # Errors
    /// `EPERM` without `CAP_SYS_ADMIN`, `ENOSYS` before Linux 5.2.
    pub fn of(mount: &Path) -> io::Result<Self> {
        let path = CString::new(mount.as_os_str().as_bytes())?;
        const OPEN_TREE_CLONE: libc::c_uint = 1;
        let flags = OPEN_TREE_CLONE | libc::O_CLOEXEC.cast_unsigned();
        // SAFETY: `path` ends with NUL and outlives the call; the flags are numbers.
        let fd =
            unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) };
        let fd = i32::try_from(fd).unwrap_or(-1);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just given this descriptor to us alone.
        let tree = unsafe { OwnedFd::from_raw_fd(fd) };
        // open_by_handle_at refuses O_PATH descriptors, which open_tree gives.
        let root = rustix::fs::openat(
            &tree,
            ".",
            rustix::fs::OFlags::RDONLY
                | rustix::fs::OFlags::DIRECTORY
                | rustix::fs::OFlags::CLOEXEC,
            rustix::fs::Mode::empty(),
        )?;
        Ok(Self(root))
    }

    /// Opens a folder below the mount's root; symbolic links are not followed.
    ///
    /// # Errors
    /// As `openat2`.
    pub fn folder(&self, below: &Path) -> io::Result<OwnedFd> {
        use rustix::fs::{Mode, OFlags, ResolveFlags};
        let below = if below.as_os_str().is_empty() {
            Path::new(".")
        } else {
            below
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        Ok(rustix::fs::openat2(
            &self.0,
            below,
            flags,
            Mode::empty(),
            resolve,
        )?)
    }
}

impl AsFd for PrivateMount {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
