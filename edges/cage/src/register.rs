//! What would outlive a killed process is written down first, so that the next run can take it away.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::CageError;
use crate::error::Doing;

/// Each thing that is made outside its own process has a file here, named by kind, process and a number; its
/// content is the path of the thing. `cargo xtask clean` and the next drill read it.
pub const REGISTRY: &str = "/run/hygie-test";

/// A cgroup.
pub const CAGE: &str = "cage";

/// A line in the registry; dropping it does nothing, `forget` takes it out.
#[derive(Debug)]
pub struct Registered {
    file: PathBuf,
}

impl Registered {
    /// Registers a thing before it is made, so that no moment is uncovered.
    ///
    /// # Errors
    /// The system refused.
    pub fn new(kind: &str, path: &Path) -> Result<Self, CageError> {
        use std::os::unix::ffi::OsStrExt;
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        std::fs::create_dir_all(REGISTRY).doing(|| format!("make {REGISTRY}"))?;
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (process, started) = (std::process::id(), started(std::process::id()).unwrap_or(0));
        let file = Path::new(REGISTRY).join(format!("{kind}-{process}-{started}-{number}"));
        std::fs::write(&file, path.as_os_str().as_bytes()).doing(|| "register".to_owned())?;
        Ok(Self { file })
    }

    /// Takes it out: the thing is gone.
    pub fn forget(&self) {
        let _gone_already = std::fs::remove_file(&self.file);
    }
}

/// Ends and removes the cages of processes that are gone; what will not go stays in the register.
pub fn clean_cages() {
    let entries = std::fs::read_dir(REGISTRY).into_iter().flatten().flatten();
    for entry in entries {
        let Some(left) = Left::read(&entry.path()) else {
            continue;
        };
        if left.kind == CAGE && !left.owner_lives() && remove_cage(&left.path).is_ok() {
            let _gone_already = std::fs::remove_file(&left.file);
        }
    }
}

/// An entry of the register.
#[derive(Debug)]
pub struct Left {
    /// Its file.
    pub file: PathBuf,
    /// What kind of thing.
    pub kind: String,
    /// Where the thing is.
    pub path: PathBuf,
    process: u32,
    started: u64,
}

impl Left {
    /// Reads one; `None` for what is no entry.
    pub fn read(file: &Path) -> Option<Self> {
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
            path,
            process,
            started,
        })
    }

    /// A process number alone is used again; with the start time it is not.
    pub fn owner_lives(&self) -> bool {
        started(self.process) == Some(self.started)
    }
}

/// Kills what is in a cage that was left, and removes it.
///
/// # Errors
/// It is no cage, or still in use.
pub fn remove_cage(path: &Path) -> Result<(), CageError> {
    if !is_cage(path) {
        let what = format!("{} is no cage of ours", path.display());
        return Err(std::io::Error::other(what).into());
    }
    let _too_old_or_gone = std::fs::write(path.join("cgroup.kill"), "1");
    for _try in 0..50 {
        if std::fs::remove_dir(path).is_ok() || !path.exists() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let what = format!("the cgroup {} is still in use", path.display());
    Err(std::io::Error::other(what).into())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_its_owner_and_goes_with_it() {
        let folder = std::env::temp_dir();
        let own = std::process::id();
        let since = started(own).expect("this process");
        let read = |name: String| {
            let file = folder.join(name);
            std::fs::write(&file, "/sys/fs/cgroup/hygie-test-a").expect("a file");
            let left = Left::read(&file);
            std::fs::remove_file(&file).expect("it is there");
            left
        };
        let mine = read(format!("cage-{own}-{since}-0")).expect("an entry");
        assert!(mine.kind == CAGE && mine.owner_lives());
        let former = read(format!("cage-{own}-{}-0", since + 1)).expect("an entry");
        assert!(!former.owner_lives());
        assert!(read(format!("hygie-cage-{own}")).is_none());
    }

    #[test]
    fn what_is_no_cage_is_refused() {
        for path in [
            "/",
            "/sys/fs/cgroup",
            "/tmp/hygie-test-a",
            "/sys/fs/cgroup/a",
        ] {
            assert!(remove_cage(Path::new(path)).is_err(), "{path}");
        }
    }
}
