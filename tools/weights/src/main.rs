//! `hygie-weights`: record traces, find weights, check them, measure.

use std::path::Path;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use hygie_guard::harm::Weights;
use hygie_weights::{bench, fit, record, replay, report, trace};

/// Finds the weights of the guard's signals from recorded traces.
#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Play the scenarios whose name contains PART and write their traces.
    Record {
        /// Part of a name; all without it.
        #[arg(default_value = "")]
        part: String,
    },
    /// Find the weights, write them and the report.
    Fit,
    /// Play the traces whose name contains PART with the present weights.
    Play {
        /// Part of a name; all without it.
        #[arg(default_value = "")]
        part: String,
    },
    /// Measure.
    Bench,
}

#[expect(clippy::print_stdout, reason = "it is a command")]
fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("engines/guard/harm-traces");
    match Line::parse().verb {
        Verb::Record { part } => {
            for told in record::record(&folder, &part)? {
                println!("{told}");
            }
        }
        Verb::Fit => {
            let (source, report) = fitted(&folder)?;
            std::fs::write(root.join(hygie_weights::SOURCE), source)?;
            std::fs::write(root.join(hygie_weights::REPORT), report)?;
        }
        Verb::Play { part } => {
            for trace in trace::load(&folder)?
                .iter()
                .filter(|trace| trace.name.contains(&part))
            {
                let outcome = replay::play(trace, Weights::default());
                let reasons: Vec<String> = outcome
                    .reasons
                    .iter()
                    .map(|one| format!("{:?}:{}x{}", one.signal, one.points, one.hundredths))
                    .collect();
                println!(
                    "{:?} {} stopped after {:?} of {}, {} by {:?}: {}",
                    trace.label,
                    trace.name,
                    outcome.stopped_after,
                    outcome.touched,
                    outcome.highest,
                    outcome.group,
                    reasons.join(" ")
                );
            }
        }
        Verb::Bench => {
            for told in bench::run(&trace::load(&folder)?) {
                println!("{told}");
            }
        }
    }
    Ok(())
}

fn fitted(folder: &Path) -> Result<(String, String)> {
    let traces = trace::load(folder)?;
    if traces.is_empty() {
        bail!(
            "there are no traces in {}: record them first",
            folder.display()
        );
    }
    let samples = fit::Samples::of(&traces);
    let weights = samples.fit(None);
    let lines = report::lines(&traces, &samples, weights);
    Ok((fit::source(weights), report::markdown(&lines, weights)))
}
