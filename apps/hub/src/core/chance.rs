//! Random bytes from the system's generator.
//! Engines draw none: they are given them.

use ring::rand::{SecureRandom, SystemRandom};

use crate::web::fault::Fault;

/// Bytes that nobody can guess.
///
/// # Errors
/// The system has none to give.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::broken("the system gives no random bytes"))?;
    Ok(bytes)
}

/// A number for something new.
///
/// # Errors
/// As [`bytes`].
pub(crate) fn number() -> Result<uuid::Uuid, Fault> {
    Ok(uuid::Builder::from_random_bytes(bytes()?).into_uuid())
}
