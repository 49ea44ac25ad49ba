//! The few writes that the journal asks of the file system; tests put a failing disk in their place.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// Writes, as the journal needs them.
pub trait Disk {
    /// Writes all of `bytes` at offset `at`; on an error any part of them may be written.
    ///
    /// # Errors
    /// What the system said.
    fn write(&mut self, file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()>;

    /// Returns once what was written is on the medium.
    ///
    /// # Errors
    /// What the system said.
    fn sync(&mut self, file: &File) -> io::Result<()>;

    /// Cuts the file to `len` bytes.
    ///
    /// # Errors
    /// What the system said.
    fn cut(&mut self, file: &File, len: u64) -> io::Result<()>;
}

/// The file system as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn write(&mut self, file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn cut(&mut self, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }
}

/// Opens for reading and writing, made if need be, readable by the owner alone.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Puts the first `keep` bytes of `path` followed by `tail` in place of `path`, at once:
/// after a power cut the old content or the new one is there, whole.
pub(crate) fn replace(disk: &mut impl Disk, path: &Path, keep: u64, tail: &[u8]) -> io::Result<()> {
    let beside = path.with_added_extension("new");
    let mut new = open(&beside)?;
    disk.cut(&new, 0)?;
    let kept = if keep > 0 {
        io::copy(&mut File::open(path)?.take(keep), &mut new)?
    } else {
        0
    };
    disk.write(&mut new, kept, tail)?;
    disk.sync(&new)?;
    drop(new);
    fs::rename(&beside, path)
}

/// Makes a name that was added to `dir`, or taken from it, survive a power cut.
#[cfg(unix)]
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Windows writes names through its own log; a folder cannot be synced there.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Unix")]
pub(crate) fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}
