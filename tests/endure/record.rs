//! What the workers told, and which states must therefore be in the store.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// A time in which the screen said "protected" at its beginning and its end, and nothing was struck.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Span {
    fn holds(self, from: u64, to: u64) -> bool {
        self.from <= from && to < self.to
    }
}

/// A state of a file of one worker.
#[derive(Debug, Default)]
struct State {
    file: u64,
    hash: String,
    made: u64,
    /// The act that ended it, from when to when.
    gone: Option<(u64, u64)>,
}

/// All that one worker told.
#[derive(Debug, Default)]
pub(crate) struct Record {
    states: BTreeMap<u64, State>,
    /// The files that are left, with their last states.
    stays: HashMap<u64, (u64, PathBuf)>,
    pub(crate) refused: u64,
    pub(crate) others: Vec<String>,
    ended: bool,
}

/// A state that must be in the store.
pub(crate) struct Due {
    pub(crate) hash: String,
    /// Where its file is now, if it is.
    pub(crate) path: Option<PathBuf>,
    pub(crate) told: String,
}

impl Record {
    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
        match (words.first(), number(1), number(2)) {
            (Some(&"made"), Some(file), Some(state)) => {
                let (made, hash) = (
                    number(3).unwrap_or(0),
                    words.get(4).copied().unwrap_or_default(),
                );
                let entry = self.states.entry(state).or_default();
                (entry.file, entry.made, entry.hash) = (file, made, hash.to_owned());
            }
            (Some(&"gone"), Some(state), Some(from)) => {
                if let Some(state) = self.states.get_mut(&state) {
                    state.gone = Some((from, number(3).unwrap_or(0)));
                }
            }
            (Some(&"stays"), Some(file), Some(state)) => {
                let path = words.get(3..).unwrap_or_default().join(" ");
                self.stays.insert(file, (state, path.into()));
            }
            (Some(&"refused"), ..) => self.refused += 1,
            (Some(&"end"), ..) => self.ended = true,
            // What libtest says before and after.
            (Some(&("" | "running" | "test")), ..) => {}
            _ => self.others.push(line.to_owned()),
        }
    }

    pub(crate) fn made(&self) -> usize {
        self.states.len()
    }

    /// The last states, and those whose end came while protected.
    pub(crate) fn due(&self, spans: &[Span]) -> Vec<Due> {
        let is_last = |number: &u64, file: u64| {
            self.stays
                .get(&file)
                .is_some_and(|(state, _)| state == number)
        };
        let counts = |number: &u64, state: &State| match state.gone {
            Some((from, to)) => spans.iter().any(|span| span.holds(from, to)),
            None => is_last(number, state.file),
        };
        let due = |(number, state): (&u64, &State)| Due {
            hash: state.hash.clone(),
            path: self.stays.get(&state.file).map(|(_, path)| path.clone()),
            told: format!(
                "state {number} of file {}, made {}, gone {:?}",
                state.file, state.made, state.gone
            ),
        };
        self.states
            .iter()
            .filter(|(number, state)| counts(number, state))
            .map(due)
            .collect()
    }
}

/// A worker that runs and is listened to.
pub(crate) struct Listened {
    child: Child,
    ear: JoinHandle<Record>,
}

/// How many states were made so far, by all.
#[derive(Clone, Default)]
pub(crate) struct Count(Arc<(AtomicU64, Mutex<()>, Condvar)>);

impl Count {
    fn up(&self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
        self.0.2.notify_all();
    }

    pub(crate) fn now(&self) -> u64 {
        self.0.0.load(Ordering::SeqCst)
    }

    /// Waits until so many more are made.
    pub(crate) fn wait_for(&self, more: u64, within: Duration) {
        let until = self.now() + more;
        let lock = self.0.1.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .0
            .2
            .wait_timeout_while(lock, within, |()| self.now() < until);
        let (_lock, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(
            !timeout.timed_out() || self.now() >= until,
            "the workers stand still at {} of {until}",
            self.now()
        );
    }
}

impl Listened {
    pub(crate) fn to(mut child: Child, count: Count) -> Self {
        let out = child.stdout.take().expect("standard output");
        let ear = std::thread::spawn(move || {
            let mut record = Record::default();
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                record.line(&line);
                if line.starts_with("made") {
                    count.up();
                }
            }
            record
        });
        Self { child, ear }
    }

    /// Ends it between two acts and gives what it told.
    pub(crate) fn end(mut self) -> Record {
        drop(self.child.stdin.take());
        let status = self.child.wait().expect("it ends");
        let record = self.ear.join().expect("it was listened to");
        assert!(
            status.success() && record.ended,
            "a worker ended with {status}: {:?}",
            record.others
        );
        record
    }
}
