//! The only place where a simulator acts: a folder given by descriptor and proven by a secret nonce.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

use crate::report::Failure;

/// The secret that only the maker of an arena knows: 32 to 128 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

/// Why a folder is no arena, or a file no victim. A simulator that refuses has changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The nonce has no such shape.
    #[error("the nonce must be 32 to 128 hexadecimal digits")]
    NonceShape,
    /// The descriptor is no directory, or is closed.
    #[error("the descriptor is not an open folder")]
    NotAFolder,
    /// The marker is missing, a link, or cannot be read.
    #[error("the folder has no readable {MARKER} of its own: {0}")]
    NoMarker(Errno),
    /// The marker lies on another file system, has a second name, is no file, or others may write it.
    #[error("the folder's {MARKER} is not one that an arena's maker left: {0}")]
    BadMarker(&'static str),
    /// The nonce is another one.
    #[error("the nonce is not the one in {MARKER}")]
    WrongNonce,
    /// The sealed list exists but cannot be believed.
    #[error("the folder's {SEAL} is not one that an arena's maker left")]
    BadSeal,
}

/// A folder made to be damaged, open by descriptor. Every path below is relative to it.
#[derive(Debug)]
pub struct Arena {
    root: OwnedFd,
    device: u64,
    sealed: HashSet<u64>,
}

impl FromStr for Nonce {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hex || !(32..=128).contains(&text.len()) {
            return Err(Refusal::NonceShape);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl std::fmt::Debug for Nonce {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Nonce(secret)")
    }
}

impl Arena {
    /// Proves that the open folder is an arena: its marker holds the nonce, lies on the same device, has one
    /// name, belongs to root (or to the caller, who could make one anyway) and is writable by nobody else.
    pub fn enter(root: OwnedFd, nonce: &Nonce) -> Result<Self, Refusal> {
        let folder = rustix::fs::fstat(&root).map_err(|_closed| Refusal::NotAFolder)?;
        if FileType::from_raw_mode(folder.st_mode) != FileType::Directory {
            return Err(Refusal::NotAFolder);
        }
        let mut arena = Self {
            root,
            device: folder.st_dev,
            sealed: HashSet::new(),
        };
        let text = arena.marker(MARKER)?;
        if text.trim_end() != nonce.0 {
            return Err(Refusal::WrongNonce);
        }
        match arena.marker(SEAL) {
            Ok(list) => {
                let inodes: Result<_, _> = list.lines().map(str::parse).collect();
                arena.sealed = inodes.map_err(|_not_a_number| Refusal::BadSeal)?;
            }
            Err(Refusal::NoMarker(Errno::NOENT)) => {}
            Err(_other) => return Err(Refusal::BadSeal),
        }
        Ok(arena)
    }

    /// The device that everything must lie on.
    pub fn device(&self) -> u64 {
        self.device
    }

    /// Opens a path beneath the arena: no link, no other mount, no way up.
    pub fn open(&self, path: &Path, flags: OFlags, mode: Mode) -> Result<OwnedFd, Failure> {
        let flags = flags | OFlags::CLOEXEC;
        let mode = if flags.contains(OFlags::CREATE) {
            mode
        } else {
            Mode::empty()
        };
        Ok(rustix::fs::openat2(&self.root, path, flags, mode, STRICT)?)
    }

    /// Opens a path beneath the arena through symbolic links, which must not leave it: for the one way that
    /// makes such a link itself.
    pub fn open_through_link(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Failure> {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_XDEV;
        Ok(rustix::fs::openat2(
            &self.root,
            path,
            flags | OFlags::CLOEXEC,
            Mode::empty(),
            resolve,
        )?)
    }

    /// The open folder that holds `path`, and its last name: what renames, links and unlinks work on.
    pub fn parent<'p>(&self, path: &'p Path) -> Result<(OwnedFd, &'p OsStr), Failure> {
        let name = path
            .file_name()
            .ok_or(Failure::Refused("a path without a name"))?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let flags = OFlags::PATH | OFlags::DIRECTORY;
        Ok((
            self.open(folder.unwrap_or(Path::new(".")), flags, Mode::empty())?,
            name,
        ))
    }

    /// What `path` is, itself, not what a link there points to.
    pub fn stat(&self, path: &Path) -> Result<Stat, Failure> {
        let (folder, name) = self.parent(path)?;
        Ok(rustix::fs::statat(
            &folder,
            name,
            AtFlags::SYMLINK_NOFOLLOW,
        )?)
    }

    /// Says whether a simulator may damage the file: a plain file of the arena's device, with one name or
    /// listed by the arena's maker (whose hard links, and a guard's, it may then have).
    pub fn is_victim(&self, stat: &Stat) -> Result<(), Failure> {
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Failure::Refused("not a plain file"));
        }
        if stat.st_dev != self.device {
            return Err(Failure::Refused("on another device"));
        }
        if stat.st_nlink != 1 && !self.sealed.contains(&stat.st_ino) {
            return Err(Failure::Refused(
                "has a hard link that the arena did not make",
            ));
        }
        Ok(())
    }

    /// The names in a folder beneath the arena, sorted.
    pub fn names(&self, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
        use std::os::unix::ffi::OsStrExt;
        let open = self.open(folder, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())?;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::new(open)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                names.push(folder.join(name));
            }
        }
        names.sort();
        Ok(names)
    }

    fn marker(&self, name: &str) -> Result<String, Refusal> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let marker = rustix::fs::openat2(&self.root, name, flags, Mode::empty(), STRICT)
            .map_err(Refusal::NoMarker)?;
        let stat = rustix::fs::fstat(&marker).map_err(Refusal::NoMarker)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(Refusal::BadMarker("not a plain file"));
        }
        if stat.st_dev != self.device {
            return Err(Refusal::BadMarker("on another device"));
        }
        if stat.st_nlink != 1 {
            return Err(Refusal::BadMarker("it has a second name"));
        }
        if stat.st_uid != 0 && stat.st_uid != rustix::process::geteuid().as_raw() {
            return Err(Refusal::BadMarker("it belongs to somebody else"));
        }
        if stat.st_mode & 0o022 != 0 {
            return Err(Refusal::BadMarker("others may write it"));
        }
        let mut text = String::new();
        let read = std::fs::File::from(marker)
            .take(MARKER_LIMIT)
            .read_to_string(&mut text);
        read.map_err(|_not_text| Refusal::BadMarker("it is not text"))?;
        Ok(text)
    }
}

impl AsFd for Arena {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }
}

/// The file that makes a folder an arena; its content is the nonce.
pub const MARKER: &str = ".hygie-arena";
/// The inode numbers that the arena's maker vouches for, one a line.
pub const SEAL: &str = ".hygie-arena-inodes";
/// The folder with the files to damage.
pub const VICTIMS: &str = "victims";
/// The folder beside it, on the same file system, that nobody protects.
pub const OUTSIDE: &str = "outside";

const MARKER_LIMIT: u64 = 64 << 20;
const STRICT: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);
