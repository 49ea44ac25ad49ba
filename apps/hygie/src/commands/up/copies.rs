//! Without rights or without a system that holds: the copies, again and again, told as that.

use std::time::Duration;

use anyhow::Result;
use hygie_agent::portable::Looker;
use hygie_model::{Cause, Protection, UpEvent};
use hygie_platform::clock;
use hygie_text::{Args, Id};
use hygie_vault::{Vault, VaultError};

use super::{Job, Once};
use crate::{
    commands::Context,
    screen::{Exit, said},
};

/// How long between two looks.
const PAUSE: Duration = Duration::from_secs(60);

pub(crate) fn run(context: &Context<'_>, job: &Job) -> Result<Exit> {
    let screen = context.screen;
    let cause = if cfg!(target_os = "linux") {
        Cause::NoRights
    } else {
        Cause::Unsupported
    };
    if cause == Cause::NoRights {
        let missing = screen.catalog().say(Id::UpMissingRoot, &Args::new());
        screen.say(Id::UpNoRights, &Args::new().nested("missing", missing));
    }
    let at = clock::wall();
    let protection = Protection::NotProtected { since: at, cause };
    screen.json(
        "up",
        serde_json::to_value(UpEvent::State { at, protection })?,
    );
    screen.say(
        Id::UpCopiesOnly,
        &Args::new().count("minutes", PAUSE.as_secs() / 60),
    );
    let store = job.state.vault();
    let vault = Vault::open(&store).map_err(|error| unusable(&store, &error))?;
    let mut looker = Looker::new(vault).map_err(|error| unusable(&store, &error))?;
    loop {
        let look = looker
            .look(&job.folders)
            .map_err(|error| unusable(&store, &error))?;
        for path in &look.unreadable {
            screen.say(Id::ButUnreadable, &Args::new().path("path", path));
        }
        let counts = look.counts;
        let args = Args::new()
            .count("files", counts.files)
            .count("copied", counts.copied);
        screen.say(Id::UpLooked, &args.bytes("bytes", counts.copied_bytes));
        let at = clock::wall();
        screen.json("up", serde_json::to_value(UpEvent::Copied { at, counts })?);
        if job.once == Once::Yes {
            return Ok(Exit::Partial);
        }
        std::thread::sleep(PAUSE);
    }
}

fn unusable(store: &std::path::Path, error: &VaultError) -> anyhow::Error {
    if error.is_no_space() {
        return said(Id::ErrorDiskFull, Args::new().path("path", store));
    }
    said(
        Id::ErrorVault,
        Args::new()
            .path("path", store)
            .text("reason", &error.to_string()),
    )
}
