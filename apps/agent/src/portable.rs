//! Versions without holds: where the system or the rights offer none, folders are looked through
//! again and again, and what changed is copied. It protects late, and says so.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, Metadata},
    path::{Path, PathBuf},
};

use hygie_model::{CopyCounts, DirId, FileId, NodeKind, Wall};
use hygie_platform::clock;
use hygie_vault::{Entry, Fingerprint, Vault, VaultError, read_metadata};

/// What one look came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Files found, files copied, and their bytes.
    pub counts: CopyCounts,
    /// What could not be read.
    pub unreadable: Vec<PathBuf>,
}

/// Looks through folders and copies what changed. A node is known by its path.
pub struct Looker {
    vault: Vault,
    nodes: HashMap<PathBuf, Node>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    id: i64,
    kind: NodeKind,
    fingerprint: Option<Fingerprint>,
}

/// Files copied between two commits.
const BATCH: usize = 64;
/// The file system number under which nodes known by path stand in the index: no real one.
const BY_PATH: i64 = i64::MIN;

impl Looker {
    /// Takes up a store where an earlier run left it.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn new(vault: Vault) -> Result<Self, VaultError> {
        let mut nodes = HashMap::new();
        vault.load_nodes(&mut |node| {
            if node.fs == BY_PATH {
                let path = path_of(&node.handle);
                let fingerprint = node.newest.and(node.fingerprint);
                nodes.insert(
                    path,
                    Node {
                        id: node.id,
                        kind: node.kind,
                        fingerprint,
                    },
                );
            }
        })?;
        Ok(Self { vault, nodes })
    }

    /// Looks through the folders once.
    ///
    /// # Errors
    /// When the store has no room or cannot be written; what was copied before stays.
    pub fn look(&mut self, folders: &[PathBuf]) -> Result<Look, VaultError> {
        let mut look = Look::default();
        let mut met = HashSet::new();
        let mut batch = Vec::new();
        for folder in folders {
            let dir = self.dir(folder, None, &mut batch);
            let at = clock::wall();
            batch.push(Entry::Root {
                dir,
                fs: BY_PATH,
                path: folder.clone(),
                at,
            });
            met.insert(folder.clone());
            self.walk(folder, dir, &mut look, &mut met, &mut batch)?;
        }
        let gone: Vec<PathBuf> = self
            .nodes
            .keys()
            .filter(|path| !met.contains(*path))
            .cloned()
            .collect();
        for path in gone {
            self.forget(&path, &mut batch);
        }
        self.commit(&mut batch)?;
        Ok(look)
    }

    fn walk(
        &mut self,
        folder: &Path,
        parent: DirId,
        look: &mut Look,
        met: &mut HashSet<PathBuf>,
        batch: &mut Vec<Entry>,
    ) -> Result<(), VaultError> {
        let mut todo = vec![(folder.to_path_buf(), parent)];
        while let Some((folder, parent)) = todo.pop() {
            let Ok(entries) = fs::read_dir(&folder) else {
                look.unreadable.push(folder);
                continue;
            };
            for entry in entries.flatten() {
                let path = entry.path();
                let Ok(found) = entry.metadata() else {
                    continue;
                };
                if found.is_dir() {
                    let dir = self.dir(&path, Some(parent), batch);
                    todo.push((path.clone(), dir));
                } else if found.is_file() {
                    self.file(&path, parent, &found, look, batch);
                } else {
                    continue;
                }
                met.insert(path);
                if batch.len() >= BATCH {
                    self.commit(batch)?;
                }
            }
        }
        Ok(())
    }

    fn dir(&mut self, path: &Path, parent: Option<DirId>, batch: &mut Vec<Entry>) -> DirId {
        DirId(self.node(path, parent, NodeKind::Dir, batch))
    }

    fn node(
        &mut self,
        path: &Path,
        parent: Option<DirId>,
        kind: NodeKind,
        batch: &mut Vec<Entry>,
    ) -> i64 {
        if let Some(node) = self.nodes.get(path)
            && node.kind == kind
        {
            return node.id;
        }
        let id = self.vault.next_node();
        self.nodes.insert(
            path.to_path_buf(),
            Node {
                id,
                kind,
                fingerprint: None,
            },
        );
        batch.push(Entry::Node {
            id,
            kind,
            fs: BY_PATH,
            handle: bytes_of(path),
        });
        if let (Some(parent), Some(name)) = (parent, path.file_name()) {
            let name = name.as_encoded_bytes().to_vec();
            batch.push(Entry::NameBorn {
                parent,
                name,
                child: id,
                at: clock::wall(),
            });
        }
        id
    }

    fn file(
        &mut self,
        path: &Path,
        parent: DirId,
        found: &Metadata,
        look: &mut Look,
        batch: &mut Vec<Entry>,
    ) {
        look.counts.files += 1;
        look.counts.bytes += found.len();
        let id = self.node(path, Some(parent), NodeKind::File, batch);
        let now = fingerprint(found);
        if self
            .nodes
            .get(path)
            .is_some_and(|node| node.fingerprint == Some(now))
        {
            look.counts.copied += 1;
            look.counts.copied_bytes += found.len();
            return;
        }
        let copied = File::open(path).map_err(|_| ()).and_then(|file| {
            let content = self.vault.objects().take(&file).map_err(|_| ())?;
            let meta = read_metadata(&file).map_err(|_| ())?;
            Ok((content, meta))
        });
        let Ok((content, meta)) = copied else {
            look.unreadable.push(path.to_path_buf());
            return;
        };
        look.counts.copied += 1;
        look.counts.copied_bytes += content.len();
        if let Some(node) = self.nodes.get_mut(path) {
            node.fingerprint = Some(now);
        }
        batch.push(Entry::Version {
            file: FileId(id),
            content,
            since: Wall(now.ctime_ns),
            meta,
            fingerprint: now,
        });
    }

    fn forget(&mut self, path: &Path, batch: &mut Vec<Entry>) {
        let Some(node) = self.nodes.remove(path) else {
            return;
        };
        let parent = path.parent().and_then(|parent| self.nodes.get(parent));
        let at = clock::wall();
        if let (Some(parent), Some(name)) = (parent, path.file_name()) {
            let name = name.as_encoded_bytes().to_vec();
            batch.push(Entry::NameGone {
                parent: DirId(parent.id),
                name,
                at,
            });
        }
        batch.push(Entry::NodeGone { id: node.id, at });
    }

    fn commit(&mut self, batch: &mut Vec<Entry>) -> Result<(), VaultError> {
        if !batch.is_empty() {
            self.vault.commit(std::mem::take(batch), clock::wall())?;
        }
        Ok(())
    }
}

#[cfg(unix)]
fn fingerprint(found: &Metadata) -> Fingerprint {
    use std::os::unix::fs::MetadataExt;
    let nanos =
        |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Fingerprint {
        size: found.len(),
        mtime_ns: nanos(found.mtime(), found.mtime_nsec()),
        ctime_ns: nanos(found.ctime(), found.ctime_nsec()),
    }
}

/// Without a change time of the inode, the time of the content stands for both.
#[cfg(not(unix))]
fn fingerprint(found: &Metadata) -> Fingerprint {
    let since = found
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .and_then(|time| i64::try_from(time.as_nanos()).ok())
        .unwrap_or(0);
    Fingerprint {
        size: found.len(),
        mtime_ns: since,
        ctime_ns: since,
    }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn bytes_of(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use hygie_vault::Reader;

    use super::*;

    fn content(reader: &Reader, path: &Path, to: &Path) -> Vec<u8> {
        reader
            .plan_restore(path, None, Some(to))
            .unwrap()
            .run(reader)
            .unwrap();
        fs::read(to).unwrap()
    }

    #[test]
    fn a_second_look_copies_only_what_changed_and_forgets_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let folder = base.join("dossier");
        fs::create_dir_all(folder.join("sous")).unwrap();
        fs::write(folder.join("a.txt"), "a").unwrap();
        fs::write(folder.join("sous/b.txt"), "b").unwrap();
        let store = base.join("vault");
        let folders = [folder.clone()];
        let mut looker = Looker::new(Vault::open(&store).unwrap()).unwrap();
        let first = looker.look(&folders).unwrap();
        assert_eq!((first.counts.files, first.counts.copied), (2, 2));
        drop(looker);
        fs::write(folder.join("a.txt"), "autre").unwrap();
        fs::remove_file(folder.join("sous/b.txt")).unwrap();
        let mut looker = Looker::new(Vault::open(&store).unwrap()).unwrap();
        assert_eq!(looker.look(&folders).unwrap().counts.files, 1);
        drop(looker);
        let reader = Reader::open(&store).unwrap();
        assert_eq!(
            content(&reader, &folder.join("a.txt"), &base.join("a")),
            b"autre"
        );
        assert_eq!(
            content(&reader, &folder.join("sous/b.txt"), &base.join("b")),
            b"b"
        );
    }
}
