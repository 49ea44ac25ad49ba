//! The roads on disk with their secrets: a folder and a file that only this process's user reads, written whole or not at
//! all.

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use hygie_model::letter::{Flaw, Road, Slot};
use hygie_post::{Way, leads_as};
use hygie_wire::post::{Secret, Shown};
use rustix::{fs::OFlags, process::geteuid};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The roads, held by this process alone.
#[derive(Debug)]
pub(crate) struct Roads {
    folder: PathBuf,
    /// The folder itself: locked, and synced after each name that changes.
    held: File,
    kept: Kept,
}

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    first: Option<Entry>,
    second: Option<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    road: Road,
    secret: Option<Secret>,
}

/// Why the roads cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum RoadsError {
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
        "{path} can be opened by others (mode {mode:o}, owner {owner}): if somebody may have read it, change the passwords \
         in it; then give it to this process's user and take the rights of others away (chmod go=)"
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

/// Why a road was not kept.
#[derive(Debug)]
pub(crate) enum NotKept {
    /// It is none.
    Flaw(Flaw),
    /// The disk.
    Failed(RoadsError),
}

impl Roads {
    /// Takes the folder, made if need be. A file that cannot be read is put aside: without it there are no roads, which the
    /// console says, and where they can be set anew.
    pub(crate) fn open(folder: &Path) -> Result<Self, RoadsError> {
        let failed = io_at(folder);
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(error));
            }
            Err(_) | Ok(()) => {}
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let held = File::options()
            .read(true)
            .custom_flags(flags.bits().cast_signed())
            .open(folder)
            .map_err(failed)?;
        refuse_exposed(folder, &held)?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RoadsError::Busy(folder.to_owned())),
            Err(TryLockError::Error(source)) => return Err(io_at(folder)(source)),
        }
        let kept = load(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            held,
            kept,
        })
    }

    /// What others may know of a road.
    pub(crate) fn shown(&self, slot: Slot) -> Option<Shown> {
        self.kept.of(slot).as_ref().map(|entry| Shown {
            road: entry.road.clone(),
            secret: entry.secret.is_some(),
        })
    }

    /// The road, ready to be gone.
    pub(crate) fn way(&self, slot: Slot) -> Option<Way> {
        let entry = self.kept.of(slot).as_ref()?;
        let secret = entry.secret.as_ref().map(Secret::expose);
        Way::read(&entry.road, secret).ok()
    }

    /// Puts a road in its place.
    pub(crate) fn keep(
        &mut self,
        slot: Slot,
        road: Road,
        secret: Option<Secret>,
    ) -> Result<(), NotKept> {
        let before = self.kept.of(slot).as_ref();
        let secret = secret.or_else(|| {
            let same = before.filter(|before| leads_as(&before.road, &road))?;
            same.secret.clone()
        });
        Way::read(&road, secret.as_ref().map(Secret::expose)).map_err(NotKept::Flaw)?;
        self.change(slot, Some(Entry { road, secret }))
            .map_err(NotKept::Failed)
    }

    /// Forgets a road.
    pub(crate) fn forget(&mut self, slot: Slot) -> Result<(), RoadsError> {
        self.change(slot, None)
    }

    fn change(&mut self, slot: Slot, entry: Option<Entry>) -> Result<(), RoadsError> {
        let mut next = self.kept.clone();
        *match slot {
            Slot::First => &mut next.first,
            Slot::Second => &mut next.second,
        } = entry;
        if next != self.kept {
            self.write(&next)?;
            self.kept = next;
        }
        Ok(())
    }

    fn write(&self, kept: &Kept) -> Result<(), RoadsError> {
        let (path, beside) = (self.folder.join(FILE), self.folder.join("roads.json.new"));
        let write = || -> io::Result<()> {
            let text = Zeroizing::new(serde_json::to_vec(kept)?);
            // What a cut-off write left; an open one is never written on.
            match fs::remove_file(&beside) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Err(_) | Ok(()) => {}
            }
            let mut file = File::options()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&beside)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&beside, &path)?;
            self.held.sync_all()
        };
        write().map_err(io_at(&path))
    }
}

impl Kept {
    const fn of(&self, slot: Slot) -> &Option<Entry> {
        match slot {
            Slot::First => &self.first,
            Slot::Second => &self.second,
        }
    }
}

fn load(folder: &Path) -> Result<Kept, RoadsError> {
    let path = folder.join(FILE);
    // A pipe put in its place must not be waited for.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = File::options()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(&path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::default()),
        Err(source) => return Err(io_at(&path)(source)),
    };
    refuse_exposed(&path, &file)?;
    let mut text = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
    file.take(LONGEST)
        .read_to_end(&mut text)
        .map_err(io_at(&path))?;
    serde_json::from_slice(&text).or_else(|_| {
        let aside = folder.join("damaged-roads.json");
        fs::rename(&path, &aside).map_err(io_at(&path))?;
        let aside = aside.display();
        // To the system's journal: who looks there learns why the console asks for the roads again.
        let _ = writeln!(
            io::stderr(),
            "hygie post: the roads could not be read; they are in {aside} now, and to be set anew on the console"
        );
        Ok(Kept::default())
    })
}

/// Only its owner, who is this process, may do anything with it.
fn refuse_exposed(path: &Path, file: &File) -> Result<(), RoadsError> {
    let found = file.metadata().map_err(io_at(path))?;
    let mode = found.mode() & 0o7777;
    if mode & 0o077 == 0 && found.uid() == geteuid().as_raw() {
        return Ok(());
    }
    Err(RoadsError::Exposed {
        path: path.to_owned(),
        mode,
        owner: found.uid(),
    })
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> RoadsError + use<> {
    let path = path.to_owned();
    move |source| RoadsError::Io {
        path: path.clone(),
        source,
    }
}

const FILE: &str = "roads.json";
/// Two roads are a tenth of it.
const LONGEST: u64 = 256 * 1024;
/// Both roads find room at once: growing would leave copies of a password behind.
const FIRST_ROOM: usize = 16 * 1024;
