//! Two files of the guard's own: the keys that it believes, and those that the hub handed in.
//! Both are root's alone; one that cannot be read counts as nobody's word.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use hygie_identity::passkey::Key;
use hygie_model::{DeviceId, PersonId, Wall};
use hygie_platform::linux::secrets;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Console, KeyTold, KeysTold, Proposed, Withdrawn, random};
use crate::StateDir;

/// By whose word a key is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum By {
    /// Root's, on the device.
    Root,
    /// A person's, with a key that was believed.
    Person {
        /// Who.
        person: PersonId,
        /// That key's mark.
        mark: String,
    },
}

/// Why a list is not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotListed {
    /// There is no such key.
    #[error("there is no such key")]
    Unknown,
    /// What was handed in is no key of a person on a console.
    #[error("this is no key of a person on a console")]
    NoKey,
    /// As many wait as may.
    #[error("as many keys wait as may")]
    Full,
    /// A list cannot be read.
    #[error("the list {0} cannot be read")]
    Damaged(PathBuf),
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A key of a list. Of what is proposed, `by` is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Listed {
    number: u64,
    pub(super) mark: String,
    pub(super) person: PersonId,
    name: String,
    pub(super) console: Console,
    since: Wall,
    by: Option<By>,
    /// The hub took it back then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn: Option<Wall>,
    pub(super) key: Key,
}

impl Listed {
    fn told(&self) -> KeyTold {
        KeyTold {
            number: self.number,
            mark: self.mark.clone(),
            person: self.person,
            name: self.name.clone(),
            key_name: self.key.name().to_owned(),
            console: self.console.clone(),
            since: self.since,
            by: self.by.clone(),
            withdrawn: self.withdrawn,
        }
    }
}

/// The keys that the guard believes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Trusted {
    schema: String,
    /// This device in what is signed.
    pub(super) device: DeviceId,
    pub(super) keys: Vec<Listed>,
}

impl Trusted {
    pub(super) fn of(&self, person: PersonId, console: &Console) -> impl Iterator<Item = &Listed> {
        let is = move |key: &&Listed| key.person == person && key.console.is_same(console);
        self.keys.iter().filter(is)
    }

    pub(super) fn of_mut(
        &mut self,
        person: PersonId,
        console: &Console,
    ) -> impl Iterator<Item = &mut Listed> {
        let is = move |key: &&mut Listed| key.person == person && key.console.is_same(console);
        self.keys.iter_mut().filter(is)
    }
}

/// What the hub handed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Waiting {
    schema: String,
    /// The next number.
    next: u64,
    keys: Vec<Listed>,
}

/// The two files.
#[derive(Debug)]
pub(super) struct Lists {
    trusted: PathBuf,
    proposed: PathBuf,
}

impl Lists {
    pub(super) fn at(state: &StateDir) -> Self {
        Self {
            trusted: state.trusted_keys(),
            proposed: state.proposed_keys(),
        }
    }

    pub(super) fn told(&self) -> KeysTold {
        let trusted = self.trusted();
        let proposed = self.waiting().map(|waiting| waiting.keys);
        KeysTold {
            damaged: trusted.is_err(),
            trusted: all(&trusted.map(|trusted| trusted.keys).unwrap_or_default()),
            proposed: all(&proposed.unwrap_or_default()),
        }
    }

    pub(super) fn propose(&self, proposed: &Proposed, now: Wall) -> Result<KeyTold, NotListed> {
        let listed = taken_in(proposed, now)?;
        let trusted = self.trusted()?;
        // A list of proposals that cannot be read held nobody's word: the hub hands in again.
        let mut waiting = self.waiting().unwrap_or_else(|_| nothing_waits());
        // Somebody who is called otherwise by now is believed as before.
        let own = |known: &&Listed| known.key.mark() == listed.key.mark();
        if let Some(known) = trusted.of(listed.person, &listed.console).find(own) {
            return Ok(known.told());
        }
        let known = trusted.keys.iter().chain(&waiting.keys);
        if let Some(known) = known.clone().find(|known| known.mark == listed.mark) {
            return Ok(known.told());
        }
        let new = waiting.keys.iter().filter(|key| key.withdrawn.is_none());
        let of_one = new.clone().filter(|key| key.person == listed.person);
        if new.count() >= MOST || of_one.count() >= MOST_OF_ONE {
            return Err(NotListed::Full);
        }
        let after = known.map(|known| known.number + 1).max().unwrap_or(1);
        let number = waiting.next.max(after);
        waiting.next = number + 1;
        waiting.keys.push(Listed { number, ..listed });
        write(&self.proposed, &waiting)?;
        Ok(waiting.keys.last().ok_or(NotListed::Unknown)?.told())
    }

    pub(super) fn find(&self, mark: &str) -> Result<Option<KeyTold>, NotListed> {
        let (trusted, waiting) = (self.trusted()?, self.waiting()?);
        let mut keys = trusted.keys.iter().chain(&waiting.keys);
        Ok(keys.find(|key| key.mark == mark).map(Listed::told))
    }

    pub(super) fn trust(&self, mark: &str, by: By, now: Wall) -> Result<KeyTold, NotListed> {
        let (mut trusted, mut waiting) = (self.trusted()?, self.waiting()?);
        let at = waiting.keys.iter().position(|key| key.mark == mark);
        let key = waiting.keys.remove(at.ok_or(NotListed::Unknown)?);
        let believed = Listed {
            since: now,
            by: Some(by),
            withdrawn: None,
            ..key
        };
        let told = believed.told();
        trusted.keys.push(believed);
        self.keep(&trusted)?;
        write(&self.proposed, &waiting)?;
        Ok(told)
    }

    pub(super) fn distrust(&self, mark: &str) -> Result<KeyTold, NotListed> {
        let mut trusted = self.trusted()?;
        if let Some(at) = trusted.keys.iter().position(|key| key.mark == mark) {
            let gone = trusted.keys.remove(at);
            self.keep(&trusted)?;
            return Ok(gone.told());
        }
        let mut waiting = self.waiting()?;
        let at = waiting.keys.iter().position(|key| key.mark == mark);
        let gone = waiting.keys.remove(at.ok_or(NotListed::Unknown)?);
        write(&self.proposed, &waiting)?;
        Ok(gone.told())
    }

    /// The hub's word suffices here although it does not for believing: what it takes back can weaken nothing any more. So that a
    /// hub that was taken over cannot shut everybody out for good, the last believed key stays, and what went can come back.
    pub(super) fn withdraw(
        &self,
        person: PersonId,
        key: Option<&str>,
        now: Wall,
    ) -> Result<Withdrawn, NotListed> {
        let (mut trusted, mut waiting) = (self.trusted()?, self.waiting()?);
        let meant = |listed: &Listed| {
            let mark = || data_encoding::HEXLOWER.encode(&listed.key.mark());
            listed.person == person && key.is_none_or(|key| key == mark())
        };
        let (mut gone, mut left): (Vec<_>, Vec<_>) = trusted.keys.into_iter().partition(meant);
        let stays = if left.is_empty() { gone.pop() } else { None };
        let told = Withdrawn {
            gone: gone.iter().map(Listed::told).collect(),
            stays: stays.as_ref().map(Listed::told),
        };
        left.extend(stays);
        trusted.keys = left;
        let before = waiting.keys.len();
        // One that was never believed is as if it had not been handed in.
        waiting
            .keys
            .retain(|listed| listed.withdrawn.is_some() || !meant(listed));
        if told.gone.is_empty() && before == waiting.keys.len() {
            return Ok(told);
        }
        waiting
            .keys
            .retain(|listed| gone.iter().all(|one| one.mark != listed.mark));
        waiting.keys.extend(gone.into_iter().map(|listed| Listed {
            since: now,
            by: None,
            withdrawn: Some(now),
            ..listed
        }));
        let old = waiting
            .keys
            .iter()
            .filter(|listed| listed.withdrawn.is_some());
        let mut too_many = old.count().saturating_sub(MOST_WITHDRAWN);
        waiting.keys.retain(|listed| {
            let goes = listed.withdrawn.is_some() && too_many > 0;
            too_many -= usize::from(goes);
            !goes
        });
        // Waiting first: a cut leaves a key in both lists rather than in none.
        write(&self.proposed, &waiting)?;
        self.keep(&trusted)?;
        Ok(told)
    }

    pub(super) fn trusted(&self) -> Result<Trusted, NotListed> {
        if let Some(trusted) = read(&self.trusted)? {
            return Ok(trusted);
        }
        let number = random().map_err(|_| io::Error::from(io::ErrorKind::Unsupported))?;
        Ok(Trusted {
            schema: "hygie.trusted-keys/1".to_owned(),
            device: DeviceId(uuid::Builder::from_random_bytes(number).into_uuid()),
            keys: Vec::new(),
        })
    }

    pub(super) fn keep(&self, trusted: &Trusted) -> io::Result<()> {
        write(&self.trusted, trusted)
    }

    fn waiting(&self) -> Result<Waiting, NotListed> {
        Ok(read(&self.proposed)?.unwrap_or_else(nothing_waits))
    }
}

fn nothing_waits() -> Waiting {
    Waiting {
        schema: "hygie.proposed-keys/1".to_owned(),
        next: 1,
        keys: Vec::new(),
    }
}

fn all(keys: &[Listed]) -> Vec<KeyTold> {
    keys.iter().map(Listed::told).collect()
}

/// What the hub says is read as a stranger's word.
fn taken_in(proposed: &Proposed, now: Wall) -> Result<Listed, NotListed> {
    let (name, console) = (proposed.name.trim(), proposed.console.clone());
    let long = |text: &str| text.chars().count() > LONGEST_NAME;
    if name.is_empty() || long(name) || long(&console.title) || console.site().is_err() {
        return Err(NotListed::NoKey);
    }
    let key: Key = serde_json::from_value(proposed.key.clone()).map_err(|_| NotListed::NoKey)?;
    let mut hasher = blake3::Hasher::new_derive_key("hygie 2026 agent mark of a person's passkey");
    for part in [
        &key.mark(),
        proposed.person.0.as_bytes().as_slice(),
        name.as_bytes(),
        console.practice.0.as_bytes(),
        console.title.as_bytes(),
        console.host.as_bytes(),
        &console.port.to_le_bytes(),
    ] {
        hasher
            .update(&(part.len() as u64).to_le_bytes())
            .update(part);
    }
    Ok(Listed {
        number: 0,
        mark: hasher.finalize().to_hex().to_string(),
        person: proposed.person,
        name: name.to_owned(),
        console,
        since: now,
        by: None,
        withdrawn: None,
        key,
    })
}

/// What is there; none where there is no file.
fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, NotListed> {
    let damaged = || NotListed::Damaged(path.to_owned());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(damaged()),
    };
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE)
        .read_to_end(&mut bytes)
        .map_err(|_| damaged())?;
    serde_json::from_slice(&bytes)
        .map_err(|_| damaged())
        .map(Some)
}

/// Whole or not at all, also through a power cut.
fn write<T: Serialize>(path: &Path, list: &T) -> io::Result<()> {
    secrets::replace(path, &serde_json::to_vec_pretty(list)?)
}

/// Keys that wait at once.
const MOST: usize = 64;
/// Keys that the hub took back and that one word brings back; of more the oldest goes.
const MOST_WITHDRAWN: usize = 32;
/// Of one person.
const MOST_OF_ONE: usize = 8;
/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// A list is never longer.
const LONGEST_FILE: u64 = 1 << 20;
