//! What one group did, added up: each file counts once, however often it is touched.
//! Evidence lives one to two weeks, so that who takes one file a day is still seen; a file that is healthy again
//! takes its evidence back.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use hygie_kind::Kind;
use hygie_model::{DirId, FileId, Mono};

use super::{
    DAY,
    judge::{self, Marks},
    own::{Own, Twins},
    signal::{Figures, Signal},
    words::{Facts, FamilyId},
};

/// How narrowly deleted originals are matched with sealed files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matching {
    /// By name, by length, and at a tenth by number: one family, one script, one unknown program.
    Anywhere,
    /// By name in the same folder: where unrelated work meets.
    ByName,
}

/// What becomes of a content in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Nothing stands there any more: deleted, emptied.
    Whole,
    /// Something else stands there, or it was a backup's.
    Other,
}

/// What one group did.
#[derive(Debug, Default)]
pub(super) struct Tally {
    files: HashMap<FileId, Evidence>,
    /// Where a file was deleted, in case one comes back there.
    gone: HashMap<(DirId, u64), FileId>,
    sums: [u32; 20],
    folders: HashMap<DirId, u32>,
    kinds: BTreeMap<Kind, u32>,
    harmed: u32,
    deleted: u32,
    /// Deleted originals whose sealed copy was found.
    linked: u32,
    /// Sealed files by folder and the name that they were made from.
    sealed_names: HashSet<(DirId, u64)>,
    /// How many sealed files there are of each length that no deleted original has claimed.
    sealed_lens: BTreeMap<u64, u32>,
    /// How many deleted originals there are of each length whose sealed copy was not found.
    lost_lens: BTreeMap<u64, u32>,
    trades: HashMap<DirId, Trade>,
    /// Deleted originals that readable files stand for, over all folders.
    traded: u32,
    young: Spell,
    old: Spell,
    own: Own,
    notes: HashMap<u64, HashSet<DirId>>,
    /// Most folders that got the same short text.
    noted: u32,
    recent: VecDeque<Mono>,
    families: BTreeMap<FamilyId, Mono>,
    swept: Mono,
    /// When anything was last done.
    pub(super) last: Mono,
    /// It is over its bound: who joins is stopped.
    pub(super) stopped: bool,
    /// How many times the first telling score the journal was told of.
    pub(super) told: u32,
}

/// What a file shows, and how to take it back.
#[derive(Clone, Copy, Debug)]
struct Evidence {
    marks: Marks,
    kind: Kind,
    len: u64,
    place: (DirId, u64),
    deleted: bool,
    linked: bool,
    at: Mono,
}

/// Readable files made and originals deleted in one folder: a converter leaves one for the other.
#[derive(Clone, Copy, Debug, Default)]
struct Trade {
    made: u32,
    deleted: u32,
}

/// What is only counted, for about a week.
#[derive(Debug, Default)]
struct Spell {
    /// Evidence whose file is no longer remembered.
    sums: [u32; 20],
    sealed: u32,
    sealed_bytes: u64,
    backups: u32,
    kinds_read: u16,
    pace: u32,
}

/// Where an act happens, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    pub(super) file: FileId,
    pub(super) folder: DirId,
    pub(super) key: u64,
    pub(super) base: u64,
    pub(super) now: Mono,
}

impl Tally {
    /// Whether a file is the group's to do with as it likes.
    pub(super) fn owns(&self, file: FileId, content: &Facts, twins: &Twins) -> bool {
        self.own.has(file, content, twins)
    }

    /// A file is about to lose a content: whether the group may take it, as its own or as one that it wrote elsewhere.
    pub(super) fn may_take(
        &mut self,
        file: FileId,
        content: &Facts,
        twins: &Twins,
        loss: Loss,
    ) -> bool {
        let excused = self.owns(file, content, twins)
            || (loss == Loss::Whole && self.own.has_copied(file, content, twins));
        self.own.lost(file);
        excused
    }

    pub(super) fn read(&mut self, kind: Kind) {
        if kind.is_meaningful() {
            self.young.kinds_read |= 1 << (kind as u16);
        }
    }

    /// A new file. Where the group deleted one of that name before, it takes its place.
    pub(super) fn made(&mut self, scene: Scene, facts: &Facts) {
        if let Some(file) = self.gone.remove(&(scene.folder, scene.key))
            && let Some(evidence) = self.take(file)
        {
            let before = Facts {
                kind: evidence.kind,
                len: evidence.len,
                ..*facts
            };
            let marks = judge::replaced(&before, facts);
            self.mark(Scene { file, ..scene }, &before, marks);
        }
        self.own.made(scene.file, facts);
        if facts.kind.is_work() {
            self.trade(scene.folder, |trade| trade.made += 1);
        }
        if judge::is_note(facts)
            && (self.notes.len() < MOST_NOTES || self.notes.contains_key(&facts.gist))
        {
            let folders = self.notes.entry(facts.gist).or_default();
            if folders.len() < 16 {
                folders.insert(scene.folder);
            }
            self.noted = self.noted.max(whole(folders.len()));
        }
    }

    /// The new file is one that only a key opens. An original that went before it may be what is in it.
    pub(super) fn sealed(&mut self, scene: Scene, len: u64) {
        self.young.sealed += 1;
        self.young.sealed_bytes += len;
        if let Some(&file) = self.gone.get(&(scene.folder, scene.base))
            && let Some(mut evidence) = self.take(file)
        {
            evidence.linked = true;
            return self.put(file, evidence);
        }
        if self.sealed_names.len() < MOST_SEALED {
            self.sealed_names.insert((scene.folder, scene.base));
            *self.sealed_lens.entry(len).or_default() += 1;
        }
    }

    /// Whether a sealed file has the name of this original with something appended, or just its length.
    fn is_linked(&mut self, scene: Scene, len: u64, matching: Matching) -> bool {
        if [scene.key, scene.base]
            .iter()
            .any(|&name| self.sealed_names.contains(&(scene.folder, name)))
        {
            return true;
        }
        if matching == Matching::ByName || len < 64 {
            return false;
        }
        let fits = self
            .sealed_lens
            .range(len..=len + HEADER)
            .next()
            .map(|(&len, _)| len);
        let Some(many) = fits.and_then(|len| self.sealed_lens.get_mut(&len)) else {
            return false;
        };
        *many -= 1;
        self.sealed_lens.retain(|_, many| *many > 0);
        true
    }

    fn trade(&mut self, folder: DirId, update: impl FnOnce(&mut Trade)) {
        if self.trades.len() >= MOST_FOLDERS && !self.trades.contains_key(&folder) {
            return;
        }
        let trade = self.trades.entry(folder).or_default();
        self.traded -= trade.made.min(trade.deleted);
        update(trade);
        self.traded += trade.made.min(trade.deleted);
    }

    pub(super) fn backup_deleted(&mut self) {
        self.young.backups += 1;
    }

    /// A file was changed: healthy marks take earlier evidence back.
    pub(super) fn changed(&mut self, scene: Scene, before: &Facts, after: &Facts, marks: Marks) {
        if let Some(evidence) = self.files.get(&scene.file) {
            let healthy =
                after.kind == evidence.kind && after.kind.is_meaningful() && marks.is_weak();
            if healthy {
                self.take(scene.file);
            }
        }
        self.mark(scene, before, marks);
    }

    /// Says whether a sealed copy was found.
    pub(super) fn deleted(
        &mut self,
        scene: Scene,
        before: &Facts,
        marks: Marks,
        matching: Matching,
    ) -> bool {
        self.mark(scene, before, marks);
        let Some(mut evidence) = self.take(scene.file) else {
            return false;
        };
        if !evidence.deleted {
            evidence.deleted = true;
            evidence.place = (scene.folder, scene.key);
            evidence.linked = self.is_linked(scene, evidence.len, matching);
        }
        self.put(scene.file, evidence);
        evidence.linked
    }

    /// Adds what a file shows to what it showed before.
    pub(super) fn mark(&mut self, scene: Scene, before: &Facts, marks: Marks) {
        if marks.is_empty() {
            return;
        }
        if self.files.len() >= MOST_FILES && !self.files.contains_key(&scene.file) {
            self.make_room();
            if self.files.len() >= MOST_FILES {
                return;
            }
        }
        let known = self.take(scene.file);
        let merged = known.map_or(marks, |evidence| evidence.marks.most(&marks));
        let evidence = Evidence {
            marks: merged,
            kind: known.map_or(before.kind, |evidence| evidence.kind),
            len: known.map_or(before.len, |evidence| evidence.len),
            place: known.map_or((scene.folder, scene.key), |evidence| evidence.place),
            deleted: known.is_some_and(|evidence| evidence.deleted),
            linked: known.is_some_and(|evidence| evidence.linked),
            at: known.map_or(scene.now, |evidence| evidence.at),
        };
        let fresh = known.is_none_or(|evidence| !evidence.counts());
        if evidence.counts() && fresh {
            self.beat(scene.now);
        }
        self.put(scene.file, evidence);
    }

    fn put(&mut self, file: FileId, evidence: Evidence) {
        for signal in Signal::ALL {
            self.sums[signal.index()] += evidence.marks.get(signal);
        }
        self.harmed += u32::from(evidence.marks.is_harm());
        if evidence.counts() {
            *self.folders.entry(evidence.place.0).or_default() += 1;
            *self.kinds.entry(evidence.kind).or_default() += 1;
        }
        if evidence.deleted {
            self.deleted += 1;
            self.gone.insert(evidence.place, file);
            if evidence.linked {
                self.linked += 1;
            } else {
                *self.lost_lens.entry(evidence.len).or_default() += 1;
            }
            self.trade(evidence.place.0, |trade| trade.deleted += 1);
        }
        self.files.insert(file, evidence);
    }

    /// The reverse of `put`.
    fn take(&mut self, file: FileId) -> Option<Evidence> {
        let evidence = self.files.remove(&file)?;
        for signal in Signal::ALL {
            self.sums[signal.index()] -= evidence.marks.get(signal);
        }
        self.harmed -= u32::from(evidence.marks.is_harm());
        if evidence.counts() {
            lower_folder(&mut self.folders, evidence.place.0);
            lower(&mut self.kinds, evidence.kind);
        }
        if evidence.deleted {
            self.deleted -= 1;
            self.gone.remove(&evidence.place);
            if evidence.linked {
                self.linked -= 1;
            } else {
                lower(&mut self.lost_lens, evidence.len);
            }
            self.trade(evidence.place.0, |trade| {
                trade.deleted = trade.deleted.saturating_sub(1)
            });
        }
        Some(evidence)
    }

    /// A file was harmed or deleted now.
    fn beat(&mut self, now: Mono) {
        self.recent.push_back(now);
        while self
            .recent
            .front()
            .is_some_and(|&first| now.since(first) > PACE_WINDOW)
            || self.recent.len() > 16
        {
            self.recent.pop_front();
        }
        let pace = u32::try_from(self.recent.len()).expect("it has at most 16");
        self.young.pace = self.young.pace.max(pace);
    }

    /// Weak evidence is counted on without its file.
    fn make_room(&mut self) {
        let weak: Vec<FileId> = self
            .files
            .iter()
            .filter(|(_, evidence)| evidence.marks.is_weak() && !evidence.deleted)
            .map(|(&file, _)| file)
            .collect();
        for file in weak {
            let evidence = self.take(file).expect("it was listed from there");
            for signal in Signal::ALL {
                let sum = &mut self.young.sums[signal.index()];
                *sum = sum.saturating_add(evidence.marks.get(signal));
            }
        }
    }

    pub(super) fn join(&mut self, family: FamilyId, now: Mono) {
        if self.families.len() >= MOST_FAMILIES && !self.families.contains_key(&family) {
            let first = self
                .families
                .iter()
                .min_by_key(|(_, at)| **at)
                .map(|(&one, _)| one);
            first.map(|one| self.families.remove(&one));
        }
        self.families.insert(family, now);
    }

    pub(super) fn families(&self) -> impl Iterator<Item = FamilyId> + '_ {
        self.families.keys().copied()
    }

    /// Nothing that could ever count is in it.
    pub(super) fn is_idle(&self) -> bool {
        self.files.is_empty() && self.young.sealed + self.old.sealed == 0 && !self.stopped
    }

    /// Once a week: what is older goes.
    pub(super) fn sweep(&mut self, now: Mono) {
        if now.since(self.swept) < 7 * DAY {
            return;
        }
        self.swept = now;
        let stale: Vec<FileId> = self
            .files
            .iter()
            .filter(|(_, evidence)| now.since(evidence.at) >= 7 * DAY)
            .map(|(&file, _)| file)
            .collect();
        for file in stale {
            self.take(file);
        }
        self.old = std::mem::take(&mut self.young);
        self.own.sweep();
        self.notes.clear();
        self.noted = 0;
        self.sealed_names.clear();
        self.sealed_lens.clear();
        self.trades.retain(|_, trade| trade.deleted > 0);
        for trade in self.trades.values_mut() {
            trade.made = 0;
        }
        self.traded = 0;
        self.families.retain(|_, at| now.since(*at) < 14 * DAY);
        if self.files.is_empty() {
            self.stopped = false;
            self.told = 0;
        }
    }

    /// How much of each signal there is.
    pub(super) fn figures(&self, matching: Matching) -> Figures {
        let mut figures = Figures(std::array::from_fn(|index| {
            self.sums[index] + self.young.sums[index] + self.old.sums[index]
        }));
        let sealed = self.young.sealed + self.old.sealed;
        let loose = match matching {
            Matching::Anywhere => {
                (sealed - self.linked.min(sealed)).min(self.deleted - self.linked)
            }
            Matching::ByName => 0,
        };
        let swallowed = self
            .swallowed(matching)
            .saturating_sub(sealed - self.linked.min(sealed));
        let harmed = self.harmed + self.linked + loose / 10 + swallowed / 3;
        let deleted = &mut figures.0[Signal::Deleted.index()];
        *deleted = deleted.saturating_sub(self.traded * 50);
        figures.0[Signal::Displaced.index()] = self.linked * 100 + loose * 10;
        let mut set = |signal: Signal, many: u32| {
            figures.0[signal.index()] = many.min(signal.cap()) * 100;
        };
        set(Signal::SealedMade, sealed);
        set(Signal::Swallowed, swallowed);
        set(
            Signal::BackupsDeleted,
            (self.young.backups + self.old.backups).min(harmed),
        );
        set(Signal::Notes, self.noted.saturating_sub(1).min(harmed));
        set(Signal::Folders, whole(self.folders.len()).min(harmed));
        set(Signal::Kinds, whole(self.kinds.len()).min(harmed));
        let read = (self.young.kinds_read | self.old.kinds_read).count_ones();
        set(Signal::KindsRead, read.min(harmed));
        set(Signal::Pace, self.young.pace.max(self.old.pace).min(harmed));
        figures
    }

    /// Deleted files that fit into the sealed ones, the smallest first: an archive packs eight to one at best.
    /// One for each sealed file is no archive's work and counted elsewhere.
    fn swallowed(&self, matching: Matching) -> u32 {
        if matching == Matching::ByName {
            return 0;
        }
        let mut room = (self.young.sealed_bytes + self.old.sealed_bytes).saturating_mul(8);
        let mut swallowed = 0;
        for (&len, &many) in &self.lost_lens {
            let fit = (room / len.max(1)).min(u64::from(many));
            swallowed += u32::try_from(fit).expect("it is at most a number of 32 bits");
            room -= fit * len;
            if fit < u64::from(many) || swallowed >= Signal::Swallowed.cap() {
                break;
            }
        }
        swallowed
    }
}

impl Evidence {
    /// Deleted or damaged: counts for breadth and pace.
    fn counts(&self) -> bool {
        self.marks.is_harm() || self.marks.get(Signal::DeletedByTool) > 0
    }
}

fn lower<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    if let Some(many) = counts.get_mut(&key) {
        *many -= 1;
        if *many == 0 {
            counts.remove(&key);
        }
    }
}

fn lower_folder(counts: &mut HashMap<DirId, u32>, folder: DirId) {
    if let Some(many) = counts.get_mut(&folder) {
        *many -= 1;
        if *many == 0 {
            counts.remove(&folder);
        }
    }
}

fn whole(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

/// Files remembered with what they show; a group is stopped long before.
const MOST_FILES: usize = 1024;
/// Names of sealed files remembered.
const MOST_SEALED: usize = 8192;
const MOST_NOTES: usize = 256;
const MOST_FOLDERS: usize = 1024;
const MOST_FAMILIES: usize = 512;
/// What encryption adds: a magic, a nonce, a tag, a wrapped key of 4096 bits at most.
const HEADER: u64 = 768;
const PACE_WINDOW: std::time::Duration = std::time::Duration::from_secs(10);
