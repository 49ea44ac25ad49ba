//! Why a passkey is not taken, as what a person can do about it.

use thiserror::Error;
use webauthn_rs::prelude::WebauthnError;

/// A name that no console can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a name that passkeys can bind to: a domain or a .local name")]
pub struct BadName;

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// It took longer than [`super::ANSWER_WITHIN`], or what a signature is for has ended: begin again.
    #[error("the answer came too late")]
    TooLate,
    /// Not an answer of a browser.
    #[error("the answer cannot be read")]
    NotReadable,
    /// She has no key: another means.
    #[error("there is no key to ask for")]
    NoKey,
    /// A key that is not (any more) in the base, or is another one than asked for.
    #[error("this key is not known here")]
    UnknownKey,
    /// The key is of somebody else.
    #[error("this key belongs to another person")]
    OtherPerson,
    /// Signed on a page of another name: somebody may be in between.
    #[error("the key signed for another site")]
    OtherSite,
    /// Neither PIN nor finger nor face was asked for: set one up on the key.
    #[error("the key did not verify who holds it")]
    NotVerified,
    /// It signed something else than what was asked: an old answer, or one of another page.
    #[error("the key signed another challenge")]
    OtherChallenge,
    /// Its counter went back: there may be a second copy of it. Remove the key, and look at the journal.
    #[error("the key's counter went back: it may have been copied")]
    Copied,
    /// It became another kind of key than the one that was made.
    #[error("the key changed its nature since it was made")]
    Changed,
    /// The signature does not hold.
    #[error("the signature does not hold")]
    Forged,
    /// Hygie's own mistake; nothing that a person can mend.
    #[error("the ceremony broke")]
    Broken,
}

impl From<WebauthnError> for Refused {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "some seventy ways of not being a sound answer are one to a person"
    )]
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialNotFound => Self::UnknownKey,
            WebauthnError::InvalidUserUniqueId => Self::NotReadable,
            WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash => Self::OtherSite,
            WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Self::NotVerified,
            WebauthnError::MismatchedChallenge => Self::OtherChallenge,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            WebauthnError::CredentialBackupEligibilityInconsistent
            | WebauthnError::CredentialMayNotBeHardwareBound => Self::Changed,
            WebauthnError::Configuration | WebauthnError::InvalidUsername => Self::Broken,
            WebauthnError::ParseJSONFailure(_) | WebauthnError::ParseBase64Failure(_) => {
                Self::NotReadable
            }
            _ => Self::Forged,
        }
    }
}
