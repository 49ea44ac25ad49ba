//! Recorded streams of events: written while a real system tells them, told again on any system.
//! Only tests record. A line tells when, from which source, and what; what a guard asks besides is written with it.

mod line;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    io,
    rc::Rc,
    time::Duration,
};

use crate::{
    Access, Reach, clock,
    event::{Answer, Call, Caller, Event, EventBuffer, Events, FileSight, Held, Volume, Want},
};

use self::line::Line;

/// Which of a guard's sources told an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The one that watches changing files.
    Near,
    /// The one that watches whole file systems.
    Wide,
    /// The one that tells of names.
    Names,
}

/// A file as a recording keeps it, with what its caller was found to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFile {
    /// What a look at it told.
    pub sight: Option<FileSight>,
    /// What a held open was about to do.
    pub access: Access,
    /// How much a held change may change.
    pub reach: Reach,
}

/// What is recorded, of all the sources that share it.
#[derive(Clone, Debug)]
pub struct Tape(Rc<RefCell<Written>>);

#[derive(Debug)]
struct Written {
    began: Duration,
    text: String,
    calls: i32,
    callers: BTreeMap<Caller, Caller>,
    volumes: BTreeMap<Volume, Volume>,
}

impl Tape {
    /// An empty one; its clock starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(Rc::new(RefCell::new(Written {
            began: now(),
            text: String::new(),
            calls: 0,
            callers: BTreeMap::new(),
            volumes: BTreeMap::new(),
        })))
    }

    /// What was recorded so far, one event a line.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.borrow().text.clone()
    }
}

fn now() -> Duration {
    Duration::from_nanos(clock::mono().0)
}

impl Written {
    /// Numbers of processes, calls and devices are the machine's: each gets one of its own here.
    fn own_numbers(&mut self, event: &mut Event<RecordedFile>) {
        let file = match event {
            Event::Held(held) => {
                self.calls += 1;
                held.call = Call(self.calls);
                let next = Caller(i32::try_from(self.callers.len()).unwrap_or(0) + 1);
                held.caller = *self.callers.entry(held.caller).or_insert(next);
                &mut held.file
            }
            Event::Closed(file, _) => file,
            Event::Name(_) | Event::Lost => return,
        };
        if let Some(sight) = &mut file.sight {
            let next = Volume(self.volumes.len() as u64 + 1);
            sight.volume = *self.volumes.entry(sight.volume).or_insert(next);
        }
    }

    fn write(&mut self, at: Duration, origin: Origin, mut event: Event<RecordedFile>) {
        self.own_numbers(&mut event);
        let line = Line { at, origin, event };
        self.text.push_str(&line.to_string());
        self.text.push('\n');
    }
}

/// A source whose events are written down as they are taken.
#[derive(Debug)]
pub struct Recorder<E> {
    source: E,
    origin: Origin,
    tape: Tape,
}

impl<E: Events> Recorder<E> {
    /// Writes what `source` tells onto `tape`.
    pub fn new(source: E, origin: Origin, tape: &Tape) -> Self {
        Self {
            source,
            origin,
            tape: tape.clone(),
        }
    }

    /// The source itself.
    pub fn source(&self) -> &E {
        &self.source
    }

    fn recorded(&self, event: &Event<E::File>) -> Event<RecordedFile> {
        let file = |file, access, reach| RecordedFile {
            sight: self.source.look(file),
            access,
            reach,
        };
        match event {
            Event::Held(held) => {
                let (access, reach) = match held.want {
                    Want::Open => (self.source.access(held.caller), Reach::Nothing),
                    Want::Content(_) => (Access::Read, self.source.reach(held.caller)),
                };
                Event::Held(Held {
                    call: held.call,
                    caller: held.caller,
                    want: held.want,
                    file: file(&held.file, access, reach),
                })
            }
            Event::Closed(closed, by) => {
                Event::Closed(file(closed, Access::Read, Reach::Nothing), *by)
            }
            Event::Name(name) => Event::Name(name.clone()),
            Event::Lost => Event::Lost,
        }
    }
}

impl<E: Events> Events for Recorder<E> {
    type File = E::File;

    fn take(&self, room: &mut EventBuffer) -> io::Result<Vec<Event<E::File>>> {
        let events = self.source.take(room)?;
        let mut tape = self.tape.0.borrow_mut();
        let at = now().saturating_sub(tape.began);
        for event in &events {
            tape.write(at, self.origin, self.recorded(event));
        }
        Ok(events)
    }

    fn look(&self, file: &E::File) -> Option<FileSight> {
        self.source.look(file)
    }

    fn access(&self, caller: Caller) -> Access {
        self.source.access(caller)
    }

    fn reach(&self, caller: Caller) -> Reach {
        self.source.reach(caller)
    }

    fn answer(&self, call: Call, answer: Answer) -> io::Result<()> {
        self.source.answer(call, answer)
    }
}

/// A recording, told again: each take gives what one take gave, of whichever source it was.
#[derive(Debug)]
pub struct Recorded {
    takes: RefCell<VecDeque<Vec<Line>>>,
    waiting: RefCell<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    calls: BTreeSet<Call>,
    callers: BTreeMap<Caller, (Access, Reach)>,
}

/// A line that is no event, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Recorded {
    /// Reads a recording. Empty lines and those that begin with `#` are left out.
    ///
    /// # Errors
    /// A line cannot be read, or time goes back.
    pub fn read(text: &str) -> Result<Self, BadLine> {
        let mut takes: VecDeque<Vec<Line>> = VecDeque::new();
        for (index, text) in text.lines().enumerate() {
            let bad = |why| BadLine {
                line: index + 1,
                why,
            };
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let line: Line = text.parse().map_err(bad)?;
            match takes.back_mut() {
                Some(take) if take.iter().any(|before| before.at > line.at) => {
                    return Err(bad("time goes back".to_owned()));
                }
                Some(take) if take.iter().all(|before| before.is_with(&line)) => take.push(line),
                Some(_) | None => takes.push_back(vec![line]),
            }
        }
        Ok(Self {
            takes: RefCell::new(takes),
            waiting: RefCell::default(),
        })
    }

    /// When the next take was, since the recording began, and of which source; `None` at the end.
    pub fn next(&self) -> Option<(Duration, Origin)> {
        let takes = self.takes.borrow();
        let first = takes.front()?.first()?;
        Some((first.at, first.origin))
    }

    /// Calls that wait for an answer.
    pub fn waiting(&self) -> usize {
        self.waiting.borrow().calls.len()
    }
}

impl Events for Recorded {
    type File = RecordedFile;

    fn take(&self, _room: &mut EventBuffer) -> io::Result<Vec<Event<RecordedFile>>> {
        let take = self.takes.borrow_mut().pop_front().unwrap_or_default();
        let mut waiting = self.waiting.borrow_mut();
        for line in &take {
            if let Event::Held(held) = &line.event {
                waiting.calls.insert(held.call);
                let does = (held.file.access, held.file.reach);
                waiting.callers.insert(held.caller, does);
            }
        }
        Ok(take.into_iter().map(|line| line.event).collect())
    }

    fn look(&self, file: &RecordedFile) -> Option<FileSight> {
        file.sight.clone()
    }

    fn access(&self, caller: Caller) -> Access {
        let waiting = self.waiting.borrow();
        waiting
            .callers
            .get(&caller)
            .map_or(Access::Change, |(access, _)| *access)
    }

    fn reach(&self, caller: Caller) -> Reach {
        let waiting = self.waiting.borrow();
        waiting
            .callers
            .get(&caller)
            .map_or(Reach::Everything, |(_, reach)| *reach)
    }

    fn answer(&self, call: Call, _answer: Answer) -> io::Result<()> {
        let waited = self.waiting.borrow_mut().calls.remove(&call);
        waited
            .then_some(())
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}
