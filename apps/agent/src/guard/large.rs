//! Files too large to be copied whole at each close: their own mark tells which bytes may have changed since they
//! last rested, and only those are copied.

use std::{
    collections::HashMap,
    os::fd::AsFd,
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    time::Duration,
};

use hygie_model::{ContentHash, FileId, Mono};
use hygie_platform::{
    Reach,
    linux::{
        fanotify::{Effect, Mask, Scope},
        handle::Handle,
    },
};
use hygie_vault::Touched;
use rustix::fs::OFlags;

use super::{
    keeper::Fact,
    run::{Guard, Inbox, News},
    space::{ChangeHold, Door},
    tree::{Near, Node, Purse},
};

impl Guard {
    /// Whether changes of this file are followed while it is not at rest.
    fn is_large(&self, file: FileId) -> bool {
        self.change_hold == ChangeHold::Held
            && self
                .tree
                .files
                .get(&file)
                .and_then(|node| node.fingerprint)
                .is_some_and(|stat| stat.size >= self.orders.large_from)
    }

    fn near_mask(&self) -> Mask {
        let mask = Mask::OPEN_PERM.and(Mask::CLOSE_WRITE);
        match self.change_hold {
            ChangeHold::Held => mask.and(Mask::PRE_ACCESS),
            ChangeHold::Unheld => mask,
        }
    }

    fn near(&self, file: FileId) -> Option<Near> {
        self.tree.files.get(&file).map(|node| node.near)
    }

    /// Sets the mark. A descriptor can be heard only if it was opened under one, so what is opened before counts
    /// as having touched anything.
    pub(super) fn mark_near(&mut self, file: FileId) {
        match self.near(file) {
            Some(Near::None) => {}
            Some(Near::Silent) => return self.listen(file),
            Some(Near::Loud) | None => return,
        }
        let mask = self.near_mask();
        let done = self.with_file(file, |guard, fd| {
            guard.near.mark(Scope::Inode, Effect::Report, mask, fd)
        });
        self.noted(file, done, |node| {
            node.near = Near::Loud;
            node.touched = None;
        });
    }

    /// Makes a silent mark loud, before the lease goes that stood for it.
    pub(super) fn listen(&mut self, file: FileId) {
        if self.near(file) != Some(Near::Silent) {
            return;
        }
        self.readings.now.take_if(|now| now.file == file);
        let done = self.with_file(file, |guard, fd| {
            guard
                .near
                .unmark(Scope::Inode, Effect::Ignore, Mask::PRE_ACCESS, fd)
        });
        let heard = done.is_ok();
        self.noted(file, done, |node| node.near = Near::Loud);
        if !heard {
            self.no_longer_followed(file);
        }
    }

    /// The file is at rest: takes the mark away, or of a large one under a lease makes it silent. Nobody has that
    /// file open for writing now.
    pub(super) fn unmark_near(&mut self, file: FileId) {
        let Some(node) = self.tree.files.get_mut(&file) else {
            return;
        };
        node.purse = Purse::Budget;
        let leased = node.lease.is_some();
        if !leased || !self.is_large(file) {
            return self.drop_near(file);
        }
        if self.near(file) == Some(Near::Silent) {
            return self.nothing_touched(file);
        }
        self.mark_near(file);
        if self.near(file) != Some(Near::Loud) {
            return;
        }
        let done = self.with_file(file, |guard, fd| {
            guard
                .near
                .mark(Scope::Inode, Effect::Ignore, Mask::PRE_ACCESS, fd)
        });
        let silent = done.is_ok();
        self.noted(file, done, |node| node.near = Near::Silent);
        if silent {
            self.nothing_touched(file);
        }
    }

    /// It holds what its newest version says, and nobody can write.
    fn nothing_touched(&mut self, file: FileId) {
        if let Some(node) = self.tree.files.get_mut(&file) {
            node.touched = Some(Box::new(Touched::nothing()));
        }
    }

    /// Takes the mark away.
    pub(super) fn drop_near(&mut self, file: FileId) {
        if matches!(self.near(file), Some(Near::None) | None) {
            return;
        }
        self.listen(file);
        let mask = self.near_mask();
        let done = self.with_file(file, |guard, fd| {
            guard.near.unmark(Scope::Inode, Effect::Report, mask, fd)
        });
        self.noted(file, done, |node| {
            node.near = Near::None;
            node.touched = None;
        });
    }

    /// A call that was held may change so much of the file. It has not done so yet, and when it does is not told:
    /// what is touched stays so until the file rests.
    pub(super) fn touch(&mut self, file: FileId, reach: Reach, range: Option<(u64, u64)>) {
        let Some(touched) = self
            .tree
            .files
            .get_mut(&file)
            .and_then(|node| node.touched.as_deref_mut())
        else {
            return;
        };
        match (reach, range) {
            (Reach::Nothing, _) => {}
            // A length of 0 means to the end.
            (Reach::Range, Some((start, 0))) | (Reach::From(start), _) => touched.add_from(start),
            (Reach::Range, Some((start, len))) => touched.add(start, len),
            (Reach::Range, None) | (Reach::Everything, _) => self.no_longer_followed(file),
        }
    }

    /// Anything may have changed, by a call that was not heard: the next copy is a whole one.
    pub(super) fn no_longer_followed(&mut self, file: FileId) {
        if let Some(node) = self.tree.files.get_mut(&file) {
            node.touched = None;
        }
    }

    /// Has a file read whole whose last copy was one of its changes: some are not told of (a loop device over the
    /// file, for one). Only while it rests, one at a time, and each file once an hour at most.
    pub(super) fn read_whole(&mut self, file: FileId, content: ContentHash) {
        let Some(node) = self.tree.files.get_mut(&file) else {
            return;
        };
        let due = self
            .readings
            .at
            .get(&file)
            .is_none_or(|at| self.now.since(*at) >= BETWEEN_READINGS);
        if node.near != Near::Silent || self.readings.now.is_some() || !due {
            return;
        }
        self.readings.last += 1;
        let reading = Reading {
            file,
            number: self.readings.last,
        };
        let whole = Whole {
            reading,
            content,
            door: self.spaces[usize::from(node.space.0)].door.clone(),
            handle: std::sync::Arc::new(node.handle.clone()),
        };
        if self.readings.todo.try_send(whole).is_ok() {
            self.readings.now = Some(reading);
            self.readings.at.insert(file, self.now);
        }
    }

    /// The file is gone.
    pub(super) fn never_read_again(&mut self, file: FileId) {
        self.readings.at.remove(&file);
        self.readings.now.take_if(|now| now.file == file);
    }

    /// A file was read whole; what was found counts only if it has rested since.
    pub(super) fn handle_read(&mut self, reading: Reading, found: Same) {
        let rested = self.readings.now.take_if(|now| *now == reading).is_some();
        if !rested || found == Same::Yes {
            return;
        }
        let path = self.tree.path(Node::File(reading.file)).unwrap_or_default();
        self.keeper
            .tell(Fact::Differs, [("path", path.to_string_lossy().into())]);
        self.no_longer_followed(reading.file);
        self.law.handle_differs(reading.file);
    }
}

/// One reading of a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(super) file: FileId,
    number: u64,
}

/// Whether a file holds what its newest version says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Same {
    Yes,
    No,
}

/// A file to be read whole.
#[derive(Debug)]
pub(crate) struct Whole {
    reading: Reading,
    content: ContentHash,
    door: Arc<Door>,
    handle: Arc<Handle>,
}

/// The files that are read whole, one after the other.
pub(crate) struct Readings {
    todo: SyncSender<Whole>,
    now: Option<Reading>,
    last: u64,
    at: HashMap<FileId, Mono>,
}

impl Readings {
    /// Starts the thread that reads.
    pub(super) fn start(inbox: Inbox) -> Self {
        let (todo, queue) = sync_channel::<Whole>(1);
        let spawned = std::thread::Builder::new()
            .name("hygie-reread".into())
            .spawn(move || {
                for whole in queue {
                    // What cannot be read now is gone or in trouble, which its next copy tells.
                    let found = match digest(&whole) {
                        Ok(content) if content != whole.content => Same::No,
                        Ok(_) | Err(_) => Same::Yes,
                    };
                    inbox.send(News::Read(whole.reading, found));
                }
            });
        drop(spawned.expect("a thread can be made while the guard starts"));
        Self {
            todo,
            now: None,
            last: 0,
            at: HashMap::new(),
        }
    }
}

fn digest(whole: &Whole) -> std::io::Result<ContentHash> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOATIME;
    let file = whole.handle.open(whole.door.mount.as_fd(), flags)?;
    hygie_vault::content_of(&file)
}

/// How often a large file is read whole at most.
const BETWEEN_READINGS: Duration = Duration::from_secs(3600);
