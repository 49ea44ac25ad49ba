//! Attempts on the guard's process and on the kernel's switches that it stands on.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, Resource, Rlimit, Signal};

use super::{Attempts, errno};

impl Attempts<'_> {
    pub(super) fn process(&mut self, pid: Pid) {
        let proc = PathBuf::from(format!("/proc/{}", pid.as_raw_nonzero()));
        if proc
            .metadata()
            .is_ok_and(|found| found.uid() == rustix::process::getuid().as_raw())
        {
            // Stopping a stranger's process of one's own user would prove nothing.
            self.note("guard-runs-as-this-user", &proc, Ok(()));
            return;
        }
        self.note(
            "stop",
            &proc,
            rustix::process::kill_process(pid, Signal::STOP),
        );
        self.note(
            "terminate",
            &proc,
            rustix::process::kill_process(pid, Signal::TERM),
        );
        self.note(
            "kill",
            &proc,
            rustix::process::kill_process(pid, Signal::KILL),
        );
        self.note("trace", &proc, seize(pid));
        let limit = Rlimit {
            current: Some(3),
            maximum: Some(3),
        };
        self.note(
            "starve-of-descriptors",
            &proc,
            rustix::process::prlimit(Some(pid), Resource::Nofile, limit).map(drop),
        );
        let stolen = rustix::process::pidfd_open(pid, PidfdFlags::empty())
            .and_then(|handle| rustix::process::pidfd_getfd(handle, 3, PidfdGetfdFlags::empty()));
        self.note("steal-a-descriptor", &proc, stolen.map(drop));
        self.note(
            "list-descriptors",
            &proc.join("fd"),
            errno(std::fs::read_dir(proc.join("fd")).map(drop)),
        );
        self.note(
            "read-memory",
            &proc.join("mem"),
            errno(std::fs::File::open(proc.join("mem")).map(drop)),
        );
        let sacrifice = std::fs::write(proc.join("oom_score_adj"), b"1000");
        self.note(
            "offer-to-the-oom-killer",
            &proc.join("oom_score_adj"),
            errno(sacrifice),
        );
        self.leases();
    }

    /// The kernel's own switches that the guard's bound stands on.
    fn leases(&mut self) {
        let bound = Path::new("/proc/sys/fs/lease-break-time");
        self.note(
            "change-the-bound",
            bound,
            errno(std::fs::write(bound, b"1")),
        );
        let limit = Path::new("/proc/sys/fs/leases-enable");
        self.note(
            "switch-leases-off",
            limit,
            errno(std::fs::write(limit, b"0")),
        );
    }
}

#[expect(unsafe_code, reason = "no safe crate wraps ptrace")]
fn seize(pid: Pid) -> Result<(), Errno> {
    let none = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: PTRACE_SEIZE reads neither pointer; the tracee is let go when this program ends.
    match unsafe { libc::ptrace(libc::PTRACE_SEIZE, pid.as_raw_nonzero().get(), none, none) } {
        0 => Ok(()),
        _ => Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)),
    }
}
