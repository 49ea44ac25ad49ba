//! What a page does with another device: asks its guard while somebody waits, and sends it what she signed. The device decides; the
//! console carries question and answer, and keeps no name of what they are about.

use std::time::Duration;

use hygie_agent::door::Reply;
use hygie_model::DeviceId;
use hygie_store::{Command, Device, Json as Kept, NewCommand};
use hygie_text::console::Incidents;
use hygie_wire::{Deed, Wish};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    core::{
        chance,
        journal::Note,
        lane::{self, NoWord},
        proposals,
    },
    web::{fault::Fault, visitor::Visitor},
};

/// A device of the practice, as it stands in an address.
pub(super) async fn device(visitor: &Visitor, id: &str) -> Result<Device, Fault> {
    let id = Uuid::try_parse(id).map_err(|_| Fault::NotFound)?;
    let device = visitor.practice()?.device(DeviceId(id)).await?;
    device
        .filter(|device| device.retired.is_none())
        .ok_or(Fault::NotFound)
}

/// Asks the guard of a device for whoever is signed in.
pub(super) async fn ask(
    visitor: &Visitor,
    device: DeviceId,
    wish: Wish,
) -> Result<Result<Reply, NoWord>, Fault> {
    let by = Some(visitor.person()?);
    lane::ask(&visitor.hub, (device, by), wish).await
}

/// Asks for a challenge. Her keys are handed in first: a guard that does not believe them can then be told to.
pub(super) async fn challenge(
    visitor: &Visitor,
    device: DeviceId,
    wish: Wish,
) -> Result<Result<Reply, NoWord>, Fault> {
    let person = &visitor.signed()?.person;
    let only = (device, Some(person));
    match proposals::hand_in_afar(&visitor.hub, visitor.facts()?, only).await? {
        Ok(()) => ask(visitor, device, wish).await,
        Err(why) => Ok(Err(why)),
    }
}

/// Sends what she signed, once, however often it is heard there.
pub(super) async fn confirm(
    visitor: &Visitor,
    device: DeviceId,
    (challenge, answer): (String, Value),
    incident: Option<u64>,
) -> Result<(), Fault> {
    if answer.to_string().len() + challenge.len() > LONGEST {
        return Err(Fault::Unreadable);
    }
    let deed = Deed::Confirm {
        challenge,
        answer,
        incident,
    };
    // The guard's question is good for five minutes by its own clock, which is not quite ours.
    command(visitor, device, &deed, ANSWERED).await
}

/// Keeps a command for a device.
pub(super) async fn command(
    visitor: &Visitor,
    device: DeviceId,
    deed: &Deed,
    life: Duration,
) -> Result<(), Fault> {
    let command = NewCommand {
        id: chance::number()?,
        device,
        kind: deed.kind().to_owned(),
        body: Kept::of(deed)?,
        by: Some(visitor.person()?),
        expires: visitor.now.after(life),
    };
    visitor.practice()?.command(&command, visitor.now).await?;
    Ok(())
}

/// The newest commands of a device, with what each asks.
pub(super) async fn newest(
    visitor: &Visitor,
    device: DeviceId,
) -> Result<Vec<(Command, Deed)>, Fault> {
    let newest = visitor.practice()?.newest_commands(device, NEWEST).await?;
    let read = newest.into_iter().filter_map(|command| {
        let deed: Deed = command.command.body.get().ok()?;
        Some((command, deed))
    });
    Ok(read.collect())
}

/// A note about a device.
pub(super) fn note(visitor: &Visitor, device: &Device) -> Result<Note, Fault> {
    let note = visitor.note()?.on(device.id);
    Ok(note.with("name", device.name.as_str()))
}

/// Why there is no answer.
pub(super) const fn silent(why: NoWord) -> Incidents {
    match why {
        NoWord::Away => Incidents::AfarAway,
        NoWord::Guard => Incidents::AfarGuardSilent,
        NoWord::Busy => Incidents::DoneBusy,
    }
}

/// A device that is off comes back on the next working morning; what nobody remembers asking for is not done.
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const ANSWERED: Duration = Duration::from_secs(10 * 60);
/// As many of a device's newest commands are looked through.
const NEWEST: u32 = 50;
/// Bytes of a passkey's answer: the guard reads no longer question.
const LONGEST: usize = 6 * 1024;
