//! A guarded folder behaves as a bare one: two test suites of file systems run on both and must say the same.
//! Heavy: each is built once into the cache (`~/.cache/hygie/bin`), and takes minutes.

#![expect(clippy::print_stdout, reason = "a test run prints what it compared")]

mod accepted;
mod fsx;
mod ground;
mod pjdfstest;
mod programs;
