//! The roads on disk with their secrets, in the platform's folder of secrets: which are kept, which go, and what may be known of
//! them.

use std::{
    io::{self, Write},
    path::Path,
};

use hygie_model::letter::{Flaw, Road, Slot};
use hygie_platform::linux::secrets::{Bounds, Found, Secrets, SecretsError};
use hygie_post::{Way, leads_as};
use hygie_wire::post::{Secret, Shown};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The roads, held by this process alone.
#[derive(Debug)]
pub(crate) struct Roads {
    folder: Secrets,
    kept: Kept,
}

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    first: Option<Entry>,
    second: Option<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    road: Road,
    secret: Option<Secret>,
}

/// Why a road was not kept.
#[derive(Debug)]
pub(crate) enum NotKept {
    /// It is none.
    Flaw(Flaw),
    /// The disk.
    Failed(SecretsError),
}

impl Roads {
    /// Takes the folder, made if need be. A file that cannot be read is put aside: without it there are no roads, which the
    /// console says, and where they can be set anew.
    pub(crate) fn open(folder: &Path) -> Result<Self, SecretsError> {
        let folder = Secrets::take(folder, BOUNDS)?;
        let kept = load(&folder)?;
        Ok(Self { folder, kept })
    }

    /// What others may know of a road.
    pub(crate) fn shown(&self, slot: Slot) -> Option<Shown> {
        self.kept.of(slot).as_ref().map(|entry| Shown {
            road: entry.road.clone(),
            secret: entry.secret.is_some(),
        })
    }

    /// The road, ready to be gone.
    pub(crate) fn way(&self, slot: Slot) -> Option<Way> {
        let entry = self.kept.of(slot).as_ref()?;
        let secret = entry.secret.as_ref().map(Secret::expose);
        Way::read(&entry.road, secret).ok()
    }

    /// Puts a road in its place.
    pub(crate) fn keep(
        &mut self,
        slot: Slot,
        road: Road,
        secret: Option<Secret>,
    ) -> Result<(), NotKept> {
        let before = self.kept.of(slot).as_ref();
        let secret = secret.or_else(|| {
            let same = before.filter(|before| leads_as(&before.road, &road))?;
            same.secret.clone()
        });
        Way::read(&road, secret.as_ref().map(Secret::expose)).map_err(NotKept::Flaw)?;
        self.change(slot, Some(Entry { road, secret }))
            .map_err(NotKept::Failed)
    }

    /// Forgets a road.
    pub(crate) fn forget(&mut self, slot: Slot) -> Result<(), SecretsError> {
        self.change(slot, None)
    }

    fn change(&mut self, slot: Slot, entry: Option<Entry>) -> Result<(), SecretsError> {
        let mut next = self.kept.clone();
        *match slot {
            Slot::First => &mut next.first,
            Slot::Second => &mut next.second,
        } = entry;
        if next != self.kept {
            self.write(&next)?;
            self.kept = next;
        }
        Ok(())
    }

    fn write(&self, kept: &Kept) -> Result<(), SecretsError> {
        let text = serde_json::to_string(kept).map_err(|error| SecretsError::Io {
            path: self.folder.path(FILE),
            source: error.into(),
        })?;
        self.folder.write(FILE, &Zeroizing::new(text))
    }
}

impl Kept {
    const fn of(&self, slot: Slot) -> &Option<Entry> {
        match slot {
            Slot::First => &self.first,
            Slot::Second => &self.second,
        }
    }
}

fn load(folder: &Secrets) -> Result<Kept, SecretsError> {
    let kept = match folder.read(FILE)? {
        None => return Ok(Kept::default()),
        Some(Found::Text(text)) => serde_json::from_str(&text).ok(),
        Some(Found::Damaged(_)) => None,
    };
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let aside = folder.set_aside(FILE, "damaged-roads.json")?;
    let aside = aside.display();
    // To the system's journal: who looks there learns why the console asks for the roads again.
    let _ = writeln!(
        io::stderr(),
        "hygie post: the roads could not be read; they are in {aside} now, and to be set anew on the console"
    );
    Ok(Kept::default())
}

const FILE: &str = "roads.json";
const BOUNDS: Bounds = Bounds {
    // Both roads.
    usual: 16 * 1024,
    // They are a tenth of it.
    longest: 256 * 1024,
};
