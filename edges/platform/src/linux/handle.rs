//! File handles: the kernel's own name of an inode, which is never used twice.
//! Inode numbers are; and btrfs repeats them across subvolumes.

use std::{
    ffi::CStr,
    fs::File,
    io,
    os::fd::{AsRawFd, BorrowedFd, FromRawFd},
};

/// The longest handle that the kernel gives (`MAX_HANDLE_SZ`, fcntl.h).
pub const MAX_HANDLE: usize = 128;

/// The kernel's name of an inode within its file system.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle {
    kind: i32,
    bytes: Box<[u8]>,
}

#[repr(C)]
struct RawHandle {
    handle_bytes: u32,
    handle_type: i32,
    f_handle: [u8; MAX_HANDLE],
}

impl Handle {
    /// A handle as an event carries it.
    #[must_use]
    pub fn from_parts(kind: i32, bytes: &[u8]) -> Self {
        Self {
            kind,
            bytes: bytes.into(),
        }
    }

    /// The form in which the index keeps it: the type (4 bytes, little-endian), then the bytes.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        let mut stored = self.kind.to_le_bytes().to_vec();
        stored.extend_from_slice(&self.bytes);
        stored
    }

    /// Reads the form of the index; `None` when it is too short or too long.
    #[must_use]
    pub fn from_stored(stored: &[u8]) -> Option<Self> {
        let (kind, bytes) = stored.split_first_chunk::<4>()?;
        (bytes.len() <= MAX_HANDLE).then(|| Self::from_parts(i32::from_le_bytes(*kind), bytes))
    }

    /// A file name that no other inode of the file system can have.
    #[must_use]
    pub fn to_name(&self) -> String {
        use std::fmt::Write as _;
        let mut name = format!("{:x}-", self.kind);
        for byte in &self.bytes {
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    /// The handle of an open file, folder or `O_PATH` descriptor.
    ///
    /// # Errors
    /// `EOPNOTSUPP` where the file system gives no handles (overlayfs without an index).
    pub fn of(fd: BorrowedFd<'_>) -> io::Result<Self> {
        Self::at(fd, c"", libc::AT_EMPTY_PATH)
    }

    /// The handle of `name` in the folder `dir`; a symbolic link is not followed.
    ///
    /// # Errors
    /// As [`Handle::of`], and `ENOENT` when there is no such name.
    pub fn of_name(dir: BorrowedFd<'_>, name: &CStr) -> io::Result<Self> {
        Self::at(dir, name, 0)
    }

    fn at(dir: BorrowedFd<'_>, name: &CStr, flags: i32) -> io::Result<Self> {
        let mut raw = RawHandle {
            handle_bytes: MAX_HANDLE as u32,
            handle_type: 0,
            f_handle: [0; MAX_HANDLE],
        };
        let mut mount_id = 0;
        // SAFETY: `raw` starts as `struct file_handle` does and says how much room follows;
        // `name` ends with NUL; both outlive the call.
        let done = unsafe {
            libc::name_to_handle_at(
                dir.as_raw_fd(),
                name.as_ptr(),
                (&raw mut raw).cast(),
                &raw mut mount_id,
                flags,
            )
        };
        if done < 0 {
            return Err(io::Error::last_os_error());
        }
        let length = (raw.handle_bytes as usize).min(MAX_HANDLE);
        Ok(Self::from_parts(raw.handle_type, &raw.f_handle[..length]))
    }

    /// Opens the inode through the mount that `mount` lies on.
    ///
    /// # Errors
    /// `ESTALE` when the inode is gone; `EPERM` without `CAP_DAC_READ_SEARCH`.
    pub fn open(&self, mount: BorrowedFd<'_>, flags: rustix::fs::OFlags) -> io::Result<File> {
        let mut raw = RawHandle {
            handle_bytes: u32::try_from(self.bytes.len()).unwrap_or(0),
            handle_type: self.kind,
            f_handle: [0; MAX_HANDLE],
        };
        raw.f_handle[..self.bytes.len()].copy_from_slice(&self.bytes);
        let flags = i32::from_ne_bytes(flags.bits().to_ne_bytes()) | libc::O_CLOEXEC;
        // SAFETY: `raw` is a whole `struct file_handle` that outlives the call.
        let fd =
            unsafe { libc::open_by_handle_at(mount.as_raw_fd(), (&raw mut raw).cast(), flags) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just given this descriptor to us alone.
        Ok(unsafe { File::from_raw_fd(fd) })
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Handle({})", self.to_name())
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn the_stored_form_is_read_back() {
        let handle = Handle::from_parts(-2, &[1, 2, 3]);
        assert_eq!(Handle::from_stored(&handle.to_stored()), Some(handle));
        assert_eq!(Handle::from_stored(&[1, 2, 3]), None);
        assert_eq!(Handle::from_stored(&[0; 4 + MAX_HANDLE + 1]), None);
    }

    #[test]
    fn names_and_descriptors_of_one_inode_give_one_handle() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a"), "x").unwrap();
        std::fs::hard_link(dir.path().join("a"), dir.path().join("b")).unwrap();
        let folder = File::open(dir.path()).unwrap();
        let file = File::open(dir.path().join("b")).unwrap();
        let by_name = Handle::of_name(folder.as_fd(), c"a").unwrap();
        assert_eq!(by_name, Handle::of(file.as_fd()).unwrap());
        assert_ne!(by_name, Handle::of(folder.as_fd()).unwrap());
    }
}
