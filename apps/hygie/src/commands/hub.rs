//! `hygie hub`: the console alone, for several devices; and the hidden verbs of its processes.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Context as _, Result};
use hygie_agent::StateDir;
use hygie_hub::{Options, Serving, authority};
use hygie_platform::linux::wake::{Signal, Signals};
use hygie_text::{Args, Id, TimeZone};
use rustix::process::{Signal as Kill, set_parent_process_death_signal};

use super::{
    Context,
    console::{Console, Line},
};
use crate::{
    cli::{Hub, Post, ServeHub, Signer},
    screen::{Exit, said},
};

/// The console, until it is ended.
pub(crate) fn run(context: &Context<'_>, asked: &Hub) -> Result<Exit> {
    let state = StateDir::open(&context.state).map_err(|error| {
        let args = Args::new()
            .path("path", &context.state)
            .text("reason", &error.to_string());
        said(Id::ErrorStateFolder, args)
    })?;
    let signals = Signals::take_over()?;
    let mut console = Console::start(context, &state, (&asked.listen, asked.invite.as_deref()))?;
    while !signals.drain().contains(&Signal::End) {
        console.follow(context);
        std::thread::sleep(super::console::LOOK);
    }
    console.stop();
    Ok(Exit::Good)
}

/// The hub's process.
pub(crate) fn serve(asked: ServeHub) -> Result<Exit> {
    end_with_parent()?;
    let options = Options {
        dir: asked.dir,
        guard: asked.guard,
        signer: asked.signer,
        post: asked.post,
        listen: asked.listen,
        devices: asked.devices,
        invite: asked.invite,
        zone: TimeZone::system(),
    };
    hygie_hub::run(&options, tell).context("the hub")?;
    Ok(Exit::Good)
}

/// To whoever started it, over a pipe that nobody else reads.
fn tell(serving: Serving) {
    let line = match serving {
        Serving::Console { url } => Line::Console { url },
        Serving::SetUp { url, code } => Line::SetUp {
            url,
            code: code.expose().to_owned(),
        },
        Serving::Invited { name, code } => Line::Invited {
            name,
            code: code.expose().to_owned(),
        },
    };
    if let Ok(text) = serde_json::to_string(&line) {
        let _ = writeln!(io::stdout(), "{text}");
    }
}

/// The signer's process.
pub(crate) fn signer(asked: Signer) -> Result<Exit> {
    end_with_parent()?;
    let options = authority::SignerOptions {
        folder: asked.dir,
        socket: asked.socket,
        hub: asked.hub,
    };
    authority::run(&options).context("the signer")?;
    Ok(Exit::Good)
}

/// The post's process.
pub(crate) fn post(asked: Post) -> Result<Exit> {
    end_with_parent()?;
    let options = hygie_postroom::Options {
        folder: asked.dir,
        socket: asked.socket,
        hub: asked.hub,
    };
    hygie_postroom::run(&options).context("the post")?;
    Ok(Exit::Good)
}

/// Whoever starts these looks after them: without it they end.
pub(super) fn end_with_parent() -> Result<()> {
    set_parent_process_death_signal(Some(Kill::TERM))?;
    Ok(())
}

/// The hub's own folder.
pub(crate) fn folder(state: &StateDir) -> PathBuf {
    state.path().join("hub")
}

/// The signer's.
pub(crate) fn signers(state: &StateDir) -> PathBuf {
    state.path().join("signer")
}

/// The post's.
pub(crate) fn posts(state: &StateDir) -> PathBuf {
    state.path().join("post")
}
