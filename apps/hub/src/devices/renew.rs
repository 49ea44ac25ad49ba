//! A device that is known gets a certificate for a key that it made anew. The one that it has is good until the new one is used.

use axum::{Json, extract::rejection::JsonRejection};
use hygie_model::Wall;
use hygie_wire::{Refusal, Renew, Renewed};

use super::{denied::Denied, enrol::sign, known::Known};
use crate::core::journal::Note;

pub(super) async fn renew(
    known: Known,
    asked: Result<Json<Renew>, JsonRejection>,
) -> Result<Json<Renewed>, Denied> {
    let Json(asked) = asked?;
    let practice = known.practice();
    let since = Wall(known.now.0.saturating_sub(LIFE));
    // One that was taken over must not fill the signer's register for all others.
    if practice.certificates_since(known.id(), since).await? >= MOST {
        return Err(Denied(Refusal::Busy));
    }
    let (chain, certificate) = sign(&known.hub, asked.csr, known.id()).await?;
    let note = Note::default()
        .on(known.id())
        .with("name", known.device.name.as_str());
    known
        .hub
        .journal
        .tell(practice, "device.renewed", note, known.now)
        .await?;
    practice
        .add_certificate(known.id(), &certificate, known.now)
        .await?;
    Ok(Json(Renewed { chain }))
}

/// As long as a certificate is good, in nanoseconds.
const LIFE: i64 = 90 * 24 * 60 * 60 * 1_000_000_000;
/// Two are needed; the others are for devices that die in the middle of it.
const MOST: u64 = 40;
