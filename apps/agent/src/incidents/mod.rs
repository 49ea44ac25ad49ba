//! Incidents on this device: what a stopped family did, and what a person decides about it. The guard's loop tells acts and
//! stops here and takes wishes; the door asks here.

mod allow;
mod commands;
mod notice;
mod opening;
mod paths;
mod rules;
#[cfg(test)]
mod tests;
mod told;
mod undoing;
pub mod words;

use std::{
    collections::HashSet,
    os::fd::{AsFd, OwnedFd},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::SyncSender},
    time::Duration,
};

use anyhow::{Context, Result};
use hygie_acts::{
    Act, Allowed, AllowedId, BootId, Bounds, Incident, Member, Opening, Recorder, State, Store,
};
use hygie_model::{FileId, Wall};
use hygie_platform::linux::wake::Bell;

use crate::{StateDir, undo::Ground};

pub use crate::undo::step::Trouble;
pub use allow::NotAllowed;
pub(crate) use commands::Heard;
pub use notice::{HandedNotice, show};
pub(crate) use notice::{HubNotice, tell_all};
pub(crate) use opening::{group_word, reasons};
pub use opening::{opening, signal_word, signals};
pub use rules::to_rule;
pub use told::{DeedTold, IncidentTold, SideTold, TouchedTold, UndoTold};
pub(crate) use told::{place_of, tell};
pub use undoing::Refused;

/// The incidents of this device. Cheap to clone; one opens it, the others get clones.
#[derive(Clone)]
pub struct Incidents(Arc<Inner>);

struct Inner {
    state: StateDir,
    boot: BootId,
    store: Mutex<Store>,
    recorder: Recorder,
    wishes: Mutex<Vec<Wish>>,
    bell: Mutex<Option<Bell>>,
    spaces: Mutex<Vec<Space>>,
    /// One undo at a time.
    undoing: Mutex<()>,
    /// One command from afar at a time.
    commanded: Mutex<()>,
}

struct Space {
    fs: i64,
    mount: OwnedFd,
    keep: OwnedFd,
}

/// What the loop is asked to do; see [`Incidents::wishes`].
#[derive(Debug)]
pub enum Wish {
    /// End these families for good: kill every member, until no new one appears; then ring.
    End {
        /// The incident.
        incident: u64,
        /// Its families.
        families: Vec<u64>,
        /// The members that were known when it was stopped.
        members: Vec<Member>,
        /// Rung when nobody is left.
        done: SyncSender<()>,
    },
    /// What these families did no longer counts against others: `Harm::settle`.
    Settle {
        /// The families.
        families: Vec<u64>,
    },
    /// Let these families go on: `Harm::forgive`, thaw, answer their holds again.
    LetGo {
        /// The incident.
        incident: u64,
        /// Its families.
        families: Vec<u64>,
    },
    /// Stop these families again.
    Stop {
        /// The incident.
        incident: u64,
        /// Its families.
        families: Vec<u64>,
    },
    /// A permission is in force from now on: `Harm::allow` with [`to_rule`].
    Allow(Box<Allowed>),
    /// It is no longer: `Harm::revoke`.
    Revoke(AllowedId),
}

impl Incidents {
    /// Opens what is on disk and starts the thread that writes acts. Families of an earlier run of the machine have ended
    /// with it: their incidents say so from now on.
    ///
    /// # Errors
    /// What the system or SQLite refused.
    pub fn open(state: &StateDir, now: Wall) -> Result<Self> {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .context("reading which run of the machine this is")?;
        let boot = BootId(boot.trim().to_owned());
        let mut store = Store::open(&state.incidents()).context("opening the incidents")?;
        let recorder = Recorder::start(&state.acts(), &boot, Bounds::default())
            .context("opening the log of acts")?;
        for incident in store.incidents()? {
            if incident.state == State::Stopped && incident.opening.boot != boot {
                store.set_state(incident.id, State::EndedEvidenceKept, now)?;
            }
        }
        let incidents = Self(Arc::new(Inner {
            state: state.clone(),
            boot,
            store: Mutex::new(store),
            recorder,
            wishes: Mutex::new(Vec::new()),
            bell: Mutex::new(None),
            spaces: Mutex::new(Vec::new()),
            undoing: Mutex::new(()),
            commanded: Mutex::new(()),
        }));
        incidents.keep_acts()?;
        Ok(incidents)
    }

    /// The run of the machine that acts and families of now belong to.
    #[must_use]
    pub fn boot(&self) -> &BootId {
        &self.0.boot
    }

    /// Tells an act; never blocks.
    pub fn record(&self, act: Act) {
        self.0.recorder.record(act);
    }

    /// How many acts the disk was too slow for.
    #[must_use]
    pub fn lost_acts(&self) -> u64 {
        self.0.recorder.lost()
    }

    /// Writes a stopped family down before anything else is done about it: on return it outlives a kill and a power cut
    /// (one sync of a small file; some milliseconds). What was recorded of it is made safe right after, in the thread that
    /// writes acts. Then tell it by [`Incidents::tell_people`], outside the loop.
    ///
    /// # Errors
    /// What SQLite refused; stop the family all the same.
    pub fn begin(
        &self,
        opening: Opening,
        touched: impl IntoIterator<Item = FileId>,
    ) -> Result<Incident> {
        let mut store = self.store();
        let incident = store.begin(opening)?;
        store.touch(incident.id, touched)?;
        drop(store);
        self.keep_acts()?;
        Ok(incident)
    }

    /// Notes further members, counts or files of an incident.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn update(
        &self,
        id: u64,
        opening: &Opening,
        touched: impl IntoIterator<Item = FileId>,
    ) -> Result<()> {
        let mut store = self.store();
        store.update(id, opening)?;
        Ok(store.touch(id, touched)?)
    }

    /// The family has no member left and nobody decided yet.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn ended(&self, id: u64, now: Wall) -> Result<()> {
        self.set_state(id, State::EndedEvidenceKept, now)
    }

    /// Those stopped in this run of the machine on which nobody has decided: a guard that starts stops them again.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn still_stopped(&self) -> Result<Vec<Incident>> {
        let mut all = self.store().incidents()?;
        all.retain(|incident| {
            incident.state == State::Stopped && incident.opening.boot == self.0.boot
        });
        Ok(all)
    }

    /// The files of which no version may be dropped, for [`hygie_vault::Vault::plan_prune`]. When they cannot be read,
    /// drop nothing.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn protected(&self) -> Result<HashSet<FileId>> {
        Ok(self.store().protected()?)
    }

    /// The permissions in force; the loop gives each to the engine when it starts, by [`to_rule`].
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn allowed(&self, now: Wall) -> Result<Vec<Allowed>> {
        Ok(self.store().allowed(now)?)
    }

    /// By what the loop is woken when there is a wish.
    pub fn wake_by(&self, bell: Bell) {
        *lock(&self.0.bell) = Some(bell);
    }

    /// What people want done, the oldest first.
    #[must_use]
    pub fn wishes(&self) -> Vec<Wish> {
        std::mem::take(&mut *lock(&self.0.wishes))
    }

    /// A file system on which an undo may work: its number in the index, its private mount and its keep folder.
    pub fn reach(&self, fs: i64, mount: OwnedFd, keep: OwnedFd) {
        lock(&self.0.spaces).push(Space { fs, mount, keep });
    }

    fn ground(&self, incident: u64) -> Result<Ground> {
        let mut ground = Ground::default();
        for space in lock(&self.0.spaces).iter() {
            let mount = space.mount.try_clone()?;
            ground
                .add(space.fs, mount, space.keep.as_fd(), incident)
                .context("opening the quarantine")?;
        }
        Ok(ground)
    }

    fn wish(&self, wish: Wish) {
        lock(&self.0.wishes).push(wish);
        if let Some(bell) = &*lock(&self.0.bell) {
            bell.ring();
        }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.0.store)
    }

    fn set_state(&self, id: u64, state: State, now: Wall) -> Result<()> {
        self.store().set_state(id, state, now)?;
        self.keep_acts()
    }

    /// Nothing that an open incident needs is forgotten.
    fn keep_acts(&self) -> Result<()> {
        let all = self.store().incidents()?;
        let open = all.iter().filter(|incident| incident.state.is_open());
        let first = open.map(|incident| incident.opening.first_harm).min();
        self.0.recorder.keep_from(first);
        Ok(())
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long the log may take to be made safe.
const SYNCING: Duration = Duration::from_secs(30);
/// How long the end of a family may take.
const ENDING: Duration = Duration::from_secs(30);
