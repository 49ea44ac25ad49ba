//! A device's name, and its retirement: what it does by itself goes on.

use axum::response::Response;
use hygie_model::DeviceId;
use hygie_store::Device;
use hygie_text::{Args, console::Devices};
use serde::Deserialize;
use uuid::Uuid;

use super::draw;
use crate::web::{
    fault::Fault,
    form::Sent,
    frame,
    visitor::{Visitor, see},
};

/// A name that cannot be taken, with why.
pub(super) struct Slip {
    pub(super) device: DeviceId,
    pub(super) typed: String,
    pub(super) wrong: String,
}

#[derive(Deserialize)]
pub(super) struct Renamed {
    id: Uuid,
    #[serde(default)]
    name: String,
}

pub(super) async fn rename(visitor: Visitor, Sent(new): Sent<Renamed>) -> Result<Response, Fault> {
    let device = present(&visitor, new.id).await?;
    let speech = &visitor.speech;
    let name: String = new.name.chars().filter(|sign| !sign.is_control()).collect();
    let name = name.trim();
    let wrong = match name.chars().count() {
        0 => Some(speech.word(Devices::NameMissing)),
        1..=LONGEST => None,
        _ => Some(speech.say(
            Devices::NameLong,
            &Args::new().count("most", LONGEST as u64),
        )),
    };
    if let Some(wrong) = wrong {
        let slip = Slip {
            device: device.id,
            typed: new.name,
            wrong,
        };
        return draw(&visitor, Some(slip), None).await;
    }
    if name == device.name {
        return Ok(see("/devices"));
    }
    let note = visitor
        .note()?
        .on(device.id)
        .with("before", device.name.as_str())
        .with("name", name);
    visitor.tell("device.renamed", note).await?;
    visitor.practice()?.rename_device(device.id, name).await?;
    Ok(see("/devices?done=rename"))
}

#[derive(Deserialize)]
pub(super) struct Gone {
    id: Uuid,
}

pub(super) async fn retire(visitor: Visitor, Sent(gone): Sent<Gone>) -> Result<Response, Fault> {
    let device = present(&visitor, gone.id).await?;
    let note = visitor
        .note()?
        .on(device.id)
        .with("name", device.name.as_str());
    visitor.tell("device.retired", note).await?;
    // The database first: from then on it is refused whatever its certificate says. The list of the signer is for all others.
    visitor
        .practice()?
        .retire_device(device.id, visitor.now)
        .await?;
    if let Err(error) = visitor.hub.tls.revoke(device.id).await {
        frame::log(&Fault::Signer(error.to_string()));
    }
    Ok(see("/devices?done=retire"))
}

/// A device that is not retired.
async fn present(visitor: &Visitor, id: Uuid) -> Result<Device, Fault> {
    let device = visitor.practice()?.device(DeviceId(id)).await?;
    device
        .filter(|device| device.retired.is_none())
        .ok_or(Fault::NotFound)
}

/// Signs of a name.
pub(super) const LONGEST: usize = 60;
