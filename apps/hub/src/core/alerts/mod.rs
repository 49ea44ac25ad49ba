//! What somebody has to be told: each minute the hub looks at every duty, hands what it saw to the alerts' engine, and carries out
//! what that decides. What the engine knows lies in the database; nothing of it in the hub's memory.

mod job;
mod kept;
mod letter;
mod look;
pub(crate) mod said;
mod strip;
pub(crate) mod wishes;

pub(crate) use job::keep_watch;
#[cfg(test)]
pub(crate) use job::minute;
pub(crate) use kept::{read, watched};
pub(crate) use look::asks;
pub(crate) use strip::{Strip, strip};
