//! Passkeys: make one, sign in with one without a name, step up, and sign what weakens protection.
//! The checks are webauthn-rs'; here is what it leaves open: for how long, whose key, which site, which act.
//!
//! **Chance and the clock.** webauthn-rs draws its challenges from the system's generator itself, and reads the clock
//! where it would check an attestation, which we ask for none of. Our own code does neither. `started` is our own time.
//!
//! **The relying party** is the console's name on the network (a `.local` name or a domain, chosen at set-up): a key
//! made for one name never signs for another, so another page in between gets nothing. User verification (PIN,
//! finger, face) is required always: a passkey alone is two factors.
//!
//! **State.** What a ceremony needs until its answer comes is serialisable and belongs in the hub's database, not in the
//! browser, and is deleted as it is read: an answer serves once.

mod confirm;
mod key;
mod refused;

#[cfg(any(test, feature = "test-util"))]
pub mod device;
#[cfg(test)]
mod tests;

use std::time::Duration;

use hygie_model::{PersonId, Wall};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, Url, Webauthn, WebauthnBuilder,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::span;

pub use confirm::{Confirmation, NONCE_BYTES};
pub use key::{Key, KeyId};
pub use refused::{BadName, Refused};
pub use webauthn_rs::prelude::{
    CreationChallengeResponse, PublicKeyCredential, RegisterPublicKeyCredential,
    RequestChallengeResponse,
};

/// How long a browser may take. The standard recommends 5 minutes where a person is verified
/// (WebAuthn Level 3, 15.1), and tells browsers the same.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(300);

/// The longest answer that is read. Real ones are about 1 KB; attestations, which we ask none of, may reach 10 KB.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// The console, as keys know it.
#[derive(Clone, Debug)]
pub struct Site {
    webauthn: Webauthn,
}

/// Where a passkey is being made. To be kept by the hub until the answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Making {
    state: PasskeyRegistration,
    person: PersonId,
    started: Wall,
}

/// Where somebody is signing in or stepping up. To be kept by the hub until the answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Signing {
    state: DiscoverableAuthentication,
    started: Wall,
}

impl Site {
    /// The console under its name. `practice` is what a phone shows beside the key.
    ///
    /// # Errors
    /// [`BadName`] for what cannot be the name of a site: an address, a bare `localhost`, a name with signs.
    pub fn new(name: &str, port: u16, practice: &str) -> Result<Self, BadName> {
        // Browsers take `localhost`, but then each device has a console of that name (DESIGN.md: never it alone).
        if !name.contains('.') {
            return Err(BadName);
        }
        let origin = Url::parse(&format!("https://{name}:{port}")).map_err(|_| BadName)?;
        if origin.domain() != Some(name) {
            return Err(BadName);
        }
        let builder = WebauthnBuilder::new(name, &origin).map_err(|_| BadName)?;
        let webauthn = builder
            .rp_name(practice)
            .timeout(ANSWER_WITHIN)
            .build()
            .map_err(|_| BadName)?;
        Ok(Self { webauthn })
    }

    /// Begins to make a passkey for a person who has `keys` already.
    ///
    /// # Errors
    /// [`Refused::Broken`] for an empty name.
    pub fn start_key(
        &self,
        person: PersonId,
        sign_in: &str,
        shown: &str,
        keys: &[Key],
        now: Wall,
    ) -> Result<(CreationChallengeResponse, Making), Refused> {
        let has = keys.iter().map(|key| key.id().0.clone()).collect();
        let (mut options, state) =
            self.webauthn
                .start_passkey_registration(person.0, sign_in, shown, Some(has))?;
        // webauthn-rs discourages discoverable keys for the few places of old hardware; signing in without a name,
        // which is what people manage, needs one.
        if let Some(selection) = options.public_key.authenticator_selection.as_mut() {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        let making = Making {
            state,
            person,
            started: now,
        };
        Ok((options, making))
    }

    /// Takes the new key in. The hub then refuses it if its id is in the base already, whoever has it.
    ///
    /// # Errors
    /// Why not.
    pub fn finish_key(
        &self,
        answer: &RegisterPublicKeyCredential,
        making: &Making,
        name: &str,
        now: Wall,
    ) -> Result<(PersonId, Key), Refused> {
        in_time(making.started, now)?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(answer, &making.state)?;
        Ok((making.person, Key::new(passkey, name, now)))
    }

    /// Begins a sign-in without a name: the browser shows the keys that it has for this console.
    ///
    /// # Errors
    /// [`Refused::Broken`] if webauthn-rs changed under us.
    pub fn start_sign_in(&self, now: Wall) -> Result<(RequestChallengeResponse, Signing), Refused> {
        let (mut options, state) = self.webauthn.start_discoverable_authentication()?;
        // A button asks, not a field that fills itself.
        options.mediation = None;
        Ok((
            options,
            Signing {
                state: confirm::opened(&state, None)?,
                started: now,
            },
        ))
    }

    /// Begins a step-up of somebody signed in, with one of her keys.
    ///
    /// # Errors
    /// [`Refused::NoKey`] if she has none: she steps up with password and code.
    pub fn start_step_up(
        &self,
        keys: &[Key],
        now: Wall,
    ) -> Result<(RequestChallengeResponse, Signing), Refused> {
        let (options, state) = self.asked(keys)?;
        Ok((
            options,
            Signing {
                state: confirm::opened(&state, None)?,
                started: now,
            },
        ))
    }

    /// Whose key answered, as the answer says; it is believed only after [`Site::finish`].
    ///
    /// # Errors
    /// [`Refused::NotReadable`] without a person: not a key that we made.
    pub fn who(&self, answer: &PublicKeyCredential) -> Result<(PersonId, KeyId), Refused> {
        let (person, id) = self.webauthn.identify_discoverable_authentication(answer)?;
        Ok((PersonId(person), KeyId(id.to_vec())))
    }

    /// Checks an answer with the key that the base has under its id for `person`, as it is now: its counter must be of
    /// this moment. The key is changed (counter, copied to a cloud or not, last used) and must be kept.
    ///
    /// # Errors
    /// Why not.
    pub fn finish(
        &self,
        answer: &PublicKeyCredential,
        signing: Signing,
        person: PersonId,
        key: &mut Key,
        now: Wall,
    ) -> Result<(), Refused> {
        in_time(signing.started, now)?;
        self.check(answer, signing.state, person, key, now)
    }

    fn check(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        person: PersonId,
        key: &mut Key,
        now: Wall,
    ) -> Result<(), Refused> {
        // webauthn-rs leaves whose key it is to us. With a list of keys the browser may leave the person out.
        if answer
            .get_user_unique_id()
            .is_some_and(|id| id != person.0.as_bytes())
        {
            return Err(Refused::OtherPerson);
        }
        let result =
            self.webauthn
                .finish_discoverable_authentication_v2(answer, state, key.passkey())?;
        // Asked of the authenticator and checked by webauthn-rs; said once more because all rests on it.
        if !result.user_verified() {
            return Err(Refused::NotVerified);
        }
        key.was_used(&result, now)
    }
}

/// Reads a browser's answer when a key was made.
///
/// # Errors
/// [`Refused::NotReadable`].
pub fn read_new_key(body: &[u8]) -> Result<RegisterPublicKeyCredential, Refused> {
    read(body)
}

/// Reads a browser's answer when a key signed.
///
/// # Errors
/// [`Refused::NotReadable`].
pub fn read_answer(body: &[u8]) -> Result<PublicKeyCredential, Refused> {
    read(body)
}

/// Which key answered, as the answer says.
#[must_use]
pub fn key_of(answer: &PublicKeyCredential) -> KeyId {
    KeyId(answer.get_credential_id().to_vec())
}

fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Refused> {
    if body.len() > MAX_ANSWER_BYTES {
        return Err(Refused::NotReadable);
    }
    serde_json::from_slice(body).map_err(|_| Refused::NotReadable)
}

fn in_time(started: Wall, now: Wall) -> Result<(), Refused> {
    if span::since(now, started) > ANSWER_WITHIN {
        Err(Refused::TooLate)
    } else {
        Ok(())
    }
}
