//! The socket: the kernel says who asks; only the hub and root are answered, one question a connection.

use std::{io, sync::Arc, time::Duration};

use hygie_platform::linux::peer::peer;
use hygie_wire::post::{Answer, LONGEST_LINE, Refusal};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use zeroize::Zeroizing;

use crate::desk::{Desk, refused};

/// Serves until the process is ended.
pub(crate) async fn serve(listener: UnixListener, desk: Arc<Desk>, hub: u32) {
    let places = Arc::new(Semaphore::new(PLACES));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No descriptors, for example: trying again at once would not help.
            sleep(PAUSE).await;
            continue;
        };
        let asker = peer(&stream).map(|peer| peer.uid);
        if !asker.is_ok_and(|uid| uid == hub || uid == ROOT) {
            at_once(&stream, &refused(Refusal::Stranger));
            continue;
        }
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            at_once(&stream, &refused(Refusal::Busy));
            continue;
        };
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            // Whoever goes away, or is too slow, gets no answer.
            let _ = attend(stream, &desk).await;
            drop(place);
        });
    }
}

async fn attend(mut stream: UnixStream, desk: &Desk) -> io::Result<()> {
    let answer = match timeout(PATIENCE, line(&mut stream)).await?? {
        Line::Ended => return Ok(()),
        Line::TooLong => refused(Refusal::TooLong),
        Line::Whole(bytes) => match serde_json::from_slice(&bytes) {
            Ok(ask) => {
                drop(bytes);
                desk.answer(ask).await
            }
            Err(_) => refused(Refusal::Unclear),
        },
    };
    let bytes = bytes_of(&answer)?;
    timeout(PATIENCE, stream.write_all(&bytes)).await?
}

enum Line {
    /// Without its end.
    Whole(Zeroizing<Vec<u8>>),
    /// More than a question has.
    TooLong,
    /// The other end is gone; what it began to say is nothing.
    Ended,
}

async fn line(stream: &mut UnixStream) -> io::Result<Line> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(FIRST_ROOM));
    let mut reader = BufReader::new(stream).take(LONGEST_LINE as u64 + 1);
    reader.read_until(b'\n', &mut bytes).await?;
    if bytes.pop_if(|last| *last == b'\n').is_some() {
        return Ok(Line::Whole(bytes));
    }
    Ok(if bytes.len() > LONGEST_LINE {
        Line::TooLong
    } else {
        Line::Ended
    })
}

/// To one who is not waited for: a fresh socket has room for a line.
fn at_once(stream: &UnixStream, answer: &Answer) {
    if let Ok(bytes) = bytes_of(answer) {
        let _ = stream.try_write(&bytes);
    }
}

fn bytes_of(answer: &Answer) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(answer)?;
    bytes.push(b'\n');
    Ok(bytes)
}

const ROOT: u32 = 0;
/// Askers at the same time: an honest hub has one or two.
pub(crate) const PLACES: usize = 16;
/// For a question to come in whole.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(100);
/// A road or a letter find room at once: growing would leave copies of a password behind.
const FIRST_ROOM: usize = 8 * 1024;
