//! The copying threads and the store, in steps that anything may come between (guard/copier.rs).

use hygie_model::FileId;

use super::{
    kernel::{Content, LeaseId, Print},
    world::World,
};
use crate::{CopyOutcome, Leased, State, Urgency};

#[derive(Debug)]
pub(super) struct Job {
    file: FileId,
    inode: usize,
    state: State,
    urgency: Urgency,
    /// The guard had a lease when it asked.
    guarded: bool,
    kept_as: Option<Print>,
    stage: Stage,
    lease: Option<LeaseId>,
    before: Print,
    read: Content,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Queued,
    First,
    Second,
    Commit,
}

impl Job {
    pub(super) fn state(&self) -> State {
        self.state
    }

    pub(super) fn reads(&self, inode: usize) -> bool {
        self.inode == inode && self.stage != Stage::Queued
    }
}

#[derive(Debug)]
pub(super) struct News {
    pub(super) file: FileId,
    pub(super) state: State,
    pub(super) outcome: CopyOutcome,
    pub(super) print: Option<Print>,
    pub(super) lease: Option<LeaseId>,
}

impl World {
    pub(super) fn push_job(&mut self, file: FileId, state: State, urgency: Urgency) {
        let Some(node) = self.agent.nodes.get_mut(&file) else {
            return;
        };
        node.let_go = false;
        assert!(
            self.jobs.iter().all(|job| job.file != file),
            "copied twice at once"
        );
        self.jobs.push(Job {
            file,
            inode: node.inode,
            state,
            urgency,
            guarded: node.lease.is_some(),
            kept_as: node.print,
            stage: Stage::Queued,
            lease: None,
            before: (0, 0),
            read: [0, 0],
        });
    }

    pub(super) fn hurry(&mut self, file: FileId, urgency: Urgency) {
        for job in &mut self.jobs {
            if job.file == file && job.stage == Stage::Queued {
                job.urgency = job.urgency.min(urgency);
            }
        }
    }

    pub(super) fn step_job(&mut self, at: usize) {
        let inode = self.jobs[at].inode;
        match self.jobs[at].stage {
            Stage::Queued => self.start_job(at),
            Stage::First => {
                self.jobs[at].read[0] = self.inodes[inode].content[0];
                self.jobs[at].stage = Stage::Second;
            }
            Stage::Second => {
                self.jobs[at].read[1] = self.inodes[inode].content[1];
                self.jobs[at].stage = Stage::Commit;
            }
            Stage::Commit => self.commit(at),
        }
    }

    fn start_job(&mut self, at: usize) {
        let inode = self.jobs[at].inode;
        if self.inodes[inode].freed {
            return self.finish(at, CopyOutcome::Vanished, None);
        }
        if !self.jobs[at].guarded {
            self.jobs[at].lease = self.ask_lease(inode);
        }
        let job = &mut self.jobs[at];
        let leased = job.guarded || job.lease.is_some();
        if job.urgency == Urgency::Settle && !leased {
            return self.finish(at, CopyOutcome::Busy, None);
        }
        job.before = self.inodes[inode].print;
        job.stage = Stage::First;
        if leased && job.kept_as == Some(job.before) {
            let print = Some(job.before);
            let outcome = CopyOutcome::Kept(leased_as(job.lease));
            self.finish(at, outcome, print);
        }
    }

    fn commit(&mut self, at: usize) {
        if !self.room {
            return self.finish(at, CopyOutcome::NoRoom, None);
        }
        if !self.readable {
            return self.finish(at, CopyOutcome::Unreadable, None);
        }
        let job = &self.jobs[at];
        let steady = self.inodes[job.inode].print == job.before;
        let leased = job.guarded || job.lease.is_some();
        // Stores through a mapping leave no trace: only what a lease proves is believed later.
        let print = (steady && leased).then_some(job.before);
        let lease = job.lease.filter(|_| steady);
        self.store.insert(job.read);
        self.finish(at, CopyOutcome::Kept(leased_as(lease)), print);
    }

    fn finish(&mut self, at: usize, outcome: CopyOutcome, print: Option<Print>) {
        let job = self.jobs.remove(at);
        let mut lease = job.lease;
        if outcome != CopyOutcome::Kept(Leased::Granted)
            && let Some(lease) = lease.take()
        {
            self.drop_lease(lease);
        }
        self.news.push_back(News {
            file: job.file,
            state: job.state,
            outcome,
            print,
            lease,
        });
        self.free_if_gone(job.inode);
    }
}

fn leased_as(lease: Option<LeaseId>) -> Leased {
    if lease.is_some() {
        Leased::Granted
    } else {
        Leased::Refused
    }
}
