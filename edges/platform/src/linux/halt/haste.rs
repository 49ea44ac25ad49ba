//! A thread that goes before all ordinary ones.

/// This thread before all ordinary ones of the machine, until it is dropped, as far as it may. A storm of forks
/// leaves a thread that only is nice one hundredth of its time: each session has a share of its own, and a family can
/// make any number of sessions (measured: 220 µs an event in place of 2).
#[derive(Debug)]
pub struct Haste(Option<Before>);

/// What it was before.
#[derive(Debug)]
struct Before {
    policy: libc::c_int,
    rank: libc::sched_param,
    thread: std::marker::PhantomData<*const ()>,
}

impl Haste {
    /// Begins. Whoever may not (without root, or in a group without real-time) goes on as before.
    #[must_use]
    pub fn begin() -> Self {
        let mut rank = libc::sched_param { sched_priority: 0 };
        // SAFETY: 0 is the calling thread, and the structure outlives the call.
        let policy = unsafe {
            if libc::sched_getparam(0, &raw mut rank) < 0 {
                return Self(None);
            }
            libc::sched_getscheduler(0)
        };
        // Whoever is before the others already stays what it is.
        let ordinary = [libc::SCHED_OTHER, libc::SCHED_BATCH, libc::SCHED_IDLE];
        if !ordinary.contains(&(policy & !libc::SCHED_RESET_ON_FORK)) {
            return Self(None);
        }
        let first = libc::sched_param { sched_priority: 1 };
        let done = set(libc::SCHED_RR | libc::SCHED_RESET_ON_FORK, &first);
        Self(done.then_some(Before {
            policy,
            rank,
            thread: std::marker::PhantomData,
        }))
    }

    /// Whether it is before the others now, by this.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.0.is_some()
    }
}

impl Drop for Haste {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _as_before = set(before.policy, &before.rank);
        }
    }
}

fn set(policy: libc::c_int, rank: &libc::sched_param) -> bool {
    // SAFETY: 0 is the calling thread, and the structure outlives the call.
    unsafe { libc::sched_setscheduler(0, policy, std::ptr::from_ref(rank)) == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> libc::c_int {
        // SAFETY: 0 is the calling thread.
        unsafe { libc::sched_getscheduler(0) }
    }

    #[test]
    fn a_thread_is_what_it_was_afterwards() {
        let before = policy();
        let haste = Haste::begin();
        if !haste.is_granted() {
            println!("skipped: no real-time here");
            return;
        }
        assert_ne!(policy(), before);
        let again = Haste::begin();
        assert!(!again.is_granted());
        drop(again);
        assert_ne!(policy(), before);
        drop(haste);
        assert_eq!(policy(), before);
    }
}
