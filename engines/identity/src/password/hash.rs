//! How passwords are kept: argon2id with a salt that the caller drew, as a PHC text that carries its parameters.
//! An unknown account costs the same as a known one, so timing does not tell who exists.

use std::sync::LazyLock;

use argon2::password_hash::{Encoding, Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use thiserror::Error;

use super::Password;
use crate::secret::SecretText;

/// Bytes of a salt: RFC 9106 (3.1) recommends 16.
pub const SALT_BYTES: usize = 16;

/// Memory in KiB, passes and lanes: OWASP's Password Storage Cheat Sheet's first choice, 19 MiB, 2, 1. RFC 9106's second
/// choice (64 MiB, 3, 4) is more than a practice's smallest machine should spend on each try of a stranger.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// RFC 9106's tag length, 256 bits.
const TAG_BYTES: usize = 32;

/// The bounds of what a stored text may ask for: whoever can write to the base must not stop the hub with it.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 16;

/// A hash could not be made or read: a broken row of the base, not a mistake of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HashError {
    /// Memory or parameters do not work here.
    #[error("argon2 cannot work with its parameters here")]
    Parameters,
    /// What is stored is no argon2id hash of ours; the person needs another way in, then a new password.
    #[error("what is stored is no password hash of ours")]
    Stored,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The password is right.
    Right,
    /// It is right, and its hash is of older parameters: hash it again while it is at hand.
    RightButOld,
    /// It is wrong, or there is no such account.
    Wrong,
}

/// Hashes a password to be kept.
///
/// # Errors
/// [`HashError::Parameters`] if there is no memory for it.
pub fn hash(password: &Password, salt: [u8; SALT_BYTES]) -> Result<SecretText, HashError> {
    let salt = SaltString::encode_b64(&salt).map_err(|_| HashError::Parameters)?;
    let params = params()?;
    let mut tag = [0; TAG_BYTES];
    let salt_bytes = salt.as_salt();
    tag_of(&params, password.expose().as_bytes(), salt_bytes, &mut tag)?;
    let text = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|_| HashError::Parameters)?,
        salt: Some(salt_bytes),
        hash: Some(Output::new(&tag).map_err(|_| HashError::Parameters)?),
    };
    Ok(SecretText::new(text.to_string()))
}

/// Checks what somebody typed against what is kept; with nothing kept, against a hash that no password has.
/// What cannot be a password (too long) is answered after the same work.
///
/// # Errors
/// [`HashError`] for a broken row; the same work was done before.
pub fn verify(typed: &SecretText, kept: Option<&str>) -> Result<Check, HashError> {
    let password = Password::of(typed);
    let bytes = password
        .as_ref()
        .map_or(&b""[..], |password| password.expose().as_bytes());
    let Some(kept) = kept else {
        compare(bytes, &NOBODY)?;
        return Ok(Check::Wrong);
    };
    match compare(bytes, kept) {
        Ok(Check::Right | Check::RightButOld) if password.is_none() => Ok(Check::Wrong),
        Ok(check) => Ok(check),
        Err(error) => {
            compare(bytes, &NOBODY)?;
            Err(error)
        }
    }
}

fn compare(password: &[u8], kept: &str) -> Result<Check, HashError> {
    let stored = PasswordHash::parse(kept, Encoding::B64).map_err(|_| HashError::Stored)?;
    let (Some(salt), Some(tag)) = (stored.salt, stored.hash) else {
        return Err(HashError::Stored);
    };
    let theirs = Params::try_from(&stored).map_err(|_| HashError::Stored)?;
    let ours = params()?;
    let sane = stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into())
        && theirs.m_cost() <= MOST_MEMORY_KIB
        && theirs.t_cost() <= MOST_PASSES
        && tag.len() == TAG_BYTES;
    if !sane {
        return Err(HashError::Stored);
    }
    let mut found = [0; TAG_BYTES];
    tag_of(&theirs, password, salt, &mut found)?;
    // `Output` compares in constant time.
    let right = Output::new(&found).map_err(|_| HashError::Parameters)? == tag;
    let same = (theirs.m_cost(), theirs.t_cost(), theirs.p_cost())
        == (ours.m_cost(), ours.t_cost(), ours.p_cost());
    Ok(match (right, same) {
        (true, true) => Check::Right,
        (true, false) => Check::RightButOld,
        (false, _) => Check::Wrong,
    })
}

fn tag_of(
    params: &Params,
    password: &[u8],
    salt: Salt<'_>,
    tag: &mut [u8; TAG_BYTES],
) -> Result<(), HashError> {
    let mut bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes).map_err(|_| HashError::Stored)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into(password, salt, tag)
        .map_err(|_| HashError::Parameters)
}

fn params() -> Result<Params, HashError> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(TAG_BYTES)).map_err(|_| HashError::Parameters)
}

/// The hash of no password: right parameters, a tag of zeros, which no input is known to give.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$aHlnaWUgbm8gYWNjb3VudA${}",
        "A".repeat(43)
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> SecretText {
        SecretText::new(text.to_owned())
    }

    fn kept(password: &str) -> String {
        let password = Password::of(&text(password)).unwrap();
        hash(&password, [3; SALT_BYTES])
            .unwrap()
            .expose()
            .to_owned()
    }

    #[test]
    fn a_password_is_kept_as_a_phc_text_and_found_right() {
        let kept = kept("girafe violette 12");
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$AwMDAwMDAwMDAwMDAwMDAw$"),
            "{kept}"
        );
        assert_eq!(
            verify(&text("girafe violette 12"), Some(&kept)),
            Ok(Check::Right)
        );
        assert_eq!(
            verify(&text("girafe violette 13"), Some(&kept)),
            Ok(Check::Wrong)
        );
        assert_eq!(verify(&text(""), Some(&kept)), Ok(Check::Wrong));
        assert_eq!(
            verify(&text(&"a".repeat(10_000)), Some(&kept)),
            Ok(Check::Wrong)
        );
    }

    #[test]
    fn the_reference_implementations_hash_is_read() {
        // `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 4 -l 24` of the reference's README has another length
        // and is refused; this one is its own test vector for argon2id v=19 m=65536 t=2 p=1.
        let kept = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert_eq!(
            verify(&text("password"), Some(kept)),
            Ok(Check::RightButOld)
        );
        assert_eq!(verify(&text("passwort"), Some(kept)), Ok(Check::Wrong));
    }

    #[test]
    fn nobody_has_no_password() {
        for typed in ["", "girafe violette 12", "A", &"a".repeat(10_000)] {
            assert_eq!(verify(&text(typed), None), Ok(Check::Wrong));
        }
        assert_eq!(
            compare(b"", &NOBODY),
            Ok(Check::Wrong),
            "its parameters are ours: it costs the same"
        );
        assert!(NOBODY.contains("m=19456,t=2,p=1"));
    }

    #[test]
    fn broken_or_greedy_rows_are_refused() {
        let good = kept("girafe violette 12");
        for stored in [
            String::new(),
            "girafe violette 12".to_owned(),
            good.replace("argon2id", "argon2i"),
            good.replace("v=19", "v=16"),
            good.replace("m=19456", "m=4194304"),
            good.replace("t=2", "t=4000000"),
            good.rsplit_once('$').unwrap().0.to_owned(),
        ] {
            assert_eq!(
                verify(&text("girafe violette 12"), Some(&stored)),
                Err(HashError::Stored),
                "{stored}"
            );
        }
    }
}
