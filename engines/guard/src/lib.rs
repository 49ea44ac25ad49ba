//! Decides what happens to the file events of protected folders so that no state is lost.
//! Never touches a file, a clock or the network: it is fed, asked when to be woken, asked what to do.

mod file;
pub mod harm;
mod law;
mod words;

#[cfg(test)]
mod law_tests;

pub use law::{Counts, Law, Limits};
pub use words::{
    Action, Ask, CopyOutcome, Found, Hold, Intent, Leased, Opening, Refusal, Seen, Standing, State,
    Told, Urgency, Verdict,
};
