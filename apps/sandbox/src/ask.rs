//! The asker's side: hands bytes in, and believes of the answer no more than its type.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use hygie_model::Mono;
use hygie_platform::clock;

use crate::{
    Work,
    job::{Fall, Job, MOST, Request, Said},
    keeper::{ended, start},
};

/// Where the sandbox is asked.
#[derive(Clone, Debug)]
pub struct Sandbox(At);

#[derive(Clone, Debug)]
enum At {
    /// A keeper's socket.
    Kept(PathBuf),
    /// Here: each request starts a worker.
    Own,
}

/// No answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// It does not run, or the connection broke.
    #[error("the sandbox does not run: {0}; it is started with the console")]
    Absent(io::Error),
    /// No worker could be started.
    #[error("no process could be started that reads it shut in: {0}")]
    NotStarted(io::Error),
    /// The kernel did not shut the worker in, and so it read nothing.
    #[error("this kernel cannot shut a process in, and nothing is read outside of that")]
    NotShutIn,
    /// The content could not be read.
    #[error("what was to be handed in could not be read: {0}")]
    Content(io::Error),
    /// It took too long, or others were before it for too long.
    #[error("the sandbox took too long; ask again")]
    TooLong,
    /// The process ended: what was handed in is not what it seems.
    #[error("what was handed in could not be read in the sandbox")]
    Broke,
}

impl Sandbox {
    /// The sandbox of that socket.
    #[must_use]
    pub fn at(socket: &Path) -> Self {
        Self(At::Kept(socket.to_owned()))
    }

    /// Workers of this process's own, shut in likewise: for whoever may not ask the keeper, or finds none. To be used by a
    /// program that is a worker when it is started with [`WORK_VERB`](crate::WORK_VERB).
    #[must_use]
    pub const fn own() -> Self {
        Self(At::Own)
    }

    /// How much of a content is worth handing in.
    #[must_use]
    pub const fn most() -> u64 {
        MOST
    }

    /// Has one work done on the first bytes of a content `of` so many bytes.
    ///
    /// # Errors
    /// There is no answer; nothing of the asker is touched by that.
    pub fn ask<J: Job>(&self, job: J, content: (impl Read, u64)) -> Result<J::Answer, NoAnswer> {
        match &self.0 {
            At::Kept(socket) => {
                let stream = UnixStream::connect(socket).map_err(NoAnswer::Absent)?;
                over(&stream, job, content)
            }
            At::Own => own(job, content),
        }
    }
}

/// Starts a worker, and waits for both its answer and its end: whoever says nothing, or says it too slowly, is ended.
fn own<J: Job>(job: J, content: (impl Read, u64)) -> Result<J::Answer, NoAnswer> {
    let (stream, other) = UnixStream::pair().map_err(NoAnswer::NotStarted)?;
    let child = start(&other).map_err(NoAnswer::NotStarted)?;
    // It alone has that end now, so that its end is seen.
    drop(other);
    let (answer, end) = thread::scope(|scope| {
        let end = scope.spawn(move || ended(child));
        let answer = over(&stream, job, content);
        drop(stream);
        (answer, end.join())
    });
    match (answer, end) {
        (Err(NoAnswer::Broke | NoAnswer::Absent(_)), Ok(Ok(Some(Fall::TooLong)))) => {
            Err(NoAnswer::TooLong)
        }
        // The stream breaks when it ends in the middle of what it was handed.
        (Err(NoAnswer::Absent(_)), _) => Err(NoAnswer::Broke),
        (answer, _) => answer,
    }
}

fn over<J: Job>(
    stream: &UnixStream,
    job: J,
    content: (impl Read, u64),
) -> Result<J::Answer, NoAnswer> {
    let until = until(WAITING);
    handed(stream, job.into(), content, until)?;
    answer::<J>(stream, until)
}

/// Hands a request in. Whether it was taken, its answer shows.
pub(crate) fn handed(
    stream: &UnixStream,
    work: Work,
    content: (impl Read, u64),
    until: Mono,
) -> Result<(), NoAnswer> {
    match hand_in(&mut InTime { stream, until }, work, content) {
        Err(NoAnswer::Content(error)) => Err(NoAnswer::Content(error)),
        Err(NoAnswer::TooLong) => Err(NoAnswer::TooLong),
        // A worker that broke before it had read everything: its starter says so.
        Err(
            NoAnswer::Absent(_) | NoAnswer::Broke | NoAnswer::NotStarted(_) | NoAnswer::NotShutIn,
        )
        | Ok(()) => Ok(()),
    }
}

/// What was answered.
pub(crate) fn answer<J: Job>(stream: &UnixStream, until: Mono) -> Result<J::Answer, NoAnswer> {
    let mut line = Vec::new();
    let read = BufReader::with_capacity(BUFFER, InTime { stream, until })
        .take(J::LONGEST)
        .read_until(b'\n', &mut line);
    match read {
        Err(error) if is_late(&error) => return Err(NoAnswer::TooLong),
        Err(error) => return Err(NoAnswer::Absent(error)),
        Ok(_) => {}
    }
    match serde_json::from_slice(&line) {
        Ok(Said::Answer(answer)) => Ok(answer),
        Ok(Said::Fall(Fall::TooLong)) => Err(NoAnswer::TooLong),
        Ok(Said::Fall(Fall::NotShutIn)) => Err(NoAnswer::NotShutIn),
        Ok(Said::Fall(Fall::Broke)) | Err(_) => Err(NoAnswer::Broke),
    }
}

fn hand_in(
    stream: &mut InTime<'_>,
    work: Work,
    (mut content, of): (impl Read, u64),
) -> Result<(), NoAnswer> {
    let follow = of.min(MOST);
    let request = Request { work, follow, of };
    let mut some = serde_json::to_vec(&request).map_err(|error| NoAnswer::Content(error.into()))?;
    some.push(b'\n');
    let mut left = follow;
    loop {
        // The first of the content goes with the line: most messages are short.
        let read = content
            .by_ref()
            .take(left.min(BUFFER as u64))
            .read_to_end(&mut some)
            .map_err(NoAnswer::Content)?;
        if read == 0 && left > 0 {
            return Err(NoAnswer::Content(io::ErrorKind::UnexpectedEof.into()));
        }
        left -= read as u64;
        stream.write_all(&some).map_err(|error| {
            if is_late(&error) {
                NoAnswer::TooLong
            } else {
                NoAnswer::Absent(error)
            }
        })?;
        some.clear();
        if left == 0 {
            return Ok(());
        }
    }
}

/// A stream that waits until then, however slowly something comes.
struct InTime<'a> {
    stream: &'a UnixStream,
    until: Mono,
}

/// So long from now.
pub(crate) fn until(wait: Duration) -> Mono {
    let wait = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
    Mono(clock::mono().0.saturating_add(wait))
}

/// What is left until then.
///
/// # Errors
/// Nothing is.
pub(crate) fn left(until: Mono) -> io::Result<Duration> {
    match until.0.saturating_sub(clock::mono().0) {
        0 => Err(io::ErrorKind::TimedOut.into()),
        left => Ok(Duration::from_nanos(left)),
    }
}

impl Read for InTime<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.until)?))?;
        self.stream.read(into)
    }
}

impl Write for InTime<'_> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.until)?))?;
        self.stream.write(from)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) fn is_late(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// For those before, and for the work.
const WAITING: Duration = Duration::from_secs(20);
const BUFFER: usize = 64 * 1024;
