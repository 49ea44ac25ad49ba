//! Programs of the system, run inside the victims' folder by its descriptor, with names relative to it.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::fs::OFlags;

use crate::arena::VICTIMS;
use crate::report::Failure;
use crate::run::{Run, Victim};

/// Those of the programs that are not here.
pub fn missing(programs: &[&'static str]) -> Vec<&'static str> {
    programs
        .iter()
        .copied()
        .filter(|program| find(program).is_none())
        .collect()
}

/// A program about to run in the victims' folder. The descriptor stays open until it has started.
pub(super) struct Tool {
    pub(super) command: Command,
    _folder: OwnedFd,
}

impl Tool {
    /// No environment but what makes it speak plainly.
    pub(super) fn new(run: &Run<'_>, program: &str) -> Result<Self, Failure> {
        let path = find(program).ok_or(Failure::Refused("the program is not here"))?;
        let folder = run.open(Path::new(VICTIMS), OFlags::RDONLY | OFlags::DIRECTORY)?;
        let mut command = Command::new(path);
        command
            .current_dir(format!("/proc/self/fd/{}", folder.as_raw_fd()))
            .env_clear()
            .env("PATH", FOLDERS.join(":"))
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Self {
            command,
            _folder: folder,
        })
    }

    /// Runs it to its end with `input`; anything but success is a failure that quotes it.
    pub(super) fn run(mut self, input: &[u8]) -> Result<(), Failure> {
        self.command.stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(started)?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that fails before it reads all is judged by its status.
            let _closed = stdin.write_all(input);
        }
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            let _partial = stderr.read_to_string(&mut said);
        }
        let status = child.wait().map_err(started)?;
        if status.success() {
            return Ok(());
        }
        Err(refusal(&said))
    }
}

/// What a victim is called from within the victims' folder, after a last look that it is one still.
pub(super) fn inside(run: &Run<'_>, victim: &Victim) -> Result<OsString, Failure> {
    run.arena.is_victim(&run.arena.stat(&victim.path)?)?;
    let rest = victim.path.strip_prefix(VICTIMS);
    let rest = rest.map_err(|_elsewhere| Failure::Refused("not among the victims"))?;
    Ok(Path::new(".").join(rest).into_os_string())
}

/// What a file beneath the arena is called from there.
pub(super) fn from_victims(path: &Path) -> OsString {
    Path::new("..").join(path).into_os_string()
}

pub(super) fn started(error: std::io::Error) -> Failure {
    rustix::io::Errno::from_io_error(&error).map_or(
        Failure::Refused("the program did not start"),
        Failure::System,
    )
}

/// A guard's answer comes through a program as its complaint.
fn refusal(said: &str) -> Failure {
    let known = [
        ("Operation not permitted", rustix::io::Errno::PERM),
        ("Permission denied", rustix::io::Errno::ACCESS),
        ("resource busy", rustix::io::Errno::BUSY),
        ("No space left", rustix::io::Errno::NOSPC),
        ("temporarily unavailable", rustix::io::Errno::AGAIN),
    ];
    let found = known.into_iter().find(|(words, _)| said.contains(words));
    found.map_or(Failure::Refused("the program failed"), |(_, errno)| {
        Failure::System(errno)
    })
}

/// A bar stands between names of one program.
fn find(program: &str) -> Option<PathBuf> {
    let within = |name| {
        FOLDERS
            .iter()
            .map(move |folder| Path::new(folder).join(name))
    };
    let paths = program.split('|').flat_map(within);
    let mut executable = paths.filter(|path| {
        path.metadata()
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    });
    executable.next()
}

const FOLDERS: &[&str] = &["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_here_is_named() {
        assert_eq!(missing(&["sh", "no-such-program"]), ["no-such-program"]);
        assert_eq!(missing(&["no-such-program|sh", "cp"]), [""; 0]);
        assert_eq!(missing(&["../bin/no-such-program"]).len(), 1);
    }
}
