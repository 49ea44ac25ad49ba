//! Lets a falsely suspected program go on: this person, this executable, this folder, these acts, and not for ever.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::Result;
use hygie_acts::{Allowed, AllowedId, Class, Deed, Doing, Incident, Logged, Member, State, Who};
use hygie_model::{DirId, Wall};
use hygie_vault::Reader;
use serde::{Deserialize, Serialize};

use super::{
    Incidents, Wish, lock,
    paths::{above, chain, path_of},
};

/// Why a program cannot be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotAllowed {
    /// There is no such incident.
    Unknown,
    /// It is undone: there is nothing to let go on.
    Undone,
    /// It does what any script says, and no script is known.
    Interpreter {
        /// The program.
        exe: String,
    },
    /// It packs or encrypts what anyone tells it to.
    Archiver {
        /// The program.
        exe: String,
    },
    /// Which program it was is not known.
    NoProgram,
}

impl Incidents {
    /// Lets the families of an incident go on, and their programs do the same again until the end.
    ///
    /// # Errors
    /// What the store, the log or SQLite refused.
    pub(crate) fn allow(
        &self,
        reader: &Reader,
        id: u64,
        (time, now): (Duration, Wall),
    ) -> Result<std::result::Result<Vec<Allowed>, NotAllowed>> {
        let time = i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
        let until = Wall(now.0.saturating_add(time));
        match self.allowable(reader, id, (now, until))? {
            Ok(planned) => self.give(id, planned, now),
            Err(why) => Ok(Err(why)),
        }
    }

    /// What would be allowed; nothing is done.
    ///
    /// # Errors
    /// What the store, the log or SQLite refused.
    pub(crate) fn allowable(
        &self,
        reader: &Reader,
        id: u64,
        (since, until): (Wall, Wall),
    ) -> Result<std::result::Result<Vec<Allowed>, NotAllowed>> {
        let incident = match self.not_undone(id)? {
            Ok(incident) => incident,
            Err(why) => return Ok(Err(why)),
        };
        let touches = self.touches(&incident)?;
        let members = match acting(&incident, &touches) {
            Ok(members) => members,
            Err(why) => return Ok(Err(why)),
        };
        let (doings, folders) = scope(reader, &incident, &touches)?;
        let mut planned = Vec::new();
        for member in &members {
            for (folder, path) in &folders {
                for doing in &doings {
                    planned.push(Allowed {
                        id: AllowedId(0),
                        incident: id,
                        uid: member.uid,
                        exe: member.exe.clone(),
                        program: member.program.clone(),
                        class: member.class,
                        script: member.script.clone(),
                        folder: *folder,
                        path: path.clone(),
                        doing: *doing,
                        since,
                        until,
                    });
                }
            }
        }
        Ok(Ok(planned))
    }

    /// Gives what was planned, and lets the families go on.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) fn give(
        &self,
        id: u64,
        planned: Vec<Allowed>,
        now: Wall,
    ) -> Result<std::result::Result<Vec<Allowed>, NotAllowed>> {
        let _alone = lock(&self.0.undoing);
        let incident = match self.not_undone(id)? {
            Ok(incident) => incident,
            Err(why) => return Ok(Err(why)),
        };
        self.decide(id, None)?;
        let mut given = Vec::new();
        for allowed in planned {
            given.push(self.store().allow(allowed)?);
        }
        self.set_state(id, State::Allowed, now)?;
        for allowed in &given {
            self.wish(Wish::Allow(Box::new(allowed.clone())));
        }
        if incident.state == State::Stopped {
            self.wish(Wish::LetGo {
                incident: id,
                families: incident.opening.families,
            });
        }
        Ok(Ok(given))
    }

    fn not_undone(&self, id: u64) -> Result<std::result::Result<Incident, NotAllowed>> {
        Ok(match self.store().incident(id)? {
            None => Err(NotAllowed::Unknown),
            Some(incident) if incident.state == State::Undone => Err(NotAllowed::Undone),
            Some(incident) => Ok(incident),
        })
    }

    /// Takes the permissions of an incident back; what runs by them now is judged anew.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) fn revoke(&self, id: u64, now: Wall) -> Result<Vec<Allowed>> {
        let taken = self.store().revoke(id, now)?;
        for allowed in &taken {
            self.wish(Wish::Revoke(allowed.id));
        }
        Ok(taken)
    }
}

/// The programs that did it, each once; one that cannot be allowed forbids the whole.
fn acting(
    incident: &Incident,
    touches: &BTreeMap<i64, Vec<Logged>>,
) -> std::result::Result<Vec<Member>, NotAllowed> {
    let opening = &incident.opening;
    let acted: BTreeSet<(u32, u64)> = theirs(incident, touches)
        .filter_map(|logged| match &logged.act.who {
            Who::Family { process, .. } => process.as_ref(),
            Who::Hygie | Who::Unknown => None,
        })
        .map(|process| (process.pid, process.started))
        .collect();
    let mut members: Vec<Member> = opening
        .members
        .iter()
        .filter(|member| acted.contains(&(member.pid, member.started)))
        .cloned()
        .collect();
    if members.is_empty() {
        members.clone_from(&opening.members);
    }
    members.sort_by(|a, b| (&a.program, &a.script, a.uid).cmp(&(&b.program, &b.script, b.uid)));
    members.dedup_by(|a, b| (&a.program, &a.script, a.uid) == (&b.program, &b.script, b.uid));
    for member in &members {
        let exe = member.exe.clone();
        match (member.class, &member.script) {
            (Class::Archiver, _) => return Err(NotAllowed::Archiver { exe }),
            (Class::Interpreter, None) => return Err(NotAllowed::Interpreter { exe }),
            (Class::Interpreter | Class::Packaged | Class::Unknown, _) => {}
        }
    }
    if members.is_empty() {
        return Err(NotAllowed::NoProgram);
    }
    Ok(members)
}

fn theirs<'a>(
    incident: &'a Incident,
    touches: &'a BTreeMap<i64, Vec<Logged>>,
) -> impl Iterator<Item = &'a Logged> {
    let opening = &incident.opening;
    touches.values().flatten().filter(move |logged| {
        matches!(&logged.act.who, Who::Family { family, .. } if opening.families.contains(family))
            && logged.boot == opening.boot
    })
}

type Scope = (BTreeSet<Doing>, Vec<(DirId, std::path::PathBuf)>);

/// The kinds of acts, and for each protected folder the innermost one that holds all of them.
fn scope(
    reader: &Reader,
    incident: &Incident,
    touches: &BTreeMap<i64, Vec<Logged>>,
) -> Result<Scope> {
    let mut doings = BTreeSet::new();
    let mut common: BTreeMap<DirId, Vec<DirId>> = BTreeMap::new();
    for logged in theirs(incident, touches) {
        let place = match &logged.act.deed {
            Deed::Made(at) | Deed::Linked(at) => {
                doings.insert(Doing::Make);
                Some(at.dir)
            }
            Deed::Changed(_) => {
                doings.insert(Doing::Change);
                None
            }
            Deed::Attributes(_) => None,
            Deed::Renamed { from, .. } => {
                doings.insert(Doing::Rename);
                Some(from.dir)
            }
            Deed::Deleted(from) => {
                doings.insert(Doing::Delete);
                Some(from.dir)
            }
        };
        let dir = match place {
            Some(dir) => Some(dir),
            None => above(reader, DirId(logged.act.node))?.map(|(dir, _)| dir),
        };
        let Some(dir) = dir else { continue };
        let chain = chain(reader, dir)?;
        let Some(root) = chain.first().copied() else {
            continue;
        };
        let so_far = common.entry(root).or_insert_with(|| chain.clone());
        let same = so_far
            .iter()
            .zip(&chain)
            .take_while(|(a, b)| a == b)
            .count();
        so_far.truncate(same);
    }
    let mut folders = Vec::new();
    for chain in common.into_values() {
        let Some(dir) = chain.last().copied() else {
            continue;
        };
        let path = match (reader.root_path(dir)?, above(reader, dir)?) {
            (Some(root), _) => root,
            (None, Some((parent, name))) => {
                path_of(reader, &hygie_acts::Place { dir: parent, name })?
            }
            (None, None) => continue,
        };
        folders.push((dir, path));
    }
    Ok((doings, folders))
}
