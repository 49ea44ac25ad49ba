//! The guard without a kernel: takes a recording as the loop takes what the kernel tells, asks the law the same, and
//! plays the copying thread. It has no leases: every file is held by marks, as beyond the budget of leases.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
    time::Duration,
};

use hygie_agent::intake::{self, Course, Follow, Kept, Known, Looked};
use hygie_guard::{
    Action, Ask, CopyOutcome, Found, Hold, Law, Leased, Limits, Seen, Standing, State, Urgency,
    Verdict,
};
use hygie_model::{FileId, Mono};
use hygie_platform::{
    Access, Reach,
    event::{
        Answer, Call, Event, EventBuffer, Events, FileSight, Held, Linked, NameEvent, NameKind,
    },
    stream::{Recorded, RecordedFile},
};

use crate::{
    scene::{Came, Scene},
    words,
};

/// How long a copy takes.
const COPY: Duration = Duration::from_millis(1);
/// So long the law is watched after the last event.
const AFTER: Duration = Duration::from_secs(1);

/// What the law did at each event, or what is wrong with the recording.
pub(crate) fn play(text: &str) -> Result<String, String> {
    let read = || Recorded::read(text).map_err(|bad| bad.to_string());
    let mut player = Player {
        scene: Scene::of(&read()?),
        recorded: read()?,
        law: Law::new(Limits {
            bound: Duration::from_secs(4),
            leases: 0,
        }),
        now: Mono(0),
        asks: HashMap::new(),
        asked: 0,
        copies: BTreeMap::new(),
        near: BTreeSet::new(),
        linked: BTreeSet::new(),
        changed: BTreeSet::new(),
        writers: HashMap::new(),
        out: String::new(),
    };
    if let Some(about) = text.lines().next().filter(|line| line.starts_with('#')) {
        player.out = format!("{about}\n");
    }
    player.run();
    player.end()
}

struct Player {
    recorded: Recorded,
    scene: Scene,
    law: Law,
    now: Mono,
    asks: HashMap<Ask, (Call, Option<FileId>)>,
    asked: u64,
    /// Copies under way, by when they are done.
    copies: BTreeMap<(Mono, FileId), (State, Urgency)>,
    near: BTreeSet<FileId>,
    linked: BTreeSet<FileId>,
    /// Files that do not look as their newest copy, or have none.
    changed: BTreeSet<FileId>,
    writers: HashMap<FileId, u32>,
    out: String,
}

impl Player {
    fn run(&mut self) {
        let mut room = EventBuffer::new();
        while let Some((at, _)) = self.recorded.next() {
            self.pass_time_until(Mono(0).after(at));
            let mut lost = false;
            for event in self.recorded.take(&mut room).expect("a take") {
                match event {
                    Event::Name(name) => {
                        self.name(name);
                        lost = true;
                    }
                    Event::Lost => self.done("events were lost"),
                    event @ (Event::Held(_) | Event::Closed(..)) => self.held_or_closed(event),
                }
            }
            if lost {
                self.bury();
            }
        }
        self.pass_time_until(self.now.after(AFTER));
    }

    fn end(mut self) -> Result<String, String> {
        let counts = self.law.counts();
        let (files, kept) = (counts.files, counts.kept);
        let _ = writeln!(self.out, "= files {files}, kept {kept}");
        if self.recorded.waiting() > 0 || !self.asks.is_empty() {
            return Err("a held call never got an answer".to_owned());
        }
        if kept != files {
            return Err(format!("a state without a copy:\n{}", self.out));
        }
        Ok(self.out)
    }

    fn pass_time_until(&mut self, until: Mono) {
        loop {
            let copy = self.copies.first_key_value().map(|((at, _), _)| *at);
            let timeout = self.law.poll_timeout();
            let Some(next) = copy.into_iter().chain(timeout).min() else {
                break;
            };
            if next > until {
                break;
            }
            self.now = next;
            if copy == Some(next) {
                self.copied();
            } else {
                self.law.handle_timeout(next);
                self.done("timeout");
            }
        }
        self.now = until;
    }

    fn copied(&mut self) {
        let Some(((_, file), (state, urgency))) = self.copies.pop_first() else {
            return;
        };
        let written = self.writers.get(&file).is_some_and(|writers| *writers > 0);
        let is_there = written || self.scene.is_there(file) || self.linked.contains(&file);
        let (outcome, word) = match (is_there, written, urgency) {
            (false, _, _) => (CopyOutcome::Vanished, "vanished"),
            (true, true, Urgency::Settle) => (CopyOutcome::Busy, "busy"),
            (true, true, _) => (CopyOutcome::Kept(Leased::Refused), "unleased"),
            (true, false, _) => (CopyOutcome::Kept(Leased::Granted), "leased"),
        };
        if outcome == CopyOutcome::Kept(Leased::Granted) {
            self.changed.remove(&file);
        }
        self.law.handle_copied(file, state, outcome, self.now);
        self.done(&format!("copied f{} s{} {word}", file.0, state.0));
    }

    fn held_or_closed(&mut self, event: Event<RecordedFile>) {
        let (Event::Held(Held { file, .. }) | Event::Closed(file, _)) = &event else {
            return;
        };
        let Some(sight) = self.recorded.look(file) else {
            return self.pass(&event, "no file");
        };
        let known = match self.scene.find(&sight.key) {
            Some(id) if self.law.knows(id) => Known::Watched(id),
            Some(id) => Known::Remembered(id),
            None => Known::No,
        };
        let course = intake::course(&event, known);
        match (course, event) {
            (Course::Closed(id), _) => {
                self.writers
                    .entry(id)
                    .and_modify(|writers| *writers = writers.saturating_sub(1));
                self.law.handle_closed(id);
                self.done(&format!("closed f{}", id.0));
            }
            (Course::Content(id, range), Event::Held(held)) => self.content(id, &held, range),
            (Course::Open(id), Event::Held(held)) => {
                let asked = format!("open f{}", id.0);
                self.open(id, &held, &asked);
            }
            (Course::OpenRemembered(id), Event::Held(held)) => {
                let found = intake::met_again(self.seen(id));
                self.law.handle_found(id, found, Hold::Bare, self.now);
                let asked = format!("open again f{}", id.0);
                self.open(id, &held, &asked);
            }
            (Course::OpenUnknown, Event::Held(held)) => self.open_of_unknown(&sight, held),
            (_, event) => self.pass(&event, "unknown"),
        }
    }

    fn pass(&mut self, event: &Event<RecordedFile>, why: &str) {
        if let Event::Held(held) = event {
            self.answer(held.call, Verdict::Allow);
        }
        self.done(&format!("pass ({why})"));
    }

    fn ask(&mut self, held: &Held<RecordedFile>, writer: Option<FileId>) -> Ask {
        self.asked += 1;
        self.asks.insert(Ask(self.asked), (held.call, writer));
        Ask(self.asked)
    }

    fn content(&mut self, id: FileId, held: &Held<RecordedFile>, range: Option<(u64, u64)>) {
        let reach = self.recorded.reach(held.caller);
        let range = range.map_or_else(String::new, |(start, len)| format!(" {start}+{len}"));
        if reach == Reach::Nothing {
            self.answer(held.call, Verdict::Allow);
            return self.done(&format!("read f{}{range}", id.0));
        }
        self.changed.insert(id);
        let ask = self.ask(held, None);
        self.law.handle_change(ask, id, Standing::Unknown, self.now);
        self.done(&format!("change a{} f{}{range} {reach:?}", ask.0, id.0));
    }

    fn open(&mut self, id: FileId, held: &Held<RecordedFile>, asked: &str) {
        let looked = Looked {
            seen: self.seen(id),
            kept: if self.law.is_safe(id) {
                Kept::Yes
            } else {
                Kept::No
            },
            lease: Leased::Refused,
            follow: Follow::No,
        };
        let access = self.recorded.access(held.caller);
        let understood = intake::understand(looked, || access, || Standing::Unknown);
        let writer = (access != Access::Read).then_some(id);
        let ask = self.ask(held, writer);
        if writer.is_some() {
            // Before the kernel asks, the caller counts as a writer: no lease is granted then.
            *self.writers.entry(id).or_default() += 1;
            self.changed.insert(id);
        }
        self.law.handle_open(understood.opening(ask, id), self.now);
        self.done(&format!("{asked} a{} {access:?} {:?}", ask.0, looked.seen));
    }

    fn seen(&self, id: FileId) -> Seen {
        if self.near.contains(&id) || !self.changed.contains(&id) {
            Seen::Same
        } else {
            Seen::Differs
        }
    }

    fn open_of_unknown(&mut self, sight: &FileSight, held: Held<RecordedFile>) {
        if !self.scene.lies_inside(&sight.key) {
            return self.pass(&Event::Held(held), "outside");
        }
        let id = self.scene.adopt(&sight.key);
        self.changed.insert(id);
        let found = intake::first_met(sight.size);
        self.law.handle_found(id, found, Hold::Bare, self.now);
        if found != Found::New {
            return self.open(id, &held, &format!("open unknown f{}", id.0));
        }
        *self.writers.entry(id).or_default() += 1;
        let name = match sight.linked {
            Linked::Yes => "",
            Linked::No => " nameless",
        };
        self.done(&format!("new f{}{name}", id.0));
        self.answer(held.call, Verdict::Allow);
    }

    fn name(&mut self, event: NameEvent) {
        let Some(target) = event.target else {
            return self.done("a name of something unknown");
        };
        match event.kind {
            NameKind::Created(at) => {
                let came = self.scene.named(at, target, event.on_folder);
                self.came(came, "named");
            }
            NameKind::Renamed { from, to } => {
                self.scene.unnamed(&from);
                let came = self.scene.named(to, target.clone(), event.on_folder);
                self.came(came, "renamed");
                self.scene.left(&target);
            }
            // What the name leads to now would be asked of the file system.
            NameKind::Deleted(at) | NameKind::Unclear(at) => self.scene.unnamed(&at),
            NameKind::Stays => {}
        }
    }

    fn came(&mut self, all: Vec<Came>, how: &str) {
        for came in all {
            match came {
                Came::Known(id) => {
                    self.law.handle_named(id);
                    self.done(&format!("{how} f{}", id.0));
                }
                Came::Unknown(key) => {
                    let id = self.scene.adopt(&key);
                    self.changed.insert(id);
                    self.linked.insert(id);
                    self.law
                        .handle_found(id, Found::NotKept, Hold::Bare, self.now);
                    self.done(&format!("{how} in f{}", id.0));
                }
            }
        }
    }

    fn bury(&mut self) {
        for file in self.scene.take_lost() {
            if self.law.knows(file) {
                self.law.handle_gone(file);
                self.done(&format!("gone f{}", file.0));
            }
        }
    }

    fn answer(&mut self, call: Call, verdict: Verdict) {
        let answer = match verdict {
            Verdict::Allow => Answer::Allow,
            Verdict::Deny(_) => Answer::DenyBusy,
        };
        let waited = self.recorded.answer(call, answer);
        assert!(waited.is_ok(), "{call:?} is answered once");
    }

    /// Does what the law says, and writes it beside what happened.
    fn done(&mut self, what: &str) {
        let mut actions = Vec::new();
        while let Some(action) = self.law.poll_action() {
            self.obey(action);
            actions.push(words::told(action));
        }
        if actions.is_empty() {
            actions.push("nothing".to_owned());
        }
        let (micros, actions) = (self.now.0 / 1000, actions.join("; "));
        let _ = writeln!(self.out, "{micros}us {what} -> {actions}");
    }

    fn obey(&mut self, action: Action) {
        match action {
            Action::Answer(ask, verdict) => {
                let (call, writer) = self.asks.remove(&ask).expect("the ask waits");
                if let (Verdict::Deny(_), Some(file)) = (verdict, writer) {
                    self.writers.entry(file).and_modify(|writers| *writers -= 1);
                }
                self.answer(call, verdict);
            }
            Action::Copy(file, state, urgency) => {
                let at = self.now.after(COPY);
                self.copies.insert((at, file), (state, urgency));
            }
            Action::Hurry(file, urgency) => {
                let mut copies = self.copies.iter_mut();
                let copy = copies.find(|((_, about), _)| *about == file);
                let (_, (_, now)) = copy.expect("a copy is under way");
                *now = urgency;
            }
            Action::MarkNear(file) => {
                self.near.insert(file);
            }
            Action::UnmarkNear(file) => {
                self.near.remove(&file);
            }
            Action::Link(file) => {
                self.linked.insert(file);
            }
            Action::Unlink(file) => {
                self.linked.remove(&file);
            }
            Action::Forget(file) => {
                self.scene.forget(file);
                self.linked.remove(&file);
                self.writers.remove(&file);
            }
            Action::IgnoreWide(_)
            | Action::HeedWide(_)
            | Action::Release(_)
            | Action::Yield(_)
            | Action::Tell(_) => {}
        }
    }
}
