//! A device that may speak: its certificate was verified, is kept in the database as good, and the device is not retired.

use std::time::Duration;

use axum::{extract::FromRequestParts, http::request::Parts};
use hygie_model::{DeviceId, Wall};
use hygie_store::{Device, Digest, Duty, Json, Practice};
use hygie_wire::Refusal;
use ring::digest;
use rustls::pki_types::CertificateDer;

use super::denied::Denied;
use crate::{
    authority::device_of,
    core::{Hub, places::Peer},
};

/// Who speaks.
pub(super) struct Known {
    pub(super) device: Device,
    pub(super) hub: Hub,
    practice: hygie_store::PracticeFacts,
    /// What it showed.
    pub(super) certificate: Digest,
    pub(super) now: Wall,
}

impl Known {
    /// The part of the database that is its practice's.
    pub(super) fn practice(&self) -> Practice<'_> {
        self.hub.of(&self.practice)
    }

    pub(super) const fn id(&self) -> DeviceId {
        self.device.id
    }

    /// A duty of the device, as it stands now.
    pub(super) fn duty(&self, what: &str, state: State, body: Json) -> Duty {
        Duty {
            who: self.id().0.to_string(),
            what: what.to_owned(),
            state: match state {
                State::Well => "well",
                State::Trouble => "trouble",
            }
            .to_owned(),
            since: self.now,
            well: (state == State::Well).then_some(self.now),
            heard: self.now,
            body,
        }
    }

    /// Notes that it lives, once a minute at most.
    async fn heard(&self) -> Result<(), Denied> {
        if self
            .device
            .seen
            .is_some_and(|seen| seen.after(MINUTE) > self.now)
        {
            return Ok(());
        }
        let practice = self.practice();
        practice.hear_device(self.id(), self.now).await?;
        let duty = self.duty("courier", State::Well, Json::empty());
        Ok(practice.hear_duty(&duty).await?)
    }
}

/// How a duty stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Well,
    Trouble,
}

impl FromRequestParts<Hub> for Known {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Denied> {
        let unknown = || Denied(Refusal::Unknown);
        let shown = parts
            .extensions
            .get::<Peer>()
            .and_then(|peer| peer.certificate.clone())
            .ok_or_else(unknown)?;
        let named = device_of(&shown).ok_or_else(unknown)?;
        let practice = hub.practice().await?.ok_or_else(unknown)?;
        let (now, certificate) = (hub.now(), fingerprint(&shown));
        let device = hub
            .of(&practice)
            .device_of_certificate(certificate, now)
            .await?
            .filter(|device| device.id == DeviceId(named))
            .ok_or_else(unknown)?;
        let known = Self {
            device,
            hub: hub.clone(),
            practice,
            certificate,
            now,
        };
        known.heard().await?;
        Ok(known)
    }
}

/// As the database names certificates: SHA-256 of all of it.
pub(super) fn fingerprint(certificate: &CertificateDer<'_>) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, certificate).as_ref());
    Digest(bytes)
}

const MINUTE: Duration = Duration::from_secs(60);
