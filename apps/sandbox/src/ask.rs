//! The asker's side: hands bytes in, and believes of the answer no more than its type.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::{
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
    let bounded = stream
        .set_read_timeout(Some(WAITING))
        .and_then(|()| stream.set_write_timeout(Some(WAITING)));
    bounded.map_err(NoAnswer::Absent)?;
    let handed = hand_in(stream, job.into(), content);
    match handed {
        Err(NoAnswer::Content(error)) => return Err(NoAnswer::Content(error)),
        Err(NoAnswer::TooLong) => return Err(NoAnswer::TooLong),
        // A worker that broke before it had read everything: its starter says so.
        Err(
            NoAnswer::Absent(_) | NoAnswer::Broke | NoAnswer::NotStarted(_) | NoAnswer::NotShutIn,
        )
        | Ok(()) => {}
    }
    let mut line = Vec::new();
    let read = BufReader::new(stream)
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
    mut stream: &UnixStream,
    work: crate::Work,
    (mut content, of): (impl Read, u64),
) -> Result<(), NoAnswer> {
    let follow = of.min(MOST);
    let request = Request { work, follow, of };
    let mut line = serde_json::to_vec(&request).map_err(|error| NoAnswer::Content(error.into()))?;
    line.push(b'\n');
    let late = |error| {
        if is_late(&error) {
            NoAnswer::TooLong
        } else {
            NoAnswer::Absent(error)
        }
    };
    stream.write_all(&line).map_err(late)?;
    let mut left = follow;
    let mut buffer = vec![0; BUFFER];
    while left > 0 {
        let most = usize::try_from(left).map_or(BUFFER, |left| left.min(BUFFER));
        let read = content
            .read(&mut buffer[..most])
            .map_err(NoAnswer::Content)?;
        if read == 0 {
            return Err(NoAnswer::Content(io::ErrorKind::UnexpectedEof.into()));
        }
        stream.write_all(&buffer[..read]).map_err(late)?;
        left -= read as u64;
    }
    Ok(())
}

fn is_late(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// For those before, and for the work.
const WAITING: Duration = Duration::from_secs(20);
const BUFFER: usize = 64 * 1024;
