//! Starts: how long links and first copies take beside `cp -r`, and what is held then.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hygie_testkit::{Guarded, LoopFs};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Plan;
use super::ground::{PATIENCE, image, sized_files, small_files, state_mb};
use super::memory::Memory;
use crate::stats::Spread;

/// Starts with one number of files.
#[derive(Debug, Serialize)]
pub(crate) struct Start {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// Seconds from the start of `hygie up` until the guard holds (self-test, processes), by its journal.
    pub(crate) begun: Spread,
    /// Seconds from there to `ready`: links are made and the law holds.
    pub(crate) linked: Spread,
    /// Seconds from there to `copied`, which is told every fifth of a second.
    pub(crate) copied: Spread,
    /// Seconds of `cp -r` of the same files to another image, and the sync of that.
    pub(crate) cp: Spread,
    /// Files a second.
    pub(crate) links_per_second: f64,
    pub(crate) copies_per_second: f64,
    /// Of the last start, after the copies.
    pub(crate) memory: Memory,
}

/// One start.
struct Once {
    begun: f64,
    linked: f64,
    copied: f64,
    memory: Memory,
}

/// The images of one start.
struct Stage {
    _data: LoopFs,
    folder: PathBuf,
    bytes: u64,
    size_mb: u64,
}

pub(crate) fn measure(hygie: &Path, plan: &Plan) -> Result<Vec<Start>> {
    let mut starts = Vec::new();
    for files in plan.starts.iter().copied() {
        let rounds = if files <= 5_000 { plan.start_rounds } else { 1 };
        let size_mb = files as u64 / 40;
        starts.push(of(hygie, (files, rounds, size_mb), |folder| {
            Ok(small_files(folder, files)?.1)
        })?);
    }
    let size_mb = plan.large as u64 * 5;
    starts.push(of(
        hygie,
        (plan.large, plan.start_rounds, size_mb),
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
    fill: impl Fn(&Path) -> Result<u64>,
) -> Result<Start> {
    let (mut onces, mut cp, mut bytes) = (Vec::new(), Vec::new(), 0);
    for round in 0..rounds {
        eprintln!("a start with {files} files, {} of {rounds}", round + 1);
        let stage = Stage::make(size_mb, &fill)?;
        bytes = stage.bytes;
        // In turn, for the second of the two finds the files warmer.
        if round % 2 == 0 {
            cp.push(stage.cp()?);
        }
        onces.push(stage.start(hygie)?);
        if round % 2 == 1 {
            cp.push(stage.cp()?);
        }
    }
    let spread = |values: &[f64]| Spread::of(values).context("at least one round");
    let of = |value: fn(&Once) -> f64| spread(&onces.iter().map(value).collect::<Vec<_>>());
    let (linked, copied) = (of(|once| once.linked)?, of(|once| once.copied)?);
    Ok(Start {
        files,
        bytes,
        begun: of(|once| once.begun)?,
        linked,
        copied,
        cp: spread(&cp)?,
        links_per_second: files as f64 / linked.median.max(MOMENT),
        copies_per_second: files as f64 / copied.median.max(MOMENT),
        memory: onces.pop().context("at least one round")?.memory,
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
            _data: data,
            folder,
            bytes,
            size_mb,
        })
    }

    fn start(&self, hygie: &Path) -> Result<Once> {
        let state = image(self.size_mb.max(state_mb(self.bytes >> 20)))?;
        let begin = Timestamp::now();
        let mut guarded = Guarded::up(
            hygie,
            &state.path().join("state"),
            std::slice::from_ref(&self.folder),
        )?;
        let ready = moment(&guarded.wait_for("ready", PATIENCE)?)?;
        let copied = moment(&guarded.wait_for("copied", PATIENCE)?)?;
        std::thread::sleep(REST);
        let memory = Memory::of(&guarded)?;
        let told = guarded.ask(&["journal".as_ref(), "show".as_ref()])?.lines;
        let started = told.iter().find(|record| record["kind"] == "guard.started");
        let started = moment(started.context("the journal tells of no start")?)?;
        guarded.stop()?;
        Ok(Once {
            begun: seconds(begin, started),
            linked: seconds(started, ready),
            copied: seconds(started, copied),
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

fn moment(told: &Value) -> Result<Timestamp> {
    let at = told["at"].as_str().context("it has no time")?;
    at.parse().with_context(|| format!("{at} is no time"))
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

fn sync(folder: &Path) -> Result<()> {
    let open = std::fs::File::open(folder)?;
    Ok(rustix::fs::syncfs(open)?)
}

/// What the guard does after its last copy.
const REST: Duration = Duration::from_secs(2);
/// What is counted as this fast at the most.
const MOMENT: f64 = 0.001;
const LARGE: usize = 4 << 20;
