//! The private certificate authorities, and the **signer**: the one process that holds their keys.
//! The hub proves its name with them and knows its devices by them, yet could be taken over: so it asks, and never signs.

mod asking;
mod ca;
mod certificate;
mod desk;
mod identity;
mod issuer;
mod keeper;
mod names;
mod register;
mod signer;
mod words;

#[cfg(test)]
mod tests;

pub use asking::{AskError, SignerDoor};
pub use ca::CaError;
pub use certificate::{Fingerprint, device_of, renew_due};
pub use identity::{ServerIdentity, device_verifier, devices_and_newcomers};
pub use keeper::KeeperError;
pub use names::{AddressError, Allowed, ConsoleName, NameError, PracticeLabel};
pub use signer::{SignerError, SignerOptions, run};
pub use words::{AuthorityTold, Question, Refusal, Rename, Reply};
