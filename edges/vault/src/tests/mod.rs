//! The store as its users see it.

mod disk;
pub(crate) mod lab;
mod reading;
mod store;
mod trace;
mod upkeep;
