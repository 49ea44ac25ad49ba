//! What the walk met, told to the law and to the index.

use std::{collections::HashSet, sync::Arc};

use hygie_guard::{Found, Hold};
use hygie_model::{DirId, Exception, Wall};
use hygie_platform::linux::handle::Handle;
use hygie_vault::Entry;

use super::{
    keeper::Fact,
    run::Guard,
    scan::{Met, MetFile, Rest, Walk, Walked},
    space::SpaceId,
    tree::Node,
};

impl Guard {
    pub(crate) fn handle_walked(&mut self, walked: Walked) {
        match walked {
            Walked::Met(space, all) => {
                for met in all {
                    self.handle_met(space, met);
                    self.obey();
                }
            }
            Walked::Done(walk) => {
                self.walks = self.walks.saturating_sub(1);
                if self.walks == 0 {
                    self.went_meanwhile = HashSet::new();
                }
                if walk == Walk::First {
                    self.first_walk_done();
                }
            }
            Walked::Left(space, links) => self.take_links_over(space, &links),
        }
    }

    fn handle_met(&mut self, space: SpaceId, met: Met) {
        match met {
            Met::Dir {
                parent,
                name,
                handle,
                meta,
            } => {
                let Some(parent) = self.still_there(space, &parent, &name, &handle) else {
                    return;
                };
                let dir = match self.tree.find(space, &handle) {
                    Some(Node::Dir(dir)) => dir,
                    Some(Node::File(_) | Node::Symlink(_)) | None => {
                        self.heed_folder(space, &handle);
                        self.adopt_dir(space, handle)
                    }
                };
                self.born(parent, &name, Node::Dir(dir));
                self.facts.push(Entry::Meta {
                    dir,
                    at: self.wall,
                    meta,
                });
            }
            Met::File {
                parent,
                name,
                handle,
                file,
            } => self.met_file(space, &parent, &name, handle, file),
            Met::Symlink {
                parent,
                name,
                handle,
                target,
                meta,
            } => {
                let Some(parent) = self.still_there(space, &parent, &name, &handle) else {
                    return;
                };
                let stat = hygie_vault::Fingerprint {
                    size: target.len() as u64,
                    mtime_ns: meta.mtime_ns,
                    ctime_ns: meta.mtime_ns,
                };
                self.keep_symlink(space, parent, &name, handle, &target, (meta, Some(stat)));
            }
            Met::Trouble {
                parent,
                name,
                error,
            } => {
                // A folder or name that is gone by now is no trouble.
                let dir = self.dir_of(space, &parent);
                let Some(folder) = dir.and_then(|dir| self.tree.path(Node::Dir(dir))) else {
                    return;
                };
                if !name.is_empty() && self.now_at(space, &parent, &name).is_none() {
                    return;
                }
                let path = folder.join(String::from_utf8_lossy(&name).as_ref());
                let path = path.to_string_lossy().into_owned();
                let reason = error.to_string();
                self.keeper.tell(
                    Fact::Unreadable,
                    [
                        ("path", path.as_str().into()),
                        ("reason", reason.as_str().into()),
                    ],
                );
                self.board.general(Exception::Unreadable { path });
            }
        }
    }

    /// The folder in which the walk met a name, if the name still leads there: it may have gone
    /// between the walk's look and now.
    fn still_there(
        &self,
        space: SpaceId,
        parent: &Arc<Handle>,
        name: &[u8],
        handle: &Arc<Handle>,
    ) -> Option<DirId> {
        let dir = self.dir_of(space, parent)?;
        if !self.went_meanwhile.contains(&(dir, name.into())) {
            return Some(dir);
        }
        let (now, _) = self.now_at(space, parent, name)?;
        (now == **handle).then_some(dir)
    }

    fn dir_of(&self, space: SpaceId, handle: &Arc<Handle>) -> Option<DirId> {
        match self.tree.find(space, handle)? {
            Node::Dir(dir) => Some(dir),
            Node::File(_) | Node::Symlink(_) => None,
        }
    }

    fn met_file(
        &mut self,
        space: SpaceId,
        parent: &Arc<Handle>,
        name: &[u8],
        handle: Arc<Handle>,
        met: MetFile,
    ) {
        let Some(parent) = self.still_there(space, parent, name, &handle) else {
            if self.tree.find(space, &handle).is_none() {
                self.drop_link(space, &handle);
            }
            return;
        };
        let id = match self.tree.find(space, &handle) {
            Some(Node::File(id)) => id,
            Some(Node::Dir(_) | Node::Symlink(_)) | None => self.adopt(space, handle),
        };
        self.born(parent, name, Node::File(id));
        if self.law.knows(id) {
            if self.law.is_safe(id)
                && let Some(node) = self.tree.files.get(&id)
            {
                // Somebody was faster than the walk, which has given it a link of its own.
                self.drop_link(space, &node.handle);
            }
            return self.law.handle_named(id);
        }
        let same = self
            .tree
            .files
            .get(&id)
            .is_some_and(|node| node.fingerprint == Some(met.stat));
        if let (Some(meta), Some(node)) = (met.meta, self.tree.files.get_mut(&id)) {
            node.met_as = Some(Box::new((meta, Wall(met.stat.ctime_ns))));
        }
        self.board.found(met.stat.size);
        let (found, hold) = match met.rest {
            Rest::Leased(lease) => {
                self.take_lease(id, lease);
                (
                    if same { Found::Kept } else { Found::NotKept },
                    Hold::Leased,
                )
            }
            Rest::Unleased => (if same { Found::Kept } else { Found::NotKept }, Hold::Bare),
            Rest::Open => (Found::Open, Hold::Bare),
        };
        if found != Found::Kept && same {
            // The walk saw it as kept and made no link; the law counts on one.
            self.link_again(id);
        }
        self.law.handle_found(id, found, hold, self.now);
    }

    fn link_again(&mut self, id: hygie_model::FileId) {
        let Some(node) = self.tree.files.get(&id) else {
            return;
        };
        let door = self.spaces[usize::from(node.space.0)].door.clone();
        if let Ok(file) = node.handle.open(
            std::os::fd::AsFd::as_fd(&door.mount),
            rustix::fs::OFlags::PATH,
        ) {
            let _ = door
                .keep
                .link(std::os::fd::AsFd::as_fd(&file), &node.handle, &door.mount);
        }
    }

    fn first_walk_done(&mut self) {
        for (parent, name) in self.tree.take_unconfirmed() {
            if let Some(node) = self.tree.unname(parent, &name) {
                self.facts.push(Entry::NameGone {
                    parent,
                    name: name.to_vec(),
                    at: self.wall,
                });
                self.lost.push(node);
            }
        }
        self.bury();
        let counts = self.law.counts();
        self.keeper
            .tell(Fact::Ready, [("files", counts.files.into())]);
        self.board.ready(self.wall, counts);
    }

    /// Of links that an earlier run left, those go whose files are safe by now. A file that was not
    /// met lost its names while no guard ran: its last state is copied like that of any file that
    /// is deleted before its copy is made.
    fn take_links_over(&mut self, space: SpaceId, links: &[Handle]) {
        for handle in links {
            let handle = Arc::new(handle.clone());
            let id = match self.tree.find(space, &handle) {
                Some(Node::File(id)) if self.law.is_safe(id) => {
                    self.drop_link(space, &handle);
                    continue;
                }
                Some(Node::File(id)) => id,
                Some(Node::Dir(_) | Node::Symlink(_)) => {
                    self.drop_link(space, &handle);
                    continue;
                }
                None => self.adopt(space, handle),
            };
            if !self.law.knows(id) {
                self.law
                    .handle_found(id, Found::NotKept, Hold::Bare, self.now);
                self.lost.push(Node::File(id));
            }
        }
        self.obey();
    }

    fn drop_link(&self, space: SpaceId, handle: &Handle) {
        let _ = self.spaces[usize::from(space.0)].door.keep.unlink(handle);
    }
}
