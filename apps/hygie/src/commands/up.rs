//! `hygie up`: links, first copies, then the watch with a calm live status.

mod copies;
#[cfg(target_os = "linux")]
mod shown;
#[cfg(target_os = "linux")]
mod watch;

use std::path::PathBuf;

use anyhow::Result;
use hygie_agent::{StateDir, config::Config, orders::Named};
use hygie_text::{Args, Id};

use super::{Context, absolute};
use crate::{
    cli::{Listen, Up},
    screen::{Exit, said},
};

/// What is to be protected, and how.
pub(crate) struct Job {
    pub(crate) state: StateDir,
    pub(crate) folders: Vec<PathBuf>,
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no guard yet"))]
    pub(crate) named: Named,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "no guard to configure yet")
    )]
    pub(crate) config: Config,
    pub(crate) once: Once,
    /// Where the console is served; `None`: nowhere.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no console yet"))]
    pub(crate) console: Option<Listen>,
}

/// Whether to end after the first copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Once {
    Yes,
    No,
}

pub(crate) fn run(context: &Context<'_>, asked: Up) -> Result<Exit> {
    let state = StateDir::open(&context.state).map_err(|error| {
        let args = Args::new()
            .path("path", &context.state)
            .text("reason", &error.to_string());
        said(Id::ErrorStateFolder, args)
    })?;
    let config = config(context, &state)?;
    let folders = folders(context, &asked, &config)?;
    if let Some(folder) = folders
        .iter()
        .find(|folder| state.path().starts_with(folder))
    {
        let args = Args::new()
            .path("state", state.path())
            .path("folder", folder);
        return Err(said(Id::UpStateInside, args));
    }
    let once = if asked.once { Once::Yes } else { Once::No };
    let job = Job {
        state,
        folders,
        named: if asked.folders.is_empty() {
            Named::Configuration
        } else {
            Named::Start
        },
        config,
        once,
        console: (!asked.no_console && once == Once::No).then_some(asked.listen),
    };
    #[cfg(target_os = "linux")]
    {
        use hygie_platform::linux::process;
        if process::has_capability(process::CAP_SYS_ADMIN) {
            return watch::run(context, &job);
        }
    }
    copies::run(context, &job)
}

fn config(context: &Context<'_>, state: &StateDir) -> Result<Config> {
    let file = state.config();
    let told = |error: &hygie_agent::config::ConfigError| {
        let (id, args) = error.sentence();
        said(id, args)
    };
    if !file.exists() {
        Config::write_default(&file).map_err(|error| told(&error))?;
        context
            .screen
            .say(Id::ConfigWritten, &Args::new().path("file", &file));
    }
    Config::load(&file).map_err(|error| told(&error))
}

/// The folders named on the command line, else those of the configuration.
fn folders(context: &Context<'_>, asked: &Up, config: &Config) -> Result<Vec<PathBuf>> {
    let named: Vec<PathBuf> = if asked.folders.is_empty() {
        config
            .folders
            .iter()
            .map(|folder| folder.as_path().to_path_buf())
            .collect()
    } else {
        asked.folders.clone()
    };
    if named.is_empty() {
        let config = context.state().config();
        return Err(said(Id::UpNoFolder, Args::new().path("config", &config)));
    }
    let mut folders = Vec::new();
    for folder in named {
        let path = absolute(&folder)?;
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => folders.push(path),
            Ok(_) => return Err(said(Id::ErrorNotAFolder, Args::new().path("path", &path))),
            Err(_) => return Err(said(Id::ErrorNotFound, Args::new().path("path", &path))),
        }
    }
    // One folder within another is protected by the outer one already.
    folders.sort();
    folders.dedup_by(|inner, outer| inner.starts_with(outer.as_path()));
    Ok(folders)
}
