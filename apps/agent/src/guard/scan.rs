//! The walk: links first. Each file gets its second name and, within the budget, its lease, in
//! the order in which the folders are found; nothing is copied here.

use std::{
    collections::HashMap,
    ffi::CString,
    fs::File,
    io,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::SyncSender,
    },
};

use hygie_model::Metadata;
use hygie_platform::linux::{
    handle::Handle,
    keep::Kept,
    lease::{Asked, Lease},
    wake::Bell,
};
use hygie_vault::{Fingerprint, read_metadata};
use rustix::fs::{Dir, FileType, Mode, OFlags};

use super::space::{Door, SpaceId};

/// Something that the walk met.
#[derive(Debug)]
pub(crate) enum Met {
    Dir {
        parent: Arc<Handle>,
        name: Vec<u8>,
        handle: Arc<Handle>,
        meta: Metadata,
    },
    File {
        parent: Arc<Handle>,
        name: Vec<u8>,
        handle: Arc<Handle>,
        file: MetFile,
    },
    Symlink {
        parent: Arc<Handle>,
        name: Vec<u8>,
        handle: Arc<Handle>,
        target: Vec<u8>,
        meta: Metadata,
    },
    /// It could not be opened or linked; what the system said.
    Trouble {
        parent: Arc<Handle>,
        name: Vec<u8>,
        error: io::Error,
    },
}

/// How a file was found.
#[derive(Debug)]
pub(crate) struct MetFile {
    pub(crate) stat: Fingerprint,
    pub(crate) rest: Rest,
    /// Owner, mode, times and attributes; none where the index has them.
    pub(crate) meta: Option<Metadata>,
}

/// Whether somebody was writing.
#[derive(Debug)]
pub(crate) enum Rest {
    /// Nobody; here is the lease.
    Leased(Lease),
    /// Nobody, but there was no budget for a lease.
    Unleased,
    /// Somebody has it open for writing, or mapped.
    Open,
}

/// What the walk has to say.
#[derive(Debug)]
pub(crate) enum Walked {
    Met(SpaceId, Vec<Met>),
    Done(Walk),
    /// Names that lay in the keep folder before the first walk, after all that it met.
    Left(SpaceId, Vec<Handle>),
}

/// Why a walk was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    /// At the start, over all protected folders.
    First,
    /// Over a folder that came in later.
    Later,
}

/// What the index said of the files at the start: those that still look so need no link.
pub(crate) type KeptFiles = HashMap<(SpaceId, Arc<Handle>), Fingerprint>;

/// What a walk needs.
#[derive(Clone)]
pub(crate) struct Walker {
    pub(crate) kept: Arc<KeptFiles>,
    pub(crate) leases: Arc<AtomicUsize>,
    pub(crate) out: SyncSender<Walked>,
    pub(crate) bell: Bell,
}

const BATCH: usize = 256;

impl Walker {
    /// Walks the folders in a thread of its own.
    pub(crate) fn start(&self, folders: Vec<(SpaceId, Arc<Door>, Arc<Handle>)>, walk: Walk) {
        let walker = self.clone();
        let spawned = std::thread::Builder::new()
            .name("hygie-walk".into())
            .spawn(move || {
                // Before the walk adds to them: a listing of what it made would hold the loop for seconds.
                let left = if walk == Walk::First {
                    left(&folders)
                } else {
                    Vec::new()
                };
                for (space, door, root) in folders {
                    if walker.walk(space, &door, root).is_none() {
                        return;
                    }
                }
                // Before the end is told, at which the names go that were not met.
                for (space, links) in left {
                    for some in links.chunks(BATCH) {
                        walker.send(Walked::Left(space, some.to_vec()));
                    }
                }
                walker.send(Walked::Done(walk));
            });
        // Without the thread the start never ends, which the status shows.
        drop(spawned);
    }

    fn send(&self, walked: Walked) -> Option<()> {
        let sent = self.out.send(walked).ok();
        self.bell.ring();
        sent
    }

    /// `None` when nobody listens any more.
    fn walk(&self, space: SpaceId, door: &Door, root: Arc<Handle>) -> Option<()> {
        let mut todo = vec![root];
        while let Some(parent) = todo.pop() {
            let mut batch = Vec::new();
            let opened = parent
                .open(
                    door.mount.as_fd(),
                    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOATIME,
                )
                .and_then(|folder| Ok((Dir::read_from(&folder)?, folder)));
            let (entries, folder) = match opened {
                Ok(opened) => opened,
                Err(error) if is_gone(&error) => continue,
                Err(error) => {
                    batch.push(Met::Trouble {
                        parent,
                        name: Vec::new(),
                        error,
                    });
                    self.send(Walked::Met(space, batch))?;
                    continue;
                }
            };
            for entry in entries {
                let Ok(entry) = entry else { break };
                let name = entry.file_name();
                if name == c"." || name == c".." {
                    continue;
                }
                let bytes = name.to_bytes().to_vec();
                match self.meet(space, door, folder.as_fd(), &parent, name.to_owned()) {
                    Ok(Some(met)) => {
                        if let Met::Dir { handle, .. } = &met {
                            todo.push(Arc::clone(handle));
                        }
                        batch.push(met);
                    }
                    Ok(None) => {}
                    // Gone again between the listing and the look.
                    Err(error) if is_gone(&error) => {}
                    Err(error) => {
                        batch.push(Met::Trouble {
                            parent: Arc::clone(&parent),
                            name: bytes,
                            error,
                        });
                    }
                }
                if batch.len() >= BATCH {
                    self.send(Walked::Met(space, std::mem::take(&mut batch)))?;
                }
            }
            self.send(Walked::Met(space, batch))?;
        }
        Some(())
    }

    fn meet(
        &self,
        space: SpaceId,
        door: &Door,
        folder: BorrowedFd<'_>,
        parent: &Arc<Handle>,
        name: CString,
    ) -> io::Result<Option<Met>> {
        let handle = Arc::new(Handle::of_name(folder, &name)?);
        if *handle == door.keep_handle {
            return Ok(None);
        }
        let found = handle.open(door.mount.as_fd(), OFlags::PATH | OFlags::NOFOLLOW)?;
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&found)?.st_mode);
        let (parent, bytes) = (Arc::clone(parent), name.to_bytes().to_vec());
        Ok(match kind {
            FileType::Directory => {
                let dir = handle.open(door.mount.as_fd(), OFlags::RDONLY | OFlags::DIRECTORY)?;
                let meta = read_metadata(&dir)?;
                Some(Met::Dir {
                    parent,
                    name: bytes,
                    handle,
                    meta,
                })
            }
            FileType::RegularFile => {
                let file = self.meet_file(space, door, &handle)?;
                Some(Met::File {
                    parent,
                    name: bytes,
                    handle,
                    file,
                })
            }
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(&found, "", Vec::new())?.into_bytes();
                let meta = link_metadata(&found)?;
                Some(Met::Symlink {
                    parent,
                    name: bytes,
                    handle,
                    target,
                    meta,
                })
            }
            // They hold no content.
            FileType::Fifo
            | FileType::Socket
            | FileType::CharacterDevice
            | FileType::BlockDevice
            | FileType::Unknown => None,
        })
    }

    fn meet_leased(door: &Door, handle: &Arc<Handle>) -> io::Result<MetFile> {
        let file = handle.open(door.mount.as_fd(), OFlags::PATH)?;
        door.keep.link(file.as_fd(), handle, &door.mount)?;
        Ok(MetFile {
            stat: stat(&file)?,
            rest: Rest::Open,
            meta: read_metadata(&file).ok(),
        })
    }

    fn meet_file(&self, space: SpaceId, door: &Door, handle: &Arc<Handle>) -> io::Result<MetFile> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOATIME;
        let file = match handle.open(door.mount.as_fd(), flags) {
            // Somebody holds a write lease: it is being asked back, and a writer is there.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Self::meet_leased(door, handle);
            }
            opened => opened?,
        };
        let first = stat(&file)?;
        let known = self.kept.get(&(space, Arc::clone(handle))) == Some(&first);
        // A file without a name cannot be met by its name: it was linked, or went meanwhile.
        if !known && door.keep.link(file.as_fd(), handle, &door.mount)? == Kept::Nameless {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        let descriptor: OwnedFd = file.as_fd().try_clone_to_owned()?;
        let rest = match Lease::ask(descriptor)? {
            Asked::Refused(_) => Rest::Open,
            Asked::Granted(lease) => {
                let budget = |left: usize| left.checked_sub(1);
                if self
                    .leases
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, budget)
                    .is_ok()
                {
                    Rest::Leased(lease)
                } else {
                    drop(lease.release());
                    Rest::Unleased
                }
            }
        };
        let meta = if known {
            None
        } else {
            Some(read_metadata(&file)?)
        };
        Ok(MetFile {
            stat: if known { first } else { stat(&file)? },
            rest,
            meta,
        })
    }
}

/// What lies in the keep folders of these file systems.
fn left(folders: &[(SpaceId, Arc<Door>, Arc<Handle>)]) -> Vec<(SpaceId, Vec<Handle>)> {
    let mut found: Vec<(SpaceId, Vec<Handle>)> = Vec::new();
    for (space, door, _) in folders {
        if found.iter().all(|(known, _)| known != space) {
            found.push((*space, door.keep.list().unwrap_or_default()));
        }
    }
    found
}

/// Gone since it was listed, by its name or by its handle (`ESTALE`).
fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::StaleNetworkFileHandle
}

pub(crate) fn stat(file: &File) -> io::Result<Fingerprint> {
    let found = file.metadata()?;
    Ok(Fingerprint {
        size: found.len(),
        mtime_ns: found
            .mtime()
            .saturating_mul(1_000_000_000)
            .saturating_add(found.mtime_nsec()),
        ctime_ns: found
            .ctime()
            .saturating_mul(1_000_000_000)
            .saturating_add(found.ctime_nsec()),
    })
}

/// Owner and times of a symbolic link, of which more cannot be read through `O_PATH`.
pub(crate) fn link_metadata(link: &File) -> io::Result<Metadata> {
    let found = rustix::fs::fstat(link)?;
    let nanos = |seconds: i64, rest: u64| {
        seconds
            .saturating_mul(1_000_000_000)
            .saturating_add(i64::try_from(rest).unwrap_or(0))
    };
    Ok(Metadata {
        mode: Mode::from_raw_mode(found.st_mode).as_raw_mode() & 0o7777,
        uid: found.st_uid,
        gid: found.st_gid,
        mtime_ns: nanos(found.st_mtime, found.st_mtime_nsec),
        atime_ns: nanos(found.st_atime, found.st_atime_nsec),
        xattrs: Vec::new(),
    })
}
