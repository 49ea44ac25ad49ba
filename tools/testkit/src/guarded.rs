//! Folders under a running `hygie up`: started, watched by its events, asked, restored from, and ended for good.

use std::fs::{DirBuilder, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{OnceLock, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal};
use serde_json::Value;

use crate::leftovers::REGISTRY;

/// A guard that runs. Dropping it ends all of its processes, whatever state they are in.
pub struct Guarded {
    binary: PathBuf,
    state: PathBuf,
    up: Child,
    lines: mpsc::Receiver<String>,
    seen: Vec<Value>,
    lease_bound: String,
}

/// A process of Hygie's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its number.
    pub pid: i32,
    /// `up`, `witness` or `guard`.
    pub word: String,
}

/// What a verb of the command line came to.
#[derive(Debug)]
pub struct Said {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Its lines of JSON.
    pub lines: Vec<Value>,
    /// What it complained.
    pub stderr: String,
}

impl Guarded {
    /// Starts `hygie --state STATE --json up FOLDERS...`. Only for folders on loop images: the guard holds every
    /// open on their file systems. Where the configuration does not say what becomes of attackers they are noted and go
    /// on: what tests of the law try would else end at its tenth file.
    ///
    /// # Errors
    /// It cannot be started, or a folder lies on the file system of `/`.
    pub fn up(binary: &Path, state: &Path, folders: &[PathBuf]) -> Result<Self> {
        let root = rustix::fs::stat("/")?.st_dev;
        for folder in folders {
            let device = rustix::fs::stat(folder)?.st_dev;
            ensure!(device != root, "{} lies on /", folder.display());
        }
        // `cargo xtask clean` puts it back after a test that was killed.
        std::fs::create_dir_all(REGISTRY)?;
        alone()?;
        let lease_bound = std::fs::read_to_string(LEASE_BOUND)?;
        std::fs::write(Path::new(REGISTRY).join("lease-break-time"), &lease_bound)?;
        only_noted(state)?;
        let mut up = Command::new(binary)
            .arg("--state")
            .arg(state)
            .args(["--json", "--lang", "en", "up", "--no-console"])
            .args(folders)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Inherited, it would keep a killed test's output open.
            .stderr(Stdio::null())
            .spawn()
            .context("start hygie up")?;
        let stdout = up.stdout.take().context("standard output")?;
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout).lines();
            while let Some(Ok(line)) = lines.next() {
                let _nobody_listens = sender.send(line);
            }
        });
        let (binary, state) = (binary.to_owned(), state.to_owned());
        Ok(Self {
            binary,
            state,
            up,
            lines,
            seen: Vec::new(),
            lease_bound,
        })
    }

    /// Waits for an event (`ready`, `copied`, `state`, …) that was not waited for before.
    ///
    /// # Errors
    /// `hygie up` ended, or nothing of the kind came in time; with what came instead.
    pub fn wait_for(&mut self, event: &str, within: Duration) -> Result<Value> {
        self.wait_until(within, |line| line["event"] == event)
            .with_context(|| format!("waiting for {event}"))
    }

    /// Waits for a line that was not waited for before and that pleases.
    ///
    /// # Errors
    /// As `wait_for`.
    pub fn wait_until(
        &mut self,
        within: Duration,
        pleases: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                bail!(
                    "it did not come; seen so far: {:?}; the log: {}",
                    self.seen,
                    self.log()
                );
            };
            let line: Value = serde_json::from_str(&line)?;
            self.seen.push(line.clone());
            if pleases(&line) {
                return Ok(line);
            }
        }
    }

    /// All events so far.
    pub fn events(&mut self) -> &[Value] {
        let new = self.lines.try_iter();
        let parsed = new.filter_map(|line| serde_json::from_str(&line).ok());
        self.seen.extend(parsed);
        &self.seen
    }

    /// Hygie's folder.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Runs another verb of the command line on the same state, with `--json --yes`.
    ///
    /// # Errors
    /// It cannot be started, or prints what is no JSON.
    pub fn ask(&self, arguments: &[&std::ffi::OsStr]) -> Result<Said> {
        let output: Output = Command::new(&self.binary)
            .arg("--state")
            .arg(&self.state)
            .args(["--json", "--yes", "--lang", "en"])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .context("run hygie")?;
        let lines: std::result::Result<_, _> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(serde_json::from_str)
            .collect();
        Ok(Said {
            code: output.status.code(),
            lines: lines?,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// `hygie status`.
    ///
    /// # Errors
    /// As `ask`, or it prints nothing.
    pub fn status(&self) -> Result<Value> {
        let said = self.ask(&["status".as_ref()])?;
        said.lines.into_iter().next().context("it said nothing")
    }

    /// `hygie restore PATH [--at AT] [--to TO]`.
    ///
    /// # Errors
    /// As `ask`.
    pub fn restore(&self, path: &Path, at: Option<&str>, to: Option<&Path>) -> Result<Said> {
        let mut words = vec!["restore".as_ref(), path.as_os_str()];
        if let Some(at) = at {
            words.extend(["--at".as_ref(), std::ffi::OsStr::new(at)]);
        }
        if let Some(to) = to {
            words.extend(["--to".as_ref(), to.as_os_str()]);
        }
        self.ask(&words)
    }

    /// Whether the store has a content, byte for byte: its object, or the parts that it is assembled from, are
    /// read and the digest is compared. Reads the files and the index by itself, without the store's own code.
    pub fn has(&self, blake3: &str) -> bool {
        let mut hasher = blake3::Hasher::new();
        let whole = File::open(self.object(blake3))
            .and_then(|file| hasher.update_reader(file).map(|_| ()))
            .is_ok_and(|()| hasher.finalize().to_hex().as_str() == blake3);
        whole || self.assembled(blake3).is_ok_and(|found| found == blake3)
    }

    /// Waits until the store has a content.
    ///
    /// # Errors
    /// It did not come in time.
    pub fn wait_for_content(&self, blake3: &str, within: Duration) -> Result<()> {
        let until = Instant::now() + within;
        while !self.has(blake3) {
            ensure!(
                Instant::now() < until,
                "{blake3} did not come; {}",
                self.log()
            );
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    fn object(&self, blake3: &str) -> PathBuf {
        let (fan, rest) = blake3.split_at_checked(2).unwrap_or_default();
        self.state.join("vault/objects").join(fan).join(rest)
    }

    /// The digest of a content that has no object of its own.
    fn assembled(&self, blake3: &str) -> Result<String> {
        let index = rusqlite::Connection::open_with_flags(
            self.state.join("vault/index.db"),
            rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
        )?;
        index.busy_timeout(Duration::from_secs(5))?;
        let (object, len): (i64, i64) = index.query_row(
            "SELECT id, len FROM object JOIN assembled ON object = id WHERE kept AND lower(hex(hash)) = ?1",
            [blake3],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let mut parts = index.prepare(
            "SELECT at, extent.len, offset, lower(hex(hash)) FROM extent JOIN object ON object.id = source
             WHERE object = ?1 ORDER BY at",
        )?;
        let mut rows = parts.query([object])?;
        let mut hasher = blake3::Hasher::new();
        let zeros = |hasher: &mut blake3::Hasher, len: u64| {
            hasher
                .update_reader(std::io::repeat(0).take(len))
                .map(|_| ())
        };
        let mut at = 0;
        let number = |row: &rusqlite::Row<'_>, column| {
            Ok::<_, anyhow::Error>(u64::try_from(row.get::<_, i64>(column)?)?)
        };
        while let Some(row) = rows.next()? {
            let (start, count, offset) = (number(row, 0)?, number(row, 1)?, number(row, 2)?);
            let source: String = row.get(3)?;
            zeros(&mut hasher, start - at)?;
            let mut file = File::open(self.object(&source))?;
            file.seek(SeekFrom::Start(offset))?;
            hasher.update_reader(file.take(count))?;
            at = start + count;
        }
        zeros(&mut hasher, u64::try_from(len)? - at)?;
        Ok(hasher.finalize().to_hex().to_string())
    }

    /// Waits until the guard has dealt with all that happened on a file system before this call: a file is
    /// written in `folder` (protected), closed and renamed; events come in order, so when the store knows this
    /// one by its new name, it knows the rest; then until every last state has its copy.
    ///
    /// # Errors
    /// It did not come to rest in time.
    pub fn settle(&self, folder: &Path, within: Duration) -> Result<()> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let until = Instant::now() + within;
        let (name, done) = (
            folder.join(format!(".settle-{number}")),
            folder.join(format!(".settled-{number}")),
        );
        let content = format!("{} {number}", std::process::id());
        std::fs::write(&name, &content).context("write the mark that settles")?;
        std::fs::rename(&name, &done)?;
        let hash = blake3::hash(content.as_bytes()).to_hex();
        loop {
            let known = self.ask(&["versions".as_ref(), done.as_os_str()])?.code == Some(0);
            let status = self.status()?;
            if known && self.has(&hash) && status["copied"] == status["files"] {
                std::fs::remove_file(&done)?;
                return Ok(());
            }
            ensure!(
                Instant::now() < until,
                "it did not come to rest: known {known}, {status}; the log: {}",
                self.log()
            );
            std::thread::sleep(LOOK);
        }
    }

    /// The processes that belong to it, by the state folder on their command lines.
    pub fn parts(&self) -> Vec<Part> {
        let state = self.state.to_string_lossy().into_owned();
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        numbers.filter_map(|pid| part(pid, &state)).collect()
    }

    /// The process number of its `guard` or `witness`, when there is exactly one.
    pub fn pid(&self, word: &str) -> Option<i32> {
        let parts = self.parts();
        let mut found = parts.iter().filter(|part| part.word == word);
        let first = found.next()?.pid;
        found.next().is_none().then_some(first)
    }

    /// What guard and witness wrote to their log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.state.join("guard.log")).unwrap_or_default()
    }

    /// Ends it as a person would (SIGTERM) and checks that it ends well: exit code 0, no process left, the
    /// kernel's bound for leases as before.
    ///
    /// # Errors
    /// One of these is not so.
    pub fn stop(mut self) -> Result<()> {
        let pid = Pid::from_child(&self.up);
        rustix::process::kill_process(pid, Signal::TERM).context("hygie up is gone")?;
        let until = Instant::now() + STOPPING;
        let status = loop {
            if let Some(status) = self.up.try_wait()? {
                break status;
            }
            ensure!(
                Instant::now() < until,
                "it does not end; {:?}",
                self.parts()
            );
            std::thread::sleep(LOOK);
        };
        ensure!(status.success(), "hygie up ended with {status}");
        let left = self.parts();
        ensure!(left.is_empty(), "it left processes: {left:?}");
        let bound = std::fs::read_to_string(LEASE_BOUND)?;
        ensure!(
            bound == self.lease_bound,
            "fs.lease-break-time was {} and is {}",
            self.lease_bound.trim(),
            bound.trim()
        );
        Ok(())
    }

    /// Kills all of it at once, as a power cut would.
    pub fn kill(&mut self) {
        let _gone_already = self.up.kill();
        let _status = self.up.wait();
        // The witness may be starting a guard: again until none is left.
        for _try in 0..200 {
            let parts = self.parts();
            if parts.is_empty() {
                return;
            }
            for part in parts {
                if let Some(pid) = Pid::from_raw(part.pid) {
                    let _gone_already = rustix::process::kill_process(pid, Signal::KILL);
                }
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.kill();
        let _best_effort = std::fs::write(LEASE_BOUND, &self.lease_bound);
        let _gone_already = std::fs::remove_file(Path::new(REGISTRY).join("lease-break-time"));
    }
}

/// Waits until no other test process has a guard, and keeps the others out for as long as this process lives:
/// `fs.lease-break-time` is one for the whole machine.
///
/// # Errors
/// The lock cannot be made.
pub fn alone() -> Result<()> {
    static HELD: OnceLock<File> = OnceLock::new();
    if HELD.get().is_some() {
        return Ok(());
    }
    std::fs::create_dir_all(REGISTRY)?;
    let lock = File::create(Path::new(REGISTRY).join("one-guard.lock"))?;
    lock.lock().context("waiting for the other tests' guard")?;
    let _a_second_thread_has_it = HELD.set(lock);
    Ok(())
}

fn only_noted(state: &Path) -> Result<()> {
    let file = state.join("hygie.toml");
    let set = match std::fs::read_to_string(&file) {
        Ok(set) => set,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    if set.contains("attackers") {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(state)?;
    let noted = "[guard]\nattackers = \"note\"\n";
    let text = if set.contains("[guard]\n") {
        set.replace("[guard]\n", noted)
    } else {
        format!("{set}\n{noted}")
    };
    std::fs::write(&file, text).context("the configuration")
}

fn part(pid: i32, state: &str) -> Option<Part> {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let line = String::from_utf8_lossy(&line).into_owned();
    let words: Vec<&str> = line.split('\0').collect();
    let word = words
        .iter()
        .find(|word| ["up", "witness", "guard"].contains(*word))?;
    let ours = words.iter().any(|word| word.contains(state));
    ours.then(|| Part {
        pid,
        word: (*word).to_owned(),
    })
}

const LEASE_BOUND: &str = "/proc/sys/fs/lease-break-time";
const LOOK: Duration = Duration::from_millis(20);
const STOPPING: Duration = Duration::from_secs(20);
