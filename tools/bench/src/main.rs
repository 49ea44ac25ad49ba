//! Measures what Hygie costs: `cargo xtask bench guard [--json] [--quick | --full | --huge]`, `cargo xtask bench hub [--quick] [--live]`,
//! `cargo xtask bench phish [--quick] [--corpora DIR]`.
//!
//! **Never**: guards a file system that it did not make, or judges a number: it prints medians with
//! quartiles and what they were measured on; a person judges.
#![expect(clippy::print_stdout, reason = "this is the program that people read")]

mod guard;
mod hub;
mod machine;
mod phish;
mod program;
mod stats;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures what Hygie costs.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Opens, writes, links, first copies and memory, on ext4 images beside bare ones; as root
    Guard(Guard),
    /// Pages, signals, memory and start of the console, with a year of one practice's signals; as root
    Hub(Hub),
    /// How many messages are judged in a second, beside SpamAssassin and rspamd where they are installed; what hostile ones cost
    Phish(Phish),
}

#[derive(Debug, clap::Args)]
struct Phish {
    /// Few messages and rounds: whether it works, not how fast it is
    #[arg(long)]
    quick: bool,
    /// The corpora's messages instead of those that were written for Hygie
    #[arg(long, value_name = "DIR")]
    corpora: Option<PathBuf>,
    /// Messages in a round
    #[arg(long, value_name = "COUNT")]
    messages: Option<usize>,
    /// How often each goes over them
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Measures this program instead of a release build of the source
    #[arg(long, value_name = "PATH")]
    hygie: Option<PathBuf>,
}

impl Phish {
    fn plan(&self) -> phish::Plan {
        let (messages, rounds, large) = if self.quick {
            (30, 1, 2)
        } else {
            (1000, 5, 100)
        };
        phish::Plan {
            messages: self.messages.unwrap_or(messages),
            rounds: self.rounds.unwrap_or(rounds).max(1),
            large,
            corpora: self.corpora.clone(),
        }
    }
}

#[derive(Debug, clap::Args)]
struct Hub {
    /// Few signals and seconds: whether it works, not how fast it is
    #[arg(long)]
    quick: bool,
    /// Only how soon an attack shows on a page that is open
    #[arg(long)]
    live: bool,
    /// Measures this program instead of a release build of the source
    #[arg(long, value_name = "PATH")]
    hygie: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Guard {
    /// One object of JSON (hygie.bench/1) instead of tables
    #[arg(long)]
    json: bool,
    /// Few files and rounds: whether it works, not how fast it is
    #[arg(long, conflicts_with_all = ["full", "huge"])]
    quick: bool,
    /// Starts with 50,000 files too
    #[arg(long)]
    full: bool,
    /// Starts with 50,000 and with 200,000 files too (12 GB under /tmp)
    #[arg(long)]
    huge: bool,
    /// Starts with so many files instead; may be repeated
    #[arg(long, value_name = "COUNT")]
    files: Vec<usize>,
    /// How often each cost is measured, bare and guarded in turn
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Measures this program instead of a release build of the source
    #[arg(long, value_name = "PATH")]
    hygie: Option<PathBuf>,
}

impl Guard {
    fn plan(&self) -> guard::Plan {
        let mut plan = if self.quick {
            guard::Plan::quick()
        } else {
            guard::Plan::usual()
        };
        if self.full || self.huge {
            plan.starts.push(50_000);
        }
        if self.huge {
            plan.starts.push(200_000);
        }
        if !self.files.is_empty() {
            plan.starts.clone_from(&self.files);
        }
        if let Some(rounds) = self.rounds {
            plan.rounds = rounds.max(1);
        }
        plan
    }
}

fn main() -> ExitCode {
    let text = match Cli::parse().what {
        What::Guard(asked) => run(&asked),
        What::Hub(asked) => run_hub(&asked),
        What::Phish(asked) => program::find(asked.hygie.as_deref())
            .and_then(|hygie| phish::measure(&hygie, &asked.plan())),
    };
    match text {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: &Guard) -> anyhow::Result<String> {
    if let Some(why) = hygie_testkit::not_root() {
        anyhow::bail!("{why}");
    }
    let report = guard::measure(&program::find(asked.hygie.as_deref())?, &asked.plan())?;
    Ok(if asked.json {
        serde_json::to_string(&report)?
    } else {
        table::of(&report)
    })
}

fn run_hub(asked: &Hub) -> anyhow::Result<String> {
    if let Some(why) = hygie_testkit::not_root() {
        anyhow::bail!("{why}");
    }
    let plan = if asked.quick {
        hub::Plan {
            signals: 20_000,
            seconds: 1,
            attacks: 2,
        }
    } else {
        hub::Plan {
            signals: 1_000_000,
            seconds: 10,
            attacks: 20,
        }
    };
    let hygie = program::find(asked.hygie.as_deref())?;
    if asked.live {
        return hub::shows(&hygie, plan.attacks);
    }
    hub::measure(&hygie, plan)
}
