//! Honest work is left alone: the real programs of a practice at work on its files, beside a guard that stops whoever
//! harms. None of them may be stopped. A program that is not installed is named; `cargo xtask test --heavy` installs all.

#![expect(clippy::print_stdout, reason = "a test run prints the table of a run")]

mod databases;
mod desk;
mod further;
mod further_desks;
mod further_scripts;
mod hands;
mod images;
mod machine;
mod packing;
mod papers;
mod table;
mod tools;
mod trials;
mod usual;
