//! Starts: how long links and first copies take beside `cp -r`, and what is held then.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hygie_testkit::{Guarded, LoopFs};
use serde::Serialize;

use super::Plan;
use super::ground::{PATIENCE, image, sized_files, small_files, state_mb};
use super::memory::Memory;
use crate::stats::Spread;

/// Starts with one number of files.
#[derive(Debug, Serialize)]
pub(crate) struct Start {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// Seconds from the start of `hygie up` to its `ready`: links are made and the law holds.
    pub(crate) ready: Spread,
    /// Seconds from the start of `hygie up` to its `copied`.
    pub(crate) copied: Spread,
    /// Seconds of `cp -r` of the same files to another image, and the sync of that.
    pub(crate) cp: Spread,
    /// Seconds from the start to `ready` with an empty folder: the self-test and the processes.
    pub(crate) empty: Spread,
    /// Files a second to `ready`, and to `copied`, without what an empty folder takes.
    pub(crate) links_per_second: f64,
    pub(crate) copies_per_second: f64,
    /// Of the last start, after the copies.
    pub(crate) memory: Memory,
}

/// One start.
struct Once {
    ready: f64,
    copied: f64,
    memory: Memory,
}

/// The images of one start.
struct Stage {
    data: LoopFs,
    folder: PathBuf,
    bytes: u64,
    size_mb: u64,
}

pub(crate) fn measure(hygie: &Path, plan: &Plan) -> Result<Vec<Start>> {
    let mut empty = Vec::new();
    for _ in 0..plan.start_rounds {
        eprintln!("a start with an empty folder");
        let stage = Stage::make(0, |_| Ok(0))?;
        empty.push(stage.start(hygie)?.ready);
    }
    let empty = Spread::of(&empty).context("at least one round")?;
    let mut starts = Vec::new();
    for files in plan.starts.iter().copied() {
        let rounds = if files <= 5_000 { plan.start_rounds } else { 1 };
        let size_mb = files as u64 / 40;
        starts.push(of(hygie, (files, rounds, size_mb), empty, |folder| {
            Ok(small_files(folder, files)?.1)
        })?);
    }
    let size_mb = plan.large as u64 * 5;
    starts.push(of(
        hygie,
        (plan.large, plan.start_rounds, size_mb),
        empty,
        |folder| {
            sized_files(folder, plan.large, LARGE, 3)?;
            Ok((plan.large * LARGE) as u64)
        },
    )?);
    Ok(starts)
}

fn of(
    hygie: &Path,
    (files, rounds, size_mb): (usize, usize, u64),
    empty: Spread,
    fill: impl Fn(&Path) -> Result<u64>,
) -> Result<Start> {
    let (mut ready, mut copied, mut cp) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    let mut bytes = 0;
    for round in 0..rounds {
        eprintln!("a start with {files} files, {} of {rounds}", round + 1);
        let stage = Stage::make(size_mb, &fill)?;
        bytes = stage.bytes;
        // In turn, for the second of the two finds the files warmer.
        if round % 2 == 0 {
            cp.push(stage.cp()?);
        }
        let once = stage.start(hygie)?;
        if round % 2 == 1 {
            cp.push(stage.cp()?);
        }
        ready.push(once.ready);
        copied.push(once.copied);
        last = Some(once.memory);
    }
    let spread = |values: &[f64]| Spread::of(values).context("at least one round");
    let (ready, copied, cp) = (spread(&ready)?, spread(&copied)?, spread(&cp)?);
    let rate = |spent: f64| files as f64 / (spent - empty.median).max(0.001);
    Ok(Start {
        files,
        bytes,
        ready,
        copied,
        cp,
        empty,
        links_per_second: rate(ready.median),
        copies_per_second: rate(copied.median),
        memory: last.context("at least one round")?,
    })
}

impl Stage {
    fn make(size_mb: u64, fill: impl Fn(&Path) -> Result<u64>) -> Result<Self> {
        let data = image(size_mb)?;
        let folder = data.path().join("protected");
        std::fs::create_dir(&folder)?;
        let bytes = fill(&folder)?;
        sync(&data.path())?;
        Ok(Self {
            data,
            folder,
            bytes,
            size_mb,
        })
    }

    fn start(&self, hygie: &Path) -> Result<Once> {
        let state = image(self.size_mb.max(state_mb(self.bytes >> 20)))?;
        let begin = Instant::now();
        let mut guarded = Guarded::up(
            hygie,
            &state.path().join("state"),
            std::slice::from_ref(&self.folder),
        )?;
        guarded.wait_for("ready", PATIENCE)?;
        let ready = begin.elapsed().as_secs_f64();
        guarded.wait_for("copied", PATIENCE)?;
        let copied = begin.elapsed().as_secs_f64();
        std::thread::sleep(REST);
        let memory = Memory::of(&guarded)?;
        guarded.stop()?;
        Ok(Once {
            ready,
            copied,
            memory,
        })
    }

    fn cp(&self) -> Result<f64> {
        let other = image(self.size_mb)?;
        let to = other.path().join("copy");
        let begin = Instant::now();
        let done = Command::new("cp")
            .arg("-r")
            .arg(&self.folder)
            .arg(&to)
            .status()
            .context("start cp")?;
        ensure!(done.success(), "cp ended with {done}");
        sync(&other.path())?;
        Ok(begin.elapsed().as_secs_f64())
    }
}

fn sync(folder: &Path) -> Result<()> {
    let open = std::fs::File::open(folder)?;
    Ok(rustix::fs::syncfs(open)?)
}

/// What the guard does after its last copy.
const REST: Duration = Duration::from_secs(2);
const LARGE: usize = 4 << 20;
