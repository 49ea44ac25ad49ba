//! What a killed run left behind, and how it goes away: `cargo xtask clean` calls this.

use anyhow::{Context, Result};
use hygie_cage::register::{CAGE, Left, remove_cage};

use crate::{loopfs, network};

pub use hygie_cage::register::REGISTRY;

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
        match remove(&left) {
            Ok(()) => gone.push(format!("{} {}", left.kind, left.path.display())),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(gone), Err)
}

fn remove(left: &Left) -> Result<()> {
    match left.kind.as_str() {
        // A guest's QEMU ends with its test; its folder has neither mount nor loop device.
        LOOP | GUEST => loopfs::tear_down(&left.path)?,
        CAGE => remove_cage(&left.path)?,
        NETWORK => network::tear_down(&left.path)?,
        other => anyhow::bail!(
            "{} is of a kind that nobody knows: {other}",
            left.file.display()
        ),
    }
    std::fs::remove_file(&left.file).context("take out of the registry")
}

/// A folder `hygie-test-XXXX` with an image and a mount.
pub(crate) const LOOP: &str = "loop";
/// A network namespace.
pub(crate) const NETWORK: &str = "network";
/// A folder of guests' disks; tools/guest registers it.
const GUEST: &str = "guest";
