//! What the guard remembers of the protected folders: inodes by handle, names by folder.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
};

use hygie_model::{DirId, FileId, Metadata, Wall};
use hygie_platform::linux::{handle::Handle, lease::Lease};
use hygie_vault::{Fingerprint, Touched};

use super::space::SpaceId;

/// A file, folder or symbolic link by its number in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Node {
    File(FileId),
    Dir(DirId),
    Symlink(i64),
}

impl Node {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::File(FileId(number)) | Self::Dir(DirId(number)) | Self::Symlink(number) => number,
        }
    }
}

/// A mark or name that the guard may have set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    Yes,
    No,
}

/// Out of what room a copy is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purse {
    /// The budget of versions.
    Budget,
    /// What is left of it, and then the reserve: a known program waits.
    Reserve,
}

/// The mark of its own that a file may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Near {
    /// Each open waits, its closes are seen, and changes wait where the kernel can hold them.
    Loud,
    /// The same, but for the changes: the lease holds them. What is opened under it can be heard
    /// from the moment on at which the mark becomes loud.
    Silent,
    None,
}

#[derive(Debug)]
pub(crate) struct FileNode {
    pub(crate) space: SpaceId,
    pub(crate) handle: Handle,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) lease: Option<Lease>,
    /// Owner, mode, times and attributes when the walk met it, until its first copy is asked for.
    pub(crate) met_as: Option<Box<(Metadata, Wall)>>,
    /// A lease was let go since the copy under way was asked for.
    pub(crate) let_go: Set,
    /// Its owner, mode, times or attributes changed since the copy under way was asked for.
    pub(crate) rights: Set,
    pub(crate) near: Near,
    /// Whether a known program has waited for a copy since the file last rested.
    pub(crate) purse: Purse,
    /// What may differ from the newest version, of a large file since it last rested; `None`: anything.
    pub(crate) touched: Option<Box<Touched>>,
    pub(crate) ignored: Set,
    /// It had no name when a second one was to be made (`O_TMPFILE`).
    pub(crate) nameless: Set,
}

/// A folder and a name in it; the bytes are shared by all that mention it.
pub(crate) type Name = (DirId, Arc<[u8]>);

/// The names of a node. Nearly all have one; some have as many as anybody cares to make.
#[derive(Debug)]
#[expect(
    clippy::box_collection,
    reason = "rare, and a third of the size of what is common"
)]
enum Names {
    One(Name),
    Many(Box<BTreeSet<Name>>),
}

/// A node in half the room: all numbers are of one row, and what each is stands in two of its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Packed(i64);

impl From<Node> for Packed {
    fn from(node: Node) -> Self {
        Self(match node {
            Node::File(FileId(number)) => number << 2,
            Node::Dir(DirId(number)) => number << 2 | 1,
            Node::Symlink(number) => number << 2 | 2,
        })
    }
}

impl From<Packed> for Node {
    fn from(Packed(packed): Packed) -> Self {
        let number = packed >> 2;
        match packed & 3 {
            0 => Self::File(FileId(number)),
            1 => Self::Dir(DirId(number)),
            _ => Self::Symlink(number),
        }
    }
}

/// The memory.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    by_handle: HashMap<(SpaceId, Handle), Packed>,
    pub(crate) files: HashMap<FileId, FileNode>,
    dirs: HashMap<DirId, (SpaceId, Arc<Handle>)>,
    handles: HashMap<i64, (SpaceId, Arc<Handle>)>,
    edges: BTreeMap<Name, Packed>,
    names: HashMap<Packed, Names>,
    roots: HashMap<DirId, PathBuf>,
    /// Names from the index that the walk has not met yet.
    unconfirmed: HashSet<Name>,
}

impl Tree {
    pub(crate) fn find(&self, space: SpaceId, handle: &Arc<Handle>) -> Option<Node> {
        let found = self.by_handle.get(&(space, Handle::clone(handle)))?;
        Some(Node::from(*found))
    }

    pub(crate) fn add_file(&mut self, file: FileId, space: SpaceId, handle: Arc<Handle>) {
        let handle = Arc::unwrap_or_clone(handle);
        self.by_handle
            .insert((space, handle.clone()), Node::File(file).into());
        self.files.insert(
            file,
            FileNode {
                space,
                handle,
                fingerprint: None,
                lease: None,
                met_as: None,
                rights: Set::No,
                let_go: Set::No,
                near: Near::None,
                touched: None,
                purse: Purse::Budget,
                ignored: Set::No,
                nameless: Set::No,
            },
        );
    }

    pub(crate) fn add_dir(&mut self, dir: DirId, space: SpaceId, handle: Arc<Handle>) {
        let key = (space, Handle::clone(&handle));
        self.by_handle.insert(key, Node::Dir(dir).into());
        self.dirs.insert(dir, (space, handle));
    }

    pub(crate) fn add_symlink(&mut self, number: i64, space: SpaceId, handle: Arc<Handle>) {
        let key = (space, Handle::clone(&handle));
        self.by_handle.insert(key, Node::Symlink(number).into());
        self.handles.insert(number, (space, handle));
    }

    pub(crate) fn add_root(&mut self, dir: DirId, path: PathBuf) {
        self.roots.insert(dir, path);
    }

    pub(crate) fn dir(&self, dir: DirId) -> Option<&(SpaceId, Arc<Handle>)> {
        self.dirs.get(&dir)
    }

    /// Drops a node that has no name left; gives a file's marks and lease back to be undone.
    pub(crate) fn remove(&mut self, node: Node) -> Option<FileNode> {
        self.names.remove(&node.into());
        match node {
            Node::File(file) => {
                let gone = self.files.remove(&file)?;
                self.by_handle.remove(&(gone.space, gone.handle.clone()));
                Some(gone)
            }
            Node::Dir(dir) => {
                if let Some((space, handle)) = self.dirs.remove(&dir) {
                    self.by_handle
                        .remove(&(space, Arc::unwrap_or_clone(handle)));
                }
                None
            }
            Node::Symlink(number) => {
                if let Some((space, handle)) = self.handles.remove(&number) {
                    self.by_handle
                        .remove(&(space, Arc::unwrap_or_clone(handle)));
                }
                None
            }
        }
    }

    /// Records a name; gives back what it led to before, if that was something else, and whether
    /// it is news at all.
    pub(crate) fn name(&mut self, dir: DirId, name: &[u8], node: Node) -> Named {
        let key: Name = (dir, name.into());
        self.unconfirmed.remove(&key);
        // A known name keeps its bytes: the map leaves its key as it is.
        let before = self.edges.insert(key.clone(), node.into()).map(Node::from);
        if before == Some(node) {
            return Named::Known;
        }
        if let Some(other) = before {
            self.drop_name(other, &key);
        }
        self.add_name(node, key);
        Named::New { replaced: before }
    }

    /// Takes a name away; gives back what it led to.
    pub(crate) fn unname(&mut self, dir: DirId, name: &[u8]) -> Option<Node> {
        let key: Name = (dir, name.into());
        self.unconfirmed.remove(&key);
        let node = Node::from(self.edges.remove(&key)?);
        self.drop_name(node, &key);
        Some(node)
    }

    fn add_name(&mut self, node: Node, key: Name) {
        let names = match self.names.remove(&node.into()) {
            None => Names::One(key),
            Some(Names::One(first)) => Names::Many(Box::new(BTreeSet::from([first, key]))),
            Some(Names::Many(mut all)) => {
                all.insert(key);
                Names::Many(all)
            }
        };
        self.names.insert(node.into(), names);
    }

    fn drop_name(&mut self, node: Node, key: &Name) {
        let none_left = match self.names.get_mut(&node.into()) {
            Some(Names::One(only)) => only == key,
            Some(Names::Many(all)) => {
                all.remove(key);
                all.is_empty()
            }
            None => false,
        };
        if none_left {
            self.names.remove(&node.into());
        }
    }

    /// Whether a node has a name in a protected folder.
    pub(crate) fn is_named(&self, node: Node) -> bool {
        self.names.contains_key(&node.into())
    }

    /// What a name leads to.
    pub(crate) fn at(&self, dir: DirId, name: &[u8]) -> Option<Node> {
        let key: Name = (dir, name.into());
        self.edges.get(&key).map(|node| Node::from(*node))
    }

    /// One of the names of a node: its folder, and the name in it.
    pub(crate) fn place(&self, node: Node) -> Option<(DirId, &[u8])> {
        self.first_name(node).map(|(dir, name)| (*dir, &**name))
    }

    /// How many names a node has.
    pub(crate) fn names(&self, node: Node) -> usize {
        match self.names.get(&node.into()) {
            None => 0,
            Some(Names::One(_)) => 1,
            Some(Names::Many(all)) => all.len(),
        }
    }

    fn first_name(&self, node: Node) -> Option<&Name> {
        match self.names.get(&node.into())? {
            Names::One(name) => Some(name),
            Names::Many(all) => all.first(),
        }
    }

    /// All that a folder holds directly.
    pub(crate) fn children(&self, dir: DirId) -> Vec<(Name, Node)> {
        let from: Name = (dir, Arc::default());
        self.edges
            .range(from..)
            .take_while(|((parent, _), _)| *parent == dir)
            .map(|(name, node)| (name.clone(), Node::from(*node)))
            .collect()
    }

    /// A name that the index knows; the walk has yet to meet it.
    pub(crate) fn remember(&mut self, dir: DirId, name: &[u8], node: Node) {
        self.name(dir, name, node);
        let key: Name = (dir, name.into());
        if let Some((known, _)) = self.edges.get_key_value(&key) {
            self.unconfirmed.insert(known.clone());
        }
    }

    /// Names that the walk did not meet.
    pub(crate) fn take_unconfirmed(&mut self) -> Vec<Name> {
        std::mem::take(&mut self.unconfirmed).into_iter().collect()
    }

    pub(crate) fn roots(&self) -> impl Iterator<Item = DirId> {
        self.roots.keys().copied()
    }

    pub(crate) fn is_root(&self, dir: DirId) -> bool {
        self.roots.contains_key(&dir)
    }

    /// A path of a node, for people; `None` when it has no name below a protected folder.
    pub(crate) fn path(&self, node: Node) -> Option<PathBuf> {
        use std::os::unix::ffi::OsStrExt;
        let mut parts: Vec<&[u8]> = Vec::new();
        let mut at = node;
        for _ in 0..4096 {
            if let Node::Dir(dir) = at
                && let Some(root) = self.roots.get(&dir)
            {
                let mut path = root.clone();
                path.extend(
                    parts
                        .iter()
                        .rev()
                        .map(|part| std::ffi::OsStr::from_bytes(part)),
                );
                return Some(path);
            }
            let (parent, name) = self.first_name(at)?;
            parts.push(name);
            at = Node::Dir(*parent);
        }
        None
    }
}

/// What recording a name came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Known,
    New { replaced: Option<Node> },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(byte: u8) -> Arc<Handle> {
        Arc::new(Handle::from_parts(1, &[byte]))
    }

    #[test]
    fn names_replace_move_and_end() {
        let mut tree = Tree::default();
        let (root, a, b) = (DirId(1), FileId(2), FileId(3));
        tree.add_dir(root, SpaceId(0), handle(1));
        tree.add_root(root, "/dossier".into());
        tree.add_file(a, SpaceId(0), handle(2));
        tree.add_file(b, SpaceId(0), handle(3));
        assert_eq!(
            tree.name(root, b"a", Node::File(a)),
            Named::New { replaced: None }
        );
        assert_eq!(tree.name(root, b"a", Node::File(a)), Named::Known);
        tree.name(root, b"b", Node::File(b));
        assert_eq!(
            tree.name(root, b"a", Node::File(b)),
            Named::New {
                replaced: Some(Node::File(a))
            }
        );
        assert!(!tree.is_named(Node::File(a)));
        assert!(tree.is_named(Node::File(b)));
        assert_eq!(tree.unname(root, b"b"), Some(Node::File(b)));
        assert_eq!(tree.path(Node::File(b)), Some("/dossier/a".into()));
        assert_eq!(tree.path(Node::File(a)), None);
        assert_eq!(tree.children(root).len(), 1);
    }
}
