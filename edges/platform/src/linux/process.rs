//! Who asks: the program behind a thread, and what its system call is about to do.

use std::{io, path::PathBuf};

use crate::Access;

/// The program that a thread runs.
///
/// # Errors
/// `ENOENT` when the thread is gone or belongs to the kernel.
pub fn program(thread: i32) -> io::Result<PathBuf> {
    std::fs::read_link(format!("/proc/{thread}/exe"))
}

/// The command name of a thread, as a person would recognise it; empty when it is gone.
#[must_use]
pub fn command(thread: i32) -> String {
    std::fs::read_to_string(format!("/proc/{thread}/comm"))
        .map(|name| name.trim_end().to_owned())
        .unwrap_or_default()
}

/// What the system call in which a thread is held will do to the file that it opens or uses.
/// What cannot be read for certain (io_uring, openat2 by pointer, 32-bit programs) counts as a
/// change.
#[must_use]
pub fn access(thread: i32) -> Access {
    // "running" shows for an instant before the thread is asleep; on a busy machine it may have
    // been put off the processor on the way. A reader taken for a writer would wait for a copy.
    for look in 0..LOOKS {
        match std::fs::read_to_string(format!("/proc/{thread}/syscall")) {
            Ok(text) if text.starts_with("running") => {
                if look >= 8 {
                    std::thread::sleep(LOOK_AGAIN);
                }
            }
            Ok(text) => return from_syscall(&text),
            Err(_) => return Access::Change,
        }
    }
    Access::Change
}

/// How often to look before a call counts as a change, some milliseconds in all.
const LOOKS: usize = 48;
/// Time for a thread that was put off the processor to go to sleep in its call.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_micros(100);

fn from_syscall(text: &str) -> Access {
    let mut words = text.split_ascii_whitespace();
    let number = words.next().and_then(|word| word.parse::<i64>().ok());
    let argument = |nth: usize| {
        let word = text.split_ascii_whitespace().nth(nth + 1)?;
        i64::from_str_radix(word.strip_prefix("0x")?, 16).ok()
    };
    let flags = match number {
        #[cfg(target_arch = "x86_64")]
        Some(libc::SYS_open) => argument(1),
        Some(libc::SYS_openat) => argument(2),
        Some(libc::SYS_execve | libc::SYS_execveat) => Some(0),
        // Held on the way of PRE_ACCESS, which does not tell a read from a write.
        Some(
            libc::SYS_read
            | libc::SYS_pread64
            | libc::SYS_readv
            | libc::SYS_preadv
            | libc::SYS_preadv2,
        ) => Some(0),
        _ => None,
    };
    match flags.and_then(|flags| i32::try_from(flags & 0xffff_ffff).ok()) {
        Some(flags) if flags & libc::O_TRUNC != 0 => Access::Change,
        Some(flags) if flags & libc::O_ACCMODE == libc::O_RDONLY => Access::Read,
        Some(_) => Access::Write,
        None => Access::Change,
    }
}

/// Raises the limit of open descriptors as far as this process may, up to `wanted`, and says how
/// far it got.
#[must_use]
pub fn raise_descriptors(wanted: u64) -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let hard = now.maximum.unwrap_or(u64::MAX);
    if wanted > hard {
        let both = Rlimit {
            current: Some(wanted),
            maximum: Some(wanted),
        };
        if setrlimit(Resource::Nofile, both).is_ok() {
            return wanted;
        }
    }
    let current = wanted.min(hard);
    if setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(current),
            maximum: now.maximum,
        },
    )
    .is_ok()
    {
        current
    } else {
        now.current.unwrap_or(0)
    }
}

/// Locks this process's memory into RAM, now and later.
///
/// # Errors
/// `ENOMEM` or `EPERM` at the limit of locked memory.
pub fn lock_memory() -> io::Result<()> {
    use rustix::mm::{MlockAllFlags, mlockall};
    Ok(mlockall(
        MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT,
    )?)
}

/// Where the kernel keeps its bound for leases, in seconds.
pub const LEASE_BREAK_TIME: &str = "/proc/sys/fs/lease-break-time";

/// Reads the kernel's bound for leases.
///
/// # Errors
/// When `/proc` is not there.
pub fn lease_break_time() -> io::Result<u32> {
    let text = std::fs::read_to_string(LEASE_BREAK_TIME)?;
    text.trim()
        .parse()
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
}

/// Sets the kernel's bound for leases.
///
/// # Errors
/// `EACCES` without root, `EROFS` in a container.
pub fn set_lease_break_time(seconds: u32) -> io::Result<()> {
    std::fs::write(LEASE_BREAK_TIME, format!("{seconds}\n"))
}

/// Whether a process has the capability of the given number (capability.h).
#[must_use]
pub fn has_capability(number: u32) -> bool {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("CapEff:"))?
                .trim()
                .to_owned();
            u64::from_str_radix(&line, 16).ok()
        })
        .is_some_and(|mask| mask >> number & 1 == 1)
}

/// `CAP_SYS_ADMIN`: fanotify.
pub const CAP_SYS_ADMIN: u32 = 21;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_as_the_kernel_prints_them() {
        let cases = [
            (
                "257 0xffffff9c 0x7f 0x80000 0x0 0x0 0x0 0x7ffd 0x7f",
                Access::Read,
            ),
            (
                "257 0xffffff9c 0x7f 0x80002 0x0 0x0 0x0 0x7ffd 0x7f",
                Access::Write,
            ),
            (
                "257 0xffffff9c 0x7f 0x80200 0x0 0x0 0x0 0x7ffd 0x7f",
                Access::Change,
            ),
            (
                "437 0xffffff9c 0x7f 0x7ffc 0x18 0x0 0x0 0x7ffd 0x7f",
                Access::Change,
            ),
            ("17 0x3 0x7ffd 0x1000 0x0 0x0 0x0 0x7ffd 0x7f", Access::Read),
            (
                "18 0x3 0x7ffd 0x1000 0x0 0x0 0x0 0x7ffd 0x7f",
                Access::Change,
            ),
            ("426 0x3 0x1 0x1 0x1 0x0 0x0 0x7ffd 0x7f", Access::Change),
            ("-1 0x7ffd 0x7f", Access::Change),
            ("", Access::Change),
        ];
        for (text, access) in cases {
            assert_eq!(from_syscall(text), access, "{text}");
        }
    }
}
