//! What the law says, done: marks, links, leases, copies, answers. In the order given.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use hygie_guard::{Action, Ask, Leased, Refusal, State, Told, Urgency, Verdict};
use hygie_model::{Exception, FileId};
use hygie_platform::{
    event::{Answer, Call, Events},
    linux::{
        fanotify::{Effect, Mask, Scope},
        keep::Kept,
        process,
        pulse::Source,
    },
};
use hygie_vault::Entry;
use rustix::fs::OFlags;

use super::{
    copier::Job,
    keeper::Fact,
    pacing::Paced,
    run::Guard,
    scan::stat,
    tree::{Node, Set},
};

/// A held call that waits for its answer.
pub(crate) struct Pending {
    pub(crate) source: Source,
    /// By what it is answered.
    pub(crate) call: Call,
    /// Who asks.
    pub(crate) thread: i32,
    /// What for.
    pub(crate) about: FileId,
    /// The file, which pins the inode while its caller waits; gone when it became a lease.
    pub(crate) _file: Option<OwnedFd>,
    /// Whether it may have to wait for the judge once it is let in.
    pub(crate) paced: Paced,
    /// Where the witness finds it.
    pub(crate) slot: Option<usize>,
}

impl Guard {
    /// Does all that the law has queued.
    pub(crate) fn obey(&mut self) {
        while let Some(action) = self.law.poll_action() {
            match action {
                Action::Answer(ask, verdict) => self.answer(ask, verdict),
                Action::Copy(file, state, urgency) => self.copy(file, state, urgency),
                Action::Hurry(file, urgency) => self.queue.hurry(file, urgency),
                Action::MarkNear(file) => self.mark_near(file),
                Action::UnmarkNear(file) => self.unmark_near(file),
                Action::IgnoreWide(file) => self.ignore_wide(file),
                Action::HeedWide(file) => self.heed_wide(file),
                Action::Link(file) => self.link(file),
                Action::Unlink(file) => self.unlink(file),
                Action::Release(file) => self.release(file),
                Action::Yield(file) => self.yield_lease(file),
                Action::Forget(file) => self.forget(file),
                Action::Tell(told) => self.tell(told),
            }
        }
    }

    fn answer(&mut self, ask: Ask, verdict: Verdict) {
        let Some(pending) = self.asks.get(&ask) else {
            return;
        };
        if verdict == Verdict::Allow && pending.paced == Paced::Yes && self.pacing.is_crowded() {
            return self.pacing.wait(ask, self.now);
        }
        self.answer_now(ask, verdict);
    }

    /// As [`Guard::answer`], of a call that the law has let in.
    pub(super) fn let_in(&mut self, ask: Ask) {
        self.answer_now(ask, Verdict::Allow);
    }

    fn answer_now(&mut self, ask: Ask, verdict: Verdict) {
        let Some(pending) = self.asks.remove(&ask) else {
            return;
        };
        let answer = match verdict {
            Verdict::Allow => Answer::Allow,
            Verdict::Deny(refusal) => {
                self.refused(&pending, refusal);
                match refusal {
                    Refusal::Busy => Answer::DenyBusy,
                    Refusal::NoRoom => Answer::DenyNoRoom,
                }
            }
        };
        self.respond(pending.source, pending.call, answer);
        if let Some(slot) = pending.slot {
            self.pulse.free(slot);
        }
    }

    /// A refusal is told: to the journal each time, to the screen as a count.
    fn refused(&self, pending: &Pending, refusal: Refusal) {
        let path = self
            .tree
            .path(Node::File(pending.about))
            .unwrap_or_default();
        let program = process::program(pending.thread).unwrap_or_default();
        let why = if refusal == Refusal::Busy {
            "no-time"
        } else {
            "no-room"
        };
        self.board.refused();
        self.keeper.tell(
            Fact::Refused,
            [
                ("path", path.to_string_lossy().into()),
                ("program", program.to_string_lossy().into()),
                ("why", why.into()),
            ],
        );
    }

    pub(crate) fn respond(&self, source: Source, call: Call, answer: Answer) {
        // ENOENT: the witness was faster, or the caller is dead.
        let _ = self.group(source).answer(call, answer);
    }

    pub(super) fn copy(&mut self, file: FileId, state: State, urgency: Urgency) {
        self.flush_facts();
        let Some(node) = self.tree.files.get_mut(&file) else {
            return;
        };
        node.let_go = Set::No;
        node.rights = Set::No;
        let job = Job {
            file,
            state,
            door: self.spaces[usize::from(node.space.0)].door.clone(),
            handle: std::sync::Arc::new(node.handle.clone()),
            lease: if node.lease.is_some() {
                Leased::Granted
            } else {
                Leased::Refused
            },
            kept_as: node.fingerprint,
            met_as: node.met_as.take(),
            touched: node.touched.as_deref().cloned(),
            purse: node.purse,
        };
        self.queue.push(urgency, job);
    }

    /// Runs `act` with a descriptor on the file: its lease's, the event's at hand, or a new one.
    pub(super) fn with_file<T>(
        &self,
        file: FileId,
        act: impl FnOnce(&Self, BorrowedFd<'_>) -> std::io::Result<T>,
    ) -> std::io::Result<T> {
        let node = self
            .tree
            .files
            .get(&file)
            .ok_or(std::io::Error::from(std::io::ErrorKind::NotFound))?;
        if let Some(lease) = &node.lease {
            return act(self, lease.as_fd());
        }
        let door = &self.spaces[usize::from(node.space.0)].door;
        let opened = node.handle.open(door.mount.as_fd(), OFlags::PATH)?;
        act(self, opened.as_fd())
    }

    fn ignore_wide(&mut self, file: FileId) {
        if self
            .tree
            .files
            .get(&file)
            .is_none_or(|node| node.ignored == Set::Yes)
        {
            return;
        }
        let done = self.with_file(file, |guard, fd| {
            guard
                .wide
                .mark(Scope::Inode, Effect::Ignore, Mask::OPEN_PERM, fd)
        });
        self.noted(file, done, |node| node.ignored = Set::Yes);
    }

    fn heed_wide(&mut self, file: FileId) {
        if self
            .tree
            .files
            .get(&file)
            .is_none_or(|node| node.ignored == Set::No)
        {
            return;
        }
        let done = self.with_file(file, |guard, fd| {
            guard
                .wide
                .unmark(Scope::Inode, Effect::Ignore, Mask::OPEN_PERM, fd)
        });
        self.noted(file, done, |node| node.ignored = Set::No);
    }

    pub(super) fn noted(
        &mut self,
        file: FileId,
        done: std::io::Result<()>,
        set: impl FnOnce(&mut super::tree::FileNode),
    ) {
        match done {
            Ok(()) => {
                if let Some(node) = self.tree.files.get_mut(&file) {
                    set(node);
                }
            }
            // The inode is gone, or lost its last name and its marks with it: nothing is left to
            // hold, or to take away.
            Err(error) if matches!(error.raw_os_error(), Some(ESTALE | ENOENT)) => {}
            Err(_) => self.tell(Told::Unreadable(file)),
        }
    }

    fn link(&mut self, file: FileId) {
        let Some(node) = self.tree.files.get(&file) else {
            return;
        };
        let (door, handle) = (
            self.spaces[usize::from(node.space.0)].door.clone(),
            node.handle.clone(),
        );
        let done = self.with_file(file, |_, fd| door.keep.link(fd, &handle, &door.mount));
        match done {
            Ok(kept) => {
                if let Some(node) = self.tree.files.get_mut(&file) {
                    node.nameless = if kept == Kept::Nameless {
                        Set::Yes
                    } else {
                        Set::No
                    };
                }
            }
            // An immutable file needs no link; the inode may be gone.
            Err(error) if matches!(error.raw_os_error(), Some(EPERM | ESTALE)) => {}
            Err(_) => self.tell(Told::Unreadable(file)),
        }
    }

    /// Makes up for a link that was asked for when the file had no name yet.
    pub(crate) fn link_if_nameless(&mut self, file: FileId) {
        if self
            .tree
            .files
            .get(&file)
            .is_some_and(|node| node.nameless == Set::Yes)
        {
            self.link(file);
        }
    }

    /// Taking the link away changes the inode's ctime, so the stat of the copy is read anew; the
    /// lease guarantees that nobody else changed it meanwhile.
    fn unlink(&mut self, file: FileId) {
        let Some(node) = self.tree.files.get(&file) else {
            return;
        };
        let door = self.spaces[usize::from(node.space.0)].door.clone();
        let _ = door.keep.unlink(&node.handle);
        if !self.tree.is_named(Node::File(file)) {
            // It lost its names before the guard knew it by one: no event will tell of it.
            self.law.handle_gone(file);
        }
        let Some(lease) = &node.lease else { return };
        let again = lease
            .as_fd()
            .try_clone_to_owned()
            .and_then(|fd| stat(&fd.into()));
        if let (Ok(found), Some(node)) = (again, self.tree.files.get_mut(&file)) {
            let same_content = node
                .fingerprint
                .is_some_and(|was| (was.size, was.mtime_ns) == (found.size, found.mtime_ns));
            node.fingerprint = same_content.then_some(found);
            let fingerprint = node.fingerprint;
            self.facts.push(Entry::Fingerprint { file, fingerprint });
        }
    }

    fn release(&mut self, file: FileId) {
        self.listen(file);
        let Some(node) = self.tree.files.get_mut(&file) else {
            return;
        };
        node.let_go = Set::Yes;
        if let Some(lease) = node.lease.take() {
            if lease.is_broken() {
                node.touched = None;
            }
            self.leases.remove(&lease.number());
            drop(lease.release());
        }
    }

    /// Gives a lease up for the sake of the budget, unless somebody wants the file right now: then
    /// the law decides.
    fn yield_lease(&mut self, file: FileId) {
        let lease = self
            .tree
            .files
            .get(&file)
            .and_then(|node| node.lease.as_ref());
        match lease {
            Some(lease) if lease.is_wanted() => self.broken.push(file),
            Some(_) => self.release(file),
            None => {}
        }
    }

    fn forget(&mut self, file: FileId) {
        self.drop_near(file);
        self.never_read_again(file);
        self.heed_wide(file);
        let node = Node::File(file);
        let Some(gone) = self.tree.remove(node) else {
            return;
        };
        let door = self.spaces[usize::from(gone.space.0)].door.clone();
        let _ = door.keep.unlink(&gone.handle);
        if let Some(lease) = gone.lease {
            self.leases.remove(&lease.as_fd().as_raw_fd());
        }
        self.board.covered(file);
        self.facts.push(Entry::NodeGone {
            id: file.0,
            at: self.wall,
        });
    }

    pub(crate) fn tell(&mut self, told: Told) {
        let path = |guard: &Self, file| {
            guard.tree.path(Node::File(file)).map_or_else(
                || format!("#{}", file.0),
                |path| path.to_string_lossy().into_owned(),
            )
        };
        match told {
            Told::StateWithoutCopy(file) => {
                let path = path(self, file);
                self.keeper
                    .tell(Fact::Uncovered, [("path", path.as_str().into())]);
                self.board
                    .except(file, Exception::StateWithoutCopy { path });
            }
            Told::OpenBefore(file) => {
                let path = path(self, file);
                self.board.except(file, Exception::OpenBefore { path });
            }
            Told::Unreadable(file) => {
                let path = path(self, file);
                self.board.except(file, Exception::Unreadable { path });
            }
            Told::Covered(file) => self.board.covered(file),
            Told::NoRoom => self.board.general(Exception::NoRoom),
            Told::RoomAgain => self.board.no_longer(&Exception::NoRoom),
        }
    }
}

const EPERM: i32 = 1;
const ENOENT: i32 = 2;
const ESTALE: i32 = 116;
