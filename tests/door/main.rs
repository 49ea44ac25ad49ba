//! The guard's door, end to end: people have their own files' versions through it, and nothing else.
//! Each test guards a loop image of its own and asks as ordinary users.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may fail where it stands, and says why it was skipped"
)]

mod cli;
mod crowd;
mod hub;
mod inside;
mod questions;
mod scene;
mod signed;
