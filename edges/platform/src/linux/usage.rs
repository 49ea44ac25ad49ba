//! What a child process cost: processor time and memory, its own and of those that it waited for. On a machine that others use
//! too, the time that a child worked says more than the time that passed.

use std::{
    io,
    mem::MaybeUninit,
    os::unix::process::ExitStatusExt,
    process::{Child, ExitStatus},
    time::Duration,
};

/// What a process used, with its children that are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Time of work, its own and the kernel's for it.
    pub work: Duration,
    /// The most memory that the largest of them had at once, in bytes; what its starter had when it was started counts.
    pub peak: u64,
}

/// Waits for a child.
///
/// # Errors
/// It was waited for already.
pub fn wait(child: Child) -> io::Result<(ExitStatus, Usage)> {
    let number = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    let mut used = MaybeUninit::<libc::rusage>::zeroed();
    loop {
        // SAFETY: both places are valid for what is written to them. The child is this process's own and is not waited for
        // elsewhere: it was moved in here.
        let waited = unsafe { libc::wait4(number, &raw mut status, 0, used.as_mut_ptr()) };
        if waited == number {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: the kernel filled it in; and zeros, which it was made of, are a value of it as well.
    let used = unsafe { used.assume_init() };
    let usage = Usage {
        work: duration(used.ru_utime) + duration(used.ru_stime),
        peak: u64::try_from(used.ru_maxrss).unwrap_or(0) << 10,
    };
    Ok((ExitStatus::from_raw(status), usage))
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let micros = u64::try_from(time.tv_usec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn work_of_a_child_and_of_its_children_is_counted() {
        let busy = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
        let run = |script: String| {
            let child = Command::new("/bin/sh").args(["-c", &script]).spawn();
            wait(child.unwrap()).unwrap()
        };
        let (status, little) = run("exit 3".into());
        assert_eq!(status.code(), Some(3));
        let (_, own) = run(busy.into());
        let (_, childs) = run(format!("( {busy} ); true"));
        assert!(own.work > little.work && childs.work > little.work);
        assert!(little.peak > 100_000);
    }
}
