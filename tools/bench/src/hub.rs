//! What the console costs: a year of one practice's signals taken in, pages served over them, memory, and the time to start.
//! The real processes are measured, as a browser meets them: over TLS, with a cookie.

mod console;
mod ingest;
mod live;
mod load;

use std::{fmt::Write, path::Path};

use anyhow::Result;

use crate::{machine::Machine, program};
use console::Console;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Signals taken in.
    pub(crate) signals: u64,
    /// How long each page is asked for.
    pub(crate) seconds: u64,
    /// Attacks that somebody looks on at.
    pub(crate) attacks: u64,
}

/// Signals a second of SQLite alone and of the hub's store: the middle of rounds in turn, each on an empty database. The last
/// round of the store's is the hub's own, which then serves pages over it.
fn taken_in(store: &Path, folder: &Path, signals: u64) -> Result<(f64, f64)> {
    let (mut bare, mut kept) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        bare.push(ingest::bare(
            &folder.join(format!("bare-{round}.db")),
            signals,
        )?);
        if round + 1 < ROUNDS {
            let empty = folder.join(format!("store-{round}"));
            ingest::copied(store, &empty)?;
            kept.push(ingest::kept(&empty, signals)?);
            std::fs::remove_dir_all(&empty)?;
        } else {
            kept.push(ingest::kept(store, signals)?);
        }
    }
    Ok((middle(bare), middle(kept)))
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

/// Measures, and tells it as a table.
pub(crate) fn measure(hygie: &Path, plan: Plan) -> Result<String> {
    let machine = Machine::look();
    let folder = tempfile::Builder::new().prefix("hygie-bench-").tempdir()?;
    let state = folder.path().join("state");
    let console = Console::start(hygie, &state)?;
    let cookie = console.set_up(folder.path())?;
    console.stop()?;
    let (bare, kept) = taken_in(&state.join("hub/store"), folder.path(), plan.signals)?;
    console::give_back(&state.join("hub"))?;
    let console = Console::start(hygie, &state)?;
    let start = console.serves()?;
    let mut text = String::new();
    writeln!(
        text,
        "{} signals of one practice, {} cores, {}",
        plan.signals, machine.cores, machine.cpu
    )?;
    writeln!(text)?;
    writeln!(text, "| what | figure |\n|---|---|")?;
    writeln!(
        text,
        "| SQLite alone, batches of {}, WAL, FULL | {bare:.0} signals/s |",
        ingest::BATCH
    )?;
    writeln!(
        text,
        "| the hub's store, the same batches | {kept:.0} signals/s ({:.0} %) |",
        100.0 * kept / bare
    )?;
    writeln!(
        text,
        "| start, until it serves | {:.2} s |",
        start.as_secs_f64()
    )?;
    for page in PAGES {
        let served = load::page(&console.url(page), &cookie, plan.seconds)?;
        writeln!(
            text,
            "| {page} | {} pages/s, p50 {}, p99 {} |",
            served.rate, served.p50, served.p99
        )?;
    }
    writeln!(
        text,
        "| memory of the hub after it | {} MB |",
        console.memory_mb()?
    )?;
    console.stop()?;
    text += &shows(hygie, plan.attacks)?;
    Ok(text)
}

/// How soon an attack shows, as rows of the table.
pub(crate) fn shows(hygie: &Path, attacks: u64) -> Result<String> {
    let simulators = program::beside(hygie, "hygie-attacks")?;
    let shown = live::measure(hygie, &simulators, attacks)?;
    let mut text = String::new();
    writeln!(
        text,
        "| an attack shows on an open page, after its first harm ({attacks} attacks) | median {:.0} ms, slowest {:.0} ms |",
        shown.after_harm.median, shown.worst
    )?;
    writeln!(
        text,
        "| the same, after it was stopped | median {:.0} ms |",
        shown.after_stop.median
    )?;
    Ok(text)
}

/// Of each, in turn: one round alone moves by a quarter with whatever else the machine does.
const ROUNDS: usize = 3;
/// With no guard beside it: what is measured is the hub.
const PAGES: [&str; 7] = [
    "/health",
    "/signin",
    "/",
    "/incidents",
    "/devices",
    "/people",
    "/journal",
];
