//! Many requests, a process of its own for each, and what they need loaded once: by a nursery, which is this program with the
//! verb [`NURSE_VERB`]. Why a process for each all the same stands in `hygie_platform::linux::nursery`.

use std::{
    io::{self, Read},
    os::{fd::OwnedFd, unix::net::UnixStream},
    process::{Child, Stdio},
    time::Duration,
};

use hygie_model::Mono;
use hygie_platform::linux::nursery::{Said, hand_over};

use crate::{
    Job, NoAnswer,
    ask::{answer, handed, is_late, left, until},
    keeper::itself,
    worker::NURSE_VERB,
};

/// Has requests answered one after the other. Whoever wants some at once has some of these, each in a thread that lives as long:
/// a nursery ends with the thread that started it.
#[derive(Debug, Default)]
pub struct Nursery {
    running: Option<Running>,
    started: u64,
}

/// The process.
#[derive(Debug)]
struct Running {
    process: Child,
    control: UnixStream,
    children: u32,
}

impl Nursery {
    /// None runs yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            running: None,
            started: 0,
        }
    }

    /// How many nurseries were started until now: one, one more after each fall, and one more for each [`MOST`](Self::MOST).
    #[must_use]
    pub const fn started(&self) -> u64 {
        self.started
    }

    /// Children of one nursery.
    pub const MOST: u32 = 500;

    /// Has one work done on the first bytes of a content `of` so many bytes.
    ///
    /// # Errors
    /// There is no answer; nothing of the asker is touched by that, and the next is asked of another nursery.
    pub fn ask<J: Job>(
        &mut self,
        job: J,
        content: (impl Read, u64),
    ) -> Result<J::Answer, NoAnswer> {
        let until = until(TIME);
        let mut running = match self.running.take() {
            Some(running) if running.children < Self::MOST => running,
            Some(_) | None => {
                self.started += 1;
                Running::start(until)?
            }
        };
        running.children += 1;
        let (answer, said) = running.one(job, content, until)?;
        if said == Said::Ended {
            self.running = Some(running);
        }
        match (answer, said) {
            (Ok(answer), _) => Ok(answer),
            (Err(_), Said::NotShutIn) => Err(NoAnswer::NotShutIn),
            (Err(_), Said::OutOfTime) => Err(NoAnswer::TooLong),
            (Err(_), Said::NoChild) => Err(NoAnswer::NotStarted(io::ErrorKind::WouldBlock.into())),
            // The stream breaks when it ends in the middle of what it was handed.
            (Err(NoAnswer::Absent(_)), Said::Broke | Said::Ended | Said::Ready) => {
                Err(NoAnswer::Broke)
            }
            (Err(none), Said::Broke | Said::Ended | Said::Ready) => Err(none),
        }
    }
}

impl Running {
    /// Starts one, and waits until it is shut in.
    fn start(until: Mono) -> Result<Self, NoAnswer> {
        let (control, other) = UnixStream::pair().map_err(NoAnswer::NotStarted)?;
        let process = itself(NURSE_VERB)
            .stdin(Stdio::from(OwnedFd::from(other)))
            .stdout(Stdio::null())
            .spawn()
            .map_err(NoAnswer::NotStarted)?;
        let running = Self {
            process,
            control,
            children: 0,
        };
        match running.said(until) {
            Ok(Said::Ready) => Ok(running),
            Ok(Said::NotShutIn) => Err(NoAnswer::NotShutIn),
            Ok(Said::NoChild | Said::Ended | Said::OutOfTime | Said::Broke) => {
                Err(NoAnswer::NotStarted(io::ErrorKind::InvalidData.into()))
            }
            Err(error) => Err(NoAnswer::NotStarted(error)),
        }
    }

    fn said(&self, until: Mono) -> io::Result<Said> {
        self.control.set_read_timeout(Some(left(until)?))?;
        Said::next(&self.control)
    }

    /// What a child answers, and how it ended.
    fn one<J: Job>(
        &self,
        job: J,
        content: (impl Read, u64),
        until: Mono,
    ) -> Result<(Result<J::Answer, NoAnswer>, Said), NoAnswer> {
        let (stream, other) = UnixStream::pair().map_err(NoAnswer::NotStarted)?;
        // What is short waits in the stream: the child finds it there, and nobody is woken twice.
        let is_short = content.1 <= SHORT;
        let (before, after) = if is_short {
            (Some(content), None)
        } else {
            (None, Some(content))
        };
        let work = job.into();
        if let Some(content) = before {
            handed(&stream, work.clone(), content, until)?;
        }
        hand_over(&self.control, &other).map_err(NoAnswer::NotStarted)?;
        // The child alone has that end now, so that its end is seen.
        drop(other);
        if let Some(content) = after {
            handed(&stream, work, content, until)?;
        }
        let answer = answer::<J>(&stream, until);
        drop(stream);
        match self.said(until) {
            Ok(said) => Ok((answer, said)),
            Err(error) if is_late(&error) => Ok((answer, Said::OutOfTime)),
            // The nursery itself is gone.
            Err(_) => Ok((answer, Said::Broke)),
        }
    }
}

impl Drop for Running {
    /// A child that still runs goes with it.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// For one request, the start of a nursery included.
const TIME: Duration = Duration::from_secs(12);
/// What surely fits into a stream.
const SHORT: u64 = 32 * 1024;
