//! The coverage table, row by row, on an ext4 loop image: what is held before it happens, what a link makes
//! harmless, what is seen after while the content stays, and what is a hole. Holes are tests too: a row that
//! gets better must be told in ARCHITECTURE.md.
//!
//! *Held* is proven on the content: the store's file system is frozen, so that no copy can come to its end. An
//! operation that is held cannot go on then, and the file is as it was; after the thaw it goes on, and what the
//! file held before is in the store.

#![expect(clippy::print_stdout, reason = "a test run prints the table")]

mod acts;
mod races;
mod room;
mod table;
