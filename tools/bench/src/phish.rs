//! `phish`: how many messages the judge reads in a second, beside SpamAssassin and rspamd on the same ones, and what hostile
//! ones cost. Work is what counts (user and kernel time of all processes), for others use the machine as well; the time that
//! passed stands beside it. All of it on one processor.

mod hostile;
mod mails;
mod speed;

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::machine::Machine;

/// How much is measured.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Messages in a round.
    pub(crate) messages: usize,
    pub(crate) rounds: usize,
    /// Megabytes of the large hostile messages.
    pub(crate) large: usize,
    /// Where the corpora lie; without them the messages are those that were written for Hygie.
    pub(crate) corpora: Option<PathBuf>,
}

/// Measures, and tells it as tables.
pub(crate) fn measure(hygie: &Path, plan: &Plan) -> Result<String> {
    let mut machine = Machine::look();
    let processor = one_processor()?;
    let folder = tempfile::Builder::new().prefix("hygie-bench-").tempdir()?;
    // Before messages lie in this process's memory: a child is charged what its starter has.
    let hostile = hostile::measure(hygie, folder.path(), plan)?;
    let (mails, of) = mails::some(plan)?;
    let speed = speed::measure(hygie, folder.path(), &mails, plan)?;
    machine.look_again();
    let mut text = String::new();
    writeln!(
        text,
        "{}, {} cores (this ran on number {processor}), {}; load {:.1} before, {:.1} after; {}",
        machine.cpu,
        machine.cores,
        machine.kernel,
        machine.load[0],
        machine.load[1],
        hygie.display()
    )?;
    writeln!(
        text,
        "\n{} messages without attachments, {of}; {:.1} KB on average; {} rounds, one after the other in each",
        mails.len(),
        mails.iter().map(Vec::len).sum::<usize>() as f64 / 1000.0 / mails.len().max(1) as f64,
        plan.rounds
    )?;
    text += &speed::table(&speed);
    writeln!(
        text,
        "\nHostile messages, each by `hygie check FILE`, its start included; medians of {} rounds",
        plan.rounds
    )?;
    text += &hostile::table(&hostile);
    Ok(text)
}

/// This process and all that it starts run on one processor from here on.
fn one_processor() -> Result<usize> {
    let may = sched_getaffinity(None).context("asking for processors")?;
    let last = (0..CpuSet::MAX_CPU).rev().find(|at| may.is_set(*at));
    let last = last.context("no processor")?;
    let mut one = CpuSet::new();
    one.set(last);
    sched_setaffinity(None, &one).context("keeping to one processor")?;
    Ok(last)
}

/// Rows with lines between them, as Markdown.
fn markdown<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        let _infallible = writeln!(text, "| {} |", row.join(" | "));
        if at == 0 {
            let _infallible = writeln!(text, "|{}", "---|".repeat(COLUMNS));
        }
    }
    text
}
