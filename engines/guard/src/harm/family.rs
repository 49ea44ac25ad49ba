//! Who belongs together: processes by descent, whether their parents live or not.
//! Membership is settled at first sight, so that a double fork or a dead parent changes nothing.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use hygie_model::Mono;

use super::words::{
    Actor, Birth, Class, ClientId, FamilyId, Group, Person, Process, ProcessId, Program, Session,
};

/// All processes that are told, and the families they form.
#[derive(Debug, Default)]
pub(super) struct Families {
    members: HashMap<ProcessId, Member>,
    clients: HashMap<ClientId, FamilyId>,
    departed: VecDeque<(Mono, ProcessId)>,
    numbered: u64,
}

/// What a process is at present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) family: FamilyId,
    /// Unknown for a parent that was only named by its child, and for a client.
    pub(super) process: Option<Process>,
}

impl Families {
    /// A process at first sight, or after it began to run another program.
    pub(super) fn know(&mut self, id: ProcessId, process: Process) -> FamilyId {
        let family = match (self.members.get(&id), process.birth) {
            (Some(member), _) => member.family,
            (None, Birth::Root) => self.next(),
            (None, Birth::Child(parent)) => self.of_process(parent).family,
        };
        let process = Some(process);
        self.members.insert(id, Member { family, process });
        family
    }

    /// It ended. Children that are told late still find it for a while.
    pub(super) fn forget(&mut self, id: ProcessId, now: Mono) {
        if self.members.contains_key(&id) {
            self.departed.push_back((now, id));
        }
        while let Some(&(at, first)) = self.departed.front()
            && (now.since(at) > LATE || self.departed.len() > MOST_DEPARTED)
        {
            self.departed.pop_front();
            self.members.remove(&first);
        }
    }

    /// Who acts; somebody unheard of is a family of his own.
    pub(super) fn of(&mut self, actor: Actor) -> Member {
        match actor {
            Actor::Process(id) => self.of_process(id),
            Actor::Client(client) => {
                let next = FamilyId(self.numbered + 1);
                let family = *self.clients.entry(client).or_insert(next);
                self.numbered = self.numbered.max(family.0);
                Member {
                    family,
                    process: None,
                }
            }
        }
    }

    fn of_process(&mut self, id: ProcessId) -> Member {
        if let Some(member) = self.members.get(&id) {
            return *member;
        }
        let member = Member {
            family: self.next(),
            process: None,
        };
        self.members.insert(id, member);
        member
    }

    pub(super) fn find(&self, id: ProcessId) -> Option<Member> {
        self.members.get(&id).copied()
    }

    fn next(&mut self) -> FamilyId {
        self.numbered += 1;
        FamilyId(self.numbered)
    }
}

impl Member {
    pub(super) fn class(&self) -> Class {
        self.process
            .map_or(Class::Unknown, |process| process.program.class)
    }

    /// All groups that its acts are added to.
    pub(super) fn groups(&self) -> impl Iterator<Item = Group> + use<> {
        let more = self.process.map(|process| {
            [
                pool(process.program, process.person),
                session(process.session, process.person),
            ]
        });
        std::iter::once(Group::Family(self.family)).chain(more.into_iter().flatten())
    }
}

/// All runs of a script, or of a program, for one person.
pub(super) fn pool(program: Program, person: Person) -> Group {
    match program.script {
        Some(script) if program.class == Class::Interpreter => Group::Script(script, person),
        _ if program.class == Class::Unknown => Group::Program(program.id, person),
        _ => Group::Tool(program.id, person),
    }
}

fn session(session: Session, person: Person) -> Group {
    Group::Session(session, person)
}

/// How long an ended process is remembered as a parent.
const LATE: Duration = Duration::from_secs(600);
const MOST_DEPARTED: usize = 8192;
