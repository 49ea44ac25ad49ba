//! A closer look at what a process runs: the digest of its executable and of its script. Opens files by their paths
//! and reads the memory of others, so it may wait for ever: only for a thread that nobody waits for, and whose own
//! opens the guard answers.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read as _},
    os::fd::AsRawFd as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, StatxFlags, openat, statx};

use super::{ContentKey, Image, Owner, ProcessId, sight::look, text};

/// The first half of a BLAKE3 digest of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u128);

/// Finds digests, and keeps them.
#[derive(Debug, Default)]
pub struct Closer {
    known: Mutex<HashMap<ContentKey, Digest>>,
}

impl Closer {
    /// Knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The digest of an executable that was found before. Never waits.
    #[must_use]
    pub fn known(&self, key: &ContentKey) -> Option<Digest> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).copied()
    }

    /// The digest of the executable that a process runs or ran: read through the process, else by its path, and only
    /// where its content is still the one that was seen.
    ///
    /// # Errors
    /// It is gone or was changed.
    pub fn program(&self, process: ProcessId, image: &Image) -> io::Result<Digest> {
        if let Some(digest) = self.known(&image.key) {
            return Ok(digest);
        }
        let links = [
            PathBuf::from(format!("/proc/{}/exe", process.pid)),
            image.path.clone(),
        ];
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for link in links {
            match Plain::open(&link) {
                Ok(file) if file.key == image.key => return self.digest(file),
                Ok(_) => last = io::Error::from(io::ErrorKind::StaleNetworkFileHandle),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The digest of the script that an interpreter was told to run; none for code in its arguments, for standard
    /// input, for options that are not known well enough, and where its environment brings further code. A program
    /// can write its own arguments: look soon after it began. They are neither kept nor told.
    #[must_use]
    pub fn script(&self, process: ProcessId) -> Option<Script> {
        let folder = PathBuf::from(format!("/proc/{}", process.pid));
        let arguments = read_arguments(&folder.join("cmdline")).ok()?;
        let environment = read_some(&folder.join("environ")).ok()?;
        if text::brings_code(&environment) {
            return None;
        }
        let script = text::script(&arguments)?;
        // Through the process: it may have another root.
        let path = match script.strip_prefix("/") {
            Ok(below) => folder.join("root").join(below),
            Err(_) => folder.join("cwd").join(script),
        };
        let file = Plain::open(&path).ok()?;
        // Nobody but the system can have put it there, and it is that of this process's own root too.
        let public = Plain::open(script).ok();
        let is_public = script.is_absolute() && public.is_some_and(|public| public.key == file.key);
        let system = (is_public && file.owner == Owner::System).then(|| script.to_path_buf());
        // All of it was this process's, if it is there still.
        let still = look(process.pid).is_some_and(|stat| stat.started == process.started);
        let digest = still.then(|| self.digest(file).ok()).flatten()?;
        Some(Script { digest, system })
    }

    fn digest(&self, mut file: Plain) -> io::Result<Digest> {
        if let Some(digest) = self.known(&file.key) {
            return Ok(digest);
        }
        let mut hasher = blake3::Hasher::new();
        let mut left = MOST_READ;
        let mut room = vec![0; 128 << 10];
        loop {
            let length = file.file.read(&mut room)?;
            hasher.update(&room[..length]);
            left = left.saturating_sub(length);
            if length == 0 || left == 0 {
                break;
            }
        }
        if left == 0 {
            // A longer one stands for itself alone, as it is now.
            hasher.update(format!("{:?}", file.key).as_bytes());
        }
        if file.key_now()? != file.key {
            return Err(io::Error::from(io::ErrorKind::StaleNetworkFileHandle));
        }
        let mut half = [0; 16];
        half.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        let digest = Digest(u128::from_le_bytes(half));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(file.key, digest);
        Ok(digest)
    }
}

/// What an interpreter was told to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Of its content.
    pub digest: Digest,
    /// Where it lies, if it is the system's own: nobody else can write to it.
    pub system: Option<PathBuf>,
}

/// An ordinary file, opened without touching a device or a pipe.
struct Plain {
    file: File,
    key: ContentKey,
    owner: Owner,
}

impl Plain {
    fn open(path: &Path) -> io::Result<Self> {
        let door = openat(CWD, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let found = statx(&door, "", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS)?;
        if FileType::from_raw_mode(found.stx_mode.into()) != FileType::RegularFile {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        let again = format!("/proc/self/fd/{}", door.as_raw_fd());
        // NONBLOCK: a lease that its owner does not give back must not keep this thread.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
        let file = File::from(openat(CWD, again.as_str(), flags, Mode::empty())?);
        Ok(Self {
            file,
            key: ContentKey::of(&found),
            owner: Owner::of(&found),
        })
    }

    fn key_now(&self) -> io::Result<ContentKey> {
        let found = statx(&self.file, "", AtFlags::EMPTY_PATH, StatxFlags::BASIC_STATS)?;
        Ok(ContentKey::of(&found))
    }
}

// There are none for an instant, while a program begins.
fn read_arguments(path: &Path) -> io::Result<Vec<u8>> {
    for _look in 0..LOOKS {
        let found = read_some(path)?;
        if !found.is_empty() {
            return Ok(found);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    read_some(path)
}

fn read_some(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MOST_ARGUMENTS)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

const LOOKS: usize = 20;
const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// Executables are shorter: the longest of Debian has some 200 MB.
const MOST_READ: usize = 512 << 20;
/// Arguments may have megabytes; a script's name stands at their beginning, variables that bring code anywhere.
const MOST_ARGUMENTS: u64 = 4 << 20;
/// Digests kept; some 100 bytes each.
const MOST_KNOWN: usize = 16_384;
