//! What a hub asks of this device while a person waits there. Nothing is decided by it: it is answered with the guard's own
//! challenge for her passkey, with whom the guard believes, or with which files a stopped program touched. Each is journaled.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use data_encoding::BASE64URL_NOPAD;
use hygie_model::{Mono, Wall};
use hygie_platform::clock;
use hygie_vault::{Presence, Reader, VaultError};
use hygie_wire::{Asked, Wish, masked};

use super::{
    HealthyTold, House, KeysAsked, Question, Reply, Told, TouchedNow, asker::Asker,
    incidents::at_desk, signing,
};
use crate::{guard::Fact, keys::Proposed};

/// When questions were answered lately. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Lately(Arc<Mutex<VecDeque<Mono>>>);

/// Answers a question from afar.
pub(super) fn answer(asked: &Asked, asker: &Asker, house: &House) -> Reply {
    let now = clock::wall();
    if asked.expires <= now || asked.expires > now.after(LONGEST) {
        return Reply::Refused;
    }
    let question = match &asked.wish {
        Wish::Propose { key } => {
            return match serde_json::from_value::<Proposed>(key.clone()) {
                Ok(key) => signing::keys(KeysAsked::Propose(Box::new(key)), asker, house),
                Err(_) => Reply::Unclear,
            };
        }
        Wish::Withdraw { person, key } => {
            let (person, key) = (*person, key.clone());
            return signing::keys(KeysAsked::Withdraw { person, key }, asker, house);
        }
        Wish::Keys => Ask::Tell(Telling::Keys),
        Wish::Folders => Ask::Tell(Telling::Folders),
        Wish::Files { incident } => Ask::Tell(Telling::Files(*incident)),
        Wish::Allow { incident, seconds } => Ask::Sign(Question::Allow {
            id: *incident,
            seconds: *seconds,
        }),
        Wish::Trust { mark } => Ask::Sign(Question::Keys(KeysAsked::Trust { mark: mark.clone() })),
        Wish::Distrust { mark } => {
            Ask::Sign(Question::Keys(KeysAsked::Distrust { mark: mark.clone() }))
        }
        Wish::Unprotect { folder } => match path(folder) {
            Some(folder) => Ask::Sign(Question::Stop {
                folder: Some(Told(folder)),
            }),
            None => return Reply::Unclear,
        },
    };
    // Nobody in particular is shown nothing, and cannot sign.
    let Some(person) = asked.by else {
        return Reply::Refused;
    };
    if !house.lately.has_room(clock::mono()) {
        return Reply::Busy;
    }
    let asker = &asker.on_behalf_of(person);
    let facts = [("ask", asked.wish.kind().into()), ("uid", asker.uid.into())];
    house.keeper(asker).tell(Fact::HubAsked, facts);
    match question {
        Ask::Sign(question) => signing::challenge(&question, (asker, person), house),
        Ask::Tell(Telling::Keys) => Reply::Keys(house.keys.told()),
        Ask::Tell(Telling::Folders) => {
            let mut status = house.inside.board.status();
            status.protection = masked(&status.protection);
            Reply::Status(Box::new(status))
        }
        Ask::Tell(Telling::Files(incident)) => {
            let told = at_desk(house, asker, |reader| files(reader, incident, house));
            told.unwrap_or_else(|error| Reply::Failed {
                reason: format!("{error:#}"),
            })
        }
    }
}

/// What a question comes down to.
enum Ask {
    /// A challenge.
    Sign(Question),
    /// Something is told.
    Tell(Telling),
}

enum Telling {
    Keys,
    Folders,
    Files(u64),
}

/// The touched files, each with the newest state that it held before the first harm and that is still kept.
fn files(reader: &Reader, incident: u64, house: &House) -> Result<Reply> {
    let Some(mut told) = house.incidents.detail(reader, incident)? else {
        return Ok(Reply::Unknown);
    };
    let harm = told.incident.opening.first_harm;
    let beyond = told.files.len().saturating_sub(NAMED) as u64;
    told.files.truncate(NAMED);
    let mut files = Vec::new();
    for file in told.files {
        files.push(TouchedNow {
            healthy: healthy(reader, &file.path.0, harm)?,
            file,
        });
    }
    Ok(Reply::Touched {
        files,
        more: told.more + beyond,
    })
}

fn healthy(reader: &Reader, path: &Path, harm: Wall) -> Result<Option<HealthyTold>> {
    let history = match reader.history(path) {
        Ok(history) => history,
        Err(VaultError::UnknownPath { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let kept = history.into_iter().map(|past| past.stored);
    let before = kept
        .filter(|stored| stored.presence == Presence::Kept && stored.version.since < harm)
        .max_by_key(|stored| stored.version.since);
    Ok(before.map(|stored| HealthyTold {
        number: stored.version.name.seq,
        since: stored.version.since,
        bytes: stored.version.len,
    }))
}

/// As it stands in an address of the console.
fn path(folder: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let bytes = BASE64URL_NOPAD.decode(folder.as_bytes()).ok()?;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

impl Lately {
    /// Whether one more may be answered: a hub that was taken over does not ask this device out.
    fn has_room(&self, now: Mono) -> bool {
        let mut lately = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while lately.front().is_some_and(|at| now.since(*at) > HOUR) {
            lately.pop_front();
        }
        let has_room = lately.len() < MOST_AN_HOUR;
        if has_room {
            lately.push_back(now);
        }
        has_room
    }
}

/// Nobody waits longer; clocks of a practice differ by less.
const LONGEST: Duration = Duration::from_secs(15 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// More than any honest hour has.
const MOST_AN_HOUR: usize = 120;
/// So many files are named: what is said over the line is bounded.
const NAMED: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_an_hour_and_no_more() {
        let lately = Lately::default();
        let at = |seconds: u64| Mono(seconds * 1_000_000_000);
        for second in 0..120 {
            assert!(lately.has_room(at(second)), "{second}");
        }
        assert!(!lately.has_room(at(121)));
        assert!(!lately.has_room(at(3_600)));
        assert!(lately.has_room(at(3_601)), "the first is an hour ago");
        assert!(!lately.has_room(at(3_601)));
    }

    #[test]
    fn a_folder_comes_as_in_an_address() {
        assert_eq!(path("L3Nydi9h"), Some(PathBuf::from("/srv/a")));
        assert_eq!(path("no base64!"), None);
    }
}
