//! A guest that runs, and how it ended.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::Folder;

/// A guest that runs; it is ended when dropped.
pub struct Running {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    complaints: Option<JoinHandle<String>>,
    folder: Folder,
    began: Instant,
    until: Instant,
}

/// How a guest ended.
#[derive(Debug)]
pub struct Outcome {
    /// The command's exit code.
    pub code: i32,
    /// What the command printed that nobody read before.
    pub lines: Vec<String>,
    /// What the kernel said.
    pub console: String,
    /// How long it ran, from QEMU's start to its end.
    pub took: Duration,
}

impl Running {
    pub(crate) fn start(mut qemu: Command, folder: Folder, wall: Duration) -> Result<Self> {
        qemu.stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let began = Instant::now();
        let mut child = qemu.spawn().context("start QEMU")?;
        let input = child.stdin.take().context("its input")?;
        let output = child.stdout.take().context("its output")?;
        let mut errors = child.stderr.take().context("its errors")?;
        let (sender, lines) = channel();
        spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            // Bytes that are no UTF-8 are shown, not the end.
            while output
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                let text = String::from_utf8_lossy(&line);
                let _nobody_listens = sender.send(text.trim_end_matches(['\n', '\r']).to_owned());
                line.clear();
            }
        });
        let complaints = Some(spawn(move || {
            let mut text = String::new();
            let _partial = errors.read_to_string(&mut text);
            text
        }));
        Ok(Self {
            child,
            input,
            lines,
            complaints,
            folder,
            began,
            until: began + wall,
        })
    }

    /// The next line that the command prints; `None` when the guest has ended.
    ///
    /// # Errors
    /// The guest's time is over.
    pub fn line(&self) -> Result<Option<String>> {
        let left = self.until.saturating_duration_since(Instant::now());
        match self.lines.recv_timeout(left) {
            Ok(line) => Ok(Some(line)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => bail!("the guest's time is over\n{}", self.console()),
        }
    }

    /// The next line, if one comes within so long.
    pub fn line_within(&self, wait: Duration) -> Option<String> {
        self.lines.recv_timeout(wait).ok()
    }

    /// Gives the command a line to read.
    ///
    /// # Errors
    /// The guest has ended.
    pub fn send(&mut self, line: &str) -> Result<()> {
        writeln!(self.input, "{line}").context("the guest has ended")
    }

    /// Ends it at this very moment, as when the power is cut.
    ///
    /// # Errors
    /// The system refused.
    pub fn cut_power(mut self) -> Result<Vec<String>> {
        self.child.kill().context("kill QEMU")?;
        self.child.wait()?;
        Ok(self.lines.iter().collect())
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// Its time is over, or it ended without the command having ended: with what the kernel said.
    pub fn finish(mut self) -> Result<Outcome> {
        let mut lines = Vec::new();
        while let Some(line) = self.line()? {
            lines.push(line);
        }
        while self.child.try_wait()?.is_none() {
            if Instant::now() >= self.until {
                bail!("the guest does not switch off\n{}", self.console());
            }
            sleep(Duration::from_millis(20));
        }
        let code = fs::read_to_string(self.folder.path().join("end")).unwrap_or_default();
        let Ok(code) = code.trim().parse() else {
            let complaints = self.complaints.take().and_then(|thread| thread.join().ok());
            let complaints = complaints.unwrap_or_default();
            let said = lines.join("\n");
            bail!(
                "the guest ended before its command\n{said}\n{}\n{complaints}",
                self.console()
            );
        };
        let (console, took) = (self.console(), self.began.elapsed());
        Ok(Outcome {
            code,
            lines,
            console,
            took,
        })
    }

    /// How long it has run.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// What the kernel has said so far.
    #[must_use]
    pub fn console(&self) -> String {
        let bytes = fs::read(self.folder.path().join("console")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}
