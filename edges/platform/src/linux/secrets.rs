//! A folder of secrets: it and its files are only their owner's, each file is written whole or not at all, and one process at a
//! time has it.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::{fs::OFlags, process::geteuid};
use zeroize::Zeroizing;

/// A folder of secrets, held by this process alone.
#[derive(Debug)]
pub struct Secrets {
    folder: PathBuf,
    /// The folder itself: locked, and synced after each name that changes.
    held: File,
    bounds: Bounds,
}

/// How long its files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What usual ones find room in at once: growing would leave copies of a secret behind.
    pub usual: usize,
    /// No file is longer.
    pub longest: u64,
}

/// What was found in a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// This text.
    Text(Zeroizing<String>),
    /// Something that was not written here.
    Damaged(Damage),
}

/// Why a file cannot be what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// More than any has.
    #[error("it is too long")]
    TooLong,
    /// Bytes that are no text.
    #[error("it is no text")]
    NoText,
}

/// Why a secret was not kept, or not read; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The system refused.
    #[error("{path}: {source}; look at the disk's room and at the rights of this path")]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process uses the folder.
    #[error("{0} is used by another process of Hygie: end that one first")]
    Busy(PathBuf),
    /// Somebody else could have read it.
    #[error(
        "{path} can be opened by others (mode {mode:o}, owner {owner}): if somebody may have read it, put fresh keys and \
         passwords in its place; then give it to this process's user and take the rights of others away (chmod go=)"
    )]
    Exposed {
        /// The folder or file.
        path: PathBuf,
        /// Its rights.
        mode: u32,
        /// Its owner's number.
        owner: u32,
    },
}

impl Secrets {
    /// Takes the folder, made if need be (the last part of the path only); not one that another process holds.
    ///
    /// # Errors
    /// It cannot be made or opened, others may open it, or another process has it.
    pub fn take(folder: &Path, bounds: Bounds) -> Result<Self, SecretsError> {
        let secrets = Self::open(folder, bounds)?;
        match secrets.held.try_lock() {
            Ok(()) => Ok(secrets),
            Err(TryLockError::WouldBlock) => Err(SecretsError::Busy(secrets.folder)),
            Err(TryLockError::Error(source)) => Err(at(folder)(source)),
        }
    }

    /// Takes the folder, made if need be, when nobody else holds it any more.
    ///
    /// # Errors
    /// It cannot be made or opened, or others may open it.
    pub fn wait(folder: &Path, bounds: Bounds) -> Result<Self, SecretsError> {
        let secrets = Self::open(folder, bounds)?;
        secrets.held.lock().map_err(at(folder))?;
        Ok(secrets)
    }

    fn open(folder: &Path, bounds: Bounds) -> Result<Self, SecretsError> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(at(folder)(error));
            }
            Err(_) | Ok(()) => {}
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let held = File::options()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(folder)
            .map_err(at(folder))?;
        refuse_exposed(folder, &held)?;
        Ok(Self {
            folder: folder.to_owned(),
            held,
            bounds,
        })
    }

    /// Where a file of this name lies, for messages.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Reads a file; none where there is none.
    ///
    /// # Errors
    /// It cannot be read, is no file, or others may open it.
    pub fn read(&self, name: &str) -> Result<Option<Found>, SecretsError> {
        let path = self.path(name);
        // A pipe put in its place must not be waited for.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let opened = File::options()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(&path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(at(&path)(source)),
        };
        refuse_exposed(&path, &file)?;
        let longest = self.bounds.longest;
        let mut text = Zeroizing::new(String::with_capacity(self.bounds.usual));
        match file.take(longest + 1).read_to_string(&mut text) {
            Ok(length) if length as u64 <= longest => Ok(Some(Found::Text(text))),
            Ok(_) => Ok(Some(Found::Damaged(Damage::TooLong))),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Ok(Some(Found::Damaged(Damage::NoText)))
            }
            Err(source) => Err(at(&path)(source)),
        }
    }

    /// Puts `text` in place of what the file held; after a power cut one of the two is there, whole.
    ///
    /// # Errors
    /// It was not kept; what was there still is.
    pub fn write(&self, name: &str, text: &str) -> Result<(), SecretsError> {
        let path = self.path(name);
        put(&path, text.as_bytes(), &self.held).map_err(at(&path))
    }

    /// Puts a file aside under another name, in place of what was put there before: for a person to look at.
    ///
    /// # Errors
    /// The system refuses.
    pub fn set_aside(&self, name: &str, aside: &str) -> Result<PathBuf, SecretsError> {
        let (path, to) = (self.path(name), self.path(aside));
        fs::rename(&path, &to)
            .and_then(|()| self.held.sync_all())
            .map_err(at(&path))?;
        Ok(to)
    }
}

/// Puts `bytes` in place of what a file held, for nobody else to read; after a power cut one of the two is there, whole. For a file
/// in a folder that is this process's own by other means than [`Secrets`].
///
/// # Errors
/// It was not kept; what was there still is.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    put(path, bytes, &File::open(folder)?)
}

fn put(path: &Path, bytes: &[u8], folder: &File) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    // What a cut-off write left; an open one is never written on.
    match fs::remove_file(beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(beside)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(beside, path));
    if let Err(error) = written {
        // Half a secret is one too.
        let _ = fs::remove_file(beside);
        return Err(error);
    }
    folder.sync_all()
}

/// Only its owner, who is this process, may do anything with it.
fn refuse_exposed(path: &Path, file: &File) -> Result<(), SecretsError> {
    let found = file.metadata().map_err(at(path))?;
    let mode = found.mode() & 0o7777;
    if mode & 0o077 == 0 && found.uid() == geteuid().as_raw() {
        return Ok(());
    }
    Err(SecretsError::Exposed {
        path: path.to_owned(),
        mode,
        owner: found.uid(),
    })
}

fn at(path: &Path) -> impl Fn(io::Error) -> SecretsError + use<> {
    let path = path.to_owned();
    move |source| SecretsError::Io {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests;
