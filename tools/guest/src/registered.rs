//! The line in the register of things that must not be left behind; `cargo xtask clean` reads it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};

/// A line; it stays until it is forgotten.
#[derive(Debug)]
pub(crate) struct Registered {
    file: Option<PathBuf>,
}

impl Registered {
    /// Registers a folder; only root has a register.
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { file: None });
        }
        fs::create_dir_all(REGISTER).with_context(|| format!("make {REGISTER}"))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        let name = format!("guest-{process}-{}-{number}", started()?);
        let file = Path::new(REGISTER).join(name);
        fs::write(&file, folder.as_os_str().as_encoded_bytes()).context("register")?;
        Ok(Self { file: Some(file) })
    }

    pub(crate) fn forget(&self) {
        if let Some(file) = &self.file {
            let _gone_already = fs::remove_file(file);
        }
    }
}

/// When this process started, in clock ticks since boot.
fn started() -> Result<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').context("a process has a name")?.1;
    let field = after_name
        .split_whitespace()
        .nth(19)
        .context("and a start")?;
    Ok(field.parse()?)
}

const REGISTER: &str = "/run/hygie-test";
