//! What Hygie holds: true sentences with their proof, in place of tiles and gauges.

use hygie_agent::guard::Status;
use hygie_identity::Act;
use hygie_model::Protection;
use hygie_text::{Args, console::Today, shown};

use super::{looked::Looked, rows::one_point, state::State};
use crate::web::{icon::Icon, visitor::Visitor};

/// A fact.
pub(super) struct Fact {
    pub(super) icon: String,
    pub(super) what: String,
    pub(super) proof: Vec<String>,
    pub(super) link: Option<(&'static str, String)>,
}

/// All facts.
pub(super) fn holds(visitor: &Visitor, looked: &Looked, state: &State) -> Vec<Fact> {
    let speech = &visitor.speech;
    let mut facts = match &looked.status {
        Some(status) => of_guard(visitor, status),
        None => vec![Fact {
            icon: Icon::BowlIdk.svg(),
            what: speech.word(Today::HoldsNotKnown),
            proof: vec![speech.word(Today::HoldsNotKnownWhy)],
            link: None,
        }],
    };
    facts.extend(devices(visitor, looked));
    for exception in &state.noted {
        let said = one_point(visitor, exception).into_iter();
        facts.extend(said.map(|said| Fact {
            icon: Icon::Info.svg(),
            what: said.what,
            proof: said.to_do.into_iter().collect(),
            link: None,
        }));
    }
    facts
}

fn of_guard(visitor: &Visitor, status: &Status) -> Vec<Fact> {
    let speech = &visitor.speech;
    let counts = &status.counts;
    let files = Args::new().count("files", counts.files);
    let is_held = match status.protection {
        Protection::Protected | Protection::ProtectedBut { .. } => true,
        Protection::NotProtected { .. } => false,
    };
    let copies = if !is_held {
        speech.word(Today::HoldsUnheldWhy)
    } else if counts.copied < counts.files {
        let counts = files.clone().count("copied", counts.copied);
        speech.say(Today::HoldsCopying, &counts)
    } else {
        speech.word(Today::HoldsAll)
    };
    let last = status
        .last_event
        .map(|last| speech.say(Today::HoldsLast, &Args::new().moment("last", last)));
    let find = visitor
        .may(Act::FindFile)
        .then(|| ("/files", speech.word(Today::HoldsFind)));
    let mut facts = vec![
        Fact {
            icon: Icon::Files.svg(),
            what: speech.say(
                if is_held {
                    Today::HoldsFiles
                } else {
                    Today::HoldsFilesUnheld
                },
                &files,
            ),
            proof: std::iter::once(copies).chain(last).collect(),
            link: find,
        },
        Fact {
            icon: Icon::Backups.svg(),
            what: speech.say(
                Today::HoldsVersions,
                &Args::new()
                    .count("versions", status.versions)
                    .bytes("bytes", status.vault_bytes),
            ),
            proof: vec![speech.word(Today::HoldsVersionsWhy)],
            link: None,
        },
        folders(visitor, status),
    ];
    if status.refused > 0 {
        let refused = Args::new().count("refused", status.refused);
        facts.push(Fact {
            icon: Icon::Info.svg(),
            what: speech.say(Today::Refused, &refused),
            proof: vec![speech.word(Today::RefusedWhy)],
            link: None,
        });
    }
    facts
}

fn folders(visitor: &Visitor, status: &Status) -> Fact {
    let speech = &visitor.speech;
    let count = Args::new().count("folders", status.folders.len() as u64);
    let may = visitor.may(Act::SeeProtection);
    let what = if status.folders.is_empty() {
        speech.word(Today::HoldsNoFolder)
    } else {
        speech.say(Today::HoldsFolders, &count)
    };
    Fact {
        icon: Icon::BowlOk.svg(),
        what,
        proof: status
            .folders
            .iter()
            .filter(|_| may)
            .map(|folder| shown(folder))
            .collect(),
        link: None,
    }
}

fn devices(visitor: &Visitor, looked: &Looked) -> Option<Fact> {
    if looked.devices == 0 {
        return None;
    }
    let speech = &visitor.speech;
    let devices = Args::new().count("devices", looked.devices);
    let proof = match looked.silent() {
        0 => speech.word(Today::HoldsDevicesAll),
        silent => speech.say(
            Today::HoldsDevicesSome,
            &Args::new().count("silent", silent),
        ),
    };
    let see = visitor
        .may(Act::SeeDevices)
        .then(|| ("/devices", speech.word(Today::DeviceGo)));
    Some(Fact {
        icon: Icon::Devices.svg(),
        what: speech.say(Today::HoldsDevices, &devices),
        proof: vec![proof],
        link: see,
    })
}
