//! One verb, one file.

mod doctor;
mod journal;
mod restore;
mod status;
mod up;
mod vault;
mod versions;

#[cfg(target_os = "linux")]
mod agent;
#[cfg(target_os = "linux")]
mod allow;
#[cfg(target_os = "linux")]
mod asked;
#[cfg(target_os = "linux")]
mod check;
#[cfg(target_os = "linux")]
mod console;
#[cfg(target_os = "linux")]
mod courier;
#[cfg(target_os = "linux")]
pub(crate) mod drill;
#[cfg(target_os = "linux")]
mod hub;
#[cfg(target_os = "linux")]
mod incidents;
#[cfg(target_os = "linux")]
mod keys;
#[cfg(target_os = "linux")]
mod parts;
#[cfg(target_os = "linux")]
mod sandbox;
#[cfg(target_os = "linux")]
mod undo;

use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_agent::StateDir;

use crate::{
    cli::{Cli, Command},
    screen::{Exit, Screen},
};

/// What every verb gets.
pub(crate) struct Context<'a> {
    pub(crate) screen: &'a Screen,
    pub(crate) state: PathBuf,
    pub(crate) yes: bool,
}

impl Context<'_> {
    pub(crate) fn state(&self) -> StateDir {
        StateDir::at(&self.state)
    }
}

pub(crate) fn run(cli: Cli, screen: &Screen) -> Result<Exit> {
    let state = cli.state.unwrap_or_else(|| PathBuf::from(DEFAULT_STATE));
    let context = Context {
        screen,
        state,
        yes: cli.yes,
    };
    match cli.command {
        Command::Up(up) => up::run(&context, up),
        Command::Status => status::run(&context),
        Command::Doctor(doctor) => doctor::run(&context, doctor),
        Command::Versions { file } => versions::run(&context, &file),
        Command::Restore(restore) => restore::run(&context, &restore),
        Command::Vault(verb) => vault::run(&context, verb),
        Command::Journal(verb) => journal::run(&context, &verb),
        #[cfg(target_os = "linux")]
        Command::Incidents { incident } => incidents::run(&context, incident),
        #[cfg(target_os = "linux")]
        Command::Undo(asked) => undo::run(&context, &asked),
        #[cfg(target_os = "linux")]
        Command::Allow(asked) => allow::run(&context, &asked),
        #[cfg(target_os = "linux")]
        Command::Check(asked) => check::run(&context, &asked),
        #[cfg(target_os = "linux")]
        Command::Keys { verb } => keys::run(&context, verb.as_ref()),
        #[cfg(target_os = "linux")]
        Command::Drill(asked) => drill::run(&context, &asked),
        #[cfg(target_os = "linux")]
        Command::Hub(asked) => hub::run(&context, &asked),
        #[cfg(target_os = "linux")]
        Command::Agent(asked) => agent::run(&context, asked),
        #[cfg(target_os = "linux")]
        Command::Courier(asked) => courier::run(asked),
        #[cfg(target_os = "linux")]
        Command::ServeHub(asked) => hub::serve(asked),
        #[cfg(target_os = "linux")]
        Command::Signer(asked) => hub::signer(asked),
        #[cfg(target_os = "linux")]
        Command::Post(asked) => hub::post(asked),
        #[cfg(target_os = "linux")]
        Command::Sandbox(asked) => sandbox::run(asked),
        #[cfg(target_os = "linux")]
        Command::SandboxWork => sandbox::work(),
        #[cfg(target_os = "linux")]
        Command::SandboxNurse => sandbox::nurse(),
        #[cfg(target_os = "linux")]
        Command::Notice { handed } => parts::notice(&handed),
        #[cfg(target_os = "linux")]
        Command::Guard(handed) => parts::guard(&handed),
        #[cfg(target_os = "linux")]
        Command::Witness(handed) => parts::witness(&handed),
        #[cfg(not(target_os = "linux"))]
        Command::Guard(_)
        | Command::Witness(_)
        | Command::Hub(_)
        | Command::ServeHub(_)
        | Command::Agent(_)
        | Command::Courier(_)
        | Command::Signer(_)
        | Command::Post(_)
        | Command::Sandbox(_)
        | Command::SandboxWork
        | Command::SandboxNurse
        | Command::Notice { .. }
        | Command::Drill(_)
        | Command::Incidents { .. }
        | Command::Keys { .. }
        | Command::Check(_)
        | Command::Undo(_)
        | Command::Allow(_) => status::run(&context),
    }
}

/// An absolute form of a path that may not exist any more.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Ok(real);
    }
    // The nearest folder that exists gives the real place; the rest is as written.
    let whole = std::path::absolute(path)?;
    let mut rest = Vec::new();
    let mut at = whole.as_path();
    while let (Some(parent), Some(name)) = (at.parent(), at.file_name()) {
        rest.push(name);
        if let Ok(real) = parent.canonicalize() {
            return Ok(rest.iter().rev().fold(real, |path, name| path.join(name)));
        }
        at = parent;
    }
    Ok(whole)
}

#[cfg(not(windows))]
const DEFAULT_STATE: &str = "/var/lib/hygie";
#[cfg(windows)]
const DEFAULT_STATE: &str = r"C:\ProgramData\Hygie";
