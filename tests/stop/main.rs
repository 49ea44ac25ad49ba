//! Stop and undo, end to end: a program that harms is stopped after a few files, told, and all of it is undone.
//! Each test guards a loop image of its own and runs the simulators on it as an ordinary user.

#![expect(clippy::print_stdout, reason = "a test run prints the table of a run")]

mod attacks;
mod commands;
mod desktop;
mod drill;
mod hub;
mod scene;
mod signed;
