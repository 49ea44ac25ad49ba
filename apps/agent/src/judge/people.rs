//! Who acts, in the words of the engine and of the log.

use std::collections::HashMap;

use hygie_acts as acts;
use hygie_guard::harm;
use hygie_model::Mono;
use hygie_platform::linux::{
    forks::{Drained, Forks},
    kin::{Boundaries, Closer, Feed, Kin, ProcessId, Session, Standing, Who},
};

use crate::standing::Packages;

/// A process that acts.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) who: ProcessId,
    /// The first of its family.
    pub(super) family: ProcessId,
    pub(super) process: harm::Process,
    pub(super) exe: String,
    /// The engine has not been told of it, or of what it runs now.
    pub(super) news: bool,
}

impl Person {
    pub(super) fn id(&self) -> harm::ProcessId {
        to_harm(self.who)
    }
}

/// All of them.
pub(super) struct People {
    forks: Option<Forks>,
    kin: Kin,
    closer: Closer,
    packages: Packages,
    /// Which program of a process the engine was told of, and what that is.
    told: HashMap<ProcessId, (u32, Person)>,
}

impl People {
    /// Looks at the processes there are, and listens from here on.
    pub(super) fn meet(now: Mono) -> Self {
        let forks = Forks::open().ok();
        let feed = if forks.is_some() {
            Feed::Told
        } else {
            Feed::Mute
        };
        Self {
            forks,
            kin: Kin::of_machine(Boundaries::usual(), feed, now),
            closer: Closer::new(),
            packages: Packages::load(),
            told: HashMap::new(),
        }
    }

    pub(super) fn hear(&mut self, now: Mono) {
        let mut events = Vec::new();
        if let Some(forks) = &mut self.forks {
            while let Ok(Drained::Part) = forks.drain(&mut events) {}
        }
        self.kin.hear(&events, now);
    }

    pub(super) fn take_ended(&mut self) -> Vec<ProcessId> {
        let ended = self.kin.take_ended();
        for one in &ended {
            self.told.remove(one);
        }
        ended
    }

    /// Living members of a family.
    pub(super) fn members(&mut self, family: ProcessId) -> Vec<ProcessId> {
        self.kin.members(family)
    }

    pub(super) fn who(&mut self, thread: i32) -> Option<Person> {
        let who = self.kin.who(u32::try_from(thread).ok()?)?;
        if let Some((program, person)) = self.told.get(&who.id)
            && *program == who.program
        {
            return Some(Person {
                news: false,
                ..person.clone()
            });
        }
        let person = self.look_closer(&who);
        self.told.insert(who.id, (who.program, person.clone()));
        Some(person)
    }

    fn look_closer(&self, who: &Who) -> Person {
        let image = who.image.as_deref();
        let exe = image.map_or_else(String::new, |image| {
            image.path.to_string_lossy().into_owned()
        });
        let mut id = image
            .and_then(|image| self.closer.program(who.id, image).ok())
            .map_or(0, |digest| digest.0);
        let mut class = image.map_or(harm::Class::Unknown, |image| {
            self.packages.class(&image.path, image.owner)
        });
        let mut script = (class == harm::Class::Interpreter)
            .then(|| self.closer.script(who.id))
            .flatten();
        // A package's own script is as any of its programs, whatever it is written in.
        let system = script.as_ref().and_then(|script| script.system.as_deref());
        if system.is_some_and(|path| self.packages.names(path)) {
            id = script.take().map_or(id, |script| script.digest.0);
            class = harm::Class::Packaged;
        }
        // The engine is told of those who act only, which leaves gaps in a line of parents.
        let begins = who.id == who.family || who.standing == Standing::Boundary;
        Person {
            who: who.id,
            family: who.family,
            process: harm::Process {
                program: harm::Program {
                    id: harm::ProgramId(id),
                    class,
                    script: script.map(|script| harm::ScriptId(script.digest.0)),
                },
                birth: if begins {
                    harm::Birth::Root
                } else {
                    harm::Birth::Child(to_harm(who.family))
                },
                person: harm::Person(who.uid),
                session: harm::Session(match who.session {
                    Session::Managed(id) => id,
                    Session::Kernel(id) => u64::from(id) | 1 << 63,
                }),
            },
            exe,
            news: true,
        }
    }
}

pub(super) fn to_harm(process: ProcessId) -> harm::ProcessId {
    harm::ProcessId {
        pid: process.pid,
        started: process.started,
    }
}

pub(super) fn to_acts(who: Option<&Person>) -> acts::Who {
    who.map_or(acts::Who::Unknown, |who| acts::Who::Family {
        family: number(who.family),
        process: Some(acts::Process {
            pid: who.who.pid,
            started: who.who.started,
            uid: who.process.person.0,
            exe: who.exe.clone().into(),
        }),
    })
}

/// The number of a family, the same after a restart of the guard: that of its first process and when it was started.
pub(super) fn number(family: ProcessId) -> u64 {
    family.started << 22 | u64::from(family.pid)
}

/// The first process of the family of that number.
pub(super) fn first(number: u64) -> ProcessId {
    ProcessId {
        pid: u32::try_from(number & ((1 << 22) - 1)).unwrap_or(0),
        started: number >> 22,
    }
}
