//! The console's processes, hub, signer, post and sandbox, each as a user of its own: started, watched, started again when one
//! ends.
//! Whoever starts them holds the rights that they have not.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufRead, BufReader, IsTerminal, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, chown},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use anyhow::{Context as _, Result};
use hygie_agent::{StateDir, door::HUB_USER};
use hygie_model::Mono;
use hygie_platform::{
    clock,
    linux::{
        born,
        users::{self, Found, Ids},
    },
};
use hygie_sandbox::SANDBOX_USER;
use hygie_text::{Args, Id};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Context, hub, sandbox};
use crate::cli::Listen;

/// What the hub says to its starter.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// It serves.
    Console {
        /// Where.
        url: String,
    },
    /// It waits to be set up.
    SetUp {
        /// Where.
        url: String,
        /// The one-time code.
        code: String,
    },
    /// A code was made for a device.
    Invited {
        /// How it will be called.
        name: String,
        /// The code.
        code: String,
    },
}

/// Hub, signer, post and sandbox, as their starter sees them.
pub(crate) struct Console {
    state: StateDir,
    listen: Listen,
    /// A device for which a code is made, once.
    invite: Option<String>,
    users: Users,
    signer: Part,
    post: Part,
    hub: Part,
    sandbox: Part,
    lines: Receiver<Line>,
    told_trouble: bool,
}

/// As whom they run; without root the others are whoever started them, and there is no sandbox: it would have that person's
/// rights, and no guard would ask it.
#[derive(Clone, Copy)]
struct Users {
    hub: Option<Ids>,
    signer: Option<Ids>,
    post: Option<Ids>,
    sandbox: Option<Ids>,
}

/// A process, as its starter sees it.
pub(super) struct Part {
    child: Option<Child>,
    /// When to start it again.
    again: Mono,
    /// How often it has ended since it last lived long.
    ends: u32,
    began: Mono,
}

impl Console {
    /// Makes the users and folders that are missing, says so, and starts all three.
    ///
    /// # Errors
    /// A user or a folder cannot be made, or a process cannot be started.
    pub(crate) fn start(
        context: &Context<'_>,
        state: &StateDir,
        (listen, invite): (&Listen, Option<&str>),
    ) -> Result<Self> {
        let users = if rustix::process::geteuid().is_root() {
            Users {
                hub: Some(user(context, HUB_USER)?),
                signer: Some(user(context, SIGNER)?),
                post: Some(user(context, POST)?),
                sandbox: Some(user(context, SANDBOX_USER)?),
            }
        } else {
            Users {
                hub: None,
                signer: None,
                post: None,
                sandbox: None,
            }
        };
        own_folder(&hub::folder(state), users.hub, 0o700)?;
        hub::recovery_folder(state, users.hub.map(|ids| ids.gid))?;
        // The sockets in these are for the hub too.
        own_folder(&hub::signers(state), users.signer, 0o711)?;
        own_folder(&hub::posts(state), users.post, 0o711)?;
        if let Some(folder) = state.sandbox().parent() {
            own_folder(folder, users.sandbox, 0o700)?;
        }
        let now = clock::mono();
        let (_, lines) = channel();
        let mut console = Self {
            state: state.clone(),
            listen: listen.clone(),
            invite: invite.map(str::to_owned),
            users,
            signer: Part::new(now),
            post: Part::new(now),
            hub: Part::new(now),
            sandbox: Part::new(now),
            lines,
            told_trouble: false,
        };
        console.start_signer()?;
        console.start_post()?;
        console.start_sandbox()?;
        console.start_hub()?;
        Ok(console)
    }

    /// Says what the hub had to say, and starts again what has ended.
    pub(crate) fn follow(&mut self, context: &Context<'_>) {
        while let Ok(line) = self.lines.try_recv() {
            self.told_trouble = false;
            self.tell(context, &line);
        }
        let now = clock::mono();
        let ended = self.signer.look(now)
            | self.post.look(now)
            | self.hub.look(now)
            | self.sandbox.look(now);
        if ended && !self.told_trouble {
            self.told_trouble = true;
            let reason = last_words(&self.state);
            context.screen.wipe();
            context
                .screen
                .say(Id::ConsoleEnded, &Args::new().text("reason", &reason));
        }
        if self.signer.is_due(now) {
            let _ = self.start_signer();
        }
        if self.post.is_due(now) {
            let _ = self.start_post();
        }
        if self.users.sandbox.is_some() && self.sandbox.is_due(now) {
            let _ = self.start_sandbox();
        }
        if self.hub.is_due(now) {
            let _ = self.start_hub();
        }
    }

    /// Ends them.
    pub(crate) fn stop(mut self) {
        self.hub.end();
        self.post.end();
        self.signer.end();
        self.sandbox.end();
        // It is worth nothing any more.
        let _ = fs::remove_file(code_file(&self.state));
    }

    fn start_signer(&mut self) -> Result<()> {
        let dir = hub::signers(&self.state);
        let mut command = command(&self.state, "signer", self.users.signer)?;
        for_hub(
            &mut command,
            &dir.join("keys"),
            &dir.join("signer.sock"),
            self.users.hub,
        );
        self.signer
            .started(command.spawn().context("starting the signer")?);
        Ok(())
    }

    fn start_post(&mut self) -> Result<()> {
        let dir = hub::posts(&self.state);
        let mut command = command(&self.state, "post", self.users.post)?;
        for_hub(
            &mut command,
            &dir.join("roads"),
            &dir.join("post.sock"),
            self.users.hub,
        );
        self.post
            .started(command.spawn().context("starting the post")?);
        Ok(())
    }

    fn start_sandbox(&mut self) -> Result<()> {
        if let Some(user) = self.users.sandbox {
            let mut command = sandbox::starts(&self.state, user)?;
            self.sandbox
                .started(command.spawn().context("starting the sandbox")?);
        }
        Ok(())
    }

    fn start_hub(&mut self) -> Result<()> {
        let mut command = command(&self.state, "serve-hub", self.users.hub)?;
        command
            .arg("--dir")
            .arg(hub::folder(&self.state))
            .arg("--guard")
            .arg(self.state.socket())
            .arg("--signer")
            .arg(hub::signers(&self.state).join("signer.sock"))
            .arg("--post")
            .arg(hub::posts(&self.state).join("post.sock"))
            .arg("--listen")
            .arg(self.listen.listen.to_string())
            .arg("--devices")
            .arg(self.listen.devices.to_string())
            .args(self.invite.take().map(|name| format!("--invite={name}")))
            // What is sorted beyond memory goes there too: the hub writes nowhere else.
            .env("SQLITE_TMPDIR", hub::folder(&self.state))
            .stdout(Stdio::piped());
        let mut child = command.spawn().context("starting the hub")?;
        let (sender, lines) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(io::Result::ok) {
                    if let Ok(line) = serde_json::from_str(&line)
                        && sender.send(line).is_err()
                    {
                        return;
                    }
                }
            });
        }
        self.lines = lines;
        self.hub.started(child);
        Ok(())
    }

    fn tell(&self, context: &Context<'_>, line: &Line) {
        let screen = context.screen;
        screen.wipe();
        match line {
            Line::Console { url } => {
                screen.say(Id::ConsoleAt, &Args::new().text("url", url));
                screen.json("up", json!({ "event": "console", "url": url }));
            }
            Line::SetUp { url, code } => {
                screen.json("up", json!({ "event": "console", "url": url }));
                let args = Args::new().text("url", url);
                if screen.form() == crate::screen::Form::Words && io::stdout().is_terminal() {
                    screen.say(Id::ConsoleSetUp, &args.text("code", code));
                } else {
                    // What a terminal does not show goes into a file, and into no log.
                    let file = code_file(&self.state);
                    match keep(&file, code) {
                        Ok(()) => screen.say(Id::ConsoleSetUpFile, &args.path("file", &file)),
                        Err(error) => screen.say(
                            Id::ConsoleEnded,
                            &Args::new().text("reason", &error.to_string()),
                        ),
                    }
                }
            }
            Line::Invited { name, code } => {
                let args = Args::new().text("name", name);
                if screen.form() == crate::screen::Form::Words && io::stdout().is_terminal() {
                    screen.say(Id::AgentInvited, &args.text("code", code));
                } else {
                    let file = self.state.path().join("enrol-code");
                    match keep(&file, code) {
                        Ok(()) => screen.say(Id::AgentInvitedFile, &args.path("file", &file)),
                        Err(error) => screen.say(
                            Id::ConsoleEnded,
                            &Args::new().text("reason", &error.to_string()),
                        ),
                    }
                }
            }
        }
    }
}

/// What a process is told that serves the hub alone: its folder, its socket, the number of the hub's user.
fn for_hub(command: &mut Command, folder: &Path, socket: &Path, hub: Option<Ids>) {
    let hub = hub.map_or_else(|| rustix::process::geteuid().as_raw(), |ids| ids.uid);
    command
        .arg("--dir")
        .arg(folder)
        .arg("--socket")
        .arg(socket)
        .arg("--hub")
        .arg(hub.to_string())
        .stdout(Stdio::null());
}

/// A verb of this program, as another user; what it has to say goes to the console's log.
pub(super) fn command(state: &StateDir, verb: &str, user: Option<Ids>) -> Result<Command> {
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(log(state))?;
    let mut command = Command::new("/proc/self/exe");
    command
        .arg(verb)
        .current_dir("/")
        .env_clear()
        .envs(std::env::var_os("TZ").map(|zone| ("TZ", zone)))
        .stdin(Stdio::null())
        .stderr(Stdio::from(log));
    born::without_rights(&mut command, user);
    Ok(command)
}

impl Part {
    pub(super) fn new(now: Mono) -> Self {
        Self {
            child: None,
            again: now,
            ends: 0,
            began: now,
        }
    }

    pub(super) fn started(&mut self, child: Child) {
        self.child = Some(child);
        self.began = clock::mono();
    }

    /// Whether it has just ended; the next start waits longer each time that it lived shortly.
    pub(super) fn look(&mut self, now: Mono) -> bool {
        let Some(child) = &mut self.child else {
            return false;
        };
        if !matches!(child.try_wait(), Ok(Some(_))) {
            return false;
        }
        self.child = None;
        self.ends = if now.since(self.began) > LONG_LIFE {
            1
        } else {
            (self.ends + 1).min(6)
        };
        self.again = now.after(FIRST_WAIT * 2u32.pow(self.ends - 1));
        true
    }

    pub(super) fn is_due(&self, now: Mono) -> bool {
        self.child.is_none() && now >= self.again
    }

    pub(super) fn end(&mut self) {
        if let Some(child) = &mut self.child {
            let pid = rustix::process::Pid::from_child(child);
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            let until = clock::mono().after(ENDING);
            while clock::mono() < until {
                if matches!(child.try_wait(), Ok(Some(_))) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(super) fn user(context: &Context<'_>, name: &str) -> Result<Ids> {
    let (ids, found) = users::ensure(name).with_context(|| format!("making the user {name}"))?;
    if found == Found::Made {
        context
            .screen
            .say(Id::ConsoleUserMade, &Args::new().text("name", name));
    }
    Ok(ids)
}

pub(super) fn own_folder(path: &Path, owner: Option<Ids>, mode: u32) -> Result<()> {
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
        Err(_) | Ok(()) => {}
    }
    if let Some(ids) = owner {
        chown(path, Some(ids.uid), Some(ids.gid))?;
    }
    Ok(())
}

pub(super) fn keep(file: &Path, code: &str) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let mut made: File = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    writeln!(made, "{code}")
}

fn code_file(state: &StateDir) -> std::path::PathBuf {
    state.path().join("setup-code")
}

fn log(state: &StateDir) -> std::path::PathBuf {
    state.path().join("console.log")
}

pub(super) fn last_words(state: &StateDir) -> String {
    let text = fs::read_to_string(log(state)).unwrap_or_default();
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("?")
        .trim_end_matches('.')
        .to_owned()
}

/// How often whoever started them looks.
pub(crate) const LOOK: Duration = Duration::from_millis(200);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONG_LIFE: Duration = Duration::from_secs(60);
const ENDING: Duration = Duration::from_secs(3);
const SIGNER: &str = "hygie-signer";
const POST: &str = "hygie-post";
