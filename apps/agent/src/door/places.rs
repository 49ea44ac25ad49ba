//! So many at once, and no more of them for one user: nobody can keep the others out.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Places for askers. Those beyond `for_all` are root's and the hub's alone.
#[derive(Clone, Debug)]
pub(super) struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    room: Room,
    taken: Mutex<HashMap<Seat, usize>>,
    left: Condvar,
}

/// Among whom somebody waits for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Seat {
    /// Root.
    Root,
    /// The hub, which asks for many people.
    Hub,
    /// The courier, which asks one thing after the other.
    Courier,
    /// Any other user.
    User(u32),
}

/// How many places there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// For one other user.
    pub(super) for_one: usize,
    /// For all others.
    pub(super) for_all: usize,
    /// For the hub.
    pub(super) for_hub: usize,
    /// For root.
    pub(super) for_root: usize,
}

/// A place, free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    inner: Arc<Inner>,
    seat: Seat,
}

impl Places {
    pub(super) fn new(room: Room) -> Self {
        Self(Arc::new(Inner {
            room,
            taken: Mutex::default(),
            left: Condvar::new(),
        }))
    }

    /// A place for this asker, waiting at most so long for one.
    pub(super) fn take(&self, seat: Seat, wait: Duration) -> Option<Place> {
        let inner = &self.0;
        let waiting = inner
            .left
            .wait_timeout_while(inner.lock(), wait, |taken| !inner.room.has_one(taken, seat));
        let (mut taken, late) = waiting.unwrap_or_else(PoisonError::into_inner);
        if late.timed_out() && !inner.room.has_one(&taken, seat) {
            return None;
        }
        *taken.entry(seat).or_default() += 1;
        Some(Place {
            inner: Arc::clone(inner),
            seat,
        })
    }
}

impl Room {
    fn has_one(self, taken: &HashMap<Seat, usize>, seat: Seat) -> bool {
        let own = taken.get(&seat).copied().unwrap_or(0);
        match seat {
            Seat::Root => own < self.for_root,
            Seat::Hub => own < self.for_hub,
            Seat::Courier => own < self.for_one,
            Seat::User(_) => {
                let users = taken
                    .iter()
                    .filter(|(seat, _)| matches!(seat, Seat::User(_)));
                let all: usize = users.map(|(_, count)| count).sum();
                own < self.for_one && all < self.for_all
            }
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<Seat, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.inner.lock();
        if let Some(count) = taken.get_mut(&self.seat) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.seat);
            }
        }
        drop(taken);
        self.inner.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places::new(Room {
            for_one: 2,
            for_all: 3,
            for_hub: 4,
            for_root: 2,
        })
    }

    #[test]
    fn one_user_has_so_many_and_all_together_so_many() {
        let places = places();
        let take_seat = |seat| places.take(seat, Duration::ZERO);
        let take = |uid| take_seat(Seat::User(uid));
        let (a, b) = (take(7).unwrap(), take(7).unwrap());
        assert!(take(7).is_none());
        let c = take(8).unwrap();
        assert!(take(8).is_none(), "none is left for users");
        assert!(take(9).is_none());
        let root = [(); 2].map(|()| take_seat(Seat::Root).unwrap());
        assert!(take_seat(Seat::Root).is_none());
        let hub = [(); 4].map(|()| take_seat(Seat::Hub).unwrap());
        assert!(take_seat(Seat::Hub).is_none());
        drop(a);
        assert!(take(9).is_some());
        drop((b, c, root, hub));
        assert!(places.0.lock().is_empty(), "nobody is remembered");
    }

    #[test]
    fn who_waits_gets_the_place_that_is_left() {
        let places = places();
        let first = [
            places.take(Seat::User(7), Duration::ZERO),
            places.take(Seat::User(7), Duration::ZERO),
        ];
        let waiting = std::thread::spawn({
            let places = places.clone();
            move || {
                places
                    .take(Seat::User(7), Duration::from_secs(30))
                    .is_some()
            }
        });
        drop(first);
        assert!(waiting.join().unwrap());
    }
}
