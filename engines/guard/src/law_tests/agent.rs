//! The guard around the law, doing what apps/agent does (guard/held.rs, actions.rs, names.rs, run.rs).

use std::collections::BTreeMap;

use hygie_model::{FileId, Mono};

use super::{
    copier::News,
    duties::LetGo,
    kernel::{Act, Event, Group, LeaseId, NameEvent, Print, Waits},
    world::{Asks, Files, Nodes, World},
};
use crate::{
    Action, Ask, CopyOutcome, Found, Hold, Intent, Leased, Opening, Seen, Standing, Told, Verdict,
};

#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) inode: usize,
    pub(super) lease: Option<LeaseId>,
    /// A lease was let go since the copy under way was asked for.
    pub(super) let_go: bool,
    pub(super) near: bool,
    pub(super) spared: bool,
    pub(super) nameless: bool,
    /// How it looked when its newest copy was taken under a lease.
    pub(super) print: Option<Print>,
}

#[derive(Debug)]
pub(super) struct Pending {
    pub(super) call: u64,
    pub(super) asked: Mono,
    pub(super) standing: Standing,
}

#[derive(Debug, Default)]
pub(super) struct Agent {
    pub(super) nodes: Nodes,
    pub(super) by_inode: Files,
    pub(super) names: BTreeMap<u8, FileId>,
    pub(super) asks: Asks,
    next_file: i64,
    next_ask: u64,
    lost: Vec<FileId>,
    /// Told as without copy since the last event.
    told: Vec<FileId>,
    /// All that was told.
    pub(super) tellings: Vec<Told>,
}

impl Agent {
    /// How many calls were held so far.
    pub(super) fn asked(&self) -> u64 {
        self.next_ask
    }
}

fn standing(process: u8) -> Standing {
    if process == 0 {
        Standing::Known
    } else {
        Standing::Unknown
    }
}

impl World {
    pub(super) fn adopt(&mut self, inode: usize) -> FileId {
        self.agent.next_file += 1;
        let file = FileId(self.agent.next_file);
        self.agent.nodes.insert(
            file,
            Node {
                inode,
                ..Node::default()
            },
        );
        self.agent.by_inode.insert(inode, file);
        file
    }

    pub(super) fn take_lease(&mut self, file: FileId, lease: LeaseId) {
        if self.is_broken(lease) {
            self.signals.push_back(lease);
        }
        if let Some(node) = self.agent.nodes.get_mut(&file) {
            node.lease = Some(lease);
        }
    }

    pub(super) fn serve_near(&mut self) {
        match self.near.pop_front() {
            Some(Event::Closed { inode, .. }) => {
                if let Some(file) = self.agent.by_inode.get(&inode).copied() {
                    self.law.handle_closed(file);
                    self.obey();
                }
                self.free_if_gone(inode);
            }
            Some(Event::Held { call, inode }) => self.held(Group::Near, call, inode),
            None => {}
        }
    }

    pub(super) fn serve_wide(&mut self) {
        if let Some(Event::Held { call, inode }) = self.wide.pop_front() {
            self.held(Group::Wide, call, inode);
        }
    }

    fn held(&mut self, group: Group, call: u64, inode: usize) {
        let at = self
            .calls
            .iter()
            .position(|one| one.id == call)
            .expect("it waits");
        let (process, act, by_inside) = (
            self.calls[at].process,
            self.calls[at].act,
            self.calls[at].by_inside,
        );
        let known = self.agent.by_inode.get(&inode).copied();
        match (act, known) {
            (Act::Open { write, empty, .. }, Some(file)) => {
                self.open_asked(call, file, process, write || empty);
            }
            (Act::Open { write, empty, .. }, None) => {
                let outside = !self.inodes[inode].outside.is_empty();
                let gone = self.inodes[inode].inside.is_empty() && outside;
                if group == Group::Near || !by_inside || gone {
                    self.outside_ignored |= group == Group::Wide;
                    self.respond(call, Verdict::Allow, Standing::Known);
                } else {
                    self.open_of_unknown(call, inode, process, write || empty);
                }
            }
            (_, Some(file)) => {
                let ask = self.pend(call, standing(process));
                self.law
                    .handle_change(ask, file, standing(process), self.now);
            }
            (_, None) => self.respond(call, Verdict::Allow, Standing::Known),
        }
        self.obey();
        self.free_if_gone(inode);
    }

    fn pend(&mut self, call: u64, standing: Standing) -> Ask {
        self.agent.next_ask += 1;
        let ask = Ask(self.agent.next_ask);
        self.agent.asks.insert(
            ask,
            Pending {
                call,
                asked: self.now,
                standing,
            },
        );
        ask
    }

    fn open_asked(&mut self, call: u64, file: FileId, process: u8, change: bool) {
        let node = &self.agent.nodes[&file];
        let inode = node.inode;
        let seen =
            if node.lease.is_some() || node.near || node.print == Some(self.inodes[inode].print) {
                Seen::Same
            } else {
                Seen::Differs
            };
        let safe = self.law.is_safe(file) && seen == Seen::Same;
        let mut lease = Leased::Refused;
        if node.lease.is_none()
            && self.law.may_lease()
            && let Some(granted) = self.ask_lease(inode)
        {
            self.take_lease(file, granted);
            lease = Leased::Granted;
        }
        let intent = if (lease == Leased::Granted && safe) || !change {
            Intent::Read
        } else {
            Intent::Write
        };
        let standing = if safe {
            Standing::Unknown
        } else {
            standing(process)
        };
        let ask = self.pend(call, standing);
        self.law.handle_open(
            Opening {
                ask,
                file,
                intent,
                standing,
                seen,
                lease,
            },
            self.now,
        );
    }

    fn open_of_unknown(&mut self, call: u64, inode: usize, process: u8, change: bool) {
        let file = self.adopt(inode);
        if let Some(slot) = self.inodes[inode].inside.first().copied() {
            self.born(slot, file);
        }
        if self.inodes[inode].content == super::kernel::EMPTY {
            self.law
                .handle_found(file, Found::New, Hold::Bare, self.now);
            self.obey();
            self.respond(call, Verdict::Allow, Standing::Known);
        } else {
            self.link_now(file);
            self.found_state(inode);
            self.law
                .handle_found(file, Found::NotKept, Hold::Bare, self.now);
            self.open_asked(call, file, process, change);
        }
    }

    fn respond(&mut self, call: u64, verdict: Verdict, standing: Standing) {
        let Some(at) = self.calls.iter().position(|one| one.id == call) else {
            return;
        };
        assert_eq!(self.calls[at].waits, Waits::Answer, "answered twice");
        self.calls[at].waits = Waits::No;
        if verdict != Verdict::Allow {
            let inode = self.calls.remove(at).inode;
            return self.free_if_gone(inode);
        }
        let inode = self.calls[at].inode;
        let told = self
            .agent
            .by_inode
            .get(&inode)
            .is_some_and(|file| self.agent.told.contains(file));
        self.calls[at].actor.told |= told && standing == Standing::Known;
        if !matches!(
            self.calls[at].act,
            Act::Open {
                write: false,
                empty: false,
                ..
            } | Act::Read
        ) {
            self.check_let_go(at, LetGo::ByAnswer);
            let leased = self
                .agent
                .by_inode
                .get(&inode)
                .is_some_and(|file| self.agent.nodes[file].lease.is_some());
            let opens = matches!(self.calls[at].act, Act::Open { write: true, .. });
            assert!(!leased || !opens, "let in, to wait for the lease next");
        }
    }

    /// Does all that the law has queued.
    pub(super) fn obey(&mut self) {
        while let Some(action) = self.law.poll_action() {
            self.acted += 1;
            match action {
                Action::Answer(ask, verdict) => {
                    let pending = self.agent.asks.remove(&ask).expect("answered once");
                    self.respond(pending.call, verdict, pending.standing);
                }
                Action::Copy(file, state, urgency) => self.push_job(file, state, urgency),
                Action::Hurry(file, urgency) => self.hurry(file, urgency),
                Action::MarkNear(file) => {
                    self.mark(file, |node| (&mut node.near, true), Group::Near)
                }
                Action::UnmarkNear(file) => {
                    self.mark(file, |node| (&mut node.near, false), Group::Near);
                }
                Action::IgnoreWide(file) => {
                    self.mark(file, |node| (&mut node.spared, true), Group::Wide);
                }
                Action::HeedWide(file) => {
                    self.mark(file, |node| (&mut node.spared, false), Group::Wide);
                }
                Action::Link(file) => self.link_now(file),
                Action::Unlink(file) => self.unlink(file),
                Action::Release(file) => self.release(file),
                Action::Yield(file) => self.yield_lease(file),
                Action::Forget(file) => self.forget(file),
                Action::Tell(told) => {
                    if let Told::StateWithoutCopy(file) = told {
                        self.agent.told.push(file);
                        if let Some(node) = self.agent.nodes.get(&file) {
                            self.told_state(node.inode);
                        }
                    }
                    self.agent.tellings.push(told);
                }
            }
        }
        self.agent.told.clear();
    }

    fn mark(
        &mut self,
        file: FileId,
        set: impl FnOnce(&mut Node) -> (&mut bool, bool),
        group: Group,
    ) {
        let Some(node) = self.agent.nodes.get_mut(&file) else {
            return;
        };
        let inode = &mut self.inodes[node.inode];
        if inode.freed {
            return;
        }
        let (place, value) = set(node);
        *place = value;
        match group {
            Group::Near => inode.near = value,
            Group::Wide => inode.spared = value,
        }
    }

    fn link_now(&mut self, file: FileId) {
        let Some(node) = self.agent.nodes.get_mut(&file) else {
            return;
        };
        let inode = &mut self.inodes[node.inode];
        if inode.freed {
            return;
        }
        node.nameless = inode.inside.is_empty() && inode.outside.is_empty() && !inode.keep;
        if !node.nameless && !inode.keep {
            inode.keep = true;
            let at = node.inode;
            self.touch(at);
        }
    }

    fn unlink(&mut self, file: FileId) {
        let Some(node) = self.agent.nodes.get(&file) else {
            return;
        };
        let (inode, leased) = (node.inode, node.lease.is_some());
        if std::mem::take(&mut self.inodes[inode].keep) {
            self.touch(inode);
        }
        let print = self.inodes[inode].print;
        if leased && let Some(node) = self.agent.nodes.get_mut(&file) {
            node.print = node.print.filter(|was| was.0 == print.0).map(|_| print);
        }
        if !self.agent.names.values().any(|one| *one == file) {
            // It lost its names before it was known by one: no event will tell of it.
            self.law.handle_gone(file);
        }
        self.free_if_gone(inode);
    }

    fn release(&mut self, file: FileId) {
        let Some(node) = self.agent.nodes.get_mut(&file) else {
            return;
        };
        node.let_go = true;
        if let Some(lease) = node.lease.take() {
            self.drop_lease(lease);
        }
    }

    fn yield_lease(&mut self, file: FileId) {
        let Some(node) = self.agent.nodes.get(&file) else {
            return;
        };
        let Some(lease) = node.lease else { return };
        if self.has_writer(node.inode) || self.is_broken(lease) {
            self.signals.push_back(lease);
        } else {
            self.release(file);
        }
    }

    fn forget(&mut self, file: FileId) {
        self.mark(file, |node| (&mut node.near, false), Group::Near);
        self.mark(file, |node| (&mut node.spared, false), Group::Wide);
        let Some(node) = self.agent.nodes.remove(&file) else {
            return;
        };
        self.agent.by_inode.remove(&node.inode);
        self.agent.names.retain(|_, one| *one != file);
        self.inodes[node.inode].keep = false;
        if let Some(lease) = node.lease {
            self.drop_lease(lease);
        }
        self.free_if_gone(node.inode);
    }

    pub(super) fn serve_signal(&mut self) {
        let Some(lease) = self.signals.pop_front() else {
            return;
        };
        let holder = self
            .agent
            .nodes
            .iter()
            .find(|(_, node)| node.lease == Some(lease));
        let Some((file, _)) = holder else { return };
        let (file, now) = (*file, self.now);
        for held in self.inodes.iter_mut().flat_map(|inode| &mut inode.leases) {
            if held.id == lease && held.wanted.is_some() {
                held.heard.get_or_insert(now);
            }
        }
        self.law.handle_break(file, now);
        self.obey();
    }

    pub(super) fn serve_news(&mut self) {
        let Some(mut news) = self.news.pop_front() else {
            return;
        };
        let Some(node) = self.agent.nodes.get_mut(&news.file) else {
            return self.drop_news(&news);
        };
        if matches!(news.outcome, CopyOutcome::Kept(_)) {
            node.print = news.print.filter(|_| news.lease.is_some() || !node.let_go);
        }
        if let Some(lease) = news.lease
            && node.lease.is_none()
        {
            if self.is_broken(lease) {
                // It may be gone already: it proves nothing, and whoever waits goes on.
                news.outcome = CopyOutcome::Kept(Leased::Refused);
            } else {
                news.lease = None;
                self.take_lease(news.file, lease);
            }
        }
        self.law
            .handle_copied(news.file, news.state, news.outcome, self.now);
        self.obey();
        self.drop_news(&news);
    }

    fn drop_news(&mut self, news: &News) {
        if let Some(lease) = news.lease {
            self.drop_lease(lease);
        }
    }

    pub(super) fn serve_names(&mut self, count: u8) {
        for _ in 0..count {
            match self.names.pop_front() {
                Some(NameEvent::Came { slot, inode }) => self.came(slot, inode),
                Some(NameEvent::Went { slot }) => self.went(slot),
                Some(NameEvent::Moved { from, to, inode }) => {
                    if let Some(from) = from {
                        self.went(from);
                    }
                    if let Some(to) = to {
                        self.came(to, inode);
                    }
                }
                None => break,
            }
            self.obey();
        }
        for file in std::mem::take(&mut self.agent.lost) {
            if !self.agent.names.values().any(|one| *one == file) {
                if self.law.knows(file) {
                    self.law.handle_gone(file);
                } else {
                    self.forget(file);
                }
            }
            self.obey();
        }
    }

    pub(super) fn born(&mut self, slot: u8, file: FileId) {
        if let Some(replaced) = self.agent.names.insert(slot, file)
            && replaced != file
        {
            self.agent.lost.push(replaced);
        }
    }

    fn went(&mut self, slot: u8) {
        self.agent.lost.extend(self.agent.names.remove(&slot));
    }

    fn came(&mut self, slot: u8, inode: usize) {
        if let Some(file) = self.agent.by_inode.get(&inode).copied() {
            self.born(slot, file);
            self.law.handle_named(file);
            if self
                .agent
                .nodes
                .get(&file)
                .is_some_and(|node| node.nameless)
            {
                self.link_now(file);
            }
            return;
        }
        if self.inodes[inode].freed {
            return;
        }
        let file = self.adopt(inode);
        self.link_now(file);
        self.born(slot, file);
        let mut hold = Hold::Bare;
        if self.law.may_lease()
            && let Some(lease) = self.ask_lease(inode)
        {
            self.take_lease(file, lease);
            hold = Hold::Leased;
        }
        self.found_state(inode);
        self.law.handle_found(file, Found::NotKept, hold, self.now);
    }
}
