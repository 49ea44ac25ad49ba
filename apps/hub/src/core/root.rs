//! A way back that root opens on this machine for one name (`hygie hub recover`): made by the command, left in a file that the
//! hub can read and not write, and taken here once.

use std::{io, path::Path};

use hygie_identity::{
    recovery::RootCode,
    secret::{CODE_BYTES, Code, SecretText},
    setup::Origin,
};
use hygie_model::Wall;
use hygie_platform::clock;
use hygie_store::Practice;
use ring::rand::{SecureRandom, SystemRandom};

use crate::{pages::login_of, web::fault::Fault};

/// A code, and what is left for the hub to know it by.
#[derive(Debug)]
pub struct Recovery {
    /// For the terminal, or a file of root's alone.
    pub code: SecretText,
    /// Until when it serves.
    pub until: Wall,
    /// What the hub reads: nothing that signs in.
    pub note: Vec<u8>,
}

/// Makes a code for who signs in with this name.
///
/// # Errors
/// The system gives no random bytes.
pub fn recovery(login: &str) -> io::Result<Recovery> {
    let mut random = [0; CODE_BYTES];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| io::Error::other("the system gives no random bytes"))?;
    let code = Code::of(random);
    let waits = RootCode::begin(&login_of(login), &code, clock::wall());
    Ok(Recovery {
        code: code.to_text(),
        until: waits.until(),
        note: serde_json::to_vec(&waits)?,
    })
}

/// Takes the code, where it is the one that root made for this name: it has served now.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn take(
    practice: Practice<'_>,
    file: &Path,
    typed: (&str, &str),
    (from, now): (Origin, Wall),
) -> Result<bool, Fault> {
    // No file, or half of one, opens nothing.
    let Ok(bytes) = std::fs::read(file) else {
        return Ok(false);
    };
    let Ok(waits) = serde_json::from_slice::<RootCode>(&bytes) else {
        return Ok(false);
    };
    if waits.opens(typed, from, now).is_err() {
        return Ok(false);
    }
    let digest = data_encoding::HEXLOWER.encode(waits.digest().as_bytes());
    let key = format!("root code {digest}");
    let until = Wall(waits.until().0.saturating_add(1));
    Ok(practice
        .set_passing(&key, None, b"used", until, now)
        .await?)
}
