//! A simulator that runs, and how it went.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::CageError;
use crate::cage::Cage;
use crate::error::Doing;

/// A simulator that runs.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
    ended: Arc<AtomicBool>,
    readers: Vec<JoinHandle<String>>,
    cage: Cage,
    until: Instant,
}

/// How it went.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; none when a signal or the clock ended it.
    pub code: Option<i32>,
    /// The wall-clock limit ended it.
    pub timed_out: bool,
    /// Its lines of JSON, in order.
    pub lines: Vec<Value>,
    /// What it complained.
    pub stderr: String,
}

impl Running {
    pub(crate) fn start(
        mut command: Command,
        cage: Cage,
        wall: Duration,
    ) -> Result<Self, CageError> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().doing(|| "start the cage".to_owned())?;
        let (sender, lines) = mpsc::channel();
        let stdout = child
            .stdout
            .take()
            .ok_or_else(|| silent("standard output"))?;
        let mut stderr = child
            .stderr
            .take()
            .ok_or_else(|| silent("standard error"))?;
        // Both are drained from the start: a full pipe would hold the attack up.
        let ended = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&ended);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stdout)
                .lines()
                .map_while(std::io::Result::ok)
            {
                over.fetch_or(line.contains("\"hygie.attack/1\""), Ordering::Release);
                let _nobody_listens = sender.send(line);
            }
            String::new()
        });
        let complaints = std::thread::spawn(move || {
            let mut text = String::new();
            let _partial = stderr.read_to_string(&mut text);
            text
        });
        let stdin = child.stdin.take();
        let (readers, until) = (vec![reader, complaints], Instant::now() + wall);
        Ok(Self {
            child,
            stdin,
            lines,
            ended,
            readers,
            cage,
            until,
        })
    }

    /// Waits until it says that it stands ready.
    ///
    /// # Errors
    /// It ended, or said something else, first.
    pub fn wait_ready(&self) -> Result<(), CageError> {
        let left = self.until.saturating_duration_since(Instant::now());
        let line = self
            .lines
            .recv_timeout(left)
            .map_err(|_| CageError::Simulator("ended before it was ready".into()))?;
        if line.contains("hygie.attack-ready/1") {
            Ok(())
        } else {
            Err(CageError::Simulator(format!(
                "said {line} instead of ready"
            )))
        }
    }

    /// Sends the byte that it waits for.
    ///
    /// # Errors
    /// It is gone.
    pub fn go(&mut self) -> Result<(), CageError> {
        self.stdin
            .take()
            .ok_or_else(|| CageError::Simulator("was told already".into()))?
            .write_all(b"g")
            .doing(|| "tell it to go".to_owned())
    }

    /// The cgroup that holds all of it, where there is a version 2 tree.
    pub fn cgroup(&self) -> Option<&Path> {
        self.cage.folder()
    }

    /// Whether it has said its closing line: what it does is done.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Waits for its end, at most until its wall-clock limit.
    ///
    /// # Errors
    /// The system refused to wait.
    pub fn finish(mut self) -> Result<Outcome, CageError> {
        drop(self.stdin.take());
        let mut timed_out = false;
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if !timed_out && Instant::now() >= self.until {
                timed_out = true;
                self.kill();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        self.cage.kill();
        let mut said: Vec<_> = std::mem::take(&mut self.readers)
            .into_iter()
            .map(JoinHandle::join)
            .collect();
        let stderr = said.pop().and_then(Result::ok).unwrap_or_default();
        let lines = self
            .lines
            .try_iter()
            .filter_map(|line| serde_json::from_str(&line).ok())
            .collect();
        Ok(Outcome {
            code: status.code(),
            timed_out,
            lines,
            stderr,
        })
    }

    /// Ends all of it at once: the cgroup, and the namespace with its init.
    pub fn kill(&mut self) {
        self.cage.kill();
        let _gone_already = self.child.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
            let _status = self.child.wait();
        }
    }
}

impl Outcome {
    /// The closing line: `way`, `files_touched`, `states`, `errors`.
    pub fn end(&self) -> Option<&Value> {
        self.lines
            .iter()
            .rev()
            .find(|line| line["schema"] == "hygie.attack/1")
    }

    /// The BLAKE3 of every state that it says it made, in order.
    pub fn states(&self) -> Vec<&str> {
        let states = self
            .lines
            .iter()
            .filter(|line| line["schema"] == "hygie.attack-state/1");
        states.filter_map(|line| line["blake3"].as_str()).collect()
    }

    /// How often a step failed with this errno's name.
    pub fn errors(&self, name: &str) -> u64 {
        self.end()
            .and_then(|end| end["errors"][name].as_u64())
            .unwrap_or(0)
    }
}

fn silent(stream: &str) -> CageError {
    CageError::Simulator(format!("has no {stream}"))
}
