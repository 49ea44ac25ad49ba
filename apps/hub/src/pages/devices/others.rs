//! The enrolled devices, by what they told last. One that is silent is never shown as it was.

use std::time::Duration;

use hygie_model::Protection;
use hygie_store::Device;
use hygie_text::{Args, console::Devices, shown};

use super::{
    Row, Standing,
    change::Slip,
    here::{standing, word},
};
use crate::{pages::unnamed::unnamed, web::visitor::Visitor};

/// A device with what can be done to it.
pub(super) struct Managed {
    pub(super) id: String,
    pub(super) name: String,
    /// What was typed for it.
    pub(super) typed: String,
    pub(super) wrong: Option<String>,
}

/// How each stands; retired ones are not watched any more.
pub(super) fn rows(visitor: &Visitor, devices: &[Device]) -> Vec<Row> {
    let present = devices.iter().filter(|device| device.retired.is_none());
    present.map(|device| row(visitor, device)).collect()
}

fn row(visitor: &Visitor, device: &Device) -> Row {
    let speech = &visitor.speech;
    let now = visitor.hub.now();
    let protection = device.state.get::<Protection>().ok();
    let standing = match (device.seen, &protection) {
        (Some(seen), _) if seen.after(QUIET) < now => Standing::Silent,
        (None, _) => Standing::Silent,
        (Some(_), Some(protection)) => standing(protection),
        (Some(_), None) => Standing::Idk,
    };
    let state = match (standing, device.seen) {
        (Standing::Silent, Some(seen)) => {
            speech.say(Devices::StateSilent, &Args::new().moment("since", seen))
        }
        (Standing::Silent, None) => speech.word(Devices::StateNeverHeard),
        (other, _) => speech.word(word(other)),
    };
    let seen = match (standing, &protection) {
        (Standing::Silent, _) => Vec::new(),
        (Standing::Idk, _) | (_, None) => vec![speech.explain(Devices::NotTold, &Args::new())],
        (_, Some(protection)) => speech.protection(&unnamed(visitor, protection)),
    };
    let heard = match device.seen {
        Some(at) => speech.say(Devices::LastHeard, &Args::new().moment("at", at)),
        None => speech.word(Devices::NeverHeard),
    };
    let version = Args::new().text("version", &device.version);
    Row {
        name: shown(&device.name),
        standing,
        state,
        seen,
        proof: vec![heard, speech.say(Devices::Version, &version)],
    }
}

/// What can be renamed and retired.
pub(super) fn managed(devices: &[Device], slip: Option<&Slip>) -> Vec<Managed> {
    let present = devices.iter().filter(|device| device.retired.is_none());
    let managed = present.map(|device| {
        let slip = slip.filter(|slip| slip.device == device.id);
        Managed {
            id: device.id.0.to_string(),
            name: shown(&device.name),
            typed: slip.map_or_else(|| device.name.clone(), |slip| slip.typed.clone()),
            wrong: slip.map(|slip| slip.wrong.clone()),
        }
    });
    managed.collect()
}

/// The names of those that are gone, and since when.
pub(super) fn retired(visitor: &Visitor, devices: &[Device]) -> Vec<(String, String)> {
    let gone = devices.iter().filter_map(|device| {
        let args = Args::new().moment("at", device.retired?);
        Some((
            shown(&device.name),
            visitor.speech.say(Devices::Retired, &args),
        ))
    });
    gone.collect()
}

/// A device reports each minute; after so long without a word nothing is known of it.
const QUIET: Duration = Duration::from_secs(15 * 60);
