//! The ground: a bare image and a guarded one with the same files, and Hygie's state on a third.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use hygie_testkit::{Guarded, LoopFs, Noise};
use serde::Serialize;

/// Where a call is measured. A peer (clamonacc, an inotify watcher) would be one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// On an image that nobody guards.
    Bare,
    /// Outside the protected folder, on the guarded image.
    Unprotected,
    /// In the protected folder.
    Protected,
}

impl Side {
    pub(crate) const ALL: [Self; 3] = [Self::Bare, Self::Unprotected, Self::Protected];
}

/// Images that go when it is dropped; the guard ends first.
pub(crate) struct Ground {
    guarded: Guarded,
    bare: LoopFs,
    disk: LoopFs,
    _state: LoopFs,
}

impl Ground {
    /// Lets `fill` make the same files on each side, up to `size_mb` in all, then guards one of them and waits
    /// for its first copies.
    pub(crate) fn make(
        hygie: &Path,
        size_mb: u64,
        fill: impl Fn(&Path) -> Result<()>,
    ) -> Result<Self> {
        let (bare, disk) = (image(2 * size_mb)?, image(3 * size_mb)?);
        // Each file is overwritten twice.
        let state = image(state_mb(3 * size_mb))?;
        for folder in Side::ALL.map(|side| place(&bare, &disk, side)) {
            std::fs::create_dir(&folder)?;
            fill(&folder)?;
        }
        let protected = place(&bare, &disk, Side::Protected);
        let mut guarded = Guarded::up(hygie, &state.path().join("state"), &[protected])?;
        guarded.wait_for("copied", PATIENCE)?;
        let ground = Self {
            guarded,
            bare,
            disk,
            _state: state,
        };
        ground.settle()?;
        Ok(ground)
    }

    pub(crate) fn folder(&self, side: Side) -> PathBuf {
        place(&self.bare, &self.disk, side)
    }

    /// Waits until the guard has nothing left to do.
    pub(crate) fn settle(&self) -> Result<()> {
        self.guarded.settle(&self.folder(Side::Protected), PATIENCE)
    }

    pub(crate) fn end(self) -> Result<()> {
        self.guarded.stop()
    }
}

/// Images below half a gigabyte get small blocks from mkfs, unlike any real disk; a sparse one costs nothing.
pub(crate) fn image(size_mb: u64) -> Result<LoopFs> {
    LoopFs::ext4(size_mb.max(1024))
}

/// An image for the state, for so much in the store: its budget is a fifth of the disk unless set.
pub(crate) fn state_mb(stored_mb: u64) -> u64 {
    stored_mb * 6
}

fn place(bare: &LoopFs, disk: &LoopFs, side: Side) -> PathBuf {
    match side {
        Side::Bare => bare.path().join("files"),
        Side::Unprotected => disk.path().join("outside"),
        Side::Protected => disk.path().join("protected"),
    }
}

/// Files of 1 to 8 KB, a hundred a folder, no two alike. Gives their paths and how many bytes they have.
pub(crate) fn small_files(folder: &Path, count: usize) -> Result<(Vec<PathBuf>, u64)> {
    let mut noise = Noise::new(7);
    let (mut paths, mut bytes) = (Vec::with_capacity(count), 0);
    for number in 0..count {
        let below = folder.join(format!("{:05}", number / 100));
        if number % 100 == 0 {
            std::fs::create_dir_all(&below)?;
        }
        let length = 1024 + noise.below(7 * 1024);
        let path = below.join(format!("{number:06}.txt"));
        std::fs::write(&path, noise.bytes(usize::try_from(length)?))
            .context("make a small file")?;
        bytes += length;
        paths.push(path);
    }
    Ok((paths, bytes))
}

/// So many files of one size, no two alike.
pub(crate) fn sized_files(
    folder: &Path,
    count: usize,
    size: usize,
    seed: u64,
) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut noise = Noise::new(seed);
    (0..count)
        .map(|number| {
            let path = folder.join(format!("{number:04}.bin"));
            std::fs::write(&path, noise.bytes(size)).context("make a file")?;
            Ok(path)
        })
        .collect()
}

pub(crate) const PATIENCE: Duration = Duration::from_secs(3600);
