//! What can be seen of a process in `/proc`, without ever waiting for it: nothing here opens its files, walks its
//! paths or reads its memory (a program can make each of these hang).

use std::{
    io::{self, Read as _},
    os::unix::ffi::OsStringExt as _,
    path::PathBuf,
};

use rustix::fs::{AtFlags, CWD, Statx, StatxFlags, statx};

use super::{
    glance::{Began, Glances},
    text::{self, Stat, Status},
};

/// Where facts about processes come from: the machine's `/proc`, or a made-up world.
pub trait Sight {
    /// The numbers of all processes.
    fn all(&self) -> Vec<u32>;
    /// What a process is doing.
    fn stat(&self, process: u32) -> Option<Stat>;
    /// To which process a thread belongs, and for whom it runs.
    fn status(&self, thread: u32) -> Option<Status>;
    /// What it runs.
    fn image(&self, process: u32) -> Option<Image>;
    /// What it ran from a moment on, for one that has ended since.
    fn glance(&self, began: Began) -> Option<Image>;
    /// The number of its group at the service manager.
    fn session(&self, process: u32) -> Option<u64>;
    /// Equal for a number as long as it means the same process or thread, at the cost of one `stat`.
    fn mark(&self, number: u32) -> Option<u64>;
    /// Nanoseconds by which the clock that counts sleep is ahead of the one that does not.
    fn slept(&self) -> u64;
    /// Ticks a second of start times.
    fn ticks(&self) -> u64;
}

/// A file's content as far as it can be known without reading it: whatever changes it changes this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentKey {
    /// The file system.
    pub device: (u32, u32),
    /// The inode.
    pub inode: u64,
    /// Bytes.
    pub size: u64,
    /// When its content changed, in seconds and nanoseconds.
    pub mtime: (i64, u32),
    /// When anything about it changed.
    pub ctime: (i64, u32),
}

impl ContentKey {
    pub(super) fn of(found: &rustix::fs::Statx) -> Self {
        Self {
            device: (found.stx_dev_major, found.stx_dev_minor),
            inode: found.stx_ino,
            size: found.stx_size,
            mtime: (found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec),
            ctime: (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec),
        }
    }
}

/// An executable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Where it lay when it was looked at; ` (deleted)` at the end is the kernel's.
    pub path: PathBuf,
    /// Which content.
    pub key: ContentKey,
    /// Who can change it.
    pub owner: Owner,
}

/// Who can change an executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Root alone.
    System,
    /// Others too.
    Anyone,
}

impl Owner {
    pub(super) fn of(found: &Statx) -> Self {
        if found.stx_uid == 0 && found.stx_mode & 0o022 == 0 {
            Self::System
        } else {
            Self::Anyone
        }
    }
}

/// `/proc`.
#[derive(Clone, Debug)]
pub struct Proc {
    ticks: u64,
    glances: Option<Glances>,
}

impl Proc {
    /// The `/proc` of this process's PID namespace.
    #[must_use]
    pub fn new() -> Self {
        Self {
            ticks: procfs::ticks_per_second().max(1),
            glances: None,
        }
    }

    /// The same, and what processes run is looked at as they begin it, for the sake of those that soon end.
    #[must_use]
    pub fn watching() -> Self {
        Self {
            glances: Glances::begin(),
            ..Self::new()
        }
    }
}

impl Default for Proc {
    fn default() -> Self {
        Self::new()
    }
}

impl Sight for Proc {
    fn all(&self) -> Vec<u32> {
        let Ok(folder) = std::fs::read_dir("/proc") else {
            return Vec::new();
        };
        let number = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse().ok();
        folder.flatten().filter_map(number).collect()
    }

    fn stat(&self, process: u32) -> Option<Stat> {
        look(process)
    }

    fn status(&self, thread: u32) -> Option<Status> {
        let mut room = [0; 4096];
        text::status(read(&format!("/proc/{thread}/status"), &mut room).ok()?)
    }

    fn image(&self, process: u32) -> Option<Image> {
        image(process)
    }

    fn glance(&self, began: Began) -> Option<Image> {
        self.glances.as_ref()?.of(began)
    }

    fn session(&self, process: u32) -> Option<u64> {
        let mut room = [0; 4096];
        let found = read(&format!("/proc/{process}/cgroup"), &mut room).ok()?;
        let hash = blake3::hash(text::cgroup(found)?);
        Some(u64::from_le_bytes(hash.as_bytes()[..8].try_into().ok()?))
    }

    fn mark(&self, number: u32) -> Option<u64> {
        // The folder's inode is made anew for each process that a number is given to.
        let path = format!("/proc/{number}");
        let found = statx(CWD, path.as_str(), AtFlags::empty(), StatxFlags::INO).ok()?;
        Some(found.stx_ino)
    }

    fn slept(&self) -> u64 {
        use rustix::time::{ClockId, clock_gettime};
        let nanos = |clock| {
            let now = clock_gettime(clock);
            let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
            seconds.saturating_mul(1_000_000_000) + u64::try_from(now.tv_nsec).unwrap_or(0)
        };
        // In this order, so that the time between the two readings counts as none.
        let whole = nanos(ClockId::Boottime);
        whole.saturating_sub(nanos(ClockId::Monotonic))
    }

    fn ticks(&self) -> u64 {
        self.ticks
    }
}

pub(super) fn image(process: u32) -> Option<Image> {
    let link = format!("/proc/{process}/exe");
    // What the kernel knows is enough: asking a remote or user's file system could take for ever.
    let found = statx(
        CWD,
        link.as_str(),
        AtFlags::STATX_DONT_SYNC,
        StatxFlags::BASIC_STATS,
    )
    .ok()?;
    let path = rustix::fs::readlink(link.as_str(), Vec::new()).ok()?;
    Some(Image {
        path: PathBuf::from(std::ffi::OsString::from_vec(path.into_bytes())),
        key: ContentKey::of(&found),
        owner: Owner::of(&found),
    })
}

/// What a process is doing.
#[must_use]
pub fn look(process: u32) -> Option<Stat> {
    let mut room = [0; 1024];
    text::stat(read(&format!("/proc/{process}/stat"), &mut room).ok()?)
}

/// The same of one of its threads.
#[must_use]
pub fn look_at_thread(process: u32, thread: u32) -> Option<Stat> {
    let mut room = [0; 1024];
    text::stat(read(&format!("/proc/{process}/task/{thread}/stat"), &mut room).ok()?)
}

// Texts of /proc come whole with the first read that has room for them.
fn read<'a>(path: &str, room: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let mut file = std::fs::File::open(path)?;
    let length = file.read(room)?;
    Ok(&room[..length])
}
