//! `guard`: what the guard costs while it runs, at its start, and in memory.

mod calls;
mod costs;
mod ground;
mod memory;
mod starts;

use std::path::Path;

use anyhow::Result;
use hygie_platform::clock;
use serde::Serialize;

use crate::machine::Machine;

pub(crate) use costs::Cost;
pub(crate) use ground::Side;
pub(crate) use memory::{Memory, Part};
pub(crate) use starts::Start;

/// How much is measured.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// Warm files on each side, and opens of each thread in a round.
    pub(crate) warm: usize,
    pub(crate) opens: usize,
    /// Files of each size that are written in a round.
    pub(crate) writes: usize,
    /// Files that are made in a round.
    pub(crate) news: usize,
    /// Megabytes of the one file of which a few bytes are changed in a round.
    pub(crate) big: usize,
    /// How many files each measured start has.
    pub(crate) starts: Vec<usize>,
    /// How often a start with up to 5,000 files is measured; larger ones are once.
    pub(crate) start_rounds: usize,
    /// Files of 4 MB whose first copies are timed.
    pub(crate) large: usize,
}

impl Plan {
    pub(crate) fn usual() -> Self {
        Self {
            rounds: 15,
            warm: 5_000,
            opens: 5_000,
            writes: 12,
            news: 200,
            big: 256,
            starts: vec![5_000],
            start_rounds: 3,
            large: 100,
        }
    }

    pub(crate) fn quick() -> Self {
        Self {
            rounds: 2,
            warm: 50,
            opens: 100,
            writes: 2,
            news: 10,
            big: 72,
            starts: vec![200],
            start_rounds: 1,
            large: 2,
        }
    }
}

/// All that was found (schema `hygie.bench/1`).
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) schema: &'static str,
    pub(crate) bench: &'static str,
    pub(crate) at: String,
    pub(crate) machine: Machine,
    pub(crate) program: String,
    pub(crate) rounds: usize,
    pub(crate) costs: Vec<Cost>,
    pub(crate) starts: Vec<Start>,
}

/// Measures it all. Takes minutes.
pub(crate) fn measure(hygie: &Path, plan: &Plan) -> Result<Report> {
    let at = clock::wall().to_rfc3339();
    let mut machine = Machine::look();
    let costs = costs::measure(hygie, plan)?;
    let starts = starts::measure(hygie, plan)?;
    machine.look_again();
    Ok(Report {
        schema: "hygie.bench/1",
        bench: "guard",
        at,
        machine,
        program: hygie.display().to_string(),
        rounds: plan.rounds,
        costs,
        starts,
    })
}
