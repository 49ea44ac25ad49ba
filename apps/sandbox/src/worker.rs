//! The process that parses: shuts itself in, reads one request, answers, ends. What breaks in it breaks nothing else.

use std::{
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use hygie_platform::linux::{
    confine::{Bounds, NotConfined, confine},
    nursery::{self, NurseryError},
};
use serde::Serialize;

use crate::{
    job::{Fall, Job, MOST, Part, Request, Said, Work},
    message::Received,
};

/// The verb with which a program that holds a sandbox is started as a worker.
pub const WORK_VERB: &str = "sandbox-work";

/// The verb with which it is started as a nursery, which makes workers of itself.
pub const NURSE_VERB: &str = "sandbox-nurse";

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
        put(&Said::<()>::Fall(Fall::NotShutIn), &mut io::stdout())?;
        return Err(error.into());
    }
    Ok(attend(io::stdin().lock(), io::stdout().lock())?)
}

/// Makes a worker of itself for each request, so that what they need is loaded once. To be called by a process that does
/// nothing else, with a control as its standard input.
///
/// # Errors
/// It could not be shut in, before anything was read; or whoever asked is gone.
pub fn nurse() -> Result<(), WorkError> {
    std::panic::set_hook(Box::new(|_| {}));
    Ok(nursery::nurse(BOUNDS, load, |stream| {
        attend(BufReader::new(stream), stream)
    })?)
}

/// Reads what every message makes a worker load: of our own writing, so that nothing of a stranger is in what is copied.
fn load() {
    let read = tried(&Received::Mail {}, Part::all(SAMPLE));
    let _ = serde_json::to_writer(io::sink(), &read);
    let request = br#"{"work":"message","received":"mail","follow":0,"of":0}"#;
    let _ = attend(&request[..], io::sink());
}

/// One request, and its answer.
fn attend(mut asked: impl BufRead, mut out: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    asked.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
    let request: Request = serde_json::from_slice(&line)?;
    let follow = request.follow.min(MOST);
    let mut bytes = Vec::with_capacity(usize::try_from(follow).unwrap_or(0));
    asked.take(follow).read_to_end(&mut bytes)?;
    let part = Part {
        bytes: &bytes,
        of: request.of,
    };
    match request.work {
        Work::Preview(job) => put(&tried(&job, part), &mut out),
        Work::Message(job) => put(&tried(&job, part), &mut out),
    }
}

fn put<A: Serialize>(said: &Said<A>, out: &mut impl Write) -> io::Result<()> {
    // Not as a whole first: an answer may be long, and the message it is about still is in memory.
    let mut out = BufWriter::with_capacity(AT_ONCE, out);
    serde_json::to_writer(&mut out, said)?;
    out.write_all(b"\n")?;
    out.flush()
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
    /// The same, of the process that makes workers.
    #[error("the sandbox's nursery: {0}")]
    Nursery(#[from] NurseryError),
    /// The request, or whoever asked.
    #[error("the request: {0}")]
    Request(#[from] io::Error),
}

const LONGEST: u64 = 4096;
const AT_ONCE: usize = 64 * 1024;
/// Two alternatives, links, a name to be decoded: what most messages have.
const SAMPLE: &[u8] = b"From: =?utf-8?q?Zo=C3=A9?= <zoe@labo.example>\r\nTo: a@b.example\r\nSubject: R\r\n\
    Date: Mon, 30 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=q\r\n\r\n\
    --q\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    Bonjour =E9, voir https://www.labo.example/r et labo.fr/x.\r\n\
    --q\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
    PHAgc3R5bGU9J2NvbG9yOiNmZmYnPkJvbmpvdXIgPGEgaHJlZj0naHR0cHM6Ly93d3cubGFiby5leGFtcGxlL3InPnI8L2E+PC9wPg==\r\n--q--\r\n";

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
