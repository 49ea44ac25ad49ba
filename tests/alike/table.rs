//! One row a program: how many files it changed, whether it was stopped, and what the guard thought of it.

use std::fmt;
use std::path::Path;

use anyhow::Result;
use hygie_testkit::{Difference, Snapshot};
use serde_json::Value;

use crate::desk::Desk;
use crate::tools;

/// Honest work.
pub(crate) struct Alike {
    pub(crate) name: &'static str,
    /// The programs that it needs, by the names under which they are started.
    pub(crate) needs: &'static [&'static str],
    pub(crate) play: fn(&mut Desk) -> Result<()>,
    /// It is stopped as things stand, because an attack looks the same (docs/alike.md).
    pub(crate) is_taken_for_an_attack: bool,
}

/// How it went.
pub(crate) struct Row {
    name: &'static str,
    changed: usize,
    made: usize,
    highest: Option<Value>,
    stopped: Option<Value>,
    is_known: bool,
    error: Option<String>,
}

impl Alike {
    pub(crate) const fn new(
        name: &'static str,
        needs: &'static [&'static str],
        play: fn(&mut Desk) -> Result<()>,
    ) -> Self {
        Self {
            name,
            needs,
            play,
            is_taken_for_an_attack: false,
        }
    }

    pub(crate) const fn taken_for_an_attack(mut self) -> Self {
        self.is_taken_for_an_attack = true;
        self
    }

    /// The first of its programs that is not installed.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        let mut needs = self.needs.iter().copied();
        needs.find(|need| !tools::has(need))
    }

    /// Plays it, and looks at what came of it.
    pub(crate) fn row(&self, desk: &mut Desk) -> Result<Row> {
        let (before, told) = (desk.snapshot()?, desk.told()?.len());
        let outcome = (self.play)(desk);
        desk.settle()?;
        let after = desk.snapshot()?;
        let lines = desk.told()?.split_off(told);
        let (changed, made) = count(&before, &after);
        let is = |kind: &str| {
            let of_kind = lines.iter().filter(|line| line["kind"] == kind);
            of_kind.max_by_key(|line| share(line)).cloned()
        };
        Ok(Row {
            name: self.name,
            changed,
            made,
            highest: is("harm.suspected"),
            stopped: is("incident.stopped"),
            is_known: self.is_taken_for_an_attack,
            error: outcome.err().map(|error| format!("{error:#}")),
        })
    }
}

impl Row {
    /// Nobody was stopped who is not known to be, and the program did what it is for.
    pub(crate) fn is_well(&self) -> bool {
        match self.stopped {
            Some(_) => self.is_known,
            None => self.error.is_none(),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fate = match (&self.stopped, &self.error) {
            (Some(_), _) => "STOPPED",
            (None, Some(_)) => "FAILED",
            (None, None) => "no",
        };
        let (name, changed, made) = (self.name, self.changed, self.made);
        write!(out, "| {name} | {changed} | {made} | {fate} |")?;
        match self.stopped.as_ref().or(self.highest.as_ref()) {
            Some(told) if self.stopped.is_some() => write!(out, " 100 {} |", why(told))?,
            Some(told) => write!(out, " {} {} |", share(told), why(told))?,
            None => write!(out, " - |")?,
        }
        match &self.error {
            Some(error) => write!(out, " {error}"),
            None => Ok(()),
        }
    }
}

/// Files that are gone or other than they were, and new ones.
fn count(before: &Snapshot, after: &Snapshot) -> (usize, usize) {
    let is_file = |tree: &Snapshot, path: &Path| {
        let entry = tree.entries().get(path);
        entry.is_some_and(|entry| entry.content.is_some())
    };
    let (mut changed, mut made) = (0, 0);
    for difference in before.diff(after) {
        match difference {
            Difference::Gone(path) | Difference::Changed(path, _) => {
                changed += usize::from(is_file(before, &path));
            }
            Difference::New(path) => made += usize::from(is_file(after, &path)),
        }
    }
    (changed, made)
}

/// Hundredths of the bound at which this group would be stopped.
fn share(told: &Value) -> u64 {
    let number = |name: &str| told["fields"][name].as_u64().or(told[name].as_u64());
    // A stop tells no bound: it is past it.
    let bound = number("bound").unwrap_or(1000);
    number("score").unwrap_or(0) * 100 / bound
}

/// The weightiest reasons, and in whose acts they were found.
fn why(told: &Value) -> String {
    let field = |name: &str| {
        let inner = &told["fields"][name];
        if inner.is_null() { &told[name] } else { inner }.clone()
    };
    let reasons = field("reasons");
    let words: Vec<String> = reasons
        .as_array()
        .into_iter()
        .flatten()
        .take(4)
        .map(|one| {
            // A stop tells each as one text.
            let signal = one["signal"].as_str();
            let told = signal.map(|signal| format!("{signal} {}", one["points"]));
            told.unwrap_or_else(|| one.as_str().unwrap_or_default().to_owned())
        })
        .collect();
    let group = field("group");
    let whose = group.as_str().unwrap_or("stopped");
    format!("({whose}: {})", words.join(", "))
}
