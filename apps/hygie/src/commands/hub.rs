//! `hygie hub`: the console alone, for several devices; and the hidden verbs of its processes.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, IsTerminal, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown, fchown},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use hygie_agent::{StateDir, door::HUB_USER};
use hygie_hub::{Options, Serving, authority};
use hygie_platform::linux::{
    users,
    wake::{Signal, Signals},
};
use hygie_text::{Args, Id, TimeZone};
use rustix::process::{Signal as Kill, set_parent_process_death_signal};
use serde_json::json;

use super::{
    Context,
    console::{self, Console, Line},
};
use crate::{
    cli::{Hub, HubVerb, Post, ServeHub, Signer},
    screen::{Exit, Form, said},
};

/// The console, until it is ended; or what is done for it from outside.
pub(crate) fn run(context: &Context<'_>, asked: &Hub) -> Result<Exit> {
    if let Some(HubVerb::Recover { login }) = &asked.verb {
        return recover(context, login);
    }
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

/// A way back for one name. The hub may read what is left for it, and not write it: only root opens this door.
fn recover(context: &Context<'_>, login: &str) -> Result<Exit> {
    let state = context.state();
    let hub = users::find(HUB_USER)?;
    let is_root = rustix::process::geteuid().is_root();
    // Without root the console runs as whoever started it, for a trial.
    if !is_root && hub.is_some() {
        return Err(said(Id::ErrorNeedsRoot, Args::new()));
    }
    let made = hygie_hub::recovery(login)?;
    let file = recovery(&state.socket());
    let group = hub.filter(|_| is_root).map(|ids| ids.gid);
    recovery_folder(&state, group).with_context(|| format!("writing {}", file.display()))?;
    leave(&file, &made.note, group).with_context(|| format!("writing {}", file.display()))?;
    let args = Args::new().text("login", login).moment("until", made.until);
    let screen = context.screen;
    if screen.form() == Form::Words && io::stdout().is_terminal() {
        screen.say(Id::HubRecover, &args.text("code", made.code.expose()));
    } else {
        let code = state.path().join("recovery-code");
        console::keep(&code, made.code.expose())?;
        screen.say(Id::HubRecoverFile, &args.path("file", &code));
    }
    screen.json(
        "hub.recover",
        json!({ "login": login, "until": made.until }),
    );
    Ok(Exit::Good)
}

/// Whole, and from the first moment on for nobody but root and the hub.
fn leave(file: &Path, note: &[u8], group: Option<u32>) -> io::Result<()> {
    let new = file.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let mut made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    made.write_all(note)?;
    if group.is_some() {
        fchown(&made, None, group)?;
        made.set_permissions(Permissions::from_mode(0o640))?;
    }
    made.sync_all()?;
    fs::rename(&new, file)
}

/// Where root leaves a way back: beside the guard's door, in a folder that holds nothing else, for the hub is shut off from all
/// others.
fn recovery(guard: &Path) -> PathBuf {
    guard.with_file_name("recovery").join("recovery.json")
}

/// Makes that folder: whoever is of the hub's group reads in it, and root alone writes.
pub(super) fn recovery_folder(state: &StateDir, group: Option<u32>) -> io::Result<()> {
    let file = recovery(&state.socket());
    let folder = file.parent().unwrap_or(state.path());
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) | Ok(()) => {}
    }
    if group.is_some() {
        chown(folder, None, group)?;
        fs::set_permissions(folder, Permissions::from_mode(0o750))?;
    }
    Ok(())
}

/// The hub's process.
pub(crate) fn serve(asked: ServeHub) -> Result<Exit> {
    end_with_parent()?;
    let options = Options {
        dir: asked.dir,
        recovery: recovery(&asked.guard),
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
