//! The asker's side of the guard's door.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use super::{Question, Reply};

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
