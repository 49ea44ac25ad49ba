//! Who asks: the program behind a thread, and what its system call is about to do.

use std::{io, path::PathBuf};

use crate::{Access, Reach};

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

/// The process that a thread belongs to; `None` when it is gone.
#[must_use]
pub fn of_thread(thread: i32) -> Option<u32> {
    let text = std::fs::read_to_string(format!("/proc/{thread}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}

/// What the system call in which a thread is held will do to the file that it opens or uses.
/// What cannot be read for certain (io_uring, openat2 by pointer, 32-bit programs) counts as a
/// change.
#[must_use]
pub fn access(thread: i32) -> Access {
    held_call(thread).map_or(Access::Change, |text| from_syscall(&text))
}

/// How much of the file the system call may change in which a thread is held on its way to the content
/// (PRE_ACCESS, which tells neither a read from a write nor how far a truncation goes).
#[must_use]
pub fn reach(thread: i32) -> Reach {
    held_call(thread).map_or(Reach::Everything, |text| reach_of(&text))
}

/// The call that a thread sleeps in, as the kernel prints it.
fn held_call(thread: i32) -> Option<String> {
    // "running" shows for an instant before the thread is asleep; on a busy machine it may have
    // been put off the processor on the way. A reader taken for a writer would wait for a copy.
    for look in 0..LOOKS {
        match std::fs::read_to_string(format!("/proc/{thread}/syscall")) {
            Ok(text) if text.starts_with("running") => {
                if look >= 8 {
                    std::thread::sleep(LOOK_AGAIN);
                }
            }
            Ok(text) => return Some(text),
            Err(_) => return None,
        }
    }
    None
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

fn reach_of(text: &str) -> Reach {
    let word = |nth: usize| text.split_ascii_whitespace().nth(nth);
    let argument = |nth: usize| u64::from_str_radix(word(nth + 1)?.strip_prefix("0x")?, 16).ok();
    let from = |at: Option<u64>| at.map_or(Reach::Everything, Reach::From);
    // A call of a 32-bit program has another number: none of those that meet a hold is one of these.
    match word(0).and_then(|word| word.parse::<i64>().ok()) {
        Some(
            libc::SYS_read
            | libc::SYS_pread64
            | libc::SYS_readv
            | libc::SYS_preadv
            | libc::SYS_preadv2,
        ) => Reach::Nothing,
        // An append is told at the descriptor's place, and lands behind the end.
        Some(
            libc::SYS_write
            | libc::SYS_pwrite64
            | libc::SYS_writev
            | libc::SYS_pwritev
            | libc::SYS_pwritev2
            | libc::SYS_copy_file_range
            | libc::SYS_sendfile
            | libc::SYS_splice,
        ) => Reach::Range,
        Some(libc::SYS_truncate | libc::SYS_ftruncate) => from(argument(1)),
        Some(libc::SYS_fallocate) => {
            const MOVES_THE_REST: i32 =
                libc::FALLOC_FL_COLLAPSE_RANGE | libc::FALLOC_FL_INSERT_RANGE;
            match argument(1).and_then(|mode| i32::try_from(mode).ok()) {
                Some(mode) if mode & MOVES_THE_REST == 0 => Reach::Range,
                Some(_) | None => from(argument(2)),
            }
        }
        // A shared mapping can grow later without being told; a private one changes nothing.
        Some(libc::SYS_mmap) => match argument(3).and_then(|flags| i32::try_from(flags).ok()) {
            Some(flags) if flags & libc::MAP_TYPE == libc::MAP_PRIVATE => Reach::Nothing,
            Some(_) | None => Reach::Everything,
        },
        Some(_) | None => Reach::Everything,
    }
}

const _: () = assert!(
    libc::MAP_TYPE == 0xf,
    "MAP_SHARED_VALIDATE is a type of its own"
);

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
    #[test]
    fn what_a_call_may_change_is_read_from_its_arguments() {
        let cases = [
            (
                "0 0x3 0x7ffd 0x1000 0x0 0x0 0x0 0x7ffd 0x7f",
                Reach::Nothing,
            ),
            ("1 0x3 0x7ffd 0x1000 0x0 0x0 0x0 0x7ffd 0x7f", Reach::Range),
            (
                "18 0x3 0x7ffd 0x1000 0x2000 0x0 0x0 0x7f 0x7f",
                Reach::Range,
            ),
            (
                "76 0x7f 0x2000 0x0 0x0 0x0 0x0 0x7f 0x7f",
                Reach::From(8192),
            ),
            ("77 0x3 0x0 0x0 0x0 0x0 0x0 0x7f 0x7f", Reach::From(0)),
            ("285 0x3 0x3 0x1000 0x10 0x0 0x0 0x7f 0x7f", Reach::Range),
            (
                "285 0x3 0x8 0x1000 0x1000 0x0 0x0 0x7f 0x7f",
                Reach::From(4096),
            ),
            ("9 0x0 0x1000 0x1 0x2 0x3 0x0 0x7f 0x7f", Reach::Nothing),
            ("9 0x0 0x1000 0x3 0x1 0x3 0x0 0x7f 0x7f", Reach::Everything),
            ("10 0x0 0x1000 0x3 0x1 0x3 0x0 0x7f 0x7f", Reach::Everything),
            ("426 0x3 0x1 0x1 0x1 0x0 0x0 0x7ffd 0x7f", Reach::Everything),
            (
                "4 0x3 0x7ffd 0x1000 0x0 0x0 0x0 0x7f 0x7f",
                Reach::Everything,
            ),
            ("-1 0x7ffd 0x7f", Reach::Everything),
            ("running", Reach::Everything),
        ];
        for (text, reach) in cases {
            assert_eq!(reach_of(text), reach, "{text}");
        }
    }
}
