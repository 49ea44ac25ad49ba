//! A guarded folder behaves as a bare one: two test suites of file systems run on both and must say the same.
//! Heavy: each is built once into the cache (`~/.cache/hygie/bin`), and takes minutes.

mod accepted;
mod fsx;
mod ground;
mod pjdfstest;
mod programs;
