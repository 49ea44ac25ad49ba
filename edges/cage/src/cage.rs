//! A cgroup around a simulator: limits, a freezer, and one switch that kills all in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::CageError;
use crate::error::Doing;
use crate::register::{CAGE, Registered};

/// A cgroup of version 2 below our own; none where there is no such tree, then only the rlimits hold.
#[derive(Debug)]
pub struct Cage {
    folder: Option<PathBuf>,
    registered: Option<Registered>,
}

impl Cage {
    /// Makes one with these limits, in bytes and in processes.
    ///
    /// # Errors
    /// The system refused.
    pub fn make(memory: u64, processes: u64) -> Result<Self, CageError> {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let tree = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(Path::new);
        let tree = tree
            .into_iter()
            .find(|tree| tree.join("cgroup.controllers").exists());
        let Some(tree) = tree else {
            return Ok(Self {
                folder: None,
                registered: None,
            });
        };
        let own = std::fs::read_to_string("/proc/self/cgroup")?;
        let own = own
            .lines()
            .find_map(|line| line.strip_prefix("0::/"))
            .unwrap_or_default();
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = tree
            .join(own)
            .join(format!("hygie-test-{}-{number}", std::process::id()));
        let registered = Registered::new(CAGE, &folder)?;
        std::fs::create_dir(&folder).doing(|| "make a cgroup".to_owned())?;
        // Only where the tree delegates these controllers; the rlimits hold in any case.
        let _not_delegated = std::fs::write(folder.join("memory.max"), memory.to_string());
        let _not_delegated = std::fs::write(folder.join("pids.max"), processes.to_string());
        Ok(Self {
            folder: Some(folder),
            registered: Some(registered),
        })
    }

    /// Its folder, where there is a tree of version 2.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Where a process enters it; a file that takes anything where there is none.
    pub fn procs(&self) -> PathBuf {
        self.folder.as_ref().map_or_else(
            || PathBuf::from("/dev/null"),
            |folder| folder.join("cgroup.procs"),
        )
    }

    /// Kills all that is in it.
    pub fn kill(&self) {
        if let Some(folder) = &self.folder {
            let _gone_already = std::fs::write(folder.join("cgroup.kill"), "1");
        }
    }
}

impl Drop for Cage {
    fn drop(&mut self) {
        self.kill();
        let (Some(folder), Some(registered)) = (&self.folder, &self.registered) else {
            return;
        };
        for _try in 0..100 {
            if std::fs::remove_dir(folder).is_ok() || !folder.exists() {
                registered.forget();
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
