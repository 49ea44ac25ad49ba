//! Makes real files in a temporary folder, really changes them, and writes down what the engine would be told.
//! The facts come from the crates that the product uses, so that what is fitted is what is measured.

mod attacks;
mod attacks_by_tools;
mod cipher;
mod files;
mod honest;
mod honest_edits;
mod honest_tools;
mod stage;
mod tree;

use std::path::Path;

use anyhow::{Context, Result};

use self::stage::Stage;
use crate::trace::{Label, Trace};

/// One scenario that can be recorded.
pub struct Scenario {
    /// Whether its program should be stopped.
    pub label: Label,
    /// Its name, and its file's.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    play: fn(&mut Stage) -> Result<()>,
}

/// All scenarios.
#[must_use]
pub fn scenarios() -> Vec<&'static Scenario> {
    [
        attacks::SCENARIOS,
        attacks_by_tools::SCENARIOS,
        honest::SCENARIOS,
        honest_edits::SCENARIOS,
        honest_tools::SCENARIOS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Scenario {
    /// Plays it on a fresh tree.
    ///
    /// # Errors
    /// The folder cannot be written, or a tool is missing.
    pub fn record(&self) -> Result<Trace> {
        let mut stage = Stage::new()?;
        (self.play)(&mut stage)?;
        Ok(Trace {
            label: self.label,
            name: self.name.to_owned(),
            what: self.what.to_owned(),
            events: stage.into_events(),
        })
    }
}

/// Records the scenarios whose name contains `part` into `folder`.
///
/// # Errors
/// One of them cannot be played or written.
pub fn record(folder: &Path, part: &str) -> Result<Vec<String>> {
    std::fs::create_dir_all(folder)?;
    let mut told = Vec::new();
    for scenario in scenarios()
        .into_iter()
        .filter(|one| one.name.contains(part))
    {
        let trace = scenario
            .record()
            .with_context(|| scenario.name.to_owned())?;
        let text = trace.to_text();
        told.push(format!(
            "{}: {} events, {} bytes",
            trace.name,
            trace.events.len(),
            text.len()
        ));
        std::fs::write(folder.join(format!("{}.trace", scenario.name)), text)?;
    }
    Ok(told)
}

const fn harmful(
    name: &'static str,
    what: &'static str,
    play: fn(&mut Stage) -> Result<()>,
) -> Scenario {
    Scenario {
        label: Label::Harmful,
        name,
        what,
        play,
    }
}

const fn honest(
    name: &'static str,
    what: &'static str,
    play: fn(&mut Stage) -> Result<()>,
) -> Scenario {
    Scenario {
        label: Label::Honest,
        name,
        what,
        play,
    }
}
