//! The store as its users see it.

mod changed;
mod disk;
mod finding;
pub(crate) mod lab;
mod migration;
mod plans;
mod reading;
mod store;
mod trace;
mod upkeep;
