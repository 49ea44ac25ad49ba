//! The sandbox's processes: the one that is kept, as a user of its own, and a worker for each request.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use hygie_agent::StateDir;
use hygie_platform::linux::users::Ids;
use hygie_sandbox::{KeeperOptions, keep};

use super::{console::command, hub::end_with_parent};
use crate::{cli, screen::Exit};

/// The process that is kept.
pub(crate) fn run(asked: cli::Sandbox) -> Result<Exit> {
    end_with_parent()?;
    let options = KeeperOptions {
        socket: asked.socket,
        asker: asked.asker,
    };
    keep(&options).context("the sandbox")?;
    Ok(Exit::Good)
}

/// One request.
pub(crate) fn work() -> Result<Exit> {
    hygie_sandbox::work().context("the sandbox")?;
    Ok(Exit::Good)
}

/// Many requests, a process for each.
pub(crate) fn nurse() -> Result<Exit> {
    hygie_sandbox::nurse().context("the sandbox")?;
    Ok(Exit::Good)
}

/// How it is started, for the guard alone: root.
pub(super) fn starts(state: &StateDir, user: Ids) -> Result<Command> {
    let mut command = command(state, "sandbox", Some(user))?;
    command
        .arg("--socket")
        .arg(state.sandbox())
        .args(["--asker", "0"])
        .stdout(Stdio::null());
    Ok(command)
}
