//! Random traces against a model that remembers everything: each path at each moment.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs::{self, File},
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_model::{DirId, FileId, Metadata, NodeKind, Wall};
use proptest::prelude::*;
use rustix::fs::{Mode, OFlags};

use super::lab::{Lab, born, gone, node, print};
use crate::{Entry, Presence, Reader, Stored, TreeNode, VaultError, read_metadata};

#[derive(Clone, Debug)]
enum Act {
    Write {
        at: usize,
        content: Vec<u8>,
        mode: u32,
    },
    Create {
        under: usize,
        name: u8,
        content: Vec<u8>,
    },
    Symlink {
        under: usize,
        name: u8,
        target: String,
    },
    MakeFolder {
        under: usize,
        name: u8,
    },
    Link {
        of: usize,
        under: usize,
        name: u8,
    },
    Rename {
        of: usize,
        under: usize,
        name: u8,
    },
    Delete {
        at: usize,
    },
    Chmod {
        at: usize,
        mode: u32,
    },
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    let content = || prop::collection::vec(0_u8..3, 0..3);
    let mode = || prop::sample::select(vec![0o600_u32, 0o644, 0o750, 0o2770]);
    let (at, name) = (|| any::<usize>(), || 0_u8..4);
    prop_oneof![
        4 => (at(), content(), mode())
            .prop_map(|(at, content, mode)| Act::Write { at, content, mode }),
        4 => (at(), name(), content())
            .prop_map(|(under, name, content)| Act::Create { under, name, content }),
        1 => (at(), name(), "[a-z/.]{1,5}")
            .prop_map(|(under, name, target)| Act::Symlink { under, name, target }),
        2 => (at(), name()).prop_map(|(under, name)| Act::MakeFolder { under, name }),
        2 => (at(), at(), name()).prop_map(|(of, under, name)| Act::Link { of, under, name }),
        4 => (at(), at(), name()).prop_map(|(of, under, name)| Act::Rename { of, under, name }),
        2 => at().prop_map(|at| Act::Delete { at }),
        2 => (at(), mode()).prop_map(|(at, mode)| Act::Chmod { at, mode }),
        1 => Just(Act::Reopen),
    ]
}

#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: i64,
    kind: NodeKind,
    content: Vec<u8>,
    meta: Metadata,
}

/// The tree now, and all trees that were.
struct World {
    lab: Lab,
    names: BTreeMap<PathBuf, i64>,
    things: HashMap<i64, Thing>,
    now: i64,
    past: BTreeMap<i64, BTreeMap<PathBuf, Thing>>,
}

impl World {
    fn new() -> Self {
        let lab = Lab::new();
        let now = super::lab::START;
        let past = BTreeMap::from([(now, BTreeMap::new())]);
        Self {
            lab,
            names: BTreeMap::new(),
            things: HashMap::new(),
            now,
            past,
        }
    }

    fn pick(&self, at: usize, wanted: impl Fn(NodeKind) -> bool) -> Option<(PathBuf, i64)> {
        let fits: Vec<_> = self
            .names
            .iter()
            .filter(|(_, id)| wanted(self.things[id].kind))
            .collect();
        let (path, id) = fits.get(at.checked_rem(fits.len())?)?;
        Some(((*path).clone(), **id))
    }

    /// A folder, the protected one among them, and a path in it.
    fn place(&self, under: usize, name: u8) -> (DirId, String, PathBuf) {
        let mut folders = vec![(PathBuf::new(), self.lab.root.0)];
        let is_dir = |id: &i64| self.things[id].kind == NodeKind::Dir;
        folders.extend(
            self.names
                .iter()
                .filter(|(_, id)| is_dir(id))
                .map(|(p, id)| (p.clone(), *id)),
        );
        let (path, id) = &folders[under % folders.len()];
        let name = char::from(b'a' + name).to_string();
        (DirId(*id), name.clone(), path.join(name))
    }

    fn parent(&self, path: &Path) -> DirId {
        let parent = path.parent().unwrap();
        self.names
            .get(parent)
            .map_or(self.lab.root, |id| DirId(*id))
    }

    fn meta(&self, mode: u32) -> Metadata {
        Metadata {
            mode,
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            mtime_ns: self.now * 1_000_000_007,
            atime_ns: self.now,
            xattrs: vec![(b"user.mode".to_vec(), mode.to_le_bytes().to_vec())],
        }
    }

    fn version(&self, id: i64) -> Entry {
        let thing = &self.things[&id];
        Entry::Version {
            file: FileId(id),
            content: self.lab.vault.objects().take_bytes(&thing.content).unwrap(),
            since: Wall(self.now),
            meta: thing.meta.clone(),
            fingerprint: print(thing.content.len() as u64, self.now),
        }
    }

    /// Whatever has this name loses it; as a rename over it would.
    fn unname(&mut self, path: &Path, batch: &mut Vec<Entry>) {
        let Some(id) = self.names.remove(path) else {
            return;
        };
        let (parent, at) = (self.parent(path), self.now);
        if self.names.values().any(|other| *other == id) {
            batch.push(gone(
                parent,
                path.file_name().unwrap().to_str().unwrap(),
                at,
            ));
        } else {
            batch.push(Entry::NodeGone { id, at: Wall(at) });
        }
    }

    fn is_busy(&self, path: &Path) -> bool {
        let dir = self
            .names
            .get(path)
            .is_some_and(|id| self.things[id].kind == NodeKind::Dir);
        dir && self
            .names
            .keys()
            .any(|other| other != path && other.starts_with(path))
    }

    fn create(&mut self, kind: NodeKind, under: usize, name: u8, content: Vec<u8>) -> Vec<Entry> {
        let (parent, name, path) = self.place(under, name);
        if self.names.contains_key(&path) {
            return Vec::new();
        }
        let id = self.lab.vault.next_node();
        let meta = self.meta(0o700);
        self.names.insert(path, id);
        self.things.insert(
            id,
            Thing {
                id,
                kind,
                content,
                meta: meta.clone(),
            },
        );
        let told = match kind {
            NodeKind::Dir => Entry::Meta {
                dir: DirId(id),
                at: Wall(self.now),
                meta,
            },
            NodeKind::File | NodeKind::Symlink => self.version(id),
        };
        vec![node(id, kind), born(parent, &name, id, self.now), told]
    }

    fn rename(&mut self, of: usize, under: usize, name: u8) -> Vec<Entry> {
        let Some((from, id)) = self.pick(of, |_| true) else {
            return Vec::new();
        };
        let (parent, name, to) = self.place(under, name);
        if to.starts_with(&from) || self.is_busy(&to) || self.names.get(&to) == Some(&id) {
            return Vec::new();
        }
        let old = self.parent(&from);
        let mut batch = Vec::new();
        self.unname(&to, &mut batch);
        batch.push(gone(
            old,
            from.file_name().unwrap().to_str().unwrap(),
            self.now,
        ));
        batch.push(born(parent, &name, id, self.now));
        let moved: Vec<_> = self
            .names
            .keys()
            .filter(|path| path.starts_with(&from))
            .cloned()
            .collect();
        for path in moved {
            let id = self.names.remove(&path).unwrap();
            let below = path.strip_prefix(&from).unwrap();
            let new = if below.as_os_str().is_empty() {
                to.clone()
            } else {
                to.join(below)
            };
            self.names.insert(new, id);
        }
        batch
    }

    fn act(&mut self, act: Act) {
        let batch = match act {
            Act::Write { at, content, mode } => {
                match self.pick(at, |kind| kind == NodeKind::File) {
                    Some((_, id)) => {
                        let meta = self.meta(mode);
                        self.things.insert(
                            id,
                            Thing {
                                id,
                                kind: NodeKind::File,
                                content,
                                meta,
                            },
                        );
                        vec![self.version(id)]
                    }
                    None => Vec::new(),
                }
            }
            Act::Create {
                under,
                name,
                content,
            } => self.create(NodeKind::File, under, name, content),
            Act::Symlink {
                under,
                name,
                target,
            } => self.create(NodeKind::Symlink, under, name, target.into_bytes()),
            Act::MakeFolder { under, name } => self.create(NodeKind::Dir, under, name, Vec::new()),
            Act::Link { of, under, name } => {
                let (parent, name, path) = self.place(under, name);
                match self.pick(of, |kind| kind == NodeKind::File) {
                    Some((_, id)) if !self.names.contains_key(&path) => {
                        self.names.insert(path, id);
                        vec![born(parent, &name, id, self.now)]
                    }
                    _ => Vec::new(),
                }
            }
            Act::Rename { of, under, name } => self.rename(of, under, name),
            Act::Delete { at } => {
                let mut batch = Vec::new();
                if let Some((path, _)) = self.pick(at, |_| true)
                    && !self.is_busy(&path)
                {
                    self.unname(&path, &mut batch);
                }
                batch
            }
            Act::Chmod { at, mode } => match self.pick(at, |kind| kind != NodeKind::Symlink) {
                Some((_, id)) => {
                    let meta = self.meta(mode);
                    let thing = self.things.get_mut(&id).unwrap();
                    thing.meta = meta.clone();
                    match thing.kind {
                        NodeKind::Dir => vec![Entry::Meta {
                            dir: DirId(id),
                            at: Wall(self.now),
                            meta,
                        }],
                        NodeKind::File | NodeKind::Symlink => vec![self.version(id)],
                    }
                }
                None => Vec::new(),
            },
            Act::Reopen => Vec::new(),
        };
        self.lab.commit(batch, self.now);
    }

    fn run(acts: Vec<(Act, i64)>) -> Self {
        let mut world = Self::new();
        for (act, wait) in acts {
            world.now += wait;
            if matches!(act, Act::Reopen) {
                world.lab = world.lab.reopen();
            }
            world.act(act);
            let tree = world
                .names
                .iter()
                .map(|(path, id)| (path.clone(), world.things[id].clone()));
            world.past.insert(world.now, tree.collect());
        }
        world
    }

    fn then(&self, moment: i64) -> &BTreeMap<PathBuf, Thing> {
        self.past.range(..=moment).next_back().unwrap().1
    }

    /// The content of a state that must be kept.
    fn content(&self, state: &Stored) -> Vec<u8> {
        assert_eq!(state.presence, Presence::Kept);
        fs::read(self.lab.object(state.version.name.content)).unwrap()
    }

    fn thing(&self, what: TreeNode) -> Thing {
        let (id, kind, state) = match what {
            TreeNode::Folder { dir, meta } => {
                let meta = meta.unwrap();
                return Thing {
                    id: dir.0,
                    kind: NodeKind::Dir,
                    content: Vec::new(),
                    meta,
                };
            }
            TreeNode::File { file, state } => (file.0, NodeKind::File, state.unwrap()),
            TreeNode::Symlink { file, state } => (file.0, NodeKind::Symlink, state.unwrap()),
        };
        Thing {
            id,
            kind,
            content: self.content(&state),
            meta: state.version.meta,
        }
    }
}

fn trace() -> impl Strategy<Value = Vec<(Act, i64)>> {
    prop::collection::vec((act(), 1_i64..4), 1..40)
}

/// Opens without a change of the time of access.
fn open_unseen(path: &Path) -> File {
    let flags = OFlags::RDONLY | OFlags::NOATIME | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).unwrap().into()
}

/// What a real folder holds, with inode numbers for ids.
fn seen(top: &Path, below: &Path, into: &mut BTreeMap<PathBuf, Thing>) {
    for entry in fs::read_dir(top.join(below)).unwrap() {
        let path = below.join(entry.unwrap().file_name());
        let real = top.join(&path);
        let stat = fs::symlink_metadata(&real).unwrap();
        let id = i64::try_from(stat.ino()).unwrap();
        let thing = if stat.is_symlink() {
            let target = fs::read_link(&real)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes();
            Thing {
                id,
                kind: NodeKind::Symlink,
                content: target,
                meta: Metadata::default(),
            }
        } else {
            let mut file = open_unseen(&real);
            let meta = read_metadata(&file).unwrap();
            let (kind, content) = if stat.is_dir() {
                seen(top, &path, into);
                (NodeKind::Dir, Vec::new())
            } else {
                let mut content = Vec::new();
                file.read_to_end(&mut content).unwrap();
                (NodeKind::File, content)
            };
            Thing {
                id,
                kind,
                content,
                meta,
            }
        };
        into.insert(path, thing);
    }
}

/// Ids by order of first appearance, so that two trees with the same hard links are equal.
fn by_links(tree: &BTreeMap<PathBuf, Thing>) -> BTreeMap<PathBuf, Thing> {
    let mut order = HashMap::new();
    let mut like = |(path, thing): (&PathBuf, &Thing)| {
        let next = i64::try_from(order.len()).unwrap();
        let mut thing = Thing {
            id: *order.entry(thing.id).or_insert(next),
            ..thing.clone()
        };
        match thing.kind {
            NodeKind::Symlink => thing.meta = Metadata::default(),
            // Looking into a folder changes its time of access.
            NodeKind::Dir => thing.meta.atime_ns = 0,
            NodeKind::File => {}
        }
        (path.clone(), thing)
    };
    tree.iter().map(&mut like).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_tree_and_each_path_is_given_as_it_was(acts in trace()) {
        let world = World::run(acts);
        let reader = Reader::open(&world.lab.store()).unwrap();
        let paths: BTreeSet<&PathBuf> = world.past.values().flat_map(BTreeMap::keys).collect();
        for moment in super::lab::START..=world.now + 1 {
            let at = Some(Wall(moment));
            let then = world.then(moment);
            let tree: BTreeMap<PathBuf, Thing> = reader
                .tree_at(world.lab.root, at)
                .unwrap()
                .into_iter()
                .map(|item| (item.path, world.thing(item.what)))
                .collect();
            prop_assert_eq!(&tree, then);
            for path in &paths {
                match (reader.lookup(&Path::new("/p").join(path), at), then.get(*path)) {
                    (Ok(found), Some(thing)) => {
                        prop_assert_eq!((found.node, found.kind), (thing.id, thing.kind));
                        if thing.kind != NodeKind::Dir {
                            let state = reader.state_at(FileId(found.node), at).unwrap().unwrap();
                            prop_assert_eq!(world.content(&state), &thing.content[..]);
                            prop_assert_eq!(&state.version.meta, &thing.meta);
                        }
                        let names = reader.names(found.node, at).unwrap();
                        let same = then.iter().filter(|(_, other)| other.id == thing.id);
                        let same: Vec<_> = same.map(|(path, _)| Path::new("/p").join(path)).collect();
                        prop_assert_eq!(names, same);
                    }
                    (Err(VaultError::UnknownPath { .. }), None) => {}
                    (found, expected) => prop_assert!(false, "{found:?} for {expected:?}"),
                }
            }
        }
        let report = reader.check(&mut |_| {}).unwrap();
        prop_assert!(report.is_sound(), "{:?}", report);
    }

    #[test]
    fn a_restore_gives_the_tree_back(acts in trace(), when in any::<prop::sample::Index>()) {
        let world = World::run(acts);
        let reader = Reader::open(&world.lab.store()).unwrap();
        let moments: Vec<i64> = world.past.keys().copied().collect();
        let moment = *when.get(&moments);
        let place = tempfile::tempdir().unwrap();
        let plan = reader
            .plan_restore(Path::new("/p"), Some(Wall(moment)), Some(place.path()))
            .unwrap();
        let outcome = plan.run(&reader).unwrap();
        // Symbolic links take no user attributes; all else must be set.
        let set = |problem: &crate::Problem| {
            fs::symlink_metadata(place.path().join(&problem.path)).is_ok_and(|stat| stat.is_symlink())
        };
        prop_assert!(outcome.problems.iter().all(set), "{:?}", outcome.problems);
        prop_assert!(outcome.missing.is_empty());
        let mut found = BTreeMap::new();
        seen(place.path(), Path::new(""), &mut found);
        prop_assert_eq!(by_links(&found), by_links(world.then(moment)));
    }

    #[test]
    fn a_prune_makes_states_missing_but_never_wrong(acts in trace(), budget in 0_u64..10, age in 0_i64..20) {
        let mut world = World::run(acts);
        let age = Duration::from_nanos(u64::try_from(age).unwrap());
        let none = HashSet::new();
        let plan = world.lab.vault.plan_prune(budget, age, Wall(world.now), &none).unwrap();
        let freed = world.lab.vault.prune(&plan).unwrap();
        prop_assert_eq!(freed, plan.frees);
        prop_assert!(plan.over > 0 || world.lab.vault.usage().bytes <= budget);
        let reader = Reader::open(&world.lab.store()).unwrap();
        let report = reader.check(&mut |_| {}).unwrap();
        prop_assert!(report.is_sound(), "{:?}", report);
        let young = world.now - i64::try_from(age.as_nanos()).unwrap();
        for moment in super::lab::START..=world.now {
            for (path, thing) in world.then(moment) {
                if thing.kind == NodeKind::Dir {
                    continue;
                }
                let at = Some(Wall(moment));
                let state = reader.state_at(FileId(thing.id), at).unwrap().unwrap();
                if state.presence == Presence::Dropped {
                    prop_assert!(moment < young, "{path:?} at {moment} is too young to go");
                    prop_assert!(moment < world.now);
                } else {
                    prop_assert_eq!(world.content(&state), &thing.content[..]);
                    prop_assert_eq!(&state.version.meta, &thing.meta);
                }
            }
        }
    }
}
