//! Other systems, with what std offers: named temporary files, no holes, no clones, no attributes.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File, FileTimes},
    io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use hygie_model::Metadata;
use tempfile::TempPath;

use super::{Identity, Made};
use crate::{NotSet, User};

/// A copy under way, under a name that nobody takes for whole.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) file: File,
    name: TempPath,
}

impl Draft {
    pub(crate) fn begin(tmp: &Path) -> io::Result<Self> {
        let (file, name) = tempfile::NamedTempFile::new_in(tmp)?.into_parts();
        Ok(Self { file, name })
    }

    /// Gives the copy its name; what stands there is replaced. Returns the open file to sync.
    pub(crate) fn place(self, to: &Path, _tmp: &Path) -> io::Result<File> {
        self.name.persist(to).map_err(|refused| refused.error)?;
        Ok(self.file)
    }
}

/// There is no sync of a whole file system: each file gets its own.
pub(crate) const SYNCS_WHOLE: bool = false;

pub(crate) fn sync_file_system(_dir: &File) -> io::Result<()> {
    Ok(())
}

/// Opens a folder for its times and to sync it.
pub(crate) fn open_dir(dir: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt;
        // FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, FILE_FLAG_BACKUP_SEMANTICS
        options.access_mode(0x180).custom_flags(0x0200_0000);
    }
    options.open(dir)
}

#[cfg(unix)]
pub(crate) fn sync_name(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// NTFS journals names by itself.
#[cfg(not(unix))]
pub(crate) fn sync_name(_dir: &Path) -> io::Result<()> {
    Ok(())
}

pub(crate) fn clone_blocks(_source: &File, _target: &File) -> bool {
    false
}

pub(crate) fn has_holes(_meta: &fs::Metadata) -> bool {
    false
}

pub(crate) fn next_data(file: &File, from: u64) -> io::Result<Option<(u64, u64)>> {
    let len = file.metadata()?.len();
    Ok((from < len).then_some((from, len)))
}

pub(crate) fn with_cursor_kept<T>(_file: &File, run: impl FnOnce() -> T) -> io::Result<T> {
    Ok(run())
}

#[cfg(unix)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(unix)]
pub(crate) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(windows)]
pub(crate) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

/// A name as the index stores it.
pub(crate) fn name_bytes(name: &OsStr) -> Vec<u8> {
    name.as_encoded_bytes().to_vec()
}

/// A name as the system wants it.
pub(crate) fn name_from_bytes(bytes: Vec<u8>) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(not(unix))]
    String::from_utf8_lossy(&bytes).into_owned().into()
}

pub(crate) fn read_metadata(file: &File) -> io::Result<Metadata> {
    let stat = file.metadata()?;
    let (mode, uid, gid) = owner(&stat);
    Ok(Metadata {
        mode,
        uid,
        gid,
        mtime_ns: nanos(stat.modified()?),
        atime_ns: nanos(stat.accessed()?),
        xattrs: Vec::new(),
    })
}

pub(crate) fn apply_metadata(file: &File, meta: &Metadata) -> Vec<NotSet> {
    let mut refused = Vec::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, fchown};
        if fchown(file, Some(meta.uid), Some(meta.gid)).is_err() {
            refused.push(NotSet::Owner);
        }
        let mode = fs::Permissions::from_mode(meta.mode);
        if file.set_permissions(mode).is_err() {
            refused.push(NotSet::Mode);
        }
    }
    let times = FileTimes::new()
        .set_modified(time(meta.mtime_ns))
        .set_accessed(time(meta.atime_ns));
    if file.set_times(times).is_err() {
        refused.push(NotSet::Times);
    }
    let attributes = meta.xattrs.iter();
    refused.extend(attributes.map(|(name, _)| NotSet::Attribute(name.clone())));
    refused
}

#[cfg(unix)]
fn owner(stat: &fs::Metadata) -> (u32, u32, u32) {
    use std::os::unix::fs::MetadataExt;
    (stat.mode() & 0o7777, stat.uid(), stat.gid())
}

#[cfg(not(unix))]
fn owner(_stat: &fs::Metadata) -> (u32, u32, u32) {
    (0, 0, 0)
}

fn nanos(time: SystemTime) -> i64 {
    let whole = |span: Duration| i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => whole(after),
        Err(before) => -whole(before.duration()),
    }
}

fn time(nanos: i64) -> SystemTime {
    let span = Duration::from_nanos(nanos.unsigned_abs());
    if nanos < 0 {
        SystemTime::UNIX_EPOCH - span
    } else {
        SystemTime::UNIX_EPOCH + span
    }
}

/// The folder that a restore should not leave. Without openat2 links are looked for, and one that
/// is put there in between is followed: on these systems a restore is done as the user.
#[derive(Debug)]
pub(crate) struct Anchor(PathBuf);

/// A folder beneath the anchor.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

/// A restored file that gets further names.
#[derive(Debug)]
pub(crate) struct Original(PathBuf);

impl Anchor {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        real_folder(path)?;
        Ok(Self(path.to_path_buf()))
    }

    pub(crate) fn folder(&self, path: &Path) -> io::Result<Folder> {
        let mut folder = self.0.clone();
        for name in path {
            folder.push(name);
            real_folder(&folder)?;
        }
        Ok(Folder(folder))
    }

    pub(crate) fn sync_file_system(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Folder {
    pub(crate) fn metadata(&self) -> io::Result<Metadata> {
        read_metadata(&open_dir(&self.0)?)
    }

    pub(crate) fn apply(&self, meta: &Metadata) -> io::Result<Vec<NotSet>> {
        Ok(apply_metadata(&open_dir(&self.0)?, meta))
    }

    pub(crate) fn identity(&self) -> io::Result<Identity> {
        Ok(Identity::default())
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        sync_name(&self.0)
    }

    pub(crate) fn make_folder(&self, name: &OsStr) -> io::Result<Made> {
        let path = self.0.join(name);
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                real_folder(&path).map(|()| Made::There)
            }
            made => made.map(|()| Made::New),
        }
    }

    pub(crate) fn draft(&self) -> io::Result<(OsString, File)> {
        let name = new_name();
        let path = self.0.join(&name);
        let mut options = File::options();
        let file = options.read(true).write(true).create_new(true).open(path)?;
        Ok((name, file))
    }

    pub(crate) fn replace(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    pub(crate) fn set_aside(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        if fs::symlink_metadata(self.0.join(to)).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.replace(from, to)
    }

    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    pub(crate) fn symlink(
        &self,
        target: &OsStr,
        name: &OsStr,
        _meta: &Metadata,
    ) -> io::Result<Vec<NotSet>> {
        let draft = new_name();
        #[cfg(unix)]
        std::os::unix::fs::symlink(target, self.0.join(&draft))?;
        #[cfg(windows)]
        std::os::windows::fs::symlink_file(target, self.0.join(&draft))?;
        self.replace(&draft, name)?;
        Ok(vec![NotSet::Owner, NotSet::Times])
    }

    pub(crate) fn original(&self, name: &OsStr, _file: File) -> Original {
        Original(self.0.join(name))
    }

    pub(crate) fn link(&self, original: &Original, name: &OsStr) -> io::Result<()> {
        let draft = new_name();
        fs::hard_link(&original.0, self.0.join(&draft))?;
        self.replace(&draft, name)
    }
}

/// Rights of one thread alone are not to be had here.
pub(crate) fn become_user(_user: &User) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn real_folder(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        Ok(())
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

fn new_name() -> OsString {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(".hygie-restore-{}-{number}", process::id()).into()
}
