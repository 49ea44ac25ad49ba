//! Asks the guard, and puts what it says into the outbox. What cannot be put in stays with the guard, and is asked for again.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::Thread,
    time::Duration,
};

use hygie_acts::Incident;
use hygie_agent::{
    door::{Brought, Caller, Question, Reply},
    guard::Status,
};
use hygie_model::{Mono, Protection, UpEvent, Wall};
use hygie_platform::clock;
use hygie_wire::{Fact, Guard, Numbers, Outbox, OutboxError};
use tokio::sync::Notify;

use crate::seen::{Seen, numbers};

/// What both threads share.
pub(crate) struct Shared {
    outbox: Mutex<Outbox>,
    view: Mutex<View>,
    /// When the hub answered, if the guard has not been told.
    word: Mutex<Option<Mono>>,
    /// Who hands commands to the guard.
    obeys: OnceLock<Thread>,
    /// Rung when something waits.
    pub(crate) news: Notify,
    /// Rung when something came of a command.
    pub(crate) over: Notify,
}

/// What is known of the guard.
#[derive(Clone, Copy)]
pub(crate) struct View {
    pub(crate) guard: Guard,
    pub(crate) numbers: Option<Numbers>,
}

/// Why it does not go on.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("the guard: {0}")]
    Guard(#[from] io::Error),
    #[error("the guard answers otherwise")]
    Answer,
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

impl Shared {
    pub(crate) fn new(outbox: Outbox) -> Arc<Self> {
        Arc::new(Self {
            outbox: Mutex::new(outbox),
            view: Mutex::new(View {
                guard: Guard::Silent,
                numbers: None,
            }),
            word: Mutex::new(None),
            obeys: OnceLock::new(),
            news: Notify::new(),
            over: Notify::new(),
        })
    }

    pub(crate) fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn view(&self) -> View {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hub answered: the guard judges how long it does not.
    pub(crate) fn answered(&self, now: Mono) {
        *self.word.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Whether that is news for the guard; what is long ago is none.
    fn has_word(&self, now: Mono) -> bool {
        let word = self
            .word
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        word.is_some_and(|at| now.since(at) < FRESH)
    }

    /// A command was heard.
    pub(crate) fn obey(&self) {
        if let Some(thread) = self.obeys.get() {
            thread.unpark();
        }
    }

    /// This thread hands them on: it is woken, parked, by each that is heard.
    pub(crate) fn i_obey(&self) {
        self.obeys.get_or_init(std::thread::current);
    }

    fn see(&self, view: View) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }
}

/// Feeds for as long as the process lives.
pub(crate) fn feed(socket: &Path, shared: &Shared) {
    let mut heard = (clock::mono(), clock::wall());
    let mut told = String::new();
    loop {
        let Err(stop) = follow(socket, shared, &mut heard);
        let text = stop.to_string();
        if text != told {
            crate::run::log(&text);
            told = text;
        }
        if matches!(stop, Stop::Guard(_) | Stop::Answer) && clock::mono().since(heard.0) >= SILENCE
        {
            shared.see(View {
                guard: Guard::Silent,
                numbers: None,
            });
            if let Err(error) = tell_silence(shared, heard.1) {
                crate::run::log(&error.to_string());
            }
        }
        std::thread::sleep(PAUSE);
    }
}

fn tell_silence(shared: &Shared, since: Wall) -> Result<(), OutboxError> {
    let mut outbox = shared.outbox();
    let mut seen = Seen::of(&outbox.cursor()?);
    if let Some(fact) = seen.silent(since, clock::wall()) {
        outbox.put(&[fact], &seen.cursor())?;
        shared.news.notify_one();
    }
    Ok(())
}

/// One connection to one guard, until it ends.
fn follow(
    socket: &Path,
    shared: &Shared,
    heard: &mut (Mono, Wall),
) -> Result<std::convert::Infallible, Stop> {
    let mut caller = Caller::knock(socket)?;
    let mut status = status(&mut caller)?;
    let mut seen = Seen::of(&shared.outbox().cursor()?);
    seen.meet(&status);
    let mut caught_up: Option<Mono> = None;
    loop {
        let Reply::Events { events, next } = caller.ask(&Question::Events { from: seen.next })?
        else {
            return Err(Stop::Answer);
        };
        *heard = (clock::mono(), clock::wall());
        if shared.has_word(heard.0) {
            // A guard of before does not know the word.
            let _known = caller.ask(&Question::Courier(Brought::Word))?;
        }
        let mut facts: Vec<(Wall, Fact)> = Vec::new();
        let known = if events
            .iter()
            .any(|event| matches!(event, UpEvent::Incident { .. }))
        {
            incidents(&mut caller)?
        } else {
            Vec::new()
        };
        facts.extend(events.iter().filter_map(|event| seen.event(event, &known)));
        seen.next = next;
        facts.extend(seen.judged(&socket.with_file_name("verdicts")));
        // Only once all events were heard: what they tell is told with their own moments.
        if events.is_empty() && caught_up.is_none_or(|at| clock::mono().since(at) >= LOOK) {
            status = self::status(&mut caller)?;
            if caught_up.is_none() {
                let known = incidents(&mut caller)?;
                facts.extend(seen.catch_up(&status, &known, clock::wall()));
            }
            caught_up = Some(clock::mono());
            facts.extend(seen.counts(&status, clock::wall()));
        }
        shared.see(view(&status));
        if !facts.is_empty() || !events.is_empty() {
            shared.outbox().put(&facts, &seen.cursor())?;
            shared.news.notify_one();
        }
    }
}

fn view(status: &Status) -> View {
    View {
        guard: match status.protection {
            Protection::Protected => Guard::Well,
            Protection::ProtectedBut { .. } | Protection::NotProtected { .. } => Guard::Trouble,
        },
        numbers: Some(numbers(status)),
    }
}

fn status(caller: &mut Caller) -> Result<Status, Stop> {
    let Reply::Status(status) = caller.ask(&Question::Status)? else {
        return Err(Stop::Answer);
    };
    Ok(*status)
}

fn incidents(caller: &mut Caller) -> Result<Vec<Incident>, Stop> {
    let Reply::Incidents { incidents, .. } = caller.ask(&Question::Incidents)? else {
        return Err(Stop::Answer);
    };
    Ok(incidents)
}

/// A guard that does not answer for so long is told as silent; a restart is shorter.
const SILENCE: Duration = Duration::from_secs(15);
/// A word of the hub is told to the guard within this time, or not at all.
const FRESH: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(500);
/// How often counts are looked at.
const LOOK: Duration = Duration::from_secs(10);
