//! The calls that are timed, each with as little around it as can be.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Opens and closes each of the files in turn, so many times in all; microseconds of each.
pub(crate) fn open_close(files: &[PathBuf], times: usize) -> Result<Vec<f64>> {
    let mut spent = Vec::with_capacity(times);
    for path in files.iter().cycle().take(times) {
        let begin = Instant::now();
        drop(File::open(path)?);
        spent.push(micros(begin.elapsed()));
    }
    Ok(spent)
}

/// The same from several threads at once, each with files of its own.
pub(crate) fn open_close_many(files: &[PathBuf], times: usize, threads: usize) -> Result<Vec<f64>> {
    let each = files.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = files
            .chunks(each)
            .map(|part| scope.spawn(move || open_close(part, times)))
            .collect();
        running.into_iter().try_fold(Vec::new(), |mut all, one| {
            let spent = one
                .join()
                .map_err(|_| anyhow::anyhow!("a thread that opens files failed"))?;
            all.extend(spent?);
            Ok(all)
        })
    })
}

/// Reads all files once, as a search or a backup does; microseconds a file.
pub(crate) fn read_all(files: &[PathBuf]) -> Result<f64> {
    let mut buffer = vec![0; 16 << 10];
    let begin = Instant::now();
    for path in files {
        let mut file = File::open(path)?;
        while file.read(&mut buffer)? > 0 {}
    }
    Ok(micros(begin.elapsed()) / files.len().max(1) as f64)
}

/// What writing one file over took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// The open for writing alone.
    pub(crate) open: f64,
    /// Open, one write of the whole, close.
    pub(crate) whole: f64,
}

/// Overwrites a file in place.
pub(crate) fn overwrite(path: &PathBuf, content: &[u8]) -> Result<Written> {
    let begin = Instant::now();
    let mut file = OpenOptions::new()
        .write(true)
        .open(path)
        .context("open for writing")?;
    let open = micros(begin.elapsed());
    file.write_all(content)?;
    drop(file);
    Ok(Written {
        open,
        whole: micros(begin.elapsed()),
    })
}

/// Writes a part of a file in place; microseconds from the open to after the close.
pub(crate) fn change(path: &PathBuf, content: &[u8], at: u64) -> Result<f64> {
    use std::os::unix::fs::FileExt;
    let begin = Instant::now();
    let file = OpenOptions::new()
        .write(true)
        .open(path)
        .context("open for writing")?;
    file.write_all_at(content, at)?;
    drop(file);
    Ok(micros(begin.elapsed()))
}

/// Makes a new file with a content; microseconds from the open to after the close.
pub(crate) fn make(path: &PathBuf, content: &[u8]) -> Result<f64> {
    let begin = Instant::now();
    let mut file = File::create_new(path).context("make a file")?;
    file.write_all(content)?;
    drop(file);
    Ok(micros(begin.elapsed()))
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
