//! The folder under `/tmp/hygie-test-*` for what guests leave on this machine; goes away when dropped.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::registered::Registered;

/// A folder of one test: images of disks, logs, initial file systems.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    registered: Registered,
}

impl Folder {
    /// A new, empty, registered one.
    ///
    /// # Errors
    /// The system refused.
    pub fn new() -> Result<Self> {
        let made = tempfile::Builder::new()
            .prefix("hygie-test-")
            .tempdir_in("/tmp")?;
        let registered = Registered::new(made.path())?;
        Ok(Self {
            path: made.keep(),
            registered,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::fs::remove_dir_all(&self.path).is_ok() {
            self.registered.forget();
        }
    }
}
