//! Keys on disk: a folder and files that only their owner reads, each written whole or not at all.

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
pub(super) struct Keeper {
    folder: PathBuf,
    /// The folder itself: locked, and synced after each name that changes.
    held: File,
}

/// Why a secret was not kept, or not found; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
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
        "{path} can be opened by others (mode {mode:o}, owner {owner}): if somebody may have read it, \
         make a fresh authority; else give it to this process's user and take the rights of others away (chmod go=)"
    )]
    Exposed {
        /// The folder or file.
        path: PathBuf,
        /// Its rights.
        mode: u32,
        /// Its owner's number.
        owner: u32,
    },
    /// It was there once.
    #[error(
        "{0} is gone: bring it back from a backup of its folder; to start afresh (browsers and devices must \
         then be told to trust anew) move the whole folder away"
    )]
    Missing(PathBuf),
    /// Its content is not what was written.
    #[error(
        "{path} is damaged ({what}): bring it back from a backup of its folder; to start afresh (browsers and \
         devices must then be told to trust anew) move the whole folder away"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl Keeper {
    /// Takes the folder, made if need be; not one that another process holds.
    pub(super) fn take(folder: &Path) -> Result<Self, KeeperError> {
        let keeper = Self::open(folder)?;
        match keeper.held.try_lock() {
            Ok(()) => Ok(keeper),
            Err(TryLockError::WouldBlock) => Err(KeeperError::Busy(keeper.folder)),
            Err(TryLockError::Error(source)) => Err(KeeperError::Io {
                path: keeper.folder,
                source,
            }),
        }
    }

    /// Takes the folder, made if need be, when nobody else holds it any more.
    pub(super) fn wait(folder: &Path) -> Result<Self, KeeperError> {
        let keeper = Self::open(folder)?;
        keeper.held.lock().map_err(|source| KeeperError::Io {
            path: keeper.folder.clone(),
            source,
        })?;
        Ok(keeper)
    }

    fn open(folder: &Path) -> Result<Self, KeeperError> {
        let failed = |source| KeeperError::Io {
            path: folder.to_owned(),
            source,
        };
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(error));
            }
            _ => {}
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let held = File::options()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(folder)
            .map_err(failed)?;
        refuse_exposed(folder, &held)?;
        Ok(Self {
            folder: folder.to_owned(),
            held,
        })
    }

    /// Where a file of this name lies, for messages.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Reads a file; none where there is none.
    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<String>>, KeeperError> {
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
            Err(source) => return Err(KeeperError::Io { path, source }),
        };
        refuse_exposed(&path, &file)?;
        let mut text = Zeroizing::new(String::with_capacity(FIRST_ROOM));
        match file.take(LONGEST + 1).read_to_string(&mut text) {
            Ok(length) if length as u64 <= LONGEST => Ok(Some(text)),
            Ok(_) => Err(self.damaged(name, "it is too long")),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(self.damaged(name, "it is no text"))
            }
            Err(source) => Err(KeeperError::Io { path, source }),
        }
    }

    /// Puts `text` in place of what the file held; after a power cut one of the two is there, whole.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), KeeperError> {
        let beside = self.path(&format!("{name}.new"));
        self.put(&beside, name, text)
            .map_err(|source| KeeperError::Io {
                path: self.path(name),
                source,
            })
    }

    fn put(&self, beside: &Path, name: &str, text: &str) -> io::Result<()> {
        // What a cut-off write left; an open one is never written on.
        match fs::remove_file(beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(beside)?;
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(beside, self.path(name)));
        if let Err(error) = written {
            let _ = fs::remove_file(beside);
            return Err(error);
        }
        self.held.sync_all()
    }

    /// The error of a file that cannot be what was written.
    pub(super) fn damaged(&self, name: &str, what: impl ToString) -> KeeperError {
        KeeperError::Damaged {
            path: self.path(name),
            what: what.to_string(),
        }
    }
}

/// Only its owner, who is this process, may do anything with it.
fn refuse_exposed(path: &Path, file: &File) -> Result<(), KeeperError> {
    let found = file.metadata().map_err(|source| KeeperError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mode = found.mode() & 0o7777;
    if mode & 0o077 == 0 && found.uid() == geteuid().as_raw() {
        return Ok(());
    }
    Err(KeeperError::Exposed {
        path: path.to_owned(),
        mode,
        owner: found.uid(),
    })
}

/// A full register is a third of it.
const LONGEST: u64 = 4 * 1024 * 1024;
/// A key and a certificate find room at once: growing would leave copies of the key behind.
const FIRST_ROOM: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn give(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn folder_and_files_are_their_owners_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("authority");
        let keeper = Keeper::take(&folder).unwrap();
        assert_eq!(mode(&folder), 0o700);
        assert!(keeper.read("console.pem").unwrap().is_none());
        keeper.write("console.pem", "first").unwrap();
        keeper.write("console.pem", "second").unwrap();
        assert_eq!(mode(&folder.join("console.pem")), 0o600);
        let text = keeper.read("console.pem").unwrap().unwrap();
        assert_eq!(text.as_str(), "second");
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            1,
            "nothing is left beside"
        );
    }

    #[test]
    fn a_write_that_was_cut_off_before_harms_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("authority");
        let keeper = Keeper::take(&folder).unwrap();
        keeper.write("console.pem", "whole").unwrap();
        // Half a file of another run, and a trap: whoever wrote through it would write elsewhere.
        let elsewhere = place.path().join("elsewhere");
        fs::write(&elsewhere, "untouched").unwrap();
        symlink(&elsewhere, folder.join("console.pem.new")).unwrap();
        assert_eq!(
            keeper.read("console.pem").unwrap().unwrap().as_str(),
            "whole"
        );
        keeper.write("console.pem", "next").unwrap();
        assert_eq!(
            keeper.read("console.pem").unwrap().unwrap().as_str(),
            "next"
        );
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), "untouched");
    }

    #[test]
    fn two_processes_do_not_share_a_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("authority");
        let first = Keeper::take(&folder).unwrap();
        assert!(matches!(Keeper::take(&folder), Err(KeeperError::Busy(_))));
        let waiting = std::thread::spawn({
            let folder = folder.clone();
            move || Keeper::wait(&folder).map(drop)
        });
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert!(!waiting.is_finished());
        drop(first);
        waiting.join().unwrap().unwrap();
        assert!(Keeper::take(&folder).is_ok());
    }

    #[test]
    fn what_others_may_open_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("authority");
        let keeper = Keeper::take(&folder).unwrap();
        keeper.write("console.pem", "secret").unwrap();
        for rights in [0o640, 0o604, 0o622, 0o601] {
            give(&folder.join("console.pem"), rights);
            let refused = keeper.read("console.pem").unwrap_err();
            assert!(
                matches!(refused, KeeperError::Exposed { mode, .. } if mode == rights),
                "{refused}"
            );
        }
        give(&folder.join("console.pem"), 0o400);
        assert!(keeper.read("console.pem").is_ok());
        drop(keeper);
        for rights in [0o755, 0o750, 0o701] {
            give(&folder, rights);
            assert!(matches!(
                Keeper::take(&folder),
                Err(KeeperError::Exposed { .. })
            ));
        }
        if geteuid().is_root() {
            give(&folder, 0o700);
            std::os::unix::fs::chown(&folder, Some(4001), None).unwrap();
            assert!(matches!(
                Keeper::take(&folder),
                Err(KeeperError::Exposed { owner: 4001, .. })
            ));
        } else {
            println!("skipped in part: needs root (to give a folder away)");
        }
    }

    #[test]
    fn what_is_no_file_of_ours_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("authority");
        let keeper = Keeper::take(&folder).unwrap();
        let other = place.path().join("other");
        fs::write(&other, "elsewhere").unwrap();
        symlink(&other, folder.join("link")).unwrap();
        assert!(matches!(keeper.read("link"), Err(KeeperError::Io { .. })));
        keeper.write("bytes", "x").unwrap();
        fs::write(folder.join("bytes"), [0xff, 0xfe]).unwrap();
        assert!(matches!(
            keeper.read("bytes"),
            Err(KeeperError::Damaged { .. })
        ));
        let long = " ".repeat(usize::try_from(LONGEST).unwrap() + 1);
        keeper.write("long", &long).unwrap();
        assert!(matches!(
            keeper.read("long"),
            Err(KeeperError::Damaged { .. })
        ));
        fs::create_dir(folder.join("folder")).unwrap();
        give(&folder.join("folder"), 0o700);
        assert!(keeper.read("folder").is_err());
        assert!(keeper.write("folder", "x").is_err());
        assert!(matches!(Keeper::take(&other), Err(KeeperError::Io { .. })));
        let through = place.path().join("through");
        symlink(&folder, &through).unwrap();
        drop(keeper);
        assert!(Keeper::take(&through).is_err());
        assert!(Keeper::take(&place.path().join("no/such")).is_err());
    }
}
