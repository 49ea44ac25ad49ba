//! The machine's two clocks, read at the edge only.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hygie_model::{Mono, Wall};

/// Now, by the calendar. A clock set before 1677 or after 2262 counts as the nearest of the two.
#[must_use]
pub fn wall() -> Wall {
    let now = SystemTime::now();
    match now.duration_since(UNIX_EPOCH) {
        Ok(after) => Wall(i64::try_from(after.as_nanos()).unwrap_or(i64::MAX)),
        Err(before) => {
            Wall(i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos))
        }
    }
}

/// Now, by the clock that only goes forward, the same in every process of this machine.
#[cfg(unix)]
#[must_use]
pub fn mono() -> Mono {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(now.tv_nsec).unwrap_or(0);
    Mono(seconds.saturating_mul(1_000_000_000).saturating_add(nanos))
}

/// How long the machine has slept since its start: what the clock that only goes forward leaves out.
#[cfg(target_os = "linux")]
#[must_use]
pub fn slept() -> Duration {
    let of = |clock| {
        let now = rustix::time::clock_gettime(clock);
        let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
        Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
    };
    // In this order: what passes between the two readings is no sleep.
    let with_sleep = of(rustix::time::ClockId::Boottime);
    with_sleep.saturating_sub(of(rustix::time::ClockId::Monotonic))
}

/// How long the machine has slept: not known here.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub const fn slept() -> Duration {
    Duration::ZERO
}

/// Now, by the clock that only goes forward, counted from the first call in this process.
#[cfg(not(unix))]
#[must_use]
pub fn mono() -> Mono {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let start = START.get_or_init(Instant::now);
    Mono(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(unix)]
const _: fn() -> Instant = Instant::now;
