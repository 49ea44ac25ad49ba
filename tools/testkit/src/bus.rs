//! A message bus of a test's own: Debian's `dbus-daemon`, on a socket in a folder of its own.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A bus, until it is dropped.
#[derive(Debug)]
pub struct Bus {
    daemon: Child,
    address: String,
    _folder: TempDir,
}

impl Bus {
    /// Starts one, and waits until it listens.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let address = format!("unix:path={}", folder.path().join("bus").display());
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address"])
            .arg(format!("--address={address}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("dbus-daemon: cargo xtask test installs it")?;
        // It says its address when it listens.
        let out = daemon.stdout.take();
        let bus = Self {
            daemon,
            address,
            _folder: folder,
        };
        BufReader::new(out.context("no output")?).read_line(&mut String::new())?;
        Ok(bus)
    }

    /// Where it is, as programs are told.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _gone_already = self.daemon.kill();
        let _ended = self.daemon.wait();
    }
}
