//! Starts a worker for each request, one at a time, and ends it when its time is over. It parses nothing itself: the guard,
//! which holds descriptors of everybody's files, starts no process for that; this one holds nothing.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::{
        fd::{AsFd, OwnedFd},
        unix::{fs::PermissionsExt, net::UnixStream, process::ExitStatusExt},
    },
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use hygie_platform::linux::{
    peer::peer,
    service::listen,
    walls::{NotWalled, Programs, Room, shut_in},
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, pidfd_open},
};

use crate::{
    job::{Fall, Said},
    worker::{BOUNDS, WORK_VERB},
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
    Rights(#[from] NotWalled),
}

/// Keeps a sandbox until it is ended. To be called by a process that does nothing else: a worker is this program with the
/// verb [`WORK_VERB`].
///
/// # Errors
/// Its socket is not right, or its rights cannot be given up: before anything is answered.
pub fn keep(options: &KeeperOptions) -> Result<(), KeeperError> {
    let socket = |source| KeeperError::Socket {
        path: options.socket.clone(),
        source,
    };
    let listener = listen(&options.socket).map_err(socket)?;
    // The folder around it keeps others out, and the kernel says who knocks.
    let own = Permissions::from_mode(0o600);
    fs::set_permissions(&options.socket, own).map_err(socket)?;
    let walls = shut_in(&room())?;
    if let Some(missing) = walls.missing() {
        let _ = writeln!(io::stderr(), "hygie sandbox: {missing}");
    }
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => drop(attend(stream, options.asker)),
            // No descriptors, for example: trying again at once would not help.
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
    Ok(())
}

/// It starts workers of this program, whose bounds are their own, and answers whoever comes to its socket.
fn room() -> Room {
    Room {
        programs: Programs::Itself,
        memory: BOUNDS.memory,
        files: MOST_FILES,
        ..Room::bare()
    }
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
    itself(WORK_VERB)
        .stdin(Stdio::from(OwnedFd::from(asked)))
        .stdout(Stdio::from(OwnedFd::from(answered)))
        .spawn()
}

/// This program once more, with nothing of this process but the streams that it is given.
pub(crate) fn itself(verb: &str) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command
        .arg(verb)
        .current_dir("/")
        .env_clear()
        .stderr(Stdio::null());
    command
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
