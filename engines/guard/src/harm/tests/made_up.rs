//! Acts that nobody recorded: a letter that is saved, a letter that is encrypted.
//! A world keeps the clock and the numbers, so that a test says only what matters.

use std::time::Duration;

use hygie_entropy::{Likeness, Spread};
use hygie_kind::{Form, Kind, Name};
use hygie_model::{DirId, FileId, Mono};

use super::super::*;

pub(super) struct World {
    pub(super) harm: Harm,
    pub(super) now: Mono,
    processes: u32,
}

/// An act with its folders.
pub(super) struct Told {
    actor: Actor,
    file: FileId,
    folders: [DirId; 2],
    name: Name,
    deed: Deed,
}

impl Told {
    pub(super) fn tell(&self, world: &mut World) {
        let Self {
            actor,
            file,
            name,
            deed,
            ..
        } = *self;
        let act = Act {
            actor,
            file,
            folders: &self.folders,
            name,
            deed,
        };
        world.harm.handle_act(&act, world.now);
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            harm: Harm::default(),
            now: Mono(1),
            processes: 0,
        }
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now = self.now.after(time);
    }

    pub(super) fn tell(
        &mut self,
        id: ProcessId,
        program: u128,
        class: Class,
        script: Option<u128>,
        birth: Birth,
    ) {
        let program = Program {
            id: ProgramId(program),
            class,
            script: script.map(ScriptId),
        };
        let process = Process {
            program,
            birth,
            person: Person(1000),
            session: Session(1),
        };
        self.harm.handle_process(id, process, self.now);
    }

    fn next(&mut self) -> ProcessId {
        self.processes += 1;
        ProcessId {
            pid: self.processes,
            started: 5,
        }
    }

    pub(super) fn unknown(&mut self, program: u128) -> ProcessId {
        let id = self.next();
        self.tell(id, program, Class::Unknown, None, Birth::Root);
        id
    }

    pub(super) fn child(&mut self, parent: ProcessId, program: u128) -> ProcessId {
        let id = self.next();
        self.tell(id, program, Class::Unknown, None, Birth::Child(parent));
        id
    }

    pub(super) fn script(&mut self, program: u128, script: u128) -> ProcessId {
        let id = self.next();
        self.tell(id, program, Class::Interpreter, Some(script), Birth::Root);
        id
    }

    /// In folder `file % 5`, below folder 1.
    pub(super) fn act(&self, actor: Actor, file: i64, deed: Deed) -> Told {
        Told {
            actor,
            file: FileId(file),
            folders: [DirId(10 + file % 5), DirId(1)],
            name: Name::of(format!("lettre {file}.odt").as_bytes()),
            deed,
        }
    }

    pub(super) fn change(&mut self, process: ProcessId, file: i64, change: Change) {
        self.act(Actor::Process(process), file, Deed::Changed(change))
            .tell(self);
    }

    pub(super) fn delete(&mut self, process: ProcessId, file: i64) {
        self.act(
            Actor::Process(process),
            file,
            Deed::Deleted(letter(), Purpose::Work, Twin::None),
        )
        .tell(self);
    }

    /// A new file under the name of another one.
    pub(super) fn make_at(&mut self, process: ProcessId, file: i64, place: i64, facts: Facts) {
        let mut act = self.act(Actor::Process(process), place, Deed::Made(facts));
        act.file = FileId(file);
        act.tell(self);
    }

    pub(super) fn rename(&mut self, process: ProcessId, file: i64, names: [&str; 2]) {
        let to = Name::of(names[1].as_bytes());
        let mut act = self.act(
            Actor::Process(process),
            file,
            Deed::Renamed {
                to,
                what: letter(),
                over: None,
            },
        );
        act.name = Name::of(names[0].as_bytes());
        act.tell(self);
    }

    pub(super) fn group(&self, process: ProcessId) -> Group {
        Group::Family(self.harm.family(process).unwrap())
    }

    pub(super) fn score(&self, process: ProcessId) -> u32 {
        self.harm.score(self.group(process))
    }

    pub(super) fn verdicts(&mut self) -> Vec<Verdict> {
        std::iter::from_fn(|| self.harm.poll_action()).collect()
    }
}

/// An OpenDocument letter.
pub(super) fn letter() -> Facts {
    let spread = Spread {
        head: 7800,
        middle: 7900,
        tail: 7500,
        mean: 7800,
        max: 7930,
        fill: 985,
        chi_square: 900,
    };
    Facts {
        len: 20_000,
        kind: Kind::Office,
        form: Form::Whole,
        spread,
        gist: 1,
    }
}

/// Bytes that only a key opens.
pub(super) fn sealed() -> Facts {
    let spread = Spread {
        head: 7955,
        middle: 7955,
        tail: 7955,
        mean: 7955,
        max: 7960,
        fill: 1000,
        chi_square: 255,
    };
    Facts {
        len: 20_000,
        kind: Kind::Unknown,
        form: Form::None,
        spread,
        gist: 2,
    }
}

/// A letter saved by a word processor.
pub(super) fn saved() -> Change {
    let likeness = Likeness {
        kept: 0,
        resemblance: 400,
        shift: 30,
        turned: 0,
        replaced: 4,
        stretches: 1,
    };
    Change {
        before: letter(),
        after: Facts {
            len: 20_300,
            gist: 3,
            ..letter()
        },
        likeness,
    }
}

/// A letter encrypted in place.
pub(super) fn encrypted() -> Change {
    let likeness = Likeness {
        kept: 0,
        resemblance: 0,
        shift: 60,
        turned: 0,
        replaced: 5,
        stretches: 1,
    };
    Change {
        before: letter(),
        after: sealed(),
        likeness,
    }
}
