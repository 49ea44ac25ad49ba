//! The post's door as the hub sees it: it says what is to be told and by which road, and hears what a server said.
//! Passwords pass through here on their way in, and never come back.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_wire::post::{Answer, Ask, LONGEST_LINE, LONGEST_SEND, Refusal};
use zeroize::Zeroizing;

/// Where the post of this machine is asked; each question is a connection of its own.
#[derive(Clone, Debug)]
pub(crate) struct PostDoor(PathBuf);

/// No answer. A letter may have gone out all the same: send it again under its number.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPost {
    /// No post runs, it did not answer in time, or it ended meanwhile.
    #[error("the post does not answer: {0}; is it running?")]
    Silent(#[from] io::Error),
    /// It answered something that is no answer.
    #[error("the post's answer cannot be understood; is it of the same version?")]
    Answer,
    /// It answered that it will not.
    #[error("the post refuses: {0}")]
    Refused(Refusal),
    /// The thread that asked is gone.
    #[error("the question was not asked: {0}")]
    Lost(#[from] tokio::task::JoinError),
}

impl PostDoor {
    /// The door of that socket.
    pub(crate) const fn at(socket: PathBuf) -> Self {
        Self(socket)
    }

    /// Asks one question.
    ///
    /// # Errors
    /// No post answers, or it refuses.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Answer, NoPost> {
        let socket = self.0.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let time = match ask {
                Ask::Send { .. } => Duration::from_secs(LONGEST_SEND),
                Ask::State {} | Ask::Keep { .. } | Ask::Drop { .. } => QUICK,
            };
            ask_within(&socket, &ask, time)
        });
        match asked.await?? {
            Answer::Refused { why } => Err(NoPost::Refused(why)),
            answer @ (Answer::State { .. }
            | Answer::Kept {}
            | Answer::Dropped {}
            | Answer::Taken { .. }
            | Answer::NotTaken { .. }) => Ok(answer),
        }
    }
}

fn ask_within(socket: &Path, ask: &Ask, time: Duration) -> Result<Answer, NoPost> {
    let stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(QUICK))?;
    stream.set_read_timeout(Some(time))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
    serde_json::to_writer(&mut *bytes, ask).map_err(io::Error::from)?;
    bytes.push(b'\n');
    // A post that refuses before it reads has closed its end, and said why.
    let written = (&stream).write_all(&bytes);
    let mut line = Vec::new();
    let mut reader = BufReader::new(&stream).take(LONGEST_LINE as u64);
    match (reader.read_until(b'\n', &mut line), written) {
        (Ok(_), _) if line.ends_with(b"\n") => {
            serde_json::from_slice(&line).map_err(|_| NoPost::Answer)
        }
        (Ok(_) | Err(_), Err(error)) | (Err(error), Ok(())) => Err(error.into()),
        (Ok(_), Ok(())) if line.len() >= LONGEST_LINE => Err(NoPost::Answer),
        (Ok(_), Ok(())) => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
    }
}

/// For what the post has at hand.
const QUICK: Duration = Duration::from_secs(5);
/// A road or a letter find room at once: growing would leave copies of a password behind.
const FIRST_ROOM: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    /// One question, answered with these bytes.
    async fn answered(bytes: &'static [u8]) -> Result<Answer, NoPost> {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("post.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let playing = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            // Whoever has heard enough hangs up.
            let _ = (&stream).write_all(bytes);
            line
        });
        let answer = PostDoor::at(socket).ask(Ask::State {}).await;
        assert_eq!(playing.join().unwrap(), "{\"ask\":\"state\"}\n");
        answer
    }

    #[tokio::test]
    async fn an_answer_is_whole_or_none() {
        let nothing = Answer::State {
            first: None,
            second: None,
        };
        let whole = answered(b"{\"answer\":\"state\",\"first\":null,\"second\":null}\n").await;
        assert_eq!(whole.unwrap(), nothing);
        let busy = answered(b"{\"answer\":\"refused\",\"why\":{\"refusal\":\"busy\"}}\n").await;
        assert!(matches!(busy, Err(NoPost::Refused(Refusal::Busy))));
        for no_answer in [
            b"".as_slice(),
            b"{\"answer\":\"kept\"}",
            b"{\"answer\":\"state\"",
        ] {
            let silent = answered(no_answer).await;
            assert!(matches!(silent, Err(NoPost::Silent(_))), "{silent:?}");
        }
        for other in [
            b"hello\n".as_slice(),
            b"{\"answer\":\"all\"}\n",
            &[b'x'; 2 * LONGEST_LINE],
        ] {
            let other = answered(other).await;
            assert!(matches!(other, Err(NoPost::Answer)), "{other:?}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_silence() {
        let folder = tempfile::tempdir().unwrap();
        let door = PostDoor::at(folder.path().join("post.sock"));
        let none = door.ask(Ask::State {}).await.unwrap_err();
        assert!(none.to_string().contains("is it running?"), "{none}");
    }
}
