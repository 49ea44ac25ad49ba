//! A store in a folder of its own, with a protected folder `/p` that exists only in the index.

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::{Entry, Fingerprint, Vault, VaultError};
use hygie_model::{ContentHash, DirId, FileId, Metadata, NodeKind, VersionName, Wall};
use tempfile::TempDir;

pub(crate) const START: i64 = 1_000;

pub(crate) struct Lab {
    pub(crate) dir: TempDir,
    pub(crate) vault: Vault,
    pub(crate) root: DirId,
    store: PathBuf,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::with_root(Path::new("/p"))
    }

    pub(crate) fn with_root(path: &Path) -> Self {
        // In memory where that is possible: syncs of a busy disk would be most of the time.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() {
            tempfile::tempdir_in(memory).unwrap()
        } else {
            tempfile::tempdir().unwrap()
        };
        Self::build(dir, None, path)
    }

    /// With the store itself in `place`.
    pub(crate) fn with_vault(place: &Path, path: &Path) -> Self {
        Self::build(
            tempfile::tempdir().unwrap(),
            Some(place.join("store")),
            path,
        )
    }

    fn build(dir: TempDir, place: Option<PathBuf>, path: &Path) -> Self {
        let store = place.unwrap_or_else(|| dir.path().join("store"));
        let mut vault = Vault::open(&store).unwrap();
        let root = DirId(vault.next_node());
        let batch = vec![
            node(root.0, NodeKind::Dir),
            Entry::Root {
                dir: root,
                fs: 1,
                path: path.to_path_buf(),
                at: Wall(START),
            },
        ];
        vault.commit(batch, Wall(START)).unwrap();
        Self {
            dir,
            vault,
            root,
            store,
        }
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.store.clone()
    }

    /// Closes the store and opens it again.
    pub(crate) fn reopen(self) -> Self {
        let Self {
            dir,
            vault,
            root,
            store,
        } = self;
        drop(vault);
        let vault = opened(&store);
        Self {
            dir,
            vault,
            root,
            store,
        }
    }

    /// A new node under a name.
    pub(crate) fn node(&mut self, kind: NodeKind, parent: DirId, name: &str, at: i64) -> i64 {
        let id = self.vault.next_node();
        let batch = vec![node(id, kind), born(parent, name, id, at)];
        self.vault.commit(batch, Wall(at)).unwrap();
        id
    }

    pub(crate) fn file(&mut self, parent: DirId, name: &str, at: i64) -> FileId {
        FileId(self.node(NodeKind::File, parent, name, at))
    }

    pub(crate) fn dir(&mut self, parent: DirId, name: &str, at: i64) -> DirId {
        DirId(self.node(NodeKind::Dir, parent, name, at))
    }

    pub(crate) fn version(&mut self, file: FileId, bytes: &[u8], at: i64) -> VersionName {
        let entry = self.state(file, bytes, at);
        self.commit(vec![entry], at).pop().unwrap()
    }

    pub(crate) fn state(&self, file: FileId, bytes: &[u8], at: i64) -> Entry {
        Entry::Version {
            file,
            content: self.vault.objects().take_bytes(bytes).unwrap(),
            since: Wall(at),
            meta: Metadata {
                mode: 0o640,
                mtime_ns: at,
                ..Metadata::default()
            },
            fingerprint: print(bytes.len() as u64, at),
        }
    }

    pub(crate) fn commit(&mut self, batch: Vec<Entry>, at: i64) -> Vec<VersionName> {
        self.vault.commit(batch, Wall(at)).unwrap()
    }

    /// Where a content lies.
    pub(crate) fn object(&self, content: ContentHash) -> PathBuf {
        let name = content.to_string();
        self.store()
            .join("objects")
            .join(&name[..2])
            .join(&name[2..])
    }

    /// The files of the store's objects.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        let mut found: Vec<_> = std::fs::read_dir(self.store().join("objects"))
            .unwrap()
            .flat_map(|fan| std::fs::read_dir(fan.unwrap().path()).unwrap())
            .map(|object| object.unwrap().path())
            .collect();
        found.sort();
        found
    }
}

/// A program that another test starts holds the lock, too, until it has become itself.
fn opened(store: &Path) -> Vault {
    for _ in 0..500 {
        match Vault::open(store) {
            Err(VaultError::Busy { .. }) => thread::sleep(Duration::from_millis(10)),
            opened => return opened.unwrap(),
        }
    }
    Vault::open(store).unwrap()
}

pub(crate) fn print(size: u64, at: i64) -> Fingerprint {
    Fingerprint {
        size,
        mtime_ns: at,
        ctime_ns: at,
    }
}

pub(crate) fn node(id: i64, kind: NodeKind) -> Entry {
    Entry::Node {
        id,
        kind,
        fs: 1,
        handle: id.to_le_bytes().to_vec(),
    }
}

pub(crate) fn born(parent: DirId, name: &str, child: i64, at: i64) -> Entry {
    Entry::NameBorn {
        parent,
        name: name.into(),
        child,
        at: Wall(at),
    }
}

pub(crate) fn gone(parent: DirId, name: &str, at: i64) -> Entry {
    Entry::NameGone {
        parent,
        name: name.into(),
        at: Wall(at),
    }
}
