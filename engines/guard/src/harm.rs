//! Decides who harms: adds up what each family of processes does to files, and says whom to stop and why.
//! Being sure is not needed to be safe (the law keeps every state), so it may wait for a handful of files
//! and leave honest work alone.
//!
//! Every act is judged by itself (`judge`), added to the tallies of its family, its program or script, and its
//! session (`family`, `tally`), and weighed (`signal`, `weights`). Splitting work over processes changes the family's
//! sum by nothing; splitting it over families meets the program's; over programs, the session's, which has twice
//! the bound because unrelated honest work meets there.

mod family;
mod judge;
mod own;
mod rules;
mod signal;
mod tally;
#[cfg(test)]
mod tests;
mod weights;
mod words;

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use hygie_model::{FileId, Mono};

use self::{
    family::{Families, Member, pool},
    judge::Marks,
    own::Twins,
    rules::Rules,
    tally::{Loss, Matching, Scene, Tally},
};
pub use self::{
    signal::{Figures, Reason, Signal, Weights},
    words::{
        Act, Actor, Birth, Change, Class, ClientId, Deed, Doing, Facts, FamilyId, Group, Person,
        Process, ProcessId, Program, ProgramId, Purpose, Rule, RuleId, RuleRefusal, ScriptId,
        Session, Suspicion, Twin, Verdict,
    },
};

/// The score at which a family is stopped.
pub const STOP: u32 = 1000;

/// The share of its bound (hundredths) from which a group is told to the journal; again at twice and three times that.
pub const WATCH: u32 = 30;

/// The machine.
#[derive(Debug)]
pub struct Harm {
    weights: Weights,
    bound: u32,
    families: Families,
    tallies: HashMap<Group, Tally>,
    stopped: BTreeSet<FamilyId>,
    rules: Rules,
    twins: Twins,
    verdicts: VecDeque<Verdict>,
    swept: Mono,
}

impl Default for Harm {
    fn default() -> Self {
        Self::new(Weights::default(), STOP)
    }
}

impl Harm {
    /// A machine that knows nobody yet; `bound` is a family's ([`STOP`]).
    #[must_use]
    pub fn new(weights: Weights, bound: u32) -> Self {
        Self {
            weights,
            bound,
            families: Families::default(),
            tallies: HashMap::new(),
            stopped: BTreeSet::new(),
            rules: Rules::default(),
            twins: Twins::default(),
            verdicts: VecDeque::new(),
            swept: Mono(0),
        }
    }

    /// A process is seen first, or runs another program now (its family stays). Tell parents before children.
    /// Whose program or script is stopped already is stopped with it.
    pub fn handle_process(&mut self, id: ProcessId, process: Process, now: Mono) -> FamilyId {
        let family = self.families.know(id, process);
        let group = pool(process.program, process.person);
        let spreads = matches!(group, Group::Script(..) | Group::Program(..));
        if spreads && self.tallies.get(&group).is_some_and(|tally| tally.stopped) {
            self.join(group, family, now);
            self.stop(group);
        }
        family
    }

    /// A process ended.
    pub fn handle_exit(&mut self, id: ProcessId, now: Mono) {
        self.families.forget(id, now);
    }

    /// Something was done to a file.
    pub fn handle_act(&mut self, act: &Act<'_>, now: Mono) {
        let member = self.families.of(act.actor);
        let act = &Act {
            deed: self.with_twin(&member, act),
            ..*act
        };
        for group in member.groups() {
            let tally = self.tallies.entry(group).or_default();
            tally.last = now;
            let scene = Scene {
                file: act.file,
                folder: act
                    .folders
                    .first()
                    .copied()
                    .unwrap_or(hygie_model::DirId(0)),
                key: act.name.key,
                base: act.name.base,
                now,
            };
            let known = (&self.rules, &self.twins);
            match add(tally, known, &member, act, scene, matching(group)) {
                Shown::Nothing => {}
                Shown::Little => self.weigh(group),
                Shown::Harm => {
                    tally.join(member.family, now);
                    self.weigh(group);
                }
            }
        }
        if self.tallies.len() > MOST_GROUPS || now.since(self.swept) >= DAY {
            self.sweep(now);
        }
    }

    /// The deed, once it is noted that a twin excuses it; what a family made itself needs no excuse.
    fn with_twin(&mut self, member: &Member, act: &Act<'_>) -> Deed {
        let Deed::Deleted(before, purpose, Twin::Stands) = act.deed else {
            return act.deed;
        };
        let family = self.tallies.get(&Group::Family(member.family));
        let own = family.is_some_and(|tally| tally.owns(act.file, &before, &self.twins));
        if own || self.twins.note(&before) {
            act.deed
        } else {
            Deed::Deleted(before, purpose, Twin::None)
        }
    }

    /// It is time to forget what is old.
    pub fn handle_timeout(&mut self, now: Mono) {
        if now.since(self.swept) >= DAY {
            self.sweep(now);
        }
    }

    /// When to be woken at the latest.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Mono> {
        (!self.tallies.is_empty()).then(|| self.swept.after(DAY))
    }

    /// What to do next.
    pub fn poll_action(&mut self) -> Option<Verdict> {
        self.verdicts.pop_front()
    }

    /// The family of a process that was told or has acted.
    #[must_use]
    pub fn family(&self, id: ProcessId) -> Option<FamilyId> {
        self.families.find(id).map(|member| member.family)
    }

    /// Whether a family is stopped and not yet let go.
    #[must_use]
    pub fn is_stopped(&self, family: FamilyId) -> bool {
        self.stopped.contains(&family)
    }

    /// Whether a group was over its bound and its incident is not settled. A newcomer to a stopped program or script is
    /// stopped by [`Harm::handle_process`]; one to a stopped session is stopped at its first harm, and a shell may
    /// let an unknown one wait until then.
    #[must_use]
    pub fn is_group_stopped(&self, group: Group) -> bool {
        self.tallies.get(&group).is_some_and(|tally| tally.stopped)
    }

    /// How much of each signal a group shows.
    #[must_use]
    pub fn figures(&self, group: Group) -> Figures {
        self.tallies
            .get(&group)
            .map_or_else(Figures::default, |tally| {
                scoped(group, tally.figures(matching(group)))
            })
    }

    /// What a group's acts weigh; it is stopped at [`Harm::bound`].
    #[must_use]
    pub fn score(&self, group: Group) -> u32 {
        self.weights.score(&self.figures(group))
    }

    /// Why, the weightiest first.
    #[must_use]
    pub fn reasons(&self, group: Group) -> Vec<Reason> {
        self.weights.reasons(&self.figures(group))
    }

    /// All groups with a tally, in no order.
    pub fn groups(&self) -> impl Iterator<Item = Group> + '_ {
        self.tallies.keys().copied()
    }

    /// At which score a group is stopped. A program that many honest scripts and people use, and a session, in
    /// which all of a day's work meets, have more room.
    #[must_use]
    pub fn bound(&self, group: Group) -> u32 {
        let share = match group {
            Group::Family(_) | Group::Script(..) | Group::Program(..) => 100,
            Group::Tool(..) => POOL,
            Group::Session(..) => MEETING,
        };
        self.bound.saturating_mul(share) / 100
    }

    /// A person lets the stopped families of an incident go on: what they did so far no longer counts.
    /// Later evidence does, unless a rule allows it.
    pub fn forgive(&mut self, families: &[FamilyId]) {
        for family in families {
            self.stopped.remove(family);
        }
        let touched = |tally: &Tally| {
            families
                .iter()
                .any(|one| tally.families().any(|other| other == *one))
        };
        self.tallies.retain(|group, tally| match group {
            Group::Family(family) => !families.contains(family),
            Group::Program(..) | Group::Tool(..) | Group::Script(..) | Group::Session(..) => {
                !touched(tally)
            }
        });
    }

    /// An incident is over (undone, its families ended): what they did no longer counts against others of their session
    /// or against the tools that they used. Their own program or script stays stopped, so that it is when it comes back.
    pub fn settle(&mut self, families: &[FamilyId]) {
        let touched = |tally: &Tally| {
            families
                .iter()
                .any(|one| tally.families().any(|other| other == *one))
        };
        self.tallies.retain(|group, tally| match group {
            Group::Tool(..) | Group::Session(..) => !touched(tally),
            Group::Family(_) | Group::Program(..) | Group::Script(..) => true,
        });
    }

    /// A person allows a kind of act for the time to come.
    ///
    /// # Errors
    /// Interpreters need a script, archivers get no rule, and a rule has an end ahead.
    pub fn allow(&mut self, rule: Rule, now: Mono) -> Result<RuleId, RuleRefusal> {
        self.rules.add(rule, now)
    }

    /// Takes a rule back.
    pub fn revoke(&mut self, rule: RuleId) {
        self.rules.remove(rule);
    }

    fn join(&mut self, group: Group, family: FamilyId, now: Mono) {
        self.tallies.entry(group).or_default().join(family, now);
    }

    fn weigh(&mut self, group: Group) {
        let score = self.score(group);
        let bound = self.bound(group);
        let Some(tally) = self.tallies.get_mut(&group) else {
            return;
        };
        if score >= bound || tally.stopped {
            tally.stopped = true;
            return self.stop(group);
        }
        let step = score / (bound / 100 * WATCH).max(1);
        if step > tally.told {
            tally.told = step;
            let suspicion = self.suspicion(group, score);
            self.verdicts.push_back(Verdict::Watch(suspicion));
        }
    }

    fn stop(&mut self, group: Group) {
        let suspicion = self.suspicion(group, self.score(group));
        if suspicion.families.is_empty() {
            return;
        }
        self.stopped.extend(&suspicion.families);
        self.verdicts.push_back(Verdict::Stop(suspicion));
    }

    fn suspicion(&self, group: Group, score: u32) -> Suspicion {
        let alone = match group {
            Group::Family(family) => Some(family),
            Group::Program(..) | Group::Tool(..) | Group::Script(..) | Group::Session(..) => None,
        };
        let tally = self.tallies.get(&group).filter(|_| alone.is_none());
        let families = alone
            .into_iter()
            .chain(tally.into_iter().flat_map(Tally::families));
        Suspicion {
            group,
            families: families
                .filter(|family| !self.stopped.contains(family))
                .collect(),
            score,
            bound: self.bound(group),
            reasons: self.reasons(group),
        }
    }

    fn sweep(&mut self, now: Mono) {
        self.swept = now;
        self.rules.expire(now);
        self.twins.sweep(now);
        for tally in self.tallies.values_mut() {
            tally.sweep(now);
        }
        let keep = if self.tallies.len() > MOST_GROUPS {
            Duration::ZERO
        } else {
            DAY
        };
        self.tallies
            .retain(|_, tally| !tally.is_idle() || now.since(tally.last) < keep);
        if self.tallies.len() > MOST_GROUPS {
            self.drop_oldest();
        }
    }

    /// Half the room is made at once, so that it is rare; what is stopped, or suspicious, goes last.
    fn drop_oldest(&mut self) {
        let mut ages: Vec<(bool, u32, Mono, Group)> = self
            .tallies
            .iter()
            .map(|(&group, tally)| (tally.stopped, self.score(group), tally.last, group))
            .collect();
        ages.sort_unstable();
        for (.., group) in ages.into_iter().take(MOST_GROUPS / 2) {
            self.tallies.remove(&group);
        }
    }
}

/// What an act shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Nothing,
    /// Something to weigh, yet not enough to stop its family for what others of the group did.
    Little,
    /// Damage.
    Harm,
}

impl Shown {
    fn by(marks: &Marks) -> Self {
        match (marks.is_empty(), marks.is_harm()) {
            (true, _) => Self::Nothing,
            (false, false) => Self::Little,
            (false, true) => Self::Harm,
        }
    }
}

/// Adds one act to one tally.
fn add(
    tally: &mut Tally,
    (rules, twins): (&Rules, &Twins),
    member: &Member,
    act: &Act<'_>,
    scene: Scene,
    matching: Matching,
) -> Shown {
    let sieve = |marks: Marks| rules.sieve(marks, member.process, act.folders, scene.now);
    match act.deed {
        Deed::Read(kind) => {
            tally.read(kind);
            Shown::Nothing
        }
        Deed::Made(facts) => {
            tally.made(scene, &facts);
            let sealed = judge::is_sealed(&facts);
            if sealed && !rules.allow(member.process, act.folders, Doing::Make, scene.now) {
                tally.sealed(scene, facts.len);
            }
            if sealed || judge::is_note(&facts) {
                Shown::Little
            } else {
                Shown::Nothing
            }
        }
        Deed::Changed(change) => {
            let loss = if change.after.len == 0 {
                Loss::Whole
            } else {
                Loss::Other
            };
            if tally.may_take(act.file, &change.before, twins, loss) {
                return Shown::Nothing;
            }
            let marks = sieve(judge::change(&change));
            tally.changed(scene, &change.before, &change.after, marks);
            Shown::by(&marks)
        }
        Deed::Deleted(before, purpose, twin) => {
            let loss = match purpose {
                Purpose::Work => Loss::Whole,
                Purpose::Backup => Loss::Other,
            };
            if tally.may_take(act.file, &before, twins, loss) {
                return Shown::Nothing;
            }
            let marks = match twin {
                Twin::Stands => Marks::default(),
                Twin::None => sieve(deletion(member, &before)),
            };
            if purpose == Purpose::Backup {
                tally.backup_deleted();
            }
            if marks.is_empty() {
                return if purpose == Purpose::Backup {
                    Shown::Little
                } else {
                    Shown::Nothing
                };
            }
            let linked = tally.deleted(scene, &before, marks, matching);
            if linked || matching == Matching::Anywhere {
                Shown::Harm
            } else {
                Shown::Little
            }
        }
        Deed::Renamed { to, what, over } => {
            let marks = if tally.owns(act.file, &what, twins) {
                Marks::default()
            } else {
                sieve(judge::rename(&act.name, &to, &what))
            };
            tally.mark(scene, &what, marks);
            let over = over.map_or(Shown::Nothing, |(file, change)| {
                overwrite((tally, twins), scene, file, &to, &change, sieve)
            });
            over.max(Shown::by(&marks))
        }
    }
}

fn deletion(member: &Member, before: &Facts) -> Marks {
    let signal = match member.class() {
        Class::Packaged | Class::Archiver => Signal::DeletedByTool,
        Class::Interpreter | Class::Unknown => Signal::Deleted,
    };
    Marks::default().with(signal, if before.is_missed() { 100 } else { 0 })
}

/// A file that lost its name to another one holds, for people, what that one holds.
fn overwrite(
    (tally, twins): (&mut Tally, &Twins),
    scene: Scene,
    file: FileId,
    to: &hygie_kind::Name,
    change: &Change,
    sieve: impl Fn(Marks) -> Marks,
) -> Shown {
    if tally.may_take(file, &change.before, twins, Loss::Other) {
        return Shown::Nothing;
    }
    let scene = Scene {
        file,
        key: to.key,
        base: to.base,
        ..scene
    };
    let marks = sieve(judge::change(change));
    tally.changed(scene, &change.before, &change.after, marks);
    Shown::by(&marks)
}

/// Where unrelated work meets, only what is done in one folder is seen as one.
fn matching(group: Group) -> Matching {
    match group {
        Group::Family(_) | Group::Script(..) | Group::Program(..) => Matching::Anywhere,
        Group::Tool(..) | Group::Session(..) => Matching::ByName,
    }
}

/// A session's deletions and new files are a day's work; only damage is added up there.
fn scoped(group: Group, mut figures: Figures) -> Figures {
    if matches!(group, Group::Session(..)) {
        for signal in DAYS_WORK {
            figures.0[signal.index()] = 0;
        }
    }
    figures
}

const DAYS_WORK: [Signal; 7] = [
    Signal::Unlike,
    Signal::SealedMade,
    Signal::Swallowed,
    Signal::Deleted,
    Signal::DeletedByTool,
    Signal::KindsRead,
    Signal::ExtensionLost,
];

/// The bound of a program that is not its family's alone, in hundredths of a family's.
const POOL: u32 = 150;
/// A session's.
const MEETING: u32 = 200;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Groups remembered; each has a few kilobytes at most when it is honest.
const MOST_GROUPS: usize = 4096;
