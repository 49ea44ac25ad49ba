//! What short-lived processes ran: `rm` is gone before anybody asks what it is. A thread that goes before others looks
//! at each executable as it begins.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::sight::{Image, image};
use crate::linux::{
    forks::{Drained, Forks, What},
    halt::Haste,
};

/// Executables by the process that began them and the moment at which the kernel says it did.
#[derive(Clone, Debug)]
pub(super) struct Glances(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    images: HashMap<Began, Image>,
    order: VecDeque<Began>,
}

/// A process, and when it began the program (as [`crate::linux::forks::Event::at`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Began {
    /// Its number.
    pub process: u32,
    /// Nanoseconds of the clock that only goes forward.
    pub at: u64,
}

impl Glances {
    /// Looks from here on, until the last clone is dropped; none where the kernel does not tell.
    pub(super) fn begin() -> Option<Self> {
        let forks = Forks::open().ok()?;
        let glances = Self(Arc::default());
        let seen = Arc::downgrade(&glances.0);
        let begun = std::thread::Builder::new()
            .name("hygie-glances".into())
            .spawn(move || watch(forks, &seen));
        begun.is_ok().then_some(glances)
    }

    pub(super) fn of(&self, began: Began) -> Option<Image> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.images.get(&began).cloned()
    }
}

impl Seen {
    fn keep(&mut self, began: Began, image: Image) {
        if self.order.len() >= MOST_SEEN
            && let Some(oldest) = self.order.pop_front()
        {
            self.images.remove(&oldest);
        }
        self.order.push_back(began);
        self.images.insert(began, image);
    }
}

fn watch(mut forks: Forks, seen: &Weak<Mutex<Seen>>) {
    let _haste = Haste::begin();
    let mut events = Vec::new();
    loop {
        let _interrupted = poll(&mut [PollFd::new(&forks, PollFlags::IN)], Some(&TURN));
        let Some(seen) = seen.upgrade() else { return };
        loop {
            let drained = forks.drain(&mut events);
            for event in events.drain(..) {
                if let What::Exec { process } = event.what
                    && let Some(image) = image(process)
                {
                    let at = event.at;
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.keep(Began { process, at }, image);
                }
            }
            match drained {
                Ok(Drained::Part) => {}
                Ok(Drained::All) => break,
                Err(_) => return,
            }
        }
    }
}

/// Longer than any act of a program waits to be judged; some 300 bytes each.
const MOST_SEEN: usize = 16_384;
/// How often it is looked whether anybody wants to know.
const TURN: Timespec = Timespec {
    tv_sec: 1,
    tv_nsec: 0,
};
