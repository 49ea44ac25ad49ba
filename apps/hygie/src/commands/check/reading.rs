//! Has messages read by processes that are shut in, as many at once as there are processors, and hands them over in the order
//! in which they lie there. How much is in memory does not depend on how many there are.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

use anyhow::Result;
use hygie_phish::Message;
use hygie_sandbox::{NoAnswer, Nursery, message::Received};

use super::messages::{Found, Handed, NoMessage};

/// Why there is nothing to judge.
pub(super) enum NotRead {
    /// There is no message.
    Nothing(NoMessage),
    /// The sandbox says nothing.
    NoAnswer(NoAnswer),
}

/// Bytes of a message, and where its answer is waited for.
struct Asked {
    bytes: Vec<u8>,
    answer: mpsc::Sender<Result<Message, NoAnswer>>,
}

/// A message whose turn has not come.
struct Pending {
    found: Found,
    bytes: usize,
    read: Read,
}

enum Read {
    Nothing(NoMessage),
    Waited(mpsc::Receiver<Result<Message, NoAnswer>>),
}

/// Reads all, and has each taken.
///
/// # Errors
/// Of whoever takes them; then nothing further is read.
pub(super) fn each(
    messages: impl Iterator<Item = Found>,
    job: &Received,
    mut take: impl FnMut(&Found, Result<Message, NotRead>) -> Result<()>,
) -> Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (asked, asks) = mpsc::channel::<Asked>();
    let asks = Mutex::new(asks);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| answer_all(&asks, job));
        }
        // The workers end when nobody can ask them any more: in any case at the end of this.
        let asked = asked;
        let (mut pending, mut bytes) = (VecDeque::new(), 0);
        for found in messages {
            let one = hand_over(found, &asked);
            bytes += one.bytes;
            pending.push_back(one);
            while bytes > BYTES_AT_ONCE || pending.len() >= AT_ONCE {
                let Some(first) = pending.pop_front() else {
                    break;
                };
                bytes -= first.bytes;
                taken(first, &mut take)?;
            }
        }
        pending
            .into_iter()
            .try_for_each(|one| taken(one, &mut take))
    })
}

fn hand_over(mut found: Found, asked: &mpsc::Sender<Asked>) -> Pending {
    let (bytes, read) = match &mut found.handed {
        Handed::Nothing(none) => (0, Read::Nothing(none.clone())),
        Handed::Bytes(bytes) => {
            let bytes = std::mem::take(bytes);
            let (answer, waited) = mpsc::channel();
            let long = bytes.len();
            // Where no worker is left, there will be no answer.
            let _ = asked.send(Asked { bytes, answer });
            (long, Read::Waited(waited))
        }
    };
    Pending { found, bytes, read }
}

fn taken(
    pending: Pending,
    take: &mut impl FnMut(&Found, Result<Message, NotRead>) -> Result<()>,
) -> Result<()> {
    let read = match pending.read {
        Read::Nothing(none) => Err(NotRead::Nothing(none)),
        Read::Waited(waited) => waited
            .recv()
            .unwrap_or(Err(NoAnswer::Broke))
            .map_err(NotRead::NoAnswer),
    };
    take(&pending.found, read)
}

/// One thread, and the processes that it starts.
fn answer_all(asks: &Mutex<mpsc::Receiver<Asked>>, job: &Received) {
    let mut nursery = Nursery::new();
    loop {
        let next = asks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Asked { bytes, answer }) = next else {
            return;
        };
        let of = bytes.len() as u64;
        let read = nursery.ask(job.clone(), (&bytes[..], of));
        drop(bytes);
        if answer.send(read).is_err() {
            // Nobody takes any more.
            return;
        }
    }
}

/// Messages in memory at once, and their bytes, unless one alone has more.
const AT_ONCE: usize = 64;
const BYTES_AT_ONCE: usize = 4 << 20;
