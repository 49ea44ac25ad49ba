//! The judge: learns who did what to which file, asks the engine whether it harms, and stops who does.
//! A thread of its own: the law never waits for it, and whatever it is told has a copy or will have one.

mod look;
mod people;
mod stopping;

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

use hygie_acts as acts;
use hygie_guard::harm::{self, Actor, Deed, Harm, Purpose, Verdict};
use hygie_kind::Name;
use hygie_model::{ContentHash, DirId, FileId, Mono, NodeKind, VersionName, Wall};
use hygie_platform::{clock, linux::kin::ProcessId};
use hygie_vault::Reader;

pub(crate) use look::Look;
use people::{People, Person};
use stopping::Stopping;
pub(crate) use stopping::{Halted, Stopper};

use crate::incidents::Incidents;

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

/// What happened.
#[derive(Debug)]
pub(crate) enum What {
    /// A thread closed a descriptor that could write.
    Closed {
        file: FileId,
        thread: i32,
        spot: Spot,
    },
    /// A state was copied: how the one before looked and how it looks; `None`: there was none, or it could not be read.
    Copied {
        file: FileId,
        since: Wall,
        was: Option<VersionName>,
        is: ContentHash,
        before: Option<Box<Look>>,
        after: Option<Box<Look>>,
    },
    /// A name came.
    Born {
        node: i64,
        kind: NodeKind,
        thread: i32,
        place: acts::Place,
        first: bool,
    },
    /// A name went; the last one of a file where `last`.
    Gone {
        node: i64,
        kind: NodeKind,
        thread: i32,
        spot: Spot,
        last: bool,
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

/// Who closed a file last, until the state of that close is copied.
struct Closer {
    who: Option<Person>,
    spot: Spot,
    now: Mono,
    /// Renames that wait for what the file holds.
    renames: Vec<Rename>,
}

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
    closers: HashMap<FileId, Closer>,
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
    last: Mono,
}

/// Starts the judge's thread.
pub(crate) fn start(vault: PathBuf, incidents: Incidents, stopper: Stopper) -> Witnessed {
    let (sender, told) = channel();
    let spawned = std::thread::Builder::new()
        .name("hygie-judge".into())
        .spawn(move || {
            let now = clock::mono();
            let mut judge = Judge {
                harm: Harm::default(),
                people: People::meet(now),
                stopping: Stopping::new(stopper),
                incidents,
                vault,
                reader: None,
                closers: HashMap::new(),
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
        }
    }

    fn handle(&mut self, told: Told) {
        let Told { at, now, what } = told;
        self.listen(now);
        match what {
            What::Closed { file, thread, spot } => {
                let who = self.meet(thread, now);
                let renames = self.closers.remove(&file).map(|closer| closer.renames);
                self.closers.insert(
                    file,
                    Closer {
                        who,
                        spot,
                        now,
                        renames: renames.unwrap_or_default(),
                    },
                );
            }
            What::Copied {
                file,
                since,
                was,
                is,
                before,
                after,
            } => self.copied(file, (since, was, is), (before, after), now),
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
            } => self.gone((at, now), (node, kind), thread, spot, last),
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

    fn copied(
        &mut self,
        file: FileId,
        (since, was, is): (Wall, Option<VersionName>, ContentHash),
        (before, after): (Option<Box<Look>>, Option<Box<Look>>),
        now: Mono,
    ) {
        let closer = self.closers.remove(&file);
        if closer.is_none() && was.is_some_and(|was| was.content == is) {
            // A look at a file that had come to rest.
            return;
        }
        let who = closer.as_ref().and_then(|closer| closer.who.clone());
        let left = acts::Left {
            since,
            before: was,
            version: None,
        };
        let deed = acts::Deed::Changed(left);
        let node = (file.0, NodeKind::File);
        self.record((since, now), who.as_ref(), node, deed);
        let Some(closer) = closer else { return };
        if let (Some(who), Some(after)) = (&closer.who, &after) {
            let deed = match &before {
                None => Some(Deed::Made(after.facts)),
                Some(before) if before.facts.gist == after.facts.gist => None,
                Some(before) => Some(Deed::Changed(before.to(after))),
            };
            if let Some(deed) = deed {
                self.act(who, file, &closer.spot, deed, now);
            }
        }
        for rename in closer.renames {
            self.renamed(file, rename, now);
        }
    }

    fn gone(
        &mut self,
        when: (Wall, Mono),
        node: (i64, NodeKind),
        thread: i32,
        spot: Spot,
        last: bool,
    ) {
        let who = self.meet(thread, when.1);
        let deed = acts::Deed::Deleted(spot.place.clone());
        self.record(when, who.as_ref(), node, deed);
        let file = FileId(node.0);
        if let (NodeKind::File, true, Some(who)) = (node.1, last, who)
            && let Some(look) = self.newest(file)
        {
            let deed = Deed::Deleted(look.facts, spot.purpose);
            self.act(&who, file, &spot, deed, when.1);
        }
    }

    /// A rename of a file that was just written waits for what it holds.
    fn renamed(&mut self, file: FileId, rename: Rename, now: Mono) {
        if let Some(closer) = self.closers.get_mut(&file) {
            closer.renames.push(rename);
            return;
        }
        let (Some(who), Some(look)) = (rename.who, self.newest(file)) else {
            return;
        };
        let over = rename.over.and_then(|other| {
            let before = self.newest(other)?;
            Some((other, before.to(&look)))
        });
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
        let reader = self.reader()?;
        let stored = reader.state_at(file, None).ok()??;
        let content = stored.version.name.content;
        let version = reader.open_content(content).ok()?;
        Look::of_version(&version, content).ok()
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
        self.closers
            .retain(|_, closer| now.since(closer.now) < PAIRED_WITHIN);
        let harm = &self.harm;
        self.deeds
            .retain(|family, deeds| harm.is_stopped(*family) || now.since(deeds.last) < REMEMBERED);
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
const TIDY: Duration = Duration::from_secs(5);
/// A close without a copy, for so long, brought no new state.
const PAIRED_WITHIN: Duration = Duration::from_secs(120);
/// As long as evidence counts in the engine.
const REMEMBERED: Duration = Duration::from_secs(14 * 24 * 3600);
/// Files of a family that no version may be dropped of; beyond, the age of versions protects them.
const MOST_FILES: usize = 200_000;
