//! The guard's start: what the index knows, which file systems, and the first walk.

use std::{
    os::fd::AsFd,
    sync::{Arc, atomic::Ordering},
};

use anyhow::{Context, Result};
use hygie_model::{DirId, Exception, FileId, NodeKind};
use hygie_platform::{
    clock,
    linux::{handle::Handle, mounts::mounts_below, pulse::Word},
};
use hygie_vault::{Entry, Vault};

use super::{
    keeper::Fact,
    run::Guard,
    scan::{KeptFiles, Walk},
    space::{Space, SpaceId},
    tree::Node,
};
use crate::orders::Orders;

impl Guard {
    /// Loads what the index knows, opens each folder's file system, and marks it.
    pub(super) fn open_spaces(&mut self, orders: &Orders, mut vault: Vault) -> Result<Vault> {
        self.next_node = vault.next_node();
        for folder in &orders.folders {
            let device = std::os::unix::fs::MetadataExt::dev(
                &std::fs::metadata(folder)
                    .with_context(|| format!("looking at {}", folder.display()))?,
            );
            if self.spaces.iter().all(|space| space.device != device) {
                let id = SpaceId(u16::try_from(self.spaces.len())?);
                let space = Space::open(id, folder, &self.wide, &self.near)
                    .with_context(|| format!("guarding the file system of {}", folder.display()))?;
                self.spaces.push(space);
            }
        }
        for below in mounts_below(&orders.folders)? {
            let path = below.to_string_lossy().into_owned();
            self.board.general(Exception::FolderUnwatched { path });
        }
        self.load(&mut vault)?;
        for folder in &orders.folders {
            self.add_root(folder)?;
        }
        Ok(vault)
    }

    /// From here on this process answers, and must not open anything by a public path.
    pub(super) fn arm(&mut self) -> Result<()> {
        self.pulse
            .set(Word::GuardProcess, u64::from(std::process::id()));
        self.beat();
        self.pulse.set(Word::GuardServes, 1);
        for space in &self.spaces {
            space.arm(&self.wide).with_context(|| {
                format!("marking the file system at {}", space.mount_point.display())
            })?;
        }
        let mut told = vec![("starts", self.pulse.get(Word::Starts).into())];
        if let Some(gap) = self.gap_since {
            told.push(("not_protected_since", gap.to_rfc3339().into()));
        }
        self.keeper.tell(Fact::Started, told);
        Ok(())
    }

    /// A file that was changed after this moment may hold something else than its times say.
    fn doubtful_since(&self) -> i64 {
        let Some(gap) = self.gap_since else {
            return i64::MIN;
        };
        let up = i64::try_from(clock::mono().0).unwrap_or(i64::MAX);
        let booted = clock::wall().0.saturating_sub(up);
        if booted < gap.0 {
            i64::MAX
        } else {
            gap.0.saturating_sub(WRITTEN_BACK)
        }
    }

    fn load(&mut self, vault: &mut Vault) -> Result<()> {
        let doubtful = self.doubtful_since();
        let mut kept = KeptFiles::new();
        let (tree, spaces) = (&mut self.tree, &self.spaces);
        let mut highest = self.next_node;
        vault.load_nodes(&mut |node| {
            highest = highest.max(node.id);
            let Some(space) = spaces.iter().find(|space| space.fsid == node.fs) else {
                return;
            };
            let Some(handle) = Handle::from_stored(&node.handle).map(Arc::new) else {
                return;
            };
            match node.kind {
                NodeKind::File => {
                    let id = FileId(node.id);
                    tree.add_file(id, space.id, Arc::clone(&handle));
                    if let (Some(fingerprint), Some(_)) = (node.fingerprint, node.newest)
                        && fingerprint.ctime_ns < doubtful
                    {
                        kept.insert((space.id, handle), fingerprint);
                        if let Some(file) = tree.files.get_mut(&id) {
                            file.fingerprint = Some(fingerprint);
                        }
                    }
                }
                NodeKind::Dir => tree.add_dir(DirId(node.id), space.id, handle),
                NodeKind::Symlink => tree.add_symlink(node.id, space.id, handle),
            }
        })?;
        vault.load_names(&mut |name| {
            let child = name.child;
            let node = if tree.files.contains_key(&FileId(child)) {
                Node::File(FileId(child))
            } else if tree.dir(DirId(child)).is_some() {
                Node::Dir(DirId(child))
            } else {
                Node::Symlink(child)
            };
            tree.remember(name.parent, &name.name, node);
        })?;
        self.next_node = highest;
        self.walker.kept = Arc::new(kept);
        Ok(())
    }

    fn add_root(&mut self, folder: &std::path::Path) -> Result<()> {
        let opened = std::fs::File::open(folder)?;
        let device = std::os::unix::fs::MetadataExt::dev(&opened.metadata()?);
        let space = self.spaces.iter().find(|space| space.device == device);
        let (space, fsid) = space
            .map(|space| (space.id, space.fsid))
            .context("its file system was opened")?;
        let handle = Arc::new(Handle::of(opened.as_fd())?);
        let dir = match self.tree.find(space, &handle) {
            Some(Node::Dir(dir)) => dir,
            Some(Node::File(_) | Node::Symlink(_)) | None => self.adopt_dir(space, handle),
        };
        self.tree.add_root(dir, folder.to_path_buf());
        let at = self.wall;
        self.facts.push(Entry::Root {
            dir,
            fs: fsid,
            path: folder.to_path_buf(),
            at,
        });
        self.facts.push(Entry::Meta {
            dir,
            at,
            meta: hygie_vault::read_metadata(&opened)?,
        });
        Ok(())
    }

    /// Walks all protected folders.
    pub(crate) fn walk_again(&mut self) {
        let folders = self
            .tree
            .roots()
            .filter_map(|dir| {
                let (space, handle) = self.tree.dir(dir)?.clone();
                Some((
                    space,
                    self.spaces[usize::from(space.0)].door.clone(),
                    handle,
                ))
            })
            .collect();
        let left = self.leases_budget.saturating_sub(self.law.counts().leases);
        self.walker.leases.store(left, Ordering::SeqCst);
        self.walks += 1;
        self.walker.start(folders, Walk::First);
    }
}

/// After a power cut a file may have the times of its last change and the bytes of before: the kernel writes
/// times back after 5 seconds and bytes after 35. The note of the last moment is not synced either. So what was
/// changed in so many nanoseconds before it is read again.
const WRITTEN_BACK: i64 = 600 * 1_000_000_000;
