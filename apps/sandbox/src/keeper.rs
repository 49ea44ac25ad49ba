//! Starts a worker for each request, one at a time, and ends it when its time is over. It parses nothing itself: the guard,
//! which holds descriptors of everybody's files, starts no process for that; this one holds nothing.

use std::{
    fs,
    io::{self, Write},
    os::{
        fd::{AsFd, OwnedFd},
        unix::{
            fs::{FileTypeExt, PermissionsExt},
            net::{UnixListener, UnixStream},
            process::ExitStatusExt,
        },
    },
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use hygie_platform::linux::peer::peer;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::Mode,
    process::{
        DumpableBehavior, Pid, PidfdFlags, Resource, Rlimit, Signal, getrlimit, pidfd_open,
        set_dumpable_behavior, setrlimit, umask,
    },
    thread::{CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs},
};

use crate::{
    job::{Fall, Said},
    worker::WORK_VERB,
};

/// What the keeper is started with.
#[derive(Clone, Debug)]
pub struct KeeperOptions {
    /// Where it is asked. Whoever may write the folder around it can put another one there.
    pub socket: PathBuf,
    /// The number of the user that may ask, beside root.
    pub asker: u32,
}

/// Why no sandbox is kept.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// Its socket.
    #[error(
        "{path}: {source}; the folder around the sandbox's socket must be there and be writable for it"
    )]
    Socket {
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What it has no use for could not be given up.
    #[error("the sandbox could not give up its rights: {0}")]
    Rights(io::Error),
}

/// Keeps a sandbox until it is ended. To be called by a process that does nothing else: a worker is this program with the
/// verb [`WORK_VERB`].
///
/// # Errors
/// Its socket is not right, or its rights cannot be given up: before anything is answered.
pub fn keep(options: &KeeperOptions) -> Result<(), KeeperError> {
    umask(Mode::RWXG | Mode::RWXO);
    let listener = listen(&options.socket).map_err(|source| KeeperError::Socket {
        path: options.socket.clone(),
        source,
    })?;
    give_up_rights().map_err(KeeperError::Rights)?;
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => drop(attend(stream, options.asker)),
            // No descriptors, for example: trying again at once would not help.
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
    Ok(())
}

/// One request, one process.
fn attend(mut stream: UnixStream, asker: u32) -> io::Result<()> {
    let uid = peer(&stream)?.uid;
    if uid != asker && uid != ROOT {
        return Ok(());
    }
    stream.set_write_timeout(Some(WRITING))?;
    let child = start(&stream)?;
    let Some(fall) = ended(child)? else {
        return Ok(());
    };
    let mut line = serde_json::to_vec(&Said::<()>::Fall(fall))?;
    line.push(b'\n');
    stream.write_all(&line)
}

/// A worker that is asked, and answers, over a stream. It ends with the thread that starts it.
pub(crate) fn start(stream: &UnixStream) -> io::Result<Child> {
    let (asked, answered) = (stream.try_clone()?, stream.try_clone()?);
    Command::new("/proc/self/exe")
        .arg(WORK_VERB)
        .current_dir("/")
        .env_clear()
        .stdin(Stdio::from(OwnedFd::from(asked)))
        .stdout(Stdio::from(OwnedFd::from(answered)))
        .stderr(Stdio::null())
        .spawn()
}

/// Waits for a worker, no longer than its time; what is to be said where it said nothing.
pub(crate) fn ended(mut child: Child) -> io::Result<Option<Fall>> {
    let pid = Pid::from_child(&child);
    let in_time = pidfd_open(pid, PidfdFlags::empty()).and_then(|ends| {
        let mut ends = [PollFd::from_borrowed_fd(ends.as_fd(), PollFlags::IN)];
        poll(&mut ends, Some(&TIME))
    });
    let late = !matches!(in_time, Ok(ready) if ready > 0);
    if late {
        child.kill()?;
    }
    let status = child.wait()?;
    Ok(match (late, status.success()) {
        (false, true) => None,
        (true, _) => Some(Fall::TooLong),
        (false, false) if is_out_of_time(status) => Some(Fall::TooLong),
        (false, false) => Some(Fall::Broke),
    })
}

/// The kernel ends whoever worked for more seconds than it may: with the one signal at the soft limit, or the other.
fn is_out_of_time(status: ExitStatus) -> bool {
    let ends = [Signal::XCPU, Signal::KILL].map(Signal::as_raw);
    status.signal().is_some_and(|signal| ends.contains(&signal))
}

/// Opens the socket, in place of one that an ended keeper left.
fn listen(socket: &Path) -> io::Result<UnixListener> {
    match fs::symlink_metadata(socket) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(socket)?,
        // Another kind of file is not ours to remove: binding will say that it is in the way.
        Ok(_) | Err(_) => {}
    }
    let listener = UnixListener::bind(socket)?;
    // The folder around it keeps others out, and the kernel says who knocks.
    fs::set_permissions(socket, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// It starts workers, and may nothing more than its user.
fn give_up_rights() -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_no_new_privs(true)?;
    let none = CapabilitySet::empty();
    let sets = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    set_capabilities(None, sets)?;
    for (resource, most) in [(Resource::Core, 0), (Resource::Nofile, MOST_FILES)] {
        // Only ever downwards.
        let most = getrlimit(resource)
            .maximum
            .map_or(most, |now| now.min(most));
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

const ROOT: u32 = 0;
/// For one request, from its start.
const TIME: Timespec = Timespec {
    tv_sec: 12,
    tv_nsec: 0,
};
const WRITING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(100);
/// Its socket, one asker, what a child is started with.
const MOST_FILES: u64 = 64;
