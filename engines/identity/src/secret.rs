//! Secrets that do not print themselves, and the digests that are kept in their place.
//! What people carry is random (tokens, codes) or chosen (passwords); only the random ones may be kept as a fast digest.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A text that somebody chose or typed: a password, a secret to be stored. Leaves memory when it is dropped.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes it in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Lets it be read; the word is there to be searched for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// What a token or a code is for. Digests of different purposes never meet, so an invitation is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The cookie of a session.
    Session,
    /// The cookie of a browser that signed in before.
    KnownBrowser,
    /// The link of an invitation.
    Invitation,
    /// The code of the first start.
    SetUp,
    /// A code of a recovery sheet.
    Recovery,
    /// A code that root made for who lost everything.
    Root,
    /// The code with which a device joins.
    Enrolment,
}

impl Purpose {
    /// BLAKE3 wants contexts that no other program and no other use of ours has.
    const fn context(self) -> &'static str {
        match self {
            Self::Session => "hygie 2026 identity session token",
            Self::KnownBrowser => "hygie 2026 identity known browser",
            Self::Invitation => "hygie 2026 identity invitation",
            Self::SetUp => "hygie 2026 identity set-up code",
            Self::Recovery => "hygie 2026 identity recovery code",
            Self::Root => "hygie 2026 identity root recovery code",
            Self::Enrolment => "hygie 2026 identity enrolment code",
        }
    }
}

/// 32 random bytes that a browser carries, in a cookie or a link.
#[derive(Clone)]
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    /// Of bytes that the caller drew from the system's generator.
    #[must_use]
    pub fn of(random: [u8; 32]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// Reads what a browser sent; [`None`] for what no token of ours can be.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        Some(Self::of(bytes.as_slice().try_into().ok()?))
    }

    /// For the cookie or the link: 43 letters that need no escape.
    #[must_use]
    pub fn to_text(&self) -> SecretText {
        SecretText::new(BASE64URL_NOPAD.encode(self.0.as_slice()))
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self, purpose: Purpose) -> Digest {
        Digest::of(purpose, self.0.as_slice())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// 80 random bits that a person reads and types, as `K7QX-0M2D-…`. Nobody tries 2^80 of them, so its digest may be fast;
/// a slow hash is for what people choose themselves.
#[derive(Clone)]
pub struct Code(Zeroizing<[u8; CODE_BYTES]>);

impl Code {
    /// Of bytes that the caller drew from the system's generator.
    #[must_use]
    pub fn of(random: [u8; CODE_BYTES]) -> Self {
        Self(Zeroizing::new(random))
    }

    /// Reads what somebody typed: small letters, spaces, dashes, and O for 0 or l for 1 do no harm.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        // Longer than any way to space it out: not worth reading.
        if typed.len() > 4 * CODE_LETTERS {
            return None;
        }
        let bytes = Zeroizing::new(hygie_letters::read(typed)?);
        Some(Self::of(bytes.as_slice().try_into().ok()?))
    }

    /// For paper and terminal, in groups of four.
    #[must_use]
    pub fn to_text(&self) -> SecretText {
        SecretText::new(hygie_letters::write(self.0.as_slice()))
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self, purpose: Purpose) -> Digest {
        Digest::of(purpose, self.0.as_slice())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// What is kept of a token or a code: BLAKE3 in derive-key mode. Compared in constant time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(blake3::Hash);

impl Digest {
    fn of(purpose: Purpose, secret: &[u8]) -> Self {
        Self(blake3::Hash::from_bytes(blake3::derive_key(
            purpose.context(),
            secret,
        )))
    }

    /// For a column of the database; an index may find it, for it says nothing of the secret.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// From a column of the database.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(blake3::Hash::from_bytes(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.to_hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        blake3::Hash::from_hex(text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// Bytes of a [`Code`]: 16 letters of base 32.
pub const CODE_BYTES: usize = 10;
const CODE_LETTERS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_do_not_print_themselves() {
        let printed = format!(
            "{:?} {:?} {:?}",
            SecretText::new("Tournesol".to_owned()),
            Token::of([7; 32]),
            Code::of([7; CODE_BYTES])
        );
        assert_eq!(printed, "SecretText(…) Token(…) Code(…)");
    }

    #[test]
    fn purposes_do_not_meet() {
        let token = Token::of([1; 32]);
        let all = [
            Purpose::Session,
            Purpose::KnownBrowser,
            Purpose::Invitation,
            Purpose::SetUp,
            Purpose::Recovery,
            Purpose::Root,
            Purpose::Enrolment,
        ];
        for a in all {
            for b in all {
                assert_eq!(token.digest(a) == token.digest(b), a == b);
            }
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "K7QX",
            "K7QX-0M2D-K7QX-0M2",
            "K7QX-0M2D-K7QX-0M2D-A",
            "U7QX-0M2D-K7QX-0M2D",
            "é7QX-0M2D-K7QX-0M2D",
        ] {
            assert!(Code::parse(typed).is_none(), "{typed}");
        }
        assert!(Code::parse(&"-".repeat(1_000_000)).is_none());
        assert!(Token::parse("AAAA").is_none());
    }

    proptest! {
        #[test]
        fn a_token_comes_back(random: [u8; 32]) {
            let text = Token::of(random).to_text();
            prop_assert_eq!(text.expose().len(), 43);
            let back = Token::parse(text.expose()).unwrap();
            prop_assert_eq!(back.digest(Purpose::Session), Token::of(random).digest(Purpose::Session));
        }

        /// However it is typed: small, unspaced, with the letters that look alike.
        #[test]
        fn a_code_comes_back(random: [u8; CODE_BYTES]) {
            let code = Code::of(random);
            let text = code.to_text();
            let kept = code.digest(Purpose::Recovery);
            for typed in [
                text.expose().to_owned(),
                text.expose().to_lowercase(),
                text.expose().replace('-', " "),
                text.expose().replace('-', "").replace('0', "O").replace('1', "l"),
                format!("  {}\n", text.expose()),
            ] {
                prop_assert_eq!(Code::parse(&typed).map(|code| code.digest(Purpose::Recovery)), Some(kept), "{}", typed);
            }
        }

        #[test]
        fn parsing_never_panics(typed: String) {
            let _ = Code::parse(&typed);
            let _ = Token::parse(&typed);
        }
    }
}
