//! A person at work: real programs as an ordinary user, each started as by a shell at a terminal, all in one session.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Seek};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::cage::Cage;

/// Whoever sits at the machine. What she left running ends when this is dropped.
#[derive(Debug)]
pub struct Person {
    uid: u32,
    home: PathBuf,
    cage: Cage,
}

/// A program with its arguments.
#[derive(Debug, Clone)]
pub struct Job {
    words: Vec<OsString>,
    folder: PathBuf,
    input: String,
    fine: Vec<i32>,
    uid: Option<u32>,
}

/// A program that was started.
#[derive(Debug)]
pub struct Work {
    child: Child,
    said: File,
    job: Job,
    until: Instant,
}

impl Job {
    /// A program and its arguments, parted at blanks, in a folder.
    pub fn new(line: &str, folder: &Path) -> Self {
        Self {
            words: line.split_whitespace().map(OsString::from).collect(),
            folder: folder.to_owned(),
            input: String::new(),
            fine: vec![0],
            uid: None,
        }
    }

    /// One more argument, whatever it holds.
    #[must_use]
    pub fn word(mut self, word: impl AsRef<OsStr>) -> Self {
        self.words.push(word.as_ref().to_owned());
        self
    }

    /// One more argument for each.
    #[must_use]
    pub fn words(mut self, words: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        self.words.extend(words);
        self
    }

    /// What is typed while it runs.
    #[must_use]
    pub fn typing(mut self, input: &str) -> Self {
        input.clone_into(&mut self.input);
        self
    }

    /// This exit code is a good one too.
    #[must_use]
    pub fn or(mut self, code: i32) -> Self {
        self.fine.push(code);
        self
    }

    /// As somebody else, such as a service or root.
    #[must_use]
    pub fn as_user(mut self, uid: u32) -> Self {
        self.uid = Some(uid);
        self
    }
}

impl Person {
    /// A user whose home this folder is; it need not be in any list of users.
    ///
    /// # Errors
    /// The system refused a cgroup.
    pub fn new(uid: u32, home: &Path) -> Result<Self> {
        Ok(Self {
            uid,
            home: home.to_owned(),
            cage: Cage::make(8 << 30, 1024)?,
        })
    }

    /// Where she keeps what nobody protects.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Starts a program, for at most so long. Nothing stands between it and this process, which is what a shell is to
    /// the programs that are typed in it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(&self, job: Job, within: Duration) -> Result<Work> {
        let (mut said, mut input) = (tempfile::tempfile()?, tempfile::tempfile()?);
        std::io::Write::write_all(&mut input, job.input.as_bytes())?;
        input.rewind()?;
        said.rewind()?;
        let uid = job.uid.unwrap_or(self.uid);
        let child = Command::new("/bin/sh")
            .args(["-c", ENTER, "sh"])
            .arg(self.cage.procs())
            .arg("setpriv")
            .args([format!("--reuid={uid}"), format!("--regid={uid}")])
            .arg("--clear-groups")
            .args(&job.words)
            .env_clear()
            .env("PATH", PATH)
            .env("HOME", &self.home)
            .envs([("LANG", "C.UTF-8"), ("USER", "secretariat"), ("TZ", "UTC")])
            .current_dir(&job.folder)
            .stdin(input)
            .stdout(said.try_clone()?)
            .stderr(said.try_clone()?)
            .spawn()
            .with_context(|| format!("start {:?}", job.words))?;
        Ok(Work {
            child,
            said,
            job,
            until: Instant::now() + within,
        })
    }

    /// Whether a program is installed where she would find it.
    pub fn has(program: &str) -> bool {
        PATH.split(':')
            .any(|folder| Path::new(folder).join(program).exists())
    }
}

impl Work {
    /// Whether it has ended well.
    ///
    /// # Errors
    /// It ended otherwise, or its time is over: with what it said.
    pub fn is_done(&mut self) -> Result<bool> {
        let Some(status) = self.child.try_wait()? else {
            ensure!(
                Instant::now() < self.until,
                "{:?} does not end",
                self.job.words
            );
            return Ok(false);
        };
        if status
            .code()
            .is_some_and(|code| self.job.fine.contains(&code))
        {
            return Ok(true);
        }
        let mut text = Vec::new();
        self.said.rewind()?;
        self.said.read_to_end(&mut text)?;
        let last = text.len().saturating_sub(600);
        bail!(
            "{:?} ended with {:?} (signal {:?}): {}",
            self.job.words,
            status.code(),
            status.signal(),
            String::from_utf8_lossy(&text[last..])
        )
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _gone_already = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

/// Enters the session, then becomes the program: the same process from here to its end.
const ENTER: &str = r#"echo 0 > "$1" || exit 3; shift; exec "$@""#;
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin";
