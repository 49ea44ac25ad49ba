//! Name events: what came, went and moved; and the files that come in with them.

use std::{
    fs::File,
    os::fd::AsFd,
    sync::{Arc, atomic::Ordering},
};

use hygie_guard::{Found, Hold};
use hygie_model::{DirId, FileId, NodeKind, Wall};
use hygie_platform::{
    event::{
        Attributes, Caller, Event, EventBuffer, Events, FileKey, NameEvent, NameKind, OnFolder,
        Place,
    },
    linux::{
        fanotify::{Effect, Mask, Scope},
        handle::Handle,
        lease::{Asked, Lease},
    },
};
use hygie_vault::{Entry, read_metadata};
use rustix::fs::{FileType, OFlags};

use super::{
    committer::{Symlink, Work},
    run::Guard,
    scan::{Walk, link_metadata, stat},
    space::SpaceId,
    tree::{Named, Node, Set},
};

impl Guard {
    /// Reads and handles what the names of a file system have to say.
    pub(crate) fn serve_names(&mut self, space: SpaceId, buffer: &mut EventBuffer) -> usize {
        let Ok(events) = self.spaces[usize::from(space.0)].names.take(buffer) else {
            return 0;
        };
        let count = events.len();
        for event in events {
            // A flood of names is no silence.
            self.beat();
            match event {
                Event::Name(event) => self.handle_name(space, event),
                Event::Lost => self.walk_again(),
                // A group of names holds nothing, and is told of no close.
                Event::Held(_) | Event::Closed(..) => {}
            }
            self.obey();
        }
        self.bury();
        count
    }

    fn handle_name(&mut self, space: SpaceId, event: NameEvent) {
        let Some(Caller(thread)) = event.by else {
            return self.handle_name_of_nobody(space, event);
        };
        let place =
            |guard: &Self, at: &Place| Some((guard.known_dir(space, &at.folder)?, at.name.clone()));
        let (from, to) = match &event.kind {
            NameKind::Created(at) => (None, place(self, at)),
            NameKind::Deleted(at) => (place(self, at), None),
            NameKind::Renamed { from, to } => (place(self, from), place(self, to)),
            NameKind::Unclear(_) | NameKind::Stays => (None, None),
        };
        let before = self.before(thread, from, to);
        let attributes = event.attributes == Attributes::Changed;
        let target = event.target.clone();
        self.handle_name_of_nobody(space, event);
        self.witness_name(before);
        if attributes
            && let Some(handle) = target.as_ref().and_then(handle)
            && let Some(node) = self.tree.find(space, &Arc::new(handle))
        {
            self.witness_attributes(node, thread, self.wall);
        }
    }

    fn handle_name_of_nobody(&mut self, space: SpaceId, event: NameEvent) {
        let target = event.target.as_ref().and_then(handle).map(Arc::new);
        let changed = target
            .clone()
            .filter(|_| event.attributes == Attributes::Changed);
        match event.kind {
            NameKind::Created(at) => self.came(space, &at, target, event.on_folder),
            NameKind::Deleted(at) => {
                self.went(space, &at);
            }
            NameKind::Renamed { from, to } => {
                let moved = self.went(space, &from);
                self.came(space, &to, target, event.on_folder);
                // A folder that left takes everything in it along.
                if let Some(Node::Dir(dir)) = moved
                    && !self.tree.is_named(Node::Dir(dir))
                {
                    self.left(dir);
                }
            }
            NameKind::Unclear(at) => {
                self.went(space, &at);
                if let Some((handle, on_folder)) = self.now_at_place(space, &at) {
                    self.came(space, &at, Some(Arc::new(handle)), on_folder);
                }
            }
            NameKind::Stays => {}
        }
        if let Some(handle) = changed {
            self.attributes_changed(space, &handle);
        }
    }

    /// Owner, mode, times or attributes changed: from now on the file or folder is given back
    /// with these. A file that is not at rest gets them with its next copy.
    fn attributes_changed(&mut self, space: SpaceId, handle: &Arc<Handle>) {
        match self.tree.find(space, handle) {
            Some(Node::Dir(dir)) => {
                let door = &self.spaces[usize::from(space.0)].door;
                let opened = handle.open(door.mount.as_fd(), OFlags::PATH);
                if let Ok(meta) = opened.and_then(|folder| read_metadata(&folder)) {
                    let at = self.wall;
                    self.facts.push(Entry::Meta { dir, at, meta });
                }
            }
            Some(Node::File(file)) if self.law.is_safe(file) => self.file_attributes(file),
            Some(Node::File(file)) => {
                if let Some(node) = self.tree.files.get_mut(&file) {
                    node.rights = Set::Yes;
                }
            }
            Some(Node::Symlink(_)) | None => {}
        }
    }

    /// What changed while the copy was on its way, which may have looked before.
    pub(super) fn file_rights(&mut self, file: FileId) {
        let Some(node) = self.tree.files.get_mut(&file) else {
            return;
        };
        if node.rights == Set::Yes && self.law.is_safe(file) {
            node.rights = Set::No;
            self.file_attributes(file);
        }
    }

    /// Only under a lease: it proves that the content is still that of the newest version.
    fn file_attributes(&mut self, file: FileId) {
        let Some(node) = self.tree.files.get_mut(&file) else {
            return;
        };
        let Some(lease) = node.lease.as_ref().filter(|lease| !lease.is_broken()) else {
            return;
        };
        let Ok(opened) = lease.as_fd().try_clone_to_owned().map(File::from) else {
            return;
        };
        let Ok(now) = stat(&opened) else { return };
        // The guard's own links change the ctime too, and are noted when they do.
        if node
            .fingerprint
            .is_some_and(|was| was == now || was.size != now.size)
        {
            return;
        }
        if let Ok(meta) = read_metadata(&opened) {
            node.fingerprint = Some(now);
            self.facts.push(Entry::Attributes {
                file,
                since: Wall(now.ctime_ns),
                meta,
                fingerprint: now,
            });
        }
    }

    fn known_dir(&self, space: SpaceId, folder: &FileKey) -> Option<DirId> {
        match self.tree.find(space, &Arc::new(handle(folder)?))? {
            Node::Dir(dir) => Some(dir),
            Node::File(_) | Node::Symlink(_) => None,
        }
    }

    /// What a name leads to at this moment.
    pub(crate) fn now_at(
        &self,
        space: SpaceId,
        folder: &Handle,
        name: &[u8],
    ) -> Option<(Handle, OnFolder)> {
        let mount = &self.spaces[usize::from(space.0)].door.mount;
        let folder = folder
            .open(mount.as_fd(), OFlags::RDONLY | OFlags::DIRECTORY)
            .ok()?;
        let name = std::ffi::CString::new(name).ok()?;
        let handle = Handle::of_name(folder.as_fd(), &name).ok()?;
        let found = handle.open(mount.as_fd(), OFlags::PATH).ok()?;
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&found).ok()?.st_mode);
        let on_folder = if kind == FileType::Directory {
            OnFolder::Folder
        } else {
            OnFolder::Other
        };
        Some((handle, on_folder))
    }

    fn now_at_place(&self, space: SpaceId, at: &Place) -> Option<(Handle, OnFolder)> {
        self.now_at(space, &handle(&at.folder)?, &at.name)
    }

    fn came(
        &mut self,
        space: SpaceId,
        at: &Place,
        target: Option<Arc<Handle>>,
        on_folder: OnFolder,
    ) {
        let Some(parent) = self.known_dir(space, &at.folder) else {
            return;
        };
        let Some(handle) = target.or_else(|| {
            self.now_at_place(space, at)
                .map(|(handle, _)| Arc::new(handle))
        }) else {
            return;
        };
        if *handle == self.spaces[usize::from(space.0)].door.keep_handle {
            return;
        }
        match self.tree.find(space, &handle) {
            Some(node) => {
                self.born(parent, &at.name, node);
                match node {
                    Node::File(file) => {
                        self.law.handle_named(file);
                        self.link_if_nameless(file);
                    }
                    Node::Dir(dir) => self.walk_dir(space, dir),
                    Node::Symlink(_) => {}
                }
            }
            None if on_folder == OnFolder::Folder => {
                let dir = self.adopt_dir(space, handle);
                self.born(parent, &at.name, Node::Dir(dir));
                self.walk_dir(space, dir);
            }
            None => self.adopt_by_name(space, parent, &at.name, handle),
        }
    }

    /// A file came in by its name: renamed in, linked in, or made without an open.
    fn adopt_by_name(&mut self, space: SpaceId, parent: DirId, name: &[u8], handle: Arc<Handle>) {
        let door = self.spaces[usize::from(space.0)].door.clone();
        let Ok(found) = handle.open(door.mount.as_fd(), OFlags::PATH | OFlags::NOFOLLOW) else {
            return;
        };
        let Ok(raw) = rustix::fs::fstat(&found) else {
            return;
        };
        match FileType::from_raw_mode(raw.st_mode) {
            FileType::RegularFile => {
                let linked = door.keep.link(found.as_fd(), &handle, &door.mount);
                let id = self.adopt(space, handle.clone());
                self.born(parent, name, Node::File(id));
                let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOATIME;
                let lease = self.law.may_lease().then(|| {
                    handle
                        .open(door.mount.as_fd(), flags)
                        .and_then(|file| Lease::ask(file.into()))
                });
                let hold = match lease {
                    Some(Ok(Asked::Granted(lease))) => {
                        self.take_lease(id, lease);
                        Hold::Leased
                    }
                    Some(Ok(Asked::Refused(_)) | Err(_)) | None => Hold::Bare,
                };
                self.law.handle_found(id, Found::NotKept, hold, self.now);
                if linked.is_err() {
                    self.tell(hygie_guard::Told::Unreadable(id));
                }
            }
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(&found, "", Vec::new());
                if let (Ok(target), Ok(meta)) = (target, link_metadata(&found)) {
                    let stat = stat(&found).ok();
                    self.keep_symlink(space, parent, name, handle, target.as_bytes(), (meta, stat));
                }
            }
            // Pipes, sockets and devices hold no content; a folder comes with its own event.
            FileType::Directory
            | FileType::Fifo
            | FileType::Socket
            | FileType::CharacterDevice
            | FileType::BlockDevice
            | FileType::Unknown => {}
        }
    }

    /// Keeps a symbolic link: its target is its content.
    pub(crate) fn keep_symlink(
        &mut self,
        space: SpaceId,
        parent: DirId,
        name: &[u8],
        handle: Arc<Handle>,
        target: &[u8],
        (meta, stat): (hygie_model::Metadata, Option<hygie_vault::Fingerprint>),
    ) {
        let node = match self.tree.find(space, &handle) {
            Some(node) => node,
            None => {
                self.next_node += 1;
                let number = self.next_node;
                self.facts.push(Entry::Node {
                    id: number,
                    kind: NodeKind::Symlink,
                    fs: self.spaces[usize::from(space.0)].fsid,
                    handle: handle.to_stored(),
                });
                self.tree.add_symlink(number, space, handle);
                if let Some(fingerprint) = stat {
                    // Not here: this thread must not open a file that its own mark may hold.
                    let _ = self.store.send(Work::Symlink(Box::new(Symlink {
                        facts: std::mem::take(&mut self.facts),
                        file: FileId(number),
                        target: target.to_vec(),
                        since: self.wall,
                        meta,
                        fingerprint,
                    })));
                }
                Node::Symlink(number)
            }
        };
        self.born(parent, name, node);
    }

    /// Records that a name leads to a node from now on.
    pub(crate) fn born(&mut self, parent: DirId, name: &[u8], node: Node) {
        if let Named::New { replaced } = self.tree.name(parent, name, node) {
            self.facts.push(Entry::NameBorn {
                parent,
                name: name.to_vec(),
                child: node.number(),
                at: self.wall,
            });
            if let Some(lost) = replaced {
                self.lost.push(lost);
            }
        }
    }

    fn went(&mut self, space: SpaceId, at: &Place) -> Option<Node> {
        let parent = self.known_dir(space, &at.folder)?;
        if self.walks > 0 {
            // A walk under way may have met this name before it went, and tell of it only now.
            self.went_meanwhile
                .insert((parent, at.name.as_slice().into()));
        }
        let node = self.tree.unname(parent, &at.name)?;
        self.facts.push(Entry::NameGone {
            parent,
            name: at.name.clone(),
            at: self.wall,
        });
        self.lost.push(node);
        Some(node)
    }

    /// All that lies below a folder that left: its names are no names of protected files now.
    fn left(&mut self, dir: DirId) {
        let mut todo = vec![dir];
        while let Some(dir) = todo.pop() {
            for ((parent, name), node) in self.tree.children(dir) {
                self.tree.unname(parent, &name);
                self.facts.push(Entry::NameGone {
                    parent,
                    name: name.to_vec(),
                    at: self.wall,
                });
                self.lost.push(node);
                if let Node::Dir(below) = node {
                    todo.push(below);
                }
            }
        }
    }

    /// What lost its last name and did not get another in the same breath.
    pub(crate) fn bury(&mut self) {
        for node in std::mem::take(&mut self.lost) {
            if self.tree.is_named(node) {
                continue;
            }
            match node {
                Node::File(file) if self.law.knows(file) => self.law.handle_gone(file),
                Node::Dir(dir) if self.tree.is_root(dir) => {}
                Node::File(_) | Node::Dir(_) | Node::Symlink(_) => {
                    self.tree.remove(node);
                    self.facts.push(Entry::NodeGone {
                        id: node.number(),
                        at: self.wall,
                    });
                }
            }
            self.obey();
        }
    }

    /// Walks a folder that came in: no mark may hide what is in it.
    fn walk_dir(&mut self, space: SpaceId, dir: DirId) {
        let Some((_, handle)) = self.tree.dir(dir).cloned() else {
            return;
        };
        let door = self.spaces[usize::from(space.0)].door.clone();
        self.heed_folder(space, &handle);
        let left = self.leases_budget.saturating_sub(self.law.counts().leases);
        self.walker.leases.store(left, Ordering::SeqCst);
        self.walks += 1;
        self.walker.start(vec![(space, door, handle)], Walk::Later);
    }
    /// A folder that was outside may be left out of the wide mark with all its files: no more.
    pub(crate) fn heed_folder(&self, space: SpaceId, handle: &Handle) {
        let door = &self.spaces[usize::from(space.0)].door;
        if let Ok(folder) = handle.open(door.mount.as_fd(), OFlags::PATH) {
            let mask = Mask::OPEN_PERM.and(Mask::ON_CHILD);
            // Where there is no such mark, there is nothing to take away.
            let _ = self
                .wide
                .unmark(Scope::Inode, Effect::IgnoreEvictable, mask, folder.as_fd());
        }
    }
}

/// The handle that an event's key is.
fn handle(key: &FileKey) -> Option<Handle> {
    Handle::from_stored(key.as_bytes())
}
