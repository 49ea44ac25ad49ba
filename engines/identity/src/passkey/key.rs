//! A passkey as the base keeps it: nothing secret is in it.

use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{AuthenticationResult, Credential, CredentialID, Passkey};

use super::Refused;

/// What a key calls itself. The base finds it by this, and no two rows have one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub CredentialID);

/// One passkey of one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Key {
    passkey: Passkey,
    name: String,
    made: Wall,
    used: Option<Wall>,
    synced: bool,
    can_sync: bool,
}

impl Key {
    pub(super) fn new(passkey: Passkey, name: &str, now: Wall) -> Self {
        let (can_sync, synced) = backup_flags(&passkey);
        Self {
            synced,
            can_sync,
            passkey,
            name: short(name),
            made: now,
            used: None,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId(self.passkey.cred_id().clone())
    }

    /// What its owner calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives it another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = short(name);
        self
    }

    /// When it was made.
    #[must_use]
    pub const fn made(&self) -> Wall {
        self.made
    }

    /// When it signed last.
    #[must_use]
    pub const fn used(&self) -> Option<Wall> {
        self.used
    }

    /// True if its maker keeps a copy (a phone's cloud): it survives the phone, and opens with that account.
    #[must_use]
    pub const fn is_synced(&self) -> bool {
        self.synced
    }

    /// True if it lives in one thing only: lost with it. Two of these want two places.
    #[must_use]
    pub const fn is_bound_to_one_thing(&self) -> bool {
        !self.can_sync
    }

    /// What tells it from every other one: its id and its public half. It stays the same while its counter goes on.
    #[must_use]
    pub fn mark(&self) -> [u8; 32] {
        let public = serde_json::to_vec(self.passkey.get_public_key()).unwrap_or_default();
        let mut hasher = blake3::Hasher::new_derive_key("hygie 2026 identity mark of a passkey");
        for part in [self.passkey.cred_id().as_slice(), &public] {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part);
        }
        *hasher.finalize().as_bytes()
    }

    pub(super) const fn passkey(&self) -> &Passkey {
        &self.passkey
    }

    pub(super) fn was_used(
        &mut self,
        result: &AuthenticationResult,
        now: Wall,
    ) -> Result<(), Refused> {
        self.passkey
            .update_credential(result)
            .ok_or(Refused::UnknownKey)?;
        self.synced = result.backup_state();
        self.can_sync = result.backup_eligible();
        self.used = Some(now);
        Ok(())
    }
}

/// Whether it can be, and is, kept by its maker too.
fn backup_flags(passkey: &Passkey) -> (bool, bool) {
    let credential = Credential::from(passkey.clone());
    (credential.backup_eligible, credential.backup_state)
}

fn short(name: &str) -> String {
    name.trim().chars().take(MOST_NAME_CHARS).collect()
}

const MOST_NAME_CHARS: usize = 60;
