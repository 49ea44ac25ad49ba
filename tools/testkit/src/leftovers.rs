//! What a killed run left behind, and how it goes away: `cargo xtask clean` calls this.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::loopfs;

/// Each thing that a test makes outside its own process has a file here, named by kind, process and a number;
/// its content is the path of the thing.
pub const REGISTRY: &str = "/run/hygie-test";

/// Which leftovers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of processes that are gone.
    Orphans,
    /// All, also of tests that run now.
    All,
}

/// Unmounts, detaches and removes; gives a line for each thing that went.
///
/// # Errors
/// The first thing that would not go; everything else was tried.
pub fn clean(which: Which) -> Result<Vec<String>> {
    let mut gone = Vec::new();
    let mut failed = None;
    let Ok(entries) = std::fs::read_dir(REGISTRY) else {
        return Ok(gone);
    };
    for entry in entries.flatten() {
        let Some(left) = Left::read(&entry.path()) else {
            continue;
        };
        if which == Which::Orphans && left.owner_lives() {
            continue;
        }
        match left.remove() {
            Ok(()) => gone.push(format!("{} {}", left.kind, left.path.display())),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(gone), Err)
}

/// A line in the registry; dropping it does nothing, `forget` takes it out.
#[derive(Debug)]
pub(crate) struct Registered {
    file: PathBuf,
}

impl Registered {
    /// Registers a thing before it is made, so that no moment is uncovered.
    pub(crate) fn new(kind: &str, path: &Path) -> Result<Self> {
        use std::os::unix::ffi::OsStrExt;
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        std::fs::create_dir_all(REGISTRY).with_context(|| format!("make {REGISTRY}"))?;
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (process, started) = (std::process::id(), started(std::process::id()).unwrap_or(0));
        let file = Path::new(REGISTRY).join(format!("{kind}-{process}-{started}-{number}"));
        std::fs::write(&file, path.as_os_str().as_bytes()).context("register")?;
        Ok(Self { file })
    }

    pub(crate) fn forget(&self) {
        let _gone_already = std::fs::remove_file(&self.file);
    }
}

struct Left {
    file: PathBuf,
    kind: String,
    process: u32,
    started: u64,
    path: PathBuf,
}

impl Left {
    fn read(file: &Path) -> Option<Self> {
        use std::os::unix::ffi::OsStringExt;
        let name = file.file_name()?.to_str()?;
        let mut parts = name.split('-');
        let kind = parts.next()?.to_owned();
        let process = parts.next()?.parse().ok()?;
        let started = parts.next()?.parse().ok()?;
        let path = PathBuf::from(std::ffi::OsString::from_vec(std::fs::read(file).ok()?));
        Some(Self {
            file: file.to_owned(),
            kind,
            process,
            started,
            path,
        })
    }

    /// A process number alone is used again; with the start time it is not.
    fn owner_lives(&self) -> bool {
        started(self.process) == Some(self.started)
    }

    fn remove(&self) -> Result<()> {
        match self.kind.as_str() {
            // A guest's QEMU ends with its test; its folder has neither mount nor loop device.
            LOOP | GUEST => loopfs::tear_down(&self.path)?,
            CAGE => {
                anyhow::ensure!(
                    is_cage(&self.path),
                    "{} is no cage of ours",
                    self.path.display()
                );
                let _too_old_or_gone = std::fs::write(self.path.join("cgroup.kill"), "1");
                for _try in 0..50 {
                    if std::fs::remove_dir(&self.path).is_ok() || !self.path.exists() {
                        break;
                    }
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
                anyhow::ensure!(
                    !self.path.exists(),
                    "the cgroup {} is still in use",
                    self.path.display()
                );
            }
            other => anyhow::bail!(
                "{} is of a kind that nobody knows: {other}",
                self.file.display()
            ),
        }
        std::fs::remove_file(&self.file).context("take out of the registry")
    }
}

/// The registry is root's, yet a wrong line must not kill a foreign cgroup.
fn is_cage(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(std::ffi::OsStr::to_str)
        .unwrap_or_default();
    path.starts_with("/sys/fs/cgroup") && name.starts_with("hygie-test-")
}

/// When a process started, in clock ticks since boot.
fn started(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    after_name.split_whitespace().nth(19)?.parse().ok()
}

/// A folder `hygie-test-XXXX` with an image and a mount.
pub(crate) const LOOP: &str = "loop";
/// A folder of guests' disks; tools/guest registers it.
const GUEST: &str = "guest";
/// A cgroup.
pub(crate) const CAGE: &str = "cage";
