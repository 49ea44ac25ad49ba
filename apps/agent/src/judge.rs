//! The judge: learns who did what to which file, asks the engine whether it harms, and stops who does.
//! A thread of its own: the law never waits for it, and whatever it is told has a copy or will have one.

mod look;
mod pairs;
mod people;
mod stopping;

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

use hygie_acts as acts;
use hygie_guard::{
    State,
    harm::{self, Actor, Deed, Facts, Harm, Purpose, Twin, Verdict},
};
use hygie_kind::Name;
use hygie_model::{ContentHash, DirId, FileId, Mono, NodeKind, Wall};
use hygie_platform::{
    clock,
    linux::{halt::Haste, kin::ProcessId},
};
use hygie_vault::{Content, Reader};

pub(crate) use look::Look;
pub(crate) use pairs::Copy;
use pairs::{Close, Paired, Pairs};
use people::{People, Person};
use stopping::Stopping;
pub(crate) use stopping::{Halted, Stopper};

use crate::{guard::Unjudged, incidents::Incidents};

/// What the guard tells the judge. Never blocks.
#[derive(Clone)]
pub(crate) struct Witnessed(Sender<Told>);

impl Witnessed {
    /// Nobody listens yet.
    pub(crate) fn nobody() -> Self {
        Self(channel().0)
    }

    pub(crate) fn tell(&self, told: Told) {
        // When the judge is gone nobody is stopped any more, which the screen says; the law holds all the same.
        let _ = self.0.send(told);
    }
}

/// A place in a protected folder.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) place: acts::Place,
    /// The folder, then the ones above, up to the protected one.
    pub(crate) folders: Vec<DirId>,
    pub(crate) purpose: Purpose,
}

/// Something that happened, and when.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) at: Wall,
    pub(crate) now: Mono,
    pub(crate) what: What,
}

/// Whether a name that went was a node's last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// It has others, or another file has this one.
    No,
    /// It was, of a file that rested: the index has what it held last.
    AtRest,
    /// It was; what it held last may have no version yet.
    Moving,
}

/// What happened.
#[derive(Debug)]
pub(crate) enum What {
    /// A thread closed a descriptor that could write.
    Closed {
        file: FileId,
        thread: i32,
        /// Where it had a name.
        spot: Option<Spot>,
        /// The law's number of what the file holds now.
        state: State,
        /// That state has a copy already.
        settled: bool,
        /// Counts until it is judged.
        unjudged: Option<Unjudged>,
    },
    /// A state was copied.
    Copied { file: FileId, copy: Copy },
    /// A state needed no copy: the file is as its newest version, or gone.
    Rested { file: FileId, state: State },
    /// All that the kernel had to tell when this was asked for has been told.
    Drained,
    /// A name came.
    Born {
        node: i64,
        kind: NodeKind,
        thread: i32,
        place: acts::Place,
        first: bool,
    },
    /// A name went.
    Gone {
        node: i64,
        kind: NodeKind,
        thread: i32,
        spot: Spot,
        last: Last,
    },
    /// A name moved, perhaps over that of another file.
    Moved {
        node: i64,
        kind: NodeKind,
        thread: i32,
        from: Spot,
        to: acts::Place,
        over: Option<FileId>,
    },
    /// Owner, mode, times or attributes changed.
    Attributes {
        node: i64,
        kind: NodeKind,
        thread: i32,
        since: Wall,
    },
}

/// A rename of a file that waits for what the file holds.
struct Rename {
    who: Option<Person>,
    from: Spot,
    to: acts::Place,
    over: Option<FileId>,
}

struct Judge {
    harm: Harm,
    people: People,
    incidents: Incidents,
    stopping: Stopping,
    vault: PathBuf,
    reader: Option<Reader>,
    pairs: Pairs,
    renames: HashMap<FileId, Vec<Rename>>,
    /// What was copied a moment ago, which the index may not have yet, and when.
    lately: HashMap<FileId, (Mono, Box<Look>)>,
    /// What families did, for their incidents.
    deeds: HashMap<harm::FamilyId, Deeds>,
    tidied: Mono,
}

/// What a family did so far.
#[derive(Default)]
struct Deeds {
    first: Option<Wall>,
    files: HashSet<FileId>,
    counts: acts::Counts,
    /// How much each of its processes did: who is named first.
    hands: HashMap<ProcessId, u64>,
    last: Mono,
}

/// Starts the judge's thread.
pub(crate) fn start(vault: PathBuf, incidents: Incidents, stopper: Stopper) -> Witnessed {
    let (sender, told) = channel();
    let spawned = std::thread::Builder::new()
        .name("hygie-judge".into())
        .spawn(move || {
            // Each millisecond is a file, and whoever harms keeps the machine busy.
            let _haste = Haste::begin();
            let now = clock::mono();
            let mut judge = Judge {
                harm: Harm::default(),
                people: People::meet(now),
                stopping: Stopping::new(stopper),
                incidents,
                vault,
                reader: None,
                pairs: Pairs::default(),
                renames: HashMap::new(),
                lately: HashMap::new(),
                deeds: HashMap::new(),
                tidied: now,
            };
            judge.take_up();
            judge.serve(&told);
        });
    drop(spawned.expect("a thread can be made while the guard starts"));
    Witnessed(sender)
}

impl Judge {
    fn serve(&mut self, told: &Receiver<Told>) {
        loop {
            match told.recv_timeout(LISTEN) {
                Ok(told) => self.handle(told),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let now = clock::mono();
            self.listen(now);
            self.grant_wishes(now);
            self.say_who_is_over(now);
            if now.since(self.tidied) >= TIDY {
                self.tidy(now);
            }
        }
    }

    /// Hears what became of processes, before one of them is asked for.
    fn listen(&mut self, now: Mono) {
        self.people.hear(now);
        for ended in self.people.take_ended() {
            self.harm.handle_exit(people::to_harm(ended), now);
            self.stopping.has_ended(ended);
        }
    }

    fn handle(&mut self, told: Told) {
        let Told { at, now, what } = told;
        self.listen(now);
        match what {
            What::Closed {
                file,
                thread,
                spot,
                state,
                settled,
                unjudged,
            } => {
                let who = self.meet(thread, now);
                let close = Close {
                    state,
                    who,
                    spot,
                    _unjudged: unjudged,
                };
                let paired = self.pairs.closed(file, close, settled, now);
                self.changed(file, paired, now);
            }
            What::Copied { file, copy } => {
                let paired = self.pairs.copied(file, copy, now);
                self.changed(file, paired, now);
            }
            What::Rested { file, state } => {
                let paired = self.pairs.rested(file, state, now);
                self.changed(file, paired, now);
            }
            What::Drained => self.stopping.drained(),
            What::Born {
                node,
                kind,
                thread,
                place,
                first,
            } => {
                let who = self.meet(thread, now);
                let deed = if first {
                    acts::Deed::Made(place)
                } else {
                    acts::Deed::Linked(place)
                };
                self.record((at, now), who.as_ref(), (node, kind), deed);
            }
            What::Gone {
                node,
                kind,
                thread,
                spot,
                last,
            } => self.gone((at, now), (node, kind), thread, &spot, last),
            What::Moved {
                node,
                kind,
                thread,
                from,
                to,
                over,
            } => {
                let who = self.meet(thread, now);
                let deed = acts::Deed::Renamed {
                    from: from.place.clone(),
                    to: to.clone(),
                };
                self.record((at, now), who.as_ref(), (node, kind), deed);
                if kind == NodeKind::File {
                    let rename = Rename {
                        who,
                        from,
                        to,
                        over,
                    };
                    self.renamed(FileId(node), rename, now);
                }
            }
            What::Attributes {
                node,
                kind,
                thread,
                since,
            } => {
                let who = self.meet(thread, now);
                let left = acts::Left {
                    since,
                    before: None,
                    version: None,
                };
                let deed = acts::Deed::Attributes(left);
                self.record((at, now), who.as_ref(), (node, kind), deed);
            }
        }
        self.obey(now);
    }

    /// Who a thread is; the engine is told of a process that it does not know yet.
    fn meet(&mut self, thread: i32, now: Mono) -> Option<Person> {
        let person = self.people.who(thread)?;
        if person.news {
            let family = self.harm.handle_process(person.id(), person.process, now);
            self.stopping.knows(family, person.family);
        }
        Some(person)
    }

    /// What became of a file's content, once it is known and by whom.
    fn changed(&mut self, file: FileId, paired: Paired, now: Mono) {
        for (who, left) in paired.changes {
            self.record_change(file, who.as_ref(), left, now);
        }
        if let Some(act) = paired.act {
            let deed = match &act.before {
                None => Some(Deed::Made(act.after.facts)),
                Some(before) if before.facts.gist == act.after.facts.gist => None,
                Some(before) => Some(Deed::Changed(before.to(&act.after))),
            };
            if let Some(deed) = deed {
                self.act(&act.who, file, &act.spot, deed, now);
            }
            if self.lately.len() >= MOST_LATELY {
                self.lately.clear();
            }
            self.lately.insert(file, (now, act.after));
        }
        if paired.over {
            for rename in self.renames.remove(&file).unwrap_or_default() {
                self.renamed(file, rename, now);
            }
        }
    }

    fn record_change(&mut self, file: FileId, who: Option<&Person>, left: acts::Left, now: Mono) {
        let deed = acts::Deed::Changed(left);
        let node = (file.0, NodeKind::File);
        self.record((left.since, now), who, node, deed);
    }

    fn gone(
        &mut self,
        when: (Wall, Mono),
        node: (i64, NodeKind),
        thread: i32,
        spot: &Spot,
        last: Last,
    ) {
        let who = self.meet(thread, when.1);
        let deed = acts::Deed::Deleted(spot.place.clone());
        self.record(when, who.as_ref(), node, deed);
        let file = FileId(node.0);
        if let (NodeKind::File, Last::AtRest | Last::Moving, Some(who)) = (node.1, last, who)
            && let Some(facts) = self.facts(file)
        {
            let twin = if last == Last::AtRest && facts.is_missed() {
                self.twin(file)
            } else {
                Twin::None
            };
            let deed = Deed::Deleted(facts, spot.purpose, twin);
            self.act(&who, file, spot, deed, when.1);
        }
    }

    /// Whether what a file held last stands in another one. The index says which had it; the loop, which hears of names
    /// and of writers first, whether one of them still has.
    fn twin(&mut self, file: FileId) -> Twin {
        let twins = self.reader().and_then(|reader| reader.twins(file).ok());
        match twins {
            Some(twins) if !twins.is_empty() => self.stopping.stand(twins),
            Some(_) | None => Twin::None,
        }
    }

    /// A rename of a file that was just written waits for what it holds.
    fn renamed(&mut self, file: FileId, rename: Rename, now: Mono) {
        if self.pairs.is_awaited(file) {
            self.renames.entry(file).or_default().push(rename);
            return;
        }
        let Some(who) = rename.who else { return };
        let before = rename
            .over
            .and_then(|other| Some((other, self.newest(other)?)));
        let Some(look) = self.newest(file) else {
            return;
        };
        let over = before.map(|(other, before)| (other, before.to(&look)));
        let deed = Deed::Renamed {
            to: Name::of(&rename.to.name),
            what: look.facts,
            over,
        };
        self.act(&who, file, &rename.from, deed, now);
    }

    fn act(&mut self, who: &Person, file: FileId, spot: &Spot, deed: Deed, now: Mono) {
        let act = harm::Act {
            actor: Actor::Process(who.id()),
            file,
            folders: &spot.folders,
            name: Name::of(&spot.place.name),
            deed,
        };
        self.harm.handle_act(&act, now);
    }

    /// What the newest version of a file looks like.
    fn newest(&mut self, file: FileId) -> Option<Look> {
        if let Some((_, look)) = self.lately.get(&file) {
            return Some(Look::clone(look));
        }
        let (version, content) = self.newest_content(file)?;
        Look::of_version(&version, content).ok()
    }

    /// What the newest version of a file is; thousands go in the time that a few take to be compared.
    fn facts(&mut self, file: FileId) -> Option<Facts> {
        if let Some((_, look)) = self.lately.get(&file) {
            return Some(look.facts);
        }
        let (version, content) = self.newest_content(file)?;
        Look::facts_of(&version, content).ok()
    }

    fn newest_content(&mut self, file: FileId) -> Option<(Content, ContentHash)> {
        let reader = self.reader()?;
        let stored = reader.state_at(file, None).ok()??;
        let content = stored.version.name.content;
        Some((reader.open_content(content).ok()?, content))
    }

    fn reader(&mut self) -> Option<&Reader> {
        if self.reader.is_none() {
            self.reader = Reader::open(&self.vault).ok();
        }
        self.reader.as_ref()
    }

    /// Writes an act into the log, and counts it for an incident.
    fn record(
        &mut self,
        (at, now): (Wall, Mono),
        who: Option<&Person>,
        (node, kind): (i64, NodeKind),
        deed: acts::Deed,
    ) {
        if let Some(who) = who
            && let Some(family) = self.harm.family(who.id())
        {
            let deeds = self.deeds.entry(family).or_default();
            deeds.first = deeds.first.min(Some(at)).or(Some(at));
            deeds.last = now;
            if kind == NodeKind::File && deeds.files.len() < MOST_FILES {
                deeds.files.insert(FileId(node));
            }
            if deeds.hands.len() < MOST_HANDS || deeds.hands.contains_key(&who.who) {
                *deeds.hands.entry(who.who).or_default() += 1;
            }
            match &deed {
                acts::Deed::Made(_) | acts::Deed::Linked(_) => deeds.counts.made += 1,
                acts::Deed::Changed(_) | acts::Deed::Attributes(_) => deeds.counts.changed += 1,
                acts::Deed::Renamed { .. } => deeds.counts.renamed += 1,
                acts::Deed::Deleted(_) => deeds.counts.deleted += 1,
            }
        }
        self.incidents.record(acts::Act {
            at,
            who: people::to_acts(who),
            node,
            kind,
            deed,
        });
    }

    fn obey(&mut self, now: Mono) {
        while let Some(verdict) = self.harm.poll_action() {
            match verdict {
                Verdict::Stop(suspicion) if self.stopping.stops() => self.stop(&suspicion),
                Verdict::Stop(suspicion) | Verdict::Watch(suspicion) => {
                    self.stopping.note(&suspicion)
                }
            }
        }
        self.harm.handle_timeout(now);
    }

    fn tidy(&mut self, now: Mono) {
        self.tidied = now;
        for (file, left) in self.pairs.give_up(now) {
            self.record_change(file, None, left, now);
        }
        let pairs = &self.pairs;
        self.renames.retain(|file, _| pairs.is_awaited(*file));
        self.lately.retain(|_, (seen, _)| now.since(*seen) < LATELY);
        let harm = &self.harm;
        self.deeds
            .retain(|family, deeds| harm.is_stopped(*family) || now.since(deeds.last) < REMEMBERED);
        let deeds = &self.deeds;
        self.stopping.forget(|family| deeds.contains_key(&family));
        self.look_after_the_stopped();
    }

    /// The processes of these families, as the machine numbers them.
    fn lines(&self, families: &[harm::FamilyId]) -> Vec<ProcessId> {
        families
            .iter()
            .filter_map(|family| self.stopping.line(*family))
            .collect()
    }
}

/// How long the judge listens before it looks after processes.
const LISTEN: Duration = Duration::from_millis(50);
/// Longer than the store takes to have a copy in its index.
const LATELY: Duration = Duration::from_secs(30);
/// Looks of some kilobytes each.
const MOST_LATELY: usize = 4096;
const TIDY: Duration = Duration::from_secs(5);
/// As long as evidence counts in the engine.
const REMEMBERED: Duration = Duration::from_secs(14 * 24 * 3600);
/// Files of a family that no version may be dropped of; beyond, the age of versions protects them.
const MOST_FILES: usize = 200_000;
/// Processes of a family whose deeds are counted one by one: enough to name somebody.
const MOST_HANDS: usize = 1_000;
