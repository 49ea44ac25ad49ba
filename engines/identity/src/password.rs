//! Passwords: which are taken, how they are kept, how they are checked. The second choice, after passkeys, and never
//! without a code: so the rules ask for length and against guessing, not for signs.

mod hash;
mod leaked;
mod rules;
mod strength;

pub use hash::{Check, HashError, SALT_BYTES, hash, verify};
pub use rules::{About, Flaw, MAX_BYTES, MAX_CHARS, MIN_CHARS, MIN_DIGITS, Password, judge};
pub use strength::Guesses;
