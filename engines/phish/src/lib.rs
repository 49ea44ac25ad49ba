//! Judges e-mails and SMS: is this message a trap, why, and what to do.
//! Never looks anything up, never opens a link, keeps no text: a verdict holds reasons and places, no sentences.

mod evidence;
mod fold;
mod intel;
mod memory;
pub mod message;
pub mod model;
pub mod parse;
mod phrases;
mod place;
mod reason;
pub mod text;
mod verdict;

pub use intel::{Intel, Practice};
pub use memory::{Memory, Seen};
pub use message::Message;
pub use reason::{Clue, Fact, Reason, Side};
pub use verdict::{Advice, Level, Mark, Verdict, Weighed, clues, judge, strength};

/// What the receiving server, or a check of our own, says of the sender's domain.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Authenticated {
    /// It vouches for the message (DMARC would pass).
    Proven,
    /// It says the message is not its own (DMARC fails).
    Refused,
    /// It looked, and found no signature and nobody who vouches.
    Unsigned,
    /// Nobody looked, or nothing can be told.
    Unknown,
}

#[cfg(test)]
mod tests;
