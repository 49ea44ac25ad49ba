//! The law, end to end: whatever a user's program does to protected files, every state comes back.
//! Each test guards a loop image of its own and runs the simulators on it as an ordinary user.

#![expect(clippy::print_stdout, reason = "a test run prints the tables of a run")]

mod early;
mod hygie_itself;
mod lab;
mod large;
mod load;
mod pressure;
mod restart;
mod ways;
