//! The process: one thread, one socket, one folder. The kernel says who asks; only the hub and root are answered.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_model::Wall;
use hygie_platform::{
    clock,
    linux::{
        peer::peer,
        service::{self, start_nothing},
        walls::{NotWalled, Room, shut_in},
    },
};

use super::{
    desk::{Desk, Trouble},
    keeper::KeeperError,
    words::{Question, Refusal, Reply},
};

/// What the signer is started with.
#[derive(Clone, Debug)]
pub struct SignerOptions {
    /// Its keys and its register; made if there is none, the last part of the path only.
    pub folder: PathBuf,
    /// Where it is asked. Whoever may write the folder around it can put another one there.
    pub socket: PathBuf,
    /// The number of the user that the hub runs as.
    pub hub: u32,
}

/// Why the signer does not run.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// Its folder.
    #[error("the signer's folder: {0}")]
    Folder(#[from] KeeperError),
    /// Its socket.
    #[error(
        "{path}: {source}; the folder around the signer's socket must be there and be writable for it"
    )]
    Socket {
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What it has no use for could not be given up; with it the signer does not go on.
    #[error("the signer could not give up its rights: {0}")]
    Rights(#[from] NotWalled),
}

/// Runs the signer until it is ended. To be called by a process that does nothing else.
///
/// # Errors
/// Its folder or socket is not right, or its rights cannot be given up: before anything is answered.
pub fn run(options: &SignerOptions) -> Result<(), SignerError> {
    let mut signer = Signer {
        desk: Desk::open(&options.folder)?,
        hub: options.hub,
    };
    let listener = listen(&options.socket)?;
    let walls = shut_in(&room(&options.folder))?;
    start_nothing().map_err(NotWalled::from)?;
    if let Some(missing) = walls.missing() {
        let _ = writeln!(io::stderr(), "hygie signer: {missing}");
    }
    signer.serve(&listener, clock::wall);
    Ok(())
}

/// Its keys and its register, and whoever comes to its socket: no network of any kind, no program, no other file.
pub(super) fn room(folder: &Path) -> Room {
    Room {
        keeps: vec![folder.to_owned()],
        files: MOST_FILES,
        ..Room::bare()
    }
}

/// The desk, and whom it serves.
#[derive(Debug)]
pub(super) struct Signer {
    pub(super) desk: Desk,
    pub(super) hub: u32,
}

impl Signer {
    /// Serves one asker after the other.
    pub(super) fn serve(&mut self, listener: &UnixListener, now: impl Fn() -> Wall) {
        for stream in listener.incoming() {
            match stream {
                // Whoever goes away, or is too slow, gets no answer.
                Ok(stream) => drop(self.attend(&stream, &now)),
                // No descriptors, for example: trying again at once would not help.
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
    }

    /// Answers one asker's questions for as long as anyone may keep the others waiting.
    fn attend(&mut self, stream: &UnixStream, now: impl Fn() -> Wall) -> io::Result<()> {
        stream.set_write_timeout(Some(WRITING))?;
        let uid = peer(stream)?.uid;
        if uid != self.hub && uid != ROOT {
            return say(stream, &refused(Refusal::Stranger));
        }
        let until = clock::mono().after(PATIENCE);
        let mut reader = BufReader::new(stream);
        loop {
            let line = read_line(&mut reader, || until.since(clock::mono()))?;
            let question = match line {
                Line::Ended => return Ok(()),
                Line::TooLong => return say(stream, &refused(Refusal::TooLong)),
                Line::Whole(bytes) => serde_json::from_slice::<Question>(&bytes),
            };
            let reply = match question {
                Ok(question) => self.reply(question, now()),
                Err(_) => refused(Refusal::Unclear),
            };
            say(stream, &reply)?;
        }
    }

    fn reply(&mut self, question: Question, now: Wall) -> Reply {
        self.desk.answer(question, now).unwrap_or_else(|trouble| {
            if !matches!(trouble, Trouble::Refused(_)) {
                // To the system's journal: what is wrong with the folder is for whoever can mend it.
                let _ = writeln!(io::stderr(), "hygie signer: {trouble}");
            }
            refused(trouble.refusal())
        })
    }
}

/// One line of a stream.
pub(super) enum Line {
    /// Without its end.
    Whole(Vec<u8>),
    /// More than a question has.
    TooLong,
    /// The other end is gone; what it began to say is nothing.
    Ended,
}

/// Reads one line while `left` says that there is time.
pub(super) fn read_line(
    reader: &mut BufReader<&UnixStream>,
    left: impl Fn() -> Duration,
) -> io::Result<Line> {
    read_line_within(reader, left, LONGEST)
}

/// As [`read_line`], with a bound of one's own.
pub(super) fn read_line_within(
    reader: &mut BufReader<&UnixStream>,
    left: impl Fn() -> Duration,
    longest: usize,
) -> io::Result<Line> {
    let mut line = Vec::new();
    loop {
        let left = left();
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        reader.get_ref().set_read_timeout(Some(left))?;
        let here = reader.fill_buf()?.len();
        if here == 0 {
            return Ok(Line::Ended);
        }
        // What is here already: no further wait in it.
        reader.take(here as u64).read_until(b'\n', &mut line)?;
        let whole = line.pop_if(|last| *last == b'\n').is_some();
        if line.len() > longest {
            return Ok(Line::TooLong);
        }
        if whole {
            return Ok(Line::Whole(line));
        }
    }
}

/// Opens the socket.
pub(super) fn listen(socket: &Path) -> Result<UnixListener, SignerError> {
    service::listen(socket).map_err(|source| SignerError::Socket {
        path: socket.to_owned(),
        source,
    })
}

fn refused(why: Refusal) -> Reply {
    Reply::Refused { why }
}

fn say(mut stream: &UnixStream, reply: &Reply) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(reply)?;
    bytes.push(b'\n');
    stream.write_all(&bytes)
}

const ROOT: u32 = 0;
/// An honest question is a request of a thousand bytes.
const LONGEST: usize = 64 * 1024;
/// For all questions of one asker: the next one waits.
const PATIENCE: Duration = Duration::from_secs(3);
const WRITING: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);
/// Its folder, its socket, one asker, one file; the rest is what it was started with.
const MOST_FILES: u64 = 64;
