//! The project's own commands: `cargo xtask NAME`. Never part of what a practice installs.

#![expect(
    clippy::print_stdout,
    reason = "a developer reads what these commands print"
)]

mod bench;
mod check_windows;
mod clean;
mod deny;
mod fuzz;
mod guest;
mod home;
mod judge;
mod packages;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Command {
    /// Check the laws of the source: layers, `//!`, sizes, the code map, purity of engines
    Tidy,
    /// Install what the tests need, then run every test
    Test(test::Options),
    /// Unmount, detach and end what a killed test run left behind
    Clean(clean::Options),
    /// Type-check what a device runs for Windows
    CheckWindows(check_windows::Options),
    /// Check licences, sources and bans of dependencies
    Deny(deny::Options),
    /// Run the fuzz targets for a short while
    Fuzz(fuzz::Options),
    /// Run a command in a throw-away Debian machine with another kernel
    Guest(guest::Options),
    /// Measure: `bench guard …`, `bench hub …` and `bench phish …` are handed to tools/bench
    Bench(bench::Options),
    /// Learn the weights of an engine from labelled messages
    Train(judge::Options),
    /// Measure an engine over labelled messages
    Eval(judge::Options),
}

fn main() -> ExitCode {
    match carry_out(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Tidy => tidy::tidy(),
        Command::Test(options) => test::test(&options),
        Command::Clean(options) => clean::clean(&options),
        Command::CheckWindows(options) => check_windows::check_windows(&options),
        Command::Deny(options) => deny::deny(&options),
        Command::Fuzz(options) => fuzz::fuzz(&options),
        Command::Guest(options) => guest::guest(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Train(options) => judge::train(&options),
        Command::Eval(options) => judge::eval(&options),
    }
}
