//! What runs in the guest; elsewhere these tests say so and do nothing.

mod check;
mod ways;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::mount::{MountFlags, mount};

/// A guest's init sets it.
fn is_guest() -> bool {
    let guest = std::env::var_os("HYGIE_GUEST").is_some();
    if !guest {
        println!("skipped: this runs in a guest that a heavy test boots");
    }
    guest
}

/// Mounts a disk at a new folder.
fn mounted(device: &str, at: &str) -> PathBuf {
    std::fs::create_dir_all(at).expect("a folder");
    mount(device, at, "ext4", MountFlags::empty(), None).expect("the disk can be mounted");
    PathBuf::from(at)
}

fn hygie() -> &'static Path {
    Path::new("/usr/bin/hygie")
}

/// An emulated machine on a busy one.
const PATIENCE: Duration = Duration::from_secs(240);
