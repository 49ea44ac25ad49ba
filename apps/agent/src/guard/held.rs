//! Held events: whose file it is, what is wanted, and what the law says.

use std::{
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_guard::{Ask, Found, Hold, Leased, Seen, Standing};
use hygie_model::{DirId, FileId, NodeKind};
use hygie_platform::{
    Reach,
    event::{
        Answer, Call, Caller, Event, EventBuffer, Events, FileSight, Held as HeldCall, Linked,
    },
    linux::{
        fanotify::{Effect, Group, Mask, Scope},
        handle::Handle,
        lease::{Asked, Lease},
        pulse::{Fallback, Held, Source, Word},
    },
};
use hygie_vault::Entry;
use rustix::fs::{Mode, OFlags};

use crate::intake::{self, Course, Follow, Kept, Known, Looked, Undecided};

use super::{
    actions::Pending,
    pacing::Paced,
    run::Guard,
    scan::stat,
    space::SpaceId,
    tree::{Near, Node, Purse},
};

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
        let Ok(events) = self.group(source).take(buffer) else {
            return 0;
        };
        self.note_highest(&events);
        let count = events.len();
        for event in events {
            self.beat();
            self.handle_event(source, event);
            self.obey();
        }
        count
    }

    pub(super) fn group(&self, source: Source) -> &Group {
        match source {
            Source::Wide => &self.wide,
            Source::Near => &self.near,
        }
    }

    /// Up to this number the witness answers what it finds unanswered.
    fn note_highest(&self, events: &[Event<OwnedFd>]) {
        let highest = events
            .iter()
            .filter_map(|event| match event {
                Event::Held(HeldCall { file, .. }) | Event::Closed(file, _) => {
                    Some(file.as_raw_fd())
                }
                Event::Name(_) | Event::Lost => None,
            })
            .max();
        if let Some(highest) = highest.and_then(|number| u64::try_from(number).ok())
            && highest > self.pulse.get(Word::HighestEvent)
        {
            self.pulse.set(Word::HighestEvent, highest);
        }
    }

    fn handle_event(&mut self, source: Source, event: Event<OwnedFd>) {
        let (Event::Held(HeldCall { file, .. }) | Event::Closed(file, _)) = &event else {
            return;
        };
        let Some((space, handle, sight)) = self.identify(source, file) else {
            return self.pass(source, &event);
        };
        let known = match self.tree.find(space, &handle) {
            Some(Node::File(id)) if self.law.knows(id) => Known::Watched(id),
            Some(Node::File(id)) => Known::Remembered(id),
            Some(Node::Dir(_) | Node::Symlink(_)) | None => Known::No,
        };
        if let Event::Held(held) = &event
            && known != Known::No
            && self.halted.holds(held.caller.0)
        {
            return self.respond(source, held.call, Answer::Deny);
        }
        let course = intake::course(&event, known);
        match (course, event) {
            (Course::Closed(id), Event::Closed(_, by)) => {
                self.law.handle_closed(id);
                // Before the copy that follows is asked for.
                if let Some(Caller(thread)) = by {
                    self.witness_close(id, thread);
                }
            }
            (Course::Content(id, range), Event::Held(held)) => {
                self.change_asked(source, id, held, range);
            }
            (Course::Open(id), Event::Held(held)) => self.open_asked(source, id, held),
            (Course::OpenRemembered(id), Event::Held(held)) => {
                self.open_of_remembered(source, id, held);
            }
            (Course::OpenUnknown, Event::Held(held)) => {
                self.open_of_unknown(source, (space, handle, &sight), held);
            }
            (_, event) => self.pass(source, &event),
        }
    }

    fn pass(&self, source: Source, event: &Event<OwnedFd>) {
        if let Event::Held(held) = event {
            self.respond(source, held.call, Answer::Allow);
        }
    }

    fn identify(
        &self,
        source: Source,
        file: &OwnedFd,
    ) -> Option<(SpaceId, Arc<Handle>, FileSight)> {
        let found = self.group(source).look(file)?;
        let space = self
            .spaces
            .iter()
            .find(|space| space.device == found.volume.0)?;
        let handle = Handle::from_stored(found.key.as_bytes())?;
        Some((space.id, Arc::new(handle), found))
    }

    /// Notes a held call where the witness can see it.
    fn pend(
        &mut self,
        (source, caller, about): (Source, Caller, FileId),
        (call, file): (Call, Option<OwnedFd>),
        (undecided, standing, paced): (Undecided, Standing, Paced),
    ) -> Ask {
        if standing == Standing::Known
            && let Some(node) = self.tree.files.get_mut(&about)
        {
            node.purse = Purse::Reserve;
        }
        self.next_ask += 1;
        let ask = Ask(self.next_ask);
        let hint = usize::try_from(self.next_ask).unwrap_or(0);
        let slot = self.pulse.note(
            Held {
                source,
                event: call.0,
                fallback: match undecided {
                    Undecided::GoesOn => Fallback::Allow,
                    Undecided::Fails => Fallback::Deny,
                },
            },
            hint,
        );
        self.asks.insert(
            ask,
            Pending {
                source,
                call,
                thread: caller.0,
                about,
                _file: file,
                paced,
                slot,
            },
        );
        ask
    }

    fn change_asked(
        &mut self,
        source: Source,
        id: FileId,
        held: HeldCall<OwnedFd>,
        range: Option<(u64, u64)>,
    ) {
        let reach = self.group(source).reach(held.caller);
        if reach == Reach::Nothing {
            return self.respond(source, held.call, Answer::Allow);
        }
        self.touch(id, reach, range);
        let standing = self.known.standing(held.caller.0);
        let ask = self.pend(
            (source, held.caller, id),
            (held.call, Some(held.file)),
            (intake::change_undecided(standing), standing, Paced::No),
        );
        self.law.handle_change(ask, id, standing, self.now);
    }

    fn open_asked(&mut self, source: Source, id: FileId, held: HeldCall<OwnedFd>) {
        let seen = self.look(id, held.file.as_fd());
        let kept = if self.law.is_safe(id) {
            Kept::Yes
        } else {
            Kept::No
        };
        let node = self.tree.files.get(&id);
        let has_lease = node.is_some_and(|node| node.lease.is_some());
        let follow = if node.is_some_and(|node| node.touched.is_some()) {
            Follow::Yes
        } else {
            Follow::No
        };
        let (file, lease) = if has_lease || !self.law.may_lease() {
            (Some(held.file), Leased::Refused)
        } else {
            match Lease::ask(held.file) {
                Ok(Asked::Granted(lease)) => {
                    self.take_lease(id, lease);
                    (None, Leased::Granted)
                }
                Ok(Asked::Refused(file)) => (Some(file), Leased::Refused),
                // The descriptor went with the error; the number still answers.
                Err(_) => (None, Leased::Refused),
            }
        };
        let looked = Looked {
            seen,
            kept,
            lease,
            follow,
        };
        let understood = intake::understand(
            looked,
            || self.group(source).access(held.caller),
            || self.known.standing(held.caller.0),
        );
        self.touch(id, understood.reach, None);
        let ask = self.pend(
            (source, held.caller, id),
            (held.call, file),
            (
                understood.if_undecided(),
                understood.standing,
                Paced::of(understood.intent, understood.standing),
            ),
        );
        self.law.handle_open(understood.opening(ask, id), self.now);
    }

    /// Whether the file looks as its newest version did; a file under a lease, or marked, need
    /// not be looked at: the law knows.
    fn look(&self, id: FileId, file: BorrowedFd<'_>) -> Seen {
        let Some(node) = self.tree.files.get(&id) else {
            return Seen::Differs;
        };
        if node.lease.is_some() || node.near != Near::None {
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
    fn open_of_remembered(&mut self, source: Source, id: FileId, held: HeldCall<OwnedFd>) {
        let seen = self.look(id, held.file.as_fd());
        if seen == Seen::Differs {
            self.link_now(id, held.file.as_fd());
        }
        let found = intake::met_again(seen);
        self.law.handle_found(id, found, Hold::Bare, self.now);
        self.open_asked(source, id, held);
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
        (space, handle, sight): (SpaceId, Arc<Handle>, &FileSight),
        held: HeldCall<OwnedFd>,
    ) {
        let number = held.file.as_raw_fd();
        let path = std::fs::read_link(format!("/proc/self/fd/{number}")).unwrap_or_default();
        let (dir, name) = match self.place_of(space, &path) {
            (Lies::Outside(folder), _) => {
                self.respond(source, held.call, Answer::Allow);
                if let Some(folder) = folder {
                    let mask = Mask::OPEN_PERM.and(Mask::ON_CHILD);
                    let effect = Effect::IgnoreEvictable;
                    let _ = self.wide.mark(Scope::Inode, effect, mask, folder.as_fd());
                }
                return;
            }
            (Lies::Protected(dir), name) => (dir, name),
        };
        let id = self.adopt(space, handle);
        if sight.linked == Linked::Yes
            && let Some(name) = name
        {
            self.born(dir, &name, Node::File(id));
        }
        let found = intake::first_met(sight.size);
        if found == Found::New {
            self.law.handle_found(id, found, Hold::Bare, self.now);
            self.obey();
            self.respond(source, held.call, Answer::Allow);
        } else {
            self.link_now(id, held.file.as_fd());
            self.law.handle_found(id, found, Hold::Bare, self.now);
            self.open_asked(source, id, held);
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
