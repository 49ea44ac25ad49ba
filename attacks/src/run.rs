//! One run of one way: its victims and the few acts that many ways share.

use std::collections::HashSet;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::arena::{Arena, OUTSIDE, VICTIMS};
use crate::noise::Noise;
use crate::report::{Failure, Report};

/// One file to damage; `path` is relative to the arena.
#[derive(Debug, Clone)]
pub struct Victim {
    /// Where it lies.
    pub path: PathBuf,
    /// Its place in the walk: makes names and noise of its own.
    pub number: u64,
    /// How long it was.
    pub size: u64,
    /// Its inode: two names of one file have one.
    pub inode: u64,
    /// When it was written last: seconds and nanoseconds.
    pub written: (i64, u64),
}

/// How much of it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Decides all noise and the mix of ways.
    pub seed: u64,
    /// Threads of the ways that use some.
    pub threads: usize,
    /// Processes that live at one time, for the way that detaches them.
    pub procs: usize,
    /// How often the ways that repeat do.
    pub rounds: u32,
    /// How many times faster than one file a minute the slow scenario goes. The times that it tells are true.
    pub speed_up: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            seed: 1,
            threads: 4,
            procs: 8,
            rounds: 50,
            speed_up: 1,
        }
    }
}

/// What a way gets to work with.
pub struct Run<'a> {
    /// Where.
    pub arena: &'a Arena,
    /// Where it tells what it did.
    pub report: &'a Report,
    /// How much.
    pub limits: Limits,
    /// The victims that are large enough for this way.
    pub victims: Vec<Victim>,
}

impl<'a> Run<'a> {
    /// Walks the victims once. What may not be touched is counted as refused and left alone.
    pub fn prepare(
        arena: &'a Arena,
        report: &'a Report,
        limits: Limits,
        least: u64,
    ) -> Result<Self, Failure> {
        let mut run = Self {
            arena,
            report,
            limits,
            victims: Vec::new(),
        };
        run.walk(Path::new(VICTIMS), least)?;
        Ok(run)
    }

    fn walk(&mut self, folder: &Path, least: u64) -> Result<(), Failure> {
        for path in self.arena.names(folder)? {
            let stat = self.arena.stat(&path)?;
            match FileType::from_raw_mode(stat.st_mode) {
                FileType::Directory if stat.st_dev == self.arena.device() => {
                    self.walk(&path, least)?
                }
                FileType::RegularFile => match self.arena.is_victim(&stat) {
                    Ok(()) => {
                        let size = u64::try_from(stat.st_size).unwrap_or(0);
                        let number = self.victims.len() as u64;
                        if size >= least {
                            self.victims.push(Victim {
                                path,
                                number,
                                size,
                                inode: stat.st_ino,
                                written: (stat.st_mtime, stat.st_mtime_nsec),
                            });
                        }
                    }
                    Err(refused) => self.report.outcome(Err(refused)),
                },
                FileType::Symlink
                | FileType::Directory
                | FileType::Fifo
                | FileType::Socket
                | FileType::CharacterDevice
                | FileType::BlockDevice
                | FileType::Unknown => {}
            }
        }
        Ok(())
    }

    /// Does one act to each victim and counts what came of it.
    pub fn each(&self, act: impl Fn(&Self, &Victim) -> Result<(), Failure>) {
        for victim in &self.victims {
            self.report.outcome(act(self, victim));
        }
    }

    /// Says "ready" and waits for one byte on standard input; end of input is a no.
    pub fn wait_for_go(&self) -> Result<(), Failure> {
        self.report.ready();
        let go = std::io::stdin().read_exact(&mut [0]);
        go.map_err(|_ended| Failure::Refused("nobody said go"))
    }

    /// The victims without second names of the same file.
    pub fn files(&self) -> Vec<&Victim> {
        let mut seen = HashSet::new();
        self.victims
            .iter()
            .filter(|victim| seen.insert(victim.inode))
            .collect()
    }

    /// The noise that belongs to a victim.
    pub fn noise(&self, victim: &Victim) -> Noise {
        Noise::new(self.limits.seed, victim.number)
    }

    /// Opens a file beneath the arena.
    pub fn open(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Failure> {
        self.arena.open(path, flags, Mode::from_raw_mode(0o644))
    }

    /// Makes a file that did not exist and writes all of it.
    pub fn create(&self, path: &Path, content: &[u8]) -> Result<(), Failure> {
        let file = self.open(path, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)?;
        write_at(&file, content, 0)
    }

    /// All that a file holds now.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, Failure> {
        let file = self.open(path, OFlags::RDONLY)?;
        let mut content = Vec::new();
        let read = std::fs::File::from(file).read_to_end(&mut content);
        read.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
        Ok(content)
    }

    /// What a cipher would make of a victim: as long, and no byte the same. The noise hangs on the content too:
    /// otherwise doing it twice would give the original back.
    pub fn scrambled(&self, victim: &Victim) -> Result<Vec<u8>, Failure> {
        let mut content = self.read(&victim.path)?;
        let [first, ..] = *blake3::hash(&content).as_bytes().as_chunks::<8>().0 else {
            return Ok(content);
        };
        let seed = self.limits.seed ^ u64::from_le_bytes(first);
        Noise::new(seed, victim.number).scramble(&mut content);
        Ok(content)
    }

    /// Renames within the arena.
    pub fn rename(&self, from: &Path, to: &Path, flags: RenameFlags) -> Result<(), Failure> {
        let (from, from_name) = self.arena.parent(from)?;
        let (to, to_name) = self.arena.parent(to)?;
        Ok(rustix::fs::renameat_with(
            &from, from_name, &to, to_name, flags,
        )?)
    }

    /// Takes a name away.
    pub fn unlink(&self, path: &Path) -> Result<(), Failure> {
        let (folder, name) = self.arena.parent(path)?;
        Ok(rustix::fs::unlinkat(&folder, name, AtFlags::empty())?)
    }

    /// Takes an empty folder away.
    pub fn remove_folder(&self, path: &Path) -> Result<(), Failure> {
        let (folder, name) = self.arena.parent(path)?;
        Ok(rustix::fs::unlinkat(&folder, name, AtFlags::REMOVEDIR)?)
    }

    /// Makes a folder.
    pub fn create_folder(&self, path: &Path) -> Result<(), Failure> {
        let (folder, name) = self.arena.parent(path)?;
        Ok(rustix::fs::mkdirat(
            &folder,
            name,
            Mode::from_raw_mode(0o755),
        )?)
    }

    /// Gives a file a second name.
    pub fn link(&self, from: &Path, to: &Path) -> Result<(), Failure> {
        let (from, from_name) = self.arena.parent(from)?;
        let (to, to_name) = self.arena.parent(to)?;
        Ok(rustix::fs::linkat(
            &from,
            from_name,
            &to,
            to_name,
            AtFlags::empty(),
        )?)
    }
}

impl Victim {
    /// A name in the unprotected folder that is this victim's alone.
    pub fn outside(&self, word: &str) -> PathBuf {
        Path::new(OUTSIDE).join(format!("{word}-{}", self.number))
    }

    /// A name beside it, with something added.
    pub fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    }
}

/// Writes all of `content` at an offset.
pub fn write_at(file: impl AsFd, content: &[u8], mut offset: u64) -> Result<(), Failure> {
    let mut rest = content;
    while !rest.is_empty() {
        let written = match rustix::io::pwrite(&file, rest, offset) {
            Err(Errno::INTR) => continue,
            other => other?,
        };
        if written == 0 {
            return Err(Failure::System(Errno::IO));
        }
        offset += written as u64;
        rest = rest.get(written..).unwrap_or_default();
    }
    Ok(())
}
