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

/// How often an open is tried that fails for want of memory, as the kernel says.
const TRIES: usize = 200;

/// The kernel's name of an inode within its file system.
#[derive(Clone)]
pub struct Handle(Inner);

/// A guard remembers one a file: those of ext4 (8 bytes) and xfs (8 or 12) lie here, longer ones apart.
#[derive(Clone)]
enum Inner {
    Short {
        kind: i16,
        length: u8,
        bytes: [u8; SHORT],
    },
    Long(Box<(i32, Box<[u8]>)>),
}

const SHORT: usize = 12;

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
        let mut short = [0; SHORT];
        Self(match (i16::try_from(kind), short.get_mut(..bytes.len())) {
            (Ok(kind), Some(place)) => {
                place.copy_from_slice(bytes);
                let length = u8::try_from(bytes.len()).unwrap_or(0);
                Inner::Short {
                    kind,
                    length,
                    bytes: short,
                }
            }
            _ => Inner::Long(Box::new((kind, bytes.into()))),
        })
    }

    fn kind(&self) -> i32 {
        match &self.0 {
            Inner::Short { kind, .. } => i32::from(*kind),
            Inner::Long(long) => long.0,
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Inner::Short { length, bytes, .. } => &bytes[..usize::from(*length)],
            Inner::Long(long) => &long.1,
        }
    }

    /// The form in which the index keeps it: the type (4 bytes, little-endian), then the bytes.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        let mut stored = self.kind().to_le_bytes().to_vec();
        stored.extend_from_slice(self.bytes());
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
        let mut name = format!("{:x}-", self.kind());
        for byte in self.bytes() {
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
            handle_bytes: u32::try_from(self.bytes().len()).unwrap_or(0),
            handle_type: self.kind(),
            f_handle: [0; MAX_HANDLE],
        };
        raw.f_handle[..self.bytes().len()].copy_from_slice(self.bytes());
        let flags = i32::from_ne_bytes(flags.bits().to_ne_bytes()) | libc::O_CLOEXEC;
        let mut tries = 0;
        loop {
            // SAFETY: `raw` is a whole `struct file_handle` that outlives the call.
            let fd =
                unsafe { libc::open_by_handle_at(mount.as_raw_fd(), (&raw mut raw).cast(), flags) };
            if fd >= 0 {
                // SAFETY: the kernel has just given this descriptor to us alone.
                return Ok(unsafe { File::from_raw_fd(fd) });
            }
            let error = io::Error::last_os_error();
            tries += 1;
            // So the kernel calls it when the inode is gone and its number is being given to a new
            // one just now (`iget_locked`): a moment later it says ESTALE.
            if error.raw_os_error() != Some(libc::ENOMEM) || tries == TRIES {
                return Err(error);
            }
            std::thread::yield_now();
        }
    }
}

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        (self.kind(), self.bytes()) == (other.kind(), other.bytes())
    }
}

impl Eq for Handle {}

impl std::hash::Hash for Handle {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.kind(), self.bytes()).hash(state);
    }
}

impl PartialOrd for Handle {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Handle {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.kind(), self.bytes()).cmp(&(other.kind(), other.bytes()))
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
    fn short_and_long_ones_keep_what_they_are_made_of() {
        assert_eq!(size_of::<Handle>(), 16);
        for kind in [1, -2, 0x81, i32::from(i16::MAX) + 1, i32::MIN] {
            for length in [0, 1, 8, 12, 13, 40, MAX_HANDLE] {
                let bytes: Vec<u8> = (0..length).map(|at| at.to_le_bytes()[0]).collect();
                let handle = Handle::from_parts(kind, &bytes);
                assert_eq!((handle.kind(), handle.bytes()), (kind, bytes.as_slice()));
                assert_eq!(Handle::from_stored(&handle.to_stored()), Some(handle));
            }
        }
        assert_ne!(Handle::from_parts(1, &[0]), Handle::from_parts(1, &[0, 0]));
        assert_ne!(Handle::from_parts(1, &[0]), Handle::from_parts(2, &[0]));
    }

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
