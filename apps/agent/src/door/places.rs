//! So many at once, and no more of them for one user: nobody can keep the others out.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Places for askers. Those beyond `for_all` are root's alone.
#[derive(Clone, Debug)]
pub(super) struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    room: Room,
    taken: Mutex<HashMap<u32, usize>>,
    left: Condvar,
}

/// How many places there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// For one user who is not root.
    pub(super) for_one: usize,
    /// For all who are not root.
    pub(super) for_all: usize,
    /// For root.
    pub(super) for_root: usize,
}

/// A place, free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    inner: Arc<Inner>,
    uid: u32,
}

impl Places {
    pub(super) fn new(room: Room) -> Self {
        Self(Arc::new(Inner {
            room,
            taken: Mutex::default(),
            left: Condvar::new(),
        }))
    }

    /// A place for this user, waiting at most so long for one.
    pub(super) fn take(&self, uid: u32, wait: Duration) -> Option<Place> {
        let inner = &self.0;
        let waiting = inner
            .left
            .wait_timeout_while(inner.lock(), wait, |taken| !inner.room.has_one(taken, uid));
        let (mut taken, late) = waiting.unwrap_or_else(PoisonError::into_inner);
        if late.timed_out() && !inner.room.has_one(&taken, uid) {
            return None;
        }
        *taken.entry(uid).or_default() += 1;
        Some(Place {
            inner: Arc::clone(inner),
            uid,
        })
    }
}

impl Room {
    fn has_one(self, taken: &HashMap<u32, usize>, uid: u32) -> bool {
        let own = taken.get(&uid).copied().unwrap_or(0);
        if uid == ROOT {
            return own < self.for_root;
        }
        let others: usize = taken
            .iter()
            .filter(|(uid, _)| **uid != ROOT)
            .map(|(_, count)| count)
            .sum();
        own < self.for_one && others < self.for_all
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.inner.lock();
        if let Some(count) = taken.get_mut(&self.uid) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.uid);
            }
        }
        drop(taken);
        self.inner.left.notify_all();
    }
}

const ROOT: u32 = 0;

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places::new(Room {
            for_one: 2,
            for_all: 3,
            for_root: 2,
        })
    }

    #[test]
    fn one_user_has_so_many_and_all_together_so_many() {
        let places = places();
        let take = |uid| places.take(uid, Duration::ZERO);
        let (a, b) = (take(7).unwrap(), take(7).unwrap());
        assert!(take(7).is_none());
        let c = take(8).unwrap();
        assert!(take(8).is_none(), "none is left for users");
        assert!(take(9).is_none());
        let root = [take(0).unwrap(), take(0).unwrap()];
        assert!(take(0).is_none());
        drop(a);
        assert!(take(9).is_some());
        drop((b, c, root));
        assert!(places.0.lock().is_empty(), "nobody is remembered");
    }

    #[test]
    fn who_waits_gets_the_place_that_is_left() {
        let places = places();
        let first = [
            places.take(7, Duration::ZERO),
            places.take(7, Duration::ZERO),
        ];
        let waiting = std::thread::spawn({
            let places = places.clone();
            move || places.take(7, Duration::from_secs(30)).is_some()
        });
        drop(first);
        assert!(waiting.join().unwrap());
    }
}
