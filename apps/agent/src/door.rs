//! The guard's door: a local socket for few, typed questions. Who asks is told by the kernel.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::sync_channel,
    },
    time::Duration,
};

use hygie_model::UpEvent;
use hygie_platform::linux::pulse::Word;
use rustix::{
    net::sockopt::socket_peercred,
    process::{Pid, Signal, kill_process},
};
use serde::{Deserialize, Serialize};

use crate::guard::{Inside, Status, Work};

/// What may be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Question {
    /// How things are.
    Status,
    /// What has happened since event number `from`; the door waits for news.
    Events {
        /// The first event wanted.
        from: usize,
    },
    /// Forget a file for good. Root only: it takes versions away.
    Forget {
        /// The file's path.
        path: PathBuf,
    },
    /// End in good order. Root only: it ends the protection.
    Stop,
}

/// What the guard says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// How things are.
    Status(Box<Status>),
    /// What has happened.
    Events {
        /// The events.
        events: Vec<UpEvent>,
        /// The number to ask for next.
        next: usize,
    },
    /// The file is forgotten.
    Forgotten {
        /// How many versions went.
        versions: u64,
        /// Their bytes.
        bytes: u64,
        /// Other files that hold the same content.
        still_held: Vec<PathBuf>,
        /// Names under which the file is there now.
        present: Vec<PathBuf>,
    },
    /// It could not be done; what the store said.
    Failed(String),
    /// It is being done.
    Done,
    /// Not for this asker.
    Refused,
    /// The question could not be read.
    Unclear,
}

/// Connections served at once; more are closed at once.
const CONNECTIONS: usize = 16;
/// A question is never longer.
const LONGEST: u64 = 4096;
/// How long the door waits for news before it answers that there is none.
const NEWS: Duration = Duration::from_millis(500);

/// Opens the door and serves it in threads of its own.
///
/// # Errors
/// When the socket cannot be made.
pub fn open(socket: &Path, inside: Inside) -> io::Result<()> {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    // The folder may be passed through by anyone; who may knock is decided here. Others than
    // root come in with the console, by a group of its own.
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
    let busy = Arc::new(AtomicUsize::new(0));
    std::thread::Builder::new()
        .name("hygie-door".into())
        .spawn(move || {
            for stream in listener.incoming().flatten() {
                if busy.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
                    busy.fetch_sub(1, Ordering::SeqCst);
                    continue;
                }
                let (inside, served) = (inside.clone(), Arc::clone(&busy));
                let spawned = std::thread::Builder::new().spawn(move || {
                    let _ = serve(&stream, &inside);
                    served.fetch_sub(1, Ordering::SeqCst);
                });
                if spawned.is_err() {
                    busy.fetch_sub(1, Ordering::SeqCst);
                }
            }
        })?;
    Ok(())
}

fn serve(stream: &UnixStream, inside: &Inside) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let asker = socket_peercred(stream)?;
    let mut writer = stream;
    loop {
        let mut line = Vec::new();
        let mut reader = BufReader::new(io::Read::take(stream, LONGEST));
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let reply = match serde_json::from_slice(&line) {
            Ok(Question::Status) => Reply::Status(Box::new(inside.board.status())),
            Ok(Question::Events { from }) => {
                let (events, next) = inside.board.events(from, NEWS);
                Reply::Events { events, next }
            }
            Ok(Question::Forget { path }) if asker.uid.is_root() => forget(inside, path),
            Ok(Question::Stop) if asker.uid.is_root() => {
                let guard = i32::try_from(inside.pulse.get(Word::GuardProcess)).ok();
                if let Some(pid) = guard.and_then(Pid::from_raw) {
                    kill_process(pid, Signal::TERM)?;
                }
                Reply::Done
            }
            Ok(Question::Stop | Question::Forget { .. }) => Reply::Refused,
            Err(_) => Reply::Unclear,
        };
        let mut bytes = serde_json::to_vec(&reply)?;
        bytes.push(b'\n');
        writer.write_all(&bytes)?;
    }
}

fn forget(inside: &Inside, path: PathBuf) -> Reply {
    let (reply, done) = sync_channel(1);
    if inside.store.send(Work::Forget(path, reply)).is_err() {
        return Reply::Unclear;
    }
    match done.recv_timeout(FORGETTING) {
        Ok(Ok(plan)) => Reply::Forgotten {
            versions: plan.versions,
            bytes: plan.bytes,
            still_held: plan
                .still_held
                .into_iter()
                .flat_map(|held| held.by)
                .collect(),
            present: plan.present,
        },
        Ok(Err(said)) => Reply::Failed(said),
        Err(_) => Reply::Failed("no answer from the store".into()),
    }
}

/// How long forgetting may take before the asker is told that it goes on.
const FORGETTING: Duration = Duration::from_secs(60);

/// A connection to the guard's door.
#[derive(Debug)]
pub struct Caller(BufReader<UnixStream>);

impl Caller {
    /// Knocks.
    ///
    /// # Errors
    /// `NotFound` or `ConnectionRefused` when no guard runs.
    pub fn knock(socket: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Waits so long for an answer.
    ///
    /// # Errors
    /// Never for a time above zero.
    pub fn waits(&mut self, time: Duration) -> io::Result<()> {
        self.0.get_ref().set_read_timeout(Some(time))
    }

    /// Asks one question.
    ///
    /// # Errors
    /// When the guard ended meanwhile, or answered what cannot be read.
    pub fn ask(&mut self, question: &Question) -> io::Result<Reply> {
        let mut bytes = serde_json::to_vec(question)?;
        bytes.push(b'\n');
        self.0.get_mut().write_all(&bytes)?;
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok(serde_json::from_str(&line)?)
    }
}
