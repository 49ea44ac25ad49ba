//! Room on the disk that is kept for known programs: whoever fills the disk cannot keep a practice from
//! working, because the copies that its own programs wait for still fit.

use std::{
    fs::{File, OpenOptions},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rustix::fs::{FallocateFlags, fallocate, fstatvfs};

/// A file that holds nothing but room; it is given away piece by piece.
///
/// What is given away is free for a moment. On ext4 only root can take it then, as long as the file system keeps
/// blocks for root (5 % unless made otherwise); elsewhere whoever is fastest takes it.
#[derive(Clone, Debug)]
pub(crate) struct Reserve(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    wanted: u64,
}

impl Reserve {
    /// Takes as much of the room as there is to spare; what is there from an earlier run counts.
    pub(crate) fn keep(path: PathBuf, wanted: u64) -> Self {
        let reserve = Self(Arc::new(Mutex::new(Inner { path, wanted })));
        reserve.fill_up();
        reserve
    }

    /// Makes room for so many bytes and what the index needs for them; tells whether there was any to give.
    pub(crate) fn give(&self, bytes: u64) -> bool {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.give(bytes).unwrap_or(false)
    }

    /// Grows again to what is wanted, when the disk has room to spare.
    pub(crate) fn fill_up(&self) {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Without it the copies of known programs end where the others do, which is told when it happens.
        let _ = inner.fill_up();
    }
}

impl Inner {
    fn open(&self) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)
    }

    fn give(&self, bytes: u64) -> io::Result<bool> {
        let file = self.open()?;
        let held = file.metadata()?.len();
        let gives = bytes.saturating_add(FOR_THE_INDEX);
        if held == 0 {
            return Ok(false);
        }
        file.set_len(held.saturating_sub(gives))?;
        // The blocks are free once this is on disk.
        file.sync_all()?;
        Ok(held >= bytes)
    }

    fn fill_up(&self) -> io::Result<()> {
        let file = self.open()?;
        let held = file.metadata()?.len();
        let disk = fstatvfs(&file)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let more = self
            .wanted
            .saturating_sub(held)
            .min(free.saturating_sub(held) / SPARES);
        if more < LEAST {
            return Ok(());
        }
        Ok(fallocate(&file, FallocateFlags::empty(), held, more)?)
    }
}

/// The index grows with each copy; SQLite's log before it is written back.
const FOR_THE_INDEX: u64 = 4 << 20;
/// The reserve takes at most this part of what is free.
const SPARES: u64 = 4;
/// Less is not worth the call.
const LEAST: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    fn blocks(path: &std::path::Path) -> u64 {
        std::fs::metadata(path).unwrap().blocks() * 512
    }

    #[test]
    fn what_is_kept_is_given_and_kept_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("reserve");
        let reserve = Reserve::keep(path.clone(), 16 << 20);
        assert_eq!(blocks(&path), 16 << 20, "room, not only a length");
        assert!(reserve.give(2 << 20));
        assert_eq!(blocks(&path), 10 << 20);
        assert!(!reserve.give(64 << 20), "more than there is");
        assert_eq!(blocks(&path), 0);
        assert!(!reserve.give(1));
        reserve.fill_up();
        assert_eq!(blocks(&path), 16 << 20);
        let again = Reserve::keep(path.clone(), 16 << 20);
        drop(again);
        assert_eq!(blocks(&path), 16 << 20, "what an earlier run kept counts");
    }
}
