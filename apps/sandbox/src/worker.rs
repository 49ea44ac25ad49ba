//! The process that parses: shuts itself in, reads one request, answers, ends. What breaks in it breaks nothing else.

use std::{
    io::{self, BufRead, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use hygie_platform::linux::confine::{Bounds, NotConfined, confine};
use serde::Serialize;

use crate::job::{Fall, Job, MOST, Part, Request, Said, Work};

/// The verb with which a program that holds a sandbox is started as a worker.
pub const WORK_VERB: &str = "sandbox-work";

/// What one request may use. A picture of forty million points takes a third of the memory.
pub const BOUNDS: Bounds = Bounds {
    memory: 512 * 1024 * 1024,
    seconds: 8,
};

/// Reads a request from the standard input, and answers on the standard output. To be called by a process that does nothing
/// else, with nothing else open.
///
/// # Errors
/// It could not be shut in, before anything was read; or whoever asked is gone.
pub fn work() -> Result<(), WorkError> {
    // What a parser says as it breaks may hold what it read.
    std::panic::set_hook(Box::new(|_| {}));
    if let Err(error) = confine(BOUNDS) {
        put(&Said::<()>::Fall(Fall::NotShutIn))?;
        return Err(error.into());
    }
    let mut asked = io::stdin().lock();
    let mut line = Vec::new();
    asked.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
    let request: Request = serde_json::from_slice(&line).map_err(io::Error::from)?;
    let follow = request.follow.min(MOST);
    let mut bytes = Vec::with_capacity(usize::try_from(follow).unwrap_or(0));
    asked.take(follow).read_to_end(&mut bytes)?;
    let part = Part {
        bytes: &bytes,
        of: request.of,
    };
    match request.work {
        Work::Preview(job) => put(&tried(&job, part)),
        Work::Message(job) => put(&tried(&job, part)),
    }
}

fn put<A: Serialize>(said: &Said<A>) -> Result<(), WorkError> {
    let mut line = serde_json::to_vec(said).map_err(io::Error::from)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()?;
    Ok(())
}

/// A parser that panics is one that could not read it.
fn tried<J: Job>(job: &J, part: Part<'_>) -> Said<J::Answer> {
    let said = catch_unwind(AssertUnwindSafe(|| job.run(part)));
    said.map_or(Said::Fall(Fall::Broke), Said::Answer)
}

/// Why a worker answered nothing.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// It does not read unless it is shut in.
    #[error("the sandbox is not shut in, and reads nothing: {0}")]
    NotConfined(#[from] NotConfined),
    /// The request, or whoever asked.
    #[error("the request: {0}")]
    Request(#[from] io::Error),
}

const LONGEST: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::Preview;

    struct Panics;

    impl From<Panics> for Work {
        fn from(_: Panics) -> Self {
            Self::Preview(Preview {})
        }
    }

    impl Job for Panics {
        type Answer = u8;

        fn run(&self, part: Part<'_>) -> u8 {
            part.bytes[usize::try_from(part.of).unwrap()]
        }
    }

    #[test]
    fn a_parser_that_panics_is_told_as_broken() {
        let (bytes, of) = (&b"ab"[..], 2);
        let said = tried(&Panics, Part { bytes, of });
        assert!(matches!(said, Said::Fall(Fall::Broke)));
        let said = tried(&Panics, Part { bytes, of: 1 });
        assert!(matches!(said, Said::Answer(b'b')));
    }
}
