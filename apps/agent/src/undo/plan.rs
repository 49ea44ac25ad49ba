//! Plans an undo from the log of acts and the index of versions.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use hygie_acts::{Incident, Left, Logged, Place, Who};
use hygie_model::{DirId, Metadata, NodeKind, Version, Wall};
use hygie_vault::{Presence, Reader, Stored};

use super::{
    nodes::{By, Fate, Origin, Spoilt, Touch},
    step::{Look, Naming, Step, Times},
};

/// All acts on the nodes that the incident's families touched since their first harm.
pub(crate) fn touches(
    log: &hygie_acts::Reader,
    incident: &Incident,
) -> Result<BTreeMap<i64, Vec<Logged>>> {
    let opening = &incident.opening;
    let theirs = log.of_families(&opening.boot, &opening.families, opening.first_harm)?;
    let nodes: BTreeSet<i64> = theirs.iter().map(|logged| logged.act.node).collect();
    nodes
        .into_iter()
        .map(|node| Ok((node, log.on_node(node, opening.first_harm)?)))
        .collect()
}

/// The steps that give the tree back.
pub(crate) fn plan(
    reader: &Reader,
    incident: &Incident,
    touches: &BTreeMap<i64, Vec<Logged>>,
    stamp: &str,
) -> Result<Vec<Step>> {
    let mut planning = Planning {
        reader,
        stamp,
        steps: Steps::default(),
        folders: BTreeSet::new(),
        late: BTreeMap::new(),
        stays: BTreeMap::new(),
        looked: BTreeMap::new(),
    };
    for (node, acts) in touches {
        let Some(first) = acts.first() else { continue };
        let touches: Vec<Touch> = acts.iter().map(|logged| touch(incident, logged)).collect();
        let fate = Fate::of(first.act.kind, &touches);
        let late = fate.late.iter().map(|(at, id)| ((*node, at.clone()), *id));
        planning.late.extend(late);
        match fate.kind {
            NodeKind::Dir => planning.folder(*node, &fate)?,
            NodeKind::File | NodeKind::Symlink => planning.file(*node, &fate)?,
        }
    }
    planning.finish()
}

fn touch(incident: &Incident, logged: &Logged) -> Touch {
    let opening = &incident.opening;
    let theirs = match &logged.act.who {
        Who::Family { family, .. } => {
            logged.boot == opening.boot && opening.families.contains(family)
        }
        Who::Hygie | Who::Unknown => false,
    };
    Touch {
        id: logged.id,
        by: if theirs { By::Them } else { By::Others },
        at: logged.act.at,
        deed: logged.act.deed.clone(),
    }
}

/// By kind, in the order in which they are done.
#[derive(Default)]
struct Steps {
    quarantine: Vec<Step>,
    beside: Vec<Step>,
    names: Vec<Step>,
    put: Vec<Step>,
    link: Vec<Step>,
    attributes: Vec<Step>,
    remove: Vec<Step>,
    missing: Vec<Step>,
}

struct Planning<'a> {
    reader: &'a Reader,
    /// Goes into second names.
    stamp: &'a str,
    steps: Steps,
    /// Folders that will be made again.
    folders: BTreeSet<i64>,
    /// Names that honest work gave a thing since.
    late: BTreeMap<(i64, Place), i64>,
    /// Honest names that things have and keep.
    stays: BTreeMap<Place, i64>,
    /// Before when folders looked as they shall, where the family changed that.
    looked: BTreeMap<i64, Wall>,
}

impl Planning<'_> {
    fn folder(&mut self, node: i64, fate: &Fate) -> Result<()> {
        let here = self.present(node)?;
        for (at, origin) in &fate.names {
            match origin {
                Origin::Honest(former) if former != at => self.rename(node, fate.kind, at, former),
                Origin::Honest(_) => {
                    self.stays.insert(at.clone(), node);
                }
                Origin::Theirs => self.steps.remove.push(Step::RemoveFolder {
                    node,
                    at: at.clone(),
                }),
            }
        }
        let before = match (fate.styled, fate.restyled) {
            (Some((at, _)), _) => Some(Wall(at.0.saturating_add(1))),
            (None, restyled) => restyled.map(|(at, _)| at),
        };
        self.looked.extend(before.map(|before| (node, before)));
        if here.is_empty()
            && let Some(at) = fate.taken.first()
        {
            self.make_folder(node, (at.clone(), Naming::Own), before)?;
        }
        if fate.theirs {
            return Ok(());
        }
        let then = match (fate.restyled, fate.styled, fate.restyled_again) {
            (Some((since, _)), None, _) => Some(Wall(since.0.saturating_sub(1))),
            (Some(_), Some((at, _)), Spoilt::Again) => Some(at),
            (Some(_), Some(_), Spoilt::No) | (None, _, _) => None,
        };
        if let (Some(then), false) = (then, here.is_empty())
            && let Some(meta) = self.reader.folder_look(DirId(node), Some(then))?
        {
            self.steps.attributes.push(Step::Attributes {
                node,
                look: meta.into(),
                times: Times::Present,
            });
        }
        Ok(())
    }

    fn file(&mut self, node: i64, fate: &Fate) -> Result<()> {
        if fate.theirs {
            self.their_file(node, fate);
            return Ok(());
        }
        let versions = self.versions(node)?;
        let mut names = fate.names.clone();
        for at in self.present(node)? {
            // A name that no act told of was there before and is.
            names
                .entry(at.clone())
                .or_insert_with(|| Origin::Honest(at));
        }
        let mut wanted: Vec<Place> = names
            .values()
            .filter_map(|origin| match origin {
                Origin::Honest(place) => Some(place.clone()),
                Origin::Theirs => None,
            })
            .chain(fate.taken.iter().cloned())
            .chain(fate.dropped.iter().cloned())
            .collect();
        wanted.sort();
        wanted.dedup();
        let before = fate
            .spoilt
            .map(|(at, left)| before(&versions, at, left).cloned());
        if wanted.is_empty()
            && let (Some(good), Some(at)) = (&before, &fate.let_go)
        {
            self.come_back(node, fate, &versions, good.clone(), at)?;
        }
        match (before, &fate.mended) {
            (None, _) if !names.is_empty() => self.same_content(node, fate, &names, &wanted),
            (None, _) => self.put(node, fate, &versions, versions.first().cloned(), &wanted),
            (Some(good), Some((mended, spoilt))) => {
                let last = version_of(&versions, *mended);
                let equal = matches!((&good, &last), (Some(good), Some(last))
                    if good.version.name.content == last.version.name.content);
                match (spoilt, equal) {
                    (Spoilt::No, true) if !names.is_empty() => {
                        self.same_content(node, fate, &names, &wanted);
                    }
                    (_, true) => self.replace(node, fate, &versions, good, &names, &wanted),
                    (Spoilt::No, false) => {
                        self.both(node, &names, &wanted);
                        self.put(node, fate, &versions, good, &wanted);
                        if names.is_empty() && !fate.taken.is_empty() {
                            self.put_beside(node, fate, last.cloned(), &wanted);
                        }
                    }
                    (Spoilt::Again, false) => {
                        self.replace(node, fate, &versions, good, &names, &wanted);
                        self.put_beside(node, fate, last.cloned(), &wanted);
                    }
                }
            }
            (Some(good), None) => self.replace(node, fate, &versions, good, &names, &wanted),
        }
        Ok(())
    }

    /// What the family made goes, unless an honest program has written to it or renamed it since.
    fn their_file(&mut self, node: i64, fate: &Fate) {
        if fate.mended.is_some() {
            return;
        }
        for (at, origin) in &fate.names {
            if *origin == Origin::Theirs {
                self.steps.quarantine.push(Step::Quarantine {
                    node,
                    at: at.clone(),
                });
            }
        }
    }

    /// The file is as it should be: only names and attributes go back.
    fn same_content(
        &mut self,
        node: i64,
        fate: &Fate,
        names: &BTreeMap<Place, Origin>,
        wanted: &[Place],
    ) {
        let mut theirs = Vec::new();
        let mut honest = BTreeSet::new();
        let mut have = BTreeSet::new();
        for (at, origin) in names {
            match origin {
                Origin::Honest(former) => {
                    honest.insert(at.clone());
                    have.insert(former.clone());
                }
                Origin::Theirs => theirs.push(at),
            }
        }
        // Names of one file are alike: one that stands for another one's place is as good where it is.
        let mut free = have.difference(&honest);
        for at in &honest {
            if have.contains(at) {
                self.stays.insert(at.clone(), node);
            } else {
                match free.next() {
                    Some(former) => self.rename(node, fate.kind, at, former),
                    None => theirs.push(at),
                }
            }
        }
        for at in theirs {
            let at = at.clone();
            self.steps.quarantine.push(Step::Quarantine { node, at });
        }
        for at in wanted.iter().filter(|at| !have.contains(at)) {
            self.steps.link.push(Step::Link {
                node,
                at: at.clone(),
                naming: Naming::Own,
            });
        }
        self.attributes(node, fate);
    }

    /// What is there is spoilt: it goes, and the state of before comes.
    fn replace(
        &mut self,
        node: i64,
        fate: &Fate,
        versions: &[Stored],
        good: Option<Stored>,
        names: &BTreeMap<Place, Origin>,
        wanted: &[Place],
    ) {
        let Some(good) = good.filter(|good| good.presence == Presence::Kept) else {
            // Better spoilt than nothing: it stays.
            let at = wanted.first().cloned();
            self.steps.missing.push(Step::Missing { node, at });
            return;
        };
        for at in names.keys() {
            self.steps.quarantine.push(Step::Quarantine {
                node,
                at: at.clone(),
            });
        }
        self.put(node, fate, versions, Some(good), wanted);
    }

    /// What is there is honest and later: it goes beside.
    fn both(&mut self, node: i64, names: &BTreeMap<Place, Origin>, wanted: &[Place]) {
        for at in names.keys() {
            let beside = wanted.first().unwrap_or(at);
            let to = Place {
                dir: beside.dir,
                name: second_name(&beside.name, self.stamp),
            };
            self.steps.beside.push(Step::Beside {
                node,
                at: at.clone(),
                to,
            });
        }
    }

    fn put(
        &mut self,
        node: i64,
        fate: &Fate,
        versions: &[Stored],
        good: Option<Stored>,
        wanted: &[Place],
    ) {
        let Some((first, rest)) = wanted.split_first() else {
            return;
        };
        let Some(good) = good.filter(|good| good.presence == Presence::Kept) else {
            let at = Some(first.clone());
            self.steps.missing.push(Step::Missing { node, at });
            return;
        };
        self.steps.put.push(Step::Put {
            node,
            kind: fate.kind,
            at: first.clone(),
            version: good.version.name.seq,
            look: look(fate, versions, &good.version).into(),
            naming: Naming::Own,
        });
        for at in rest {
            self.steps.link.push(Step::Link {
                node,
                at: at.clone(),
                naming: Naming::Own,
            });
        }
    }

    /// An honest program took its last name away while it was whole, and the family has spoilt it under one of its own: a
    /// name that is used by now stays with what uses it.
    fn come_back(
        &mut self,
        node: i64,
        fate: &Fate,
        versions: &[Stored],
        good: Option<Stored>,
        at: &Place,
    ) -> Result<()> {
        let Some(good) = good.filter(|good| good.presence == Presence::Kept) else {
            let at = Some(at.clone());
            self.steps.missing.push(Step::Missing { node, at });
            return Ok(());
        };
        let there = self.reader.child(at.dir, &at.name)?;
        let name = match there {
            Some(other) if other != node => second_name(&at.name, self.stamp),
            Some(_) | None => at.name.clone(),
        };
        self.steps.put.push(Step::Put {
            node: -node,
            kind: fate.kind,
            at: Place { dir: at.dir, name },
            version: good.version.name.seq,
            look: look(fate, versions, &good.version).into(),
            naming: Naming::Own,
        });
        Ok(())
    }

    fn put_beside(&mut self, node: i64, fate: &Fate, last: Option<Stored>, wanted: &[Place]) {
        let (Some(first), Some(last)) = (
            wanted.first(),
            last.filter(|last| last.presence == Presence::Kept),
        ) else {
            return;
        };
        self.steps.put.push(Step::Put {
            node: -node,
            kind: fate.kind,
            at: Place {
                dir: first.dir,
                name: second_name(&first.name, self.stamp),
            },
            version: last.version.name.seq,
            look: last.version.meta.into(),
            naming: Naming::Own,
        });
    }

    fn attributes(&mut self, node: i64, fate: &Fate) {
        let Some((at, left)) = fate.restyled else {
            return;
        };
        let Ok(versions) = self.versions(node) else {
            return;
        };
        let good = match (fate.styled, fate.restyled_again) {
            (None, _) => before(&versions, at, left),
            (Some((_, left)), Spoilt::Again) => version_of(&versions, left),
            (Some(_), Spoilt::No) => None,
        };
        if let Some(good) = good {
            self.steps.attributes.push(Step::Attributes {
                node,
                look: good.version.meta.clone().into(),
                times: match fate.mended {
                    Some(_) => Times::Present,
                    None => Times::Before,
                },
            });
        }
    }

    fn rename(&mut self, node: i64, kind: NodeKind, from: &Place, to: &Place) {
        self.steps.names.push(Step::Move {
            node,
            kind,
            from: from.clone(),
            to: to.clone(),
            naming: Naming::Own,
        });
    }

    fn make_folder(
        &mut self,
        node: i64,
        (at, naming): (Place, Naming),
        before: Option<Wall>,
    ) -> Result<()> {
        if !self.folders.insert(node) {
            return Ok(());
        }
        let before = before.map(|at| Wall(at.0.saturating_sub(1)));
        let look = self.reader.folder_look(DirId(node), before)?;
        self.steps.names.push(Step::MakeFolder {
            node,
            at,
            look: look.map(Look::from),
            naming,
        });
        Ok(())
    }

    /// The folders that something comes back to are made where nothing else does.
    fn finish(mut self) -> Result<Vec<Step>> {
        let again = self.made_again()?;
        let given = self.settle_names(&again);
        let steps = &self.steps;
        let groups = [&steps.beside, &steps.names, &steps.put, &steps.link];
        let mut dirs: Vec<DirId> = groups
            .into_iter()
            .flatten()
            .filter_map(Step::place)
            .map(|place| place.dir)
            .collect();
        while let Some(dir) = dirs.pop() {
            let known = self.reader.node(dir.0)?;
            if known.is_none_or(|known| known.gone.is_none()) || self.folders.contains(&dir.0) {
                continue;
            }
            if let Some((parent, name)) = self.reader.last_place(dir.0)? {
                // An honest program took the folder away: what it put there since stays.
                let (mut at, mut naming) = (Place { dir: parent, name }, Naming::Own);
                if self.reader.child(parent, &at.name)?.is_some() || given.contains(&at) {
                    at.name = second_name(&at.name, self.stamp);
                    naming = Naming::Second;
                }
                let before = self.looked.get(&dir.0).copied();
                self.make_folder(dir.0, (at, naming), before)?;
                dirs.push(parent);
            }
        }
        let Steps {
            quarantine,
            beside,
            names,
            put,
            link,
            attributes,
            remove,
            missing,
        } = self.steps;
        let all = [
            quarantine, beside, names, put, link, attributes, remove, missing,
        ];
        Ok(all.into_iter().flatten().collect())
    }

    /// Folders that somebody made again, and for which one: what was in it comes back into theirs.
    fn made_again(&self) -> Result<BTreeMap<DirId, DirId>> {
        let mut again = BTreeMap::new();
        for step in &self.steps.names {
            if let Step::MakeFolder { node, at, .. } = step
                && let Some(other) = self.reader.child(at.dir, &at.name)?
                && !self.leaves(other, at)
            {
                again.insert(DirId(other), DirId(*node));
            }
        }
        Ok(again)
    }

    fn leaves(&self, node: i64, at: &Place) -> bool {
        let gone = |step: &Step| step.node() == node && step.place() == Some(at);
        let moved = |step: &Step| matches!(step, Step::Move { node: one, from, .. } if *one == node && from == at);
        self.steps.remove.iter().any(gone)
            || self.steps.quarantine.iter().any(gone)
            || self.steps.names.iter().any(moved)
    }

    /// Where two things want one name, the one that had it first gets it.
    fn settle_names(&mut self, again: &BTreeMap<DirId, DirId>) -> BTreeSet<Place> {
        let one = |at: &Place| Place {
            dir: again.get(&at.dir).copied().unwrap_or(at.dir),
            name: at.name.clone(),
        };
        let (steps, late) = (&mut self.steps, &self.late);
        let claim = |node: i64, at: &Place| match late.get(&(node, at.clone())) {
            // What comes beside waits for all others.
            _ if node < 0 => (i64::MAX, node),
            Some(since) => (*since, node),
            None => (0, node),
        };
        let mut first: BTreeMap<Place, (i64, i64)> = BTreeMap::new();
        let wanting = [&steps.names, &steps.put, &steps.link];
        let wanting = wanting.into_iter().flatten();
        let wanted = wanting.filter_map(|step| Some((step.place()?, step.node())));
        let having = self.stays.iter().map(|(at, node)| (at, *node));
        for (at, node) in wanted.chain(having) {
            let claim = claim(node, at);
            let had = first.entry(one(at)).or_insert(claim);
            *had = claim.min(*had);
        }
        let beside = steps.beside.iter().filter_map(Step::place).map(one);
        let mut given: BTreeSet<Place> = first.keys().cloned().chain(beside).collect();
        for step in [&mut steps.names, &mut steps.put, &mut steps.link]
            .into_iter()
            .flatten()
        {
            let node = step.node();
            if let Step::Move { to: at, naming, .. }
            | Step::MakeFolder { at, naming, .. }
            | Step::Put { at, naming, .. }
            | Step::Link { at, naming, .. } = step
                && first.get(&one(at)).is_some_and(|(_, owner)| *owner != node)
            {
                let second = second_name(&at.name, self.stamp);
                let free = numbered(&second).find(|name| {
                    let dir = at.dir;
                    let name = name.clone();
                    given.insert(one(&Place { dir, name }))
                });
                at.name = free.unwrap_or(second);
                *naming = Naming::Second;
            }
        }
        given
    }

    fn present(&self, node: i64) -> Result<Vec<Place>> {
        let places = self.reader.places(node, None)?.into_iter();
        Ok(places.map(|(dir, name)| Place { dir, name }).collect())
    }

    /// The newest first.
    fn versions(&self, node: i64) -> Result<Vec<Stored>> {
        let past = self.reader.versions(hygie_model::FileId(node))?;
        Ok(past.into_iter().map(|past| past.stored).collect())
    }
}

/// How a file shall look that comes back.
fn look(fate: &Fate, versions: &[Stored], good: &Version) -> Metadata {
    if let Some((at, left)) = fate.styled {
        let styled = version_of(versions, left)
            .or_else(|| versions.iter().find(|stored| stored.version.since <= at));
        if let Some(styled) = styled {
            let times = &good.meta;
            return Metadata {
                mtime_ns: times.mtime_ns,
                atime_ns: times.atime_ns,
                ..styled.version.meta.clone()
            };
        }
    }
    match fate.restyled {
        Some((at, left)) => match before(versions, at, left) {
            Some(earlier) if earlier.version.name.seq < good.name.seq => Metadata {
                mtime_ns: good.meta.mtime_ns,
                atime_ns: good.meta.atime_ns,
                ..earlier.version.meta.clone()
            },
            Some(_) | None => good.meta.clone(),
        },
        None => good.meta.clone(),
    }
}

/// The newest version of before an act: by its number where the act knows what it left, else by its time.
fn before(versions: &[Stored], at: Wall, left: Left) -> Option<&Stored> {
    versions
        .iter()
        .find(|stored| match (left.before, left.version) {
            (Some(before), _) => stored.version.name.seq == before.seq,
            (None, Some(after)) => stored.version.name.seq < after.seq,
            (None, None) => stored.version.since < left.since.min(at),
        })
}

/// The version that an act left.
fn version_of(versions: &[Stored], left: Left) -> Option<&Stored> {
    match left.version {
        Some(name) => versions
            .iter()
            .find(|stored| stored.version.name.seq == name.seq),
        // One that is as the version before has no version of its own.
        None => versions
            .iter()
            .find(|stored| stored.version.since <= left.since),
    }
}

/// `lettre.odt` becomes `lettre (2026-11-24 08h12).odt`.
pub(super) fn second_name(name: &[u8], stamp: &str) -> Vec<u8> {
    let dot = name.iter().rposition(|byte| *byte == b'.');
    let (stem, end) = match dot {
        Some(dot) if dot > 0 => name.split_at(dot),
        Some(_) | None => (name, &b""[..]),
    };
    let stamp = format!(" ({stamp})");
    // 255 bytes are the most that a name may have.
    let room = 255_usize.saturating_sub(stamp.len() + end.len());
    let mut cut = stem.len().min(room);
    while cut < stem.len() && cut > 0 && stem[cut] & 0xc0 == 0x80 {
        cut -= 1;
    }
    [&stem[..cut], stamp.as_bytes(), end].concat()
}

/// A name, then the same with a number.
pub(super) fn numbered(name: &[u8]) -> impl Iterator<Item = Vec<u8>> + use<> {
    let name = name.to_vec();
    (1..1000_u32).map(move |number| match number {
        1 => name.clone(),
        _ => second_name(&name, &number.to_string()),
    })
}
