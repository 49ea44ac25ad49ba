//! The hub's side of the signer's door.

use std::{
    io::{self, BufReader, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
    time::Duration,
};

use hygie_platform::clock;

use super::{
    ca::CaError,
    keeper::KeeperError,
    signer::{Line, read_line_within},
    words::{Question, Refusal, Reply},
};

/// Where the signer is asked; each question is a connection of its own, so nobody waits for another.
#[derive(Clone, Debug)]
pub struct SignerDoor {
    socket: PathBuf,
}

/// Why the signer's answer is not there.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No signer runs, it did not answer in time, or it ended meanwhile.
    #[error("the signer does not answer: {0}; is it running?")]
    Silent(#[from] io::Error),
    /// It answered something that is no answer to this.
    #[error("the signer's answer cannot be understood; is it of the same version?")]
    Answer,
    /// It answered that it will not.
    #[error("the signer refuses: {0}")]
    Refused(#[from] Refusal),
    /// A key or a certificate of the hub's own.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The hub's own folder.
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    /// What the TLS library says of keys and lists.
    #[error("the TLS library refuses it: {0}")]
    Tls(String),
}

impl SignerDoor {
    /// The door at this socket.
    #[must_use]
    pub fn new(socket: impl Into<PathBuf>) -> Self {
        Self {
            socket: socket.into(),
        }
    }

    /// Asks one question and waits for its answer, seconds at most: not to be called where others wait.
    ///
    /// # Errors
    /// Nobody answers, or the answer is no.
    pub fn ask(&self, question: &Question) -> Result<Reply, AskError> {
        let stream = UnixStream::connect(&self.socket)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut bytes = serde_json::to_vec(question).map_err(io::Error::from)?;
        bytes.push(b'\n');
        // A signer that refuses before it reads has closed its end, and said why.
        let written = (&stream).write_all(&bytes);
        let until = clock::mono().after(PATIENCE);
        let mut reader = BufReader::new(&stream);
        let line = read_line_within(&mut reader, || until.since(clock::mono()), LONGEST_REPLY);
        match (line, written) {
            (Ok(Line::Whole(line)), _) => {
                let reply = serde_json::from_slice(&line).map_err(|_| AskError::Answer)?;
                if let Reply::Refused { why } = reply {
                    return Err(why.into());
                }
                Ok(reply)
            }
            (Ok(Line::TooLong), _) => Err(AskError::Answer),
            (Ok(Line::Ended) | Err(_), Err(error)) | (Err(error), Ok(())) => Err(error.into()),
            (Ok(Line::Ended), Ok(())) => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
        }
    }
}

/// Others may be served first.
const PATIENCE: Duration = Duration::from_secs(15);
/// A list of all devices that there may be is a third of it.
const LONGEST_REPLY: usize = 1024 * 1024;
