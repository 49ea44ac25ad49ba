//! Decides who somebody is and what she may ask: rights, passwords, codes, passkeys, sessions, invitations, recovery.
//! Never reads a clock, draws a random byte, sends anything or writes a sentence: times and bytes are given, reasons leave.

pub mod invitation;
pub mod leaver;
pub mod passkey;
pub mod password;
pub mod provider;
pub mod recovery;
pub mod rights;
pub mod secret;
pub mod session;
pub mod setup;
pub mod throttle;
pub mod totp;

mod span;

pub use rights::{Act, Needs, Sees, Who};
