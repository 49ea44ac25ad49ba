//! Endurance: ordinary users go on working while guard, witness and `up` are killed and stopped again and again.
//! Whatever was complete and changed while the screen said "protected" is in the store at the end. And as many files
//! as anybody has.

#![expect(clippy::print_stdout, reason = "a test run prints what it did")]

mod blow;
mod kills;
mod many;
mod record;
mod worker;
