//! Held events: whose file it is, what is wanted, and what the law says.

use std::{
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd},
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_guard::{Ask, Found, Hold, Intent, Leased, Opening, Seen, Standing};
use hygie_model::{DirId, FileId, NodeKind};
use hygie_platform::{
    Access,
    linux::{
        fanotify::{Answer, Effect, EventBuffer, HeldEvent, Mask, Scope, held_events},
        handle::Handle,
        lease::{Asked, Lease},
        process,
        pulse::{Fallback, Held, Source, Word},
    },
};
use hygie_vault::Entry;
use rustix::fs::{FileType, Mode, OFlags};

use super::{actions::Pending, run::Guard, scan::stat, space::SpaceId, tree::Node};

/// Where an unknown file lies.
enum Lies {
    /// In this protected folder.
    Protected(DirId),
    /// Outside; this is its folder, if it could be told.
    Outside(Option<OwnedFd>),
}

impl Guard {
    /// Reads and handles what a group has queued; tells whether there was anything.
    pub(crate) fn serve_group(&mut self, source: Source, buffer: &mut EventBuffer) -> usize {
        let group = match source {
            Source::Wide => &self.wide,
            Source::Near => &self.near,
        };
        let Ok(bytes) = group.read(buffer) else {
            return 0;
        };
        let events: Vec<HeldEvent> = held_events(bytes).collect();
        let highest = events
            .iter()
            .filter_map(|event| Some(event.file.as_ref()?.as_raw_fd()))
            .max();
        if let Some(highest) = highest.and_then(|number| u64::try_from(number).ok())
            && highest > self.pulse.get(Word::HighestEvent)
        {
            self.pulse.set(Word::HighestEvent, highest);
        }
        let count = events.len();
        for event in events {
            self.beat();
            self.handle_held(source, event);
            self.obey();
        }
        count
    }

    fn handle_held(&mut self, source: Source, event: HeldEvent) {
        let Some(file) = event.file else { return };
        let number = file.as_raw_fd();
        let waits = event.mask.has(Mask::OPEN_PERM.and(Mask::PRE_ACCESS));
        let Some((space, handle)) = self.identify(file.as_fd()) else {
            if waits {
                self.respond(source, number, Answer::Allow);
            }
            return;
        };
        let known = match self.tree.find(space, &handle) {
            Some(Node::File(id)) => Some(id),
            Some(Node::Dir(_) | Node::Symlink(_)) | None => None,
        };
        if event.mask.has(Mask::CLOSE_WRITE) {
            if let Some(id) = known {
                self.law.handle_closed(id);
            }
            return;
        }
        if event.mask.has(Mask::PRE_ACCESS) {
            return match known {
                Some(id) => self.change_asked(source, id, file, event.thread),
                None => self.respond(source, number, Answer::Allow),
            };
        }
        match known {
            Some(id) if self.law.knows(id) => self.open_asked(source, id, file, event.thread),
            Some(id) => self.open_of_remembered(source, id, file, event.thread),
            None => self.open_of_unknown(source, (space, handle), file, event.thread),
        }
    }

    fn identify(&self, file: BorrowedFd<'_>) -> Option<(SpaceId, Arc<Handle>)> {
        let found = rustix::fs::fstat(file).ok()?;
        if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
            return None;
        }
        let space = self
            .spaces
            .iter()
            .find(|space| space.device == found.st_dev)?;
        Some((space.id, Arc::new(Handle::of(file).ok()?)))
    }

    /// Notes a held call where the witness can see it.
    fn pend(
        &mut self,
        (source, thread, about): (Source, i32, FileId),
        (number, file): (RawFd, Option<OwnedFd>),
        fallback: Fallback,
    ) -> Ask {
        self.next_ask += 1;
        let ask = Ask(self.next_ask);
        let hint = usize::try_from(self.next_ask).unwrap_or(0);
        let slot = self.pulse.note(
            Held {
                source,
                event: number,
                fallback,
            },
            hint,
        );
        self.asks.insert(
            ask,
            Pending {
                source,
                number,
                thread,
                about,
                _file: file,
                slot,
            },
        );
        ask
    }

    fn change_asked(&mut self, source: Source, id: FileId, file: OwnedFd, thread: i32) {
        if process::access(thread) == Access::Read {
            return self.respond(source, file.as_raw_fd(), Answer::Allow);
        }
        let standing = self.known.standing(thread);
        let fallback = match standing {
            Standing::Known => Fallback::Allow,
            Standing::Unknown => Fallback::Deny,
        };
        let number = file.as_raw_fd();
        let ask = self.pend((source, thread, id), (number, Some(file)), fallback);
        self.law.handle_change(ask, id, standing, self.now);
    }

    fn open_asked(&mut self, source: Source, id: FileId, file: OwnedFd, thread: i32) {
        let number = file.as_raw_fd();
        let seen = self.look(id, file.as_fd());
        let safe = self.law.is_safe(id) && seen == Seen::Same;
        let has_lease = self
            .tree
            .files
            .get(&id)
            .is_some_and(|node| node.lease.is_some());
        let (file, lease) = if has_lease || !self.law.may_lease() {
            (Some(file), Leased::Refused)
        } else {
            match Lease::ask(file) {
                Ok(Asked::Granted(lease)) => {
                    self.take_lease(id, lease);
                    (None, Leased::Granted)
                }
                Ok(Asked::Refused(file)) => (Some(file), Leased::Refused),
                // The descriptor went with the error; the number still answers.
                Err(_) => (None, Leased::Refused),
            }
        };
        // A lease proves a reader, but for one that empties the file with O_RDONLY|O_TRUNC, which
        // matters only while there is no copy.
        let intent = if lease == Leased::Granted && safe {
            Intent::Read
        } else {
            match process::access(thread) {
                Access::Read => Intent::Read,
                Access::Write | Access::Change => Intent::Write,
            }
        };
        let standing = if safe {
            Standing::Unknown
        } else {
            self.known.standing(thread)
        };
        let fallback = match (intent, standing) {
            (Intent::Read, _) | (_, Standing::Known) => Fallback::Allow,
            (Intent::Write, Standing::Unknown) => Fallback::Deny,
        };
        let ask = self.pend((source, thread, id), (number, file), fallback);
        self.law.handle_open(
            Opening {
                ask,
                file: id,
                intent,
                standing,
                seen,
                lease,
            },
            self.now,
        );
    }

    /// Whether the file looks as its newest version did; a file under a lease, or marked, need
    /// not be looked at: the law knows.
    fn look(&self, id: FileId, file: BorrowedFd<'_>) -> Seen {
        let Some(node) = self.tree.files.get(&id) else {
            return Seen::Differs;
        };
        if node.lease.is_some() || node.near == super::tree::Set::Yes {
            return Seen::Same;
        }
        let found = file
            .try_clone_to_owned()
            .and_then(|fd| stat(&fd.into()))
            .ok();
        if found.is_some() && found == node.fingerprint {
            Seen::Same
        } else {
            Seen::Differs
        }
    }

    /// The index knows the file, but the walk has not met it yet.
    fn open_of_remembered(&mut self, source: Source, id: FileId, file: OwnedFd, thread: i32) {
        let found = match self.look(id, file.as_fd()) {
            Seen::Same => Found::Kept,
            Seen::Differs => {
                self.link_now(id, file.as_fd());
                Found::NotKept
            }
        };
        self.law.handle_found(id, found, Hold::Bare, self.now);
        self.open_asked(source, id, file, thread);
    }

    fn link_now(&mut self, id: FileId, file: BorrowedFd<'_>) {
        let Some(node) = self.tree.files.get(&id) else {
            return;
        };
        let door = &self.spaces[usize::from(node.space.0)].door;
        // Without the link the copy that follows still holds the call.
        let _ = door.keep.link(file, &node.handle, &door.mount);
    }

    fn open_of_unknown(
        &mut self,
        source: Source,
        (space, handle): (SpaceId, Arc<Handle>),
        file: OwnedFd,
        thread: i32,
    ) {
        let number = file.as_raw_fd();
        let path = std::fs::read_link(format!("/proc/self/fd/{number}")).unwrap_or_default();
        let (dir, name) = match self.place_of(space, &path) {
            (Lies::Outside(folder), _) => {
                self.respond(source, number, Answer::Allow);
                if let Some(folder) = folder {
                    let mask = Mask::OPEN_PERM.and(Mask::ON_CHILD);
                    let effect = Effect::IgnoreEvictable;
                    let _ = self.wide.mark(Scope::Inode, effect, mask, folder.as_fd());
                }
                return;
            }
            (Lies::Protected(dir), name) => (dir, name),
        };
        let stat = rustix::fs::fstat(&file).ok();
        let named = stat.as_ref().is_none_or(|found| found.st_nlink > 0);
        let empty = stat.as_ref().is_some_and(|found| found.st_size == 0);
        let id = self.adopt(space, handle);
        if named && let Some(name) = name {
            self.born(dir, &name, Node::File(id));
        }
        if empty {
            self.law.handle_found(id, Found::New, Hold::Bare, self.now);
            self.obey();
            self.respond(source, number, Answer::Allow);
        } else {
            self.link_now(id, file.as_fd());
            self.law
                .handle_found(id, Found::NotKept, Hold::Bare, self.now);
            self.open_asked(source, id, file, thread);
        }
    }

    /// Gives an unknown file its number.
    pub(crate) fn adopt(&mut self, space: SpaceId, handle: Arc<Handle>) -> FileId {
        self.next_node += 1;
        let id = FileId(self.next_node);
        self.facts.push(Entry::Node {
            id: id.0,
            kind: NodeKind::File,
            fs: self.spaces[usize::from(space.0)].fsid,
            handle: handle.to_stored(),
        });
        self.tree.add_file(id, space, handle);
        id
    }

    /// Whether a path, as the kernel tells it of an open file, lies in a protected folder.
    fn place_of(&mut self, space: SpaceId, path: &Path) -> (Lies, Option<Vec<u8>>) {
        use std::os::unix::ffi::OsStrExt;
        let name = path.file_name().map(|name| name.as_bytes().to_vec());
        let parent: PathBuf = path.parent().unwrap_or(path).to_path_buf();
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let Ok(folder) = rustix::fs::open(&parent, flags, Mode::empty()) else {
            return (Lies::Outside(None), name);
        };
        match self.folder_of(space, folder.as_fd()) {
            Some(dir) => (Lies::Protected(dir), name),
            None => (Lies::Outside(Some(folder)), name),
        }
    }

    /// The folder's number if it lies in a protected folder. One that is too new to be known is
    /// found by its ancestors.
    fn folder_of(&mut self, space: SpaceId, folder: BorrowedFd<'_>) -> Option<DirId> {
        let first = Arc::new(Handle::of(folder).ok()?);
        if let Some(Node::Dir(dir)) = self.tree.find(space, &first) {
            return Some(dir);
        }
        if *first == self.spaces[usize::from(space.0)].door.keep_handle {
            return None;
        }
        let mut at = folder.try_clone_to_owned().ok()?;
        let mut below = first;
        // Deeper trees than any file system makes are not walked for ever.
        for _ in 0..4096 {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let parent = rustix::fs::openat(&at, "..", flags, Mode::empty()).ok()?;
            let handle = Arc::new(Handle::of(parent.as_fd()).ok()?);
            if handle == below {
                return None;
            }
            if let Some(Node::Dir(_)) = self.tree.find(space, &handle) {
                let found = Arc::new(Handle::of(folder).ok()?);
                return Some(self.adopt_dir(space, found));
            }
            if rustix::fs::fstat(&parent).ok()?.st_dev != self.spaces[usize::from(space.0)].device {
                return None;
            }
            below = handle;
            at = parent;
        }
        None
    }

    /// Gives an unknown folder its number; its name comes with its own event.
    pub(crate) fn adopt_dir(&mut self, space: SpaceId, handle: Arc<Handle>) -> DirId {
        self.next_node += 1;
        let id = DirId(self.next_node);
        self.facts.push(Entry::Node {
            id: id.0,
            kind: NodeKind::Dir,
            fs: self.spaces[usize::from(space.0)].fsid,
            handle: handle.to_stored(),
        });
        self.tree.add_dir(id, space, handle);
        id
    }
}
