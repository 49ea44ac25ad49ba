//! The courier, a process with a user of its own: started where this device was enrolled, watched, started again when it ends.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process::Stdio,
};

use anyhow::{Context as _, Result};
use hygie_agent::{StateDir, door::COURIER_USER};
use hygie_courier::{EnrolError, Joined, Options};
use hygie_platform::{clock, linux::users::Ids};
use hygie_text::{Args, Id};
use serde::{Deserialize, Serialize};

use super::{
    Context,
    console::{Part, command, last_words, own_folder, user},
    hub::end_with_parent,
};
use crate::{cli, screen::Exit};

/// What came of an enrolment, over the pipe to whoever asked for it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The device is one of the hub's.
    Joined {
        /// How people call it.
        name: String,
        /// Where the hub is.
        hub: String,
    },
    /// It is not.
    Refused {
        /// Why.
        reason: String,
    },
}

/// The process, as its starter sees it.
pub(crate) struct Courier {
    state: StateDir,
    user: Option<Ids>,
    part: Part,
    told: bool,
}

impl Courier {
    /// Starts it, if this device was enrolled; without it the guard still guards, and the person sees why.
    pub(crate) fn start(context: &Context<'_>, state: &StateDir) -> Option<Self> {
        if !hygie_courier::is_enrolled(&folder(state)) {
            return None;
        }
        let begun = own_user(context, state).and_then(|user| {
            let mut courier = Self {
                state: state.clone(),
                user,
                part: Part::new(clock::mono()),
                told: false,
            };
            courier.begin()?;
            Ok(courier)
        });
        begun
            .inspect_err(|error| tell_end(context, &format!("{error:#}")))
            .ok()
    }

    /// Starts it again when it has ended.
    pub(crate) fn follow(&mut self, context: &Context<'_>) {
        let now = clock::mono();
        if self.part.look(now) && !self.told {
            self.told = true;
            tell_end(context, &last_words(&self.state));
        }
        if self.part.is_due(now) {
            let _ = self.begin();
        }
    }

    /// Ends it.
    pub(crate) fn stop(mut self) {
        self.part.end();
    }

    fn begin(&mut self) -> Result<()> {
        let mut command = command(&self.state, "courier", self.user)?;
        command
            .arg("--dir")
            .arg(folder(&self.state))
            .arg("--guard")
            .arg(self.state.socket())
            .env("SQLITE_TMPDIR", folder(&self.state))
            .stdout(Stdio::null());
        self.part
            .started(command.spawn().context("starting the courier")?);
        Ok(())
    }
}

/// The process itself.
pub(crate) fn run(asked: cli::Courier) -> Result<Exit> {
    end_with_parent()?;
    if asked.enrol {
        return join(&asked.dir);
    }
    let options = Options {
        dir: asked.dir,
        guard: asked.guard,
        renew_at: asked.renew_at,
    };
    hygie_courier::run(&options).context("the courier")?;
    Ok(Exit::Good)
}

/// Has a process with the courier's rights join the hub of a code: root reads nothing that comes from a network.
pub(super) fn enrol(context: &Context<'_>, state: &StateDir, code: &str) -> Result<Line> {
    let user = own_user(context, state)?;
    let mut child = command(state, "courier", user)?
        .arg("--enrol")
        .arg("--dir")
        .arg(folder(state))
        .arg("--guard")
        .arg(state.socket())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting the courier")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(code.as_bytes())?;
    }
    let done = child.wait_with_output()?;
    serde_json::from_slice(&done.stdout).with_context(|| last_words(state))
}

fn join(dir: &std::path::Path) -> Result<Exit> {
    let mut code = String::new();
    io::stdin().lock().take(LONGEST).read_to_string(&mut code)?;
    let joined: Result<Joined, EnrolError> =
        hygie_courier::enrol(dir, &code, env!("CARGO_PKG_VERSION"));
    let (line, exit) = match joined {
        Ok(Joined { name, hub }) => (Line::Joined { name, hub }, Exit::Good),
        Err(error) => {
            let reason = error.to_string();
            (Line::Refused { reason }, Exit::Failed)
        }
    };
    writeln!(io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(exit)
}

/// The user, where there can be one, and its folder.
fn own_user(context: &Context<'_>, state: &StateDir) -> Result<Option<Ids>> {
    let user = if rustix::process::geteuid().is_root() {
        Some(user(context, COURIER_USER)?)
    } else {
        None
    };
    own_folder(&folder(state), user, 0o700)?;
    Ok(user)
}

fn tell_end(context: &Context<'_>, reason: &str) {
    context.screen.wipe();
    context
        .screen
        .say(Id::AgentCourierEnded, &Args::new().text("reason", reason));
}

fn folder(state: &StateDir) -> PathBuf {
    state.courier()
}

const LONGEST: u64 = 4096;
