//! Undoes what a stopped family did, and undoes that again.
//!
//! The plan follows files and folders by their number and their handle, never by path: whatever was renamed meanwhile, a
//! step finds its folder. Nothing is overwritten and nothing deleted: what has to leave its name goes to the quarantine,
//! what an honest program changed goes to a second name beside. So each step can be taken back, and one that was cut off is
//! simply done again.

mod attributes;
mod folders;
mod ground;
mod makers;
mod names;
mod nodes;
mod plan;
mod put;
mod quarantine;
mod run;
pub(crate) mod step;
#[cfg(test)]
mod tests;

pub(crate) use ground::Ground;
pub(crate) use plan::{plan, touches};
pub(crate) use run::{Way, go};
pub(crate) use step::Trouble;
pub(crate) use step::{Done, Kept, Note, Step};
