//! The one binary of Hygie: parses the command line, runs one verb, gives the exit code.
#![expect(clippy::print_stdout, reason = "this is the program that people read")]

mod cli;
mod commands;
mod screen;
mod when;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let screen = screen::Screen::new(&cli);
    match commands::run(cli, &screen) {
        Ok(exit) => exit.into(),
        Err(error) => {
            screen.fail(&error);
            screen::Exit::Failed.into()
        }
    }
}
