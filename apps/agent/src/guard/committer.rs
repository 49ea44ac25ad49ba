//! The one thread that writes to the store: what waits together is made safe together.

use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel},
    thread::JoinHandle,
    time::Duration,
};

use hygie_guard::{CopyOutcome, State};
use hygie_model::{ContentHash, FileId, Metadata, Mono, PersonId, Wall};
use hygie_platform::{clock, linux::lease::Lease};
use hygie_vault::{Entry, Fingerprint, ForgetPlan, Vault, VaultError};

use super::{
    keeper::{Fact, Keeper},
    reserve::Reserve,
    run::{Inbox, News},
    tree::Purse,
};
use crate::{incidents::Incidents, keys::Forgets, orders::Room};

/// What a thread hands over to be made safe.
pub(crate) enum Work {
    /// Facts that nobody waits for.
    Facts(Vec<Entry>),
    /// A copy that the law waits for.
    Copy(Box<Copied>),
    /// A symbolic link: its target is its content.
    Symlink(Box<Symlink>),
    /// Forget a path for good; the plan or the refusal goes back.
    Forget(Forgetting),
    /// Ring when all before this is safe.
    Flush(SyncSender<()>),
}

/// A path to be forgotten.
pub(crate) struct Forgetting {
    /// The path.
    pub(crate) path: PathBuf,
    /// What was signed: exactly this, or nothing.
    pub(crate) only: Option<Forgets>,
    /// For whom.
    pub(crate) person: Option<PersonId>,
    /// What became of it.
    pub(crate) reply: SyncSender<Result<ForgetPlan, NotForgotten>>,
}

/// Why a path is not forgotten.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotForgotten {
    /// Something else would go by now than was signed.
    #[error("something else would be forgotten by now")]
    Otherwise,
    /// The store said no.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A symbolic link on its way.
pub(crate) struct Symlink {
    /// Facts that come before it.
    pub(crate) facts: Vec<Entry>,
    pub(crate) file: FileId,
    pub(crate) target: Vec<u8>,
    pub(crate) since: Wall,
    pub(crate) meta: Metadata,
    pub(crate) fingerprint: Fingerprint,
}

/// A copy on its way.
pub(crate) struct Copied {
    pub(crate) file: FileId,
    pub(crate) state: State,
    /// The version to keep; none where the content was proven to be kept already.
    pub(crate) entries: Vec<Entry>,
    /// Bytes of the content.
    pub(crate) bytes: u64,
    /// Bytes that it adds to the store at most.
    pub(crate) stored: u64,
    /// The content, where only changes were read of it.
    pub(crate) by_changes: Option<ContentHash>,
    /// Out of what room it is paid.
    pub(crate) purse: Purse,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) outcome: CopyOutcome,
    pub(crate) lease: Option<Lease>,
}

/// How many are made safe by one sync.
const BATCH: usize = 512;
/// After so long without work there is time to tidy up.
const QUIET: Duration = Duration::from_secs(30);
/// How long to wait before looking again for versions that may be dropped.
const BETWEEN_PRUNES: Duration = Duration::from_secs(60);

/// Starts the thread on an opened store.
///
/// Its queue has no bound, for the loop must never wait for it; how many copies are under way is
/// bounded where they begin.
pub(crate) fn start(
    vault: Vault,
    inbox: Inbox,
    (keeper, reserve, incidents): (Keeper, Reserve, Incidents),
    room: Room,
) -> (Sender<Work>, JoinHandle<()>) {
    let (sender, receiver) = channel();
    let committer = Committer {
        vault,
        inbox,
        keeper,
        reserve,
        incidents,
        room,
        next_prune: Mono(0),
        swept: Swept::No,
    };
    let thread = std::thread::Builder::new()
        .name("hygie-store".into())
        .spawn(move || committer.serve(&receiver))
        .expect("a thread can be made while the guard starts");
    (sender, thread)
}

struct Committer {
    vault: Vault,
    inbox: Inbox,
    keeper: Keeper,
    reserve: Reserve,
    incidents: Incidents,
    room: Room,
    next_prune: Mono,
    swept: Swept,
}

/// Whether orphans were looked for in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swept {
    Yes,
    No,
}

#[derive(Default)]
struct Gathered {
    entries: Vec<Entry>,
    copies: Vec<Copied>,
    bells: Vec<SyncSender<()>>,
    forgets: Vec<Forgetting>,
}

impl Committer {
    fn serve(mut self, receiver: &Receiver<Work>) {
        loop {
            let first = match receiver.recv_timeout(QUIET) {
                Ok(first) => first,
                Err(RecvTimeoutError::Timeout) => {
                    self.sweep_once();
                    self.reserve.fill_up();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut gathered = Gathered::default();
            let mut next = Some(first);
            while let Some(work) = next.take() {
                self.gather(work, &mut gathered);
                let enough = gathered.entries.len() >= BATCH
                    || !gathered.bells.is_empty()
                    || !gathered.forgets.is_empty();
                if !enough {
                    next = receiver.try_recv().ok();
                }
            }
            self.make_safe(gathered);
        }
    }

    /// What an earlier run was cut off from naming is removed, once, when there is nothing else to do.
    fn sweep_once(&mut self) {
        if std::mem::replace(&mut self.swept, Swept::Yes) == Swept::Yes {
            return;
        }
        match self.vault.sweep() {
            Ok(0) => {}
            Ok(files) => self.keeper.tell(Fact::Swept, [("files", files.into())]),
            Err(error) => self.inbox.send(News::StoreFailed(error.to_string())),
        }
    }

    fn gather(&mut self, work: Work, into: &mut Gathered) {
        match work {
            Work::Facts(facts) => into.entries.extend(facts),
            Work::Copy(mut copied) => {
                let entries = std::mem::take(&mut copied.entries);
                if !self.can_take(&entries) {
                    // What it was built on was forgotten meanwhile: it is copied again, as a whole.
                    copied.outcome = CopyOutcome::Busy;
                    copied.lease = None;
                    copied.fingerprint = None;
                } else if !entries.is_empty() && !self.has_room(copied.stored, copied.purse) {
                    copied.outcome = CopyOutcome::NoRoom;
                    copied.lease = None;
                    copied.fingerprint = None;
                } else {
                    into.entries.extend(entries);
                }
                into.copies.push(*copied);
            }
            Work::Symlink(link) => {
                into.entries.extend(link.facts);
                match self.vault.objects().take_bytes(&link.target) {
                    Ok(content) => into.entries.push(Entry::Version {
                        file: link.file,
                        content,
                        since: link.since,
                        meta: link.meta,
                        fingerprint: link.fingerprint,
                    }),
                    Err(error) => self.inbox.send(News::StoreFailed(error.to_string())),
                }
            }
            Work::Forget(forgetting) => into.forgets.push(forgetting),
            Work::Flush(bell) => into.bells.push(bell),
        }
    }

    fn can_take(&self, entries: &[Entry]) -> bool {
        entries.iter().all(|entry| match entry {
            Entry::Version { content, .. } => self.vault.can_take(content).unwrap_or(true),
            Entry::Root { .. }
            | Entry::Node { .. }
            | Entry::NameBorn { .. }
            | Entry::NameGone { .. }
            | Entry::Attributes { .. }
            | Entry::Meta { .. }
            | Entry::Fingerprint { .. }
            | Entry::NodeGone { .. } => true,
        })
    }

    /// Whether the budget has room for so many bytes more, if need be after dropping the oldest
    /// versions that may go.
    fn has_room(&mut self, bytes: u64, purse: Purse) -> bool {
        let over = |vault: &Vault, budget: u64| vault.usage().bytes.saturating_add(bytes) > budget;
        if over(&self.vault, self.room.budget) && clock::mono() >= self.next_prune {
            self.next_prune = clock::mono().after(BETWEEN_PRUNES);
            // A tenth below the budget, so that this is not asked again at once.
            let aim = self.room.budget - self.room.budget / 10;
            let aim = aim.saturating_sub(bytes);
            // While it is not known what open incidents need, nothing is dropped.
            let pruned = self.incidents.protected().ok().map(|protected| {
                self.vault
                    .plan_prune(aim, self.room.min_age, clock::wall(), &protected)
                    .and_then(|plan| self.vault.prune(&plan))
            });
            if let Some(Ok(freed)) = pruned
                && freed > 0
            {
                self.keeper.tell(Fact::Pruned, [("bytes", freed.into())]);
            }
        }
        let limit = match purse {
            Purse::Budget => self.room.budget,
            Purse::Reserve => self.room.budget.saturating_add(self.room.reserve),
        };
        !over(&self.vault, limit)
    }

    fn make_safe(&mut self, gathered: Gathered) {
        let Gathered {
            entries,
            copies,
            bells,
            forgets,
        } = gathered;
        let done = if entries.is_empty() {
            Ok(Vec::new())
        } else {
            self.vault.commit(entries, clock::wall())
        };
        let failure = done.err().map(|error| {
            self.inbox.send(News::StoreFailed(error.to_string()));
            if error.is_no_space() {
                CopyOutcome::NoRoom
            } else {
                CopyOutcome::Unreadable
            }
        });
        for mut copied in copies {
            if let (Some(outcome), CopyOutcome::Kept(_)) = (failure, copied.outcome) {
                copied.outcome = outcome;
                copied.lease = None;
                copied.fingerprint = None;
            }
            self.inbox.send(News::Copied(Box::new(copied)));
        }
        for forgetting in forgets {
            let done = self.forget(&forgetting);
            let _ = forgetting.reply.send(done);
        }
        self.inbox.send(News::Stored(self.vault.usage()));
        for bell in bells {
            let _ = bell.send(());
        }
    }

    fn forget(&mut self, forgetting: &Forgetting) -> Result<ForgetPlan, NotForgotten> {
        let path = &forgetting.path;
        let plan = self.vault.plan_forget(path)?;
        let as_signed = |only: &Forgets| Forgets::of(path, &plan) == *only;
        if !forgetting.only.as_ref().is_none_or(as_signed) {
            return Err(NotForgotten::Otherwise);
        }
        self.vault.forget(&plan)?;
        self.keeper.on_behalf_of(forgetting.person).tell(
            Fact::Forgotten,
            [
                ("path", path.to_string_lossy().into()),
                ("versions", plan.versions.into()),
            ],
        );
        Ok(plan)
    }
}
