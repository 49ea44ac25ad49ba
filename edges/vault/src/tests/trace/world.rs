//! The model: a tree that changes by random acts and remembers all trees that were.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use hygie_model::{DirId, FileId, Metadata, NodeKind, Wall};
use proptest::prelude::*;

use crate::{
    Entry, Presence, Stored, TreeNode,
    tests::lab::{self, Lab, born, gone, node, print},
};

#[derive(Clone, Debug)]
pub(super) enum Act {
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

pub(super) fn act() -> impl Strategy<Value = Act> {
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
pub(super) struct Thing {
    pub(super) id: i64,
    pub(super) kind: NodeKind,
    pub(super) content: Vec<u8>,
    pub(super) meta: Metadata,
}

/// The tree now, and all trees that were.
pub(super) struct World {
    pub(super) lab: Lab,
    pub(super) names: BTreeMap<PathBuf, i64>,
    pub(super) things: HashMap<i64, Thing>,
    pub(super) now: i64,
    pub(super) past: BTreeMap<i64, BTreeMap<PathBuf, Thing>>,
}

impl World {
    fn new() -> Self {
        let lab = Lab::new();
        let now = lab::START;
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

    pub(super) fn run(acts: Vec<(Act, i64)>) -> Self {
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

    pub(super) fn then(&self, moment: i64) -> &BTreeMap<PathBuf, Thing> {
        self.past.range(..=moment).next_back().unwrap().1
    }

    /// The content of a state that must be kept.
    pub(super) fn content(&self, state: &Stored) -> Vec<u8> {
        assert_eq!(state.presence, Presence::Kept);
        fs::read(self.lab.object(state.version.name.content)).unwrap()
    }

    pub(super) fn thing(&self, what: TreeNode) -> Thing {
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
