//! Linux: unnamed files, holes, clones, one sync for a whole file system.

mod meta;
mod place;

pub(crate) use meta::{apply_metadata, read_metadata};
pub(crate) use place::{Anchor, Folder, Original, become_user};

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io,
    os::{
        fd::{AsFd, AsRawFd},
        unix::ffi::{OsStrExt, OsStringExt},
        unix::fs::{FileExt, MetadataExt},
    },
    path::Path,
};

use rustix::{
    fs::{self, AtFlags, CWD, Mode, OFlags, SeekFrom},
    io::Errno,
};
use tempfile::TempPath;

/// A copy under way: without a name where the file system can, so that nobody takes it for whole.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) file: File,
    name: Option<TempPath>,
}

impl Draft {
    pub(crate) fn begin(tmp: &Path) -> io::Result<Self> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        match fs::open(tmp, flags, Mode::RUSR | Mode::WUSR) {
            Ok(fd) => Ok(Self {
                file: fd.into(),
                name: None,
            }),
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => {
                let (file, name) = tempfile::NamedTempFile::new_in(tmp)?.into_parts();
                Ok(Self {
                    file,
                    name: Some(name),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the copy its name; what stands there is replaced. Returns the open file to sync.
    pub(crate) fn place(self, to: &Path, tmp: &Path) -> io::Result<File> {
        if let Some(name) = self.name {
            name.persist(to).map_err(|refused| refused.error)?;
            return Ok(self.file);
        }
        match link_open(&self.file, CWD, to) {
            Err(Errno::EXIST) => {
                let spare = tmp.join(to.file_name().unwrap_or_default());
                match fs::unlink(&spare) {
                    Err(Errno::NOENT) => {}
                    removed => removed?,
                }
                link_open(&self.file, CWD, &spare)?;
                fs::rename(&spare, to)?;
            }
            linked => linked?,
        }
        Ok(self.file)
    }
}

/// Gives an open file one more name, without looking at the names that it has.
pub(crate) fn link_open(file: &File, dir: impl AsFd, name: &Path) -> Result<(), Errno> {
    let own = proc_path(file);
    match fs::linkat(CWD, &own, &dir, name, AtFlags::SYMLINK_FOLLOW) {
        Err(Errno::NOENT) => fs::linkat(file, "", &dir, name, AtFlags::EMPTY_PATH),
        linked => linked,
    }
}

/// The path by which this process reaches an open file, whatever names it carries.
pub(crate) fn proc_path(file: &impl AsRawFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// Opens a folder to sync by.
pub(crate) fn open_dir(dir: &Path) -> io::Result<File> {
    File::open(dir)
}

/// One sync can write out a whole file system.
pub(crate) const SYNCS_WHOLE: bool = true;

/// Flushes the whole file system on which `dir` lies.
pub(crate) fn sync_file_system(dir: &File) -> io::Result<()> {
    Ok(fs::syncfs(dir)?)
}

/// Flushes a folder, for file systems where the sync of a new file leaves its name behind.
/// ext4, XFS and Btrfs log the name together with the inode, so there nothing is to be done.
pub(crate) fn sync_name(dir: &Path) -> io::Result<()> {
    let folder = File::open(dir)?;
    let magic = fs::fstatfs(&folder)?.f_type;
    if LOGS_NAMES.contains(&magic) {
        return Ok(());
    }
    folder.sync_all()
}

/// Shares the blocks of `source` with `target`; false where the file system cannot.
pub(crate) fn clone_blocks(source: &File, target: &File) -> bool {
    fs::ioctl_ficlone(target, source).is_ok()
}

/// Whether fewer blocks are allocated than the length needs.
pub(crate) fn has_holes(meta: &std::fs::Metadata) -> bool {
    meta.blocks().saturating_mul(512) < meta.len()
}

/// The next stretch of data at or after `from`, as start and end; `None` when only a hole follows.
/// Takes absolute offsets, so it depends on nobody's cursor; see [`with_cursor_kept`].
pub(crate) fn next_data(file: &File, from: u64) -> io::Result<Option<(u64, u64)>> {
    let start = match fs::seek(file, SeekFrom::Data(from)) {
        Err(Errno::NXIO) => return Ok(None),
        // This file system knows of no holes.
        Err(Errno::INVAL | Errno::OPNOTSUPP) => return Ok(Some((from, u64::MAX))),
        found => found?,
    };
    match fs::seek(file, SeekFrom::Hole(start)) {
        // The file was cut in between.
        Err(Errno::NXIO) => Ok(None),
        found => Ok(Some((start, found?))),
    }
}

/// Runs what seeks in `file` and puts its cursor back where it was.
pub(crate) fn with_cursor_kept<T>(file: &File, run: impl FnOnce() -> T) -> io::Result<T> {
    let before = fs::tell(file)?;
    let result = run();
    fs::seek(file, SeekFrom::Start(before))?;
    Ok(result)
}

pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    file.read_at(buffer, offset)
}

pub(crate) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

/// A name as the index stores it.
pub(crate) fn name_bytes(name: &OsStr) -> Vec<u8> {
    name.as_bytes().to_vec()
}

/// A name as the system wants it.
pub(crate) fn name_from_bytes(bytes: Vec<u8>) -> OsString {
    OsString::from_vec(bytes)
}

const LOGS_NAMES: [fs::FsWord; 3] = [0xef53, 0x5846_5342, 0x9123_683e];
