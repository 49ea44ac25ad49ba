//! Harmless simulators of what ransomware does to files, for `hygie drill` and for tests.
//!
//! **Never**: takes the folder to act on as a path; acts above the descriptor that it was given, across a
//! mount, through a symbolic link that it did not make, or on a file with a foreign hard link; opens a network
//! connection; keeps a secret (noise and keys come from the seed on its command line, and undo what they did).

pub mod arena;
pub mod cipher;
pub mod noise;
pub mod report;
pub mod rights;
pub mod run;
pub mod scenarios;
pub mod ways;

pub use arena::{Arena, Nonce, Refusal};
pub use report::Report;
pub use run::{Limits, Run, Victim};
pub use scenarios::{Scenario, Signal};
pub use ways::{Act, Harm, Way};
