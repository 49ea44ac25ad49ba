//! The drill's folder: a lock, a disk of its own in an image, the guard's state. All of it goes again, and what a
//! killed drill left goes at the next one.

use std::{
    ffi::OsStr,
    fs::{DirBuilder, File},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result};
use hygie_agent::door::Caller;
use hygie_platform::linux::{mounts, process};
use hygie_text::{Args, Id};
use rustix::{
    mount::{UnmountFlags, unmount},
    process::{Pid, Signal, kill_process},
};

use crate::{commands::Context, screen::said};

/// The folder, for this drill alone.
pub(crate) struct Place {
    folder: PathBuf,
    /// Held as long as the drill lasts; its text is for the next drill, should this one be killed.
    lock: File,
    /// The bound for leases is one for the machine, and so is a drill.
    _alone: File,
}

/// The drill's disks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// Of the practice files.
    Files,
    /// Of the guard's state.
    State,
}

impl Name {
    const ALL: [Self; 2] = [Self::Files, Self::State];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::State => "state",
        }
    }
}

/// A disk in an image: a drill that marked the file system of real files would share their keep folder.
pub(crate) struct Disk {
    image: PathBuf,
    mount: PathBuf,
}

impl Place {
    /// Makes it in `parent`, after whatever an earlier drill left is gone.
    pub(crate) fn make(context: &Context<'_>, parent: &Path) -> Result<Self> {
        let state = hygie_agent::StateDir::open(&context.state).map_err(|error| {
            let args = Args::new().path("path", &context.state);
            said(
                Id::ErrorStateFolder,
                args.text("reason", &error.to_string()),
            )
        })?;
        let file = state.path().join(LOCK);
        let (alone, lock) = (locked(Path::new(ALONE))?, locked(&file)?);
        let former = std::fs::read_to_string(&file)?;
        clear_up(context, &former).context("what an earlier drill left")?;
        let folder = parent.join(format!("{PREFIX}{}", std::process::id()));
        lock.set_len(0)?;
        let bound = process::lease_break_time()?;
        write!(&lock, "{}\n{bound}", folder.display())?;
        room(parent)?;
        DirBuilder::new()
            // Passed through by what the attacks start, which find their folder by its whole path.
            .mode(0o711)
            .create(&folder)
            .map_err(|error| no_disk(parent, &error.to_string()))?;
        Ok(Self {
            folder,
            lock,
            _alone: alone,
        })
    }

    /// A fresh disk, mounted for this process and its children only.
    pub(crate) fn disk(&self, name: Name) -> Result<Disk> {
        let mount = self.folder.join(name.as_str());
        let disk = Disk {
            image: mount.with_extension("image"),
            mount,
        };
        let failed = |reason: &str| no_disk(&self.folder, reason);
        let made = || -> io::Result<()> {
            File::create(&disk.image)?.set_len(DISK)?;
            std::fs::create_dir_all(&disk.mount)
        };
        made().map_err(|error| failed(&error.to_string()))?;
        let (image, mount) = (disk.image.as_os_str(), disk.mount.as_os_str());
        let words = ["-q", "-F", "-m", "0"].map(OsStr::new);
        run("mkfs.ext4", &[&words[..], &[image]].concat()).map_err(|said| failed(&said))?;
        // The kernel frees the loop device with the mount.
        let words = ["-t", "ext4", "-o", "loop,nosuid,nodev"].map(OsStr::new);
        run("mount", &[&words[..], &[image, mount]].concat()).map_err(|said| failed(&said))?;
        Ok(disk)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if remove(&self.folder).is_ok() {
            let _ = self.lock.set_len(0);
        }
    }
}

impl Disk {
    /// Where it is mounted.
    pub(crate) fn path(&self) -> &Path {
        &self.mount
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        take_off(&self.mount);
        let _ = std::fs::remove_file(&self.image);
    }
}

fn locked(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    let file = options.open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(said(Id::DrillRunning, Args::new().path("path", path))),
    }
}

/// From here on this process sees mounts of its own: nobody else sees the drill's disk, and it is gone with the last
/// process of the drill.
pub(crate) fn own_mounts(parent: &Path) -> Result<()> {
    mounts::own().map_err(|error| no_disk(parent, &error.to_string()))
}

/// The processes of Hygie that have `folder` on their command line.
pub(crate) fn processes(folder: &Path) -> Vec<Pid> {
    let folder = folder.to_string_lossy().into_owned();
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    numbers
        .filter(|number| *number != std::process::id().cast_signed())
        .filter(|number| {
            let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            let is_part = line
                .split('\0')
                .any(|word| ["up", "guard", "witness"].contains(&word));
            is_part && line.contains(&folder)
        })
        .filter_map(Pid::from_raw)
        .collect()
}

/// Ends them all at once; the witness may be starting a guard: again until none is left.
pub(crate) fn kill_all(folder: &Path) {
    for _try in 0..200 {
        let left = processes(folder);
        if left.is_empty() {
            return;
        }
        for pid in left {
            let _ = kill_process(pid, Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Takes away what an earlier drill left: its folder and, where its guard was killed and no other one runs, the bound
/// for leases that it had set.
fn clear_up(context: &Context<'_>, former: &str) -> io::Result<()> {
    hygie_cage::register::clean_cages();
    let mut lines = former.lines();
    let folder = Path::new(lines.next().unwrap_or_default());
    let was_there = folder.is_dir();
    remove(folder)?;
    let bound = lines.next().and_then(|text| text.parse().ok());
    if let Some(seconds) = bound
        && was_there
        && Caller::knock(&context.state().socket()).is_err()
    {
        process::set_lease_break_time(seconds)?;
    }
    Ok(())
}

/// Takes a drill's folder away, whatever state it is in; one that is no drill's stays.
fn remove(folder: &Path) -> io::Result<()> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if !name.starts_with(PREFIX) || !folder.is_dir() {
        return Ok(());
    }
    kill_all(folder);
    for name in Name::ALL {
        take_off(&folder.join(name.as_str()));
    }
    std::fs::remove_dir_all(folder)
}

/// Unmounts; a program that was just killed may still hold a file for a moment.
fn take_off(mount: &Path) {
    for _try in 0..40 {
        match unmount(mount, UnmountFlags::NOFOLLOW) {
            // Not mounted, or not any more.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOENT) => return,
            Ok(()) => {}
            Err(_busy) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    let _ = unmount(mount, UnmountFlags::DETACH);
}

fn room(parent: &Path) -> Result<()> {
    let free = rustix::fs::statvfs(parent)
        .map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize))
        .map_err(|error| no_disk(parent, &io::Error::from(error).to_string()))?;
    if free < WANTED {
        let args = Args::new().path("path", parent).bytes("bytes", WANTED);
        return Err(said(Id::DrillNoRoom, args));
    }
    Ok(())
}

fn no_disk(path: &Path, reason: &str) -> anyhow::Error {
    let args = Args::new().path("path", path);
    said(
        Id::DrillNoDisk,
        args.text("reason", reason.trim().trim_end_matches('.')),
    )
}

/// Runs a tool of the system; what it said where it did not do it.
fn run(program: &str, words: &[&OsStr]) -> Result<(), String> {
    let output = Command::new(program)
        .args(words)
        .env("PATH", "/usr/sbin:/sbin:/usr/bin:/bin")
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| !line.trim().is_empty());
    Err(line.unwrap_or(program).to_owned())
}

const LOCK: &str = "drill.lock";
const ALONE: &str = "/run/hygie-drill.lock";
const PREFIX: &str = "hygie-drill-";
/// Sparse: it takes what the practice files and their versions take.
const DISK: u64 = 1 << 30;
const WANTED: u64 = 1 << 30;
