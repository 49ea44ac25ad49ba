//! Where a restore writes: beneath one opened folder, through no symbolic link.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use hygie_model::Metadata;
use rustix::{
    fs::{self, AtFlags, CWD, Gid, Mode, OFlags, RenameFlags, ResolveFlags, Uid},
    io::Errno,
    thread,
};

use crate::{
    NotSet, User,
    sys::{Identity, Made},
};

/// The folder that a restore never leaves.
#[derive(Debug)]
pub(crate) struct Anchor(File);

/// A folder beneath the anchor.
#[derive(Debug)]
pub(crate) struct Folder(File);

impl Anchor {
    /// Refuses a path with a symbolic link anywhere in it. It need not be readable to pass.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let resolve = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        open_folder(CWD, path, OFlags::PATH, resolve).map(Self)
    }

    /// The folder at a relative path; the empty one is the anchor itself.
    pub(crate) fn folder(&self, path: &Path) -> io::Result<Folder> {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let resolve =
            ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        open_folder(&self.0, path, OFlags::RDONLY, resolve).map(Folder)
    }

    pub(crate) fn sync_file_system(&self) -> io::Result<()> {
        super::sync_file_system(&self.folder(Path::new(""))?.0)
    }
}

/// A restored file that gets further names; held open, so that nobody can put another in its place.
#[derive(Debug)]
pub(crate) struct Original(File);

impl Folder {
    pub(crate) fn metadata(&self) -> io::Result<Metadata> {
        super::read_metadata(&self.0)
    }

    pub(crate) fn apply(&self, meta: &Metadata) -> io::Result<Vec<NotSet>> {
        Ok(super::apply_metadata(&self.0, meta))
    }

    pub(crate) fn identity(&self) -> io::Result<Identity> {
        let stat = self.0.metadata()?;
        Ok(Identity {
            device: stat.dev(),
            inode: stat.ino(),
        })
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }

    pub(crate) fn original(&self, _name: &OsStr, file: File) -> Original {
        Original(file)
    }

    pub(crate) fn make_folder(&self, name: &OsStr) -> io::Result<Made> {
        match fs::mkdirat(&self.0, name, Mode::RWXU) {
            Ok(()) => Ok(Made::New),
            Err(Errno::EXIST) => {
                let stat = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
                if fs::FileType::from_raw_mode(stat.st_mode).is_dir() {
                    Ok(Made::There)
                } else {
                    Err(Errno::EXIST.into())
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A new empty file under a name that nothing else has.
    pub(crate) fn draft(&self) -> io::Result<(OsString, File)> {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::NOFOLLOW;
        let mode = Mode::RUSR | Mode::WUSR;
        under_new_name(|name| {
            let fd = fs::openat(&self.0, name, flags | OFlags::CLOEXEC, mode)?;
            Ok((name.to_owned(), fd.into()))
        })
    }

    /// Gives what stands under `from` the name `to`, over whatever has it.
    pub(crate) fn replace(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Gives what stands under `from` the name `to`, which must be free.
    pub(crate) fn set_aside(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        match fs::renameat_with(&self.0, from, &self.0, to, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS) => {}
            done => return Ok(done?),
        }
        // This file system cannot refuse by itself.
        match fs::statat(&self.0, to, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => self.replace(from, to),
            Err(error) => Err(error.into()),
            Ok(_) => Err(Errno::EXIST.into()),
        }
    }

    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Puts a symbolic link under `name`, over whatever has it.
    pub(crate) fn symlink(
        &self,
        target: &OsStr,
        name: &OsStr,
        meta: &Metadata,
    ) -> io::Result<Vec<NotSet>> {
        let draft = under_new_name(|draft| {
            fs::symlinkat(target, &self.0, draft).map(|()| draft.to_owned())
        })?;
        let refused = super::meta::apply_link_metadata(&self.0, &draft, meta);
        self.replace_or_remove(&draft, name).map(|()| refused)
    }

    /// Puts one more name of an open file under `name`, over whatever has it.
    pub(crate) fn link(&self, original: &Original, name: &OsStr) -> io::Result<()> {
        let draft = under_new_name(|draft| {
            super::link_open(&original.0, &self.0, Path::new(draft)).map(|()| draft.to_owned())
        })?;
        self.replace_or_remove(&draft, name)
    }

    fn replace_or_remove(&self, draft: &OsStr, name: &OsStr) -> io::Result<()> {
        self.replace(draft, name).inspect_err(|_| {
            let _ = self.remove(draft);
        })
    }
}

/// Takes on a user's rights, in this thread alone. The real and the saved user stay the caller's:
/// with them the user could end the whole process by a signal to this thread.
pub(crate) fn become_user(user: &User) -> io::Result<()> {
    let groups: Vec<Gid> = user.groups.iter().copied().map(Gid::from_raw).collect();
    thread::set_thread_groups(&groups)?;
    thread::set_thread_res_gid(None, Some(Gid::from_raw(user.gid)), None)?;
    Ok(thread::set_thread_res_uid(
        None,
        Some(Uid::from_raw(user.uid)),
        None,
    )?)
}

fn open_folder(
    dir: impl rustix::fd::AsFd,
    path: &Path,
    how: OFlags,
    resolve: ResolveFlags,
) -> io::Result<File> {
    let flags = how | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut tries = 0;
    loop {
        match fs::openat2(&dir, path, flags, Mode::empty(), resolve) {
            // Something was renamed during the walk.
            Err(Errno::AGAIN) if tries < TRIES => tries += 1,
            opened => return Ok(opened?.into()),
        }
    }
}

fn under_new_name<T>(mut make: impl FnMut(&OsStr) -> Result<T, Errno>) -> io::Result<T> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut tries = 0;
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!(".hygie-restore-{}-{number}", process::id());
        match make(OsStr::new(&name)) {
            Err(Errno::EXIST) if tries < TRIES => tries += 1,
            made => return Ok(made?),
        }
    }
}

const TRIES: u32 = 1000;
