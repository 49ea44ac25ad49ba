//! The world: a folder, its vault, its log; and what would be there without the family.

mod play;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use hygie_acts::{BootId, Counts, Deed, Incident, Left, Log, Opening, Place, State, Store, Who};
use hygie_model::{DirId, FileId, NodeKind, Wall};
use hygie_platform::linux::handle::Handle;
use hygie_vault::{Entry, Fingerprint, Reader, Vault, read_metadata};
use proptest::prelude::*;

use crate::undo::{
    Ground, go, plan,
    run::Way,
    step::{Note, Step},
    touches,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doer {
    Them,
    Honest,
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    Write { at: usize },
    Empty { at: usize },
    Create { under: usize, name: u8 },
    Replace { at: usize },
    MakeFolder { under: usize, name: u8 },
    Rename { of: usize, under: usize, name: u8 },
    Link { of: usize, under: usize, name: u8 },
    Delete { at: usize },
    Chmod { at: usize, mode: u32 },
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    let (at, name) = (|| any::<usize>(), || 0_u8..4);
    let mode = prop::sample::select(vec![0o600_u32, 0o644, 0o700, 0o755]);
    prop_oneof![
        4 => at().prop_map(|at| Act::Write { at }),
        1 => at().prop_map(|at| Act::Empty { at }),
        4 => (at(), name()).prop_map(|(under, name)| Act::Create { under, name }),
        2 => at().prop_map(|at| Act::Replace { at }),
        2 => (at(), name()).prop_map(|(under, name)| Act::MakeFolder { under, name }),
        4 => (at(), at(), name()).prop_map(|(of, under, name)| Act::Rename { of, under, name }),
        1 => (at(), at(), name()).prop_map(|(of, under, name)| Act::Link { of, under, name }),
        3 => at().prop_map(|at| Act::Delete { at }),
        2 => (at(), mode).prop_map(|(at, mode)| Act::Chmod { at, mode }),
    ]
}

/// Handles are opened by root alone.
pub(super) fn skip() -> bool {
    !rustix::process::geteuid().is_root()
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) content: Option<Vec<u8>>,
    pub(super) mode: u32,
    /// Of a file.
    pub(super) mtime_ns: Option<i64>,
}

pub(super) type At = (i64, Vec<u8>);

/// What would be there.
#[derive(Clone, Debug)]
pub(super) struct Would {
    pub(super) kind: NodeKind,
    pub(super) names: BTreeSet<At>,
    pub(super) content: Vec<u8>,
    pub(super) mode: u32,
    /// When `content` was written.
    pub(super) mtime_ns: i64,
    /// What was there before the family's first change.
    pub(super) spoilt: Option<Spoilt>,
    /// Honest and theirs meet here: where it is to be is not for this model to say.
    pub(super) murky: bool,
    touched: bool,
    /// For which of `names` each name stands that it has now; `None`: the family added it.
    stands: BTreeMap<At, Option<At>>,
}

/// What the family changed.
#[derive(Clone, Debug)]
pub(super) struct Spoilt {
    pub(super) before: Vec<u8>,
    pub(super) mtime_ns: i64,
    /// Somebody honest changed it after.
    pub(super) mended: bool,
}

impl Would {
    /// A name is gone by the family's doing or somebody's: what it stood for.
    fn leave(&mut self, from: &At) -> Option<At> {
        self.stands.remove(from).flatten()
    }

    /// Somebody honest gave it this name: no other stands for it.
    fn gain(&mut self, at: At) {
        for stood in self.stands.values_mut() {
            if stood.as_ref() == Some(&at) {
                *stood = None;
            }
        }
        self.stands.insert(at.clone(), Some(at.clone()));
        self.names.insert(at);
    }
}

pub(super) struct World {
    pub(super) dir: tempfile::TempDir,
    vault: Vault,
    log: Log,
    now: i64,
    count: u32,
    names: BTreeMap<At, i64>,
    kinds: BTreeMap<i64, NodeKind>,
    pub(super) would: BTreeMap<i64, Would>,
    pub(super) story: Vec<String>,
    /// Names at which something comes back although it was thrown away since.
    ghosts: BTreeSet<At>,
    began: Option<i64>,
    incident: Option<Incident>,
}

pub(super) const ROOT: i64 = 1;
const THEM: u64 = 77;

impl World {
    pub(super) fn new(before: Vec<Act>) -> Self {
        let mut world = Self::empty();
        before
            .into_iter()
            .for_each(|act| world.act(Doer::Honest, act));
        world.begin();
        world
    }

    /// From now on the family harms.
    pub(super) fn begin(&mut self) {
        self.began = Some(self.now + 1);
        for would in self.would.values_mut() {
            would.touched = false;
        }
    }

    pub(super) fn empty() -> Self {
        let dir = tempfile::tempdir_in("/dev/shm").unwrap();
        for name in ["p", "keep"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }
        let mut vault = Vault::open(&dir.path().join("vault")).unwrap();
        assert_eq!(vault.next_node(), ROOT);
        let root = dir.path().join("p");
        let entries = vec![
            node(ROOT, NodeKind::Dir, &root),
            Entry::Root {
                dir: DirId(ROOT),
                fs: 1,
                path: root.clone(),
                at: Wall(1_000),
            },
        ];
        vault.commit(entries, Wall(1_000)).unwrap();
        let log = Log::open(&dir.path().join("acts.db"), &boot()).unwrap();
        Self {
            dir,
            vault,
            log,
            now: 1_000,
            count: 0,
            names: BTreeMap::new(),
            kinds: BTreeMap::from([(ROOT, NodeKind::Dir)]),
            would: BTreeMap::new(),
            story: Vec::new(),
            ghosts: BTreeSet::new(),
            began: None,
            incident: None,
        }
    }

    pub(super) fn undo(&mut self) -> Undo {
        let opening = Opening {
            boot: boot(),
            group: "family".into(),
            families: vec![THEM],
            members: Vec::new(),
            reasons: Vec::new(),
            score: 0,
            bound: 0,
            first_harm: Wall(self.began.unwrap()),
            stopped_at: Wall(self.now),
            counts: Counts::default(),
        };
        let mut store = Store::open(&self.dir.path().join("incidents.db")).unwrap();
        let incident = store.begin(opening).unwrap();
        assert_eq!(incident.state, State::Stopped);
        let reader = hygie_acts::Reader::open(&self.dir.path().join("acts.db")).unwrap();
        let touched = touches(&reader, &incident).unwrap();
        let index = Reader::open(&self.dir.path().join("vault")).unwrap();
        let steps = plan(&index, &incident, &touched, "plus tard").unwrap();
        let bodies: Vec<String> = steps
            .iter()
            .map(|step| serde_json::to_string(step).unwrap())
            .collect();
        store.keep_plan(incident.id, &bodies).unwrap();
        self.incident = Some(incident);
        self.undo_again()
    }

    /// As the next run finds it.
    pub(super) fn undo_again(&self) -> Undo {
        let id = self.incident.as_ref().unwrap().id;
        let mut ground = Ground::default();
        let open = |name: &str| OwnedFd::from(File::open(self.dir.path().join(name)).unwrap());
        ground.add(1, open("p"), open("keep").as_fd(), id).unwrap();
        Undo {
            id,
            ground,
            store: Store::open(&self.dir.path().join("incidents.db")).unwrap(),
            index: Reader::open(&self.dir.path().join("vault")).unwrap(),
        }
    }

    pub(super) fn seen(&self) -> BTreeMap<PathBuf, Seen> {
        let mut all = BTreeMap::new();
        look(&self.dir.path().join("p"), Path::new(""), &mut all);
        all
    }

    fn path(&self, (dir, name): &At) -> PathBuf {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(name);
        match self.names.iter().find(|(_, node)| **node == *dir) {
            Some((above, _)) => self.path(above).join(name),
            None => self.dir.path().join("p").join(name),
        }
    }

    fn pick(&self, nth: usize, fits: impl Fn(NodeKind) -> bool) -> Option<(At, i64)> {
        let all: Vec<_> = self
            .names
            .iter()
            .filter(|(_, node)| fits(self.kinds[node]))
            .collect();
        let (at, node) = all.get(nth.checked_rem(all.len())?)?;
        Some(((*at).clone(), **node))
    }

    fn spot(&self, under: usize, name: u8) -> At {
        let folders: Vec<i64> = std::iter::once(ROOT)
            .chain(
                self.names
                    .values()
                    .copied()
                    .filter(|node| self.kinds[node] == NodeKind::Dir),
            )
            .collect();
        let name = format!("{}.odt", char::from(b'a' + name)).into_bytes();
        (folders[under % folders.len()], name)
    }

    fn is_below(&self, mut dir: i64, top: i64) -> bool {
        loop {
            if dir == top {
                return true;
            }
            match self.names.iter().find(|(_, node)| **node == dir) {
                Some(((above, _), _)) => dir = *above,
                None => return false,
            }
        }
    }

    fn fresh(&mut self) -> Vec<u8> {
        self.count += 1;
        format!("content {}", self.count).into_bytes()
    }

    pub(super) fn act(&mut self, doer: Doer, act: Act) {
        self.now += 1_000;
        match act {
            Act::Write { at } => {
                if let Some((at, node)) = self.pick(at, |kind| kind == NodeKind::File) {
                    let content = self.fresh();
                    self.write(doer, &at, node, content);
                }
            }
            Act::Empty { at } => {
                if let Some((at, node)) = self.pick(at, |kind| kind == NodeKind::File) {
                    self.write(doer, &at, node, Vec::new());
                }
            }
            Act::Create { under, name } => {
                let at = self.spot(under, name);
                if !self.names.contains_key(&at) {
                    let content = self.fresh();
                    self.create(doer, at, content);
                }
            }
            Act::Replace { at } => {
                let picked = self.pick(at, |kind| kind == NodeKind::File);
                if let Some((at, _)) = picked
                    && !self.names.contains_key(&temp(&at))
                {
                    let content = self.fresh();
                    self.replace(doer, &at, content);
                }
            }
            Act::MakeFolder { under, name } => {
                let at = self.spot(under, name);
                if !self.names.contains_key(&at) {
                    self.make_folder(doer, at);
                }
            }
            Act::Rename { of, under, name } => {
                let Some((from, node)) = self.pick(of, |_| true) else {
                    return;
                };
                let to = self.spot(under, name);
                if self.names.contains_key(&to) || self.is_below(to.0, node) {
                    return;
                }
                self.rename(doer, from, node, to);
            }
            Act::Link { of, under, name } => {
                let to = self.spot(under, name);
                let picked = self.pick(of, |kind| kind == NodeKind::File);
                if let Some((from, node)) = picked
                    && !self.names.contains_key(&to)
                {
                    self.link(doer, (&from, node), to);
                }
            }
            Act::Delete { at } => {
                let Some((at, node)) = self.pick(at, |_| true) else {
                    return;
                };
                if self.names.keys().any(|(dir, _)| *dir == node) {
                    return;
                }
                self.delete(doer, &at, node);
            }
            Act::Chmod { at, mode } => {
                if let Some((at, node)) = self.pick(at, |_| true) {
                    self.chmod(doer, &at, node, mode);
                }
            }
        }
    }

    fn delete(&mut self, doer: Doer, at: &At, node: i64) {
        let path = self.path(at);
        if self.kinds[&node] == NodeKind::Dir {
            fs::remove_dir(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        self.unname(doer, at, node);
    }

    fn replace(&mut self, doer: Doer, at: &At, content: Vec<u8>) {
        let (old, temp) = (self.names[at], temp(at));
        let new = self.create(doer, temp.clone(), content);
        self.now += 1_000;
        self.unname(doer, at, old);
        self.rename(doer, temp, new, at.clone());
    }

    fn link(&mut self, doer: Doer, (from, node): (&At, i64), to: At) {
        fs::hard_link(self.path(from), self.path(&to)).unwrap();
        self.names.insert(to.clone(), node);
        self.tell(
            doer,
            node,
            Deed::Linked(place(&to)),
            vec![self.born(&to, node)],
        );
        self.claims(doer, node, &to);
        if let (Doer::Them, Some(would)) = (doer, self.would.get_mut(&node)) {
            would.stands.insert(to.clone(), None);
        }
        let murky = self.is_taken(&to, node) || !self.has_folder(to.0);
        self.with(doer, node, |would| {
            would.gain(to);
            would.murky |= murky;
        });
    }

    fn chmod(&mut self, doer: Doer, at: &At, node: i64, mode: u32) {
        let path = self.path(at);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let meta = read_metadata(&File::open(&path).unwrap()).unwrap();
        let told = match self.kinds[&node] {
            NodeKind::Dir => Entry::Meta {
                dir: DirId(node),
                at: Wall(self.now),
                meta,
            },
            NodeKind::File | NodeKind::Symlink => Entry::Attributes {
                file: FileId(node),
                since: Wall(self.now),
                meta,
                fingerprint: self.print(0),
            },
        };
        self.tell(doer, node, Deed::Attributes(self.left()), vec![told]);
        self.with(doer, node, |would| would.mode = mode);
    }

    /// What an act does to the world without the family: nothing, if it is the family's.
    fn with(&mut self, doer: Doer, node: i64, change: impl FnOnce(&mut Would)) {
        if let Some(would) = self.would.get_mut(&node) {
            match doer {
                Doer::Honest => change(would),
                Doer::Them => would.touched = true,
            }
        }
    }

    fn write(&mut self, doer: Doer, at: &At, node: i64, content: Vec<u8>) {
        fs::write(self.path(at), &content).unwrap();
        let mtime_ns = mtime(&fs::metadata(self.path(at)).unwrap());
        let told = self.version(at, node);
        self.tell(doer, node, Deed::Changed(self.left()), vec![told]);
        if let Some(would) = self.would.get_mut(&node) {
            match doer {
                Doer::Honest => {
                    if let Some(spoilt) = &mut would.spoilt {
                        spoilt.mended = true;
                    }
                    would.content = content;
                    would.mtime_ns = mtime_ns;
                }
                Doer::Them => {
                    would.spoilt.get_or_insert(Spoilt {
                        before: would.content.clone(),
                        mtime_ns: would.mtime_ns,
                        mended: false,
                    });
                    would.touched = true;
                }
            }
        }
    }

    fn create(&mut self, doer: Doer, at: At, content: Vec<u8>) -> i64 {
        let path = self.path(&at);
        fs::write(&path, &content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let id = self.vault.next_node();
        self.kinds.insert(id, NodeKind::File);
        self.names.insert(at.clone(), id);
        let told = vec![
            node(id, NodeKind::File, &path),
            self.born(&at, id),
            self.version(&at, id),
        ];
        self.tell(doer, id, Deed::Made(place(&at)), told);
        self.now += 1;
        let again = self.version(&at, id);
        self.tell(doer, id, Deed::Changed(self.left()), vec![again]);
        self.would_be(doer, id, at, content, 0o644);
        id
    }

    fn make_folder(&mut self, doer: Doer, at: At) {
        let path = self.path(&at);
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let id = self.vault.next_node();
        self.kinds.insert(id, NodeKind::Dir);
        self.names.insert(at.clone(), id);
        let told = vec![
            node(id, NodeKind::Dir, &path),
            self.born(&at, id),
            Entry::Meta {
                dir: DirId(id),
                at: Wall(self.now),
                meta: read_metadata(&File::open(&path).unwrap()).unwrap(),
            },
        ];
        self.tell(doer, id, Deed::Made(place(&at)), told);
        self.would_be(doer, id, at, Vec::new(), 0o755);
    }

    fn would_be(&mut self, doer: Doer, id: i64, at: At, content: Vec<u8>, mode: u32) {
        if doer == Doer::Honest {
            let murky = self.is_taken(&at, id) || !self.has_folder(at.0);
            let mtime_ns = mtime(&fs::metadata(self.path(&at)).unwrap());
            let would = Would {
                kind: self.kinds[&id],
                names: BTreeSet::from([at.clone()]),
                content,
                mode,
                mtime_ns,
                spoilt: None,
                murky,
                touched: false,
                stands: BTreeMap::from([(at.clone(), Some(at))]),
            };
            self.would.insert(id, would);
        }
    }

    /// What the family made has a claim to a name that an honest program gave it.
    fn claims(&mut self, doer: Doer, node: i64, at: &At) {
        if doer == Doer::Honest && !self.would.contains_key(&node) {
            self.ghosts.insert(at.clone());
        }
    }

    /// Whether in the world without the family something else has this name.
    fn is_taken(&self, at: &At, id: i64) -> bool {
        let others = self.would.iter().filter(|(other, _)| **other != id);
        self.ghosts.contains(at)
            || others
                .into_iter()
                .any(|(_, would)| would.names.contains(at))
    }

    fn has_folder(&self, dir: i64) -> bool {
        dir == ROOT
            || self
                .would
                .get(&dir)
                .is_some_and(|would| !would.names.is_empty())
    }

    fn rename(&mut self, doer: Doer, from: At, node: i64, to: At) {
        fs::rename(self.path(&from), self.path(&to)).unwrap();
        self.names.remove(&from);
        self.names.insert(to.clone(), node);
        let told = vec![self.gone(&from), self.born(&to, node)];
        let (a, b) = (place(&from), place(&to));
        self.tell(doer, node, Deed::Renamed { from: a, to: b }, told);
        self.claims(doer, node, &to);
        let murky = self.is_taken(&to, node) || !self.has_folder(to.0);
        if let (Doer::Them, Some(would)) = (doer, self.would.get_mut(&node)) {
            let stood = would.leave(&from);
            would.stands.insert(to.clone(), stood);
        }
        self.with(doer, node, |would| {
            if let Some(stood) = would.leave(&from) {
                would.names.remove(&stood);
            }
            would.gain(to);
            would.murky |= murky;
        });
    }

    fn unname(&mut self, doer: Doer, at: &At, node: i64) {
        self.names.remove(at);
        let mut told = vec![self.gone(at)];
        if !self.names.values().any(|other| *other == node) {
            told.push(Entry::NodeGone {
                id: node,
                at: Wall(self.now),
            });
        }
        self.tell(doer, node, Deed::Deleted(place(at)), told);
        if let Some(would) = self.would.get_mut(&node) {
            let stood = would.leave(at);
            if doer == Doer::Honest && would.touched {
                // It comes back, since what it was is not what was thrown away.
                would.murky = true;
                self.ghosts.extend(would.names.iter().cloned());
                self.ghosts.insert(at.clone());
            }
            if let (Doer::Honest, Some(stood)) = (doer, stood) {
                would.names.remove(&stood);
            }
        }
        self.with(doer, node, |_| {});
    }

    fn tell(&mut self, doer: Doer, node: i64, deed: Deed, entries: Vec<Entry>) {
        self.vault.commit(entries, Wall(self.now)).unwrap();
        self.story
            .push(format!("{doer:?} {node} {}", told_as(&deed)));
        let who = match doer {
            Doer::Them => Who::Family {
                family: THEM,
                process: None,
            },
            Doer::Honest => Who::Unknown,
        };
        let act = hygie_acts::Act {
            at: Wall(self.now),
            who,
            node,
            kind: self.kinds[&node],
            deed,
        };
        self.log.append(&[act]).unwrap();
    }

    fn left(&self) -> Left {
        Left {
            since: Wall(self.now),
            before: None,
            version: None,
        }
    }

    fn print(&self, size: u64) -> Fingerprint {
        Fingerprint {
            size,
            mtime_ns: self.now,
            ctime_ns: self.now,
        }
    }

    fn version(&self, at: &At, node: i64) -> Entry {
        let path = self.path(at);
        let file = File::open(&path).unwrap();
        Entry::Version {
            file: FileId(node),
            content: self.vault.objects().take(&file).unwrap(),
            since: Wall(self.now),
            meta: read_metadata(&file).unwrap(),
            fingerprint: self.print(file.metadata().unwrap().len()),
        }
    }

    fn born(&self, at: &At, child: i64) -> Entry {
        Entry::NameBorn {
            parent: DirId(at.0),
            name: at.1.clone(),
            child,
            at: Wall(self.now),
        }
    }

    fn gone(&self, at: &At) -> Entry {
        Entry::NameGone {
            parent: DirId(at.0),
            name: at.1.clone(),
            at: Wall(self.now),
        }
    }
}

pub(super) struct Undo {
    id: u64,
    ground: Ground,
    store: Store,
    index: Reader,
}

impl Undo {
    pub(super) fn steps(&self) -> Vec<(Step, Note)> {
        let stored = self.store.plan(self.id).unwrap().into_iter();
        stored
            .map(|stored| {
                let note = stored.note.map(|note| serde_json::from_str(&note).unwrap());
                let step = serde_json::from_str(&stored.body).unwrap();
                (step, note.unwrap_or_default())
            })
            .collect()
    }

    /// Killed when so many steps were noted.
    pub(super) fn go(&mut self, way: Way, killed: Option<usize>) {
        let mut steps = self.steps();
        let (store, id, mut noted) = (&mut self.store, self.id, 0);
        let mut keep = |nth: usize, note: &Note| {
            if killed == Some(noted) {
                anyhow::bail!("killed");
            }
            noted += 1;
            let note = serde_json::to_string(note)?;
            Ok(store.note_step(id, i64::try_from(nth)?, &note)?)
        };
        let place = (&self.index, &self.ground);
        let done = go(place, &mut steps, way, ("plus tard", Wall(5)), &mut keep);
        assert!(done.is_ok() || killed.is_some(), "{done:?}");
    }
}

fn look(top: &Path, below: &Path, into: &mut BTreeMap<PathBuf, Seen>) {
    for entry in fs::read_dir(top.join(below)).unwrap() {
        let path = below.join(entry.unwrap().file_name());
        let real = top.join(&path);
        let stat = fs::symlink_metadata(&real).unwrap();
        let content = stat.is_file().then(|| fs::read(&real).unwrap());
        if stat.is_dir() {
            look(top, &path, into);
        }
        let mode = stat.mode() & 0o7777;
        let mtime_ns = content.as_ref().map(|_| mtime(&stat));
        let seen = Seen {
            content,
            mode,
            mtime_ns,
        };
        into.insert(path, seen);
    }
}

fn mtime(stat: &fs::Metadata) -> i64 {
    stat.mtime() * 1_000_000_000 + stat.mtime_nsec()
}

fn node(id: i64, kind: NodeKind, path: &Path) -> Entry {
    Entry::Node {
        id,
        kind,
        fs: 1,
        handle: Handle::of(File::open(path).unwrap().as_fd())
            .unwrap()
            .to_stored(),
    }
}

fn place((dir, name): &At) -> Place {
    Place {
        dir: DirId(*dir),
        name: name.clone(),
    }
}

fn told_as(deed: &Deed) -> String {
    let at = |place: &Place| format!("{}/{}", place.dir.0, String::from_utf8_lossy(&place.name));
    match deed {
        Deed::Made(place) => format!("made {}", at(place)),
        Deed::Linked(place) => format!("linked {}", at(place)),
        Deed::Changed(_) => "changed".into(),
        Deed::Attributes(_) => "attributes".into(),
        Deed::Renamed { from, to } => format!("renamed {} {}", at(from), at(to)),
        Deed::Deleted(place) => format!("deleted {}", at(place)),
    }
}

/// Where a program writes what then takes a file's name.
fn temp((dir, _): &At) -> At {
    (*dir, b"temp".to_vec())
}

fn boot() -> BootId {
    BootId("one".into())
}
