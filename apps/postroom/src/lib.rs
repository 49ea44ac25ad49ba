//! The post process: keeps the roads to people with their passwords, and sends by them what the hub has to tell.
//! Never chooses a road or a word, never gives a secret back, never sees a patient's folder.

mod desk;
mod door;
mod pace;
mod process;
mod roads;

#[cfg(test)]
mod tests;

pub use process::{Options, PostError, run};
