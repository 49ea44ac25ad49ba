//! A person's signature over what the guard asked: the one thing that the hub's word cannot stand for.
//!
//! **Decision.** The guard draws 32 bytes and says what they are for; the challenge is the BLAKE3 of both. A signature so
//! says *this person, this act, on this thing, of this device, until then*, and stays a proof in the journal that anyone
//! can check. The guard checks it with keys that it keeps itself: the first ones come at set-up from root, each
//! further one by `trust-key`, signed by one that is trusted already. A hub that was taken over can neither make such
//! a signature, nor put a key of its own in, nor have one signature serve for another act.
//!
//! webauthn-rs draws its challenges itself and has no call that takes one. Its states are serialisable on purpose
//! (feature `danger-allow-state-serialisation`; the danger is a state in a browser's hands, and ours never is), so
//! ours is the state it made with the challenge replaced. A field that is not where it was is an error, not a state
//! without a challenge, and the version is pinned. What checks the signature is webauthn-rs, whole and unchanged.

use data_encoding::BASE64URL_NOPAD;
use hygie_model::{DeviceId, PersonId, PracticeId, Wall};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyAuthentication};

use super::{Key, PublicKeyCredential, Refused, RequestChallengeResponse, Site};
use crate::rights::Act;

/// Bytes that the guard draws for one question.
pub const NONCE_BYTES: usize = 32;

/// What the guard asks a person to sign. The guard keeps it until the answer and drops it with the first one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Whose practice.
    pub practice: PracticeId,
    /// Which device's guard asks.
    pub device: DeviceId,
    /// Who is to sign.
    pub person: PersonId,
    /// What for.
    pub act: Act,
    /// On what, in the guard's own words and whole: an incident with program, folder and end; a folder; the
    /// configuration's digest. What the screen shows comes from here too.
    pub on: String,
    /// Until when the answer counts.
    pub until: Wall,
    /// The guard's random bytes.
    pub nonce: [u8; NONCE_BYTES],
}

impl Confirmation {
    /// What the key signs. Each part has its length before it, so that no two questions share their bytes.
    #[must_use]
    pub fn challenge(&self) -> [u8; 32] {
        let mut hasher =
            blake3::Hasher::new_derive_key("hygie 2026 identity confirmation of an act");
        let parts: [&[u8]; 7] = [
            &self.nonce,
            self.practice.0.as_bytes(),
            self.device.0.as_bytes(),
            self.person.0.as_bytes(),
            self.act.row().name.as_bytes(),
            self.on.as_bytes(),
            &self.until.0.to_le_bytes(),
        ];
        for part in parts {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part);
        }
        *hasher.finalize().as_bytes()
    }
}

impl Site {
    /// For the hub: what a browser is to show so that one of `keys` signs.
    ///
    /// # Errors
    /// [`Refused::NoKey`] if the person has none: she makes one first.
    pub fn ask(
        &self,
        confirmation: &Confirmation,
        keys: &[Key],
    ) -> Result<RequestChallengeResponse, Refused> {
        let (mut options, _) = self.asked(keys)?;
        options.public_key.challenge = confirmation.challenge().to_vec();
        Ok(options)
    }

    /// For the guard: whether the person signed. `key` is of the guard's own list, under the answer's id, for
    /// `confirmation.person`; it is changed and must be kept. The list holds practitioners' keys only: no other role has
    /// a row that a signature opens (a test of the table says so), and the hub is not believed about roles.
    ///
    /// # Errors
    /// Why not.
    pub fn confirm(
        &self,
        confirmation: &Confirmation,
        answer: &PublicKeyCredential,
        key: &mut Key,
        now: Wall,
    ) -> Result<(), Refused> {
        if now > confirmation.until {
            return Err(Refused::TooLate);
        }
        let (_, state) = self.asked(std::slice::from_ref(key))?;
        let state = opened(&state, Some(confirmation.challenge()))?;
        self.check(answer, state, confirmation.person, key, now)
    }

    pub(super) fn asked(
        &self,
        keys: &[Key],
    ) -> Result<(RequestChallengeResponse, PasskeyAuthentication), Refused> {
        if keys.is_empty() {
            return Err(Refused::NoKey);
        }
        let passkeys: Vec<_> = keys.iter().map(|key| key.passkey().clone()).collect();
        Ok(self.webauthn.start_passkey_authentication(&passkeys)?)
    }
}

/// One kind of state for every ceremony, checked with the one key that the base has now. A key may become one that its
/// maker copies, as webauthn-rs allows for passkeys: phones do this with an update, and people must not be shut out.
pub(super) fn opened(
    state: &impl Serialize,
    challenge: Option<[u8; 32]>,
) -> Result<DiscoverableAuthentication, Refused> {
    let mut json = serde_json::to_value(state).map_err(|_| Refused::Broken)?;
    *field(&mut json, "allow_backup_eligible_upgrade")? = Value::Bool(true);
    *field(&mut json, "credentials")? = Value::Array(Vec::new());
    let place = field(&mut json, "challenge")?;
    if let Some(challenge) = challenge {
        *place = Value::String(BASE64URL_NOPAD.encode(&challenge));
    }
    serde_json::from_value(json).map_err(|_| Refused::Broken)
}

fn field<'a>(json: &'a mut Value, name: &str) -> Result<&'a mut Value, Refused> {
    json.get_mut("ast")
        .and_then(|ast| ast.get_mut(name))
        .ok_or(Refused::Broken)
}
