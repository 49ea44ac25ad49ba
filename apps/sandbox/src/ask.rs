//! The asker's side: hands bytes in, and believes of the answer no more than its type.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::job::{Fall, Job, MOST, Request, Said};

/// Where the sandbox is asked.
#[derive(Clone, Debug)]
pub struct Sandbox(PathBuf);

/// No answer.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// It does not run, or the connection broke.
    #[error("the sandbox does not run: {0}; it is started with the console")]
    Absent(io::Error),
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
        Self(socket.to_owned())
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
    pub fn ask<J: Job>(
        &self,
        job: J,
        (content, of): (impl Read, u64),
    ) -> Result<J::Answer, NoAnswer> {
        let stream = UnixStream::connect(&self.0).map_err(NoAnswer::Absent)?;
        let bounded = stream
            .set_read_timeout(Some(WAITING))
            .and_then(|()| stream.set_write_timeout(Some(WAITING)));
        bounded.map_err(NoAnswer::Absent)?;
        let handed = hand_in(&stream, job.into(), (content, of));
        match handed {
            Err(NoAnswer::Content(error)) => return Err(NoAnswer::Content(error)),
            Err(NoAnswer::TooLong) => return Err(NoAnswer::TooLong),
            // A worker that broke before it had read everything: its starter says so.
            Err(NoAnswer::Absent(_) | NoAnswer::Broke) | Ok(()) => {}
        }
        let mut line = Vec::new();
        let read = BufReader::new(&stream)
            .take(LONGEST)
            .read_until(b'\n', &mut line);
        match read {
            Err(error) if is_late(&error) => return Err(NoAnswer::TooLong),
            Err(error) => return Err(NoAnswer::Absent(error)),
            Ok(_) => {}
        }
        match serde_json::from_slice(&line) {
            Ok(Said::Answer(answer)) => Ok(answer),
            Ok(Said::Fall(Fall::TooLong)) => Err(NoAnswer::TooLong),
            Ok(Said::Fall(Fall::Broke)) | Err(_) => Err(NoAnswer::Broke),
        }
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
/// A picture of two megabytes as text, and some words.
const LONGEST: u64 = 4 * 1024 * 1024;
