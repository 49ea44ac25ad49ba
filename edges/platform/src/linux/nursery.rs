//! A confined process that makes a child for each piece of work. What all of them need is loaded once, before the first; each
//! child is a copy of that, shut in further before it reads a byte, and gone after its answer.
//!
//! **Why a fork, and not one process for many.** Whoever writes a hostile message may take over the process that reads it. It
//! could then answer for the messages after it: call a trap safe, or a colleague's letter a trap. So no process ever reads two.
//! - The nursery reads no content. Streams are handed through it, as descriptors, with one byte that says nothing.
//! - A child has one stream, of its own message alone, and whoever asked believes nothing that comes over another. It closes the
//!   nursery's own before it reads, so it cannot say how it ended, nor what somebody else is.
//! - Memory is copied on write; what could be shared between them (`MAP_SHARED`) the filter refuses to both.
//! - A child can start, signal, trace and open nothing: it has the worker's filter on top of the nursery's, and no limit of its
//!   own is higher. What the nursery may do beyond a worker is in [`more`], and ends in the child.
//! - A child that outlives its time goes with the nursery, which whoever asked ends.
//!
//! All children of one nursery have the same layout in memory, which would help whoever tries twice. So whoever asks replaces
//! the nursery after each fall, and after some hundreds of children in any case.

use std::{
    fs::{self, File},
    io::{self, IoSlice, IoSliceMut, Read},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, FromRawFd, OwnedFd},
        unix::net::UnixStream,
    },
    panic::{AssertUnwindSafe, catch_unwind},
};

use rustix::{
    io::{Errno, retry_on_intr},
    net::{
        RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
    },
    process::{
        Pid, Signal, WaitOptions, WaitStatus, getpid, getppid, set_parent_process_death_signal,
        waitpid,
    },
};
use seccompiler::{
    BackendError, BpfProgram, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule,
};

use super::confine::{self, Bounds, Further, NOTHING, NotConfined};

/// What a nursery says, a byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is shut in, and loaded.
    Ready,
    /// It, or its child, could not be shut in, and nothing was read.
    NotShutIn,
    /// No child could be made.
    NoChild,
    /// Its child ended as it should.
    Ended,
    /// Its child worked for longer than it may.
    OutOfTime,
    /// Its child broke, or the kernel ended it.
    Broke,
}

impl Said {
    const ALL: [Self; 6] = [
        Self::Ready,
        Self::NotShutIn,
        Self::NoChild,
        Self::Ended,
        Self::OutOfTime,
        Self::Broke,
    ];

    const fn byte(self) -> u8 {
        match self {
            Self::Ready => b'r',
            Self::NotShutIn => b'n',
            Self::NoChild => b'c',
            Self::Ended => b'e',
            Self::OutOfTime => b't',
            Self::Broke => b'b',
        }
    }

    /// The next thing that a nursery says.
    ///
    /// # Errors
    /// It is gone, or says nothing in the stream's time.
    pub fn next(mut control: &UnixStream) -> io::Result<Self> {
        let mut byte = [0];
        control.read_exact(&mut byte)?;
        let said = Self::ALL.into_iter().find(|said| said.byte() == byte[0]);
        said.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    fn say(self, control: &UnixStream) -> io::Result<()> {
        // The plain call: the filter knows no other.
        retry_on_intr(|| rustix::io::write(control, &[self.byte()]))?;
        Ok(())
    }
}

/// Has a nursery make a child for this stream.
///
/// # Errors
/// It is gone.
pub fn hand_over(control: &UnixStream, stream: impl AsFd) -> io::Result<()> {
    let fds = [stream.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut rights = SendAncillaryBuffer::new(&mut space);
    if !rights.push(SendAncillaryMessage::ScmRights(&fds)) {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    let byte = [IoSlice::new(&[0])];
    retry_on_intr(|| sendmsg(control, &byte, &mut rights, SendFlags::NOSIGNAL))?;
    Ok(())
}

/// Why a nursery ended.
#[derive(Debug, thiserror::Error)]
pub enum NurseryError {
    /// It could not be shut in: before anything was read.
    #[error(transparent)]
    NotConfined(#[from] NotConfined),
    /// A process of several threads makes no children of itself.
    #[error("a nursery has one thread")]
    Threads,
    /// Whoever asked is gone.
    #[error("the nursery's asker: {0}")]
    Asker(#[from] io::Error),
}

/// Shuts the calling process in, loads what `load` loads, and makes a child for each stream that is handed over, one after the
/// other, until whoever asks closes its end. To be called once, by a process that does nothing else: its control is its standard
/// input, and nothing is open beside its standard streams.
///
/// # Errors
/// It could not be shut in, or whoever asks is gone.
pub fn nurse(
    bounds: Bounds,
    load: impl FnOnce(),
    attend: impl Fn(&File) -> io::Result<()>,
) -> Result<(), NurseryError> {
    // SAFETY: it is open, and nothing else in a process that does nothing else reads or closes it. It is taken, not copied: a
    // copy would stay with the children.
    let control = unsafe { OwnedFd::from_raw_fd(libc::STDIN_FILENO) };
    nursed(control.into(), bounds, load, attend)
}

fn nursed(
    control: UnixStream,
    bounds: Bounds,
    load: impl FnOnce(),
    attend: impl Fn(&File) -> io::Result<()>,
) -> Result<(), NurseryError> {
    let own = getpid();
    let walls = one_thread().and_then(|()| Ok(shut_in(bounds)?));
    let childs = match walls {
        Ok(childs) => childs,
        Err(error) => {
            Said::NotShutIn.say(&control)?;
            return Err(error);
        }
    };
    load();
    Said::Ready.say(&control)?;
    loop {
        let Some(stream) = handed(&control)? else {
            return Ok(());
        };
        // SAFETY: the process has one thread, so that the copy is one in which nothing stands half done.
        let said = match unsafe { libc::fork() } {
            0 => {
                drop(control);
                let stream = stream.into();
                let code = child(&stream, own, &childs, &attend);
                // SAFETY: ends this process, without the ends of what it is a copy of.
                unsafe { libc::_exit(code) }
            }
            number => {
                drop(stream);
                Pid::from_raw(number).map_or(Said::NoChild, ended)
            }
        };
        said.say(&control)?;
    }
}

fn one_thread() -> Result<(), NurseryError> {
    match fs::read_dir("/proc/self/task").map(Iterator::count) {
        Ok(1) => Ok(()),
        Ok(_) => Err(NurseryError::Threads),
        Err(error) => Err(error.into()),
    }
}

/// The nursery's walls; the filter of its children.
fn shut_in(bounds: Bounds) -> Result<BpfProgram, NotConfined> {
    let refused = |error: BackendError| NotConfined::Filter(io::Error::other(error));
    let childs = confine::filter()?;
    let own = more().and_then(confine::with).map_err(refused)?;
    confine::walls()?;
    confine::limit(bounds, ITS_CHILDREN)?;
    confine::apply(&own)?;
    Ok(childs)
}

/// What a nursery may do beyond a worker: take descriptors, copy itself, wait for the copy; and what the copy needs until it is
/// shut in as a worker.
fn more() -> Result<Vec<(i64, Vec<SeccompRule>)>, BackendError> {
    let copies = (libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID) as u64;
    // No thread, no name space, nothing shared: flags that are not of a plain copy end it.
    let copy = SeccompCmpOp::MaskedEq(!copies);
    let copy = SeccompCondition::new(0, SeccompCmpArgLen::Qword, copy, libc::SIGCHLD as u64)?;
    let is = |argument, value: i32| {
        let value = u64::from(value.cast_unsigned());
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
    };
    let rule = |condition| SeccompRule::new(vec![condition]);
    Ok(vec![
        (libc::SYS_recvmsg, Vec::new()),
        (libc::SYS_clone, vec![rule(copy)?]),
        (libc::SYS_wait4, Vec::new()),
        // A debug build looks whether what it closes is open.
        (libc::SYS_fcntl, vec![rule(is(1, libc::F_GETFD)?)?]),
        // The copy's own: glibc's record of locks, then its walls.
        (libc::SYS_set_robust_list, Vec::new()),
        (libc::SYS_getppid, Vec::new()),
        (libc::SYS_prlimit64, vec![rule(is(0, 0)?)?]),
        (
            libc::SYS_prctl,
            vec![
                rule(is(0, libc::PR_SET_PDEATHSIG)?)?,
                rule(is(0, libc::PR_SET_NO_NEW_PRIVS)?)?,
            ],
        ),
        (
            libc::SYS_seccomp,
            vec![rule(is(0, libc::SECCOMP_SET_MODE_FILTER.cast_signed())?)?],
        ),
    ])
}

/// The next stream; `None` when whoever asks has closed its end.
fn handed(control: &UnixStream) -> io::Result<Option<OwnedFd>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut rights = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let got = retry_on_intr(|| {
        let mut into = [IoSliceMut::new(&mut byte)];
        recvmsg(control, &mut into, &mut rights, RecvFlags::CMSG_CLOEXEC)
    })?;
    if got.bytes == 0 {
        return Ok(None);
    }
    let stream = rights.drain().find_map(|message| {
        let RecvAncillaryMessage::ScmRights(mut streams) = message else {
            return None;
        };
        streams.next()
    });
    stream
        .map(Some)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The copy: shuts itself in as a worker, and does its one work. What it ends with is all that the nursery learns of it.
fn child(
    stream: &File,
    nursery: Pid,
    filter: &BpfProgram,
    attend: &impl Fn(&File) -> io::Result<()>,
) -> i32 {
    if further(nursery, filter).is_err() {
        return NOT_SHUT_IN;
    }
    match catch_unwind(AssertUnwindSafe(|| attend(stream))) {
        Ok(Ok(())) => 0,
        Ok(Err(_)) | Err(_) => BROKE,
    }
}

fn further(nursery: Pid, filter: &BpfProgram) -> Result<(), NotConfined> {
    // It goes with the nursery, also where that is gone already.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid() != Some(nursery) {
        return Err(Errno::SRCH.into());
    }
    NOTHING.lower()?;
    confine::apply(filter)
}

fn ended(child: Pid) -> Said {
    let ended = retry_on_intr(|| waitpid(Some(child), WaitOptions::empty()));
    match ended {
        Ok(Some((_, status))) => how(status),
        Ok(None) | Err(_) => Said::Broke,
    }
}

fn how(status: WaitStatus) -> Said {
    let out_of_time = [Signal::XCPU, Signal::KILL].map(Signal::as_raw);
    match (status.exit_status(), status.terminating_signal()) {
        (Some(0), _) => Said::Ended,
        (Some(NOT_SHUT_IN), _) => Said::NotShutIn,
        (_, Some(signal)) if out_of_time.contains(&signal) => Said::OutOfTime,
        (_, _) => Said::Broke,
    }
}

/// The standard streams, of which the control is one, and the stream of one child. How many processes its user has is
/// nothing that a nursery could know.
const ITS_CHILDREN: Further = Further {
    processes: None,
    descriptors: 4,
};
const NOT_SHUT_IN: i32 = 3;
const BROKE: i32 = 1;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_is_said_is_understood() {
        let (one, other) = UnixStream::pair().unwrap();
        for said in Said::ALL {
            said.say(&one).unwrap();
            assert_eq!(Said::next(&other).unwrap(), said);
        }
        (&one).write_all(b"x").unwrap();
        assert!(Said::next(&other).is_err());
        drop(one);
        assert!(Said::next(&other).is_err());
    }

    #[test]
    fn a_stream_is_handed_over() {
        let (one, other) = UnixStream::pair().unwrap();
        let (mut here, there) = UnixStream::pair().unwrap();
        hand_over(&one, &there).unwrap();
        drop(there);
        let there = handed(&other).unwrap().unwrap();
        UnixStream::from(there).write_all(b"hello").unwrap();
        let mut said = String::new();
        here.read_to_string(&mut said).unwrap();
        assert_eq!(said, "hello");
        drop(one);
        assert!(handed(&other).unwrap().is_none());
    }

    /// The walls are tested on processes of their own, in `hygie-sandbox`.
    #[test]
    fn a_process_of_several_threads_is_no_nursery() {
        let (one, other) = UnixStream::pair().unwrap();
        let bounds = Bounds {
            memory: 1,
            seconds: 1,
        };
        std::thread::scope(|scope| {
            // Beside this one, until something is said.
            let said = scope.spawn(move || Said::next(&one).unwrap());
            let nursed = nursed(other, bounds, || (), |_| Ok(()));
            assert!(matches!(nursed, Err(NurseryError::Threads)), "{nursed:?}");
            assert_eq!(said.join().unwrap(), Said::NotShutIn);
        });
    }
}
