//! The folder of the database: which formats lie there, and that one hub has it.
//! `hub-3.db` is the file of format 3; `.part` is one that is being made and counts for nothing.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use hygie_model::Wall;

use crate::StoreError;

/// The folder, ours while this lives.
pub(crate) struct Files {
    dir: PathBuf,
    lock: File,
}

impl Files {
    /// Takes the folder for us alone, and clears what an end in the middle of a migration left.
    pub(crate) fn lock(dir: &Path) -> Result<Self, StoreError> {
        private_dir(dir).map_err(StoreError::io("making the folder", dir))?;
        let path = dir.join("hub.lock");
        let lock = private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(&path)
            .map_err(StoreError::io("opening", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse {
                    dir: dir.to_path_buf(),
                });
            }
            Err(TryLockError::Error(error)) => {
                return Err(StoreError::io("locking", &path)(error));
            }
        }
        let files = Self {
            dir: dir.to_path_buf(),
            lock,
        };
        for format in files.formats(".db.part")? {
            files.remove(&files.part(format))?;
        }
        Ok(files)
    }

    /// Lets another hub have the folder.
    pub(crate) fn release(&self) -> Result<(), StoreError> {
        self.lock
            .unlock()
            .map_err(StoreError::io("unlocking", &self.dir))
    }

    /// The file of a format.
    pub(crate) fn of(&self, format: u32) -> PathBuf {
        self.dir.join(format!("hub-{format}.db"))
    }

    /// Where the file of a format is made.
    pub(crate) fn part(&self, format: u32) -> PathBuf {
        self.dir.join(format!("hub-{format}.db.part"))
    }

    /// The newest format in the folder.
    pub(crate) fn newest(&self) -> Result<Option<u32>, StoreError> {
        Ok(self.formats(".db")?.into_iter().max())
    }

    /// Makes a finished part the file of its format: from here on it is the database.
    pub(crate) fn publish(&self, format: u32) -> Result<(), StoreError> {
        publish(&self.part(format), &self.of(format))
    }

    /// Removes the files of formats before this one that nobody has written to since that moment.
    pub(crate) fn drop_before(&self, format: u32, quiet_since: Wall) -> Result<u32, StoreError> {
        let old = self.formats(".db")?.into_iter().filter(|&it| it < format);
        let mut dropped = 0;
        for format in old {
            if self.written(format)? <= quiet_since {
                self.remove(&self.of(format))?;
                dropped += 1;
            }
        }
        Ok(dropped)
    }

    /// When the file of a format, or its log, was written to last: then its Hygie ran.
    fn written(&self, format: u32) -> Result<Wall, StoreError> {
        let mut last = Wall(i64::MIN);
        for suffix in ["", "-wal"] {
            let path = with_suffix(&self.of(format), suffix);
            match fs::metadata(&path).and_then(|found| found.modified()) {
                Ok(time) => last = last.max(wall(time)),
                Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {}
                Err(error) => return Err(StoreError::io("reading", &path)(error)),
            }
        }
        Ok(last)
    }

    /// Takes the newest file out of the way where an older one is kept; `None` where none is.
    pub(crate) fn set_newest_aside(&self) -> Result<Option<u32>, StoreError> {
        let mut formats = self.formats(".db")?;
        formats.sort_unstable();
        let (Some(newest), Some(former)) = (formats.pop(), formats.pop()) else {
            return Ok(None);
        };
        let from = self.of(newest);
        let to = self.dir.join(format!("hub-{newest}.db.aside"));
        // First the log: beside a file of another name it would be lost.
        for suffix in ["-wal", ""] {
            let (from, to) = (with_suffix(&from, suffix), with_suffix(&to, suffix));
            match fs::rename(&from, &to) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {}
                done => done.map_err(StoreError::io("renaming", &from))?,
            }
        }
        sync_dir(&self.dir)?;
        Ok(Some(former))
    }

    /// Removes a database file with what SQLite keeps beside it.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), StoreError> {
        // The file itself last: a log without its file would be taken for the next file's.
        for suffix in ["-shm", "-wal", "-journal", ""] {
            let path = with_suffix(path, suffix);
            match fs::remove_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done.map_err(StoreError::io("removing", &path))?,
            }
        }
        Ok(())
    }

    fn formats(&self, suffix: &str) -> Result<Vec<u32>, StoreError> {
        let failed = || StoreError::io("reading", &self.dir);
        let mut formats = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(failed())? {
            let name = entry.map_err(failed())?.file_name();
            let format: Option<u32> = name
                .to_str()
                .and_then(|name| name.strip_prefix("hub-")?.strip_suffix(suffix))
                .and_then(|number| number.parse().ok());
            formats.extend(format);
        }
        Ok(formats)
    }
}

/// An empty file that only we may read: SQLite gives the files beside it the same rights.
pub(crate) fn make(path: &Path) -> Result<(), StoreError> {
    private(OpenOptions::new().write(true).create_new(true))
        .open(path)
        .map(drop)
        .map_err(StoreError::io("making", path))
}

/// Syncs a finished file and gives it its name, in one step that a power cut cannot halve.
pub(crate) fn publish(part: &Path, path: &Path) -> Result<(), StoreError> {
    File::open(part)
        .and_then(|file| file.sync_all())
        .map_err(StoreError::io("syncing", part))?;
    fs::rename(part, path).map_err(StoreError::io("renaming", part))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// A file's time; one before 1970 is as old as can be.
fn wall(time: SystemTime) -> Wall {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(StoreError::io("syncing", dir))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn sync_dir(_dir: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
}

#[cfg(not(unix))]
fn private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}
