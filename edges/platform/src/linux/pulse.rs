//! A page of memory that guard, witness and their parent share: heartbeats, and what is held.
//! Whoever finds a heart silent can answer what the other had read.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rustix::{
    fs::{MemfdFlags, ftruncate, memfd_create},
    mm::{MapFlags, ProtFlags, mmap, munmap},
};

/// The words of the page. Values are plain numbers, so no half-written state can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Monotonic nanoseconds of the guard's last beat.
    GuardBeat,
    /// Monotonic nanoseconds of the witness's last beat.
    WitnessBeat,
    /// The guard's process number; 0 while there is none.
    GuardProcess,
    /// The witness's process number.
    WitnessProcess,
    /// 1 while the guard answers; 0 while the witness must.
    GuardServes,
    /// The highest descriptor number under which the guard has read a held event.
    HighestEvent,
    /// Held events that the witness has answered.
    WitnessAnswers,
    /// 1 when a person asked Hygie to stop.
    Stopping,
    /// How often a guard was started.
    Starts,
    /// 1 once all that has this page is to end: whoever begins after that ends at once.
    Condemned,
    /// 1 when the guard ended so that fewer folders are protected: whoever starts the next one reads the configuration again.
    Fewer,
}

const WORDS: usize = 16;
/// How many holds the page can name; beyond them the witness tries numbers.
pub const SLOTS: usize = 1008;
const BYTES: usize = (WORDS + SLOTS) * 8;

/// The group that an event came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The group of unknown files, marked on whole file systems.
    Wide,
    /// The group of changing files, marked on inodes.
    Near,
}

/// What shall be answered if nobody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// Let it go on.
    Allow,
    /// Refuse it.
    Deny,
}

/// A hold that waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Where it came from.
    pub source: Source,
    /// The descriptor number under which the guard read it.
    pub event: RawFd,
    /// What to answer if the guard does not.
    pub fallback: Fallback,
}

/// The shared page.
#[derive(Clone)]
pub struct Pulse(Arc<Page>);

struct Page {
    fd: OwnedFd,
    base: *mut AtomicU64,
}

// SAFETY: the mapping lives as long as the `Page` and is only touched through atomics.
unsafe impl Send for Page {}
// SAFETY: as above.
unsafe impl Sync for Page {}

impl Pulse {
    /// A new page, all zero.
    ///
    /// # Errors
    /// The kernel's, at its limits.
    pub fn new() -> io::Result<Self> {
        let fd = memfd_create("hygie-pulse", MemfdFlags::CLOEXEC)?;
        ftruncate(&fd, BYTES as u64)?;
        Self::from_fd(fd)
    }

    /// The page of another process.
    ///
    /// # Errors
    /// When the descriptor is no such page.
    pub fn from_fd(fd: OwnedFd) -> io::Result<Self> {
        if rustix::fs::fstat(&fd)?.st_size != BYTES as i64 {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        let flags = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new shared mapping of a file of exactly this length.
        let base = unsafe { mmap(std::ptr::null_mut(), BYTES, flags, MapFlags::SHARED, &fd, 0)? };
        Ok(Self(Arc::new(Page {
            fd,
            base: base.cast(),
        })))
    }

    fn cell(&self, index: usize) -> &AtomicU64 {
        assert!(index < WORDS + SLOTS, "a word of the page");
        // SAFETY: within the mapping by the line above; page-aligned; never unmapped before drop.
        unsafe { &*self.0.base.add(index) }
    }

    /// Reads a word.
    #[must_use]
    pub fn get(&self, word: Word) -> u64 {
        self.cell(word as usize).load(Ordering::SeqCst)
    }

    /// Writes a word.
    pub fn set(&self, word: Word, value: u64) {
        self.cell(word as usize).store(value, Ordering::SeqCst);
    }

    /// Counts a word up by one.
    pub fn count(&self, word: Word) {
        self.cell(word as usize).fetch_add(1, Ordering::SeqCst);
    }

    /// Notes a hold in a free slot; `None` when all are taken. `hint` is where to look first.
    #[must_use]
    pub fn note(&self, held: Held, hint: usize) -> Option<usize> {
        let value = encode(held);
        (0..SLOTS)
            .map(|step| (hint + step) % SLOTS)
            .take(64)
            .find(|slot| {
                self.cell(WORDS + slot)
                    .compare_exchange(0, value, Ordering::SeqCst, Ordering::SeqCst)
                    .is_ok()
            })
    }

    /// Frees a slot.
    pub fn free(&self, slot: usize) {
        self.cell(WORDS + slot).store(0, Ordering::SeqCst);
    }

    /// All holds that are noted, and their slots.
    #[must_use]
    pub fn held(&self) -> Vec<(usize, Held)> {
        (0..SLOTS)
            .filter_map(|slot| {
                let value = self.cell(WORDS + slot).load(Ordering::SeqCst);
                (value != 0).then(|| (slot, decode(value)))
            })
            .collect()
    }
}

impl AsFd for Pulse {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.fd.as_fd()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: the mapping was made in `from_fd` with this length, and nobody holds a
        // reference into it once the page goes.
        let _ = unsafe { munmap(self.base.cast(), BYTES) };
    }
}

const TAKEN: u64 = 1 << 63;
const DENY: u64 = 1 << 62;
const NEAR: u64 = 1 << 61;

fn encode(held: Held) -> u64 {
    let source = match held.source {
        Source::Wide => 0,
        Source::Near => NEAR,
    };
    let fallback = match held.fallback {
        Fallback::Allow => 0,
        Fallback::Deny => DENY,
    };
    TAKEN | source | fallback | u64::from(held.event.cast_unsigned())
}

fn decode(value: u64) -> Held {
    Held {
        source: if value & NEAR == 0 {
            Source::Wide
        } else {
            Source::Near
        },
        event: u32::try_from(value & 0xffff_ffff)
            .unwrap_or(0)
            .cast_signed(),
        fallback: if value & DENY == 0 {
            Fallback::Allow
        } else {
            Fallback::Deny
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_process_notes_another_reads() {
        let ours = Pulse::new().unwrap();
        let theirs = Pulse::from_fd(ours.as_fd().try_clone_to_owned().unwrap()).unwrap();
        ours.set(Word::GuardBeat, 42);
        assert_eq!(theirs.get(Word::GuardBeat), 42);
        let held = Held {
            source: Source::Near,
            event: 17,
            fallback: Fallback::Deny,
        };
        let slot = ours.note(held, 5).unwrap();
        assert_eq!(theirs.held(), [(slot, held)]);
        theirs.free(slot);
        assert!(ours.held().is_empty());
    }

    #[test]
    fn another_file_is_no_page() {
        let other: OwnedFd = tempfile::tempfile().unwrap().into();
        assert!(Pulse::from_fd(other).is_err());
    }
}
